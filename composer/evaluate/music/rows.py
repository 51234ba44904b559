"""Which figures are published: a measure, over which pieces, and what was asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from composer.evaluate.music.measures import MEASURES, SIDE
from composer.evaluate.music.notes import Music

POPULAR, STRICT = "popular", "strict"
Chosen = Callable[[Music], bool]


@dataclass(frozen=True, slots=True)
class Aim:
    """What was asked of a figure: from `low` to `high`; None where one side is open."""

    low: float | None = None
    high: float | None = None

    def met(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        if self.high is None:
            return f"≥ {self.low:g}"
        return f"≤ {self.high:g}" if self.low is None else f"{self.low:g}–{self.high:g}"


def _all(music: Music) -> bool:
    return True


def _four_four(music: Music) -> bool:
    return music.metre.name == "4/4"


def _popular(music: Music) -> bool:
    return music.language == POPULAR


def _strict(music: Music) -> bool:
    return music.language == STRICT


@dataclass(frozen=True, slots=True)
class Row:
    """A figure: a measure over the pieces that `ours` chooses, beside people's that `theirs` does
    (None: beside nobody's). `of` says in words which."""

    measure: str
    of: str = ""
    ours: Chosen = _all
    theirs: Chosen | None = _all
    aim: Aim | None = None

    @property
    def name(self) -> str:
        return f"{self.measure}, {self.of}" if self.of else self.measure


def rows(pieces: Sequence[Music]) -> Iterator[Row]:
    """Every row; which pieces are dark the pieces themselves say."""
    narrower = [*_narrower(pieces)]
    for name in (*MEASURES, SIDE):
        yield Row(name, aim=AIMS.get(name))
        yield from (row for row in narrower if row.measure == name)


def _narrower(pieces: Sequence[Music]) -> Iterator[Row]:
    """The rows over some of the pieces."""
    darkest, brightest = thirds(pieces)

    def dark(music: Music) -> bool:
        return id(music) in darkest

    def bright(music: Music) -> bool:
        return id(music) in brightest

    beat, scale = "syncopation a bar", "chord time outside one scale"
    yield Row(beat, "4/4", _four_four, _four_four)
    yield Row(beat, "4/4, popular", _both(_four_four, _popular), _four_four, Aim(0.35, 1.0))
    yield Row(beat, "4/4, strict", _both(_four_four, _strict), None, Aim(high=0.15))
    yield Row("bars without a melody onset on 1", POPULAR, _popular, aim=Aim(0.10, 0.25))
    yield Row("chord changes off beat 1", "not strict", _not(_strict), aim=Aim(low=0.12))
    yield Row(scale, "dark", dark, aim=Aim(low=0.15))
    yield Row("semitones and tritones at once", "dark", dark, None)
    yield Row("semitones and tritones at once", "bright", bright, None)


def _both(one: Chosen, other: Chosen) -> Chosen:
    return lambda music: one(music) and other(music)


def _not(chosen: Chosen) -> Chosen:
    return lambda music: not chosen(music)


def thirds(pieces: Sequence[Music]) -> tuple[frozenset[int], frozenset[int]]:
    """The third of the pieces that was decided darkest (of the least valence), and the brightest,
    by identity."""
    valued = [piece for piece in pieces if "valence" in piece.facts]
    order = np.argsort([piece.facts["valence"] for piece in valued], kind="stable")
    third = len(valued) // 3
    named = [id(valued[number]) for number in order]
    return frozenset(named[:third]), frozenset(named[len(named) - third :])


AIMS = {
    "introduction and coda": Aim(low=0.70),
    "first two bars' density over the mean": Aim(0.55, 0.80),
    "phrases not of 4 bars": Aim(low=0.20),
    "density of 4-bar groups, greatest over least": Aim(low=1.8),
    "highest note once, at .6–.85": Aim(low=0.70),
    "loudness by place in the 4-bar group": Aim(high=0.15),
    "distinct whole-bar rhythms": Aim(low=0.36),
    "commonest drum bar": Aim(high=0.45),
    "chord changes a bar": Aim(low=1.0),
    "chord time outside one scale": Aim(low=0.07),
    "counter-melody's onsets outside the melody's": Aim(low=0.45),
    "bass steps": Aim(low=0.35),
    "gap above the bass": Aim(high=14),
    "a one-note spike": Aim(high=0),
    "silence of all parts": Aim(low=0.005),
    "a silence of all parts": Aim(low=0.40),
    "notes 2–30 ms off the grid": Aim(low=0.60),
    SIDE: Aim(low=-8),
}
FOLLOWED = Aim(low=0.50)
BY_CONTOUR = Aim(low=0.35)
BY_MUSIC = Aim(low=0.80)
DARKER = Aim(low=0.04)
INSIDE = Aim(low=0.80)
OVERLAP = Aim(low=0.82)
