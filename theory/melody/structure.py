"""The frame seen from the melody: structural notes, and perfect intervals against the bass.

Each span hears a structural note: what sounds at its start if that is a chord tone, otherwise the
first chord tone sung in it. With the frame's alto, tenor and bass it must make an admissible
voicing, and each must follow the last by the rules of part-writing; so the lower voices can be led
again under the melody, the frame's own being the proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from theory.chord import Chord
from theory.melody.ground import Ground
from theory.pitch import Pitch
from theory.voicing import Voicing, admissible_voicing, broken

Bools = NDArray[np.bool_]
REFUSED = -1


def candidates(ground: Ground, pitches: Sequence[Pitch]) -> tuple[tuple[int, ...], ...]:
    """For each span, the numbers of the pitches that can be its structural note."""
    return tuple(
        tuple(
            number
            for number, pitch in enumerate(pitches)
            if pitch.note in span.chord.tones
            and admissible_voicing(
                replace(span.voicing, soprano=pitch), span.chord, ground.language, ground.off
            )
        )
        for span in ground.spans
    )


class Structure:
    """Codes for "which structural note so far", and how a sung note changes them.

    With S structural pitches a code is s (the span has its note s), S + s (it still lacks one, the
    last span's was s), 2S (it lacks one, and nothing but the entry lies before) or 2S + 1 (before
    the first span). Maps have shape (pitches + 1, codes), the last row being a rest.
    """

    def __init__(self, ground: Ground, pitches: Sequence[Pitch]) -> None:
        self.ground = ground
        self.pitches = tuple(pitches)
        self.bound = "structural-note" not in ground.off
        self.options = candidates(ground, pitches)
        self.notes = tuple(sorted({number for span in self.options for number in span}))
        self.place = {number: place for place, number in enumerate(self.notes)}
        self.size = len(self.notes)
        self.codes = 2 * self.size + 2
        self.lacking_first, self.opening = 2 * self.size, 2 * self.size + 1
        if self.codes > 64:
            raise ValueError("the compass is too wide: at most 31 structural notes can be told apart")
        self._maps = [self._span_maps(index) for index in range(len(ground.spans))]

    def enter(self, index: int) -> NDArray[np.int8]:
        """The map of a note, or rest, that sounds when span `index` begins."""
        return self._maps[index][0]

    def touch(self, index: int) -> NDArray[np.int8]:
        """The map of a note, or rest, that begins inside span `index`."""
        return self._maps[index][1]

    def code(self, tick: int, structural: Pitch | None, settled: bool) -> int:
        """The code of a state whose last event ended at `tick`."""
        index = self.ground.span_at(tick - 1)
        if index < 0 or structural is None or not self.bound:
            return self.lacking_first if index >= 0 and self.bound else self.opening
        if settled:
            return self.place[self.pitches.index(structural)]
        if index == 0:
            return self.lacking_first
        return self.size + self.place[self.pitches.index(structural)]

    def read(self, code: int) -> tuple[Pitch | None, bool]:
        """A code's structural note, and whether it is the present span's own."""
        if code >= self.lacking_first:
            before = self.ground.before
            return (before.structural if before else None), code == self.opening
        return self.pitches[self.notes[code % self.size]], code < self.size

    def closing(self) -> Bools:
        """Which codes may end the phrase: its last span has a note, and the way on is open."""
        if not self.bound:
            return np.ones(self.codes, np.bool_)
        good = np.zeros(self.codes, np.bool_)
        after = self.ground.after
        last = self.ground.spans[-1]
        for number in self.options[-1]:
            voicing = replace(last.voicing, soprano=self.pitches[number])
            good[self.place[number]] = after is None or not self._broken(
                voicing, last.chord, after[1], after[0]
            )
        return good

    def _broken(self, one: Voicing, chord: Chord, other: Voicing, next_: Chord) -> bool:
        return bool(broken(one, chord, other, next_, self.ground.language, self.ground.off))

    def _links(self, index: int) -> dict[int, tuple[int, ...]]:
        """Code of the last span's settled note → the notes that may follow as span `index`'s."""
        span = self.ground.spans[index]
        voicings = {
            number: replace(span.voicing, soprano=self.pitches[number])
            for number in self.options[index]
        }
        if index:
            last = self.ground.spans[index - 1]
            return {
                self.place[before]: tuple(
                    number
                    for number, voicing in voicings.items()
                    if not self._broken(
                        replace(last.voicing, soprano=self.pitches[before]),
                        last.chord,
                        voicing,
                        span.chord,
                    )
                )
                for before in self.options[index - 1]
            }
        entry = self.ground.before
        if entry is None:
            return {self.opening: tuple(voicings)}
        voicing = replace(entry.voicing, soprano=entry.structural)
        return {
            self.opening: tuple(
                number
                for number, other in voicings.items()
                if not self._broken(voicing, entry.chord, other, span.chord)
            )
        }

    def _span_maps(self, index: int) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        count = len(self.pitches)
        stay = np.tile(np.arange(self.codes, dtype=np.int8), (count + 1, 1))
        if not self.bound:
            return stay, stay
        tones = self.ground.spans[index].chord.tones
        tone = np.array([*(pitch.note in tones for pitch in self.pitches), False])
        enter = np.full((count + 1, self.codes), REFUSED, np.int8)
        touch = stay.copy()
        for settled, followers in self._links(index).items():
            lacking = self.lacking_first if settled == self.opening else self.size + settled
            enter[~tone, settled] = lacking
            touch[tone, lacking] = REFUSED
            for number in followers:
                enter[number, settled] = touch[number, lacking] = self.place[number]
        return enter, touch


def perfects(ground: Ground, pitches: Sequence[Pitch], index: int) -> Bools:
    """Which moves into the start of span `index` make forbidden perfects with the bass.

    Shape (pitches, pitches + 1): to, from; the last column, nothing before, is always free.
    Parallel (or contrary) fifths and octaves where both voices move, and direct ones: both move
    the same way and the melody leaps.
    """
    bad = np.zeros((len(pitches), len(pitches) + 1), np.bool_)
    old = ground.spans[index - 1].voicing if index else ground.before and ground.before.voicing
    if not old or old.bass.midi == ground.spans[index].voicing.bass.midi:
        return bad
    bass, next_bass = old.bass, ground.spans[index].voicing.bass
    was = np.array([_perfect(bass, pitch) for pitch in pitches])
    now = np.array([_perfect(next_bass, pitch) for pitch in pitches])
    midi = np.array([pitch.midi for pitch in pitches])
    height = np.array([pitch.height for pitch in pitches])
    rise = midi[:, None] - midi[None, :]
    leap = np.abs(height[:, None] - height[None, :]) > 1
    parallel = (now[:, None] == was[None, :]) & (now[:, None] > 0) & (rise != 0)
    similar = np.sign(rise) == np.sign(next_bass.midi - bass.midi)
    bad[:, :-1] = parallel | (similar & leap & (now[:, None] > 0))
    return bad


def _perfect(bass: Pitch, pitch: Pitch) -> int:
    """0: no perfect interval; 1: a fifth; 2: an octave or unison; compounds count."""
    found = bass.to(pitch)
    if not found.perfect:
        return 0
    return 1 if abs(found.steps) % 7 == 4 else 2
