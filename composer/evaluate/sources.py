"""What of a picture tells of its mood: its pixels, words for what it shows, learned readings, all.

Each is judged on families of photographs that its amounts and readings were not fitted on, with
intervals that draw whole families anew; and what a wrong word does to the mood is measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.picture.content.words import words
from composer.evaluate.fitting import PIXELS, READING, WORDS, Floats, fit
from composer.evaluate.mood import AXES, Rated
from composer.table import Table, decide

ROWS: Mapping[str, tuple[str, ...]] = {
    "pixels": (PIXELS,),
    "words": (WORDS,),
    "readings": (READING,),
    "words and readings": (WORDS, READING),
    "the table, all of it": (PIXELS, WORDS, READING),
}
DRAWS = 400
# From which probability on a picture has a word, and below which it lacks it.
HAS, LACKS = 0.3, 0.1


@dataclass(frozen=True, slots=True)
class Told:
    """How well something tells an axis: r with its interval over families; of photographs alone
    that show people and animals, and of those that show scenes and objects, nan where there are
    none. slope: people's rating for one of what is told. spread: standard deviation of that."""

    axis: str
    row: str
    r: float
    low: float
    high: float
    alive: float
    other: float
    slope: float
    spread: float


@dataclass(frozen=True, slots=True)
class Forced:
    """A word forced to 0 where pictures have it and to 1 where they lack it: how many have it, the
    mean move of valence and arousal, and the share of pictures that get another mood."""

    word: str
    having: int
    denied: tuple[float, float, float]
    claimed: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Tellers:
    """All of it, and what the whole table says of each photograph out of fold."""

    told: tuple[Told, ...]
    forced: tuple[Forced, ...]
    outside: Mapping[str, Floats]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield "Out of fold, by families of subjects: r with people's ratings (95 % over families);"
        yield "people and animals; scenes and objects; slope of ratings on it; its spread:"
        for axis in AXES:
            yield f"  {axis}"
            for told in self.told:
                if told.axis == axis:
                    span = f"({told.low:+.2f} to {told.high:+.2f})"
                    kinds = f"{_figure(told.alive)}  {_figure(told.other)}"
                    lies = f"{told.slope:5.2f}  {told.spread:.3f}"
                    yield f"    {told.row:<22} {told.r:+.2f} {span}  {kinds}  {lies}"
        yield "A wrong word: mean move of valence and arousal, and pictures that get another mood,"
        yield "where one that is there is denied, and where one that is not is claimed:"
        for each in self.forced:
            yield (
                f"    {each.word:<12} {_moves(each.denied)}  of {each.having:<3}  "
                f"{_moves(each.claimed)}"
            )


def _figure(value: float) -> str:
    """Two decimals, or a dash where there was nothing to measure.

    >>> _figure(0.1), _figure(float("nan"))
    ('+0.10', '    –')
    """
    return f"{value:+.2f}" if value == value else f"{'–':>5}"


def _moves(found: tuple[float, float, float]) -> str:
    """Two mean moves and a share, or dashes where no picture had the word.

    >>> _moves((0.1, -0.2, 0.3)), "nan" in _moves((float("nan"),) * 3)
    ('+0.100 -0.200   30 %', False)
    """
    if found[0] != found[0]:
        return f"{'–':>6} {'–':>6} {'–':>4}  "
    return f"{found[0]:+.3f} {found[1]:+.3f} {100 * found[2]:4.0f} %"


def sources(table: Table, rated: Sequence[Rated]) -> Tellers:
    """Judge what tells of the mood. Raises UserError where there are too few subjects."""
    told, outside = [], {}
    for axis in AXES:
        for row, kinds in ROWS.items():
            found = fit(table, rated, axis, kinds).outside
            told.append(_judged(axis, row, found, rated))
        outside[axis] = found
    return Tellers(tuple(told), tuple(forced(table, rated)), outside)


def _judged(axis: str, row: str, said: Floats, rated: Sequence[Rated]) -> Told:
    ratings = np.array([each.ratings[axis] for each in rated])
    alive = np.array([each.alive for each in rated])
    low, high = clustered(said, ratings, [each.subject for each in rated])
    return Told(
        axis,
        row,
        _r(said, ratings),
        low,
        high,
        _r(said[alive], ratings[alive]),
        _r(said[~alive], ratings[~alive]),
        _slope(said, ratings),
        float(said.std()),
    )


def clustered(x: Floats, y: Floats, subjects: Sequence[str]) -> tuple[float, float]:
    """A 95 % interval of r, by drawing subjects anew: pictures of one are no independent ones."""
    names = np.array(subjects)
    members = [np.flatnonzero(names == name) for name in np.unique(names)]
    drawn = np.random.default_rng(0)
    found = []
    for _ in range(DRAWS):
        rows = np.concatenate([members[i] for i in drawn.integers(len(members), size=len(members))])
        found.append(_r(x[rows], y[rows]))
    low, high = np.nanquantile(found, [0.025, 0.975])
    return float(low), float(high)


def _r(x: Floats, y: Floats) -> float:
    if len(x) < 3 or not x.std() or not y.std():
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def _slope(x: Floats, y: Floats) -> float:
    return float(np.cov(x, y, bias=True)[0, 1] / x.var()) if x.std() else float("nan")


def forced(table: Table, rated: Sequence[Rated]) -> Iterator[Forced]:
    """Each word that the table listens to, denied and claimed."""
    heard = {term.feature for term in table.terms.values()}
    before = [decide(table, each.features) for each in rated]
    for word in words().values():
        if word.feature not in heard:
            continue
        moves: dict[float, list[tuple[float, float, float]]] = {0.0: [], 1.0: []}
        for each, made in zip(rated, before, strict=True):
            seen = each.features[word.feature]
            to = 0.0 if seen >= HAS else 1.0 if seen < LACKS else None
            if to is None or (to and len(moves[to]) >= DRAWS // 10):
                continue
            changed = decide(table, _With(each.features, word.feature, to))
            moves[to].append(
                (
                    changed.number("valence") - made.number("valence"),
                    changed.number("arousal") - made.number("arousal"),
                    float(changed.choice("mood") != made.choice("mood")),
                )
            )
        yield Forced(word.name, len(moves[0.0]), _mean(moves[0.0]), _mean(moves[1.0]))


def _mean(rows: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    if not rows:
        return (float("nan"),) * 3
    valence, arousal, mood = np.mean(rows, axis=0)
    return float(valence), float(arousal), float(mood)


class _With(dict[str, float]):
    """Features with one of them, of the whole and of every region, another."""

    def __init__(self, features: Mapping[str, float], name: str, value: float) -> None:
        super().__init__(features)
        self.features = features
        self |= {each: value for each in features if each.partition(" in ")[0] == name}

    def __missing__(self, name: str) -> float:
        return self.features[name]
