"""The table's valence and arousal against people's, on rated photographs: a folder or numbers."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.content.content import read
from analysis.picture.content.network import look
from analysis.picture.content.words import SEEN, words
from analysis.picture.load import load
from composer.errors import UserError
from composer.table import Table, decide, measured
from corpora.progress import watched

AXES = ("valence", "arousal")
_COLUMNS = ("file", *AXES)


@dataclass(frozen=True, slots=True)
class Rated:
    """One photograph: its features (those of regions too), people's mean ratings in the file's own
    scale, and all that was measured, if it is to be composed from.

    pooled: the network's pooled features (1280,), from which the readings are learned.
    family: the theme of it and of those that are like it; its file's name says it where it is "".
    kind: what it is of (person, animal, object, scenery), or "" where that is not known.
    """

    file: str
    features: Mapping[str, float]
    ratings: Mapping[str, float]
    analysis: Analysis | None = None
    pooled: np.ndarray | None = None
    family: str = ""
    kind: str = ""

    @property
    def subject(self) -> str:
        """What it is of: pictures of one subject are alike (beach-1, beach-2)."""
        return self.family or Path(self.file).stem.rstrip("0123456789").rstrip("-_ ")

    @property
    def alive(self) -> bool:
        """Is it of people or animals?"""
        return self.kind in ("person", "animal")


@dataclass(frozen=True, slots=True)
class Correlation:
    """Pearson's r over n pictures with its 95 % confidence interval, by Fisher's z."""

    r: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"r = {self.r:+.2f}  95 % CI {self.low:+.2f} to {self.high:+.2f}  n = {self.n}"


@dataclass(frozen=True, slots=True)
class MoodReport:
    """How well a table's mood follows people's, and what it said of each picture."""

    table: str
    valence: Correlation
    arousal: Correlation
    decided: Mapping[str, tuple[float, float]]

    def __str__(self) -> str:
        shares = [100 * each.r**2 for each in (self.valence, self.arousal)]
        return "\n".join(
            (
                f"The mood of {len(self.decided)} rated photographs, by the table {self.table}:",
                f"  valence  {self.valence}  ({shares[0]:.0f} % of the variance)",
                f"  arousal  {self.arousal}  ({shares[1]:.0f} % of the variance)",
                "In sample, where it was fitted to these. Published for pixels alone:",
                "6 to 20 % (Redies et al. 2020).",
            )
        )


def report(table: Table, rated: Sequence[Rated]) -> MoodReport:
    """Compare a table's valence and arousal with people's ratings of pictures."""
    decided = {}
    for each in rated:
        made = decide(table, each.features)
        decided[each.file] = (made.number("valence"), made.number("arousal"))
    found = [
        correlate([values[i] for values in decided.values()], [e.ratings[axis] for e in rated])
        for i, axis in enumerate(AXES)
    ]
    return MoodReport(table.file, found[0], found[1], decided)


def read_rated(directory: str | Path) -> tuple[Rated, ...]:
    """The rated pictures of a folder, measured, or a .npz of what was measured on some.

    Raises UserError.
    """
    if Path(directory).suffix == ".npz":
        return read_numbers(Path(directory))
    path = Path(directory) / "ratings.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError):
        hint = f"It needs the columns {', '.join(_COLUMNS)}."
        raise UserError(f"There is no readable {path}.", hint) from None
    if len(rows) < 4 or any(row.get(column) is None for row in rows for column in _COLUMNS):
        hint = f"It needs the columns {', '.join(_COLUMNS)} and at least four rows."
        raise UserError(f"{path} cannot be used.", hint)
    rated = []
    for number, row in enumerate(watched(rows, "measuring", len(rows)), 2):
        try:
            ratings = {axis: float(row[axis]) for axis in AXES}
        except ValueError:
            raise UserError(f"Line {number} of {path} has a rating that is no number.") from None
        analysis = analyse(load(str(path.parent / row["file"])), look=True)
        kind = (row.get("category") or "").lower()
        pooled = look(analysis.picture.pixels).features.mean(axis=(1, 2))
        features = measured(analysis)
        rated.append(Rated(row["file"], features, ratings, analysis, pooled, kind=kind))
    return tuple(rated)


def read_numbers(path: Path) -> tuple[Rated, ...]:
    """Photographs as numbers: arrays picture, family, category, valence, arousal,
    class_probability (n, 1000), pooled_feature (n, 1280), pixel_feature and pixel_feature_names.

    What is measured in regions is not among them, and is taken from the whole. Raises UserError.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            data = {name: file[name] for name in file.files}
        pixels = data["pixel_feature"].astype(float)
        classes = data["class_probability"].astype(float)
        pooled = data["pooled_feature"].astype(float)
        names = [str(name) for name in data["pixel_feature_names"]]
        rows = range(len(data["picture"]))
        kinds = [str(data["category"][row]).lower() for row in rows]
        ratings = [{axis: float(data[axis][row]) for axis in AXES} for row in rows]
        subjects = [(str(data["picture"][row]), str(data["family"][row])) for row in rows]
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"{path} cannot be used: {error}.") from None
    rated = []
    for row in rows:
        features = dict(zip(names, pixels[row].tolist(), strict=True))
        for word in words().values():
            features[word.feature] = round(float(classes[row, list(word.classes)].sum()), 3)
        features |= {**read(pooled[row]), SEEN: 1.0}
        found = _Everywhere(features)
        name, family = subjects[row]
        rated.append(Rated(name, found, ratings[row], None, pooled[row], family, kinds[row]))
    return tuple(rated)


class _Everywhere(dict[str, float]):
    """Features of a picture that has no regions: each is the whole's."""

    def __missing__(self, name: str) -> float:
        return self[name.partition(" in ")[0]] if " in " in name else 0.0


def correlate(x: Sequence[float], y: Sequence[float]) -> Correlation:
    """Pearson's r; where one side does not vary it is nought.

    The interval is tanh(artanh r ± 1.96 / sqrt(n - 3)) (Fisher 1921).

    >>> str(correlate([1, 2, 3, 4, 5], [1, 3, 2, 5, 4]))
    'r = +0.80  95 % CI -0.28 to +0.99  n = 5'
    """
    n = len(x)
    mean_x, mean_y = sum(x) / n, sum(y) / n
    xx = sum((a - mean_x) ** 2 for a in x)
    yy = sum((b - mean_y) ** 2 for b in y)
    xy = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    r = xy / math.sqrt(xx * yy) if xx > 0 and yy > 0 else 0.0
    z = math.atanh(max(-0.999999, min(0.999999, r)))
    half = 1.959964 / math.sqrt(n - 3)
    return Correlation(r, math.tanh(z - half), math.tanh(z + half), n)
