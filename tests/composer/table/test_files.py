"""Files by whatever name they go: links, other case, folders; on every system alike."""

import os
import socket
import sys
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


def special(name: str, kind: str) -> None:
    if kind == "a folder":
        Path(name).mkdir()
    elif kind == "a pipe":
        os.mkfifo(name)
    elif kind == "a socket":
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(name)
    else:
        Path(name).symlink_to("/dev/zero")


KINDS = ["a folder"]
if sys.platform != "win32":
    KINDS += ["a pipe", "a socket", "a device"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_is_refused_at_once_wherever_it_is_named(kind: str) -> None:
    """None of them is opened: a pipe would keep us waiting, a device might never end."""
    special("rules.yaml", kind)
    with pytest.raises(UserError, match=rf"rules\.yaml is {kind}\. Give the path of a YAML file\."):
        load_table("rules.yaml", vocabulary())
    put("mine.yaml", HEAD.format("mine", "rules.yaml"))
    assert faults("mine.yaml") == ["mine.yaml:3: P308 'rules.yaml' is no table"]
    put("other.yaml", HEAD.format("other", "default") + "orchestra: sounds\n")
    Path("sounds").mkdir()
    special("sounds/drum_patterns.yaml", kind)
    said = f"other.yaml:4: P317 'sounds/drum_patterns.yaml' is {kind}"
    assert faults("other.yaml") == [said]
    assert origins("mine.yaml").tables == (Path("mine.yaml"), Path("rules.yaml"))


SECRETS = {
    "passwords": "root:x:0:0:root:/root:/bin/bash\nme:x:1000:1000:Me, 1,,:/home/me:/bin/sh\n",
    "a key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKC: x\n-----END RSA PRIVATE KEY-----\n",
    "settings": "user: me\npassword: hunter2\n",
    "a broken one": "password: 'hunter2\n",
    "bytes": "\0\1\2hunter2",
    "nothing": "",
    "UTF-16": "\ufeffpassword: hunter2\n",
}


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS.keys())
def test_no_line_is_shown_of_what_is_only_named_and_is_no_table(text: str) -> None:
    data = text.encode("utf-16-le" if text.startswith("\ufeff") else "utf-8")
    Path("secret").write_bytes(data)
    Path("sounds").mkdir()
    Path("sounds/instruments.yaml").write_bytes(data)
    put("mine.yaml", HEAD.format("mine", "secret"))
    with pytest.raises(TableError) as caught:
        load_table("mine.yaml", vocabulary())
    assert str(caught.value) == (
        "mine.yaml:3:10: P111 'secret' is no table\n"
        "    extends: secret\n"
        "             ^\n"
        "    expected: a table, whose first line is promenade: 2\n"
        "    see promenade rules why P111"
    )
    put("mine.yaml", HEAD.format("mine", "default") + "orchestra: sounds\n")
    with pytest.raises(TableError) as caught:
        load_table("mine.yaml", vocabulary())
    assert str(caught.value) == (
        "mine.yaml:4:12: P111 'sounds/instruments.yaml' is no file of an orchestra\n"
        "    orchestra: sounds\n"
        "               ^\n"
        "    expected: entries with a name, each of which says what it is about\n"
        "    see promenade rules why P111"
    )


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


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("\xa0\xa0about: It rocks.", "P114 a blank that YAML takes for a letter"),
        ("  about\uff1a It rocks.", "P113 this is a colon of another kind"),
        ("  about:It rocks.", "P113 a blank belongs after the colon"),
        ("  about: It rocks: well.", "P112 a colon and a blank make"),
    ],
)
def test_a_slip_in_an_orchestra_is_told_at_its_place(typed: str, said: str) -> None:
    put("mine.yaml", HEAD.format("mine", "default") + "orchestra: sounds\n")
    put("sounds/bass_patterns.yaml", f"rocking:\n{typed}\n  whole: b\n")
    (found,) = faults("mine.yaml")
    assert found.startswith(f"sounds/bass_patterns.yaml:2: {said}")
