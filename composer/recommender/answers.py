"""The pieces that fit, the nearest first, each with its shares and the reasons in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import PurePosixPath

import numpy as np

from composer.recommender.aspects import ASPECTS, NAMES, UNKNOWN, MatchAspect, weights
from composer.recommender.pool import FARTHEST, Floats, PieceName, Pool
from composer.recommender.words import place, reason

PLACES = Decimal("0.0001")
DEEP = 20  # times as many candidates as answers, where they have to differ


@dataclass(frozen=True, slots=True)
class MatchShare:
    """One aspect of a match: what was asked and what the piece is, in the aspect's own unit; how
    far apart, from 0 to 1; and the part that it has in the score."""

    aspect: str
    asked: float
    found: float
    apart: float
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """A piece that fits: its score, 0 at best and 1 at worst, is the sum of its shares and of
    `unknown` exactly.

    absent: what was asked and is not known of the piece; `unknown` is what that counts, with what
    is known but with little confidence.
    """

    piece: PieceName
    score: Decimal
    shares: tuple[MatchShare, ...]
    absent: tuple[str, ...]
    unknown: Decimal

    @property
    def reason(self) -> str:
        """Why it fits, and where it does not, in words."""
        return reason(self.shares, self.absent)

    def to_json(self) -> dict[str, object]:
        """The answer as JSON-able data; the shares as numbers of four places."""
        piece = self.piece
        return {
            "title": piece.title,
            "composer": piece.composer,
            "collection": piece.collection,
            "file": piece.path,
            "part": piece.part,
            "place": place(piece),
            "measured_on": piece.source,
            "score": float(self.score),
            "reason": self.reason,
            "shares": [
                {
                    "aspect": each.aspect,
                    "asked": round(each.asked, 4),
                    "found": round(each.found, 4),
                    "apart": round(each.apart, 4),
                    "amount": float(each.amount),
                }
                for each in self.shares
            ],
            "absent": list(self.absent),
            "unknown": float(self.unknown),
        }


def answers(pool: Pool, target: Floats, top: int, *, diverse: bool = False) -> tuple[Answer, ...]:
    """The nearest pieces; of pieces that measure wholly alike, and are called alike, the first.

    target: what is asked, in spreads, shape (aspects,), nan what is not asked.
    diverse: no composer and no file comes again before others have come.
    """
    if np.isnan(target).all():
        return ()
    numbers = pool.nearest(target, max(top * (DEEP if diverse else 3), top + 20)).tolist()
    named = pool.named(numbers)
    found: list[Answer] = []
    seen: set[tuple[str, bytes]] = set()
    for number, piece in zip(numbers, named, strict=True):
        values = pool.values[number]
        mark = (piece.title, np.nan_to_num(values, nan=FARTHEST).round(3).tobytes())
        if mark not in seen and not np.isnan(values[~np.isnan(target)]).all():
            seen.add(mark)
            found.append(_answer(piece, values, target))
    if diverse:
        found = _apart(found, top)
    return tuple(found[:top])


def _answer(piece: PieceName, values: Floats, target: Floats) -> Answer:
    held = weights(piece.source)
    rows = [
        (aspect, weight, asked, value)
        for aspect, weight, asked, value in zip(
            ASPECTS, held.tolist(), target.tolist(), values.tolist(), strict=True
        )
        if not math.isnan(asked)
    ]
    known = [row for row in rows if not math.isnan(row[3]) and row[1] > 0]
    wanted = weights("notes").tolist()
    most = math.fsum(w for w, each in zip(wanted, target.tolist(), strict=True) if each == each)
    shares = tuple(_share(*row, most) for row in known)
    rest = UNKNOWN * (most - math.fsum(row[1] for row in known)) / most
    unknown = Decimal(rest).quantize(PLACES)
    names = {row[0].name for row in known}
    absent = tuple(row[0].name for row in rows if row[0].name not in names)
    score = sum((each.amount for each in shares), unknown)
    return Answer(piece, score, shares, absent, unknown)


def _share(
    aspect: MatchAspect, weight: float, asked: float, value: float, total: float
) -> MatchShare:
    apart = min(1.0, abs(value - asked))
    amount = Decimal(weight * apart / total).quantize(PLACES)
    return MatchShare(aspect.name, asked * aspect.spread, value * aspect.spread, apart, amount)


def _apart(found: Sequence[Answer], top: int) -> list[Answer]:
    """The answers in rounds: in each, every composer and every file comes once at most."""
    waiting, chosen = list(found), list[Answer]()
    while waiting and len(chosen) < top:
        taken: Counter[str] = Counter()
        rest = []
        for answer in waiting:
            group = _group(answer.piece)
            if taken[group]:
                rest.append(answer)
            else:
                taken[group] += 1
                chosen.append(answer)
        waiting = rest
    return chosen


def _group(piece: PieceName) -> str:
    """Its composer; without one, the file of several pieces or the folder that it is in."""
    path = PurePosixPath(place(replace(piece, part="")))
    return piece.composer or str(path if piece.part else path.parent)


def mood_target(mood: str) -> Floats:
    """What a named mood asks: valence and arousal, and of some moods one of them alone."""
    target = np.full(len(NAMES), np.nan, np.float32)
    for name, value in MOODS[mood].items():
        column = NAMES.index(name)
        target[column] = value / ASPECTS[column].spread
    return target


# Where moods lie on the two axes of felt emotion (after Russell 1980), and four plain words.
MOODS: Mapping[str, Mapping[str, float]] = {
    "calm": {"arousal": -0.7},
    "lively": {"arousal": 0.7},
    "happy": {"valence": 0.7},
    "sad": {"valence": -0.6, "arousal": -0.4},
    "joyful": {"valence": 0.7, "arousal": 0.5},
    "playful": {"valence": 0.5, "arousal": 0.2},
    "serene": {"valence": 0.5, "arousal": -0.6},
    "tender": {"valence": 0.2, "arousal": -0.6},
    "dreamy": {"valence": 0.1, "arousal": -0.7},
    "wistful": {"valence": -0.2, "arousal": -0.3},
    "melancholy": {"valence": -0.6, "arousal": -0.5},
    "sombre": {"valence": -0.7, "arousal": -0.3},
    "mysterious": {"valence": -0.3, "arousal": -0.1},
    "tense": {"valence": -0.6, "arousal": 0.6},
    "dramatic": {"valence": -0.3, "arousal": 0.8},
    "heroic": {"valence": 0.3, "arousal": 0.8},
}
