"""The styles that can be laid over a table: as a list for a terminal, and as a page of docs/."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from composer.music.vocabulary import vocabulary
from composer.table import STYLES, Question, load_table
from composer.workbench.pages import about, begins

_HEAD = (
    "`compose PICTURE --style NAME` lays one of these over the table of rules, whichever it is, "
    "the default one, a pack, or your own (`--rules mine.yaml --style lullaby`). What the style "
    "offers takes the place of what the table offered; all its other rules go on as before, so two "
    "pictures give two lullabies. `--style FILE` lays a table of your own: any that extends "
    "`default`, or a style. This page is written from the program's own files by `python -m "
    "composer.commands.pages docs`; [figures.md](figures.md#styles) has how often each style is "
    "known by its marks, which are from other sources."
)


def style_list() -> str:
    """Every style with what its file says of itself."""
    width = max(map(len, STYLES)) + 2
    rows = []
    for name in STYLES:
        first, *rest = wrap(about(name), 78 - width)
        rows += [f"{name:<{width}}{first}", *(" " * width + line for line in rest)]
    return "\n".join(rows)


def styles_page() -> str:
    """docs/styles.md: what each style is, fixes and leans to."""
    return "\n".join(_styles()) + "\n"


def _styles() -> Iterator[str]:
    yield "# Styles"
    yield ""
    yield from wrap(_HEAD, 100)
    for name in STYLES:
        table = load_table(name, vocabulary())
        yield f"\n## {name}\n"
        yield about(name)
        yield "\n| decision | what it can be | begins at |"
        yield "|---|---|---|"
        default = load_table(None, vocabulary())
        for decision, asked in table.decisions.items():
            if asked != default.decisions[decision]:
                yield f"| `{decision}` | {_fixed(asked)} | {begins(asked)} |"
        yield ""
        known = {rule.id for rule in default.rules}
        for rule in table.rules:
            if rule.id not in known:
                yield f"- {rule.because} (`{rule.id}`)"


def _fixed(asked: Question) -> str:
    if asked.kind == "number" and asked.low == asked.high:
        return f"{asked.low} {asked.unit}".rstrip()
    return asked.span()
