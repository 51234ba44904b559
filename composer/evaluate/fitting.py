"""The amounts of the table's mood rules, fitted to people's ratings, and judged on other themes.

A rule keeps the sign that the table gives it. Photographs of one family are never on both sides: a
fit is judged on families that neither its amounts nor its readings were learned from.

    python -m composer.evaluate.fitting rated-content.npz
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.picture.content.content import READINGS
from analysis.picture.content.words import GROUP
from composer.errors import UserError
from composer.evaluate.mood import AXES, Rated, read_rated
from composer.music.vocabulary import vocabulary
from composer.table import Table, decide, load_table
from composer.table.conditions import Is, leaves

Floats = NDArray[np.float64]
Rows = NDArray[np.integer[Any]]  # numbers of pictures

PIXELS, WORDS, READING = "pixels", "words", "readings"
# How much each kind of rule is held to nought: pixels most, for they are known to tell little.
PENALTIES = {PIXELS: 60.0, WORDS: 4.0, READING: 0.16}
# Ridge penalties of the readings, over standardised pooled features.
RIDGE = {"valence": 1000.0, "arousal": 3000.0}
FOLDS, INNER = 10, 8
# From how many of its own standard deviations a reading is level, as the table has it.
REACH = 2.5


@dataclass(frozen=True, slots=True)
class Fit:
    """One axis: each rule's amount, where the axis begins, and what is said of photographs of
    families that the fit has not seen, in the ratings' scale."""

    axis: str
    amounts: Mapping[str, float]
    start: float
    outside: Floats


def kind_of(table: Table, rule: str) -> str:
    """What a rule listens to: pixels, words or a reading."""
    of = next(each for each in table.rules if each.id == rule)
    features = {table.terms[leaf.term].feature for leaf in leaves(of.when) if isinstance(leaf, Is)}
    if any(feature == GROUP + reading for feature in features for reading in READINGS):
        return READING
    return WORDS if any(feature.startswith(GROUP) for feature in features) else PIXELS


def fit(
    table: Table, rated: Sequence[Rated], axis: str, kinds: Sequence[str] = tuple(PENALTIES)
) -> Fit:
    """Fit the amounts of an axis, with rules of these kinds alone.

    Raises UserError where the pictures show fewer than ten subjects.
    """
    data = _Data(table, rated, axis, kinds)
    groups = folds([each.subject for each in rated], FOLDS, 0)
    outside = np.zeros(len(rated))
    for number in range(FOLDS):
        train, test = np.flatnonzero(groups != number), np.flatnonzero(groups == number)
        outside[test] = data.judged(train, test)
    amounts, start = data.fitted(np.arange(len(rated)))
    return Fit(axis, dict(zip(data.rules, amounts.tolist(), strict=True)), start, outside)


def folds(subjects: Sequence[str], count: int, seed: int) -> Rows:
    """A fold's number for each picture: pictures of one subject in one fold, folds of like size."""
    names = np.array(subjects)
    unique, sizes = np.unique(names, return_counts=True)
    if len(unique) < count:
        raise UserError(f"A fit needs pictures of at least {count} subjects.")
    order = np.random.default_rng(seed).permutation(len(unique))
    order = order[np.argsort(-sizes[order], kind="stable")]
    loads, found = [0] * count, {}
    for index in order:
        least = loads.index(min(loads))
        found[str(unique[index])] = least
        loads[least] += int(sizes[index])
    return np.array([found[name] for name in subjects])


class _Data:
    """Strengths (pictures, rules), signs and penalties of an axis, and its ratings."""

    def __init__(
        self, table: Table, rated: Sequence[Rated], axis: str, kinds: Sequence[str]
    ) -> None:
        self.axis = axis
        runs = [decide(table, each.features).strengths for each in rated]
        own = [rule for rule in table.rules if axis in rule.adds]
        of = {rule.id: kind_of(table, rule.id) for rule in own}
        # Rules for pictures that nobody looked at hold for none of these.
        heard = {rule.id for rule in own if any(run[rule.id] for run in runs)}
        speak = [r for r in own if of[r.id] in kinds and (r.id in heard or of[r.id] == READING)]
        self.rules = [rule.id for rule in speak]
        self.strengths = np.array([[float(run[name]) for name in self.rules] for run in runs])
        self.signs = np.array([1.0 if rule.adds[axis] > 0 else -1.0 for rule in speak])
        self.penalties = np.array([PENALTIES[of[name]] for name in self.rules])
        self.reading = [i for i, name in enumerate(self.rules) if of[name] == READING]
        self.subjects = [each.subject for each in rated]
        self.ratings = np.array([each.ratings[axis] for each in rated])
        if self.reading:
            pooled = np.array([each.pooled for each in rated], float)
            standard = (pooled - pooled.mean(axis=0)) / (pooled.std(axis=0) + 1e-9)
            self.kernel = standard @ standard.T

    def read(self, train: Rows, test: Rows) -> Floats:
        """What the ratings of some pictures say of others, by ridge regression."""
        ratings = self.ratings[train]
        inner = self.kernel[np.ix_(train, train)] + RIDGE[self.axis] * np.eye(len(train))
        weights = np.linalg.solve(inner, ratings - ratings.mean())
        read: Floats = self.kernel[np.ix_(test, train)] @ weights
        return read

    def apart(self, train: Rows) -> Floats:
        """What is read of pictures by those of other families among them."""
        groups = folds([self.subjects[i] for i in train], INNER, 5)
        found = np.zeros(len(train))
        for number in range(INNER):
            found[groups == number] = self.read(train[groups != number], train[groups == number])
        return found

    def fitted(self, train: Rows) -> tuple[Floats, float]:
        """Amounts, and the start."""
        x, _ = self._train(train)
        return signed(x, self.ratings[train], self.signs, self.penalties)

    def judged(self, train: Rows, test: Rows) -> Floats:
        """What a fit to some pictures says of others."""
        x, spread = self._train(train)
        amounts, start = signed(x, self.ratings[train], self.signs, self.penalties)
        new = self.strengths[test].copy()
        for column in self.reading:
            new[:, column] = _ramp(self.read(train, test) / spread * self.signs[column])
        said: Floats = new @ amounts + start
        return said

    def _train(self, train: Rows) -> tuple[Floats, float]:
        x, spread = self.strengths[train].copy(), 1.0
        for column in self.reading:
            read = self.apart(train)
            spread = float(read.std())
            x[:, column] = _ramp(read / spread * self.signs[column])
        return x, spread


def _ramp(scores: Floats) -> Floats:
    return np.clip(scores / REACH, 0, 1)


def signed(x: Floats, y: Floats, signs: Floats, penalties: Floats) -> tuple[Floats, float]:
    """Amounts with these signs, or nought, and where they begin: ridge by non-negative least
    squares, with a penalty for each."""
    from scipy.optimize import nnls

    middle = x.mean(axis=0)
    rows = np.vstack([(x - middle) * signs, np.diag(np.sqrt(penalties))])
    amounts, _ = nnls(rows, np.concatenate([y - y.mean(), np.zeros(len(signs))]))
    weights: Floats = amounts * signs
    return weights, float(y.mean() - middle @ weights)


def intervals(
    table: Table, rated: Sequence[Rated], axis: str, draws: int = 200
) -> Mapping[str, tuple[float, float]]:
    """95 % intervals of the amounts, free of sign, by drawing families anew."""
    data = _Data(table, rated, axis, tuple(PENALTIES))
    x, _ = data._train(np.arange(len(rated)))
    subjects = np.array(data.subjects)
    members = {name: np.flatnonzero(subjects == name) for name in np.unique(subjects)}
    names, drawn = list(members), np.random.default_rng(1)
    found = []
    for _ in range(draws):
        rows = np.concatenate([members[name] for name in drawn.choice(names, len(names))])
        away = x[rows] - x[rows].mean(axis=0)
        y = data.ratings[rows] - data.ratings[rows].mean()
        found.append(np.linalg.solve(away.T @ away + np.diag(data.penalties), away.T @ y))
    low, high = np.quantile(found, [0.025, 0.975], axis=0)
    return {name: (low[i], high[i]) for i, name in enumerate(data.rules)}


def main(arguments: Sequence[str]) -> None:
    """Print each rule's fitted amount with its interval, beside the table's."""
    rated, table = read_rated(arguments[0]), load_table(None, vocabulary())
    for axis in AXES:
        found, spans = fit(table, rated, axis), intervals(table, rated, axis)
        mean = float(np.mean([each.ratings[axis] for each in rated]))
        print(f"{axis}: begins at {found.start - mean:+.2f} of the average photograph")
        adds = {rule.id: rule.adds[axis] for rule in table.rules if axis in rule.adds}
        for name, amount in found.amounts.items():
            low, high = spans[name]
            grade = "B" if low * high > 0 and amount * low > 0 else "C"
            print(f"  {name:28} {amount:+.3f}  {low:+.3f} to {high:+.3f}  {grade}  ({adds[name]})")


if __name__ == "__main__":
    main(sys.argv[1:])
