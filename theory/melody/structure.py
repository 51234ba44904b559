"""The frame seen from the melody: structural notes, and perfect intervals against the bass.

Each span hears a structural note: what sounds at its start if that is a chord tone, otherwise the
first chord tone sung in it. Over the frame's bass some alto and tenor must make a legal voicing
with it, and be led there from the last; then the lower voices can be led again under the melody.
Which inner voices are still possible is a set of voicings, so the sets are made deterministic, as
a finite automaton's are: a code is one set. The frame's own voicings show that one always exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from theory.chord import Chord
from theory.melody.context import Event, HarmonicContext
from theory.pitch import Pitch
from theory.rules import RULES, STRICT
from theory.voices.motion import MOTION_RULES
from theory.voices.transitions import BANNED, admissible, transitions
from theory.voices.voicing import BASS, SOPRANO, Candidates, Voicing, candidates

Bools = NDArray[np.bool_]
REFUSED = -1


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The voicings of one span over the frame's bass: candidates `rows`, and the sets of them.

    `sets[c]` is a boolean row over `rows`, `sopranos[c]` the number of its pitch in the melody.
    """

    found: Candidates
    rows: NDArray[np.intp]
    sets: tuple[Bools, ...]
    sopranos: tuple[int, ...]

    def voicings(self, code: int) -> tuple[Voicing, ...]:
        chosen = self.rows[self.sets[code]]
        return tuple(self.found.voicing(int(number)) for number in chosen)


class Structure:
    """Codes for the structural note so far and the voicings under it, and how a note changes them.

    Code c < `half`: the present span has its note, by its stage's set c (before the first span: the
    entry's, 0). Code half + c: it still lacks one, and c is the last span's. Maps have shape
    (pitches + 1, 2 · half), the last row being a rest; −1 is refused.
    """

    def __init__(self, context: HarmonicContext, pitches: Sequence[Pitch]) -> None:
        self.context = context
        self.pitches = tuple(pitches)
        self.bound = "structural-note" not in context.off
        self.stages: list[Stage] = []
        self._steps: list[dict[tuple[int, int], int]] = []
        if self.bound:
            self._build()
        self.half = max([1, *(len(stage.sets) for stage in self.stages)])
        self.codes = 2 * self.half
        self._maps = [self._span_maps(index) for index in range(len(context.spans))]

    def enter(self, index: int) -> NDArray[np.int16]:
        """The map of a note, or rest, that sounds when span `index` begins."""
        return self._maps[index][0]

    def touch(self, index: int) -> NDArray[np.int16]:
        """The map of a note, or rest, that begins inside span `index`."""
        return self._maps[index][1]

    def read(self, tick: int, code: int) -> tuple[Pitch | None, bool]:
        """A code's structural note after an event ending at `tick`; is it the present span's?"""
        settled = code < self.half
        index = self.context.span_at(tick - 1) - (not settled)
        if index < 0 or not self.bound:
            before = self.context.before
            return (before.structural if before else None), settled
        return self.pitches[self.stages[index].sopranos[code % self.half]], settled

    @cached_property
    def closing(self) -> Bools:
        """Which codes may end the phrase: its last span has a note, and the way on is open."""
        good = np.zeros(self.codes, np.bool_)
        if not self.bound:
            good[0] = True
            return good
        stage = self.stages[-1]
        good[: len(stage.sets)] = True
        if self.context.after is not None:
            chord, voicing = self.context.after
            goal = candidates(chord, self.context.language, self.context.off, self.context.soprano)
            last = self.context.spans[-1]
            kept = self._kept(last.voicing, last.chord, voicing, chord)
            onward = self._table(last.chord, chord, kept)
            place = _find(goal, (voicing,))
            reaches = onward[np.ix_(stage.rows, place)].any(axis=1)
            for code, row in enumerate(stage.sets):
                good[code] = bool((row & reaches).any())
        return good

    def voicings(self, code: int) -> tuple[Voicing, ...]:
        """The voicings of the last span that a finished melody leaves possible."""
        return self.stages[-1].voicings(code) if self.bound else (self.context.spans[-1].voicing,)

    def _table(self, before: Chord, after: Chord, keep_strict: bool) -> Bools:
        """Which voicing of a chord may go to which of the next; with `keep_strict`, as in strict
        language, in which a chord has the same voicings as in any."""
        context = self.context
        language = STRICT if keep_strict else context.language
        legal: Bools = transitions(before, after, language, context.off, context.soprano) < BANNED
        return legal

    @cached_property
    def _spares(self) -> bool:
        """Is there a rule of strict language to be kept that the context's language leaves open?"""
        return self.context.keep_strict and any(
            RULES[name].binds(STRICT) and not RULES[name].binds(self.context.language)
            for name in MOTION_RULES
        )

    def _kept(self, before: Voicing, chord: Chord, after: Voicing, next_chord: Chord) -> bool:
        """Does the frame keep the rules of strict language here, as the melody then has to?"""
        return self._spares and admissible(
            before, chord, after, next_chord, STRICT, self.context.off
        )

    def _build(self) -> None:
        context = self.context
        found = [
            candidates(span.chord, context.language, context.off, context.soprano)
            for span in context.spans
        ]
        number = {pitch: place for place, pitch in enumerate(self.pitches)}
        rows: list[NDArray[np.intp]] = []
        sopranos: list[NDArray[np.intp]] = []
        for every, span in zip(found, context.spans, strict=True):
            bass = np.array([pitch == span.voicing.bass for pitch in every.pitches[BASS]], np.bool_)
            melody = np.array([number.get(pitch, -1) for pitch in every.pitches[SOPRANO]], np.intp)
            top = melody[every.index[:, SOPRANO]]
            keep = np.flatnonzero(bass[every.index[:, BASS]] & (top >= 0))
            rows.append(keep)
            sopranos.append(top[keep])
        links = [
            self._table(
                one.chord,
                other.chord,
                self._kept(one.voicing, one.chord, other.voicing, other.chord),
            )[np.ix_(rows[index], rows[index + 1])]
            for index, (one, other) in enumerate(
                zip(context.spans, context.spans[1:], strict=False)
            )
        ]
        # Voicings that can be led on to the end.
        alive: list[Bools] = [np.ones(len(row), np.bool_) for row in rows]
        for index in range(len(links) - 1, -1, -1):
            alive[index] = np.asarray(links[index][:, alive[index + 1]].any(axis=1))
        images: list[Bools] = [self._opening(found[0], rows[0]) & alive[0]]
        for index in range(len(rows)):
            sets: list[Bools] = []
            tops: list[int] = []
            steps: dict[tuple[int, int], int] = {}
            known: dict[bytes, int] = {}
            following: list[Bools] = []
            for before, image in enumerate(images):
                for top in np.flatnonzero(np.bincount(sopranos[index][image])):
                    chosen = image & (sopranos[index] == top)
                    # Two sets that lead to the same voicings are the same to the future.
                    if index < len(links):
                        onward = links[index][chosen].any(axis=0) & alive[index + 1]
                    else:
                        onward = chosen
                    key = bytes([int(top)]) + np.packbits(onward).tobytes()
                    if key not in known:
                        known[key] = len(sets)
                        sets.append(chosen)
                        tops.append(int(top))
                        following.append(onward)
                    steps[before, int(top)] = known[key]
            self.stages.append(Stage(found[index], rows[index], tuple(sets), tuple(tops)))
            self._steps.append(steps)
            images = following

    def _opening(self, found: Candidates, rows: NDArray[np.intp]) -> Bools:
        """The first span's voicings that can be reached from the entry's."""
        entry = self.context.before
        if entry is None:
            return np.ones(len(rows), np.bool_)
        context = self.context
        before = candidates(entry.chord, context.language, context.off, context.soprano)
        places = _find(before, entry.voicings)
        span = context.spans[0]
        kept = any(
            self._kept(voicing, entry.chord, span.voicing, span.chord) for voicing in entry.voicings
        )
        first = self._table(entry.chord, span.chord, kept)
        return np.asarray(first[np.ix_(places, rows)].any(axis=0))

    def _span_maps(self, index: int) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        count = len(self.pitches)
        stay = np.tile(np.arange(self.codes, dtype=np.int16), (count + 1, 1))
        if not self.bound:
            return stay, stay
        tones = self.context.spans[index].chord.tones
        tone = np.array([*(pitch.note in tones for pitch in self.pitches), False])
        enter = np.full((count + 1, self.codes), REFUSED, np.int16)
        enter[~tone, : self.half] = np.arange(self.half, self.codes)
        touch = stay.copy()
        touch[tone, self.half :] = REFUSED
        for (before, top), code in self._steps[index].items():
            enter[top, before] = touch[top, self.half + before] = code
        return enter, touch


def _find(found: Candidates, voicings: Sequence[Voicing]) -> NDArray[np.intp]:
    """The numbers of some voicings among a chord's candidates.

    Raises ValueError where one of them is not there.
    """
    wanted = {tuple(pitch.midi for pitch in voicing) for voicing in voicings}
    midi = np.stack(found.parts.midi, axis=1).tolist()
    places = [row for row, four in enumerate(midi) if tuple(four) in wanted]
    if len(places) < len(wanted):
        raise ValueError("the frame was led in another range, language or with other rules off")
    return np.array(places, np.intp)


def structural_notes(context: HarmonicContext, events: Sequence[Event]) -> tuple[Pitch, ...]:
    """The structural note of each span, under which the lower voices are led again.

    Raises ValueError for a melody that leaves a span without one.
    """
    found = []
    for span in context.spans:
        tick = context.start
        for event in events:
            sounds = tick < span.end and tick + event.ticks > span.start
            if sounds and event.pitch is not None and event.pitch.note in span.chord.tones:
                found.append(event.pitch)
                break
            tick += event.ticks
        else:
            raise ValueError(f"the chord at tick {span.start} hears no note of its own")
    return tuple(found)


def perfects(context: HarmonicContext, pitches: Sequence[Pitch], index: int) -> Bools:
    """Which moves into the start of span `index` make forbidden perfects with the bass.

    Shape (pitches, pitches + 1): to, from; the last column, nothing before, is always free.
    Parallel (or contrary) fifths and octaves where both voices move, and direct ones: both move
    the same way and the melody leaps.
    """
    bad = np.zeros((len(pitches), len(pitches) + 1), np.bool_)
    bass, old = context.spans[index].voicing.bass, context.bass_before(index)
    if old is None or old.midi == bass.midi:
        return bad
    was = np.array([_perfect(old, pitch) for pitch in pitches])
    now = np.array([_perfect(bass, pitch) for pitch in pitches])
    midi = np.array([pitch.midi for pitch in pitches])
    height = np.array([pitch.height for pitch in pitches])
    rise = midi[:, None] - midi[None, :]
    leap = np.abs(height[:, None] - height[None, :]) > 1
    parallel = (now[:, None] == was[None, :]) & (now[:, None] > 0) & (rise != 0)
    similar = np.sign(rise) == np.sign(bass.midi - old.midi)
    bad[:, :-1] = parallel | (similar & leap & (now[:, None] > 0))
    return bad


def _perfect(bass: Pitch, pitch: Pitch) -> int:
    """0: no perfect interval; 1: a fifth; 2: an octave or unison; compounds count."""
    found = bass.to(pitch)
    if not found.perfect:
        return 0
    return 1 if abs(found.steps) % 7 == 4 else 2
