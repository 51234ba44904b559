"""The pages of docs/ that are written from tables: `python -m composer.commands.pages docs`.

commands.md from the commands themselves; the others are the workbench's. A test holds them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import click

from composer.explanation.glossary import glossary_page
from composer.workbench.pages import errors_page, hearing_page, mapping_page
from composer.workbench.styles import styles_page

SCRIPTS = ("cli:compose", "cli:promenade")  # the commands that the package installs


def commands_page() -> str:
    """docs/commands.md: the two commands as they are installed, with all their options."""
    return "\n".join(_commands()) + "\n"


def _commands() -> Iterator[str]:
    scripts = entry_points(group="console_scripts")
    ours = sorted({each for each in scripts if each.value in SCRIPTS}, key=_name)
    shown = [each for script in ours for each in _contexts(script.load(), script.name)]
    yield "# The two commands"
    yield ""
    yield "Each as `--help` prints it; [pictures.md](pictures.md) says more of `compose`, and"
    yield "[index.md](index.md) where the others are spoken of. Written by"
    yield "`python -m composer.commands.pages docs`."
    yield ""
    for context in shown:
        path = context.command_path
        says = context.command.get_short_help_str(limit=200)
        yield f"- [{path}](#{path.replace(' ', '-')}): {says}"
    for context in shown:
        yield f"\n## {context.command_path}\n\n```text\n{context.get_help()}\n```"


def _name(script: EntryPoint) -> str:
    return script.name


def _contexts(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[click.Context]:
    """The command's own context and, of a group, those of its commands, by their names."""
    width = {"max_content_width": 80, "terminal_width": 80}
    context = command.make_context(name, [], parent, resilient_parsing=True, **width)
    yield context
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            if inner is not None and f"cli:{each}" not in SCRIPTS:
                yield from _contexts(inner, each, context)


PAGES = {
    "commands.md": commands_page,
    "errors.md": errors_page,
    "hearing.md": hearing_page,
    "glossary.md": glossary_page,
    "mapping.md": mapping_page,
    "styles.md": styles_page,
}


if __name__ == "__main__":
    for file, page in PAGES.items():
        Path(sys.argv[1], file).write_text(page(), encoding="utf-8", newline="\n")
