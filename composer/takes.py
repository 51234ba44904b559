"""The best of several takes: pieces of one plan with other seeds, weighed as a musician would.

Three measures, each from 0 to 1 and of one weight; they are none of those by which figures are
published, so that choosing does not flatter them.

memorability: of the tune's figures of four notes (three intervals, each with the ratio of its
  times) that have a leap in them and are no mere run, the share that comes again. Tunes are known
  again by figures of their own that recur (Müllensiefen & Halpern 2014, Music Perception 31:418).
clarity: how far the highest note stands above what is high otherwise (the upper tenth of the tune's
  time), a fifth counting as all the way, divided by how often it is sung. A climax is one extreme
  among the tune's heights (Eitan 1997, Highpoints).
freshness: how near to a third the changed notes are when a motif comes again. What is known, and
  not quite the same, is liked best (Berlyne 1971, Aesthetics and Psychobiology).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from composer.values import Note, Piece

FIGURE = 4  # notes
LEAP = 3  # semitones, from which an interval marks a figure
FIFTH = 7
HIGH = 0.9  # share of the tune's time below which its heights are not high
CHANGED = 1 / 3  # of a motif's notes, when it comes again
NAMES = ("memorability", "clarity", "freshness")


@dataclass(frozen=True, slots=True)
class Take:
    """A take's seed, and what was measured on it, in the order of NAMES."""

    seed: int
    figures: tuple[float, float, float]

    @property
    def sum(self) -> float:
        return round(sum(self.figures), 9)


def weigh(piece: Piece) -> Take:
    """What a musician would say of a take."""
    tune = piece.melody
    return Take(piece.seed, (memorability(tune), clarity(tune), freshness(piece)))


def best(pieces: Sequence[Piece]) -> tuple[Piece, tuple[Take, ...]]:
    """The piece of the highest sum, of several the first; and what was measured on each."""
    weighed = tuple(weigh(piece) for piece in pieces)
    number = max(range(len(pieces)), key=lambda n: (weighed[n].sum, -n))
    return pieces[number], weighed


def said(seed: int, weighed: Sequence[Take]) -> str:
    """The sentence: `The best of 4 takes: seed 2 (memorability 0.61, …); next seed 0.`"""
    own = next(one for one in weighed if one.seed == seed)
    rest = [one for one in weighed if one.seed != seed]
    told = ", ".join(f"{n} {v:.2f}" for n, v in zip(NAMES, own.figures, strict=True))
    after = max(rest, key=lambda one: (one.sum, -one.seed))
    return (
        f"The best of {len(weighed)} takes: seed {seed} ({told}; {own.sum:.2f} of 3), "
        f"before seed {after.seed} ({after.sum:.2f})."
    )


def memorability(tune: Sequence[Note]) -> float:
    """The share of marked figures that come again; nought for a tune that has none."""
    figures = []
    for index in range(len(tune) - FIGURE + 1):
        row = tune[index : index + FIGURE]
        moves = [b.key_number - a.key_number for a, b in pairwise(row)]
        times = [b.start - a.start for a, b in pairwise(row)]
        if max(map(abs, moves)) >= LEAP and min(times) > 0:
            figures.append((tuple(moves), tuple(round(t / times[0], 2) for t in times)))
    counts = Counter(figures)
    again = sum(count for count in counts.values() if count > 1)
    return again / len(figures) if figures else 0.0


def clarity(tune: Sequence[Note]) -> float:
    """How the highest note stands out."""
    heights = sorted((note.key_number, note.ticks) for note in tune)
    if not heights:
        return 0.0
    whole = sum(ticks for _, ticks in heights)
    passed, high = 0, heights[-1][0]
    for height, ticks in heights:
        passed += ticks
        if passed >= HIGH * whole:
            high = height
            break
    top = heights[-1][0]
    often = sum(height == top for height, _ in heights)
    return min(1.0, (top - high) / FIFTH) / often


def freshness(piece: Piece) -> float:
    """How near the returns of motifs are to a third of change, in the mean."""
    first: dict[str, frozenset[tuple[int, int]]] = {}
    found = []
    for phrase in piece.plan.phrases:
        for slot in phrase.slots:
            line = [note for note in piece.melody if note.cause.slot == slot.name]
            if len(line) < FIGURE:
                continue
            own = frozenset((n.start - slot.start, n.key_number) for n in line)
            if slot.motif not in first:
                first[slot.motif] = own
                continue
            changed = 1 - len(own & first[slot.motif]) / len(own)
            found.append(1 - abs(changed - CHANGED) / (1 - CHANGED))
    return sum(found) / len(found) if found else 0.0
