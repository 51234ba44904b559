"""The JSON Schema of tables, made from the shapes that the reader reads by.

Editors complete and check with it. It knows the packs' features, stocks and decisions; names
that a table declares itself it lets pass, and leaves to `promenade rules check`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from composer.music.vocabulary import vocabulary
from composer.render.outputs import plan_outputs, put
from composer.table import PACKS, load_table
from composer.table.conditions import REGIONS
from composer.table.load import bibliography
from composer.table.rules import GRADES
from composer.table.shapes import FORMATS, SHAPES, Shape
from composer.table.table import Question, Table

Json = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Json = {"type": "string", "minLength": 1}
_NUMBER: Json = {"type": "number"}


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


def schema() -> Json:
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

    def definitions(self) -> Json:
        return {
            "condition": self.condition(),
            "term": {
                "anyOf": [self.mapping(SHAPES[name]) for name in ("ramp", "peak", "line")],
            },
            "decision": {"anyOf": [self.mapping(SHAPES[name]) for name in ("number", "choice")]},
            "places": self.mapping(SHAPES["places"]),
            "rule": self.rule(),
        }

    def mapping(self, shape: Shape, required: bool = True) -> Json:
        """A mapping of one shape: its keys with what they hold, no others."""
        found: Json = {
            "type": "object",
            "properties": {
                name: {"description": key.says, **self.holds(key.holds)}
                for name, key in shape.keys.items()
            },
            "additionalProperties": False,
        }
        return found | {"required": list(shape.required)} if required and shape.required else found

    def holds(self, what: str) -> Json:
        """The schema of what a key holds, by the name that SHAPES has for it."""
        makers: Mapping[str, Callable[[], Json]] = {
            "version": lambda: {"const": FORMATS[-1]},
            "text": lambda: _TEXT,
            "number": lambda: _NUMBER,
            "width": lambda: {"type": "number", "exclusiveMinimum": 0},
            "pair": lambda: {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
            "points": self.points,
            "feature": lambda: _names([*self.known.features, *self.known.regional]),
            "region": lambda: {"enum": [*REGIONS]},
            "table": lambda: _names([*self.default.tables]),
            "grade": lambda: {"enum": [*GRADES]},
            "base": lambda: _names([*PACKS]),
            "folders": lambda: _some(_TEXT),
            "names": lambda: {"anyOf": [{"const": "all"}, {"type": "array", "items": _TEXT}]},
            "remove": lambda: self.mapping(SHAPES["remove"]),
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
            "only": lambda: _each(_some(_TEXT), self.compared()),
            "onlys": lambda: _each(_each(_some(_TEXT), self.compared())),
            "default": lambda: self.mapping(SHAPES["default"]),
            "places": lambda: _each({"anyOf": [_NUMBER, self.mapping(SHAPES["place"])]}),
            "then": self.then,
            "evidence": self.evidence,
        }
        return makers[what]()

    def points(self) -> Json:
        pair = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
        return {"type": "array", "items": pair, "minItems": 2}

    def rule(self) -> Json:
        """A rule: whole, or with an inherited id and only what changes."""
        shape = self.mapping(SHAPES["rule"], required=False)
        return shape | {"required": ["id"]}

    def decisions(self) -> Json:
        """Known decisions with what can change in them; others whole."""
        known = {
            name: {
                "description": asked.span()[:200],
                **self.mapping(SHAPES[asked.kind], required=False),
            }
            for name, asked in self.default.decisions.items()
        }
        return _each({"$ref": "#/$defs/decision"}, known)

    def compared(self) -> Json:
        """Each choice decision with the choices that it can be compared with."""
        asked = self.default.decisions.items()
        return {name: _some(_choices(each)) for name, each in asked if each.kind == "choice"}

    def condition(self) -> Json:
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

    def then(self) -> Json:
        by = self.mapping(SHAPES["by"])
        votes = {"anyOf": [_NUMBER, _each(_NUMBER), by]}
        known: Json = {}
        for name, asked in self.default.decisions.items():
            if asked.kind == "number":
                known[name] = {"type": "number", "description": asked.span()}
            else:
                offered = dict.fromkeys(asked.choices, _NUMBER)
                known[name] = {"anyOf": [_each(_NUMBER, offered), by]}
        return {"minProperties": 1, **_each(votes, known)}

    def evidence(self) -> Json:
        found = self.mapping(SHAPES["evidence"])
        sources = [*bibliography()]
        described = {"description": SHAPES["evidence"].keys["source"].says, **_names(sources)}
        found["properties"]["source"] = described
        return found


def _choices(asked: Question) -> Json:
    return _names(list(asked.choices))


def _names(known: list[str]) -> Json:
    """One of the known names, which an editor offers, or one that the table declares itself."""
    return {"anyOf": [{"enum": known}, _TEXT]}


def _some(one: Json) -> Json:
    """One, or a list of them."""
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def _each(one: Json, known: Json | None = None) -> Json:
    """A mapping whose values are all like `one`, but for those of known names."""
    found: Json = {"type": "object", "additionalProperties": one}
    return found | {"properties": known} if known else found
