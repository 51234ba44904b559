"""The types of the document hold what its schema holds: every key, required or not, of one type."""

from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import pytest

from composer.explanation import decided, format
from composer.explanation.reading import schema

JSON = {"string": str, "integer": int, "number": float, "boolean": bool, "null": NoneType}
ROOT = schema()


def differences(node: dict[str, Any], kind: Any, path: str) -> list[str]:
    """Where a schema and a type say different things of the value at `path`."""
    node = resolved(node)
    if "oneOf" in node:
        return choices(node["oneOf"], kind, path)
    if isinstance(node.get("type"), list):
        return choices([{**node, "type": name} for name in node["type"]], kind, path)
    if get_origin(kind) is Literal:
        known = set(node["enum"] if "enum" in node else [node.get("const")])
        return [] if known == set(get_args(kind)) else [f"{path}: {known}, not {kind}"]
    if "const" in node or "enum" in node:
        values = [node["const"]] if "const" in node else node["enum"]
        wrong = [value for value in values if type(value) is not kind]
        return [f"{path}: {wrong}, not {kind}"] if wrong else []
    if node["type"] in JSON:
        return [] if JSON[node["type"]] is kind else [f"{path}: {node['type']}, not {kind}"]
    if node["type"] == "array":
        if get_origin(kind) is not list:
            return [f"{path}: an array, not {kind}"]
        return differences(node["items"], get_args(kind)[0], f"{path}[]")
    return objects(node, kind, path)


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    return resolved(ROOT["$defs"][node["$ref"].removeprefix("#/$defs/")])


def choices(nodes: list[dict[str, Any]], kind: Any, path: str) -> list[str]:
    """Of alternatives: each of one side has exactly one of the other that says the same."""
    kinds = list(get_args(kind)) if get_origin(kind) in (Union, UnionType) else [kind]
    if len(nodes) != len(kinds):
        return [f"{path}: {len(nodes)} alternatives, not {len(kinds)}: {kind}"]
    wrong = []
    for node in nodes:
        tried = [(differences(node, each, path), each) for each in kinds]
        faults, nearest = min(tried, key=lambda row: len(row[0]))
        wrong += faults
        kinds.remove(nearest)
    return wrong


def objects(node: dict[str, Any], kind: Any, path: str) -> list[str]:
    if get_origin(kind) is dict:
        if "properties" in node and "additionalProperties" not in node:
            return [f"{path}: {sorted(node['properties'])}, not {kind}"]
        _, values = get_args(kind)
        if values is Any:
            return [] if "additionalProperties" not in node else [f"{path}: not only {kind}"]
        held = [*node.get("properties", {}).values(), node["additionalProperties"]]
        return [each for one in held for each in differences(one, values, f"{path}.*")]
    if not is_typeddict(kind):
        return [f"{path}: an object, not {kind}"]
    wrong = []
    if node.get("additionalProperties") is not False:
        wrong.append(f"{path}: open, not {kind}")
    keys, hints = node["properties"], get_type_hints(kind)
    written = get_type_hints(kind, include_extras=True)
    wrong += [f"{path}.{key}: in one of the two only" for key in keys.keys() ^ hints.keys()]
    due = {key for key, hint in written.items() if get_origin(hint) is not NotRequired}
    wrong += [
        f"{path}.{key}: required in one of the two only"
        for key in due ^ set(node.get("required", ()))
    ]
    for key in keys.keys() & hints.keys():
        wrong += differences(keys[key], hints[key], f"{path}.{key}")
    return wrong


def test_types_and_schema_say_the_same():
    assert differences(ROOT, format.Explanation, "$") == []


def test_every_type_is_of_the_document():
    """None stands beside it unused."""
    seen: set[Any] = set()

    def visit(kind: Any) -> None:
        if is_typeddict(kind) and kind not in seen:
            seen.add(kind)
            for hint in get_type_hints(kind).values():
                visit(hint)
        for each in get_args(kind):
            visit(each)

    visit(format.Explanation)
    written = {
        kind for module in (format, decided) for kind in vars(module).values() if is_typeddict(kind)
    }
    assert written == seen


@pytest.mark.parametrize(
    ("place", "change"),
    [
        (("properties", "seed"), {"type": "number"}),
        (("properties", "title"), {"type": ["string", "null"]}),
        (("properties", "plan", "properties", "form"), None),
        (("properties", "plan", "properties", "colour"), {"type": "string"}),
        (("properties", "plan", "required"), ["key"]),
        (("$defs", "term", "required"), ["feature", "in"]),
        (("$defs", "slot", "properties", "shift"), {"type": "array", "items": {"type": "string"}}),
        (("$defs", "decisive"), {"type": "string"}),
        (("$defs", "decision", "oneOf"), [{"type": "string"}]),
        (("properties", "promenade"), {"const": 4}),
        (("$defs", "share", "additionalProperties"), True),
    ],
)
def test_a_changed_schema_is_noticed(place, change, monkeypatch):
    holder = ROOT
    for key in place[:-1]:
        holder = holder[key]
    if change is None:
        monkeypatch.delitem(holder, place[-1])
    else:
        monkeypatch.setitem(holder, place[-1], change)
    assert differences(ROOT, format.Explanation, "$")
