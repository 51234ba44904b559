"""Every link within README and docs leads somewhere: the file is there, and so is the heading."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
# What was true of a version that is past is not true of this one.
NOW = [page for page in PAGES if page.name != "CHANGELOG.md"]
FENCED = re.compile(r"^(`{3,}).*?^\1`*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
PLACE = re.compile(r"`((?:analysis|theory|corpora|neural|composer|tests|docs)/[\w./-]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?)#*$", re.MULTILINE)
ANCHOR = re.compile(r'<a id="([^"]+)">')


@cache
def text(page: Path) -> str:
    """A page without what is shown as code in blocks."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


@cache
def anchors(page: Path) -> frozenset[str]:
    """What a link into a page may name: its own anchors, and headings as GitHub calls them."""
    found = set(ANCHOR.findall(text(page)))
    for heading in HEADING.findall(text(page)):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        # The second heading of a name gets a number.
        found.add(next(s for s in (slug, *(f"{slug}-{n}" for n in range(1, 99))) if s not in found))
    return frozenset(found)


def broken(page: Path, target: str) -> str:
    """What is wrong with a link on a page, or "" where nothing is."""
    if re.match(r"[a-z]+:", target):
        return "" if target.startswith("https://") else "neither https nor a path"
    name, _, anchor = target.partition("#")
    file = (page.parent / name).resolve() if name else page
    if not file.is_file():
        return "there is no such file"
    if not file.is_relative_to(ROOT):
        return "it leads out of the repository"
    if anchor and anchor not in anchors(file):
        return "there is no such heading"
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(CODE.sub("", text(page)))
    assert [(each, why) for each in targets if (why := broken(page, each))] == []


@pytest.mark.parametrize("page", NOW, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_place_in_the_house_is_there(page: Path) -> None:
    there = (ROOT / each for each in PLACE.findall(text(page)))
    gone = [p for p in there if not p.exists() and not p.with_suffix(".py").exists()]
    assert gone == []


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {
        (index.parent / each.partition("#")[0]).resolve() for each in LINK.findall(text(index))
    }
    pages = {page for page in PAGES if page.parent == index.parent} - {index}
    assert sorted(page.name for page in pages - linked) == []


def test_what_is_wrong_with_a_link_is_seen(tmp_path: Path) -> None:
    page = ROOT / "docs" / "index.md"
    assert broken(page, "first-rule.md#2-the-smallest-table") == ""
    assert broken(page, "errors.md#p203") == ""
    assert broken(page, "first-rule.md#nowhere") == "there is no such heading"
    assert broken(page, "nowhere.md") == "there is no such file"
    assert broken(page, "../../nowhere.md") == "there is no such file"
    assert broken(page, "http://example.org") == "neither https nor a path"
    stranger = tmp_path / "page.md"
    stranger.touch()
    assert broken(page, str(stranger)) == "it leads out of the repository"
