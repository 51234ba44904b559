"""What an editor begins with: the JSON Schema of tables, and a commented table that names it.

The schema is made from the shapes that the reader reads by. Editors complete and check with it. It
knows the packs' features, stocks and decisions; names that a table declares itself it lets pass,
and leaves to `promenade rules check`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from analysis.picture.content.words import words
from composer.errors import UserError
from composer.music.vocabulary import of_music, vocabulary, vocabulary_of
from composer.render.outputs import plan_outputs, put
from composer.table import load_table
from composer.table.conditions import REGIONS
from composer.table.files import NAMED, SUFFIXES
from composer.table.load import bibliography
from composer.table.reader import BOOLEANS
from composer.table.rules import GRADES
from composer.table.shapes import FORMATS, SHAPES, TableShape
from composer.table.table import Question, Table

Schema = Mapping[str, object]  # a JSON Schema, or a part of one
SCHEMA = "promenade.schema.json"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string", "minLength": 1}
_NUMBER: Schema = {"type": "number"}
_TEMPLATE = Path(__file__).with_name("template.yaml")
_PLAIN = re.compile(r"(?!-)[\w./-]+( [\w./-]+)*")


def schema_text() -> str:
    """The schema as a file's text."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def print_schema(output: str | None) -> str:
    """The schema's text; or, with a file to write it to, what was written."""
    if output is None:
        return schema_text().rstrip("\n")
    (file,) = plan_outputs((output,), (".json",))
    put([(file, schema_text().encode())])
    return f"Wrote {output}."


def schema() -> Schema:
    """The schema of a table: one that stands alone, or one that extends another."""
    maker = _Maker(load_table(None, vocabulary()))
    whole = maker.mapping(SHAPES["table"])
    alone = {"required": ["terms", "decisions", "rules"]}
    return {
        "$schema": DRAFT,
        "title": "Promenade: a table of rules",
        **whole,
        "if": {"not": {"required": ["extends"]}},
        "then": alone,
        "$defs": maker.definitions(),
    }


class _Maker:
    """Turns shapes into schemas, with the names that the default table knows."""

    def __init__(self, default: Table) -> None:
        self.default = default
        self.known = vocabulary()

    def definitions(self) -> Schema:
        return {
            "condition": self.condition(),
            "term": {
                "anyOf": [self.mapping(SHAPES[name]) for name in ("ramp", "peak", "line")],
            },
            "decision": {"anyOf": [self.mapping(SHAPES[name]) for name in ("number", "choice")]},
            "places": self.mapping(SHAPES["places"]),
            "rule": self.rule(),
        }

    def mapping(
        self,
        shape: TableShape,
        required: bool = True,
        own: Mapping[str, Schema] = MappingProxyType({}),
    ) -> Schema:
        """A mapping of one shape: its keys with what they hold, no others; of some keys `own`."""
        found: dict[str, object] = {
            "type": "object",
            "properties": {
                name: {"description": key.says, **(own.get(name) or self.holds(key.holds))}
                for name, key in shape.keys.items()
            },
            "additionalProperties": False,
        }
        return found | {"required": list(shape.required)} if required and shape.required else found

    def holds(self, what: str) -> Schema:
        """The schema of what a key holds, by the name that SHAPES has for it."""
        makers: Mapping[str, Callable[[], Schema]] = {
            "version": lambda: {"const": FORMATS[-1]},
            "text": lambda: _TEXT,
            "number": lambda: _NUMBER,
            "width": lambda: {"type": "number", "exclusiveMinimum": 0},
            "pair": lambda: {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
            "points": self.points,
            "feature": lambda: _names(
                [*self.known.features, *self.known.regional, *of_music().features]
            ),
            "region": lambda: {"enum": [*REGIONS]},
            "table": lambda: _names([*self.default.tables]),
            "grade": lambda: {"enum": [*GRADES]},
            "base": lambda: _names([*NAMED]),
            "folders": lambda: _some(_TEXT),
            "names": lambda: {"anyOf": [{"const": "all"}, {"type": "array", "items": _TEXT}]},
            "remove": lambda: self.mapping(SHAPES["remove"]),
            "content": self.content,
            "tables": lambda: _each({"$ref": "#/$defs/places"}),
            "terms": lambda: _each({"$ref": "#/$defs/term"}),
            "decisions": self.decisions,
            "rules": lambda: {"type": "array", "items": {"$ref": "#/$defs/rule"}},
            "sources": lambda: _each(_TEXT),
            "condition": lambda: {"$ref": "#/$defs/condition"},
            "choices": lambda: {
                "anyOf": [{"enum": [*self.known.stocks]}, {"type": "array", "items": _TEXT}]
            },
            "stock": lambda: {"enum": [*self.known.stocks]},
            "votes": lambda: _each(_NUMBER),
            "means": lambda: _each(_each(_NUMBER)),
            "only": lambda: _each(_some(_TEXT), self.compared()),
            "onlys": lambda: _each(_each(_some(_TEXT), self.compared())),
            "default": lambda: self.mapping(SHAPES["default"]),
            "places": lambda: _each({"anyOf": [_NUMBER, self.mapping(SHAPES["place"])]}),
            "then": self.then,
            "evidence": self.evidence,
        }
        return makers[what]()

    def points(self) -> Schema:
        pair = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
        return {"type": "array", "items": pair, "minItems": 2}

    def content(self) -> Schema:
        share = {"type": "number", "minimum": 0, "maximum": 1}
        return {
            "type": "object",
            "properties": {
                word: {"description": each.says, **share} for word, each in words().items()
            },
            "additionalProperties": False,
        }

    def rule(self) -> Schema:
        """A rule: whole, or with an inherited id and only what changes."""
        shape = self.mapping(SHAPES["rule"], required=False)
        return {**shape, "required": ["id"]}

    def decisions(self) -> Schema:
        """Known decisions with what can change in them; others whole."""
        known = {
            name: {
                "description": asked.span()[:200],
                **self.mapping(SHAPES[asked.kind], required=False),
            }
            for name, asked in self.default.decisions.items()
        }
        return _each({"$ref": "#/$defs/decision"}, known)

    def compared(self) -> Schema:
        """Each choice decision with the choices that it can be compared with."""
        asked = self.default.decisions.items()
        return {name: _some(_choices(each)) for name, each in asked if each.kind == "choice"}

    def condition(self) -> Schema:
        part = {"$ref": "#/$defs/condition"}
        parts = {"type": "array", "items": part, "minItems": 1}
        shapes = {"all": parts, "any": parts, "not": part, "very": part, "somewhat": part}
        terms = [name for name, term in self.default.terms.items() if not term.made]
        names = [*terms, *(f"not {name}" for name in terms)]
        return {
            "anyOf": [
                _names(names),
                {
                    "type": "object",
                    "properties": {**shapes, "in": {"enum": [*REGIONS]}, **self.compared()},
                    "additionalProperties": _some(_TEXT),
                    "minProperties": 1,
                    "maxProperties": 2,
                },
            ]
        }

    def then(self) -> Schema:
        by = self.mapping(SHAPES["by"])
        votes = {"anyOf": [_NUMBER, _each(_NUMBER), by]}
        known: dict[str, Schema] = {}
        for name, asked in self.default.decisions.items():
            if asked.kind == "number":
                known[name] = {"type": "number", "description": asked.span()}
            else:
                offered = dict.fromkeys(asked.choices, _NUMBER)
                known[name] = {"anyOf": [_each(_NUMBER, offered), by]}
        return {"minProperties": 1, **_each(votes, known)}

    def evidence(self) -> Schema:
        return self.mapping(SHAPES["evidence"], own={"source": _names([*bibliography()])})


def _choices(asked: Question) -> Schema:
    return _names(list(asked.choices))


def _names(known: list[str]) -> Schema:
    """One of the known names, which an editor offers, or one that the table declares itself."""
    return {"anyOf": [{"enum": known}, _TEXT]}


def _some(one: Schema) -> Schema:
    """One, or a list of them."""
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def _each(one: Schema, known: Schema | None = None) -> Schema:
    """A mapping whose values are all like `one`, but for those of known names."""
    found: dict[str, object] = {"type": "object", "additionalProperties": one}
    return found | {"properties": known} if known else found


def template(name: str, base: str) -> str:
    """The text of a new table of this name that changes the table `base`, as `extends` names it."""
    words = {"name: NAME": f"name: {_word(name)}", "extends: BASE": f"extends: {_word(base)}"}
    words |= {"NAME": name, "SCHEMA": SCHEMA}
    text = _TEMPLATE.read_text(encoding="utf-8")
    return re.sub("|".join(words), lambda found: words[found[0]], text)


def _word(text: str) -> str:
    """A word as YAML has to have it: in quotes, unless it can only be read in one way.

    >>> _word("mine"), _word("../base.yaml"), _word("no"), _word("a: b")
    ('mine', '../base.yaml', '"no"', '"a: b"')
    """
    plain = _PLAIN.fullmatch(text) and text.lower() not in (*BOOLEANS, "null")
    return text if plain else json.dumps(text, ensure_ascii=False)


def write_new(file: str, base: str) -> str:
    """Write a new table to `file` and its schema beside it; says what was written.

    base: a pack's name, or a table's path. Raises UserError where `file` is there already, is no
    YAML by its name or cannot be written, or where there is no sound table `base`.
    """
    load_table(base, vocabulary_of(base))
    (output,) = plan_outputs((file,), SUFFIXES)
    if output.replaces:
        raise UserError(f"{file} is there already.", "Give another name; it is left as it is.")
    (beside,) = plan_outputs((str(output.path.with_name(SCHEMA)),), (".json",))
    text = template(output.path.stem, _from(output.path.parent, base))
    put([(output, text.encode()), (beside, schema_text().encode())])
    return (
        f"Wrote {file}, and {beside.path}, by which editors complete and check it.\n"
        f"Next: promenade rules check {file}"
    )


def _from(folder: Path, base: str) -> str:
    """What a table in the folder calls the table `base`."""
    if base in NAMED or Path(base).is_absolute():
        return base
    try:
        return Path(os.path.relpath(base, folder)).as_posix()
    except ValueError:  # it lies on another drive
        return Path(base).absolute().as_posix()
