"""A piece's film: picture, panel and roll, put together for every thirtieth of a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from composer.render.audio.coding import RATE as SAMPLES
from composer.render.film import mp4
from composer.render.film.camera import CAPTION, Camera, caption, inked
from composer.render.film.look import (
    ABOVE,
    BETWEEN,
    HEIGHT,
    PANEL,
    PAPER,
    RATE,
    ROLL,
    TAIL,
    WIDTH,
    Image,
)
from composer.render.film.mp4 import PORTIONS
from composer.render.film.panels import FilmRoll, RulePanel
from composer.render.film.scene import light, scene
from composer.render.timeline import Timeline
from composer.values import Piece
from composer.vocabulary import SINGERS
from corpora.progress import silent

if TYPE_CHECKING:
    from composer.render.audio.coding import Samples

FADE = 0.9  # seconds in which the end goes dark


def encode(
    piece: Piece, timeline: Timeline, sound: Samples, step: Callable[[str], None] = silent
) -> bytes:
    """The film as an MP4 file; `timeline` is the piece's, `sound` how it sounds, (2, n), −1 to 1.

    step: told of each of PORTIONS when it is drawn.
    """
    film = Film(piece, timeline, sound.shape[1] / SAMPLES)
    marks = {ceil(film.frames * each / PORTIONS): each for each in range(1, PORTIONS + 1)}

    def drawn(count: int) -> None:
        if count in marks:
            step(f"drew {marks[count] * 100 // PORTIONS} % of the film")

    return mp4.encode(film, sound, film.scene.title, drawn)


class Film:
    """A piece's film, of `frames` frames; iterating draws them, each (720, 1280, 3) uint8."""

    def __init__(self, piece: Piece, timeline: Timeline, least: float = 0.0) -> None:
        """timeline: the piece's. least: seconds that it lasts."""
        self.notes = timeline.heard
        self.scene = scene(piece, timeline)
        self.frames = ceil(max(least, self.scene.end + TAIL) * RATE)
        every = range(len(self.notes))
        melody = [number for number in every if self.notes[number].role in SINGERS]
        self.melody = light(self.notes, melody, self.frames)
        self.all = light(self.notes, every, self.frames)
        every_rule = {rule.name: rule for rules in self.scene.rules for rule in rules}
        self.rules = {
            name: light(self.notes, rule.notes, self.frames) for name, rule in every_rule.items()
        }
        self.camera = Camera(piece.analysis, self.scene)
        room = ABOVE[2] - ABOVE[0] - BETWEEN - self.camera.size[0]
        self.panel = RulePanel(self.scene, min(PANEL[1], max(PANEL[0], room)))
        wide, tall = self.camera.size
        self.beside = ABOVE[2] - self.panel.width
        self.left = ABOVE[0] + (self.beside - BETWEEN - ABOVE[0] - wide) // 2
        self.top = ABOVE[1] + (ABOVE[3] - ABOVE[1] - tall) // 2
        room = self.beside - BETWEEN - self.left - wide
        self.captions = [caption(shot.words, room) for shot in self.scene.shots]
        self.roll = FilmRoll(piece, timeline, self.scene, self.frames)
        # Copied, for to paint it takes as long as all the rest of a frame.
        self.paper = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        self.paper[:] = PAPER

    def __iter__(self) -> Iterator[Image]:
        return map(self.frame, range(self.frames))

    def frame(self, number: int) -> Image:
        """One frame, from 0."""
        image = self.paper.copy()
        melody = float(self.melody[number])
        seen = self.camera.frame(number / RATE, float(self.all[number]), melody)
        foot, right = self.top + seen.shape[0], self.left + seen.shape[1]
        image[self.top : foot, self.left : right] = seen
        if self.camera.narrow:
            cover = self.captions[self.camera.shot_at(number / RATE)]
            image[foot - CAPTION : foot, right : right + cover.shape[1]] = inked(PAPER, cover)
        image[ABOVE[1] : ABOVE[3], self.beside : ABOVE[2]] = self.panel.frame(
            number / RATE, {name: float(each[number]) for name, each in self.rules.items()}
        )
        image[ROLL[1] : ROLL[3]] = self.roll.frame(number, melody)
        dark = min(1.0, (self.frames - number) / RATE / FADE)
        if dark < 1:
            image = np.rint(image * np.float32(dark)).astype(np.uint8)
        return image
