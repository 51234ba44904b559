"""What many particles have sung, side by side, and what it tells the model about the motif.

The same columns as `neural.guide.tell_motif` fills in for one melody, for all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from neural import vocabulary as words
from neural.guide import COLUMNS, UNKNOWN
from neural.slots import GuideSlot

Ints = NDArray[np.int64]
# The columns that depend on what was sung, in this order.
TOLD = ("role", "motif", "onset", "length", "after")
PLACES = [list(COLUMNS).index(name) for name in TOLD]
NEVER = np.iinfo(np.int64).max // 2  # the start of a note that was not sung
_LONGEST = 4 * int(words.DURATIONS[-1])
_LENGTHS = words.duration_word(np.arange(_LONGEST + 1))


class Motifs:
    """The slots of a guide as arrays; a guide without any tells nothing."""

    def __init__(self, slots: Sequence[GuideSlot]) -> None:
        self.starts = np.array([slot.start for slot in slots], np.int64)
        self.ends = np.array([slot.end for slot in slots], np.int64)
        self.roles = np.array([slot.role for slot in slots], np.int64)
        self.known = np.array([slot.source is not None for slot in slots], np.bool_)
        self.sources = np.array([slot.source or 0 for slot in slots], np.int64)
        self.lengths = np.array([max(1, slot.length) for slot in slots], np.int64)
        self.shifts = np.array([slot.shift for slot in slots], np.int64)

    def columns(self, ticks: Ints, starts: Ints, ends: Ints, pitches: Ints) -> Ints:
        """What each row's slot refers to, (rows, len(TOLD)).

        ticks: (rows,) onsets. starts, ends, pitches: (rows or 1, notes) of the notes sung, rests
        left out, in order; beyond them, and at least once, `starts` is NEVER.
        """
        told = np.full((len(ticks), len(TOLD)), UNKNOWN, np.int64)
        if not len(self.starts):
            return told
        number = np.searchsorted(self.starts, ticks, side="right") - 1
        slot = np.maximum(number, 0)
        inside = (number >= 0) & (ticks < self.ends[slot])
        known = inside & self.known[slot]
        place = self.sources[slot] + (ticks - self.starts[slot]) % self.lengths[slot]
        following = (starts <= place[:, None]).sum(axis=1)
        shape = (len(ticks), starts.shape[1])
        starts, ends, pitches = (np.broadcast_to(a, shape) for a in (starts, ends, pitches))
        every, at = np.arange(len(ticks)), np.maximum(following - 1, 0)
        start, end = starts[every, at], ends[every, at]
        sounding = known & (following > 0) & (end > place)
        lasted = _LENGTHS[np.clip(end - start, 0, _LONGEST)]
        then = starts[every, following]
        follows = known & (then < self.sources[slot] + self.lengths[slot])
        shift = self.shifts[slot]
        heard = np.where(sounding, words.shifted(pitches[every, at], shift), words.REST)
        after = np.where(follows, words.shifted(pitches[every, following], shift), words.REST)
        told[:, 0] = np.where(inside, self.roles[slot], UNKNOWN)
        told[:, 1] = np.where(known, heard, UNKNOWN)
        told[:, 2] = np.where(known, sounding & (start == place), UNKNOWN)
        told[:, 3] = np.where(sounding, lasted, UNKNOWN)
        told[:, 4] = np.where(known, after, UNKNOWN)
        return told


class Histories:
    """Notes sung by each row: (rows, capacity) starts, ends and pitch words; rests are left out."""

    def __init__(self, notes: Sequence[tuple[int, int, int]], rows: int, room: int) -> None:
        capacity = len(notes) + room + 1
        self.starts = np.full((rows, capacity), NEVER)
        self.ends = np.full((rows, capacity), NEVER)
        self.pitches = np.full((rows, capacity), words.REST)
        for number, (start, end, pitch) in enumerate(notes):
            self.starts[:, number], self.ends[:, number] = start, end
            self.pitches[:, number] = pitch
        self.count = np.full(rows, len(notes))

    def add(self, rows: Ints, starts: Ints, ends: Ints, pitches: Ints) -> None:
        """One event for each of some rows."""
        sounding = pitches != words.REST
        rows, starts, ends, pitches = (a[sounding] for a in (rows, starts, ends, pitches))
        place = self.count[rows]
        self.starts[rows, place], self.ends[rows, place] = starts, ends
        self.pitches[rows, place] = pitches
        self.count[rows] += 1

    def keep(self, rows: Ints) -> None:
        """Choose rows anew."""
        self.starts, self.ends = self.starts[rows], self.ends[rows]
        self.pitches, self.count = self.pitches[rows], self.count[rows]
