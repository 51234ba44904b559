"""The pages of docs/ that are written from tables: `python -m composer.workbench.pages docs`.

commands.md from the commands; errors.md from the codes and a faulty example of each; mapping.md
from the features, regions, decisions, terms and rules. A test holds them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from analysis.picture.catalogue import CATALOGUE, REGIONAL
from composer.errors import Fault, TableError
from composer.music.vocabulary import vocabulary
from composer.table import PACKS, Question, Rule, Table, load_table
from composer.table.codes import CODES, Code
from composer.table.conditions import PLACE, REGIONS
from composer.table.load import judge, source
from composer.table.nodes import LONGEST, Mapped, Scalar, parse
from composer.vocabulary import Vocabulary
from composer.workbench.listing import amounts, said

EXAMPLES = Path(__file__).with_name("faults.yaml")
NAME = "mine.yaml"
SCRIPTS = ("cli:compose", "cli:promenade")  # the commands that the package installs
GROUPS = {
    "P1": "The file as text",
    "P2": "Its shape",
    "P3": "Its names",
    "P4": "Its values",
    "P5": "What it inherits",
    "P9": "Waste: the table can be used",
}


def errors_page() -> str:
    """docs/errors.md: every code with what it means, a faulty table, and what is printed of it."""
    return "\n".join(_errors()) + "\n"


def _errors() -> Iterator[str]:
    yield "# What can be wrong with a table of rules"
    yield ""
    yield "Every fault names its file, line and column, a code, what was expected and, where there"
    yield "is one, the known name most like the one found. All faults of a table are named at once:"
    yield f"`promenade rules check {NAME}`. Exit status 2 says that the table cannot be used, 1"
    yield "that it can be but part of it is waste (the codes P9), and 0 that all is well."
    yield ""
    yield "This page is written from the program's own tables, the printed faults by the program"
    yield "itself, with `python -m composer.workbench.pages docs`."
    group = ""
    known = vocabulary()
    for code in CODES.values():
        if code.code[:2] != group:
            group = code.code[:2]
            yield f"\n## {GROUPS[group]}"
        yield f'\n<a id="{code.code.lower()}"></a>'
        yield f"### {code.code}: {code.title}\n"
        yield code.says
        yield from _example(code, known)


def _example(code: Code, known: Vocabulary) -> Iterator[str]:
    shown = example(code)
    text = shown.table.decode("utf-8", errors="replace")
    if len(text) < 1000 and "\ufffd" not in text:
        yield f"\n```yaml\n{text.rstrip()}\n```"
    for name in shown.beside:
        yield f"\nwith `{name}` beside it"
    printed = "\n\n".join(str(fault) for fault in found(shown, known))
    yield f"\n```text\n{printed}\n```"


@dataclass(frozen=True, slots=True)
class Example:
    """The bytes of a table that is at fault, and the files beside it, by name."""

    table: bytes
    beside: Mapping[str, str] = field(default_factory=dict)


def example(code: Code) -> Example:
    """A table that is at fault in this way."""
    if code.name == "size":
        return Example(b"#" * (LONGEST + 1))
    if code.name == "encoding":
        return Example(b"promenade: 1\nname: f\xfcr mich\nextends: default\n")
    texts = dict(_examples()[code.code])
    return Example(texts.pop("table").encode(), texts)


@lru_cache(maxsize=1)
def _examples() -> Mapping[str, Mapping[str, str]]:
    node, _ = parse(EXAMPLES.read_bytes(), EXAMPLES.name)
    found: dict[str, dict[str, str]] = {}
    for key, value in node.pairs if isinstance(node, Mapped) else ():
        for name, text in value.pairs if isinstance(value, Mapped) else ():
            if isinstance(key, Scalar) and isinstance(name, Scalar) and isinstance(text, Scalar):
                found.setdefault(key.value, {})[name.value] = text.value
    return found


def found(shown: Example, known: Vocabulary) -> tuple[Fault, ...]:
    """All that `rules check` says of a table, in a folder with the files beside it."""
    with TemporaryDirectory() as folder:
        for name, text in shown.beside.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        try:
            return judge(shown.table, NAME, known, Path(folder))[1]
        except TableError as error:
            return error.faults


def mapping_page() -> str:
    """docs/mapping.md: all that a table can name, and the default table's rules."""
    return "\n".join(_mapping()) + "\n"


def _mapping() -> Iterator[str]:
    default = load_table(None, vocabulary())
    yield "# From the picture to the decisions"
    yield ""
    yield "What is measured, what is decided, and by which rules of the default table. This page is"
    yield "written from the program's own tables by `python -m composer.workbench.pages docs`;"
    yield "[first-rule.md](first-rule.md) says how a rule is written, [errors.md](errors.md) what"
    yield "can be wrong with one."
    yield "\n## Features\n"
    yield "A term names one of them. Those marked ▣ are measured in regions too.\n"
    yield "| feature | unit | range | meaning |"
    yield "|---|---|---|---|"
    for name, feature in CATALOGUE.items():
        mark = " ▣" if name in REGIONAL else ""
        span = f"{feature.low:g} to {feature.high:g}"
        yield f"| `{name}`{mark} | {feature.unit} | {span} | {feature.meaning} |"
    for name, (low, high, meaning) in PLACE.items():
        yield f"| `{name}`, of a region only | share | {low:g} to {high:g} | {meaning} |"
    yield "\n## Regions\n"
    yield "A picture has one to five regions, areas alike in colour and place. Each of these names"
    yield "points at one of them; where there are few, several point at the same:"
    yield ", ".join(f"`{name}`" for name in REGIONS) + "."
    yield "\n## Circles of keys\n"
    for table in default.tables.values():
        places = "; ".join(f"{key} at {at:g}" for key, (at, _) in table.places.items())
        yield f"**{table.name}** (`{table.feature}`, round {table.turn:g}): {places}.\n"
    yield "## Packs\n"
    yield "`--rules NAME` takes one of these, `extends: NAME` builds on it.\n"
    for name in PACKS:
        yield f"- **{name}**: {_about(name)}"
    yield "\n## Decisions\n"
    yield "In the order in which they are made. `--set NAME=VALUE` makes one yourself.\n"
    yield "| decision | what it can be | begins at | rules |"
    yield "|---|---|---|---|"
    for name, asked in default.decisions.items():
        count = len({rule.part_of or rule.id for rule in default.rules_of[name]})
        span = f"an entry of {asked.library}, below" if asked.library else asked.span()
        yield f"| `{name}` | {span} | {_begin(asked)} | {count} |"
    yield "\n## Libraries\n"
    for library, entries in default.libraries.items():
        yield f"- **{library}**: {', '.join(entries)}."
    yield "\n## Terms\n"
    yield "| term | measures |"
    yield "|---|---|"
    for name, term in default.terms.items():
        if not term.made:
            yield f"| {name} | {said(term)} |"
    yield "\n## Rules\n"
    yield "Grades: A replicated, B one study or a measurement, C an artistic convention."
    for rule in default.rules:
        yield from _rule(rule, default)


def _about(name: str) -> str:
    """What a pack's file says of itself: the first paragraph of its comment."""
    words = []
    for line in source(name).data.decode().splitlines():
        if not line.startswith("# "):
            break
        words.append(line[2:])
    return " ".join(words)


def _begin(asked: Question) -> str:
    if asked.kind == "number":
        return f"{asked.start.normalize():f}"
    starts = ", ".join(
        f"{choice} {votes.normalize():f}" for choice, votes in (asked.starts or {}).items()
    )
    by = f"what the {asked.default.by} brings" if asked.default is not None else ""
    return "; ".join(filter(None, (starts, by))) or "nothing"


def _rule(rule: Rule, table: Table) -> Iterator[str]:
    evidence = rule.evidence
    yield f'\n<a id="{rule.id}"></a>**`{rule.id}`** ({evidence.grade}) {rule.because}  '
    yield f"when {rule.when}: {', '.join(amounts(rule))}  "
    yield f"*{evidence.effect}; {table.sources[evidence.source]}*"


def commands_page() -> str:
    """docs/commands.md: the two commands as they are installed, with all their options."""
    return "\n".join(_commands()) + "\n"


def _commands() -> Iterator[str]:
    scripts = entry_points(group="console_scripts")
    ours = sorted((each for each in scripts if each.value in SCRIPTS), key=_name)
    shown = [each for script in ours for each in _contexts(script.load(), script.name)]
    yield "# The two commands"
    yield ""
    yield "Each as `--help` prints it; [pictures.md](pictures.md) says more of `compose`, and"
    yield "[index.md](index.md) where the others are spoken of. Written by"
    yield "`python -m composer.workbench.pages docs`."
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


PAGES = {"commands.md": commands_page, "errors.md": errors_page, "mapping.md": mapping_page}


if __name__ == "__main__":
    for file, page in PAGES.items():
        Path(sys.argv[1], file).write_text(page(), encoding="utf-8")
