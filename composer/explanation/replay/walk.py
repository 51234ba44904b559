"""Decides a table for a whole area of features at once: every way that it can come out, and where.

Each step (a term, a rule's condition, a decision) is a straight line of the changed features, or a
choice, on each of finitely many convex parts of the area. Strengths are whole ten-thousandths, so
that every line carries a bound on its error; where a choice or a rounding is within it, both ways
are kept. What is found nowhere, happens nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from composer.explanation.replay.changes import Reached
from composer.explanation.replay.forms import (
    TINY,
    Area,
    Corner,
    Form,
    above,
    below,
    constant,
    extent,
    less,
    pieces,
    scaled,
    summed,
    varies,
)
from composer.table import Decisions, Question, Table
from composer.table.conditions import QUANTUM, Chosen, Condition, Is, Joined, Shaped, Term, leaves
from theory.metre import METRES

HALF_A_STEP = 0.5 / QUANTUM
# An area where forms differ by so few times their errors is not split any further: many rules bend
# at one place, as at an arousal of nought, and each would split it again.
NARROW = 8.0
EQUAL = 1e-9  # votes that differ by no more are a tie, which the declared order breaks

NOWHERE = (0.0, 0.0)

Value = Form | str
Way = tuple[Area, Value]  # a part of the area, and what comes out there
Found = Mapping[tuple[str, str], Value]  # (kind, name) -> what has come out so far


@dataclass(frozen=True, slots=True)
class TableStep:
    """Something to be worked out: kind is term, rule or decision."""

    kind: str
    name: str


Heard = tuple[tuple[str, str], ...]
Kept = dict[tuple[Area, tuple[Value | None, ...]], tuple[Way, ...]]


class SearchMemory:
    """What has been worked out of one table, one picture and its decisions, kept for the next
    search: many decisions listen to the same rules."""

    def __init__(self, table: Table, decisions: Decisions) -> None:
        self.table = table
        self.rules = {rule.id: rule for rule in table.rules}
        self.terms = {rule.id: _terms(rule.when) for rule in table.rules}
        # What features reach in the whole table, by their names.
        self.reached: dict[tuple[str, ...], Reached] = {}
        self._decisions = decisions
        self._chosen = {name: str(made.value) for name, made in decisions.items()}
        self._strengths: dict[str, Form] = {}
        self._heard: dict[TableStep, Heard] = {}
        self._kept: dict[tuple[str, TableStep], Kept] = {}

    def strength(self, rule: str) -> Form:
        """A rule's strength as it was decided."""
        # Of rules that only spoke for what was not allowed, none was worked out in the run.
        if rule not in self._strengths:
            when = self.rules[rule].when
            exact = when.strength(self._decisions.terms, self._chosen)
            self._strengths[rule] = constant(float(exact))
        return self._strengths[rule]

    def kept(self, feature: str, step: TableStep) -> tuple[Heard, Kept]:
        """All that a step hears of what has come out before it; and how it came out over an area,
        with what it heard, along one feature."""
        if step not in self._heard:
            self._heard[step] = tuple(self._listens(step))
        return self._heard[step], self._kept.setdefault((feature, step), {})

    def _listens(self, step: TableStep) -> Iterator[tuple[str, str]]:
        if step.kind == "term":
            yield "decision", self.table.terms[step.name].key
        elif step.kind == "rule":
            for leaf in leaves(self.rules[step.name].when):
                yield ("term", leaf.term) if isinstance(leaf, Is) else ("decision", leaf.decision)
        else:
            question = self.table.decisions[step.name]
            yield from (("rule", rule.id) for rule in self.table.rules_of[step.name])
            for needs in (question.only or {}).values():
                yield from (("decision", name) for name in needs)
            if question.default is not None:
                yield "decision", question.default.by
            if question.lasts is not None:
                yield from (("decision", "bars"), ("decision", "metre"))


def _terms(condition: Condition) -> tuple[str, ...]:
    return tuple(leaf.term for leaf in leaves(condition) if isinstance(leaf, Is))


class Walker:
    """The steps of a table that some features reach, in order, with all else as it was decided."""

    def __init__(
        self,
        table: Table,
        decisions: Decisions,
        reached: Reached,
        features: Mapping[str, Form],
        memory: SearchMemory,
    ) -> None:
        """memory: of this table's whole."""
        self.table = table
        self.decisions = decisions
        self.reached = reached
        self.features = features
        self.memory = memory
        self.steps = tuple(self._steps())
        # Of several features there are too many ways to be kept, and none comes twice.
        alone = next(iter(features)) if len(features) == 1 else None
        self._kept = None if alone is None else [memory.kept(alone, step) for step in self.steps]

    def _steps(self) -> Iterator[TableStep]:
        done: set[TableStep] = set()
        for name in self.table.decisions:
            if name not in self.reached.decisions:
                continue
            for rule in self.table.rules_of[name]:
                if rule.id not in self.reached.rules:
                    continue
                terms = self.memory.terms[rule.id]
                steps = [TableStep("term", term) for term in terms if term in self.reached.terms]
                for step in (*steps, TableStep("rule", rule.id)):
                    if step not in done:
                        done.add(step)
                        yield step
            yield TableStep("decision", name)

    def ways(self, done: int, found: Found, area: Area) -> Sequence[Way]:
        """Every way in which the step of this number can come out over an area."""
        step = self.steps[done]
        if self._kept is None:
            return tuple(self._ways(step, found, area))
        heard, kept = self._kept[done]
        key = (area, tuple(map(found.get, heard)))
        ways = kept.get(key)
        if ways is None:
            ways = kept[key] = tuple(self._ways(step, found, area))
        return ways

    def _ways(self, step: TableStep, found: Found, area: Area) -> Iterator[Way]:
        if step.kind == "term":
            yield from self._term(self.table.terms[step.name], found, area)
        elif step.kind == "rule":
            yield from self._strength(self.memory.rules[step.name].when, found, area)
        else:
            question = self.table.decisions[step.name]
            ways = self._number if question.kind == "number" else self._choice
            yield from ways(question, found, area)

    # ------------------------------------------------------------------ terms and conditions

    def _term(self, term: Term, found: Found, area: Area) -> Iterator[Way]:
        x = self.features.get(term.key) or self._decided(term.key, found)
        assert not isinstance(x, str)
        low, high = extent(x, area)
        error = x[3]
        if error and high - low <= 2 * NARROW * error:
            yield area, _between(term, low - error, high + error)
            return
        for left, right in pieces(term, low - error, high + error):
            part = above(area, x, left[0] + error) if left else area
            part = below(part, x, right[0] - error) if part and right else part
            if part:
                yield part, _piece(x, left, right)
            if error and right:
                part = above(area, x, right[0] - error)
                part = below(part, x, right[0] + error) if part else ()
                if part:
                    yield part, _between(term, right[0] - 2 * error, right[0] + 2 * error)

    def _strength(self, condition: Condition, found: Found, area: Area) -> Iterator[Way]:
        if isinstance(condition, Is):
            known = found.get(("term", condition.term))
            yield area, known or constant(float(self.decisions.terms[condition.term]))
        elif isinstance(condition, Chosen):
            chosen = self._decided(condition.decision, found)
            yield area, constant(1.0 if chosen in condition.values else 0.0)
        elif isinstance(condition, Shaped):
            for part, of in self._strength(condition.of, found, area):
                assert not isinstance(of, str)
                yield from _shaped(condition.how, of, part)
        else:
            yield from self._joined(condition, condition.of, found, area)

    def _joined(
        self, joined: Joined, parts: tuple[Condition, ...], found: Found, area: Area
    ) -> Iterator[Way]:
        if not parts:
            yield area, constant(1.0)  # the condition of a rule that holds always
            return
        if len(parts) == 1:
            yield from self._strength(parts[0], found, area)
            return
        for first, one in self._strength(parts[0], found, area):
            for second, other in self._joined(joined, parts[1:], found, first):
                assert not isinstance(one, str)
                assert not isinstance(other, str)
                sign = -1.0 if joined.how == "all" else 1.0
                for part, more in _greater(scaled(one, sign), scaled(other, sign), second):
                    yield part, scaled(more, sign)

    # ------------------------------------------------------------------ decisions

    def _decided(self, name: str, found: Found) -> Value:
        known = found.get(("decision", name))
        if known is not None:
            return known
        value = self.decisions[name].value
        return value if isinstance(value, str) else constant(float(value))

    def _rule(self, name: str, found: Found) -> Form:
        known = found.get(("rule", name))
        assert not isinstance(known, str)
        return known or self.memory.strength(name)

    def _number(self, question: Question, found: Found, area: Area) -> Iterator[Way]:
        said = [
            (float(rule.adds[question.name]), self._rule(rule.id, found))
            for rule in self.table.rules_of[question.name]
        ]
        total = summed(said, float(question.start))
        low, high = self._bounds(question, found)
        for first, floored in _greater(total, low, area):
            for second, kept in _greater(scaled(floored, -1.0), scaled(high, -1.0), first):
                yield from _stepped(question, scaled(kept, -1.0), second)

    def _bounds(self, question: Question, found: Found) -> tuple[Form, Form]:
        """The range of a number: of one that lasts, as the bars and the metre found let it."""
        low, high = constant(float(question.low)), constant(float(question.high))
        if question.lasts is None:
            return low, high
        bars, metre = self._decided("bars", found), self._decided("metre", found)
        assert not isinstance(bars, str)
        assert isinstance(metre, str)
        beats = METRES[metre].beats
        shortest, longest = question.lasts
        step = question.step or Decimal("0.0001")
        if not varies(bars):
            count = Decimal(repr(bars[0])) * beats
            slowest = (count * 60 / longest / step).to_integral_value(ROUND_CEILING) * step
            fastest = (count * 60 / shortest / step).to_integral_value(ROUND_FLOOR) * step
            least, most = max(question.low, slowest), min(question.high, fastest)
            return (
                constant(float(min(question.high, least))),
                constant(float(max(question.low, most))),
            )
        # Bars that are not in steps: the bounds lie within a step of straight lines.
        slow = scaled(bars, 60 * beats / float(longest), float(step) / 2)
        fast = scaled(bars, 60 * beats / float(shortest), -float(step) / 2)
        return (*slow[:3], slow[3] + float(step) / 2), (*fast[:3], fast[3] + float(step) / 2)

    def _choice(self, question: Question, found: Found, area: Area) -> Iterator[Way]:
        votes = self._votes(question, found)
        names = list(votes)
        if not names:
            return  # nothing is left to choose: the table cannot decide there
        strengths = {
            rule.id: self._rule(rule.id, found)
            for rule in self.table.rules_of[question.name]
            if varies(self._rule(rule.id, found))
        }
        bounds = {}
        for name in names:
            least, most = extent(summed(_said(votes[name], strengths), votes[name][""]), area)
            error = sum(abs(votes[name].get(r, 0.0)) * form[3] for r, form in strengths.items())
            bounds[name] = (least - error, most + error)
        least = max(low for low, _ in bounds.values())
        able = [name for name in names if bounds[name][1] >= least - EQUAL]
        for name in able:
            part = area
            for other in able:
                if other == name or not part:
                    continue
                gap = votes[name].keys() | votes[other].keys()
                apart = {r: votes[name].get(r, 0.0) - votes[other].get(r, 0.0) for r in gap}
                lead = summed(_said(apart, strengths), apart[""])
                low, high = extent(lead, part)
                if low > -EQUAL and high < EQUAL and lead[3] < EQUAL:
                    part = part if names.index(name) < names.index(other) else ()
                else:
                    part = above(part, lead, -lead[3])
            if part:
                yield part, name

    def _votes(self, question: Question, found: Found) -> dict[str, dict[str, float]]:
        """Choice -> rule -> votes at full strength; under "" what does not vary."""
        allowed = [
            choice
            for choice in question.choices
            if all(
                self._decided(name, found) in values
                for name, values in (question.only or {}).get(choice, {}).items()
            )
        ]
        votes = {choice: {"": float((question.starts or {}).get(choice, 0))} for choice in allowed}
        if question.default is not None:
            by, of = question.default.by, question.default.of
            entry = self._decided(by, found)
            assert isinstance(entry, str)
            named = self.table.stocks[self.table.decisions[by].stock][entry].get(of)
            if isinstance(named, str) and named in votes:
                votes[named][""] += float(question.default.votes)
        for rule in self.table.rules_of[question.name]:
            form = self._rule(rule.id, found)
            for choice, amount in rule.votes[question.name].items():
                if choice not in votes:
                    continue
                if varies(form):
                    votes[choice][rule.id] = float(amount)
                else:
                    votes[choice][""] += float(amount) * form[0]
        return votes


def _said(votes: Mapping[str, float], strengths: Mapping[str, Form]) -> list[tuple[float, Form]]:
    return [(votes[rule], form) for rule, form in strengths.items() if rule in votes]


def _greater(one: Form, other: Form, area: Area) -> Iterator[tuple[Area, Form]]:
    """The greater of two forms, on parts that only touch.

    Where the two differ by no more than their error, one stands for both, with an error that
    covers the other.
    """
    apart = less(one, other)
    error = apart[3]
    low, high = extent(apart, area)
    if high <= -error:
        yield area, other
    elif low >= error:
        yield area, one
    elif max(-low, high) <= NARROW * error:
        yield area, (*other[:3], other[3] + max(high, 0.0) + error)
    else:
        for part, form in (
            (below(area, apart, -error), other),
            (above(area, apart, error), one),
        ):
            if part:
                yield part, form
        part = below(area, apart, error) if error else ()
        part = above(part, apart, -error) if part else ()
        if part:
            yield part, (*other[:3], other[3] + 2 * error)


def _piece(x: Form, left: Corner | None, right: Corner | None) -> Form:
    """A term's strength on one straight piece of it."""
    if left is None or right is None or left[1] == right[1]:
        return constant(round((left or right or NOWHERE)[1] * QUANTUM) / QUANTUM)
    slope = (right[1] - left[1]) / (right[0] - left[0])
    c, u, v, e = scaled(x, slope, left[1] - slope * left[0])
    return (c, u, v, e + HALF_A_STEP)


def _between(term: Term, low: float, high: float) -> Form:
    """A term's strength from low to high, as the middle of all that it can be there."""
    levels = [float(term.value(low)), float(term.value(high))]
    levels += [
        corner[1]
        for piece in pieces(term, low, high)
        for corner in piece
        if corner is not None and low <= corner[0] <= high
    ]
    return (
        (min(levels) + max(levels)) / 2,
        0.0,
        0.0,
        (max(levels) - min(levels)) / 2 + HALF_A_STEP,
    )


def _shaped(how: str, of: Form, area: Area) -> Iterator[Way]:
    if how == "not":
        yield area, scaled(of, -1.0, 1.0)
    elif how == "very":
        yield from _greater(scaled(of, 2.0, -1.0), constant(0.0), area)
    else:
        for part, negative in _greater(scaled(of, -2.0), constant(-1.0), area):
            yield part, scaled(negative, -1.0)


def _stepped(question: Question, kept: Form, area: Area) -> Iterator[Way]:
    """A number at the nearest of its steps, on each part of the area."""
    if question.step is None:
        yield area, kept
        return
    start, step = float(question.low), float(question.step)
    if not varies(kept):
        k = math.floor((kept[0] - start) / step + 0.5 + EQUAL)
        yield area, constant(float(question.low + k * question.step))
        return
    low, high = extent(kept, area)
    first = math.floor((low - kept[3] - start) / step + 0.5 - TINY)
    last = math.floor((high + kept[3] - start) / step + 0.5 + TINY)
    for k in range(first, last + 1):
        part = above(area, kept, start + (k - 0.5) * step - kept[3])
        part = below(part, kept, start + (k + 0.5) * step + kept[3]) if part else ()
        if part:
            yield part, constant(float(question.low + k * question.step))
