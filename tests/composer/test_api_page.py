"""docs/api.md and docs/api.ipynb: every example is run as it stands, in order, in one program."""

import ast
import json
import re
from pathlib import Path

import pytest

import composer

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "api.md"
NOTEBOOK = DOCS / "api.ipynb"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_runs(here, capsys):
    examples = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    assert len(examples) > 10
    names: dict[str, object] = {}
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), names)
    assert {path.name for path in here.iterdir()} >= {"holiday.mid", "holiday.json", "fifths.mid"}
    assert "Did you mean dorian?" in capsys.readouterr().out


def test_the_page_names_everything_that_is_offered():
    text = PAGE.read_text("utf-8")
    for name in composer.__all__:
        assert f"composer.{name}" in text or f"`{name}`" in text, name
    settings = set(composer.Settings.__dataclass_fields__)
    assert settings <= set(re.findall(r"`([a-z_]+)`", text))


def test_the_notebook_runs(here):
    book = json.loads(NOTEBOOK.read_text("utf-8"))
    assert book["nbformat"] == 4
    names: dict[str, object] = {}
    shown = []
    for cell in book["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert not cell["outputs"], "kept without outputs"
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, str(NOTEBOOK), "exec"), names)
        if last is not None:
            code = compile(ast.Expression(last.value), str(NOTEBOOK), "eval")
            shown.append(eval(code, names))
    pieces = [value for value in shown if isinstance(value, composer.Piece)]
    assert len(pieces) == 2
    assert all("<audio" in piece._repr_html_() for piece in pieces[:1])
    assert {path.name for path in here.iterdir()} == {"china.mid", "china.musicxml", "china.json"}
