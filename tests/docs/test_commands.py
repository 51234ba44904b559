"""The pages speak of commands and options that there are, and of all of them."""

import re
import shlex
from collections.abc import Iterator
from configparser import ConfigParser
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

import cli
from composer.render.rendering import SUFFIXES

ROOT = Path(__file__).resolve().parents[2]
PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
# What was true of a version that is past is not true of this one.
NOW = [page for page in PAGES if page.name != "CHANGELOG.md"]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:compose|promenade) [^`\n]+)`")
COMMANDS = {"compose": cli.compose, "promenade": cli.promenade}
# Programs of others that a page may call.
OTHERS = {"eval", "sudo", "ruff", "mypy", "lint-imports"}


def lines(page: Path) -> Iterator[str]:
    """What a page has a reader type, a command a line, without comments."""
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        for line in re.findall(r"^\$ (.*)$", block.replace("\\\n", " "), re.MULTILINE):
            yield from line.split(" && ")


def named(page: Path) -> Iterator[str]:
    """The commands that a page names in its text, where brackets hold what may be left out."""
    rest = FENCED.sub("", page.read_text(encoding="utf-8"))
    for span in INLINE.findall(rest):
        yield re.sub(r"[\[\]]", "", span.replace("\\|", "|"))


def command(words: list[str]) -> tuple[click.Command, click.Context | None, list[str]]:
    """The command that a row of words calls, its group's context, and the words left for it."""
    found, above, rest = COMMANDS[Path(words[0]).name], None, words[1:]
    while isinstance(found, click.Group) and rest and not rest[0].startswith("-"):
        above = found.make_context(found.name, [], above, resilient_parsing=True)
        assert rest[0] in found.commands, f"there is no {rest[0]} in {' '.join(words)}"
        found, rest = found.commands[rest[0]], rest[1:]
    return found, above, rest


def parse(line: str) -> None:
    """Have click read a command line as it would be run; nothing is. Raises UsageError."""
    words = shlex.split(line.partition(" | ")[0], comments=True)
    found, above, rest = command(words)
    try:
        found.make_context(found.name, rest, above)
    except click.exceptions.Exit:  # --help and --version answer at once
        pass
    except click.BadParameter as error:  # what is given need not be there
        if "does not exist" not in error.message:
            raise


def options(found: click.Command) -> set[str]:
    return {name for each in found.params for name in each.opts} | {"-h", "--help"}


@pytest.mark.parametrize("page", NOW, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_line_can_be_typed(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in lines(page):
        words = shlex.split(line, comments=True)
        program = Path(words[0]).name
        if program in COMMANDS:
            parse(line)
        elif program == "make":
            targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
            assert words[1] in targets, line
        elif program == "pip":
            assert words[1] == "install", line
        elif program == "python":
            assert words[1] in {"-m", "-c"}, line
            assert words[1] == "-c" or find_spec(words[2]) is not None, line
        else:
            assert program in OTHERS, line


@pytest.mark.parametrize("page", NOW, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_in_the_text_is_there_with_its_options(page: Path) -> None:
    for span in named(page):
        # Of `hear mode|cadence NAME` and the like the first is as good as any.
        words = re.sub(r"\|\w[\w|]*", "", span).split(" | ")[0].split()
        found, _, rest = command(words)
        given = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
        assert given <= options(found), span


def test_a_command_line_that_cannot_be_typed_is_seen() -> None:
    parse("compose holiday.jpg --explain -o holiday.mid")
    parse("promenade --version")
    parse("promenade corpus measure --pop909 nowhere")
    for line in (
        "compose holiday.jpg --explian",
        "compose --seed 1",
        "compose holiday.jpg --melody voice",
        "promenade hear cadence plagal --loud",
    ):
        with pytest.raises(click.UsageError):
            parse(line)
    with pytest.raises(AssertionError, match="there is no hum"):
        parse("promenade hum")


def below(found: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, found
    if isinstance(found, click.Group):
        for name, each in found.commands.items():
            if each not in COMMANDS.values():
                yield from below(each, f"{path} {name}")


def test_every_command_and_every_option_is_on_the_page_of_commands() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    sections = dict(
        re.findall(r"^## ([^\n]+)\n\n```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    )
    there = dict(each for name, one in COMMANDS.items() for each in below(one, name))
    assert set(sections) == set(there)
    for path, found in there.items():
        assert found.help, path
        for each in found.params:
            if isinstance(each, click.Option):
                assert each.help, (path, each.name)
                row = rf"^  {re.escape(', '.join(sorted(each.opts, key=len)))}\b"
                assert re.search(row, sections[path], re.MULTILINE), (path, each.opts)


def test_every_option_of_compose_and_every_suffix_is_explained() -> None:
    page = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")
    for each in cli.compose.params:
        if isinstance(each, click.Option):
            assert all(re.search(rf"`{name}\b", page) for name in each.opts), each.opts
    assert [suffix for suffix in SUFFIXES if f"`{suffix}`" not in page] == []


def test_every_library_is_in_the_list_of_what_others_made() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = config["options.extras_require"]
    wanted = [config["options"]["install_requires"]]
    wanted += [extras[name] for name in extras if name not in {"test", "all"}]
    page = (ROOT / "THIRD-PARTY.md").read_text(encoding="utf-8").lower()
    for line in filter(None, "\n".join(wanted).splitlines()):
        name = re.split(r"[ <>=\[;]", line.strip())[0].lower()
        if name == config["metadata"]["name"]:
            continue
        assert re.search(rf"\b{re.escape(name)}\b", page), name
