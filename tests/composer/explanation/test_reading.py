"""Anybody's JSON as an explanation: one sentence, or an answer, and never anything else."""

import copy
import json
import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

import cli
from composer.errors import UserError
from composer.explanation.answers import answer
from composer.explanation.layout import unstyle
from composer.explanation.reading import LARGEST, foreign, read, schema

AGAIN = "Write one with compose PICTURE -o PIECE.json."
GONE = object()
SAMPLE = 120
LONGEST_ANSWER = 1_000_000  # characters
# What the questions to a changed part go to, besides all of it.
DECIDING = {"features", "decisions", "picture", "rules", "terms"}


@pytest.fixture(scope="module")
def document(china_file: Path) -> Any:
    return json.loads(china_file.read_bytes())


def nested(depth: int) -> Any:
    part: Any = []
    for _ in range(depth):
        part = [part]
    return part


def others(part: Any) -> Iterator[Any]:
    """What a part of a document may be changed to."""
    yield from (None, True, "", "x", "\x1b]0;evil\x07", "a" * 20_000, [], {}, ["x"], [1], {"a": 1})
    yield from (0, -1, 1, 16.0, 0.5, -0.5, 1e-99, 1e99, 10**15, -(10**15), nested(200), GONE)
    if isinstance(part, list):
        yield from (part[:1], part + part[:1], part[::-1], part[1:])
    elif isinstance(part, dict) and part:
        first = next(iter(part.values()))
        yield from (dict.fromkeys((name, "another", ""), first) for name in list(part)[:1])
    elif isinstance(part, str):
        yield part + "x"
    elif type(part) in (int, float):
        yield from (part + 1, part * 1000 + 1, -part)


def kinds(document: Any) -> list[tuple[Any, ...]]:
    """A path to a part of each kind; entries of a list, or of an open mapping, are of one kind."""
    found: dict[tuple[str, ...], tuple[Any, ...]] = {}

    def walk(part: Any, path: tuple[Any, ...], kind: tuple[str, ...]) -> None:
        if kind in found:
            if isinstance(part, dict | list) and not part:
                return
        else:
            found[kind] = path
        if isinstance(part, list):
            for n, each in enumerate(part):
                walk(each, (*path, n), (*kind, "#"))
        elif isinstance(part, dict):
            known = _fields()
            for name, each in part.items():
                walk(each, (*path, name), (*kind, name if name in known else "*"))

    walk(document, (), ())
    return [path for path in found.values() if path]


def _fields() -> set[str]:
    return set(re.findall(r'"(\w+)": \{', json.dumps(schema())))


def is_shaped(document: Any, path: tuple[Any, ...]) -> bool:
    """Would the schema let in what stands around the end of a path, the rest being as it was?"""
    whole = schema()
    part, rule = document, whole
    for name in path[:-1]:
        while "$ref" in rule:
            rule = whole["$defs"][rule["$ref"].rpartition("/")[2]]
        if not {"properties", "additionalProperties", "items"} & rule.keys():
            break  # one of several shapes
        inner = rule.get("properties", {}).get(name) or rule.get(
            "items" if isinstance(name, int) else "additionalProperties"
        )
        if not isinstance(inner, dict):
            return False
        part, rule = part[name], inner
    checker = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, given: type(given) is int
    )
    usual = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=checker)
    return bool(usual({**rule, "$defs": whole["$defs"]}).is_valid(part))


def questions(document: Any, path: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    yield {"everything": True}
    yield {"bar": 2}
    yield {"bar": 2, "beat": 2.0}
    yield {"note": path[1] + 1 if path[0] == "notes" and len(path) > 1 else 3}
    yield {"rule": "arousal-notes"}
    yield {"rule": "parallel-fifths"}
    if path[0] in DECIDING:
        yield {"decision": "valence"}


def survive(document: Any, path: tuple[Any, ...], other: Any) -> int:
    """Puts something else at a path, asks whatever may be asked, and puts the part back; returns
    how many questions found an answer or a sentence."""
    around = document
    for name in path[:-1]:
        around = around[name]
    before = copy.copy(around)
    asked, sentences = 0, list[str]()
    if other is GONE:
        del around[path[-1]]
    else:
        around[path[-1]] = other
    try:
        if not is_shaped(document, path):
            return 0
        for question in questions(document, path):
            began = time.perf_counter()
            try:
                with foreign():
                    assert len(answer(document, **question)) < LONGEST_ANSWER
            except UserError as error:
                sentences.append(str(error))
            assert time.perf_counter() - began < 20
            asked += 1
        assert all(len(each) < 1000 for each in sentences)
    finally:
        if isinstance(around, list):
            around[:] = before
        else:
            around.clear()
            around.update(before)
    return asked


def changes(document: Any) -> list[tuple[tuple[Any, ...], Any]]:
    found = []
    for path in kinds(document):
        part = document
        for name in path:
            part = part[name]
        found += [(path, other) for other in others(part)]
    return found


def test_a_changed_explanation_is_answered_or_refused(document: Any) -> None:
    every = changes(document)
    sample = random.Random(1).sample(every, SAMPLE)
    # What a bar, a phrase or a beat that is not there did to who read on.
    known = [
        (("plan", "phrases"), []),
        (("harmony",), []),
        (("harmony", 0, "bar"), 10**15),
        (("plan", "metre", "ticks_per_bar"), 10**15),
        (("harmony", 0, "costs", next(iter(document["harmony"][0]["costs"]), "x")), -(10**15)),
    ]
    assert sum(survive(document, path, other) for path, other in [*known, *sample]) > SAMPLE


@pytest.mark.slow
def test_every_part_may_be_anything(document: Any) -> None:
    assert sum(survive(document, path, other) for path, other in changes(document)) > 3000


def written(folder: Path, text: str | bytes) -> str:
    file = folder / "piece.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", f"FILE is no JSON, or was cut short. {AGAIN}"),
        ('{"promenade": 3, "title": "a', f"FILE is no JSON, or was cut short. {AGAIN}"),
        (b"\xff\xfe\x00\x01", f"FILE is no JSON, or was cut short. {AGAIN}"),
        ('{"promenade": NaN}', f"FILE is no JSON, or was cut short. {AGAIN}"),
        ("[" * 1_000_000, f"FILE is no JSON, or was cut short. {AGAIN}"),
        ('{"promenade": 1e400}', f"FILE holds a number that no piece has. {AGAIN}"),
        ('{"promenade": 3, "seed": 1' + "0" * 5000 + "}", "FILE holds a number that no piece has."),
        ("null", f"FILE is no explanation of a piece. {AGAIN}"),
        ('{"name": "leftpad", "version": "1.0"}', f"FILE is no explanation of a piece. {AGAIN}"),
        ('{"promenade": {"a": []}}', f"FILE is no explanation of a piece. {AGAIN}"),
        ('{"promenade": "' + "9" * 500 + '"}', f"FILE was written in version '{'9' * 58}… of the"),
        ('{"promenade": 3}', f"FILE is no whole explanation: $ is not right. {AGAIN}"),
        ('{"promenade": 3, "rules": {"table": {"promenade": 1}}}', "FILE is no whole explanation"),
    ],
)
def test_what_is_no_explanation_is_one_sentence(
    text: str | bytes, said: str, tmp_path: Path
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(UserError) as told:
        read(file)
    assert str(told.value).replace(file, "FILE").startswith(said)
    assert len(str(told.value)) < 400 + len(file)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("pipe", "FILE is a pipe. Give the name of a piece's .json file."),
        ("folder", "FILE is a folder. Give the name of a piece's .json file."),
        ("link", "FILE cannot be read: Too many levels of symbolic links."),
        ("device", "/dev/zero is a device. Give the name of a piece's .json file."),
        ("large", f"FILE is too large for an explanation. {AGAIN}"),
        ("null", f"This is no name that a file can have. {AGAIN}"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="pipes and devices in folders are of POSIX")
def test_what_is_no_file_is_refused_at_once(kind: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "piece.json"
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "link":
        file.symlink_to(file)
    elif kind == "large":
        file.write_bytes(b" " * (LARGEST + 1))
    name = {"device": "/dev/zero", "null": "a\0b"}.get(kind, str(file))
    with pytest.raises(UserError) as told:
        read(name)
    assert str(told.value).replace(str(file), "FILE") == said


@pytest.mark.parametrize(("depth", "status"), [(100, 0), (700, 2), (5_000, 2), (200_000, 2)])
def test_a_condition_may_go_only_so_deep(
    document: Any, tmp_path: Path, depth: int, status: int
) -> None:
    text = json.dumps(document, ensure_ascii=False)
    old = json.dumps(document["rules"]["table"]["rules"][0]["when"])
    when = f'"when": {old}'
    assert text.count(when)
    deep = '"when": ' + '{"not": ' * depth + old + "}" * depth
    file = written(tmp_path, text.replace(when, deep, 1))
    result = CliRunner().invoke(cli.promenade, ["explain", file, "--decision", "valence"])
    assert result.exit_code == status
    assert status == 0 or result.output.startswith("Error: ")


def test_what_would_command_a_terminal_is_shown(document: Any, tmp_path: Path) -> None:
    changed = copy.deepcopy(document)
    changed["title"] = "a\x1b]0;evil\x07b\u202ec"
    changed["decisions"]["valence"]["shares"][0]["because"] = "so\x1b[2Jit is"
    file = written(tmp_path, json.dumps(changed))
    for more in ([], ["--decision", "valence"], ["--all"]):
        result = CliRunner().invoke(cli.promenade, ["explain", file, *more], color=True)
        assert result.exit_code == 0, result.output
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", unstyle(result.output))
    assert "a␛]0;evil␇b\ufffdc" in unstyle(
        CliRunner().invoke(cli.promenade, ["explain", file]).output
    )


def test_parts_that_point_nowhere_are_one_sentence(document: Any, tmp_path: Path) -> None:
    changed = copy.deepcopy(document)
    changed["plan"]["phrases"] = []
    file = written(tmp_path, json.dumps(changed))
    result = CliRunner().invoke(cli.promenade, ["explain", file, "--bar", "2"])
    assert result.exit_code == 2
    said = f"Error: The parts of this explanation do not belong together. {AGAIN}\n"
    assert result.output == said
