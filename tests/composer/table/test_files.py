"""Files by whatever name they go: links, other case, folders; on every system alike."""

import os
from pathlib import Path

import pytest

from composer.errors import TableError, UserError
from composer.music.vocabulary import vocabulary
from composer.table import load_table, origins
from composer.table.files import MOST_TABLES

HEAD = "promenade: 2\nname: {}\nextends: {}\n"
LULLABY = 'lullaby: {about: A low note rocks., whole: "1"}\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, text: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def faults(name: str) -> list[str]:
    with pytest.raises(TableError) as caught:
        load_table(name, vocabulary())
    return [f"{each.file}:{each.line}: {each.code} {each.message}" for each in caught.value.faults]


def test_a_table_that_extends_itself_by_another_name_is_found_out_at_once() -> None:
    """As where case does not count, and Mine.yaml is mine.yaml."""
    put("mine.yaml", HEAD.format("mine", "alias.yaml"))
    os.link("mine.yaml", "alias.yaml")
    assert faults("mine.yaml") == ["mine.yaml:3: P309 'alias.yaml' extends this table in turn"]


def test_links_that_go_round_in_a_circle_lead_to_no_table() -> None:
    Path("one.yaml").symlink_to("other.yaml")
    Path("other.yaml").symlink_to("one.yaml")
    put("mine.yaml", HEAD.format("mine", "one.yaml"))
    assert faults("mine.yaml") == ["mine.yaml:3: P308 there is no table 'one.yaml' beside this one"]
    with pytest.raises(UserError, match=r"The table one\.yaml cannot be read"):
        load_table("one.yaml", vocabulary())
    assert origins("mine.yaml").tables == (Path("mine.yaml"), Path("one.yaml"))


def test_only_so_many_tables_extend_one_another() -> None:
    for number in range(MOST_TABLES + 1):
        put(f"{number}.yaml", HEAD.format(number, f"{number + 1}.yaml"))
    (fault,) = faults("0.yaml")
    last = MOST_TABLES - 1
    assert fault == (
        f"{last}.yaml:3: P309 '{last + 1}.yaml' would be one table too many that extend one another"
    )
    put(f"{last}.yaml", HEAD.format("last", "default"))
    with pytest.raises(TableError):  # the default table would be the ninth
        load_table("0.yaml", vocabulary())
    put(f"{last - 1}.yaml", HEAD.format("last", "default"))
    assert load_table("0.yaml", vocabulary()).name == "0"


@pytest.mark.parametrize("error", [IsADirectoryError, PermissionError])
def test_a_folder_is_no_table_whatever_the_system_calls_it(
    monkeypatch: pytest.MonkeyPatch, error: type[OSError]
) -> None:
    Path("rules.yaml").mkdir()

    def refuse(*_: object, **__: object) -> None:
        raise error(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UserError, match=r"rules\.yaml is a folder\."):
        load_table("rules.yaml", vocabulary())


@pytest.mark.parametrize("name", ["chord_patterns.YAML", "Chord_Patterns.yaml"])
def test_a_file_in_other_case_is_not_passed_over(name: str) -> None:
    put("mine.yaml", HEAD.format("mine", "default") + "orchestra: sounds\n")
    put("sounds/bass_patterns.yaml", "rocking: {about: It rocks., whole: b}\n")
    put(f"sounds/{name}", LULLABY)
    with pytest.raises(TableError) as caught:
        load_table("mine.yaml", vocabulary())
    (fault,) = caught.value.faults
    assert (fault.code, fault.nearest) == ("P319", "chord_patterns.yaml")


def test_lines_end_as_any_system_ends_them() -> None:
    text = HEAD.format("mine", "default") + "decisions: {tempo: {start: 80}}\n"
    for name, end in (("unix.yaml", b"\n"), ("dos.yaml", b"\r\n"), ("mac.yaml", b"\r")):
        Path(name).write_bytes(text.encode().replace(b"\n", end))
        assert load_table(name, vocabulary()).decisions["tempo"].start == 80
        Path(name).write_bytes(text.replace("80", "900").encode().replace(b"\n", end))
        assert faults(name) == [f"{name}:4: P402 start of tempo is 900"]
