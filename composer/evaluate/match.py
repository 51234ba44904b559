"""How well music is found for pictures: both sides' moods against people's, and against chance.

The truth is how far apart people's ratings of a picture and of a clip lie, on valence and arousal
in standard deviations of each side. Half is not chance here: some clips are near to most pictures,
so that the row of shuffled pictures is what has to be beaten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from composer.evaluate.mood import Rated
from composer.evaluate.music_mood import (
    MusicMoodReport,
    RatedClip,
    out_of_fold,
    ratings,
    report,
)
from composer.hearing.mood import AXES
from composer.table import Table, decide

Floats = NDArray[np.float64]
TOP = 10
CHOICES = 200  # pairs of clips that are offered for each picture
SHUFFLES = 20


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One way to know the mood of pictures and clips, judged.

    r: of all pairs' distances with people's. distance: people's mean distance of the ten clips that
    are offered first. choice: how often, of two clips, the one that people's ratings put nearer.
    rank: the mean of one over the first place at which one of people's nearest ten stands.
    precision: the share of the ten that are among people's nearest tenth.
    """

    name: str
    r: float
    distance: float
    choice: float
    rank: float
    precision: float


@dataclass(frozen=True, slots=True)
class MatchReport:
    """The table of rows, and the mood of the music alone."""

    pictures: int
    clips: int
    rows: tuple[MatchRow, ...]
    music: tuple[MusicMoodReport, ...]

    def __str__(self) -> str:
        said = [
            f"{self.pictures} pictures and {self.clips} clips that people rated; the clips' "
            "mood by amounts fitted to other blocks.",
            "",
            f"{'':<44}{'pair r':>8}{'top ten':>9}{'of two':>8}{'MRR':>7}{'P@10':>7}",
        ]
        for row in self.rows:
            said.append(
                f"{row.name:<44}{row.r:>8.3f}{row.distance:>9.3f}{row.choice:>8.3f}"
                f"{row.rank:>7.3f}{row.precision:>7.3f}"
            )
        return "\n".join([*said, *(f"\n{each}" for each in self.music)])


def evaluate_match(
    table: Table,
    hearing: Table,
    rated: Sequence[Rated],
    clips: Sequence[RatedClip],
    sounding: Sequence[RatedClip] = (),
) -> MatchReport:
    """Judge a table for pictures and one of how music is heard, on what people rated.

    sounding: the same clips as sound, for their mood alone.
    """
    people = _standard(np.array([[each.ratings[axis] for axis in AXES] for each in rated]))
    made = [decide(table, each.features) for each in rated]
    decided = _standard(np.array([[each.number(axis) for axis in AXES] for each in made]))
    heard, guessed = ratings(clips), _standard(out_of_fold(hearing, clips))
    truth = _apart(people, heard)
    random = np.random.default_rng(0)
    offered = random.integers(0, len(clips), (CHOICES, 2))
    shuffled = [
        judge("", _apart(decided[random.permutation(len(rated))], guessed), truth, offered)
        for _ in range(SHUFFLES)
    ]
    rows = (
        judge("people's pictures, people's music", truth, truth, offered),
        judge("people's pictures, the table's music", _apart(people, guessed), truth, offered),
        judge("the table's pictures, people's music", _apart(decided, heard), truth, offered),
        judge("the table's pictures, the table's music", _apart(decided, guessed), truth, offered),
        _mean(f"the same, pictures shuffled ({SHUFFLES} times)", shuffled),
    )
    music = [report(hearing, clips, "notes")]
    if sounding:
        music.append(report(hearing, sounding, "our own rendering as sound"))
    return MatchReport(len(rated), len(clips), rows, tuple(music))


def judge(name: str, found: Floats, truth: Floats, offered: NDArray[np.int64]) -> MatchRow:
    """The figures of distances of shape (pictures, clips) against people's.

    offered: numbers of clips, shape (n, 2).
    """
    order = np.argsort(found, axis=1, kind="stable")
    near = np.argsort(np.argsort(truth, axis=1, kind="stable"), axis=1)
    places = np.take_along_axis(near, order, axis=1)
    top = np.take_along_axis(truth, order[:, :TOP], axis=1)
    one, other = offered.T
    differ = truth[:, one] != truth[:, other]
    ours, theirs = found[:, one] < found[:, other], truth[:, one] < truth[:, other]
    return MatchRow(
        name,
        float(np.corrcoef(found.ravel(), truth.ravel())[0, 1]),
        float(top.mean()),
        float((ours == theirs)[differ].mean()),
        float((1 / (1 + (places < TOP).argmax(axis=1))).mean()),
        float((places[:, :TOP] < truth.shape[1] / 10).mean()),
    )


def _mean(name: str, rows: Sequence[MatchRow]) -> MatchRow:
    def mean(values: Sequence[float]) -> float:
        return float(np.mean(values))

    return MatchRow(
        name,
        mean([row.r for row in rows]),
        mean([row.distance for row in rows]),
        mean([row.choice for row in rows]),
        mean([row.rank for row in rows]),
        mean([row.precision for row in rows]),
    )


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean(axis=0)) / values.std(axis=0))


def _apart(pictures: Floats, clips: Floats) -> Floats:
    """Distances, shape (pictures, clips)."""
    return np.asarray(np.linalg.norm(pictures[:, None] - clips[None], axis=2))
