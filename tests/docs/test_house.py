"""The house as docs/architecture.md draws it is the house as it stands."""

import re
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROOMS = ("analysis", "theory", "corpora", "neural", "composer")
# What stands in a room and is no storey of it: data, and what a view is made of.
CUPBOARDS = {"__pycache__", "families", "packs", "samples", "templates"}


def drawn() -> set[str]:
    """Every folder and file of the drawings, as paths without suffixes."""
    found: set[str] = set()
    for block in BLOCK.findall(PAGE):
        above: list[str] = []  # the folders around, by depth
        for line in block.splitlines():
            depth = (len(line) - len(line.lstrip())) // 2
            del above[depth:]
            # What names a place stands before its description, two blanks apart.
            names = re.findall(r"(\S+)(?:\s{2,}|$)", line)
            places = [n for n in names if n.endswith("/")] or names[:1]
            found |= {"/".join([*above, name.rstrip("/")]) for name in places}
            above.append(places[0].rstrip("/"))
    return found


def storeys(folder: Path) -> set[str]:
    """The packages in a folder, and those in them, as paths from the root."""
    there = [each for each in folder.iterdir() if each.is_dir() and each.name not in CUPBOARDS]
    inner = [each for one in there for each in one.iterdir() if each.is_dir()]
    return {
        each.relative_to(ROOT).as_posix() for each in (*there, *inner) if each.name not in CUPBOARDS
    }


def test_what_is_drawn_stands() -> None:
    places = drawn()
    assert {"composer/render/score", "theory/verify", "composer/pipeline", "cli.py"} <= places
    gone = [p for p in places if not (ROOT / p).exists() and not (ROOT / f"{p}.py").exists()]
    assert gone == []


def test_what_stands_is_drawn() -> None:
    assert {each for room in ROOMS for each in storeys(ROOT / room)} - drawn() == set()


def test_the_storeys_are_drawn_in_the_order_that_is_held() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    held = re.split(r"[|\s]+", config["importlinter:contract:storeys"]["layers"].strip())
    (house,) = (each for each in BLOCK.findall(PAGE) if each.startswith("composer/"))
    assert re.findall(r"^  ([a-z]+)/? ", house, re.MULTILINE) == held


def test_every_extra_that_a_page_names_can_be_installed() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    pages = (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
    named = {
        extra
        for page in pages
        for row in re.findall(r"promenade(-music)?\[([\w,]+)\]", page.read_text(encoding="utf-8"))
        for extra in row[1].split(",")
    }
    assert named
    assert named <= set(config["options.extras_require"])
