"""Reads the section `decisions`: what there is to decide, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from composer.table.kinds import narrowed, read_choice, read_number
from composer.table.nodes import Mapped, Node
from composer.table.reader import YamlReader, quoted
from composer.table.slip import curly
from composer.table.table import Question
from composer.vocabulary import Need, Vocabulary

_RESERVED = ("all", "any", "not", "very", "somewhat", "in")
_READERS = {"number": read_number, "choice": read_choice}


def read_questions(
    reader: YamlReader,
    node: Node | None,
    vocabulary: Vocabulary,
    inherited: Mapping[str, Question],
) -> dict[str, Question]:
    """Every decision that can be read, in the order in which they are made; the rest are faults.

    An inherited decision keeps its place, and of its keys those that are not written anew. A new
    one comes last, or `before` another.
    """
    asked = dict(inherited)
    for key, name, spec in (reader.entries(node, "decisions") or []) if node is not None else ():
        if name in _RESERVED:
            message = f"a decision cannot be called {name!r}"
            reader.fault(key, "reserved", message, "another name")
            continue
        earlier = _earlier(reader, name, spec, asked, inherited)
        base = inherited.get(name)
        question = _question(reader, name, key, spec, earlier, base, vocabulary, bool(inherited))
        if question is None:
            reader.spoilt.add(name)
            continue
        reader.places["decision", name] = key
        asked = _placed(asked, earlier, question)
        need = vocabulary.needs.get(name)
        if need is not None:
            _meets(reader, spec, question, need, vocabulary)
    if inherited:
        asked = {name: narrowed(question, asked) for name, question in asked.items()}
    elif node is not None:
        lacking = [
            quoted(name)
            for name, need in vocabulary.needs.items()
            if name not in asked and need.else_ is None and not declared(node, name)
        ]
        if lacking:
            said = f"decisions lacks {', '.join(lacking)}"
            reader.fault(node, "unplayable", said, "all that a piece needs")
    return asked


def declared(node: Node, name: str) -> Node | None:
    """The node of a key in the file, be its value faulty, or itself in capitals or curly quotes."""
    pairs = node.pairs if isinstance(node, Mapped) else []
    names = ((key, getattr(key, "value", "")) for key, _ in pairs)
    return next((key for key, got in names if name in (got, (curly(got) or got).lower())), None)


def _earlier(
    reader: YamlReader,
    name: str,
    node: Node,
    asked: Mapping[str, Question],
    inherited: Mapping[str, Question],
) -> dict[str, Question]:
    """The decisions that are made before this one."""
    order = list(asked)
    if name in inherited:
        return {each: asked[each] for each in order[: order.index(name)]}
    if inherited and isinstance(node, Mapped):
        for key, value in node.pairs:
            if getattr(key, "value", None) == "before":
                other = reader.one_of(value, "before", order, "decision")
                end = order.index(other) if other is not None else len(order)
                return {each: asked[each] for each in order[:end]}
    return dict(asked)


def _placed(
    asked: Mapping[str, Question], earlier: Mapping[str, Question], question: Question
) -> dict[str, Question]:
    """The decisions with this one after those that are earlier than it."""
    later = {name: each for name, each in asked.items() if name not in earlier}
    later.pop(question.name, None)
    return {**earlier, question.name: question, **later}


def _question(
    reader: YamlReader,
    name: str,
    place: Node,
    node: Node,
    earlier: Mapping[str, Question],
    base: Question | None,
    vocabulary: Vocabulary,
    inheriting: bool,
) -> Question | None:
    what = f"decision {quoted(name)}"
    if not isinstance(node, Mapped):
        reader.mapping(node, what)
        return None
    kinds = [kind for kind in _READERS if declared(node, kind)]
    if base is not None and not kinds:
        kinds = [base.kind]
    if not kinds and inheriting:
        said = f"{what} is not inherited, nor does it say what it is"
        expected = "an inherited decision, or number: [..] or choice: [..]"
        reader.fault(place, "decision", said, expected, [*earlier], name)
        return None
    if len(kinds) != 1:
        said = f"{what} has {'both a number and a choice' if kinds else 'no kind'}"
        reader.fault(node, "kind", said, "number: [low, high] or choice: [one, two]")
        return None
    if base is not None and kinds != [base.kind]:
        reader.fault(node, "kind", f"{what} is inherited as a {base.kind}", f"a {base.kind}")
        return None
    parts = reader.shape(node, kinds[0], what, whole=base is None)
    if parts is None:
        return None
    before = declared(node, "before")
    if before is not None and (base is not None or not inheriting):
        said = "before is for a new decision of a table that extends another"
        reader.fault(before, "key", said, "the decisions in their order")
    return _READERS[kinds[0]](reader, name, parts, earlier, base, vocabulary)


def _meets(
    reader: YamlReader, node: Node, question: Question, need: Need, vocabulary: Vocabulary
) -> None:
    """Faults where a table offers what the composer cannot carry out."""
    name = question.name
    if question.kind != need.kind:
        reader.fault(node, "kind", f"{name} is a {question.kind}", f"a {need.kind}")
    elif need.bounds is not None:
        low, high = (Decimal(str(bound)) for bound in need.bounds)
        if question.low < low or question.high > high:
            said = f"{name} runs from {question.low} to {question.high}"
            reader.fault(node, "unplayable", said, f"within {low} to {high}")
    else:
        known = need.choices or tuple(vocabulary.stocks.get(need.stock, ()))
        for choice in question.choices:
            if known and choice not in known:
                said = f"{name} offers {quoted(choice)}, which the composer cannot play"
                reader.fault(node, "unplayable", said, ", ".join(known), known, choice)
