"""From one voicing to the next: the rules and costs of one voice moving, and of two together.

Every rule of part-writing that looks at two chords looks at one voice or at two of them, so the
optimiser can tabulate it over pairs of pitches and not over pairs of voicings. As in
`theory.voicing` one definition serves for numbers and for numpy arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from theory.chord import Chord
from theory.pitch import Note, interval
from theory.rules import RULES
from theory.voicing import (
    ALTO,
    BASS,
    POINT,
    SOPRANO,
    TENOR,
    Value,
    Voicing,
    hard_rules,
    sings,
    soft_rules,
)

PAIRS = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
SEMITONE = interval("m2")
# Semitones above each letter's natural note: perfect or major intervals by letters less one.
PURE = (0, 2, 4, 5, 7, 9, 11)
MINOR = str(RULES["unraised-leading-tone"].parameters["modes"]).split(", ")
WIDEST = RULES["wide-leap"].number("widest")


class Move(NamedTuple):
    """One voice going from a pitch to a pitch: MIDI numbers and diatonic heights."""

    midi: Value
    height: Value
    to_midi: Value
    to_height: Value

    @property
    def semitones(self) -> Value:
        return self.to_midi - self.midi

    @property
    def steps(self) -> Value:
        return self.to_height - self.height


# --- rules of one voice: (voice, move, from chord, to chord) → broken? ----------------------------


def leading_tone(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """A leading tone rises where its goal comes.

    It may stay where the next chord has it too, fall from an inner voice to the fifth of the chord
    on its goal, and slip down a semitone to the next chord's seventh (V7/V–V7).
    """
    tone = before.leading
    if tone is None or after.leading == tone:
        return False
    goal = tone.up(SEMITONE)
    if goal not in after.tones:
        return False
    fine = (move.steps == 1) & (move.semitones == 1)
    if tone in after.tones:
        fine = fine | (move.semitones == 0)
    if voice in (ALTO, TENOR) and after.root == goal:
        falls = (move.steps == -2) & (move.semitones < 0)
        fine = fine | (falls & sings(move.to_midi, move.to_height, after.fifth))
    if after.seventh is not None:
        slips = (move.steps == 0) & (move.semitones == -1)
        fine = fine | (slips & sings(move.to_midi, move.to_height, after.seventh))
    return sings(move.midi, move.height, tone) & (fine ^ True)


def seventh(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """A seventh falls by step, or stays, where the next chord allows either.

    It passes to another voice where the next chord has the same seventh, and the major seventh of a
    major seventh chord may rise a semitone as a leading tone does.
    """
    tone = before.seventh
    if tone is None or after.seventh == tone:
        return False
    fine = falls_or_stays(tone, move, after)
    if fine is None:
        return False
    if before.quality.intervals[3] == "M7":
        fine = fine | ((move.steps == 1) & (move.semitones == 1))
    return sings(move.midi, move.height, tone) & (fine ^ True)


def suspension(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """The fourth of a suspended chord falls by step or stays, where the next chord has either."""
    if before.quality.intervals[1] != "P4":
        return False
    fine = falls_or_stays(before.third, move, after)
    if fine is None:
        return False
    return sings(move.midi, move.height, before.third) & (fine ^ True)


def augmented_sixth(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """An augmented sixth opens outwards by a semitone each way, where its goal comes."""
    if before.augmented_sixth is None:
        return False
    lower, upper = before.augmented_sixth
    if upper.up(SEMITONE) not in after.tones:
        return False
    opens_down = (move.steps == -1) & (move.semitones == -1)
    opens_up = (move.steps == 1) & (move.semitones == 1)
    return (sings(move.midi, move.height, lower) & (opens_down ^ True)) | (
        sings(move.midi, move.height, upper) & (opens_up ^ True)
    )


def neapolitan(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """The lowered second degree falls, by step or by a diminished third, or stays, where a chord
    with a leading tone or the tonic six-four comes."""
    if voice == BASS or not before.neapolitan:
        return False
    six_four = after.root == before.key.tonic and after.inversion == 2
    if after.leading is None and not six_four:
        return False
    stays = (move.steps == 0) & (move.semitones == 0)
    by_step = (move.steps == -1) & (move.semitones >= -2) & (move.semitones <= -1)
    by_third = (move.steps == -2) & (move.semitones == -2)
    return sings(move.midi, move.height, before.root) & ((stays | by_step | by_third) ^ True)


def falls_or_stays(tone: Note, move: Move, after: Chord) -> Value | None:
    """Does a dissonance fall by step or stay? None where the next chord lets it do neither."""
    below = any(
        (tone.step - other.step) % 7 == 1 and (tone.chroma - other.chroma) % 12 in (1, 2)
        for other in after.tones
    )
    if not below and tone not in after.tones:
        return None
    falls = (move.steps == -1) & (move.semitones >= -2) & (move.semitones <= -1)
    return falls | (move.semitones == 0)


def augmented_step(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """An augmented second, fourth, fifth …; the chromatic semitone is no such step."""
    return augmented(move)


def augmented(move: Move) -> Value:
    letters, size = abs(move.steps), abs(move.semitones)
    found: Value = False
    for number in range(1, 7):
        found = found | ((letters == number) & (size > PURE[number]))
    return found


def diminished(move: Move) -> Value:
    """A diminished second, third, fourth …: narrower than the minor or perfect interval."""
    letters, size = abs(move.steps), abs(move.semitones)
    found: Value = False
    for number in range(1, 8):
        narrow = PURE[number % 7] + 12 * (number // 7) - (number not in (3, 4, 7))
        found = found | ((letters == number) & (size < narrow))
    return found


def wide_leap(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """A seventh, or more than an octave, in an upper voice."""
    if voice == BASS:
        return False
    return (abs(move.steps) == 6) | (abs(move.semitones) > WIDEST)


def diminished_leap(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """A diminished third, fourth, fifth … up to a seventh."""
    letters = abs(move.steps)
    return diminished(move) & (letters > 1) & (letters < 7)


def six_four(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """The bass leaps into a six-four chord that is not the tonic's, or out of any.

    The octave counts as staying: a cadential bass likes to fall by one.
    """
    if voice != BASS or before.root == after.root:
        return False
    enters = is_six_four(after) and after.root != after.key.tonic
    if not enters and not is_six_four(before):
        return False
    stays = (move.steps % 7 == 0) & (move.semitones % 12 == 0)
    return (stays | (abs(move.steps) == 1)) ^ True


def is_six_four(chord: Chord) -> bool:
    """Is it a triad in second inversion, and not over a pedal point, which is its own reason?"""
    return chord.inversion == 2 and len(chord.tones) == 3 and chord.pedal is None


def unraised_leading_tone(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """The natural seventh degree in a dominant of minor that goes to its tonic."""
    key = before.key
    home = after.key == key and after.root == key.tonic and after.target is None
    if not (key.mode.name in MINOR and home and before.root == key.major_degree(4)):
        return False
    return sings(move.midi, move.height, key.major_degree(6, -1))


# --- rules of two voices: (upper, lower, move of each) → broken? ----------------------------------


def fifth_apart(high_midi: Value, high: Value, low_midi: Value, low: Value) -> Value:
    """A fifth from the lower note up: where the voices are crossed, a fourth is none."""
    return (abs(high - low) % 7 == 4) & (abs(high_midi - low_midi) % 12 == 7)


def octave_apart(high_midi: Value, high: Value, low_midi: Value, low: Value) -> Value:
    return ((high - low) % 7 == 0) & ((high_midi - low_midi) % 12 == 0)


def fifths(high: Move, low: Move) -> Value:
    """Are two voices a perfect fifth apart before and after?"""
    return fifth_apart(high.midi, high.height, low.midi, low.height) & fifth_apart(
        high.to_midi, high.to_height, low.to_midi, low.to_height
    )


def octaves(high: Move, low: Move) -> Value:
    """Are two voices an octave or unison apart before and after?"""
    return octave_apart(high.midi, high.height, low.midi, low.height) & octave_apart(
        high.to_midi, high.to_height, low.to_midi, low.to_height
    )


def parallel_fifths(upper: int, lower: int, high: Move, low: Move) -> Value:
    return fifths(high, low) & similar(high, low)


def parallel_octaves(upper: int, lower: int, high: Move, low: Move) -> Value:
    return octaves(high, low) & similar(high, low)


def contrary_fifths(upper: int, lower: int, high: Move, low: Move) -> Value:
    return fifths(high, low) & contrary(high, low)


def contrary_octaves(upper: int, lower: int, high: Move, low: Move) -> Value:
    return octaves(high, low) & contrary(high, low)


def similar(high: Move, low: Move) -> Value:
    """Do two voices move in the same direction?"""
    return ((high.semitones > 0) & (low.semitones > 0)) | (
        (high.semitones < 0) & (low.semitones < 0)
    )


def contrary(high: Move, low: Move) -> Value:
    """Do two voices move in opposite directions?"""
    return ((high.semitones > 0) & (low.semitones < 0)) | (
        (high.semitones < 0) & (low.semitones > 0)
    )


def direct_fifths(upper: int, lower: int, high: Move, low: Move) -> Value:
    if (upper, lower) != (SOPRANO, BASS):
        return False
    return (
        fifth_apart(high.to_midi, high.to_height, low.to_midi, low.to_height)
        & (fifth_apart(high.midi, high.height, low.midi, low.height) ^ True)
        & similar(high, low)
        & (abs(high.steps) > 1)
    )


def direct_octaves(upper: int, lower: int, high: Move, low: Move) -> Value:
    if (upper, lower) != (SOPRANO, BASS):
        return False
    return (
        octave_apart(high.to_midi, high.to_height, low.to_midi, low.to_height)
        & (octave_apart(high.midi, high.height, low.midi, low.height) ^ True)
        & similar(high, low)
        & (abs(high.steps) > 1)
    )


def overlap(upper: int, lower: int, high: Move, low: Move) -> Value:
    if lower - upper != 1:
        return False
    return (low.to_midi > high.midi) | (high.to_midi < low.midi)


def cross_relation(upper: int, lower: int, high: Move, low: Move) -> Value:
    """A letter in one voice and, altered, in the other voice of the next chord."""
    rising = ((low.height - high.to_height) % 7 == 0) & ((low.midi - high.to_midi) % 12 != 0)
    falling = ((high.height - low.to_height) % 7 == 0) & ((high.midi - low.to_midi) % 12 != 0)
    return rising | falling


SINGLE: Mapping[str, Callable[[int, Move, Chord, Chord], Value]] = MappingProxyType(
    {
        "leading-tone": leading_tone,
        "seventh": seventh,
        "suspension": suspension,
        "augmented-sixth": augmented_sixth,
        "neapolitan": neapolitan,
        "six-four": six_four,
        "unraised-leading-tone": unraised_leading_tone,
        "augmented-step": augmented_step,
        "diminished-leap": diminished_leap,
        "wide-leap": wide_leap,
    }
)
PAIR: Mapping[str, Callable[[int, int, Move, Move], Value]] = MappingProxyType(
    {
        "parallel-fifths": parallel_fifths,
        "parallel-octaves": parallel_octaves,
        "contrary-fifths": contrary_fifths,
        "contrary-octaves": contrary_octaves,
        "direct-fifths": direct_fifths,
        "direct-octaves": direct_octaves,
        "overlap": overlap,
        "cross-relation": cross_relation,
    }
)
MOTION_RULES = (*SINGLE, *PAIR)


# --- soft criteria --------------------------------------------------------------------------------

# Points a semitone: the bass walks and leaps as the harmony tells it, the upper voices keep still.
MOTION_PRICE = (80, 100, 100, 20)
# An augmented or diminished interval in the soprano, which the melody is to stand in for.
UNSINGABLE = 20 * POINT


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

    The voicings themselves are judged by `theory.voicing.admissible_voicing`.
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
