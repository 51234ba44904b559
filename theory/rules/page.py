"""The table of rules as a page to read: `python -m theory.rules.page > docs/rules.md`."""

from __future__ import annotations

from collections.abc import Iterator

from theory.rules import LANGUAGES, RULES, Example, Rule

HEADINGS = {"voices": "Part-writing", "melody": "Melody"}
ABOUT = """\
# The rules

Every rule that Promenade composes by, as its one table has them. Optimiser and melody automaton
keep them; a verifier that shares no code with either reads them again from the finished piece.

A rule is *hard* in some languages (strict, modal, popular, free): nothing breaks it there.
Elsewhere it is *soft*: breaking it once costs its weight, in points, where a semitone of motion in
one voice costs one point. Each rule has an example that keeps it and one that breaks it: four
pitches a chord, soprano first; or a melody, each note with its length in ticks, 24 to the quarter
note, over chords with theirs.

This page is written from the table by `python -m theory.rules.page`; change the table, not it.
"""


def page() -> str:
    """The whole page, as Markdown."""
    lines = [ABOUT]
    for kind, heading in HEADINGS.items():
        rules = [rule for rule in RULES.values() if rule.kind == kind]
        lines += [f"## {heading}", ""]
        lines += ["| rule | " + " | ".join(LANGUAGES) + " |", "|---|" + "---|" * len(LANGUAGES)]
        lines += [f"| [{rule.name}](#{rule.name}) | {_scope(rule)} |" for rule in rules]
        lines.append("")
        for rule in rules:
            lines += [*_entry(rule), ""]
    return "\n".join(lines).rstrip() + "\n"


def _scope(rule: Rule) -> str:
    """What the rule is in each language."""
    return " | ".join("hard" if rule.binds(one) else f"{rule.weight:g}" for one in LANGUAGES)


def _entry(rule: Rule) -> Iterator[str]:
    yield f"### {rule.name}"
    yield ""
    yield rule.sentence
    yield ""
    yield f"- Source: {rule.source}."
    if rule.parameters:
        given = ", ".join(f"{name} {value}" for name, value in rule.parameters.items())
        yield f"- Parameters: {given}."
    if rule.figures:
        yield f"- Switched off with it: {', '.join(rule.figures)}."
    yield f"- Right: {_example(rule.right)}"
    yield f"- Wrong: {_example(rule.wrong)}"


def _example(example: Example) -> str:
    over = f" over {example.bass}" if example.bass else ""
    close = f", to close on {example.final}" if example.final else ""
    metre = f", {example.metre}" if example.bass else ""
    return (
        f"{example.says} `{example.notes}` as {example.chords}{over} "
        f"in {example.key}{metre}{close}."
    )


if __name__ == "__main__":
    print(page(), end="")
