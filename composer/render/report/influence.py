"""Which notes a rule, a decision, a motif or a region shaped, read off the explanation.

A note's cause names decisions and rules of theory. A rule of the mapping table shaped a note by the
decisions that it moved; a decision that no note names, such as the valence, shaped it through the
later decisions whose rules listened to it; and a few decisions hold for whole parts by what they
are, as the metre does, which the registry of decisions says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from composer.explanation.decided import TableJson
from composer.explanation.format import CauseJson, Explanation
from composer.vocabulary import DECISIONS

Notes = frozenset[int]  # their numbers in the explanation

NONE: Notes = frozenset()


@dataclass(frozen=True, slots=True)
class Influence:
    """What something shaped: `notes` by themselves, `through` later decisions only.

    `moved` are the decisions that a rule of the table moved, `via` those that a decision led.
    """

    notes: Notes
    through: Notes = NONE
    moved: tuple[str, ...] = ()
    via: tuple[str, ...] = ()


class Influences:
    """The reach of everything that the explanation of one piece names."""

    def __init__(self, document: Explanation) -> None:
        self.document = document
        self._known: dict[str, Influence] = {}
        named, parts, regions = defaultdict(set), defaultdict(set), defaultdict(set)
        for number, note in enumerate(document["notes"]):
            parts[note["part"]].add(number)
            regions[note["cause"]["region"]].add(number)
            for name in names(note["cause"]):
                named[name].add(number)
        self._named: Mapping[str, set[int]] = named
        self._parts: Mapping[str, set[int]] = parts
        self._regions: Mapping[str, set[int]] = regions
        self._leads = leads(document)

    def decision(self, name: str) -> Influence:
        """Notes that name it or whose part it holds for; through all that it led."""
        if name not in self._known:
            held = _all(self._parts.get(part, ()) for part in holds(name))
            notes = self.named(name) | held
            via = self._leads.get(name, ())
            later = [self.decision(other) for other in via]
            through = _all((reach.notes | reach.through) for reach in later)
            self._known[name] = Influence(notes, through - notes, via=via)
        return self._known[name]

    def rule(self, name: str) -> Influence:
        """Of a rule of the table: the notes of every decision in which it has a share."""
        moved = tuple(
            decision
            for decision, made in self.document["decisions"].items()
            if any(share["rule"] == name and share["amount"] for share in made["shares"])
        )
        reaches = [self.decision(decision) for decision in moved]
        notes = _all(reach.notes for reach in reaches)
        return Influence(notes, _all(reach.through for reach in reaches) - notes, moved=moved)

    def named(self, name: str) -> Notes:
        """The notes whose cause names it: of a rule of harmony or melody, or of a motif, all that
        it shaped."""
        return frozenset(self._named.get(name, ()))

    def region(self, name: str) -> Influence:
        return Influence(frozenset(self._regions.get(name, ())))

    def between(self, start: int, end: int) -> Influence:
        """Of a chord or a section: the notes that are struck from one tick to another."""
        notes = enumerate(self.document["notes"])
        return Influence(frozenset(number for number, note in notes if start <= note["tick"] < end))


def holds(name: str) -> tuple[str, ...]:
    """The parts for whose every note a decision holds, whether or not its cause names it."""
    need = DECISIONS.get(name)
    return need.holds if need else ()


def _all(sets: Iterable[Collection[int]]) -> Notes:
    return frozenset(number for numbers in sets for number in numbers)


def names(cause: CauseJson) -> tuple[str, ...]:
    """Everything that a note's cause names: what shaped it, and what struck out others."""
    struck = cause["trace"]["struck"] if cause["trace"] else {}
    return (*cause["rules"], *(rule for rule in struck if rule not in cause["rules"]))


def leads(document: Explanation) -> Mapping[str, tuple[str, ...]]:
    """For each decision the later ones in which a rule that listens to it has a share."""
    table = document["rules"]["table"]
    heard = {rule["id"]: frozenset(listens(rule["when"], table)) for rule in table["rules"]}
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name, made in document["decisions"].items():
        asked = table["decisions"][name]
        for share in made["shares"]:
            if not share["amount"]:
                continue
            listened = heard.get(share["rule"], frozenset())
            if share["rule"] == "default" and "default" in asked:
                listened |= {asked["default"]["by"]}
            for other in listened & document["decisions"].keys() - {name}:
                found[other][name] = None
    return {name: tuple(later) for name, later in found.items()}


def listens(when: Any, table: TableJson) -> Iterator[str]:
    """The features and earlier decisions that a condition, as the table writes it, listens to."""
    if isinstance(when, str):
        term = term_of(when, table["terms"])
        if term is not None:
            yield table["terms"][term]["feature"]
    elif isinstance(when, Mapping):
        for key, inner in when.items():
            if key in table["decisions"]:
                yield key
            else:
                yield from listens(inner, table)
    elif isinstance(when, list | tuple):
        for inner in when:
            yield from listens(inner, table)


def term_of(text: str, terms: Mapping[str, Any]) -> str | None:
    """The term in `very dark`: the text less the words that shape it.

    >>> term_of("not very dark", {"dark": {}}), term_of("somewhat", {"dark": {}})
    ('dark', None)
    """
    while text not in terms:
        _, blank, text = text.partition(" ")
        if not blank:
            return None
    return text
