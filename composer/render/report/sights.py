"""What the picture shows, for the report: each thing that is named, how surely, and where."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.picture.content.content import Content
from analysis.picture.content.words import words
from composer.explanation.shown import MAYBE
from composer.values import Piece

MOST = 4
WIDTH = 1000  # of the drawing


@dataclass(frozen=True, slots=True)
class Shade:
    """A place of the picture, in the drawing's units, and how much of the thing is seen there: from
    0 to 1, where it is seen most."""

    x: float
    y: float
    width: float
    height: float
    much: float


@dataclass(frozen=True, slots=True)
class Sight:
    """A thing, with its probability, who said so in place of what is seen, or "", each region's
    share of it in per cent, and the places that it is seen at."""

    says: str
    probability: float
    said_by: str
    regions: tuple[tuple[str, int], ...]
    shades: tuple[Shade, ...]


def sights(piece: Piece, height: int) -> tuple[Sight, ...]:
    """The things that may be named, the surest first; height: of the drawing, 1,000 wide."""
    analysis = piece.analysis
    content = analysis.content
    found = []
    for word in words().values():
        probability = analysis.features[word.feature]
        if probability < MAYBE:
            continue
        shares = [float(share[word.feature]) / probability for share in content.shares]
        named = zip((region.name for region in analysis.regions), shares, strict=False)
        found.append(
            Sight(
                word.says,
                probability,
                _sayer(word.feature, content),
                tuple((name, round(100 * share)) for name, share in named),
                _shades(piece, word.feature, height),
            )
        )
    return tuple(sorted(found, key=lambda sight: -sight.probability)[:MOST])


def _sayer(feature: str, content: Content) -> str:
    if feature in content.yours:
        return "you"
    return "the captioning model" if feature in content.named else ""


def _shades(piece: Piece, feature: str, height: int) -> tuple[Shade, ...]:
    content = piece.analysis.content
    if feature not in content.places or _sayer(feature, content):
        return ()
    grid = content.places[feature]
    rows, columns = grid.shape
    most = float(grid.max())
    return tuple(
        Shade(
            round(WIDTH * column / columns, 1),
            round(height * row / rows, 1),
            round(WIDTH / columns, 1),
            round(height / rows, 1),
            round(float(grid[row, column]) / most, 2),
        )
        for row in range(rows)
        for column in range(columns)
        if grid[row, column] > 0.05 * most
    )
