"""The piano roll under the picture: it passes a line, and what sounds on the line is lit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor

import numpy as np

from composer.render.film.heard import Clock, Heard, frame_of
from composer.render.film.lettering import (
    ACCENT,
    HAIR,
    LABELS,
    LIT,
    PAPER,
    PLAYHEAD,
    QUIET,
    RAISED,
    RATE,
    RESTING,
    ROLL,
    STEP,
    SUN,
    WIDTH,
    Colour,
    Image,
    Text,
    letter,
    width,
)
from composer.render.film.scene import Scene, Stretch, place
from composer.values import Piece
from composer.vocabulary import SINGERS

TALL = ROLL[3] - ROLL[1]
DRUMS = 14  # px at the foot of the roll, where there are drums
MARGIN = 6
NAME, LEAST = 19.0, 11.0  # a chord's name, and the smallest that can be read
SERIF = "DejaVu Serif"
Box = tuple[int, int, int, int]  # left, top, right, bottom


class Roll:
    """The whole roll, drawn once; `frame` is what shows of it, with what sounds lit up."""

    def __init__(
        self, piece: Piece, notes: Sequence[Heard], scene: Scene, clock: Clock, frames: int
    ) -> None:
        self.notes = notes
        self.chords = scene.chords
        width = frames * STEP + WIDTH
        strip = np.empty((TALL, width, 3), np.uint8)
        strip[:] = PAPER
        strip[LABELS:] = RAISED
        for bar in scene.bars:
            strip[LABELS:, _x(bar) : _x(bar) + 1] = HAIR
        self.octaves = [part.octave for part in piece.parts]
        self.boxes = self._laid(notes, wished(piece))
        self._contour(strip, piece, clock)
        order = sorted(range(len(notes)), key=lambda n: notes[n].role in SINGERS)
        for number in order:
            fill(strip, self.boxes[number], RESTING[notes[number].role])
        self.lit = strip[:LABELS].copy()
        letter(strip[:LABELS], _labels(scene.chords, QUIET))
        letter(self.lit, _labels(scene.chords, ACCENT))
        self.strip = strip
        # Which notes are on the line in which frame, so that none has to be looked for.
        self.on: list[list[int]] = [[] for _ in range(frames)]
        for number in order:
            first = frame_of(notes[number].start)
            last = max(frame_of(notes[number].end), first + 1)
            for frame in range(first, min(last, frames)):
                self.on[frame].append(number)

    def frame(self, number: int, melody: float) -> Image:
        """The roll in a frame, (TALL, WIDTH, 3); `melody` is how bright the melody is there."""
        left = number * STEP
        seen = self.strip[:, left : left + WIDTH].copy()
        now, _ = place([(chord.start, chord.end) for chord in self.chords], number / RATE)
        start, end = _x(self.chords[now].start) - left, _x(self.chords[now].end) - left
        begin, stop = max(0, start), min(WIDTH, max(0, end))  # at the end the last one is passed
        seen[:LABELS, begin:stop] = self.lit[:, left + begin : left + stop]
        for each in self.on[number]:
            box = self.boxes[each]
            fill(
                seen,
                (box[0] - left, box[1] - 1, box[2] - left, box[3] + 1),
                LIT[self.notes[each].role],
            )
        line = tuple(round(h + (a - h) * melody) for h, a in zip(QUIET, ACCENT, strict=True))
        seen[LABELS:, PLAYHEAD - 1 : PLAYHEAD + 1] = line
        return seen

    def _laid(self, notes: Sequence[Heard], contour: Sequence[tuple[float, float]]) -> list[Box]:
        """Where every note lies, as it sounds, in a compass that has room for the contour."""
        keys = [self._key(each) for each in notes if each.role != "drums"]
        if keys:
            keys += [bound(height) for _, height in contour for bound in (floor, ceil)]
        self.low, high = (min(keys), max(keys)) if keys else (60, 72)
        drums = any(each.role == "drums" for each in notes)
        self.foot = TALL - MARGIN - (DRUMS if drums else 0)
        self.row = min(9.0, (self.foot - LABELS - MARGIN) / (high - self.low + 1))
        # A narrow compass stands in the middle.
        self.foot -= int((self.foot - LABELS - MARGIN - self.row * (high - self.low + 1)) / 2)
        boxes = []
        for each in notes:
            left = _x(each.start)
            right = max(left + 3, _x(each.end) - 1)
            if each.role == "drums":
                top = TALL - DRUMS + 2 + each.note.key_number % 3 * 3
                boxes.append((left, top, min(right, left + 6), top + 3))
            else:
                top = self.y(self._key(each))
                boxes.append((left, top, right, max(top + 2, top + round(self.row) - 1)))
        return boxes

    def _key(self, each: Heard) -> int:
        """The MIDI number that is heard."""
        return each.note.key_number + 12 * self.octaves[each.part]

    def y(self, key: float) -> int:
        """The top of a key's row."""
        return round(self.foot - (key - self.low + 1) * self.row)

    def _contour(self, strip: Image, piece: Piece, clock: Clock) -> None:
        """What the melody was asked to follow, as dots."""
        for tick, height in wished(piece):
            middle = clock.of_tick(tick)
            top = self.y(height) + round(self.row / 2)
            dot = tuple(round(p + (s - p) * 0.75) for p, s in zip(RAISED, SUN, strict=True))
            fill(strip, (_x(middle) - 2, top - 2, _x(middle) + 2, top + 2), dot)


def wished(piece: Piece) -> list[tuple[float, float]]:
    """The contour as it sounds: the ticks in the middle of its beats, and MIDI numbers."""
    return [
        (phrase.start + (beat + 0.5) * piece.plan.metre.beat, wish + 12 * piece.octave(phrase))
        for phrase in piece.plan.phrases
        for beat, wish in enumerate(phrase.contour)
    ]


def fill(image: Image, box: Box, colour: Colour | tuple[int, ...]) -> None:
    """Paint a box, as far as it lies in the image below the row of chords."""
    left, top, right, bottom = box
    image[max(LABELS, top) : max(LABELS, bottom), max(0, left) : max(0, right)] = colour


def _x(second: float) -> int:
    """Where a second lies in the strip, whose first frame has it on the line."""
    return PLAYHEAD + round(second * RATE * STEP)


def _labels(chords: Sequence[Stretch], colour: Colour) -> list[Text]:
    """A chord that goes on is named once; where the next one comes soon a name is set smaller."""
    named = [
        c
        for before, c in pairwise([None, *chords])
        if c and (not before or before.words != c.words)
    ]
    texts = []
    for chord, following in zip(named, [*named[1:], None], strict=True):
        room = _x(following.start) - _x(chord.start) - 8 if following else WIDTH
        wide = width(chord.words, NAME, family=SERIF)
        size = max(LEAST, min(NAME, NAME * room / max(1.0, wide)))
        texts.append(Text(_x(chord.start) + 3, LABELS - 9, chord.words, size, colour, family=SERIF))
    return texts
