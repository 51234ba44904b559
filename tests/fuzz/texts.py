"""What people write or are sent: tables in YAML, explanations in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.fuzz.bits import changed
from tests.fuzz.target import ROOT, Target

# --- tables ---------------------------------------------------------------------------------------

SCALARS = (
    "0", "-1", "1e400", ".nan", "0,5", "'8'", "true", "null", "~", "2026-01-01", "0x10", "1_000",
    "a: b", "[1, 2]", "{a: 1}", "&a [*a]", "*a", "!include x", "!!python/object:os.system x", "|",
    ">", "'", '"', "# x", "- x", "dorian", "tempo", "9" * 400, "\u00a0", "\u202e", "it's", "%x",
    "@x", "`x`", "<<", "=", "../x.yaml", "/dev/zero", "default", "is dark", "very", "{}", "[]",
)  # fmt: skip
PACKS = ROOT / "composer/table/packs"


@cache
def packs() -> tuple[str, ...]:
    """The tables that come with us, the longest cut to what can be changed to some effect."""
    found = [path.read_text(encoding="utf-8") for path in sorted(PACKS.glob("*.yaml"))]
    return tuple(text for text in found if "promenade:" in text and len(text) < 20_000)


@st.composite
def tables(draw: Callable[..., Any]) -> bytes:
    """A table with lines, indents and values changed; a few are damaged anywhere."""
    lines = draw(st.sampled_from(packs())).splitlines()
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines) - 1)) if lines else 0
        what = draw(st.integers(0, 9))
        line = lines[at] if lines else ""
        if what < 4:
            head, colon, _ = line.partition(": ")
            value = draw(st.sampled_from(SCALARS))
            lines[at : at + 1] = [head + colon + value if colon else f"{line} {value}"]
        elif what == 4:
            lines[at : at + 1] = [" " * draw(st.integers(0, 8)) + line.strip()]
        elif what == 5:
            del lines[at : at + draw(st.integers(1, 5))]
        elif what == 6:
            lines[at:at] = lines[draw(st.integers(0, at)) : at + 1]
        elif what == 7:
            lines[at : at + 1] = [
                line.replace(
                    *draw(st.sampled_from(((" ", "\t"), (":", ""), ("-", "–"), (" ", "\u00a0"))))
                )
            ]
        elif what == 8:
            lines[at : at + 1] = [
                line.rstrip(),
                f"{line[: len(line) - len(line.lstrip())]}{draw(st.sampled_from(SCALARS))}: 1",
            ]
        else:
            word = draw(st.sampled_from(("extends", "orchestra", "stock", "remove", "languages")))
            lines[at:at] = [f"{word}: {draw(st.sampled_from(SCALARS))}"]
    data = "\n".join(lines).encode()
    return draw(changed(data, 2)) if draw(st.integers(0, 9)) == 0 else data


def read_table(data: bytes, folder: Path) -> None:
    """As a person who checks it."""
    import composer

    (folder / "mine.yaml").write_bytes(data)
    composer.load_table(folder / "mine.yaml")


TABLES = Target(
    "tables",
    tables(),
    read_table,
    lambda data: isinstance(yaml.safe_load(data), dict),
    tuple(
        f"composer/table/{name}.py"
        for name in ("load", "nodes", "reader", "rules", "conditions", "terms", "shapes",
                     "questions", "kinds", "slips", "slip", "typed", "text", "inherit", "circles")
    ),
)  # fmt: skip

# --- explanations ---------------------------------------------------------------------------------

VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 3, 10**6, 10**30, 1e300, 0.5, "", "x", "dorian", "\u202e\x1b[31m", [], {},
    [[]], {"x": 1}, "9" * 300, "C4", "\udcff",
)  # fmt: skip
# How people ask, one of them for each document.
QUESTIONS: tuple[dict[str, Any], ...] = (
    {}, {"everything": True}, {"decision": "mode"}, {"decision": "mode=lydian"}, {"bar": 2},
    {"bar": 1, "beat": 1.0}, {"note": 3}, {"bar": 3, "note": 1}, {"rule": "arousal-notes"},
    {"decision": "tempo=90"}, {"rule": "parallel-fifths"},
)  # fmt: skip


@cache
def explained() -> str:
    """The explanation of a piece of ours."""
    import composer
    from composer.explanation.document import explanation, to_json

    return to_json(explanation(composer.compose("sample:flower", melody="rules")))


@st.composite
def explanations(draw: Callable[..., Any]) -> bytes:
    """An explanation with values changed anywhere in it; a few are damaged as text."""
    document = json.loads(explained())
    random = Random(draw(st.integers(0, 1 << 16)))
    for _ in range(draw(st.integers(0, 3))):
        here: Any = document
        for _ in range(draw(st.integers(0, 6))):
            inner = list(here.values()) if isinstance(here, dict) else here
            inner = [each for each in inner if isinstance(each, dict | list) and each]
            if not inner:
                break
            here = random.choice(inner)
        key = random.choice(list(here) if isinstance(here, dict) else range(len(here)))
        what = draw(st.integers(0, 4))
        if what < 3:
            here[key] = draw(st.sampled_from(VALUES))
        elif what == 3:
            del here[key]
        elif isinstance(here, list):
            here += here[:20]
        else:
            here["x"] = here[key]
        if not document:
            break
    question = bytes([draw(st.integers(0, len(QUESTIONS) - 1))])
    data = json.dumps(document).encode()
    if draw(st.integers(0, 9)) == 0:
        data = draw(changed(data, 2))
    return question + data


def read_explanation(data: bytes, folder: Path) -> None:
    """As a person who asks a question of it."""
    from composer.explanation.answers import answer
    from composer.explanation.reading import read

    (folder / "piece.json").write_bytes(data[1:])
    document = read(str(folder / "piece.json"))
    asked = dict.fromkeys(("decision", "bar", "beat", "note", "rule")) | {"everything": False}
    answer(document, **{**asked, **QUESTIONS[data[0] % len(QUESTIONS)]})  # type: ignore[arg-type]


EXPLANATIONS = Target(
    "explanations",
    explanations(),
    read_explanation,
    lambda data: json.loads(data[1:]).get("promenade") is not None,
    ("composer/explanation/reading.py", "composer/explanation/answers.py"),
)
