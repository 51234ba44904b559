"""Reads terms and the conditions made of them.

A term is a word for a feature: a ramp, a peak or a line through points. A condition is a term by
its name, or all, any, not, very or somewhat of conditions, or an earlier choice; and its terms may
be measured in a region.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from composer.table.conditions import REGIONS, Chosen, Condition, Is, Joined, Shaped, Term, leaves
from composer.table.kinds import read_compared
from composer.table.nodes import Listing, Mapped, Node, Scalar
from composer.table.questions import declared
from composer.table.reader import YamlReader, offer, quoted
from composer.table.table import Question
from composer.table.typed import meant_condition
from composer.vocabulary import Vocabulary

SHAPES_OF_STRENGTH = ("not", "very", "somewhat")
_PEAKED = ("at", "within")


def read_terms(
    reader: YamlReader,
    node: Node | None,
    vocabulary: Vocabulary,
    asked: Mapping[str, Question],
    inherited: Mapping[str, Term],
) -> dict[str, Term]:
    """Every term that can be read, after the inherited ones; one of the same name replaces."""
    terms = dict(inherited)
    for key, name, spec in (reader.entries(node, "terms") or []) if node is not None else ():
        words = name.split()
        if not words or words[0] in SHAPES_OF_STRENGTH or name in ("all", "any"):
            expected = "a name that does not begin with not, very or somewhat, nor is all or any"
            reader.fault(key, "reserved", f"a term cannot be called {quoted(name)}", expected)
            continue
        term = _term(reader, name, spec, vocabulary, asked)
        if term is None:
            reader.spoilt.add(name)
        else:
            reader.places["term", name] = key
            terms[name] = term
    return {
        name: replace(terms[root], name=name, where=term.where, made=True)
        if (root := root_of(term)) in terms
        else term
        for name, term in terms.items()
    }


def root_of(term: Term) -> str:
    """The term that one `in` a region was made from, or "".

    >>> term = Term("dark in top region", "f", 46, 24, where="top region", made=True)
    >>> root_of(term)
    'dark'
    """
    ending = f" in {term.where}"
    return term.name.removesuffix(ending) if term.made and term.where else ""


def placed(
    reader: YamlReader, node: Node, term: Term, where: str, vocabulary: Vocabulary
) -> Term | None:
    """The term measured in the region `where`; a fault where that cannot be."""
    if not _is_regional(reader, node, term.feature, vocabulary):
        return None
    return replace(term, name=f"{term.name} in {where}", where=where, made=True)


def read_where(
    reader: YamlReader, parts: Mapping[str, Node], feature: str, vocabulary: Vocabulary
) -> str | None:
    """The region under `in`, "" where there is none; a fault, and None, where it cannot be."""
    if "in" not in parts:
        if feature in vocabulary.regional and feature not in vocabulary.features:
            said = f"{feature} is that of a region"
            reader.fault(parts["feature"], "region", said, "in: " + ", ".join(REGIONS))
            return None
        return ""
    where = reader.one_of(parts["in"], "region", REGIONS, "region")
    if where is None or not _is_regional(reader, parts["in"], feature, vocabulary):
        return None
    return where


def read_feature(
    reader: YamlReader, node: Node, vocabulary: Vocabulary, asked: Mapping[str, Question]
) -> str | None:
    """The name of a feature, of the whole or of a region, or of a number that is decided."""
    numbers = [name for name, question in asked.items() if question.kind == "number"]
    known = [*vocabulary.features, *vocabulary.regional, *numbers]
    return reader.one_of(node, "feature", dict.fromkeys(known), "feature")


def _is_regional(reader: YamlReader, node: Node, feature: str, vocabulary: Vocabulary) -> bool:
    if feature in vocabulary.regional:
        return True
    said = f"{feature} is not measured in regions"
    reader.fault(node, "region", said, offer([*vocabulary.regional]))
    return False


def _term(
    reader: YamlReader,
    name: str,
    node: Node,
    vocabulary: Vocabulary,
    asked: Mapping[str, Question],
) -> Term | None:
    peaked = any(declared(node, key) for key in _PEAKED)
    shape = "line" if declared(node, "points") else "peak" if peaked else "ramp"
    parts = reader.shape(node, shape, f"term {quoted(name)}")
    if parts is None or "feature" not in parts:
        return None
    feature = read_feature(reader, parts["feature"], vocabulary, asked)
    if feature is None:
        return None
    where = read_where(reader, parts, feature, vocabulary)
    numbers = {
        key: reader.number(parts[key], key)
        for key in ("from", "to", "at", "within", "turn")
        if key in parts
    }
    read = {key: float(value) for key, value in numbers.items() if value is not None}
    for key in ("within", "turn"):
        if read.get(key, 1) <= 0:
            reader.fault(parts[key], "range", f"{key} is {numbers[key]}", "a number above 0")
            return None
    if where is None or len(read) < len(numbers):
        return None
    if shape == "line":
        return _line(reader, name, feature, parts, read.get("turn"), where)
    if shape == "peak":
        if not {"at", "within"} <= read.keys():
            return None
        at, turn = read["at"], read.get("turn")
        return Term(name, feature, at, at, read["within"], turn, where=where)
    if not {"from", "to"} <= read.keys():
        return None
    if read["from"] == read["to"]:
        said = f"term {quoted(name)} has no width"
        reader.fault(parts["to"], "width", said, "from and to apart")
        return None
    return Term(name, feature, read["from"], read["to"], where=where)


def _line(
    reader: YamlReader,
    name: str,
    feature: str,
    parts: Mapping[str, Node],
    turn: float | None,
    where: str,
) -> Term | None:
    if "points" not in parts:
        return None
    node = parts["points"]
    points: list[tuple[float, float]] = []
    for item in reader.items(node, "points") or []:
        pair = item.items if isinstance(item, Listing) else []
        if len(pair) != 2:
            reader.fault(item, "points", "a point is a pair", "[value, strength]")
            return None
        value = reader.number(pair[0], "value")
        strength = reader.number(pair[1], "strength")
        if value is None or strength is None:
            return None
        if not 0 <= strength <= 1:
            reader.fault(pair[1], "points", f"a strength is {strength}", "a number from 0 to 1")
            return None
        points.append((float(value), float(strength)))
    rising = all(one[0] < other[0] for one, other in pairwise(points))
    if len(points) < 2 or not rising or (turn and points[-1][0] - points[0][0] >= turn):
        expected = "two or more points, each value above the one before"
        expected += f", all within {turn:g}" if turn else ""
        if isinstance(node, Listing | Mapped):
            reader.fault(node, "points", f"the points of {quoted(name)} do not rise", expected)
        return None
    return Term(name, feature, points[0][0], points[-1][0], None, turn, tuple(points), where)


@dataclass
class Clauses:
    """Reads conditions against what is declared; a term `in` a region becomes one of its own."""

    reader: YamlReader
    vocabulary: Vocabulary
    asked: Mapping[str, Question]
    terms: dict[str, Term]

    def condition(self, node: Node, what: str, where: str = "") -> Condition | None:
        """The condition at `node`, its terms measured in the region `where`, if there is one."""
        if isinstance(node, Scalar):
            return self.named(node, what, where)
        pairs = self.reader.entries(node, what)
        if pairs is None:
            return None
        inside = [row for row in pairs if row[1] == "in"]
        pairs = [row for row in pairs if row[1] != "in"]
        if inside:
            found = self.reader.one_of(inside[0][2], "region", REGIONS, "region")
            if found is None:
                return None
            where = found
        if not pairs:
            said = "a term, or all, any, not, very, somewhat, or a choice"
            self.reader.fault(node, "empty", f"{what} is empty", said)
            return None
        if len(pairs) > 1:
            said = f"{what} says two things at once"
            self.reader.fault(pairs[1][0], "type", said, "all: [..] or any: [..]")
            return None
        key, word, inner = pairs[0]
        if word in ("all", "any"):
            items = self.reader.items(inner, word)
            if items is None:
                return None
            if not items:
                self.reader.fault(inner, "empty", f"{word} is empty", "at least one condition")
                return None
            read = [self.condition(item, f"a part of {word}", where) for item in items]
            sound = tuple(part for part in read if part is not None)
            return Joined(word, sound) if len(sound) == len(read) else None
        if word in SHAPES_OF_STRENGTH:
            of = self.condition(inner, word, where)
            return Shaped(word, of) if of is not None else None
        if word in self.terms and word not in self.asked:
            said = f"{quoted(word)} is a term, which is compared with nothing"
            self.reader.fault(key, "type", said, f"{word} alone, or very {word}")
            return None
        values = read_compared(self.reader, key, word, inner, self.asked, "a rule may compare")
        return Chosen(word, values) if values else None

    def named(self, node: Scalar, what: str, where: str) -> Condition | None:
        """A term by its name, after not, very or somewhat, before `in` a region."""
        text = self.reader.text(node, what)
        if text is None:
            return None
        words = text.split()
        shapes: list[str] = []
        while len(words) > 1 and words[0] in SHAPES_OF_STRENGTH:
            shapes.append(words.pop(0))
        name = " ".join(words)
        root, _, region = name.rpartition(" in ")
        if name not in self.terms and root in self.terms:
            if region not in REGIONS:
                said = f"region {quoted(region)} is not known"
                self.reader.fault(node, "region", said, offer([*REGIONS]), REGIONS, region)
                return None
            name, where = root, region
            if self.terms[root].feature in self.asked:
                said = f"{quoted(root)} is of a decision, which has no regions"
                self.reader.fault(node, "region", said, quoted(root))
                return None
        if name not in self.terms:
            if name not in self.reader.spoilt:
                self.unknown(node, name)
            return None
        condition = self.inside(Is(name), where, node)
        if condition is None:
            return None
        for shape in reversed(shapes):
            condition = Shaped(shape, condition)
        return condition

    def unknown(self, node: Scalar, name: str) -> None:
        names = [name for name, term in self.terms.items() if not term.made]
        question = self.asked.get(name)
        expected = meant_condition(name) or "one of the terms declared"
        if question is not None:
            expected = f"{{{name}: {question.choices[0] if question.choices else 'a choice'}}}"
            if question.kind == "number":
                expected = f"a term with feature: {name}"
        got = "" if meant_condition(name) else name
        self.reader.fault(node, "term", f"{quoted(name)} is no term", expected, names, got)

    def inside(self, condition: Condition, where: str, node: Node) -> Condition | None:
        """The condition with its terms measured in a region; a term that has one keeps it,
        and one of a decision has none."""
        if not where or isinstance(condition, Chosen):
            return condition
        if isinstance(condition, Shaped):
            of = self.inside(condition.of, where, node)
            return Shaped(condition.how, of) if of is not None else None
        if isinstance(condition, Joined):
            read = [self.inside(part, where, node) for part in condition.of]
            sound = tuple(part for part in read if part is not None)
            return Joined(condition.how, sound) if len(sound) == len(read) else None
        old = self.terms[condition.term]
        if old.where or old.feature in self.asked:
            return condition
        term = placed(self.reader, node, old, where, self.vocabulary)
        if term is None:
            return None
        self.terms.setdefault(term.name, term)
        return Is(term.name)


def too_early(name: str, when: Condition | None, clauses: Clauses) -> Iterator[str]:
    """The decisions that the condition uses and that are not made before `name`."""
    asked = tuple(clauses.asked)
    for leaf in leaves(when) if when is not None else ():
        used = leaf.decision if isinstance(leaf, Chosen) else clauses.terms[leaf.term].feature
        if used in clauses.asked and asked.index(used) >= asked.index(name):
            yield used
