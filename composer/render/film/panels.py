"""Beside and under the picture: the rules, each lit while its notes sound, and the piano roll."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil, floor

import numpy as np

from analysis.picture.view import mixed
from composer.render.film.look import (
    ABOVE,
    ACCENT,
    CROSSING,
    HAIR,
    INK,
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
    TextLine,
    cut,
    eased,
    letter,
    width,
    wrapped,
)
from composer.render.film.scene import ChordLabel, Scene, ShownRule, frame_of, place
from composer.render.roll import contour
from composer.render.timeline import HeardNote, Timeline
from composer.values import Piece
from composer.vocabulary import SINGERS

SERIF = "DejaVu Serif"

PANEL_TALL = ABOVE[3] - ABOVE[1]
HEAD = 84  # px above the rules
ROW = 61
INDENT = 14
SMALLEST = 13.0
TITLE, FACTS, NAME, REASON = 24.0, 15.0, 16.0, 13.0


class RulePanel:
    """The panel, drawn twice for each shot: at rest and lit; a frame takes of each rule as much as
    it glows."""

    def __init__(self, scene: Scene, width: int) -> None:
        self.width = width
        self.rules = scene.rules
        self.spans = [(shot.start, shot.end) for shot in scene.shots]
        self.drawn = {
            rules: (
                self._drawn(scene, rules, RAISED, HAIR, QUIET, QUIET),
                self._drawn(scene, rules, (52, 40, 34), ACCENT, ACCENT, INK),
            )
            for rules in dict.fromkeys(scene.rules)
        }

    def frame(self, second: float, lights: Mapping[str, float]) -> Image:
        """The panel at a second, (PANEL_TALL, width, 3), with each rule's light by name, 0 to 1.

        Where a shot has other rules than the one before, these give way to them.
        """
        number, _ = place(self.spans, second)
        seen = self._lit(self.rules[number], lights)
        since = second - self.spans[number][0]
        if number and since < CROSSING and self.rules[number] != self.rules[number - 1]:
            before = self._lit(self.rules[number - 1], lights)
            return mixed(before, seen, eased(since / CROSSING))
        return seen

    def _lit(self, rules: Sequence[ShownRule], lights: Mapping[str, float]) -> Image:
        resting, lit = self.drawn[tuple(rules)]
        seen = resting.copy()
        for number, rule in enumerate(rules):
            light = lights[rule.name]
            if light > 0.01:
                top = HEAD + number * ROW
                rows = slice(top, top + ROW)
                seen[rows] = mixed(resting[rows], lit[rows], light)
        return seen

    def _drawn(
        self,
        scene: Scene,
        rules: Sequence[ShownRule],
        ground: Colour,
        edge: Colour,
        name: Colour,
        reason: Colour,
    ) -> Image:
        image = np.empty((PANEL_TALL, self.width, 3), np.uint8)
        image[:] = PAPER
        # A long name is set smaller, and a very long one cut.
        wide = width(scene.title, TITLE, "bold", SERIF)
        size = max(SMALLEST, min(TITLE, TITLE * self.width / max(1.0, wide)))
        title = cut(scene.title, size, self.width, "bold", SERIF)
        texts = [
            TextLine(0, 26, title, size, INK, weight="bold", family=SERIF),
            TextLine(0, 54, "   ".join(scene.facts), FACTS, QUIET),
        ]
        for number, rule in enumerate(rules):
            top = HEAD + number * ROW
            image[top : top + ROW - 6] = ground
            image[top : top + ROW - 6, :4] = edge
            # One line of reason leaves the row fuller than two.
            reasons = wrapped(rule.reason, REASON, self.width - 2 * INDENT)
            first = top + (19 if len(reasons) > 1 else 24)
            head = cut(rule.title, NAME, self.width - 2 * INDENT, "bold")
            texts.append(TextLine(INDENT, first, head, NAME, name, weight="bold"))
            for line, words in enumerate(reasons):
                texts.append(TextLine(INDENT, first + 16 + 15 * line, words, REASON, reason))
        letter(image, texts)
        return image


ROLL_TALL = ROLL[3] - ROLL[1]
DRUMS = 14  # px at the foot of the roll, where there are drums
MARGIN = 6
LABEL, LEAST = 19.0, 11.0  # a chord's name, and the smallest that can be read
Box = tuple[int, int, int, int]  # left, top, right, bottom


class FilmRoll:
    """The whole roll, drawn once; `frame` is what shows of it, with what sounds lit up."""

    def __init__(self, piece: Piece, timeline: Timeline, scene: Scene, frames: int) -> None:
        self.notes = notes = timeline.heard
        self.chords = scene.chords
        width = frames * STEP + WIDTH
        strip = np.empty((ROLL_TALL, width, 3), np.uint8)
        strip[:] = PAPER
        strip[LABELS:] = RAISED
        for bar in scene.bars:
            strip[LABELS:, _x(bar) : _x(bar) + 1] = HAIR
        self.octaves = [part.octave for part in piece.parts]
        line = [point for phrase in contour(piece) for point in phrase]
        self.boxes = self._laid(notes, [height for _, height in line])
        self._contour(strip, line, timeline)
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
        """The roll in a frame, (ROLL_TALL, WIDTH, 3); `melody` is how bright that is there."""
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

    def _laid(self, notes: Sequence[HeardNote], heights: Sequence[float]) -> list[Box]:
        """Where every note lies, as it sounds, in a compass that has room for the contour."""
        keys = [self._key(each) for each in notes if each.role != "drums"]
        if keys:
            keys += [bound(height) for height in heights for bound in (floor, ceil)]
        self.low, high = (min(keys), max(keys)) if keys else (60, 72)
        drums = any(each.role == "drums" for each in notes)
        self.foot = ROLL_TALL - MARGIN - (DRUMS if drums else 0)
        self.row = min(9.0, (self.foot - LABELS - MARGIN) / (high - self.low + 1))
        # A narrow compass stands in the middle.
        self.foot -= int((self.foot - LABELS - MARGIN - self.row * (high - self.low + 1)) / 2)
        boxes = []
        for each in notes:
            left = _x(each.start)
            right = max(left + 3, _x(each.end) - 1)
            if each.role == "drums":
                top = ROLL_TALL - DRUMS + 2 + each.note.key_number % 3 * 3
                boxes.append((left, top, min(right, left + 6), top + 3))
            else:
                top = self.y(self._key(each))
                boxes.append((left, top, right, max(top + 2, top + round(self.row) - 1)))
        return boxes

    def _key(self, each: HeardNote) -> int:
        """The MIDI number that is heard."""
        return each.note.key_number + 12 * self.octaves[each.part]

    def y(self, key: float) -> int:
        """The top of a key's row."""
        return round(self.foot - (key - self.low + 1) * self.row)

    def _contour(
        self, strip: Image, line: Sequence[tuple[float, float]], timeline: Timeline
    ) -> None:
        """What the melody was asked to follow, as dots."""
        for tick, height in line:
            middle = timeline.second_of_tick(tick)
            top = self.y(height) + round(self.row / 2)
            dot = tuple(round(p + (s - p) * 0.75) for p, s in zip(RAISED, SUN, strict=True))
            fill(strip, (_x(middle) - 2, top - 2, _x(middle) + 2, top + 2), dot)


def fill(image: Image, box: Box, colour: Colour | tuple[int, ...]) -> None:
    """Paint a box, as far as it lies in the image below the row of chords."""
    left, top, right, bottom = box
    image[max(LABELS, top) : max(LABELS, bottom), max(0, left) : max(0, right)] = colour


def _x(second: float) -> int:
    """Where a second lies in the strip, whose first frame has it on the line."""
    return PLAYHEAD + round(second * RATE * STEP)


def _labels(chords: Sequence[ChordLabel], colour: Colour) -> list[TextLine]:
    """A chord that goes on is named once; where the next one comes soon a name is set smaller."""
    named = [
        c
        for before, c in pairwise([None, *chords])
        if c and (not before or before.words != c.words)
    ]
    texts = []
    for chord, following in zip(named, [*named[1:], None], strict=True):
        room = _x(following.start) - _x(chord.start) - 8 if following else WIDTH
        wide = width(chord.words, LABEL, family=SERIF)
        size = max(LEAST, min(LABEL, LABEL * room / max(1.0, wide)))
        texts.append(
            TextLine(_x(chord.start) + 3, LABELS - 9, chord.words, size, colour, family=SERIF)
        )
    return texts
