"""Reads one decision: a number with its range, or a choice with what it offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from composer.table.nodes import Listing, Node
from composer.table.reader import YamlReader, offer, quoted
from composer.table.table import Default, Question
from composer.vocabulary import Facts, Vocabulary
from theory.metre import METRES

Parts = Mapping[str, Node]
Questions = Mapping[str, Question]
Onlys = Mapping[str, Mapping[str, tuple[str, ...]]]


def read_number(
    reader: YamlReader,
    name: str,
    parts: Parts,
    earlier: Questions,
    base: Question | None,
    vocabulary: Vocabulary,
) -> Question | None:
    """A number; what `parts` does not say is the base's, where there is one."""
    if "number" in parts:
        bounds = _pair(reader, parts["number"], name, fixed=True)
    else:
        bounds = (base.low, base.high) if base is not None else None
    if bounds is None:
        return None
    low, high = bounds
    start: Decimal | None = base.start if base is not None else Decimal(0)
    assert start is not None
    start = max(low, min(high, start))
    if "start" in parts:
        start = reader.number(parts["start"], f"start of {name}", low, high)
        reader.places["start", name] = parts["start"]
    step = base.step if base is not None else None
    if "step" in parts:
        step = reader.number(parts["step"], f"step of {name}")
    if step is not None and (step <= 0 or (high - low) % step):
        expected = f"a part of {high - low}, the width of the range"
        place = parts.get("step", parts.get("number", next(iter(parts.values()))))
        reader.fault(place, "step", f"step of {name} is {step}", expected)
        step = None
    lasts = base.lasts if base is not None else None
    if "lasts" in parts:
        lasts = _pair(reader, parts["lasts"], "lasts")
        _can_last(reader, parts["lasts"], name, earlier)
    if start is None:
        return None
    return Question(name, "number", _unit(reader, parts, base), low, high, start, step, lasts)


def read_choice(
    reader: YamlReader,
    name: str,
    parts: Parts,
    earlier: Questions,
    base: Question | None,
    vocabulary: Vocabulary,
) -> Question | None:
    """A choice; what `parts` does not say is the base's, where there is one."""
    if "choice" in parts:
        offered = _offered(reader, name, parts["choice"], vocabulary)
        if offered is None:
            return None
        choices, stock = offered
        if "stock" in parts:
            stock = _stock(reader, parts["stock"], choices, vocabulary) or stock
        if not choices:
            reader.fault(parts["choice"], "empty", f"{name} offers no choice", "at least one")
            return None
    else:
        assert base is not None
        choices, stock = base.choices, base.stock
    entries = vocabulary.stocks[stock] if stock else {}
    only: dict[str, Mapping[str, tuple[str, ...]]] = {
        choice: needs for choice in choices if (needs := _needs(entries.get(choice, {})))
    }
    if "choice" in parts:
        for entry, wanted in only.items():
            for needed in wanted:
                if needed not in earlier and needed not in reader.spoilt:
                    message = f"{entry!r} of {stock} depends on {needed!r}, which is not decided"
                    expected = f"{needed} among the earlier decisions"
                    reader.fault(parts["choice"], "order", f"{message} before {name!r}", expected)
    inherited: Onlys = (base.only or {}) if base is not None else {}
    written = _only(reader, parts["only"], name, choices, earlier) if "only" in parts else {}
    for more in (inherited, written):
        for choice, row in more.items():
            if choice in choices:
                only[choice] = {**only.get(choice, {}), **row}
    starts = {
        choice: votes
        for choice, votes in ((base.starts or {}) if base is not None else {}).items()
        if choice in choices
    }
    if "start" in parts:
        starts |= read_votes(reader, parts["start"], f"start of {name}", name, choices)
    default = base.default if base is not None else None
    if "default" in parts:
        default = _default(reader, parts["default"], name, choices, earlier, vocabulary)
    means = {**((base.means or {}) if base is not None else {})}
    if "means" in parts:
        means |= _means(reader, parts["means"], name, choices, earlier)
    return Question(
        name,
        "choice",
        _unit(reader, parts, base),
        choices=choices,
        starts=starts,
        only=only,
        stock=stock,
        default=default,
        means={choice: places for choice, places in means.items() if choice in choices},
    )


def narrowed(question: Question, asked: Questions) -> Question:
    """The choice without what earlier decisions, as they are now offered, can never allow."""
    only: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for choice, needs in (question.only or {}).items():
        only[choice] = {
            name: tuple(value for value in values if value in asked[name].choices)
            for name, values in needs.items()
        }
    barred = {choice for choice, needs in only.items() if not all(needs.values())}
    choices = tuple(choice for choice in question.choices if choice not in barred)
    if only == question.only or not choices:
        return question
    starts = question.starts or {}
    return replace(
        question,
        choices=choices,
        starts={choice: votes for choice, votes in starts.items() if choice in choices},
        only={choice: needs for choice, needs in only.items() if choice in choices},
        means={choice: at for choice, at in (question.means or {}).items() if choice in choices},
    )


def read_votes(
    reader: YamlReader, node: Node, what: str, name: str, choices: tuple[str, ...]
) -> dict[str, Decimal]:
    """`{choice: votes}` for the decision `name`."""
    given: dict[str, Decimal] = {}
    for key, choice, votes in reader.entries(node, what) or []:
        amount = reader.number(votes, f"votes for {quoted(choice)}")
        if reader.one_of(key, f"choice of {name}", choices) is not None and amount is not None:
            given[choice] = amount
    return given


def read_compared(
    reader: YamlReader, key: Node, name: str, values: Node, earlier: Questions, who: str
) -> tuple[str, ...]:
    """The choices that `{name: values}` compares an earlier choice decision with."""
    if name in reader.spoilt:
        return ()
    if name not in earlier:
        known = [each for each, asked in earlier.items() if asked.kind == "choice"]
        expected = f"a choice that {who}: {', '.join(known) or 'none'}"
        said = f"{quoted(name)} is no earlier decision"
        reader.fault(key, "decision", said, expected, known, name)
        return ()
    if earlier[name].kind != "choice":
        said = f"{quoted(name)} is a number and cannot be compared with a name"
        reader.fault(key, "kind", said, f"a term with feature: {name}")
        return ()
    items = values.items if isinstance(values, Listing) else [values]
    if not items:
        reader.fault(values, "empty", f"no choice of {name} is named", "at least one")
    what = f"choice of {name}"
    read = [reader.one_of(item, what, earlier[name].choices) for item in items]
    return tuple(word for word in read if word is not None) if None not in read else ()


def _unit(reader: YamlReader, parts: Parts, base: Question | None) -> str:
    if "unit" in parts:
        return reader.text(parts["unit"], "unit") or ""
    return base.unit if base is not None else ""


def _pair(
    reader: YamlReader, node: Node, what: str, *, fixed: bool = False
) -> tuple[Decimal, Decimal] | None:
    """Two numbers, the lower one first; they may be one where it may be fixed."""
    items = reader.items(node, what)
    if items is None:
        return None
    if len(items) != 2:
        reader.fault(node, "pair", f"{what} has {len(items)} items", "[low, high]")
        return None
    low, high = reader.number(items[0], what), reader.number(items[1], what)
    if low is None or high is None:
        return None
    if low > high or (low == high and not fixed):
        reader.fault(node, "pair", f"{what} runs from {low} to {high}", "[low, high], low first")
        return None
    return low, high


def _can_last(reader: YamlReader, node: Node, name: str, earlier: Questions) -> None:
    """Faults where the seconds of `bars` bars in the chosen metre cannot be counted."""
    for needed in ("bars", "metre"):
        if needed not in earlier and needed not in reader.spoilt:
            said = f"lasts needs {needed!r}, which is not decided before {quoted(name)}"
            reader.fault(node, "order", said, "bars and metre among the earlier decisions")
    for metre in earlier["metre"].choices if "metre" in earlier else ():
        if metre not in METRES:
            said = f"lasts cannot count the beats of the metre {quoted(metre)}"
            reader.fault(node, "unplayable", said, ", ".join(METRES), METRES, metre)


def _offered(
    reader: YamlReader, name: str, node: Node, vocabulary: Vocabulary
) -> tuple[tuple[str, ...], str] | None:
    """The choices, and the stock that they are entries of."""
    if not isinstance(node, Listing):
        found = reader.one_of(node, "stock", vocabulary.stocks, "stock")
        return (tuple(vocabulary.stocks[found]), found) if found is not None else None
    read = [reader.text(item, f"a choice of {name}") for item in node.items]
    words = [word for word in read if word is not None]
    choices = tuple(dict.fromkeys(words))
    if len(choices) < len(words):
        reader.fault(node, "twice", f"{name} offers a choice twice", "each choice once")
    if len(words) < len(read):
        return None
    need = vocabulary.needs.get(name)
    stock = need.stock if need is not None else ""
    known = vocabulary.stocks.get(stock, {})
    return choices, stock if all(choice in known for choice in choices) else ""


def _stock(
    reader: YamlReader, node: Node, choices: tuple[str, ...], vocabulary: Vocabulary
) -> str | None:
    """The stock under `stock`, of which all the listed choices must be entries."""
    found = reader.one_of(node, "stock", vocabulary.stocks, "stock")
    if found is None:
        return None
    for choice in choices:
        if choice not in vocabulary.stocks[found]:
            known = [*vocabulary.stocks[found]]
            said = f"{quoted(choice)} is no entry of {found}"
            reader.fault(node, "choice", said, offer(known), known, choice)
            return None
    return found


def _needs(facts: Facts) -> dict[str, tuple[str, ...]]:
    """The `only` of a stock's entry, as decision -> the choices it goes with."""
    value = facts.get("only")
    if not isinstance(value, Mapping):
        return {}
    return {
        str(name): (values,) if isinstance(values, str) else tuple(str(each) for each in values)
        for name, values in value.items()
    }


def _only(
    reader: YamlReader, node: Node, name: str, choices: tuple[str, ...], earlier: Questions
) -> Onlys:
    only: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for key, choice, needs in reader.entries(node, f"only of {name}") or []:
        reader.one_of(key, f"choice of {name}", choices)
        rows: dict[str, tuple[str, ...]] = {}
        for decision, wanted, values in reader.entries(needs, f"only of {quoted(choice)}") or []:
            read = read_compared(reader, decision, wanted, values, earlier, f"{name} may use")
            if read:
                rows[wanted] = read
        only[choice] = rows
    return only


def _means(
    reader: YamlReader, node: Node, name: str, choices: tuple[str, ...], earlier: Questions
) -> dict[str, Mapping[str, Decimal]]:
    """`{choice: {earlier number: value}}`, each value within that number's range."""
    found: dict[str, Mapping[str, Decimal]] = {}
    numbers = [each for each, asked in earlier.items() if asked.kind == "number"]
    for key, choice, places in reader.entries(node, f"means of {name}") or []:
        row: dict[str, Decimal] = {}
        for part, number, value in reader.entries(places, f"means of {quoted(choice)}") or []:
            if number in reader.spoilt:
                continue
            if reader.one_of(part, "earlier number", numbers, "decision") is not None:
                asked = earlier[number]
                amount = reader.number(value, f"{number} of {choice}", asked.low, asked.high)
                if amount is not None:
                    row[number] = amount
        if reader.one_of(key, f"choice of {name}", choices) is not None:
            found[choice] = row
    return found


def _default(
    reader: YamlReader,
    node: Node,
    name: str,
    choices: tuple[str, ...],
    earlier: Questions,
    vocabulary: Vocabulary,
) -> Default | None:
    parts = reader.shape(node, "default", f"default of {name}")
    if parts is None or len(parts) < 3:
        return None
    by, of = reader.text(parts["by"], "by"), reader.text(parts["of"], "of")
    votes = reader.number(parts["votes"], "votes")
    if by is None or of is None or votes is None or by in reader.spoilt:
        return None
    stocked = [each for each, asked in earlier.items() if asked.stock]
    if by not in stocked:
        expected = "an earlier decision that chooses from a stock"
        reader.fault(parts["by"], "decision", f"{quoted(by)} is none", expected, stocked, by)
        return None
    entries = [vocabulary.stocks[earlier[by].stock][entry] for entry in earlier[by].choices]
    if not any(isinstance(entry.get(of), str) for entry in entries):
        keys = list(dict.fromkeys(key for entry in entries for key in entry))
        said = f"no entry of {by} says anything under {quoted(of)}"
        reader.fault(parts["of"], "choice", said, offer(keys), keys, of)
    return Default(by, of, votes)
