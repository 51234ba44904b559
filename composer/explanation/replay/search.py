"""Finds the smallest change of a picture's features that turns a decision, exactly.

The nearest of all areas is looked at first, so that the first that turns the decision is the
smallest change there is; it counts once the decisions, made anew, come out otherwise.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from composer.errors import UserError
from composer.explanation.features import SCALES, Scale
from composer.explanation.replay.changes import (
    Change,
    Counterfactual,
    Reached,
    part_for,
    printed,
    reach,
)
from composer.explanation.replay.forms import (
    Area,
    Form,
    Point,
    above,
    below,
    distance,
    nearest,
    next_step,
)
from composer.explanation.replay.walk import SearchMemory, Value, Walker
from composer.table import Decisions, Question, Table, decide
from corpora.progress import Step, silent

# A number turns when it moves by this share of its range: less is hardly heard.
TURN_OF_A_NUMBER = Decimal("0.1")
# Two features are told of where together they change by less than this share of what one has to.
WORTH_TWO = 0.98
# No change is looked for beyond so many spreads of a feature.
FARTHEST = 10.0
# Nor of two features for more than this in all: both from end to end of what photographs have.
FARTHEST_OF_TWO = 2.0
JUST_BEYOND = 1e-6  # of a step: how far past its edge a changed feature is put
HALVINGS = 12
MOST_PLACES = 6  # that are tried for a number beyond the usual ones
QUADRANTS = ((1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0))


def counterfactuals(
    table: Table,
    features: Mapping[str, float],
    decisions: Decisions,
    name: str,
    *,
    to: str | None = None,
    most: int = 3,
    pairs: bool = True,
    scales: Mapping[str, Scale] = SCALES,
    patience: float = math.inf,
    step: Step = silent,
    memory: SearchMemory | None = None,
) -> tuple[Counterfactual, ...]:
    """The smallest changes of the picture that turn the decision `name`, smallest first.

    Of one feature each, `most` at most, and, with `pairs`, the smallest of two features where that
    is less than any of one. Sizes are shares of the features' spreads over photographs, of two
    features their sum. A choice turns when it falls on another (on `to`, if given); a number when
    it moves by a tenth of its range. `features` are those that the decisions were made of, regions
    included (`composer.table.measured`). Decisions that the user made stay as they are.
    `patience` is how many areas may be looked at and pictures decided for; where that is not
    enough, nothing is told; `step` is told of each area. `memory` is what earlier searches with
    the same decisions, features and scales have worked out; it goes on growing.

    Raises UserError for a decision or a choice that there is not. () where nothing turns it.
    """
    if name not in decisions:
        raise UserError(f"There is no decision {name!r}.", f"There are {', '.join(decisions)}.")
    memory = SearchMemory(table, decisions) if memory is None else memory
    search = _Search(table, features, decisions, name, to, scales, patience, step, memory)
    ones = search.singles(most)
    two = search.pair(ones[0].size if ones else math.inf) if pairs else None
    found = ones if two is None else (two, *ones)
    return tuple(sorted(found, key=lambda each: each.size))


def fixed(decisions: Decisions) -> dict[str, str]:
    """The decisions that the user made, as they were typed."""
    return {
        name: str(made.value)
        for name, made in decisions.items()
        if any(share.rule == "you" for share in made.shares)
    }


@dataclass(frozen=True, slots=True)
class OpenArea:
    """An area still to be looked at: of which features, how far its steps are worked out."""

    walker: Walker
    names: tuple[str, ...]
    area: Area
    done: int
    found: Mapping[tuple[str, str], Value]


class _Search:
    def __init__(
        self,
        table: Table,
        features: Mapping[str, float],
        decisions: Decisions,
        name: str,
        to: str | None,
        scales: Mapping[str, Scale],
        patience: float,
        step: Step,
        memory: SearchMemory,
    ) -> None:
        self.whole = table
        self.table = part_for(table, name)
        self.memory = memory
        self.features = features
        self.decisions = decisions
        self.question = table.decisions[name]
        self.to = to
        self.scales = scales
        self.patience = patience
        self.step = step
        self.given = fixed(decisions)
        self.heard = () if name in self.given else tuple(self._heard())
        if to is not None and to not in self.question.choices:
            raise UserError(f"{name} cannot be {to!r}.", f"It can be {self.question.span()}.")

    def _heard(self) -> Iterator[str]:
        """The features that can reach the decision."""
        for feature in dict.fromkeys(term.key for term in self.table.terms.values()):
            if feature not in self.features or feature not in self.scales:
                continue
            if self.question.name in self._reached((feature,)).decisions:
                yield feature

    def singles(self, most: int) -> tuple[Counterfactual, ...]:
        starts = [place for name in self.heard for place in self._lines(name)]
        found: dict[str, Counterfactual] = {}
        for made in self._nearest_first(starts, FARTHEST, once=True):
            found.setdefault(made.changes[0].feature, made)
            if len(found) == most:
                break
        return tuple(found.values())

    def pair(self, size: float) -> Counterfactual | None:
        """The smallest change of two features, where it is worth telling beside one of `size`."""
        within = min(FARTHEST_OF_TWO, WORTH_TWO * size)
        starts = [
            place
            for names in itertools.combinations(self.heard, 2)
            for place in self._quarters(names, within)
        ]
        return next(self._nearest_first(starts, within, once=False), None)

    def _lines(self, name: str) -> Iterator[OpenArea]:
        """Both ways along one feature, as far as it goes."""
        walker = self._walker((name,))
        down, up = self.scales[name].room(self.features[name])
        for end in (-min(down, FARTHEST), min(up, FARTHEST)):
            if end:
                yield OpenArea(walker, (name,), ((0.0, 0.0), (end, 0.0)), 0, {})

    def _quarters(self, names: tuple[str, ...], size: float) -> Iterator[OpenArea]:
        """Every way of changing two features by so much in all."""
        walker = self._walker(names)
        rooms = [self.scales[name].room(self.features[name]) for name in names]
        for x, y in QUADRANTS:
            area: Area = ((0.0, 0.0), (x * size, 0.0), (0.0, y * size))
            for axis, sign, (down, up) in zip((0, 1), (x, y), rooms, strict=True):
                form: Form = (0.0, sign, 0.0, 0.0) if axis == 0 else (0.0, 0.0, sign, 0.0)
                area = below(area, form, up if sign > 0 else down)
            yield OpenArea(walker, names, area, 0, {})

    def _walker(self, names: Sequence[str]) -> Walker:
        forms = {}
        for axis, name in enumerate(names):
            spread = self.scales[name].spread
            slopes = (spread, 0.0) if axis == 0 else (0.0, spread)
            forms[name] = (self.features[name], *slopes, 0.0)
        reached = self._reached(tuple(names))
        return Walker(self.table, self.decisions, reached, forms, self.memory)

    def _reached(self, names: tuple[str, ...]) -> Reached:
        """What these features reach, of the whole table."""
        if names not in self.memory.reached:
            self.memory.reached[names] = reach(self.whole, names, self.given)
        return self.memory.reached[names]

    def _nearest_first(
        self, starts: Sequence[OpenArea], within: float, *, once: bool
    ) -> Iterator[Counterfactual]:
        """What turns the decision, the smallest change first; with `once`, one for each feature."""
        order = itertools.count()
        heap = [(0.0, next(order), place) for place in starts]
        heapq.heapify(heap)
        ready: list[tuple[float, int, Counterfactual]] = []
        had: set[tuple[str, ...]] = set()
        while heap and self.patience > 0:
            self.patience -= 1
            self.step()
            size, _, place = heapq.heappop(heap)
            while ready and ready[0][0] <= size:
                yield heapq.heappop(ready)[2]
            if size > within or (once and place.names in had):
                continue
            if place.done == len(place.walker.steps):
                made = self._confirmed(place, min([within, *(each[0] for each in ready[:1])]))
                if made is not None:
                    if once:
                        had.add(place.names)
                    heapq.heappush(ready, (made.size, next(order), made))
                continue
            step = place.walker.steps[place.done]
            last = place.done + 1 == len(place.walker.steps)
            for area, value in place.walker.ways(place.done, place.found, place.area):
                for part in self._turned(area, value) if last else (area,):
                    found = {**place.found, (step.kind, step.name): value}
                    after = OpenArea(place.walker, place.names, part, place.done + 1, found)
                    heapq.heappush(heap, (min(map(distance, part)), next(order), after))
        # With none left a smaller change may have been missed: none is told then.
        while ready and self.patience > 0:
            yield heapq.heappop(ready)[2]

    def _turned(self, area: Area, value: Value) -> Iterator[Area]:
        """The parts of an area where the decision may have turned."""
        was = self.decisions[self.question.name].value
        if isinstance(value, str):
            if value != was and self.to in (None, value):
                yield area
            return
        far = float(_turn(self.question))
        assert not isinstance(was, str)
        for part in (
            above(area, value, float(was) + far - value[3]),
            below(area, value, float(was) - far + value[3]),
        ):
            if part:
                yield part

    def _confirmed(self, place: OpenArea, within: float) -> Counterfactual | None:
        """The first point of an area, away from the picture, where the decision has turned."""
        if len(place.names) == 1:
            ends = sorted((abs(x), x) for x, _ in place.area)
            way = math.copysign(1.0, ends[-1][1])
            far = self._levels(place.names[0], way, ends[0][0], min(within, ends[-1][0]))
            points: Iterator[Point] = ((way * size, 0.0) for size in far)
        else:
            points = _inwards(place.area)
        last = (0.0, 0.0)
        for point in points:
            made = self._made(place.names, point)
            if made is None:
                last = point
                continue
            if len(place.names) == 1:
                last = (0.0, 0.0)
            return self._legible(self._drawn_in(place.names, point, last, made))
        return None

    def _drawn_in(
        self, names: tuple[str, ...], point: Point, last: Point, made: Counterfactual
    ) -> Counterfactual:
        """The same turn as near as may be: of two features between where it has not yet turned and
        where it has, and of any until a hundredth less does not turn it."""
        if last != (0.0, 0.0):
            for _ in range(HALVINGS):
                middle = ((point[0] + last[0]) / 2, (point[1] + last[1]) / 2)
                closer = self._made(names, middle)
                if closer is None:
                    last = middle
                else:
                    point, made = middle, closer
        while True:
            point = (0.99 * point[0], 0.99 * point[1])
            closer = self._made(names, point)
            if closer is None:
                return made
            made = closer

    def _legible(self, made: Counterfactual) -> Counterfactual:
        """The same, of one feature with as many places as it takes that the number printed turns
        the decision as the change does."""
        if len(made.changes) > 1:
            return made
        for more in range(MOST_PLACES):
            change = replace(made.changes[0], more=more)
            features = {**self.features, change.feature: printed(change)}
            try:
                told = decide(self.table, features, self._given()).made[self.question.name].value
            except UserError:
                continue
            if told == made.after:
                return replace(made, changes=(change,))
        return made

    def _levels(self, name: str, way: float, begin: float, end: float) -> Iterator[float]:
        """Just past every place along a feature where a term's strength goes up or down a step."""
        pace = way * self.scales[name].spread
        start = self.features[name]
        terms = [term for term in self.table.terms.values() if term.key == name]
        at = begin
        yield at
        while True:
            edges = [edge for term in terms if (edge := next_step(term, start, pace, at, end))]
            if not edges:
                return
            at = min(edges)
            later = [edge for term in terms if (edge := next_step(term, start, pace, at, end))]
            beyond = JUST_BEYOND * (min(later) - at) if later else JUST_BEYOND * at
            if at + beyond > end:
                return
            at += beyond
            yield at

    def _made(self, names: tuple[str, ...], point: Point) -> Counterfactual | None:
        """What the decisions are with the features so far away, if that turns this one."""
        if self.patience <= 0:
            return None
        self.patience -= 1
        changed = dict(self.features)
        for name, by in zip(names, point, strict=False):
            changed[name] = self.scales[name].moved(self.features[name], by)
        try:
            after = decide(self.table, changed, self._given()).made[self.question.name].value
        except UserError:
            return None
        before = self.decisions[self.question.name].value
        if not turned(self.question, before, after, self.to):
            return None
        changes = tuple(
            Change(name, self.features[name], changed[name], abs(by))
            for name, by in zip(names, point, strict=False)
        )
        return Counterfactual(self.question.name, before, after, changes, distance(point))

    def _given(self) -> dict[str, str]:
        return {name: value for name, value in self.given.items() if name in self.table.decisions}


def turned(
    question: Question, before: Decimal | str, after: Decimal | str, to: str | None = None
) -> bool:
    """Has a decision turned: a choice fallen on another, a number moved by a tenth of its range?"""
    if isinstance(after, str) or isinstance(before, str):
        return after != before and to in (None, after)
    return after != before and abs(after - before) >= _turn(question)


def _turn(question: Question) -> Decimal:
    """How far a number has to move, in whole steps where it has any."""
    far = (question.high - question.low) * TURN_OF_A_NUMBER
    if question.step is not None:
        far = max(far, question.step)
    return far


def _inwards(area: Area) -> Iterator[Point]:
    """From an area's nearest corner to its middle, in steps that double."""
    corner = nearest(area)
    middle = tuple(sum(each) / len(area) for each in zip(*area, strict=True))
    share = JUST_BEYOND
    while share < 1:
        yield (
            corner[0] + share * (middle[0] - corner[0]),
            corner[1] + share * (middle[1] - corner[1]),
        )
        share *= 2
