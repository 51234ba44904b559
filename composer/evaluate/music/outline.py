"""Is the picture heard? Its outline in the tune, and the picture found among ten by its music."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

from composer.evaluate.music.notes import Music
from composer.vocabulary import ROLES

SAMPLES = 32  # places of a section at which tune and skyline are compared
AMONG = 10  # pictures among which one is looked for
FOLDS = 10
PENALTY = 100.0  # of the ridge regression, on standardised numbers
LONGEST = 96  # ticks; longer notes count as this
Vector = NDArray[np.float64]


def contour(music: Music, start: int, end: int) -> Vector | None:
    """The melody's height at the middles of equal stretches; through a rest the last note goes on.

    None where it has fewer than three pitches there.
    """
    line = music.melody
    line = line[(line["start"] < end) & (line["end"] > start)]
    if len({*line["pitch"].tolist()}) < 3:
        return None
    places = start + (np.arange(SAMPLES) + 0.5) * (end - start) / SAMPLES
    here = np.clip(np.searchsorted(line["start"], places, side="right") - 1, 0, None)
    return np.asarray(line["pitch"][here], float)


def outline(skyline: Sequence[float]) -> Vector:
    """A skyline's height at as many places."""
    heights = np.asarray(skyline, float)
    places = (np.arange(SAMPLES) + 0.5) / SAMPLES * len(heights) - 0.5
    return np.asarray(np.interp(places, np.arange(len(heights)), heights))


def alike(one: Vector, other: Vector) -> float:
    """Pearson's r; nought where either is level."""
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size > 1e-12 else 0.0


def followed(music: Music) -> list[float]:
    """How the melody follows the skyline in each section that shows it, r; none where it hardly
    moves."""
    sky = outline(music.skyline)
    curves = (contour(music, start, end) for start, end in music.shown)
    return [alike(curve, sky) for curve in curves if curve is not None]


def found_by_contour(pieces: Sequence[Music]) -> list[float]:
    """For each piece the chance that its own skyline is the one that the first section which shows
    it follows best among ten, the nine others drawn from all pictures."""
    curves = [contour(piece, *piece.shown[0]) if piece.shown else None for piece in pieces]
    skies = [outline(piece.skyline) for piece in pieces]
    return [
        first_among([alike(curve, sky) for sky in skies], own)
        for own, curve in enumerate(curves)
        if curve is not None
    ]


def first_among(likeness: Sequence[float], own: int, among: int = AMONG) -> float:
    """The chance that `own` is likest of itself and among − 1 others drawn without return.

    Of those that are as like, each is as likely to be taken.

    >>> first_among([0.9, 0.1, 0.5], 2, 2)
    0.5
    """
    others = [each for number, each in enumerate(likeness) if number != own]
    drawn = min(among - 1, len(others))
    below = sum(each < likeness[own] for each in others)
    level = sum(each == likeness[own] for each in others)
    return sum(
        comb(level, tied) * comb(below, drawn - tied) / (tied + 1)
        for tied in range(min(level, drawn) + 1)
    ) / comb(len(others), drawn)


def found_by_music(pieces: Sequence[Music]) -> list[float]:
    """The same by all of its music: pictures' features predicted from numbers of the music by
    ridge regression, each piece's by what the other nine folds say.

    The picture taken is the one of greatest likelihood given the prediction, against what it would
    have unheard: a prediction is drawn towards the mean, and the mere nearest picture would be an
    ordinary one. How far predictions stray is learned within the nine folds, by folds of theirs.
    """
    heard = _standard(np.array([numbers(piece) for piece in pieces]))
    seen = _standard(np.array([piece.features for piece in pieces]))
    seen = seen[:, seen.std(axis=0) > 0.5]  # what never varies says nothing
    chances = np.zeros(len(pieces))
    folds = np.arange(len(pieces)) % FOLDS
    for fold in {*folds.tolist()}:
        kept, out = folds != fold, folds == fold
        found = ridge(heard[kept], seen[kept], heard[out])
        astray = _spread(seen[kept] - _predicted(heard[kept], seen[kept]))
        usual = _spread(seen[kept])
        unlike = seen - seen[kept].mean(axis=0)
        unheard = np.einsum("jk,kl,jl->j", unlike, usual, unlike)
        for row, own in zip(found, np.flatnonzero(out).tolist(), strict=True):
            away = seen - row
            score = unheard - np.einsum("jk,kl,jl->j", away, astray, away)
            chances[own] = first_among(score.tolist(), own)
    return [float(chance) for chance in chances]


def _predicted(heard: Vector, seen: Vector) -> Vector:
    """Each row's features by what the other folds of the rows say."""
    found = np.zeros_like(seen)
    folds = np.arange(len(seen)) % FOLDS
    for fold in {*folds.tolist()}:
        kept, out = folds != fold, folds == fold
        found[out] = ridge(heard[kept], seen[kept], heard[out])
    return found


def _spread(rows: Vector) -> Vector:
    """The inverse of the rows' covariances, shrunk by half towards their variances alone."""
    whole = np.atleast_2d(np.cov(rows.T))
    return np.asarray(np.linalg.inv((whole + np.diag(np.diag(whole))) / 2))


def ridge(known: Vector, answers: Vector, asked: Vector, penalty: float = PENALTY) -> Vector:
    """Answers for `asked` by a linear model of the known ones, its squared weights penalised."""
    middle, mean = known.mean(axis=0), answers.mean(axis=0)
    centred = known - middle
    inner = centred @ centred.T + penalty * np.eye(len(known))
    weights = centred.T @ np.linalg.solve(inner, answers - mean)
    return np.asarray((asked - middle) @ weights + mean)


def _standard(rows: Vector) -> Vector:
    """Columns in standard deviations about their means; what never varies is nought."""
    spread = rows.std(axis=0)
    return np.asarray((rows - rows.mean(axis=0)) / np.where(spread > 1e-12, spread, 1.0))


def numbers(music: Music) -> list[float]:
    """What is to be heard of a piece, as numbers: of every kind a share, so that length is none.

    Pitch classes and heights, intervals, durations and places in the bar of the melody and of all;
    chords' roots and sizes; who plays, how much, how high and how loud; tempo, metre, length.
    """
    line, notes, bar = music.melody, music.notes, music.metre.bar
    found: list[float] = []
    for each in (line, music.pitched):
        found += _shares(each["pitch"] % 12, 12)
        found += _shares(np.minimum(each["end"] - each["start"], LONGEST) // 6, 17)
    found += _shares(np.clip(np.diff(line["pitch"].astype(int)), -12, 12) + 12, 25)
    for each in (line, notes):
        found += _shares(each["start"] % bar * 16 // bar, 16)
    found += _shares(music.chords["root"].astype(int), 12)
    sizes = [len(bin(int(tones))) - 2 for tones in music.chords["tones"]]
    found += [len(music.chords) / music.bars, float(np.mean(sizes)) if sizes else 0.0]
    for number in range(len(ROLES)):
        each = notes[notes["role"] == number]
        found += [len(each) / music.bars]
        found += [float(each[name].mean()) if len(each) else 0.0 for name in ("pitch", "velocity")]
    found += _shares(music.pitched["program"] // 8, 16)
    curve = contour(music, *(music.shown or music.sections)[0])
    found += [0.0] * 8 if curve is None else curve.reshape(8, -1).mean(axis=1).tolist()
    found += [music.facts["tempo"], float(bar), float(music.metre.beat), float(music.bars)]
    return found


def _shares(places: NDArray[np.int64], count: int) -> list[float]:
    return [
        int(each) / max(1, len(places)) for each in np.bincount(places, minlength=count)[:count]
    ]
