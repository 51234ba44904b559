"""docs/first-rule.md: every step of it is run, and prints what the page says."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli

PAGE = Path(__file__).resolve().parents[3] / "docs" / "first-rule.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str, str]]:
    """What a reader does: ("save", a file's text) or (a command line, what it prints)."""
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "yaml":
            yield "save", text
            continue
        assert kind == "console"
        for command in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            line, _, printed = command.partition("\n")
            yield line, printed


def agrees(printed: str, page: str) -> bool:
    """Whether something was printed as the page has it, where … stands for anything."""
    parts = [re.escape(part) for part in page.rstrip("\n").split("…")]
    return re.fullmatch(".*".join(parts), printed.rstrip("\n"), re.DOTALL) is not None


def test_every_step_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = 0
    for step, text in steps():
        if step == "save":
            name = text.splitlines()[0].removeprefix("# ")
            (tmp_path / name).write_text(text, encoding="utf-8")
            continue
        program, *args = shlex.split(step)
        result = CliRunner().invoke(getattr(cli, program), args)
        assert agrees(result.stdout, text), f"$ {step}\n{result.output}"
        done += 1
    assert done >= 8
