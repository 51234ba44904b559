"""Reads how long a piece is to be: `2min`, `1:30`, `90s`, `48bars`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from composer.errors import UserError

SHORTEST, LONGEST = 20, 240  # seconds
FEWEST, MOST = 4, 400  # bars
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
_BARS = re.compile(r"(\d{1,4})\s*(?:bars?|measures?)")
_MINUTES = re.compile(r"(\d{1,2}(?:\.\d{1,3})?)\s*(?:m|min|mins|minutes?)(?:\s*(\d{1,2})\s*s?)?")
_SECONDS = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)\s*(?:s|sec|secs|seconds?)")
HINT = (
    f"As in 2min, 1:30, 90s or 48bars: {SHORTEST} s to {LONGEST // 60} min, "
    f"or {FEWEST} to {MOST} bars."
)


@dataclass(frozen=True, slots=True)
class Length:
    """So many bars in all, or so many seconds; one of the two is None."""

    bars: int | None = None
    seconds: Fraction | None = None

    def __str__(self) -> str:
        if self.bars is not None:
            return f"{self.bars} bars"
        assert self.seconds is not None
        whole = round(self.seconds)
        if whole % 60 == 0:
            return f"{whole // 60} min"
        return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def read_length(text: str) -> Length:
    """How long was said.

    >>> str(read_length("2min")), str(read_length("1:30")), str(read_length("48 bars"))
    ('2 min', '1 min 30 s', '48 bars')

    Raises UserError for what is no length, too short or too long.
    """
    typed = text.strip().lower()
    if found := _BARS.fullmatch(typed):
        bars = int(found.group(1))
        if FEWEST <= bars <= MOST:
            return Length(bars=bars)
    else:
        seconds = _seconds(typed)
        if seconds is None:
            raise UserError(f"{text!r} is no length. {HINT}")
        if SHORTEST <= seconds <= LONGEST:
            return Length(seconds=seconds)
    raise UserError(f"A length of {text.strip()} cannot be had. {HINT}")


def _seconds(typed: str) -> Fraction | None:
    if found := _CLOCK.fullmatch(typed):
        return Fraction(60 * int(found.group(1)) + int(found.group(2)))
    if found := _MINUTES.fullmatch(typed):
        return Fraction(found.group(1)) * 60 + int(found.group(2) or 0)
    if found := _SECONDS.fullmatch(typed):
        return Fraction(found.group(1))
    return None
