"""How one table differs from another: what was added, taken away and changed, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from click import style

from composer.editing.listing import amounts, said, wrapped
from composer.mapping import Question, Rule, load_table
from composer.vocabulary import vocabulary


def differences(one: str, other: str) -> str:
    """Everything in which the table `other` differs from `one`; it need not be written alike."""
    known = vocabulary()
    before, after = load_table(one, known), load_table(other, known)
    rows = [
        *_section(
            "decisions",
            {name: _question(asked) for name, asked in before.decisions.items()},
            {name: _question(asked) for name, asked in after.decisions.items()},
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


def _question(asked: Question) -> Facts:
    facts = {"": asked.span()}
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
