"""Slips of people who do not programme: each is told at its own place, in words that mend it, and
what stands behind it is told too."""

import pytest

from composer.errors import TableError
from composer.music.vocabulary import vocabulary
from composer.table import PACKS
from composer.table.files import table_file
from composer.table.load import judge
from composer.table.nodes import parse
from tests.composer.table.slips import SLIPS

KNOWN = vocabulary()
HEAD = "promenade: 1\nname: mine\nextends: default\nrules:\n"
RULE = """\
  - id: night-slow
    when: dark
    then: {tempo: -8}
    because: Night is slow.
"""
BEHIND = """\
  - id: behind
    when: ligth
    then: {tempo: -8}
    because: It stands behind.
"""
TOLD_BEHIND = "P301 'ligth' is no term"


def told(text: str | bytes) -> list[str]:
    """What is said of a table, each fault without the line that names its code's page."""
    data = text.encode() if isinstance(text, str) else text
    try:
        faults = judge(data, "mine.yaml", KNOWN)[1]
    except TableError as error:
        faults = error.faults
    return [str(fault).rpartition("\n    see promenade")[0] for fault in faults]


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["Unix", "Windows"])
@pytest.mark.parametrize(("right", "typed", "said"), SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_is_told_at_its_place_and_what_stands_behind_it_too(
    right: str, typed: str, said: tuple[str, str, str], ends: str
) -> None:
    assert right in RULE
    found = told((HEAD + RULE.replace(right, typed) + BEHIND).replace("\n", ends))
    message, line, expected = said
    column = int(message.split(":")[1])
    under = "".join("\t" if sign == "\t" else " " for sign in line[: column - 1])
    assert found[0] == f"mine.yaml:{message}\n    {line}\n    {under}^\n    expected: {expected}"
    assert [TOLD_BEHIND in each for each in found] == [False, True]


def test_several_slips_are_told_at_once() -> None:
    text = RULE.replace("when: dark", "when:dark").replace("Night", "Night: it")
    found = told(HEAD + text + BEHIND.replace("- id", "-id"))
    places = [":".join(each.split(":")[1:3]) for each in found]
    assert places == ["6:9", "8:19", "9:3", "10:11"]


def test_no_entry_of_a_list_has_its_hyphen() -> None:
    told_each = told(HEAD + RULE.replace("- id", "  id") + BEHIND.replace("- id", "  id"))
    assert [each.partition(" ")[2] for each in told_each] == [
        "P115 a hyphen and a blank are missing before this entry of rules\n"
        "        id: night-slow\n        ^\n    expected: - id: night-slow",
        "P115 a hyphen and a blank are missing before this entry of rules\n"
        "        id: behind\n        ^\n    expected: - id: behind",
        "P301 'ligth' is no term\n"
        "        when: ligth\n              ^\n    expected: one of the terms declared\n"
        "    did you mean 'light'?",
    ]


def test_one_entry_lacks_its_hyphen() -> None:
    found = told(HEAD + RULE + BEHIND.replace("- id", "id"))
    assert found[0] == (
        "mine.yaml:9:3: P115 a hyphen and a blank are missing before this entry\n"
        "      id: behind\n      ^\n    expected: - id: behind"
    )
    assert len(found) == 2
    assert TOLD_BEHIND in found[1]


def test_a_whole_table_from_a_word_processor() -> None:
    pasted = (HEAD + RULE + BEHIND).replace("    ", "\xa0" * 4).replace("- id", "– id")
    found = told(pasted)
    assert [each.split()[1] for each in found] == [
        *("P115", "P114", "P114", "P114"),
        *("P115", "P114", "P301", "P114", "P114"),
    ]


def test_an_include_stands_alone() -> None:
    assert told("promenade: 1\nname: mine\nextends: default\nrules: !include other.yaml\n") == [
        "mine.yaml:4:8: P118 the tag !include is not read\n    rules: !include other.yaml\n"
        "           ^\n    expected: the entries themselves; extends takes over a whole table"
    ]


def test_a_sentence_that_a_comment_cuts_is_a_warning() -> None:
    text = HEAD + RULE.replace("Night is slow.", "Rule #1 of night")
    assert told(text) == [
        "mine.yaml:8:19: P909 the sentence ends with 'Rule', for the # begins a comment\n"
        "        because: Rule #1 of night\n                      ^\n"
        "    expected: the whole sentence in quotes"
    ]
    text = HEAD + RULE.replace("Night is slow.", "In F # minor")
    assert told(text) == [
        "mine.yaml:8:19: P909 the sentence ends with 'In F', for the # begins a comment\n"
        "        because: In F # minor\n                      ^\n"
        "    expected: the whole sentence in quotes"
    ]
    for sound in ("Night is slow. #1", "Night is slow # so it is", '"Rule #1 of night"'):
        assert told(HEAD + RULE.replace("Night is slow.", sound)) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"PK\x03\x04\x14\0",
            "this is a document of a word processor or a spreadsheet, or another archive",
        ),
        (b"{\\rtf1 promenade: 2}", "this is a document of a word processor"),
        (b"<!DOCTYPE html><p>promenade: 2</p>", "this is a page of HTML, or XML"),
        (b"\x89PNG\r\n\x1a\n", "this is a picture"),
        (b"promenade: 2\0", "this is no text"),
        (b"promenade: \x01" * 200, "this is no text"),
    ],
)
def test_what_is_no_text_is_named_and_not_shown(data: bytes, said: str) -> None:
    assert told(data) == [
        f"mine.yaml:1:1: P111 {said}\n    expected: a table as plain text, saved as such from an "
        "editor"
    ]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16", "1:1: P102 the file is not UTF-8, but UTF-16"),
        ("cp1252", "8:16: P102 the file is not UTF-8"),
    ],
)
def test_another_encoding_is_told_and_read_on(encoding: str, said: str) -> None:
    text = HEAD + RULE.replace("Night is", "Nächte sind").replace("Nä", "Naä") + BEHIND
    first, second = told(text.encode(encoding))
    assert first.startswith(f"mine.yaml:{said}\n")
    assert TOLD_BEHIND in second


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_sound_table_has_no_slips(mark: bytes) -> None:
    assert told(mark + (HEAD + RULE).encode()) == []
    for name in PACKS:
        assert parse(mark + table_file(name).data, name).faults == ()
