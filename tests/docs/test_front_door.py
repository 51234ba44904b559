"""README is short and true, and what names the version names the same one."""

import re
from pathlib import Path

import yaml

import composer

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST = 7 * 1024  # bytes


def test_the_front_door_is_no_corridor() -> None:
    assert len(README.encode()) <= MOST


def test_it_shows_a_picture_and_what_became_of_it() -> None:
    shown = re.findall(r"!\[([^]]+)\]\(([^)]+)\)", README)
    assert len(shown) >= 3
    assert all(len(says) > 10 and (ROOT / file).is_file() for says, file in shown)


def test_it_begins_with_two_commands() -> None:
    assert re.findall(r"^\$ (make \w+)", README, re.MULTILINE)[:2] == ["make demo", "make test"]


def test_the_rule_that_it_shows_is_one_of_the_default_table() -> None:
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    (shown,) = yaml.safe_load(block)
    table = ROOT / "composer" / "table" / "packs" / "default.yaml"
    rules = yaml.safe_load(table.read_text(encoding="utf-8"))["rules"]
    assert shown in rules


def test_the_citation_is_of_this_version() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "software"
    assert cited["title"] == "Promenade"
    assert cited["message"]
    assert cited["authors"] == [{"name": "The Promenade authors"}]
    assert cited["license"] == "GPL-3.0-or-later"
    assert cited["version"] == composer.__version__


def test_the_newest_changes_are_of_this_version_and_its_date() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)$", changes, re.MULTILINE)
    assert versions[0] == (composer.__version__, str(cited["date-released"]))
    numbers = [tuple(map(int, version.split("."))) for version, _ in versions]
    assert numbers == sorted(numbers, reverse=True)
    kinds = set(re.findall(r"^### (.+)$", changes, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
