"""Three pages of docs/ that are written from tables.

errors.md from the codes and a faulty example of each; mapping.md from the features, regions,
decisions, terms and rules; hearing.md from what is measured on music, and its table.
`python -m composer.commands.pages docs` writes them; a test holds them.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.music.catalogue import MUSIC as HEARD
from analysis.picture.catalogue import CATALOGUE, REGIONAL
from composer.music.vocabulary import of_music, vocabulary
from composer.table import MUSIC, PACKS, MappingRule, Question, Table, load_table
from composer.table.codes import CODES, Code
from composer.table.conditions import PLACE, REGIONS
from composer.table.files import table_file
from composer.vocabulary import Vocabulary
from composer.workbench.faults import NAME, example, told
from composer.workbench.listing import amounts, said

GROUPS = {
    "P1": "The file as text",
    "P2": "Its shape",
    "P3": "Its names",
    "P4": "Its values",
    "P5": "What it inherits",
    "P9": "Waste: the table can be used",
    "L": "What the files of an orchestra have of their own",
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
    yield "`promenade rules why CODE` prints what stands here of a code."
    yield ""
    yield "This page is written from the program's own tables, the printed faults by the program"
    yield "itself, with `python -m composer.commands.pages docs`."
    group = ""
    known = vocabulary()
    for code in CODES.values():
        if not code.code.startswith(group) or not group:
            group = next(each for each in GROUPS if code.code.startswith(each))
            yield f"\n## {GROUPS[group]}"
        yield f'\n<a id="{code.code.lower()}"></a>'
        yield f"### {code.code}: {code.title}\n"
        yield code.says
        yield from _example(code, known)


def _example(code: Code, known: Vocabulary) -> Iterator[str]:
    table = example(code)
    if table.shown():
        yield f"\n```yaml\n{table.shown()}\n```"
    for name, text in table.beside.items():
        yield f"\nwith, beside it, `{name}`:\n\n```text\n{text.rstrip()}\n```"
    printed = "\n\n".join(map(str, told(table, known)))
    yield f"\n```text\n{printed}\n```"


def mapping_page() -> str:
    """docs/mapping.md: all that a table can name, and the default table's rules."""
    return "\n".join(_mapping()) + "\n"


def _mapping() -> Iterator[str]:
    default = load_table(None, vocabulary())
    yield "# From the picture to the decisions"
    yield ""
    yield "What is measured, what is decided, and by which rules of the default table. This page is"
    yield "written from the program's own tables by `python -m composer.commands.pages docs`;"
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
        yield f"- **{name}**: {about(name)}"
    yield "\n## Decisions\n"
    yield "In the order in which they are made. `--set NAME=VALUE` makes one yourself.\n"
    yield "| decision | what it can be | begins at | rules |"
    yield "|---|---|---|---|"
    for name, asked in default.decisions.items():
        count = len({rule.part_of or rule.id for rule in default.rules_of[name]})
        span = f"an entry of {asked.stock}, below" if asked.stock else asked.span()
        yield f"| `{name}` | {span} | {begins(asked)} | {count} |"
    yield "\n## Stocks\n"
    yield "What those decisions choose from. A table may add to them, but for forms and"
    yield "progressions, with an [orchestra](arranging.md) of its own.\n"
    for stock, entries in default.stocks.items():
        yield f"- **{stock}**: {', '.join(entries)}."
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


def hearing_page() -> str:
    """docs/hearing.md: what is measured on music, and the table of its mood."""
    return "\n".join(_hearing()) + "\n"


def _hearing() -> Iterator[str]:
    table = load_table(MUSIC, of_music())
    yield "# How music is heard"
    yield ""
    yield "What is measured on a piece, and the rules by which its mood is told. This page is"
    yield "written from the program's own tables by `python -m composer.commands.pages docs`;"
    yield "[library.md](library.md) says what it is for."
    yield "\n## Features\n"
    yield "What a file cannot say is absent, and no rule about it has a part in the mood. The last"
    yield "two columns are a confidence: of notes 1 where it is counted and less where it is"
    yield "estimated; of sound the correlation with what the notes of the same pieces say, or for"
    yield "what only sound has 1. A score leaves to its players how long notes are held; a tune in"
    yield "ABC says nothing of accompaniment, and mostly nothing of tempo.\n"
    yield "| feature | unit | range | meaning | source | notes | sound |"
    yield "|---|---|---|---|---|---|---|"
    for name, each in HEARD.items():
        row = each.feature
        trust = " | ".join(f"{value:g}" if value else "–" for value in (each.notes, each.sound))
        span = f"{row.low:g} to {row.high:g}"
        yield f"| `{name}` | {row.unit} | {span} | {row.meaning} | {row.source} | {trust} |"
    yield "\n## Terms\n"
    yield "| term | measures |"
    yield "|---|---|"
    for name, term in table.terms.items():
        yield f"| {name} | {said(term)} |"
    yield "\n## Rules\n"
    starts = ", ".join(f"{name} at {begins(asked)}" for name, asked in table.decisions.items())
    yield f"The decisions begin: {starts}."
    for rule in table.rules:
        yield from _rule(rule, table)


def about(name: str) -> str:
    """What a pack's file says of itself: the first paragraph of its comment."""
    words = []
    for line in table_file(name).data.decode().splitlines():
        if not line.startswith("# "):
            break
        words.append(line[2:])
    return " ".join(words)


def begins(asked: Question) -> str:
    if asked.kind == "number":
        return f"{asked.start.normalize():f}"
    starts = ", ".join(
        f"{choice} {votes.normalize():f}" for choice, votes in (asked.starts or {}).items()
    )
    by = f"what the {asked.default.by} brings" if asked.default is not None else ""
    return "; ".join(filter(None, (starts, by))) or "nothing"


def _rule(rule: MappingRule, table: Table) -> Iterator[str]:
    evidence = rule.evidence
    yield f'\n<a id="{rule.id}"></a>**`{rule.id}`** ({evidence.grade}) {rule.because}  '
    yield f"when {rule.when}: {', '.join(amounts(rule))}  "
    yield f"*{evidence.effect}; {table.sources[evidence.source]}*"
