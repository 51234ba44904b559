"""Tables that are wrong: every fault at once, each with its place and a way out."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import Fault, TableError, UserError
from composer.table import load_table, read_table
from composer.table.codes import CODES
from composer.table.nodes import DEEPEST
from composer.table.text import LONGEST
from composer.vocabulary import DECISIONS, Vocabulary
from tests.composer.table.small import TEXT, VOCABULARY, table


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(TableError) as caught:
        table(text)
    return caught.value.faults


def named(fault: Fault) -> str:
    """What the program calls the fault's code."""
    return next(code.name for code in CODES.values() if code.code == fault.code)


def any_faults(text: str) -> tuple[Fault, ...]:
    try:
        table(text)
    except TableError as error:
        return error.faults
    return ()


def changed(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1
    return TEXT.replace(old, new, 1)


def test_a_fault_is_shown_with_its_place_and_the_nearest_name() -> None:
    with pytest.raises(TableError) as caught:
        table(changed("when: light", "when: lihgt"))
    assert str(caught.value) == (
        "small.yaml:19:11: P301 'lihgt' is no term\n"
        "        when: lihgt\n"
        "              ^\n"
        "    expected: one of the terms declared\n"
        "    did you mean 'light'?\n"
        "    see promenade rules why P301"
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "nearest"),
    [
        ("name: small", "nmae: small", "key", "name"),
        ("name: small", "name: no", "boolean", ""),
        ("name: small", "name:", "empty", ""),
        ("promenade: 2", "promenade: 3", "version", ""),
        ("feature: light.lightness", "feature: light.lightnes", "feature", "light.lightness"),
        ("from: 40", "from: 80", "width", ""),
        ("from: 40", "from: .nan", "number", ""),
        ("from: 40", "from: 1:30", "number", ""),
        ("within: 40", "within: 0", "range", ""),
        ("start: 0.1", "start: 2", "range", ""),
        ("number: [-1, 1]", "number: [1, -1]", "pair", ""),
        ("number: [-1, 1]", "number: [-1, 1, 2]", "pair", ""),
        ("step: 4", "step: 5", "step", ""),
        ("choice: bands", "choice: band", "stock", "bands"),
        ("by: band", "by: bnad", "decision", "band"),
        ("votes: 0.5", "vots: 0.5", "key", "votes"),
        ("{choice: [4/4, 3/4]}", "{choice: [4/4, 4/4]}", "twice", ""),
        ("{choice: [4/4, 3/4]}", "[4/4, 3/4]", "type", ""),
        ("{choice: [4/4, 3/4]}", "{unit: bars}", "kind", ""),
        ("  light:  {", "  not light:  {", "reserved", ""),
        ("id: dark-displeases", "id: light-pleases", "twice", ""),
        ("id: glad-quick", "id: clamp", "reserved", ""),
        ("not red]", "not rde]", "term", "red"),
        ("{all: [dark, not red]}", "{all: []}", "empty", ""),
        ("{all: [dark, not red]}", "{all: [dark], any: [red]}", "type", ""),
        ("{metre: 3/4}]", "{metre: 3/8}]", "choice", "3/4"),
        ("{metre: 3/4}]", "{tempo: 3/4}]", "kind", ""),
        ("valence: +0.45", "valance: +0.45", "decision", "valence"),
        ("valence: +0.45", "valence: much", "number", ""),
        ("tonic: {C: 1}", "tonic: {Cb: 1}", "choice", "C"),
        ("tonic: {C: 1}", "tonic: C", "kind", ""),
        ("because: Light pleases.", "because:", "empty", ""),
        ("    because: Light pleases.\n", "", "missing", ""),
        ("grade: B", "grade: D", "grade", ""),
        ("source: kurdi2017", "source: kurdi2018", "source", "kurdi2017"),
    ],
)
def test_one_fault(old: str, new: str, code: str, nearest: str) -> None:
    found = faults(changed(old, new))
    assert (named(found[0]), found[0].nearest) == (code, nearest)
    if new:
        line = changed(old, new).splitlines()[found[0].line - 1]
        assert found[0].text == line


def test_all_faults_at_once_in_the_order_of_their_places() -> None:
    text = changed("from: 40", "form: 40").replace("grade: B", "grade: X").replace("C: 1", "H: 1")
    found = faults(text)
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)
    assert {named(fault) for fault in found} == {"key", "grade", "choice"}
    assert len(found) == 3


def test_a_doubled_key_names_the_first() -> None:
    found = faults(changed("start: 0.1}", "start: 0.1, start: 0.2}"))
    assert found[0].message == "'start' stands twice, first in line 9"
    assert (found[0].line, found[0].column) == (9, 42)


def test_a_sharp_eaten_by_a_comment() -> None:
    block = TEXT.replace('[C, "F#"]}', "[C, F #]}")
    assert named(faults(block)[0]) == "sharp"
    plain = TEXT.replace("name: small", "name: F # sharp")
    assert faults(plain)[0].expected == '"F#", without the blank, in quotes'


def test_a_rule_may_not_use_a_later_decision() -> None:
    found = faults(changed("when: light", "when: glad"))
    assert found[0].message == "'valence' is decided before 'valence', which the condition uses"
    later = faults(changed("when: light", "when: {metre: 3/4}"))
    assert [named(fault) for fault in later] == ["order", "order"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("- a\n- b\n", "type"),
        ("a: &x 1\nb: *x\n", "alias"),
        ("a: [1, 2\n", "open"),
        ("a: \x07", "unprintable"),
        ("a: 1\n---\nb: 2\n", "documents"),
        ("[" * (DEEPEST + 1), "depth"),
        ("[" * 100_000, "depth"),
        ("a:\n\t- b\n", "tab"),
    ],
)
def test_text_that_is_no_table(text: str, code: str) -> None:
    assert code in map(named, faults(text))


def test_bytes_that_are_no_table(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(b"name: \xff\xfe")
    with pytest.raises(TableError, match="not UTF-8"):
        load_table(str(path), VOCABULARY)
    path.write_bytes(b"#" * (LONGEST + 1))
    with pytest.raises(TableError, match="over 1,000,000 bytes"):
        load_table(str(path), VOCABULARY)
    with pytest.raises(UserError, match="is a folder"):
        load_table(str(tmp_path), VOCABULARY)
    with pytest.raises(UserError, match="There is no table"):
        load_table(str(tmp_path / "none.yaml"), VOCABULARY)


def test_a_table_may_bring_its_own_sources() -> None:
    text = changed("source: kurdi2017", "source: me2026") + "sources: {me2026: My own ears.}\n"
    assert table(text).sources["me2026"] == "My own ears."


def test_what_the_composer_needs() -> None:
    vocabulary = Vocabulary(VOCABULARY.features, VOCABULARY.stocks, DECISIONS)
    text = TEXT.replace("number: [50, 170]", "number: [50, 400]").replace('"F#"]', "H]")
    with pytest.raises(TableError) as caught:
        read_table(text.encode(), "t.yaml", vocabulary)
    said = str(caught.value)
    assert "'mode'" in said
    assert said.count("decisions lacks") == 1
    assert "tempo runs from 50 to 400" in said
    assert "tonic offers 'H', which the composer cannot play" in said


@settings(max_examples=150)
@given(st.integers(0, len(TEXT) - 1), st.text(max_size=3), st.integers(0, 4))
def test_a_mistyped_table_never_ends_in_a_traceback(at: int, typed: str, gone: int) -> None:
    text = TEXT[:at] + typed + TEXT[at + gone :]
    assert all(fault.line >= 1 and fault.column >= 1 for fault in any_faults(text))
