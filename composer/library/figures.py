"""Figures: rhythms written as text, beat by beat, in which patterns are notated.

`1 3< | 2 3` is two beats of two equal notes each. A sign is what to play (which signs there are,
the kind of pattern says), `.` a rest, `-` holds what sounds; `>` behind a sign makes it loud, `<`
soft, `'` short.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

BEATS = {"simple": 24, "compound": 36}
_TOKEN = re.compile(r"([A-Za-z0-9]+)([><]?)('?)")


@dataclass(frozen=True, slots=True)
class Signs:
    """The letters that a kind of pattern is written with, and whether several sound at once."""

    letters: str
    several: bool = False

    def __str__(self) -> str:
        return " ".join((*self.letters, ".", "-"))


@dataclass(frozen=True, slots=True)
class Step:
    """One stroke of a figure: `start` and `ticks` from the figure's start, `force` −1, 0 or 1."""

    start: int
    ticks: int
    signs: str
    force: int
    short: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of `beats` beats of `beat` ticks each."""

    beats: int
    beat: int
    steps: tuple[Step, ...]

    @property
    def ticks(self) -> int:
        return self.beats * self.beat


@lru_cache(maxsize=1024)
def figure(text: str, beat: int, signs: Signs) -> Figure:
    """Read a figure over beats of `beat` ticks whose strokes are made of `signs`.

    Raises ValueError with one sentence for anything else.

    >>> [(s.start, s.ticks, s.signs) for s in figure("1 3 | 2 -", 24, Signs("123")).steps]
    [(0, 12, '1'), (12, 12, '3'), (24, 24, '2')]
    """
    beats = text.split("|")
    steps: list[Step] = []
    sounding = False
    for number, tokens in enumerate(part.split() for part in beats):
        if not tokens or beat % len(tokens):
            raise ValueError(
                f"beat {number + 1} of {text!r} has {len(tokens)} signs, which do not share "
                f"{beat} ticks equally"
            )
        ticks = beat // len(tokens)
        for place, token in enumerate(tokens):
            start = number * beat + place * ticks
            if token == "-":
                if not sounding:
                    raise ValueError(f"{text!r} holds a note where none sounds")
                last = steps[-1]
                steps[-1] = Step(last.start, last.ticks + ticks, last.signs, last.force, last.short)
                continue
            sounding = token != "."
            if sounding:
                steps.append(_step(text, token, start, ticks, signs))
    return Figure(len(beats), beat, tuple(steps))


def _step(text: str, token: str, start: int, ticks: int, signs: Signs) -> Step:
    match = _TOKEN.fullmatch(token)
    if match is None or not set(match[1]) <= set(signs.letters):
        raise ValueError(f"{token!r} in {text!r} is no sign of this pattern: write {signs}")
    if len(match[1]) > 1 and not signs.several:
        raise ValueError(f"{token!r} in {text!r} strikes {len(match[1])} at once: write one sign")
    force = {"": 0, ">": 1, "<": -1}[match[2]]
    return Step(start, ticks, match[1], force, bool(match[3]))
