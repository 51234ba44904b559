"""Reads conditions: terms by name, all, any, not, very, somewhat, earlier choices, regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from composer.table.conditions import REGIONS, Chosen, Condition, Is, Joined, Shaped, Term, leaves
from composer.table.kinds import read_compared
from composer.table.nodes import Node, Scalar
from composer.table.reader import Reader, offer, quoted
from composer.table.table import Question
from composer.table.terms import SHAPES_OF_STRENGTH, placed
from composer.vocabulary import Vocabulary


@dataclass
class Clauses:
    """Reads conditions against what is declared; a term `in` a region becomes one of its own."""

    reader: Reader
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
        expected = "one of the terms declared"
        if question is not None:
            expected = f"{{{name}: {question.choices[0] if question.choices else 'a choice'}}}"
            if question.kind == "number":
                expected = f"a term with feature: {name}"
        self.reader.fault(node, "term", f"{quoted(name)} is no term", expected, names, name)

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
    order = {each: place for place, each in enumerate(clauses.asked)}
    for leaf in leaves(when) if when is not None else ():
        used = leaf.decision if isinstance(leaf, Chosen) else clauses.terms[leaf.term].feature
        if used in order and order[used] >= order[name]:
            yield used
