"""`promenade rules new`: a commented table to begin from, and its schema beside it."""

from __future__ import annotations

from pathlib import Path

from composer.errors import UserError
from composer.music.vocabulary import vocabulary
from composer.render.outputs import plan_outputs, put
from composer.table import load_table
from composer.workbench.schema import schema_text

SCHEMA = "promenade.schema.json"
_TEMPLATE = Path(__file__).with_name("template.yaml")


def template(name: str, base: str) -> str:
    """The text of a new table of this name that changes the table `base`."""
    text = _TEMPLATE.read_text(encoding="utf-8")
    return text.replace("NAME", name).replace("BASE", base).replace("SCHEMA", SCHEMA)


def write_new(file: str, base: str) -> str:
    """Write a new table to `file` and its schema beside it; says what was written.

    Raises UserError where `file` is there already, is no YAML by its name or cannot be written, or
    where there is no sound table `base`.
    """
    load_table(base, vocabulary())
    (output,) = plan_outputs((file,), (".yaml", ".yml"))
    if output.replaces:
        raise UserError(f"{file} is there already.", "Give another name; it is left as it is.")
    (beside,) = plan_outputs((str(output.path.with_name(SCHEMA)),), (".json",))
    text = template(output.path.stem, base)
    put([(output, text.encode()), (beside, schema_text().encode())])
    return (
        f"Wrote {file}, and {beside.path}, by which editors complete and check it.\n"
        f"Next: promenade rules check {file}"
    )
