"""The mood that a table hears in music against people's ratings of clips, by blocks.

A folder holds MIDI files and ratings.csv with the columns file, block, valence and arousal; clips
of one block may come of one piece, and are never on both sides of a fold.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.music.catalogue import MUSIC
from analysis.music.sound import LONGEST, RATE, SampledSound, measure_sound
from composer.errors import UserError
from composer.evaluate.mood import Correlation, correlate
from composer.hearing.heard import hear_file
from composer.hearing.mood import AXES, axes, load_mood_table, strengths
from composer.table import Table
from corpora.progress import watched

Floats = NDArray[np.float64]
COLUMNS = ("file", "block", *AXES)
FOLDS = 10
PENALTY = 8.0  # on the squared weights, of ratings in standard deviations
SPREAD = 0.5  # standard deviation of the mood that suggested amounts give


@dataclass(frozen=True, slots=True)
class RatedClip:
    """A clip: what is measured on its notes or on its sound, and people's mean ratings."""

    file: str
    block: int
    ratings: Mapping[str, float]
    features: Mapping[str, float]


def read_clips(folder: str, sound: bool = False) -> tuple[RatedClip, ...]:
    """The clips of a folder that can be measured; with `sound`, each rendered and measured so.

    Raises UserError.
    """
    path = Path(folder) / "ratings.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise UserError(
            f"{path} cannot be read.", "Give a folder with MIDI and ratings.csv."
        ) from None
    if not rows or not set(COLUMNS) <= set(rows[0]):
        raise UserError(f"{path} has not the columns {', '.join(COLUMNS)}.")
    found = []
    for row in watched(rows, "listening" if sound else "reading"):
        clip = Path(folder) / row["file"]
        features = _rendered(clip) if sound else _noted(clip)
        if features:
            ratings = {axis: float(row[axis]) for axis in AXES}
            found.append(RatedClip(row["file"], int(row["block"]), ratings, features))
    if len({clip.block for clip in found}) < FOLDS:
        raise UserError(f"{folder} has not the {FOLDS} blocks of clips that folds are made of.")
    return tuple(found)


def _noted(clip: Path) -> Mapping[str, float]:
    pieces, _ = hear_file(clip)
    return pieces[0].features if pieces else {}


def _rendered(clip: Path) -> Mapping[str, float]:
    from scipy.signal import resample_poly

    from composer.render.audio import BUILT_IN
    from composer.render.audio.coding import RATE as PLAYED
    from composer.render.audio.synth import by_samples

    played = by_samples(clip.read_bytes(), BUILT_IN.path).mean(axis=0)
    samples = resample_poly(played[: round(LONGEST * PLAYED)], 1, PLAYED // RATE)
    try:
        return measure_sound(SampledSound(samples.astype(np.float32), len(samples) / RATE))
    except ValueError:
        return {}


def columns(clips: Sequence[RatedClip]) -> dict[str, Floats]:
    """Feature -> values of shape (clips,), nan where one is not known."""
    return {name: np.array([clip.features.get(name, np.nan) for clip in clips]) for name in MUSIC}


def ratings(clips: Sequence[RatedClip]) -> Floats:
    """People's valence and arousal in standard deviations, shape (clips, 2)."""
    found = np.array([[clip.ratings[axis] for axis in AXES] for clip in clips])
    return np.asarray((found - found.mean(axis=0)) / found.std(axis=0))


def out_of_fold(table: Table, clips: Sequence[RatedClip]) -> Floats:
    """Valence and arousal of each clip by the table's rules with amounts that were fitted to the
    clips of other blocks, in standard deviations of the ratings; shape (clips, 2)."""
    held = strengths(table, columns(clips), len(clips))
    blocks = np.array([clip.block for clip in clips])
    folds = np.unique(blocks, return_inverse=True)[1] % FOLDS
    wanted = ratings(clips)
    guessed = np.zeros_like(wanted)
    for number, axis in enumerate(AXES):
        x = np.stack([held[rule.id] for rule in table.rules_of[axis]], axis=1)
        for fold in range(FOLDS):
            train, test = folds != fold, folds == fold
            weights, base = _ridge(x[train], wanted[train, number])
            guessed[test, number] = x[test] @ weights + base
    return guessed


def _ridge(x: Floats, y: Floats) -> tuple[Floats, float]:
    middle = x.mean(axis=0)
    centred = x - middle
    weights = np.linalg.solve(
        centred.T @ centred + PENALTY * np.eye(x.shape[1]), centred.T @ (y - y.mean())
    )
    return weights, float(y.mean() - middle @ weights)


@dataclass(frozen=True, slots=True)
class MusicMoodReport:
    """How well a table's mood of music follows people's; `kind` says what was measured.

    quadrant: the share of the clips whose mood, by amounts fitted to other blocks, lies in the
    quarter of the plane of valence and arousal that people's ratings give; `chance` is that share
    where the clips' ratings are shuffled.
    """

    table: str
    kind: str
    whole: Mapping[str, Correlation]
    folds: Mapping[str, Correlation]
    quadrant: float
    chance: float

    def __str__(self) -> str:
        rows = [f"The mood of music by the table {self.table}, measured on {self.kind}:"]
        for axis in AXES:
            rows.append(f"  {axis:<8} {self.whole[axis]}")
        rows.append("The same rules with amounts fitted to clips of other blocks:")
        for axis in AXES:
            rows.append(f"  {axis:<8} {self.folds[axis]}")
        rows.append(
            f"  the right quarter of the plane: {self.quadrant:.0%} of the clips; "
            f"of shuffled ones {self.chance:.0%}"
        )
        return "\n".join(rows)


def report(table: Table, clips: Sequence[RatedClip], kind: str) -> MusicMoodReport:
    """Judge a table on rated clips."""
    said, guessed = axes(table, columns(clips), len(clips)), out_of_fold(table, clips)
    people = ratings(clips)
    return MusicMoodReport(
        table.name,
        kind,
        {a: correlate(said[:, n].tolist(), people[:, n].tolist()) for n, a in enumerate(AXES)},
        {a: correlate(guessed[:, n].tolist(), people[:, n].tolist()) for n, a in enumerate(AXES)},
        _same_quarter(guessed, people),
        _same_quarter(guessed, np.random.default_rng(0).permutation(people)),
    )


def _same_quarter(one: Floats, other: Floats) -> float:
    return float(((one > 0) == (other > 0)).all(axis=1).mean())


def main(arguments: Sequence[str]) -> None:
    """Print suggested amounts, fitted to the clips as notes and as sound together."""
    table = load_mood_table()
    both = [read_clips(arguments[0], sound) for sound in (False, True)]
    clips = [clip for found in both for clip in found]
    held = strengths(table, columns(clips), len(clips))
    wanted = np.concatenate([ratings(found) for found in both])
    for number, axis in enumerate(AXES):
        rules = table.rules_of[axis]
        x = np.stack([held[rule.id] for rule in rules], axis=1)
        weights, base = _ridge(x, wanted[:, number])
        scale = SPREAD / (x[: len(both[0])] @ weights).std()
        print(f"{axis}: start {scale * base:+.2f}")
        for rule, weight in zip(rules, weights.tolist(), strict=True):
            print(f"  {rule.id}: {scale * weight:+.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
