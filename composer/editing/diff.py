"""How one table differs from another: what was added, taken away and changed, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from click import style

from composer.editing.listing import amounts, said, wrapped
from composer.mapping import Question, Rule, Table, load_table
from composer.vocabulary import vocabulary


def differences(one: str, other: str) -> str:
    """Everything in which the table `other` differs from `one`, and its library from that one's;
    it need not be written alike."""
    known = vocabulary()
    before, after = load_table(one, known), load_table(other, known)
    rows = [
        *_section(
            "decisions",
            {name: _question(asked, before) for name, asked in before.decisions.items()},
            {name: _question(asked, after) for name, asked in after.decisions.items()},
        ),
        *_section(
            "terms",
            {name: {"": said(term)} for name, term in before.terms.items()},
            {name: {"": said(term)} for name, term in after.terms.items()},
        ),
        *_section(
            "rules",
            {rule.id: _rule(rule) for rule in before.rules},
            {rule.id: _rule(rule) for rule in after.rules},
        ),
        *(
            row
            for name in after.libraries
            for row in _section(
                name.replace("_", " "), _entries(before, name), _entries(after, name)
            )
        ),
    ]
    if not rows:
        return f"{one} and {other} decide everything alike."
    return "\n".join([f"{one} → {other}", *rows])


Facts = Mapping[str, str]


def _section(title: str, before: Mapping[str, Facts], after: Mapping[str, Facts]) -> Iterator[str]:
    gone = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    changed = [name for name in after if name in before and before[name] != after[name]]
    if not (gone or new or changed):
        return
    yield ""
    yield style(
        f"{title}: {len(new)} added, {len(gone)} removed, {len(changed)} changed", bold=True
    )
    for sign, names, side in (("−", gone, before), ("+", new, after)):
        for name in names:
            facts = "; ".join(f"{key} {fact}".strip() for key, fact in side[name].items())
            yield from wrapped(f"{sign} {name}: {facts}", 2)
    for name in changed:
        yield f"  ~ {name}"
        for key in dict.fromkeys((*before[name], *after[name])):
            old, now = before[name].get(key, "nothing"), after[name].get(key, "nothing")
            if old != now:
                yield from wrapped(f"{key} {old} → {now}".strip(), 6)


def _rule(rule: Rule) -> Facts:
    evidence = rule.evidence
    return {
        "when": str(rule.when),
        "then": ", ".join(amounts(rule)),
        "because": rule.because,
        "evidence": f"{evidence.grade}, {evidence.effect}, {evidence.source}",
    }


def _entries(table: Table, library: str) -> Mapping[str, Facts]:
    return {
        name: {key: _said(value) for key, value in entry.items()}
        for name, entry in table.libraries[library].items()
    }


def _said(value: object) -> str:
    """A value of a library's entry, as YAML would have it on a line.

    >>> _said({"4/4": ["1 | 2", True]})
    '{4/4: [1 | 2, true]}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_said(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_said, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _question(asked: Question, table: Table) -> Facts:
    """What is said of a decision; the library's entries, where it offers all, are told apart."""
    entries = tuple(table.libraries.get(asked.library, ()))
    facts = {"": asked.library if entries == asked.choices else asked.span()}
    if asked.kind == "number":
        facts["start"] = f"{asked.start.normalize():f}"
    for choice, votes in (asked.starts or {}).items():
        facts[f"start of {choice}"] = f"{votes.normalize():f}"
    for choice, needs in (asked.only or {}).items():
        facts[f"{choice} only with"] = "; ".join(
            f"{name} {' or '.join(values)}" for name, values in needs.items()
        )
    if asked.default is not None:
        facts["default"] = f"by {asked.default.by}, {asked.default.votes.normalize():f}"
    return facts
