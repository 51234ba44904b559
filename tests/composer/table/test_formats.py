"""The format's two versions: each by its own words, both read; what 0.1.0 wrote is read still.

In `first` lie a table of version 1 with its library, and the explanation that Promenade 0.1.0 wrote
of a piece composed by it.
"""

import gzip
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import cli
from composer.errors import TableError, UserError
from composer.explanation.reading import whole
from composer.explanation.stored import stored
from composer.music.vocabulary import vocabulary
from composer.table import Table, load_table
from composer.table.shapes import FORMATS
from composer.table.table import newest

FIRST = Path(__file__).with_name("first")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of what 0.1.0 read and wrote; and it is the current one."""
    shutil.copytree(FIRST, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def first() -> str:
    return (FIRST / "mine.yaml").read_text(encoding="utf-8")


def second() -> str:
    """The same table in the words of version 2."""
    text = first().replace("promenade: 1", "promenade: 2").replace("\nlibrary:", "\norchestra:")
    return text.replace(", library: instruments", ", stock: instruments")


def load(text: str) -> Table:
    Path("mine.yaml").write_text(text, encoding="utf-8")
    return load_table("mine.yaml", vocabulary())


def faults(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(TableError) as caught:
        load(text)
    return [(each.code, each.message, each.expected) for each in caught.value.faults]


def explain(*args: str) -> Result:
    return CliRunner().invoke(cli.promenade, ["explain", *args])


def document() -> dict[str, object]:
    with gzip.open("piece.json.gz") as file:
        data = file.read()
    Path("piece.json").write_bytes(data)
    found: dict[str, object] = json.loads(data)
    return found


def test_one_table_in_both_versions_decides_alike() -> None:
    one, other = load(first()), load(second())
    assert "lullaby" in one.decisions["chord_pattern"].choices
    assert one.decisions["melody_instrument"].stock == "instruments"
    assert one.resolved() == other.resolved()
    assert one.stocks == other.stocks
    assert one.orchestra == other.orchestra
    assert one.sha256 != other.sha256


def test_each_version_has_its_own_words() -> None:
    """Another version's word is a fault, and read on as what it means: nothing follows of it."""
    said = "{!r} is called {!r} in version {} of the format"
    assert faults(first().replace("promenade: 1", "promenade: 2")) == [
        ("P208", said.format("library", "orchestra", 2), "orchestra"),
        ("P208", said.format("library", "stock", 2), "stock"),
    ]
    assert faults(second().replace("promenade: 2", "promenade: 1")) == [
        ("P208", said.format("orchestra", "library", 1), "library"),
        ("P208", said.format("stock", "library", 1), "library"),
    ]


def test_the_orchestra_s_faults_come_with_the_table_s() -> None:
    Path("sounds/instruments.yaml").write_text("english horn: {family: winds}\n", encoding="utf-8")
    codes = [code for code, _, _ in faults(f"{second()}rulez: []\n")]
    assert codes == ["P201", *["P203"] * 6]


def test_a_table_without_a_version_is_read_by_the_newest_words() -> None:
    text = second().replace("promenade: 2\n", "")
    assert [code for code, _, _ in faults(text)] == ["P203"]


@pytest.mark.parametrize("version", ["0", "3", "1.5", "-1"])
def test_another_version_is_refused(version: str) -> None:
    found = faults(second().replace("promenade: 2", f"promenade: {version}"))
    assert found == [
        (
            "P207",
            f"promenade is {version}",
            "2, the version of the format that this program writes",
        )
    ]


def test_a_mistyped_word_is_compared_with_those_of_its_version() -> None:
    for text, meant in ((first(), "library"), (second(), "orchestra")):
        with pytest.raises(TableError) as caught:
            load(text.replace(f"\n{meant}:", f"\n{meant[:-2]}x{meant[-1]}:"))
        assert (caught.value.faults[0].code, caught.value.faults[0].nearest) == ("P201", meant)


def test_tables_of_both_versions_extend_one_another() -> None:
    Path("base.yaml").write_text(first(), encoding="utf-8")
    shutil.copytree("sounds", "more")
    table = load("promenade: 2\nname: upper\nextends: base.yaml\norchestra: more\n")
    assert [Path(file.file).parent.name for file in table.orchestra] == ["sounds"] * 2 + [
        "more"
    ] * 2
    Path("base.yaml").write_text(second(), encoding="utf-8")
    table = load("promenade: 1\nname: upper\nextends: base.yaml\nlibrary: more\n")
    assert len(table.orchestra) == 4


def test_an_explanation_of_0_1_0_is_read() -> None:
    document()
    whole = explain("piece.json", "--details")
    assert (whole.exit_code, "lullaby" in whole.output) == (0, True), whole.output
    rule = explain("piece.json", "--rule", "pale-is-reedy")
    assert (rule.exit_code, "What is pale is sung by a reed." in rule.output) == (0, True)


def test_its_decisions_are_made_again() -> None:
    found = stored(whole(document(), "piece.json"))
    assert found.decisions.choice("melody_instrument") == "english horn"
    assert found.table.decisions["melody_instrument"].stock == "instruments"
    assert set(found.table.stocks["instruments"]) == {"oboe", "violin", "english horn"}


def test_a_resolved_table_is_renewed_or_refused_with_what_to_do() -> None:
    row = document()["rules"]["table"]  # type: ignore[index]
    assert row["promenade"] == FORMATS[0]
    renewed, now = newest(row), load(first()).resolved()
    assert renewed["promenade"] == now["promenade"]
    assert renewed.keys() == now.keys()
    # What the table says itself; what it extended has gone on since.
    then, own = (table["decisions"]["melody_instrument"] for table in (renewed, now))
    assert then["default"].pop("names").items() <= own["default"].pop("names").items()
    assert then == own
    for table in (renewed, now):
        assert "pale-is-reedy" in {rule["id"] for rule in table["rules"]}
    assert newest(newest(row)) == newest(row)
    for version in (3, None, "2"):
        with pytest.raises(
            UserError, match=r"version .* of the format.* Compose the piece again\."
        ):
            newest({**row, "promenade": version})
