"""A piece, and the reasons for it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from composer.explanation.layout import listed
from composer.recommender.aspects import ASPECTS, MatchAspect
from composer.recommender.pool import PieceName

if TYPE_CHECKING:
    from composer.recommender.answers import MatchShare

BY_NAME = {aspect.name: aspect for aspect in ASPECTS}
MOOD = ("valence", "arousal")
NEAR = 0.22  # of a spread: what is no further apart agrees
TOLD = 3  # things in which it differs that are told
EVEN = "of an even mood"  # neither glad nor sad, neither calm nor lively
BUILT_IN = "built-in"


def line(piece: PieceName) -> str:
    """A piece on one line: title, composer, and where it is."""
    said = piece.title or "untitled"
    if piece.composer:
        said += f", {piece.composer}"
    return f"{said}  ({place(piece)})"


def place(piece: PieceName) -> str:
    """The file of a piece, with its number in it."""
    part = f"#{piece.part}" if piece.part else ""
    return f"{piece.collection.rstrip('/')}/{piece.path}{part}"


def reason(shares: Sequence[MatchShare], absent: Sequence[str]) -> str:
    """Why a piece fits: what agrees, what does not, and what is not known of it."""
    agree = [each for each in shares if each.apart <= NEAR]
    differ = sorted((each for each in shares if each.apart > NEAR), key=lambda each: -each.amount)
    parts = []
    moods = [each for each in agree if each.aspect in MOOD]
    mood = [called for called in map(_called, moods) if called] or [EVEN] * (len(moods) == 2)
    facts = [_fact(each) for each in agree if each.aspect not in MOOD]
    facts = [fact for fact in facts if fact]
    if mood:
        parts.append("both " + " and ".join(mood) + (f": {', '.join(facts)}" if facts else ""))
    elif facts:
        parts.append("both " + ", ".join(facts))
    if differ:
        parts.append(f"{listed([_different(each) for each in differ[:TOLD]])} than asked")
    if absent:
        parts.append(f"nothing is known of its {listed(absent)}")
    return "; ".join(parts)


def _aspect(share: MatchShare) -> MatchAspect:
    return BY_NAME[share.aspect]


def _called(share: MatchShare) -> str:
    """What both are: low, high, or between."""
    aspect = _aspect(share)
    low, high = aspect.ends
    middle = (share.asked + share.found) / 2
    if middle < low:
        return aspect.low
    return aspect.high if middle > high else ""


def _fact(share: MatchShare) -> str:
    if share.aspect == "tempo":
        return f"{2**share.found:.0f} beats a minute against {2**share.asked:.0f}"
    return _called(share)


def _different(share: MatchShare) -> str:
    aspect = _aspect(share)
    said = aspect.higher if share.found > share.asked else aspect.lower
    if aspect.name == "tempo":
        return f"{said} ({2**share.found:.0f} beats a minute against {2**share.asked:.0f})"
    return said
