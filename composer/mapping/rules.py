"""Reads the sections `terms` and `rules`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from composer.mapping.conditions import Chosen, Condition, Is, Joined, Shaped, Term, leaves
from composer.mapping.nodes import Mapped, Node, Scalar
from composer.mapping.questions import read_compared
from composer.mapping.reader import Reader
from composer.mapping.table import Question, Rule
from composer.mapping.values import Evidence
from composer.mapping.vocabulary import Vocabulary

_SHAPES = ("not", "very", "somewhat")
_GRADES = ("A", "B", "C")


def read_terms(
    reader: Reader, node: Node, vocabulary: Vocabulary, asked: Mapping[str, Question]
) -> dict[str, Term]:
    """Every term that can be read; features are the catalogue's and the number decisions."""
    numbers = [name for name, question in asked.items() if question.kind == "number"]
    known = [*vocabulary.features, *numbers]
    terms: dict[str, Term] = {}
    for key, name, spec in reader.entries(node, "terms") or []:
        if name.split()[0] in _SHAPES or name in ("all", "any"):
            expected = "a name that does not begin with not, very or somewhat, nor is all or any"
            reader.fault(key, "name", f"a term cannot be called {name!r}", expected)
            continue
        term = _term(reader, name, spec, known)
        if term is None:
            reader.spoilt.add(name)
        else:
            terms[name] = term
    return terms


def _term(reader: Reader, name: str, node: Node, known: list[str]) -> Term | None:
    peaked = isinstance(node, Mapped) and any(
        getattr(key, "value", None) in ("at", "within", "turn") for key, _ in node.pairs
    )
    keys = ("feature", "at", "within") if peaked else ("feature", "from", "to")
    parts = reader.mapping(node, f"term {name!r}", keys, ("turn",) if peaked else ())
    if parts is None or any(key not in parts for key in keys):
        return None
    feature = reader.one_of(parts["feature"], "feature", known)
    numbers = {k: reader.number(parts[k], k) for k in parts if k != "feature"}
    if feature is None or any(value is None for value in numbers.values()):
        return None
    read = {k: float(value) for k, value in numbers.items() if value is not None}
    if not peaked:
        if read["from"] == read["to"]:
            reader.fault(parts["to"], "range", f"term {name!r} has no width", "from and to apart")
            return None
        return Term(name, feature, read["from"], read["to"])
    for key in ("within", "turn"):
        if read.get(key, 1) <= 0:
            reader.fault(parts[key], "range", f"{key} is {read[key]}", "a number above 0")
            return None
    return Term(name, feature, read["at"], read["at"], read["within"], read.get("turn"))


def read_rules(
    reader: Reader,
    node: Node,
    terms: Mapping[str, Term],
    asked: Mapping[str, Question],
    sources: Mapping[str, str],
) -> tuple[Rule, ...]:
    """Every rule that can be read, in the file's order."""
    rules: list[Rule] = []
    seen: dict[str, int] = {}
    for item in reader.items(node, "rules") or []:
        rule = _Rule(reader, terms, asked, sources).read(item, seen)
        if rule is not None:
            rules.append(rule)
    return tuple(rules)


class _Rule:
    """Reads one rule against the names that are known."""

    def __init__(
        self,
        reader: Reader,
        terms: Mapping[str, Term],
        asked: Mapping[str, Question],
        sources: Mapping[str, str],
    ) -> None:
        self.reader = reader
        self.terms = terms
        self.asked = asked
        self.sources = sources

    def read(self, node: Node, seen: dict[str, int]) -> Rule | None:
        keys = ("id", "when", "then", "because", "evidence")
        parts = self.reader.mapping(node, "rule", keys)
        if parts is None:
            return None
        before = len(self.reader.faults)
        id_ = self.reader.text(parts["id"], "id") if "id" in parts else None
        if id_ is not None:
            if id_ in seen:
                self.reader.fault(
                    parts["id"],
                    "doubled",
                    f"rule {id_!r} stands twice, first in line {seen[id_] + 1}",
                    "another id",
                )
            if id_ in ("start", "default", "clamp", "rounding", "you"):
                self.reader.fault(parts["id"], "name", f"{id_!r} is a share's own name", "another")
            seen.setdefault(id_, parts["id"].line)
        when = self.condition(parts["when"], "when") if "when" in parts else None
        adds: dict[str, Decimal] = {}
        votes: dict[str, Mapping[str, Decimal]] = {}
        if "then" in parts:
            self.amounts(parts["then"], when, adds, votes)
        because = self.reader.text(parts["because"], "because") if "because" in parts else None
        evidence = self.evidence(parts["evidence"]) if "evidence" in parts else None
        if id_ is None or when is None or because is None or evidence is None:
            return None
        if len(self.reader.faults) > before:
            return None
        place = f"{self.reader.file}:{node.line + 1}"
        return Rule(id_, when, adds, votes, because, evidence, place)

    def condition(self, node: Node, what: str) -> Condition | None:
        if isinstance(node, Scalar):
            return self.named(node, what)
        pairs = self.reader.entries(node, what)
        if not pairs:
            if pairs is not None:
                self.reader.fault(node, "empty", f"{what} is empty", "a term, or all, any, not")
            return None
        if len(pairs) > 1:
            self.reader.fault(
                pairs[1][0], "type", f"{what} says two things at once", "all: [..] or any: [..]"
            )
            return None
        key, word, inner = pairs[0]
        if word in ("all", "any"):
            items = self.reader.items(inner, word)
            if items is None:
                return None
            if not items:
                self.reader.fault(inner, "empty", f"{word} is empty", "at least one condition")
                return None
            read = [self.condition(item, f"a part of {word}") for item in items]
            sound = tuple(part for part in read if part is not None)
            return Joined(word, sound) if len(sound) == len(read) else None
        if word in _SHAPES:
            of = self.condition(inner, word)
            return Shaped(word, of) if of is not None else None
        values = read_compared(self.reader, key, word, inner, self.asked, "a rule may compare")
        return Chosen(word, values) if values else None

    def named(self, node: Scalar, what: str) -> Condition | None:
        text = self.reader.text(node, what)
        if text is None:
            return None
        words = text.split()
        shapes: list[str] = []
        while len(words) > 1 and words[0] in _SHAPES:
            shapes.append(words.pop(0))
        name = " ".join(words)
        if name not in self.terms and name in self.reader.spoilt:
            return None
        if name not in self.terms:
            names = list(self.terms)
            self.reader.fault(
                node, "name", f"{name!r} is no term", f"one of the {len(names)} terms", names, name
            )
            return None
        condition: Condition = Is(name)
        for shape in reversed(shapes):
            condition = Shaped(shape, condition)
        return condition

    def amounts(
        self,
        node: Node,
        when: Condition | None,
        adds: dict[str, Decimal],
        votes: dict[str, Mapping[str, Decimal]],
    ) -> None:
        pairs = self.reader.entries(node, "then")
        if pairs is not None and not pairs:
            self.reader.fault(node, "empty", "then decides nothing", "{decision: amount}")
        for key, name, value in pairs or []:
            question = self.asked.get(name)
            if question is None and name in self.reader.spoilt:
                continue
            if question is None:
                names = list(self.asked)
                expected = "one of the decisions declared"
                self.reader.fault(key, "name", f"{name!r} is no decision", expected, names, name)
                continue
            self.in_order(key, name, when)
            if question.kind == "number":
                amount = self.reader.number(value, f"amount for {name}")
                if amount is not None:
                    adds[name] = amount
                continue
            given: dict[str, Decimal] = {}
            for choice_key, choice, count in self.reader.entries(value, f"votes for {name}") or []:
                self.reader.one_of(choice_key, f"choice of {name}", question.choices)
                amount = self.reader.number(count, f"votes for {choice}")
                if amount is not None:
                    given[choice] = amount
            votes[name] = given

    def in_order(self, key: Node, name: str, when: Condition | None) -> None:
        """A fault where the condition uses a decision that is not made before `name`."""
        order = list(self.asked)
        for leaf in leaves(when) if when is not None else ():
            used = leaf.decision if isinstance(leaf, Chosen) else self.terms[leaf.term].feature
            if used in self.asked and order.index(used) >= order.index(name):
                self.reader.fault(
                    key,
                    "order",
                    f"{name!r} is decided before {used!r}, which the condition uses",
                    f"a decision after {used!r}",
                )

    def evidence(self, node: Node) -> Evidence | None:
        parts = self.reader.mapping(node, "evidence", ("grade", "effect", "source"))
        if parts is None or len(parts) < 3:
            return None
        grade = self.reader.one_of(parts["grade"], "grade", _GRADES)
        effect = self.reader.text(parts["effect"], "effect")
        source = self.reader.one_of(parts["source"], "source", self.sources)
        if grade is None or effect is None or source is None:
            return None
        return Evidence(grade, effect, source)
