"""Reads the section `terms`: words for features, as ramps, peaks or lines through points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from composer.table.conditions import REGIONS, Term
from composer.table.nodes import Listing, Mapped, Node
from composer.table.questions import declared
from composer.table.reader import Reader, offer, quoted
from composer.table.table import Question
from composer.vocabulary import Vocabulary

SHAPES_OF_STRENGTH = ("not", "very", "somewhat")
_PEAKED = ("at", "within")


def read_terms(
    reader: Reader,
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
    reader: Reader, node: Node, term: Term, where: str, vocabulary: Vocabulary
) -> Term | None:
    """The term measured in the region `where`; a fault where that cannot be."""
    if not _is_regional(reader, node, term.feature, vocabulary):
        return None
    return replace(term, name=f"{term.name} in {where}", where=where, made=True)


def read_where(
    reader: Reader, parts: Mapping[str, Node], feature: str, vocabulary: Vocabulary
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
    reader: Reader, node: Node, vocabulary: Vocabulary, asked: Mapping[str, Question]
) -> str | None:
    """The name of a feature, of the whole or of a region, or of a number that is decided."""
    numbers = [name for name, question in asked.items() if question.kind == "number"]
    known = [*vocabulary.features, *vocabulary.regional, *numbers]
    return reader.one_of(node, "feature", dict.fromkeys(known), "feature")


def _is_regional(reader: Reader, node: Node, feature: str, vocabulary: Vocabulary) -> bool:
    if feature in vocabulary.regional:
        return True
    said = f"{feature} is not measured in regions"
    reader.fault(node, "region", said, offer([*vocabulary.regional]))
    return False


def _term(
    reader: Reader,
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
    reader: Reader,
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
