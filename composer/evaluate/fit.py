"""Fits the amounts of the rules for valence and arousal, and says honestly how well that works.

    python -m composer.evaluate.fit FOLDER

The weights are held near what the evidence says and to its signs: least squares plus a penalty on
the distance from `PRIOR`. How strong the penalty is, and how large the evidence's effects are on
this scale, is chosen by cross-validation inside every training fold, so that the printed r is of
pictures that neither weights nor settings have seen. Pictures of one subject (beach-1, beach-2)
stay in one fold. The evidence's own figures come from 900 photographs, and rated pictures from
the same set may be among them: only pictures of another set test the evidence itself.
The last three rules for arousal were picked because they correlate on 182 of these photographs; no
fold can know that, and the r out of fold flatters arousal on those (.48 with them, .43 without).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from composer.errors import UserError
from composer.evaluate.mood import AXES, Correlation, Rated, correlate, read_rated
from composer.mapping import Table, decide, load_table
from composer.vocabulary import vocabulary
from corpora.progress import progress

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
