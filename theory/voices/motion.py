"""From one voicing to the next: what four voices moving break, and what they cost.

Every rule of part-writing that looks at two chords looks at one voice (`singles`) or at two
of them (`pairs`), so the optimiser can tabulate it over pairs of pitches and not over pairs
of voicings. As in `voicing` one definition serves for numbers and for numpy arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from theory.chord import Chord
from theory.rules import RULES
from theory.voices.pairs import PAIR, PAIRS, similar
from theory.voices.singles import SINGLE, Move, augmented, diminished
from theory.voices.voicing import BASS, POINT, SOPRANO, Value, Voicing, hard_rules, soft_rules

MOTION_RULES = (*SINGLE, *PAIR)


# --- soft criteria --------------------------------------------------------------------------------

# Points a semitone: the bass walks and leaps as the harmony tells it, the upper voices keep still.
MOTION_PRICE = (80, 100, 100, 20)
# An augmented or diminished interval in the soprano, which the melody is to stand in for.
UNSINGABLE = 100 * POINT


def single_costs(voice: int, move: Move) -> Mapping[str, Value]:
    """What one voice's move costs, by criterion, in hundredths of a point."""
    size = abs(move.semitones)
    if voice == BASS:
        letters = abs(move.steps)
        wide = (size > 7) * (size - 7) * 40
        hard = (letters == 6) * 6 * POINT + (size == 6) * POINT + (size > 12) * 4 * POINT
        return {"motion": size * MOTION_PRICE[BASS], "bass leap": wide + hard}
    costs = {"motion": size * MOTION_PRICE[voice], "leap": (size > 4) * (size - 4) * 60}
    if voice == SOPRANO:
        costs["unsingable"] = (augmented(move) | diminished(move)) * UNSINGABLE
    return costs


def pair_costs(upper: int, lower: int, high: Move, low: Move) -> Mapping[str, Value]:
    """What two voices' moves cost together, by criterion, in hundredths of a point."""
    if lower != BASS:
        return {}
    return {"similar motion": similar(high, low) * (90 if upper == SOPRANO else 40)}


# --- scalar use -----------------------------------------------------------------------------------


def moves(before: Voicing, after: Voicing) -> tuple[Move, ...]:
    return tuple(
        Move(a.midi, a.height, b.midi, b.height) for a, b in zip(before, after, strict=True)
    )


@lru_cache(maxsize=65536)
def broken(
    before: Voicing,
    chord: Chord,
    after: Voicing,
    next_chord: Chord,
    language: str = "strict",
    off: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """The hard rules that going from one voicing to the next breaks, in the table's order.

    The voicings themselves are judged by `theory.voices.voicing.admissible_voicing`.
    """
    going = moves(before, after)
    hard = hard_rules(MOTION_RULES, language, off)
    return tuple(name for name in hard if breaks(name, going, chord, next_chord))


def admissible(
    before: Voicing,
    chord: Chord,
    after: Voicing,
    next_chord: Chord,
    language: str = "strict",
    off: frozenset[str] = frozenset(),
) -> bool:
    """May this voicing follow that one?"""
    return not broken(before, chord, after, next_chord, language, off)


def motion_costs(
    before: Voicing,
    chord: Chord,
    after: Voicing,
    next_chord: Chord,
    language: str,
    off: frozenset[str],
) -> dict[str, int]:
    """What going from one voicing to the next costs by criterion, in hundredths of a point."""
    going = moves(before, after)
    costs: dict[str, int] = {}
    for voice in range(4):
        for name, cost in single_costs(voice, going[voice]).items():
            costs[name] = costs.get(name, 0) + int(cost)
    for upper, lower in PAIRS:
        for name, cost in pair_costs(upper, lower, going[upper], going[lower]).items():
            costs[name] = costs.get(name, 0) + int(cost)
    for name in soft_rules(MOTION_RULES, language, off):
        costs[name] = breaks(name, going, chord, next_chord) * round(POINT * RULES[name].weight)
    return costs


def breaks(name: str, going: tuple[Move, ...], before: Chord, after: Chord) -> int:
    """How often a step breaks a rule."""
    if name in SINGLE:
        return sum(int(SINGLE[name](v, going[v], before, after)) for v in range(4))
    return sum(int(PAIR[name](u, w, going[u], going[w])) for u, w in PAIRS)
