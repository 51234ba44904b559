"""What the model is told: key, metre, chords, phrases, contour, density, motifs, at any tick.

A guide is read off a human tune for training and off a plan for composing; either way the model
sees the same columns. Whatever is not known stays away, and so does what training leaves out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from neural import vocabulary as words
from neural.slots import ROLES, GuideSlot
from theory.chord import Chord
from theory.metre import Metre
from theory.scale import Key

UNKNOWN = words.UNKNOWN
# The columns of whole numbers that the model sees for every event, and how many values each has.
COLUMNS = {
    "place": words.LONGEST_BAR,  # ticks into the bar
    "strength": 5,  # of that place, 0 to 4
    "metre": len(words.METRE_NAMES),
    "mode": len(words.MODE_NAMES),
    "tonic": 12,  # the reference tonic's semitones above G3: where a voice's range lies
    "bar": 16,  # bars since the phrase began
    "left": 34,  # beats until it ends
    "root": 13,  # of the sounding chord, semitones above the tonic; 12: no chord
    "next": 13,  # of the chord after it
    "until": 9,  # half beats until that one
    "role": len(ROLES),  # of the slot (see neural.slots)
    "motif": words.PITCHES + 1,  # what the motif has at this tick, moved to its new height
    "onset": 2,  # does a note of it begin here?
    "length": len(words.DURATIONS),  # and how long it is
    "after": words.PITCHES + 1,  # what follows it there
}
# Real numbers: chroma of the sounding and of the next chord; wished height now and in the next bar
# (octaves above the tonic), notes a beat; and for each of the five whether it is given.
REALS = 12 + 12 + 3 + 2 + 3
WISHED = 24  # where height now, height next and density stand,
GIVEN = 5  # and so much further on whether each is given
NO_CHORD = 12


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """Everything the model may be told about a melody; times are ticks from its first barline.

    chords: (start, end, chord) in order. phrases: (start, end). contour: wished semitones above
    the reference tonic for each bar from `first`, NaN where nothing is wished; density: notes a
    beat, likewise. slots: in order.
    """

    key: Key
    metre: Metre
    chords: tuple[tuple[int, int, Chord], ...] = ()
    phrases: tuple[tuple[int, int], ...] = ()
    contour: tuple[float, ...] = ()
    density: tuple[float, ...] = ()
    first: int = 0
    slots: tuple[GuideSlot, ...] = ()
    tonic: bool = True
    named_mode: bool = True
    named_metre: bool = True

    def without(self, *names: str) -> Guide:
        """The same, not told of some: chords, phrases, contour, density, slots, tonic…"""
        empty: dict[str, object] = {
            name: False if isinstance(getattr(self, name), bool) else () for name in names
        }
        return replace(self, **empty)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What has been sung: starts and ends in ticks, pitch words; rests are left out."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    pitches: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What the model sees for each of a number of ticks: (ticks, COLUMNS), (ticks, REALS)."""

    whole: NDArray[np.int64]
    real: NDArray[np.float32]


def fixed_columns(guide: Guide, ticks: NDArray[np.int64]) -> Columns:
    """The columns for onsets at these ticks, but for the motif, which depends on what was sung."""
    whole = np.full((len(ticks), len(COLUMNS)), UNKNOWN, np.int64)
    real = np.zeros((len(ticks), REALS), np.float32)
    column = {name: number for number, name in enumerate(COLUMNS)}
    metre, bar = guide.metre, guide.metre.bar
    if guide.named_metre:
        place = np.mod(ticks, bar)
        whole[:, column["place"]] = place
        strengths = np.array([metre.strength(tick) for tick in range(bar)])
        whole[:, column["strength"]] = strengths[place]
        whole[:, column["metre"]] = words.metre_word(metre)
    if guide.named_mode:
        whole[:, column["mode"]] = words.mode_word(guide.key)
    if guide.tonic:
        whole[:, column["tonic"]] = words.tonic_of(guide.key).midi - words.LOWEST_TONIC
    if guide.phrases:
        starts = np.array([start for start, _ in guide.phrases])
        ends = np.array([end for _, end in guide.phrases])
        number = np.searchsorted(ends, ticks, side="right")
        inside = number < len(ends)
        number = np.minimum(number, len(ends) - 1)
        bars = np.clip((ticks - starts[number]) // bar, 0, COLUMNS["bar"] - 1)
        left = np.clip((ends[number] - ticks) // metre.beat, 0, COLUMNS["left"] - 1)
        whole[:, column["bar"]] = np.where(inside, bars, UNKNOWN)
        whole[:, column["left"]] = np.where(inside, left, UNKNOWN)
    if guide.chords:
        _tell_chords(guide, ticks, whole, real, column)
    now = np.floor_divide(ticks, bar) - guide.first
    for where, bars, values, unit in (
        (WISHED, now, guide.contour, 12.0),
        (WISHED + 1, now + 1, guide.contour, 12.0),
        (WISHED + 2, now, guide.density, 1.0),
    ):
        if values:
            inside = (bars >= 0) & (bars < len(values))
            wished = np.array(values, np.float32)[np.clip(bars, 0, len(values) - 1)]
            given = inside & ~np.isnan(wished)
            real[:, where] = np.where(given, wished / unit, 0.0)
            real[:, where + GIVEN] = given
    return Columns(whole, real)


def _tell_chords(
    guide: Guide,
    ticks: NDArray[np.int64],
    whole: NDArray[np.int64],
    real: NDArray[np.float32],
    column: dict[str, int],
) -> None:
    """The sounding chord, the next one, and how far off it is."""
    tonic = words.tonic_of(guide.key).midi
    starts = np.array([start for start, _, _ in guide.chords])
    ends = np.array([end for _, end, _ in guide.chords])
    roots = np.array([(chord.root.chroma - tonic) % 12 for *_, chord in guide.chords])
    chroma = np.zeros((len(starts) + 1, 12), np.float32)
    for row, (*_, chord) in enumerate(guide.chords):
        chroma[row, [(tone.chroma - tonic) % 12 for tone in chord.tones]] = 1.0
    number = np.searchsorted(starts, ticks, side="right") - 1
    sounding = (number >= 0) & (ticks < ends[np.maximum(number, 0)])
    follows = number + 1 < len(starts)
    after = np.minimum(number + 1, len(starts) - 1)
    whole[:, column["root"]] = np.where(sounding, roots[np.maximum(number, 0)], NO_CHORD)
    whole[:, column["next"]] = np.where(follows, roots[after], NO_CHORD)
    half = max(1, guide.metre.beat // 2)
    away = np.clip((starts[after] - ticks) // half, 0, COLUMNS["until"] - 1)
    whole[:, column["until"]] = np.where(follows, away, COLUMNS["until"] - 1)
    real[:, :12] = np.where(sounding[:, None], chroma[np.maximum(number, 0)], 0.0)
    real[:, 12:24] = np.where(follows[:, None], chroma[after], 0.0)
    real[:, 27] = 1.0
    real[:, 28] = 1.0


def tell_motif(
    columns: Columns, slots: Sequence[GuideSlot], ticks: NDArray[np.int64], sung: History
) -> None:
    """Fill in, in place, what each tick's slot refers to, from what has been sung before it."""
    if not slots:
        return
    names = list(COLUMNS)
    role, motif, onset, length, after = (
        names.index(name) for name in ("role", "motif", "onset", "length", "after")
    )
    starts = np.array([slot.start for slot in slots])
    number = np.searchsorted(starts, ticks, side="right") - 1
    for row, (tick, index) in enumerate(zip(ticks.tolist(), number.tolist(), strict=True)):
        if index < 0 or tick >= slots[index].end:
            continue
        slot = slots[index]
        columns.whole[row, role] = slot.role
        if slot.source is None:
            continue
        place = slot.source + (tick - slot.start) % slot.length
        at = int(np.searchsorted(sung.starts, place, side="right")) - 1
        columns.whole[row, motif] = columns.whole[row, after] = words.REST
        columns.whole[row, onset] = 0
        if at >= 0 and sung.ends[at] > place:
            columns.whole[row, motif] = words.shifted(sung.pitches[at], slot.shift)
            columns.whole[row, onset] = sung.starts[at] == place
            columns.whole[row, length] = words.duration_word(sung.ends[at] - sung.starts[at])
        if at + 1 < len(sung.starts) and sung.starts[at + 1] < slot.source + slot.length:
            columns.whole[row, after] = words.shifted(sung.pitches[at + 1], slot.shift)
