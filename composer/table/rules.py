"""Reads the section `rules`: new rules, and those that change an inherited one by its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from composer.errors import nearest
from composer.table.circles import ALWAYS, Divided, divide
from composer.table.conditions import REGIONS, Chosen, Condition, Joined
from composer.table.inherit import misfit
from composer.table.kinds import read_compared, read_votes
from composer.table.nodes import Listing, Mapped, Node, Scalar
from composer.table.questions import declared
from composer.table.reader import YamlReader, quoted
from composer.table.table import Evidence, MappingRule, Places, Question
from composer.table.terms import Clauses, too_early
from composer.table.typed import pair

GRADES = ("A", "B", "C")
_SHARES = ("start", "default", "clamp", "rounding", "you")
CONVENTION = Evidence("C", "none", "convention")


@dataclass
class Then:
    """What a rule adds, votes for, and divides by tables of places."""

    adds: dict[str, Decimal] = field(default_factory=dict)
    votes: dict[str, Mapping[str, Decimal]] = field(default_factory=dict)
    divided: list[Divided] = field(default_factory=list)


def read_rules(
    reader: YamlReader,
    node: Node,
    clauses: Clauses,
    tables: Mapping[str, Places],
    sources: Mapping[str, str],
    inherited: Sequence[MappingRule],
) -> tuple[MappingRule, ...]:
    """Every rule that can be read, in the file's order, after the inherited ones.

    A rule with an inherited one's id takes its place, and what it does not say is as it was.
    """
    groups: dict[str, tuple[MappingRule, ...]] = {}
    for rule in inherited:
        key = rule.part_of or rule.id
        groups[key] = (*groups.get(key, ()), rule)
    seen: dict[str, int] = {}
    for item in reader.items(node, "rules") or []:
        id_ = _peek(item)
        if id_ not in groups and inherited and (meant := _meant(item, id_, groups)):
            said = f"no rule {quoted(id_)} is inherited, and as a new one it is not whole"
            expected = "an inherited id, or when, then and because"
            reader.fault(item, "removed", said, expected, (meant,), id_)
            continue
        one = _Rule(reader, clauses, tables, sources, groups.get(id_, ()))
        rules = one.read(item, seen)
        if reason := next(filter(None, (misfit(rule, clauses) for rule in rules)), ""):
            said = f"rule {quoted(id_)}, as it is inherited, {reason}"
            reader.fault(item, "unfit", said, "a condition of its own")
        elif rules:
            groups[id_] = rules
            reader.places["rule", id_] = item
    return tuple(rule for rules in groups.values() for rule in rules)


def _meant(node: Node, id_: str, known: Iterable[str]) -> str:
    """The inherited id that a rule which is not whole has mistyped, or ""."""
    whole = all(declared(node, key) for key in ("then", "because"))
    return "" if whole else nearest(id_, known, 0.8)


def ids(node: Node) -> frozenset[str]:
    """The ids of the rules that a file writes, whatever else is wrong with them."""
    items = node.items if isinstance(node, Listing) else []
    return frozenset(map(_peek, items))


def _peek(node: Node) -> str:
    """The id under which a rule is written, before it is judged."""
    pairs = node.pairs if isinstance(node, Mapped) else []
    ids = [value for key, value in pairs if getattr(key, "value", None) == "id"]
    return ids[0].value if ids and isinstance(ids[0], Scalar) else ""


class _Rule:
    """Reads one rule against the names that are known."""

    def __init__(
        self,
        reader: YamlReader,
        clauses: Clauses,
        tables: Mapping[str, Places],
        sources: Mapping[str, str],
        base: tuple[MappingRule, ...],
    ) -> None:
        self.reader = reader
        self.clauses = clauses
        self.asked: Mapping[str, Question] = clauses.asked
        self.tables = tables
        self.sources = sources
        self.base = base

    def read(self, node: Node, seen: dict[str, int]) -> tuple[MappingRule, ...]:
        before = len(self.reader.faults)
        parts = self.reader.shape(node, "rule", "a rule", whole=not self.base)
        if parts is None:
            return ()
        id_ = self.id(parts["id"], seen) if "id" in parts else None
        when = self.condition(parts)
        then_ = Then()
        if "then" in parts:
            self.then(parts["then"], when, then_)
        elif written := parts.get("when", parts.get("only")):
            for name in dict.fromkeys(n for old in self.base for n in (*old.adds, *old.votes)):
                self.in_order(written, name, when)
        because = self.reader.sentence(parts["because"], "because") if "because" in parts else ""
        evidence = self.evidence(parts["evidence"]) if "evidence" in parts else None
        if len(self.reader.faults) > before or id_ is None or when is None or because is None:
            return ()
        place = f"{self.reader.file}:{node.line + 1}"
        if self.base:
            first = self.base[0]
            because, evidence = because or first.because, evidence or first.evidence
        rule = MappingRule(id_, when, {}, {}, because, evidence or CONVENTION, place)
        if "then" not in parts:
            return self.again(rule, "because" in parts)
        return self.written(rule, then_)

    def id(self, node: Node, seen: dict[str, int]) -> str | None:
        id_ = self.reader.text(node, "id")
        if id_ is None:
            return None
        if id_ in seen:
            said = f"rule {quoted(id_)} stands twice, first in line {seen[id_] + 1}"
            self.reader.fault(node, "twice", said, "another id")
        if id_ in _SHARES:
            said = f"{quoted(id_)} is a share's own name"
            self.reader.fault(node, "reserved", said, "another id")
        seen.setdefault(id_, node.line)
        return id_

    def condition(self, parts: Mapping[str, Node]) -> Condition | None:
        """`when`, measured `in` a region, where `only` allows; what is not said is the base's."""
        where = ""
        if "in" in parts:
            found = self.reader.one_of(parts["in"], "region", REGIONS, "region")
            if found is None:
                return None
            where = found
        if "when" in parts:
            when = self.clauses.condition(parts["when"], "when", where)
        else:
            when = _bare(self.base[0]) if self.base else ALWAYS
            if where:
                when = self.clauses.inside(when, where, parts["in"])
        if when is None or "only" not in parts:
            return when
        rows: list[Condition] = []
        for key, name, values in self.reader.entries(parts["only"], "only") or []:
            read = read_compared(
                self.reader, key, name, values, self.asked, "a rule may be limited to"
            )
            if not read:
                return None
            rows.append(Chosen(name, read))
        if not rows:
            return None
        parts_ = (*rows, when) if when is not ALWAYS else tuple(rows)
        return Joined("all", parts_) if len(parts_) > 1 else parts_[0]

    def written(self, rule: MappingRule, then: Then) -> tuple[MappingRule, ...]:
        """The rule, and those that its divided votes amount to."""
        rules = []
        if then.adds or then.votes:
            rules.append(replace(rule, adds=then.adds, votes=then.votes))
        for share in then.divided:
            parts, terms = divide(rule, share)
            self.clauses.terms.update(terms)
            rules += parts
        return tuple(rules)

    def again(self, rule: MappingRule, reasoned: bool) -> tuple[MappingRule, ...]:
        """The inherited rule, doing what it did, with what this one says anew."""
        rules = []
        for old in self.base:
            when = rule.when
            if old.part_of:
                place = old.when.of[-1] if isinstance(old.when, Joined) else old.when
                when = place if when is ALWAYS else Joined("all", (when, place))
            because = rule.because if reasoned else old.because
            evidence, line = rule.evidence, rule.place
            rules.append(replace(old, when=when, because=because, evidence=evidence, place=line))
        return tuple(rules)

    def then(self, node: Node, when: Condition | None, found: Then) -> None:
        pairs = self.reader.entries(node, "then")
        if pairs is not None and not pairs:
            self.reader.fault(node, "empty", "then decides nothing", "{decision: amount}")
        for key, name, value in pairs or []:
            question = self.asked.get(name)
            if question is None:
                if name not in self.reader.spoilt:
                    self.unknown(key, name)
                continue
            self.in_order(key, name, when)
            self.amount(name, question, value, found)

    def unknown(self, key: Node, name: str) -> None:
        meant = pair(name)
        if meant and meant[0] in self.asked:
            said = f"a colon is missing after {meant[0]!r}"
            self.reader.fault(key, "space", said, "{}: {}".format(*meant))
            return
        said = f"{quoted(name)} is no decision"
        expected = "one of the decisions declared"
        self.reader.fault(key, "decision", said, expected, list(self.asked), name)

    def amount(self, name: str, question: Question, node: Node, found: Then) -> None:
        if question.kind == "number":
            if isinstance(node, Mapped):
                said = f"{name} is a number and cannot be voted for"
                self.reader.fault(node, "kind", said, "an amount, such as +0.25")
                return
            amount = self.reader.number(node, f"amount for {name}")
            if amount is not None:
                found.adds[name] = amount
            return
        if declared(node, "by") and "by" not in question.choices:
            self.divided(name, question, node, found)
            return
        if isinstance(node, Scalar) and node.value and node.plain:
            said = f"{name} is a choice and takes votes, not {quoted(node.value)}"
            expected = f"{{{question.choices[0]}: 0.5}}"
            self.reader.fault(node, "kind", said, expected)
            return
        votes = read_votes(self.reader, node, f"votes for {name}", name, question.choices)
        if isinstance(node, Mapped) and not node.pairs:
            self.reader.fault(node, "empty", f"there is no vote for {name}", "{choice: votes}")
        found.votes[name] = votes

    def divided(self, name: str, question: Question, node: Node, found: Then) -> None:
        parts = self.reader.shape(node, "by", f"votes for {name}")
        if parts is None or len(parts) < 2:
            return
        known = self.reader.one_of(parts["by"], "table", self.tables, "table")
        votes = self.reader.number(parts["votes"], "votes")
        if known is None or votes is None or known not in self.tables:
            return
        table = self.tables[known]
        if len(table.places.keys() & set(question.choices)) < 2:
            said = f"{quoted(known)} places no two choices of {name}"
            names = ", ".join(table.places)
            self.reader.fault(parts["by"], "choice", said, f"a decision with {names}")
            return
        self.early(parts["by"], name, table.feature)
        found.divided.append(Divided(name, table, votes, question.choices))

    def early(self, node: Node, name: str, feature: str) -> None:
        order = list(self.asked)
        if feature in self.asked and order.index(feature) >= order.index(name):
            said = f"{name!r} is decided before {feature!r}, by which the table goes"
            self.reader.fault(node, "order", said, f"a decision after {feature!r}")

    def in_order(self, key: Node, name: str, when: Condition | None) -> None:
        """A fault where the condition uses a decision that is not made before `name`."""
        for used in too_early(name, when, self.clauses):
            said = f"{quoted(name)} is decided before {used!r}, which the condition uses"
            self.reader.fault(key, "order", said, f"a decision after {used!r}")

    def evidence(self, node: Node) -> Evidence | None:
        parts = self.reader.shape(node, "evidence", "evidence")
        if parts is None or len(parts) < 3:
            return None
        grade = self.reader.one_of(parts["grade"], "grade", GRADES, "grade")
        effect = self.reader.sentence(parts["effect"], "effect")
        source = self.reader.one_of(parts["source"], "source", self.sources, "source")
        if grade is None or effect is None or source is None:
            return None
        return Evidence(grade, effect, source)


def _bare(rule: MappingRule) -> Condition:
    """The condition of the rule as it was written: without the place that a table gave it."""
    if not rule.part_of:
        return rule.when
    if isinstance(rule.when, Joined):
        head = rule.when.of[:-1]
        return Joined("all", head) if len(head) > 1 else head[0]
    return ALWAYS
