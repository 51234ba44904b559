"""The table's valence and arousal against people's, on a folder of rated photographs."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import load
from composer.errors import UserError
from composer.music.vocabulary import vocabulary
from composer.table import Table, decide, load_table, measured
from corpora.progress import progress, watched

AXES = ("valence", "arousal")
_COLUMNS = ("file", *AXES)


@dataclass(frozen=True, slots=True)
class Rated:
    """One photograph: its features (those of regions too), people's mean ratings in the file's own
    scale, and all that was measured, if it is to be composed from."""

    file: str
    features: Mapping[str, float]
    ratings: Mapping[str, float]
    analysis: Analysis | None = None

    @property
    def subject(self) -> str:
        """What the file is named after: pictures of one subject are alike (beach-1, beach-2)."""
        return Path(self.file).stem.rstrip("0123456789").rstrip("-_ ")


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
                "Published ceiling for pixels alone: 6 to 20 % (Redies et al. 2020).",
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
    """The rated pictures of a folder, measured. Raises UserError."""
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
        rated.append(Rated(row["file"], measured(analysis), ratings, analysis))
    return tuple(rated)


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


# The correlations that the rules' evidence gives; their size orders and signs the amounts. Where
# two rules share one finding (light and dark), each has half.
PRIOR: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "valence": {
            "colourful-pleases": 0.21,
            "saturation-pleases": 0.18,
            "light-pleases": 0.05,
            "blue-pleases": 0.08,
            "busy-tires": -0.09,
            "lines-sober": -0.11,
            "dark-red-angers": -0.05,
            "grey-saddens": -0.08,
        },
        "arousal": {
            "colourful-pleases": 0.09,
            "saturation-pleases": 0.08,
            "light-calms": -0.10,
            "darkness-excites": 0.06,
            "busy-tires": -0.19,
            "lines-sober": -0.23,
            "contrast-excites": 0.17,
            "red-excites": 0.12,
            "green-calms": -0.10,
            "dark-red-angers": 0.05,
            "far-colours-excite": 0.10,
            "wide-border-excites": 0.08,
            "open-excites": 0.06,
        },
    }
)
_PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
_SCALES = (0.5, 1.0, 2.0)
_FOLDS = 10
_REPEATS = 5

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Amounts for one axis, in standard deviations of the ratings, and two correlations:
    of the fit on the pictures it was made from, and out of fold."""

    axis: str
    amounts: Mapping[str, float]
    inside: Correlation
    outside: Correlation


def fit(table: Table, rated: Sequence[Rated], axis: str) -> Fitted:
    """Fit the amounts of `axis` (valence or arousal) to people's ratings.

    Raises UserError where the pictures show fewer than ten subjects.
    """
    from sklearn.model_selection import GroupKFold

    prior = {r.id: PRIOR[axis][r.id] for r in table.rules if axis in r.adds}
    runs = [decide(table, each.features).strengths for each in rated]
    x = np.array([[float(run[name]) for name in prior] for run in runs])
    y = np.array([each.ratings[axis] for each in rated])
    y = (y - y.mean()) / y.std()
    expected = np.array(list(prior.values()))
    groups = np.array([each.subject for each in rated])
    if len(set(groups.tolist())) < _FOLDS:
        raise UserError(f"A fit needs pictures of at least {_FOLDS} subjects.")
    guesses = np.zeros_like(y)
    with progress(_REPEATS * _FOLDS, f"fitting {axis}") as step:
        for repeat in range(_REPEATS):
            folds = GroupKFold(_FOLDS, shuffle=True, random_state=repeat)
            for train, test in folds.split(x, y, groups):
                settings = _choose(x[train], y[train], expected, groups[train])
                weights, base = _weights(x[train], y[train], expected, *settings)
                guesses[test] += x[test] @ weights + base
                step()
    weights, base = _weights(x, y, expected, *_choose(x, y, expected, groups))
    return Fitted(
        axis,
        dict(zip(prior, weights.tolist(), strict=True)),
        correlate((x @ weights).tolist(), y.tolist()),
        correlate(guesses.tolist(), y.tolist()),
    )


def _choose(x: Floats, y: Floats, expected: Floats, groups: Floats) -> tuple[float, float]:
    """The penalty and the scale of the evidence with the least error in five folds."""
    from sklearn.model_selection import GroupKFold

    errors: dict[tuple[float, float], float] = {}
    folds = list(GroupKFold(5).split(x, y, groups))
    for penalty in _PENALTIES:
        for scale in _SCALES:
            error = 0.0
            for train, test in folds:
                weights, base = _weights(x[train], y[train], expected, penalty, scale)
                error += float(((x[test] @ weights + base - y[test]) ** 2).sum())
            errors[penalty, scale] = error
    return min(errors, key=lambda key: errors[key])


def _weights(
    x: Floats, y: Floats, expected: Floats, penalty: float, scale: float
) -> tuple[Floats, float]:
    """Weights with the signs of `expected`, and the base: ridge towards scale * expected.

    The penalty is written as further rows of a non-negative least-squares problem.
    """
    from sklearn.linear_model import LinearRegression

    signs = np.where(expected < 0, -1.0, 1.0)
    middle = x.mean(axis=0)
    rows = np.vstack([(x - middle) * signs, np.sqrt(penalty) * np.eye(len(expected))])
    wanted = np.concatenate([y - y.mean(), np.sqrt(penalty) * scale * np.abs(expected)])
    model = LinearRegression(positive=True, fit_intercept=False).fit(rows, wanted)
    weights: Floats = model.coef_ * signs
    return weights, float(y.mean() - middle @ weights)


def main(arguments: Sequence[str]) -> None:
    """Print suggested amounts: scaled so that two standard deviations of the table's mood are 1."""
    rated = read_rated(arguments[0])
    table = load_table(None, vocabulary())
    for axis in AXES:
        fitted = fit(table, rated, axis)
        strengths = [decide(table, each.features).strengths for each in rated]
        raw = np.array(
            [sum(w * float(run[name]) for name, w in fitted.amounts.items()) for run in strengths]
        )
        scale = 0.5 / raw.std()
        print(f"{axis}: fitted {fitted.inside}; out of fold {fitted.outside}")
        print(f"  start: {-scale * np.median(raw):+.2f}")
        for name, weight in fitted.amounts.items():
            print(f"  {name}: {{{axis}: {scale * weight:+.2f}}}")


if __name__ == "__main__":
    main(sys.argv[1:])
