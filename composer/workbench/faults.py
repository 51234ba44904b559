"""What can be wrong with a table: its faults as `check` tells them, and what `why` says of each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from composer.errors import Fault, TableError, UserError, listed, nearest
from composer.explanation.layout import bold
from composer.music.vocabulary import vocabulary, vocabulary_of
from composer.table import survey
from composer.table.codes import CODES, Code
from composer.table.load import judge
from composer.table.nodes import Mapped, Scalar, parse
from composer.table.text import LONGEST
from composer.vocabulary import Vocabulary
from composer.workbench.listing import wrapped

SOUND, WASTEFUL, FAULTY = 0, 1, 2
EXAMPLES = Path(__file__).with_name("faults.yaml")
NAME = "mine.yaml"
_SHOWN = 1000  # signs of an example that is shown


def check(name: str) -> tuple[str, int]:
    """The report on a table, and the exit status that says how it stands.

    Raises UserError where there is no such file.
    """
    try:
        table, waste = survey(name, vocabulary_of(name))
    except TableError as error:
        count = len(error.faults)
        return f"{listed(error.faults)}\n\n{_counted(count, 'fault')}: mend them first.", FAULTY
    made = [rule for rule in table.rules if not rule.part_of]
    parts = {rule.part_of for rule in table.rules if rule.part_of}
    size = (
        f"{_counted(len(made) + len(parts), 'rule')}, "
        f"{_counted(sum(not term.made for term in table.terms.values()), 'term')}, "
        f"{_counted(len(table.decisions), 'decision')}"
    )
    based = f" on {table.extends}" if table.extends else ""
    if not waste:
        return f"{name} is sound: {table.name}{based}, {size}.", SOUND
    found = _counted(len(waste), "thing")
    return f"{listed(waste)}\n\n{name} can be used ({size}), but {found} in it to mend.", WASTEFUL


def _counted(count: int, what: str) -> str:
    """
    >>> _counted(1, "fault"), _counted(2, "fault")
    ('1 fault', '2 faults')
    """
    return f"{count} {what}" + ("" if count == 1 else "s")


@dataclass(frozen=True, slots=True)
class FaultyTable:
    """The bytes of a table that is at fault, and the files beside it, by name."""

    data: bytes
    beside: Mapping[str, str] = field(default_factory=dict)

    def shown(self) -> str:
        """Its text, or "" where that is none or too long to be read."""
        text = self.data.decode("utf-8", errors="replace")
        return text.rstrip() if len(text) < _SHOWN and "\ufffd" not in text else ""


def example(code: Code) -> FaultyTable:
    """A table that is at fault in this way."""
    if code.name == "size":
        return FaultyTable(b"#" * (LONGEST + 1))
    if code.name == "encoding":
        return FaultyTable(b"promenade: 2\nname: f\xfcr mich\nextends: default\n")
    texts = dict(_examples()[code.code])
    return FaultyTable(texts.pop("table").encode(), texts)


@cache
def _examples() -> Mapping[str, Mapping[str, str]]:
    node = parse(EXAMPLES.read_bytes(), EXAMPLES.name).root
    found: dict[str, dict[str, str]] = {}
    for key, value in node.pairs if isinstance(node, Mapped) else ():
        for name, text in value.pairs if isinstance(value, Mapped) else ():
            if isinstance(key, Scalar) and isinstance(name, Scalar) and isinstance(text, Scalar):
                found.setdefault(key.value, {})[name.value] = text.value
    return found


def told(table: FaultyTable, known: Vocabulary) -> tuple[Fault, ...]:
    """All that `rules check` says of a table, in a folder with the files beside it."""
    with TemporaryDirectory() as folder:
        for name, text in table.beside.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        try:
            faults = judge(table.data, NAME, known, Path(folder))[1]
        except TableError as error:
            faults = error.faults
        return tuple(
            replace(fault, file=fault.file.removeprefix(folder + os.sep).replace(os.sep, "/"))
            for fault in faults
        )


def why(code: str) -> str:
    """What a fault of this code is, how it is mended, and an example. Raises UserError where there
    is no such code.
    """
    codes = {each.code: each for each in CODES.values()}
    if code.upper() not in codes:
        near = nearest(code, codes)
        hint = f"Did you mean {near}?" if near else "Every fault names its own, such as P301."
        raise UserError(f"There is no code {code!r}.", hint)
    asked = codes[code.upper()]
    table = example(asked)
    rows = [bold(f"{asked.code}: {asked.title}"), *wrapped(asked.says, 2)]
    texts = {f"For example, {NAME}:": table.shown()}
    texts |= {f"with {name} beside it:": text for name, text in table.beside.items()}
    texts["is told as:"] = "\n".join(map(str, told(table, vocabulary())))
    for title, text in texts.items():
        if text:
            rows += ["", f"  {title}", *(f"    {line}".rstrip() for line in text.splitlines())]
    return "\n".join(rows)
