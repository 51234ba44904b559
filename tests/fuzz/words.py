"""What people type: names of files, and commands with their options."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner
from hypothesis import strategies as st

from tests.fuzz.target import Target
from tests.fuzz.texts import explained, packs

# --- names ----------------------------------------------------------------------------------------

PIECES = (
    "a", "é", "日本", "\x01", "\n", "\x1b[31m", "\u202e", "\ufffe", "\udcff", "\udce9", "&", "<b>",
    "'", '"', "$x", "%s", "{x}", "..", ".", "-", "--set", "-o", "~", "*", " ", "\u00a0", "a" * 120,
    "CON", ":", "https:", "//", "\\", "#", "?", "\t", "]]>", "sample:", "👩‍👩‍👧", "e\u0301",
)  # fmt: skip
SUFFIXES = (".png", ".PNG", ".jpg", "", ".mid", ".json", ".png.png")
WRITTEN = (".mid", ".musicxml", ".json", ".html", ".svg", ".voices.musicxml", ".txt", "")


@st.composite
def names(draw: Callable[..., Any]) -> bytes:
    """The names of a picture and of an output, in JSON."""
    stem, other = ("".join(draw(st.lists(st.sampled_from(PIECES), max_size=4))) for _ in range(2))
    picture = stem + draw(st.sampled_from(SUFFIXES))
    output = draw(st.sampled_from((other, "out/", "out/" + other, "")))
    return json.dumps([picture, output + draw(st.sampled_from(WRITTEN))]).encode()


@cache
def picture() -> bytes:
    """The bytes of a small picture."""
    from tests.fuzz.pictures import sound

    return sound("PNG", "RGB", 0, (40, 30), 0, "")


def read_name(data: bytes, folder: Path) -> None:
    """Compose from a picture of that name, if there can be one, and write to the other."""
    given, output = json.loads(data)
    (folder / "out").mkdir()
    safe = "/" not in given and given not in ("", ".", "..")
    if safe and "\0" not in given and len(os.fsencode(given)) < 256:
        (folder / given).write_bytes(picture())
    said = run(["compose", "--melody", "rules", "--quiet", "-o", output, "--", given])
    if said.exit_code == 0 and not any(each.is_file() for each in folder.rglob("*")):
        raise AssertionError("nothing was written, and nothing said")


def run(arguments: list[str]) -> Any:
    """A command in this process. Raises what it raises, but for an orderly exit."""
    from cli import promenade

    said = CliRunner().invoke(promenade, arguments, catch_exceptions=True)
    if said.exception is not None and not isinstance(said.exception, SystemExit):
        raise said.exception
    if said.exit_code not in (0, 1, 2):
        raise AssertionError(f"exit status {said.exit_code}")
    return said


def is_name(data: bytes) -> bool:
    """Can a file be called so?"""
    given, _ = json.loads(data)
    return bool(given) and "/" not in given and len(os.fsencode(given)) < 256


NAMES = Target(
    "names",
    names(),
    read_name,
    is_name,
    ("composer/render/outputs.py", "composer/commands/compose.py"),
)

# --- options --------------------------------------------------------------------------------------

# What takes hours, or never ends, whatever it is given.
LEFT_OUT = {"count", "train", "evaluate", "completion"}
NEVER = {"--music21", "--watch", "--engine", "--help", "--version", "--soundfont", "--synth"}
FILES = ("a.png", "mine.yaml", "piece.json", "a.musicxml", "songs", "empty", "none", "a.npz", "-")
TYPED = (
    "0", "1", "3", "-1", "1e9", "nan", "inf", "9" * 30, "", " ", "x", "dorian", "mode=dorian",
    "mode", "mode=x", "tempo=90", "tempo=nan", "tempo=1e999", "=", "a=b=c", "parallel-fifths",
    "C major", "D dorian", "H", "I IV V I", "default", "plain", "P203", "arousal-notes", "\udcff",
    "\x1b[31m", "1/0", "all", "melody", "C4 D4", "4/4", "sample:china", "sample:x", "--", "@x",
    "out.mid", "o/.svg",
)  # fmt: skip


@cache
def commands() -> tuple[tuple[tuple[str, ...], tuple[Any, ...]], ...]:
    """Every command by its words, and its options and arguments."""
    from cli import promenade

    found: list[tuple[tuple[str, ...], tuple[Any, ...]]] = []

    def walk(command: Any, words: tuple[str, ...]) -> None:
        if isinstance(command, click.Group):
            for name in command.list_commands(click.Context(command)):
                if name not in LEFT_OUT:
                    walk(command.get_command(click.Context(command), name), (*words, name))
        else:
            found.append((words, tuple(command.params)))

    walk(promenade, ())
    return tuple(found)


@st.composite
def options(draw: Callable[..., Any]) -> bytes:
    """A command with some of its options and arguments, most of them of their type."""
    words, params = draw(st.sampled_from(commands()))
    given = list(words)
    for each in params:
        name = each.opts[-1]
        if isinstance(each, click.Argument):
            for _ in range(draw(st.sampled_from((1, 1, 1, 1, 2, 0)))):
                given.append(draw(_value(each)))
        elif name not in NEVER and draw(st.integers(0, 3)) == 0:
            given.append(name)
            if not each.is_flag and getattr(each, "_flag_needs_value", False) is False:
                given.append(draw(_value(each)))
    if words[0] == "compose":
        given += ["--melody", "rules", "-o", "out.mid"]
    return json.dumps(given).encode()


def _value(param: Any) -> st.SearchStrategy[str]:
    """A value of an option: its own choices, files that are there, and anything that is typed."""
    anything = st.sampled_from(TYPED)
    if isinstance(param.type, click.Choice):
        return st.one_of(st.sampled_from([str(each) for each in param.type.choices]), anything)
    if "int" in param.type.name or "float" in param.type.name:
        return st.one_of(st.sampled_from(("0", "1", "2", "3")), anything)
    return st.one_of(st.sampled_from(FILES), anything)


def read_options(data: bytes, folder: Path) -> None:
    """Run the command among files of each kind."""
    from tests.corpora.made import sheet

    (folder / "a.png").write_bytes(picture())
    (folder / "mine.yaml").write_text(packs()[0], encoding="utf-8")
    (folder / "piece.json").write_text(explained(), encoding="utf-8")
    (folder / "a.musicxml").write_text(sheet(range(8)), encoding="utf-8")
    for name in ("songs", "empty", "o"):
        (folder / name).mkdir()
    (folder / "songs" / "a.xml").write_text(sheet(range(8)), encoding="utf-8")
    run(json.loads(data))


def is_command(data: bytes) -> bool:
    """Does click take the options? The command is not run."""
    from cli import promenade

    given = json.loads(data)
    command: Any = promenade
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), given.pop(0))
    try:
        command.make_context("x", given)
    except click.UsageError:
        return False
    return True


OPTIONS = Target(
    "options",
    options(),
    read_options,
    is_command,
    ("composer/commands/*.py", "composer/settings.py"),
)
