"""The other way: the pictures that fit a piece, by the same table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from composer.hearing.heard import SOUND, HeardPiece
from composer.recommender.answers import Answer, answers
from composer.recommender.aspects import wanted
from composer.recommender.pool import PieceName, Pool
from composer.recommender.recommend import of_piece
from composer.table import Decisions, Table


@dataclass(frozen=True, slots=True)
class PictureAnswer:
    """A picture that fits a piece: its name, and the match seen from the picture."""

    picture: str
    match: Answer

    @property
    def score(self) -> Decimal:
        return self.match.score


def fitting(
    piece: HeardPiece, place: str, table: Table, decided: Iterable[tuple[str, Decisions]]
) -> tuple[PictureAnswer, ...]:
    """Every picture with how well the piece fits it, the best first.

    place: what the piece's file is called. table: of how music is heard. decided: pictures with
    what a table decided for each.
    """
    named = PieceName("", place, piece.part, piece.title, piece.composer, piece.source)
    values = of_piece(piece, table).target[None]
    pool = Pool(values, np.array([piece.source == SOUND]), lambda numbers: [named] * len(numbers))
    found = [PictureAnswer(name, each) for name, made in decided for each in _of(pool, made)]
    return tuple(sorted(found, key=lambda each: (each.score, each.picture)))


def _of(pool: Pool, made: Decisions) -> Iterator[Answer]:
    yield from answers(pool, wanted(made), 1)
