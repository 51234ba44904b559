"""What the pages say that a command prints is what it prints."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, kind: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return [block for found, block in BLOCK.findall(text) if found == kind]


def printed(line: str) -> str:
    program, *words = shlex.split(line)
    result = CliRunner().invoke(getattr(cli, program), words)
    assert result.exit_code in (0, 1), result.output
    return result.stdout


def begins(text: str, page: str) -> bool:
    """Whether a text begins as the page has it, where … at a line's end stands for anything."""
    parts = [re.escape(part) for part in re.split(r"…\n", page.rstrip("\n") + "\n")]
    return re.match(".*?".join(parts), text, re.DOTALL) is not None


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def shown(page: str) -> Iterator[tuple[str, str]]:
    """The commands of a page whose output it shows, and that output."""
    for block in blocks(page, "console"):
        for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = command.partition("\n")
            if output.strip():
                yield line, output


def test_what_the_page_for_teachers_shows() -> None:
    steps = list(shown("docs/teaching.md"))
    assert [line.split()[1] for line, _ in steps] == ["hear", "verify", "count"]
    for line, output in steps:
        assert begins(printed(line), output), line


def test_what_explain_prints_of_the_sample() -> None:
    plain, details = blocks("docs/pictures.md", "text")
    assert begins(printed("compose sample:china --explain -o china.mid"), plain)
    text = printed("compose sample:china --explain=details -o other.mid")
    assert begins(text, details)
    (front,) = blocks("README.md", "text")
    assert front in text


def test_that_something_else_is_printed_is_seen() -> None:
    assert begins("one\ntwo\nthree\nfour\n", "one\n…\nfour\n")
    assert not begins("one\ntwo\nthree\n", "one\n…\nfour\n")
    assert not begins("one\ntwo\n", "two\n")
