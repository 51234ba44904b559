"""The film for a telephone held upright: picture, one plain reason after the other, roll."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from analysis.picture.view import mixed, through
from composer.explanation.chosen import decided
from composer.explanation.plain import sentences
from composer.render.audio.coding import RATE as SAMPLES
from composer.render.film import mp4
from composer.render.film.camera import Camera
from composer.render.film.film import FADE
from composer.render.film.look import (
    ACCENT,
    CROSSING,
    INK,
    PAPER,
    QUIET,
    RATE,
    TAIL,
    Image,
    TextLine,
    cut,
    eased,
    letter,
    width,
    wrapped,
)
from composer.render.film.mp4 import PORTIONS
from composer.render.film.panels import SERIF, FilmRoll
from composer.render.film.scene import light, place, scene
from composer.render.report.words import sentence
from composer.render.timeline import Timeline
from composer.values import Piece
from composer.vocabulary import SINGERS
from corpora.progress import silent

if TYPE_CHECKING:
    from composer.explanation.format import Explanation
    from composer.render.audio.coding import Samples

WIDTH, HEIGHT = 1080, 1920
EDGE = 64  # px at the sides of words
# What telephones' own signs cover of a story is left empty.
TITLE_FOOT, TITLE, FACTS = 210, 60.0, 34.0
PICTURE = (1080, 800)  # at most, and from where to where it stands
PICTURE_TOP = 320
WORDS_TOP, WORDS_FOOT, WORDS, LINE, MOST = 1150, 1420, 42.0, 60, 4
ROLL_TOP, LARGER = 1440, 2  # the roll, and how much larger it is than in the film
BEFORE = 160  # px of the film's roll that are left out before what is seen
READ = 6.0  # seconds that a reason stays at least, where the piece has time for them all
LEAST = 4.0  # and where it has not


def encode(
    piece: Piece,
    document: Explanation,
    timeline: Timeline,
    sound: Samples,
    step: Callable[[str], None] = silent,
) -> bytes:
    """The film as an MP4 file; timeline and document are the piece's, `sound` how it sounds.

    step: told of each of PORTIONS when it is drawn.
    """
    story = Story(piece, document, timeline, sound.shape[1] / SAMPLES)
    marks = {ceil(story.frames * each / PORTIONS): each for each in range(1, PORTIONS + 1)}

    def drawn(count: int) -> None:
        if count in marks:
            step(f"drew {marks[count] * 100 // PORTIONS} % of the story")

    return mp4.encode(story, sound, story.scene.title, drawn, (WIDTH, HEIGHT))


class Story:
    """The story, of `frames` frames; iterating draws them, each (1920, 1080, 3) uint8."""

    def __init__(
        self, piece: Piece, document: Explanation, timeline: Timeline, least: float = 0.0
    ) -> None:
        """timeline, document: the piece's. least: seconds that it lasts."""
        notes = timeline.heard
        self.scene = scene(piece, timeline)
        self.frames = ceil(max(least, self.scene.end + TAIL) * RATE)
        melody = [number for number, note in enumerate(notes) if note.role in SINGERS]
        self.melody = light(notes, melody, self.frames)
        self.all = light(notes, range(len(notes)), self.frames)
        self.camera = Camera(piece.analysis, self.scene, PICTURE, named=False)
        self.roll = FilmRoll(piece, timeline, self.scene, self.frames)
        self.captions = captions(document, self.scene.bars)
        self.spans = [(start, end) for start, end, _ in self.captions]
        self.words = [_words(text) for _, _, text in self.captions]
        self.paper = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        self.paper[:] = PAPER
        self._head()

    def __iter__(self) -> Iterator[Image]:
        return map(self.frame, range(self.frames))

    def frame(self, number: int) -> Image:
        """One frame, from 0."""
        image, second = self.paper.copy(), number / RATE
        melody = float(self.melody[number])
        seen = self.camera.frame(second, float(self.all[number]), melody)
        top = PICTURE_TOP + (PICTURE[1] - seen.shape[0]) // 2
        left = (WIDTH - seen.shape[1]) // 2
        image[top : top + seen.shape[0], left : left + seen.shape[1]] = seen
        image[WORDS_TOP:WORDS_FOOT] = self._caption(second)
        strip = self.roll.frame(number, melody)[:, BEFORE : BEFORE + WIDTH // LARGER]
        size = (WIDTH, LARGER * strip.shape[0])
        image[ROLL_TOP : ROLL_TOP + size[1]] = through(
            np.ascontiguousarray(strip), size, 1, 0.5, 0.5
        )
        dark = min(1.0, (self.frames - number) / RATE / FADE)
        if dark < 1:
            image = np.rint(image * np.float32(dark)).astype(np.uint8)
        return image

    def caption_at(self, second: float) -> int:
        """The number of the caption that is on at a second."""
        return place(self.spans, second)[0]

    def _caption(self, second: float) -> Image:
        number = self.caption_at(second)
        since = second - self.spans[number][0]
        if number and since < CROSSING:
            return mixed(self.words[number - 1], self.words[number], eased(since / CROSSING))
        return self.words[number]

    def _head(self) -> None:
        """Title and key, above the picture."""
        room = WIDTH - 2 * EDGE
        size = max(
            32.0, min(TITLE, TITLE * room / max(1.0, width(self.scene.title, TITLE, "bold", SERIF)))
        )
        title = cut(self.scene.title, size, room, "bold", SERIF)
        facts = cut(" · ".join(self.scene.facts), FACTS, room)
        letter(
            self.paper,
            [
                TextLine(EDGE, TITLE_FOOT, title, size, INK, weight="bold", family=SERIF),
                TextLine(EDGE, TITLE_FOOT + 60, facts, FACTS, QUIET),
            ],
        )


def captions(document: Explanation, bars: Sequence[float]) -> tuple[tuple[float, float, str], ...]:
    """From when to when each reason is shown, in seconds, and its words.

    The plain sentences come first, then what was decided and why, as many as can be read; each
    begins with a bar. bars: the seconds at which bars begin, and the last one's end.
    """
    said = [one.text for one in sentences(document)]
    rows = [sentence(one.text) for one in decided(document)]
    end = bars[-1]
    wanted = max(len(said), int(end / READ))
    count = max(1, min(wanted, len(said) + len(rows), int(end / LEAST), len(bars) - 1))
    starts = [
        min(bars[:-1], key=lambda bar: abs(bar - end * number / count)) for number in range(count)
    ]
    return tuple(
        (start, after, text)
        for start, after, text in zip(starts, [*starts[1:], end], [*said, *rows], strict=False)
        if after > start
    )


def _words(text: str) -> Image:
    """A reason, in large letters, in the middle of its place."""
    image = np.empty((WORDS_FOOT - WORDS_TOP, WIDTH, 3), np.uint8)
    image[:] = PAPER
    lines = wrapped(text, WORDS, WIDTH - 2 * EDGE, MOST)
    first = (image.shape[0] - LINE * len(lines)) // 2 + LINE - 16
    image[first - 44 : first + LINE * (len(lines) - 1) + 12, EDGE - 28 : EDGE - 22] = ACCENT
    letter(
        image,
        [TextLine(EDGE, first + LINE * n, line, WORDS, INK) for n, line in enumerate(lines)],
    )
    return image
