"""Reads the section `decisions`: what there is to decide, and within which bounds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from composer.mapping.nodes import Listing, Mapped, Node
from composer.mapping.reader import Reader
from composer.mapping.table import Default, Question
from composer.mapping.vocabulary import Need, Vocabulary
from theory.metre import METRES

_NUMBER_KEYS = ("start", "step", "unit", "lasts")
_CHOICE_KEYS = ("start", "only", "default", "unit")
_RESERVED = ("all", "any", "not", "very", "somewhat")


def read_questions(reader: Reader, node: Node, vocabulary: Vocabulary) -> dict[str, Question]:
    """Every decision that can be read, in declared order; the rest are faults."""
    asked: dict[str, Question] = {}
    for key, name, spec in reader.entries(node, "decisions") or []:
        if name in _RESERVED:
            reader.fault(key, "name", f"a decision cannot be called {name!r}", "another name")
            continue
        question = _question(reader, name, spec, asked, vocabulary)
        if question is None:
            reader.spoilt.add(name)
        else:
            asked[name] = question
            need = vocabulary.needs.get(name)
            if need is not None:
                _meets(reader, spec, question, need, vocabulary)
    needs = vocabulary.needs
    lacking = [repr(name) for name in needs if name not in asked and not _declared(node, name)]
    if lacking:
        said = f"decisions lacks {', '.join(lacking)}"
        reader.fault(node, "missing", said, "all that a piece needs")
    return asked


def _declared(node: Node, name: str) -> bool:
    """Whether a decision stands in the file, be it faulty."""
    pairs = node.pairs if isinstance(node, Mapped) else []
    return any(getattr(key, "value", None) == name for key, _ in pairs)


def _question(
    reader: Reader,
    name: str,
    node: Node,
    earlier: Mapping[str, Question],
    vocabulary: Vocabulary,
) -> Question | None:
    if not isinstance(node, Mapped):
        reader.mapping(node, f"decision {name!r}")
        return None
    kinds = [kind for kind in ("number", "choice") if _declared(node, kind)]
    if len(kinds) != 1:
        reader.fault(
            node,
            "kind",
            f"decision {name!r} has {'both a number and a choice' if kinds else 'no kind'}",
            "number: [low, high] or choice: [one, two]",
        )
        return None
    keys = _NUMBER_KEYS if kinds == ["number"] else _CHOICE_KEYS
    parts = reader.mapping(node, f"decision {name!r}", tuple(kinds), keys)
    if parts is None:
        return None
    unit = reader.text(parts["unit"], "unit") or "" if "unit" in parts else ""
    if kinds == ["number"]:
        return _number(reader, name, parts, unit, earlier)
    return _choice(reader, name, parts, unit, earlier, vocabulary)


def _pair(reader: Reader, node: Node, what: str) -> tuple[Decimal, Decimal] | None:
    items = reader.items(node, what)
    if items is None:
        return None
    if len(items) != 2:
        reader.fault(node, "pair", f"{what} has {len(items)} items", "[low, high]")
        return None
    low, high = reader.number(items[0], what), reader.number(items[1], what)
    if low is None or high is None:
        return None
    if low >= high:
        reader.fault(node, "pair", f"{what} runs from {low} to {high}", "[low, high], low first")
        return None
    return low, high


def _number(
    reader: Reader,
    name: str,
    parts: Mapping[str, Node],
    unit: str,
    earlier: Mapping[str, Question],
) -> Question | None:
    bounds = _pair(reader, parts["number"], name)
    if bounds is None:
        return None
    low, high = bounds
    start: Decimal | None = max(low, min(high, Decimal(0)))
    if "start" in parts:
        start = reader.number(parts["start"], f"start of {name}", low, high)
    step = None
    if "step" in parts:
        step = reader.number(parts["step"], f"step of {name}")
        if step is not None and (step <= 0 or (high - low) % step):
            expected = f"a part of {high - low}, the width of the range"
            reader.fault(parts["step"], "step", f"step of {name} is {step}", expected)
            step = None
    lasts = None
    if "lasts" in parts:
        lasts = _pair(reader, parts["lasts"], "lasts")
        for needed in ("bars", "metre"):
            if needed not in earlier and needed not in reader.spoilt:
                reader.fault(
                    parts["lasts"],
                    "order",
                    f"lasts needs {needed!r}, which is not decided before {name!r}",
                    "bars and metre among the earlier decisions",
                )
        for metre in earlier["metre"].choices if "metre" in earlier else ():
            if metre not in METRES:
                message = f"lasts cannot count the beats of the metre {metre!r}"
                reader.fault(parts["lasts"], "name", message, ", ".join(METRES), METRES, metre)
    if start is None:
        return None
    return Question(name, "number", unit, low, high, start, step, lasts)


def _choice(
    reader: Reader,
    name: str,
    parts: Mapping[str, Node],
    unit: str,
    earlier: Mapping[str, Question],
    vocabulary: Vocabulary,
) -> Question | None:
    node = parts["choice"]
    library, entries = "", {}
    if not isinstance(node, Listing):
        found = reader.one_of(node, "library", vocabulary.libraries)
        if found is None or found not in vocabulary.libraries:
            return None
        library, entries = found, dict(vocabulary.libraries[found])
        choices = tuple(entries)
    else:
        read = [(item, reader.text(item, f"a choice of {name}")) for item in node.items]
        choices = tuple(dict.fromkeys(word for _, word in read if word is not None))
        if len(choices) < len([word for _, word in read if word is not None]):
            reader.fault(node, "doubled", f"{name} offers a choice twice", "each choice once")
        if any(word is None for _, word in read):
            return None
    if not choices:
        reader.fault(node, "empty", f"{name} offers no choice", "at least one")
        return None
    only: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for entry, facts in entries.items():
        if needs := _conditions(facts.get("only")):
            only[entry] = needs
    for entry, wanted in only.items():
        for needed in wanted:
            if needed not in earlier and needed not in reader.spoilt:
                reader.fault(
                    node,
                    "order",
                    f"{entry!r} of {library} depends on {needed!r}, not decided before {name!r}",
                    f"{needed} among the earlier decisions",
                )
    if "only" in parts:
        for choice, more in _only(reader, parts["only"], name, choices, earlier).items():
            only[choice] = {**only.get(choice, {}), **more}
    starts: dict[str, Decimal] = {}
    if "start" in parts:
        for key, choice, votes in reader.entries(parts["start"], f"start of {name}") or []:
            amount = reader.number(votes, f"start of {choice}")
            if reader.one_of(key, f"choice of {name}", choices) in choices and amount is not None:
                starts[choice] = amount
    default = None
    if "default" in parts:
        default = _default(reader, parts["default"], name, choices, earlier, vocabulary)
    return Question(
        name,
        "choice",
        unit,
        choices=choices,
        starts=starts,
        only=only,
        library=library,
        default=default,
    )


def _conditions(value: object) -> dict[str, tuple[str, ...]]:
    """A library entry's `only`, as decision -> the choices it goes with."""
    if not isinstance(value, Mapping):
        return {}
    return {
        str(name): (values,) if isinstance(values, str) else tuple(str(each) for each in values)
        for name, values in value.items()
    }


def _only(
    reader: Reader,
    node: Node,
    name: str,
    choices: tuple[str, ...],
    earlier: Mapping[str, Question],
) -> dict[str, Mapping[str, tuple[str, ...]]]:
    only: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for key, choice, needs in reader.entries(node, f"only of {name}") or []:
        reader.one_of(key, f"choice of {name}", choices)
        rows: dict[str, tuple[str, ...]] = {}
        for decision, wanted, values in reader.entries(needs, f"only of {choice}") or []:
            read = read_compared(reader, decision, wanted, values, earlier, f"{name} may use")
            if read:
                rows[wanted] = read
        only[choice] = rows
    return only


def read_compared(
    reader: Reader,
    key: Node,
    name: str,
    values: Node,
    earlier: Mapping[str, Question],
    who: str,
) -> tuple[str, ...]:
    """The choices that `{name: values}` compares an earlier choice decision with."""
    if name in reader.spoilt:
        return ()
    if name not in earlier:
        known = [each for each, asked in earlier.items() if asked.kind == "choice"]
        expected = f"a choice that {who}: {', '.join(known) or 'none'}"
        reader.fault(key, "name", f"{name!r} is no earlier decision", expected, known, name)
        return ()
    if earlier[name].kind != "choice":
        reader.fault(
            key,
            "kind",
            f"{name!r} is a number and cannot be compared with a name",
            f"a term with feature: {name}",
        )
        return ()
    items = values.items if isinstance(values, Listing) else [values]
    what = f"choice of {name}"
    read = [reader.one_of(item, what, earlier[name].choices) for item in items]
    return tuple(word for word in read if word is not None)


def _default(
    reader: Reader,
    node: Node,
    name: str,
    choices: tuple[str, ...],
    earlier: Mapping[str, Question],
    vocabulary: Vocabulary,
) -> Default | None:
    parts = reader.mapping(node, f"default of {name}", ("by", "of", "votes"))
    if parts is None or len(parts) < 3:
        return None
    by, of = reader.text(parts["by"], "by"), reader.text(parts["of"], "of")
    votes = reader.number(parts["votes"], "votes")
    if by is None or of is None or votes is None:
        return None
    libraries = [each for each, asked in earlier.items() if asked.library]
    if by in reader.spoilt:
        return None
    if by not in libraries:
        expected = "an earlier decision that chooses from a library"
        reader.fault(parts["by"], "name", f"{by!r} is none", expected, libraries, by)
        return None
    for entry, facts in vocabulary.libraries[earlier[by].library].items():
        named = facts.get(of)
        if isinstance(named, str) and named not in choices:
            reader.fault(
                parts["of"],
                "name",
                f"{of} of {entry!r} is {named!r}, which {name} does not offer",
                ", ".join(choices),
                choices,
                named,
            )
    return Default(by, of, votes)


def _meets(
    reader: Reader, node: Node, question: Question, need: Need, vocabulary: Vocabulary
) -> None:
    """Faults where a table offers what the composer cannot carry out."""
    name = question.name
    if question.kind != need.kind:
        reader.fault(node, "kind", f"{name} is a {question.kind}", f"a {need.kind}")
    elif need.bounds is not None:
        low, high = (Decimal(str(bound)) for bound in need.bounds)
        if question.low < low or question.high > high:
            reader.fault(
                node,
                "range",
                f"{name} runs from {question.low} to {question.high}",
                f"within {low} to {high}",
            )
    else:
        known = need.choices or tuple(vocabulary.libraries.get(need.library, ()))
        for choice in question.choices:
            if known and choice not in known:
                reader.fault(
                    node,
                    "name",
                    f"{name} offers {choice!r}, which the composer cannot play",
                    ", ".join(known),
                    known,
                    choice,
                )
