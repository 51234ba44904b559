"""Styles: laid over any table, they take the place of what it offers and leave it the rest."""

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

import cli
from composer import compose, decide, explain, load_table
from composer.errors import TableError, UserError
from composer.explanation.document import explanation, to_json
from composer.explanation.plain import plain_view
from composer.explanation.reading import schema
from composer.table import PACKS, STYLES


@pytest.mark.parametrize("style", STYLES)
def test_every_style_lies_over_every_pack(style: str) -> None:
    for pack in PACKS:
        table = load_table(pack, style)
        assert (table.style, table.extends) == (style, pack)
        own = {rule.id for rule in load_table(style).rules}
        known = {rule.id for rule in load_table(pack).rules}
        assert {rule.id for rule in table.rules} & (own - {r.id for r in load_table().rules})
        assert {rule.id for rule in table.rules} & known


def test_what_the_table_says_still_moves_the_music(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "promenade: 2\nname: mine\nextends: default\n"
        "rules:\n  - id: mine-high\n    then: {register: +3}\n    because: I like it high.\n"
    )
    usual = decide("sample:china", style="lullaby")
    mine = decide("sample:china", table=str(path), style="lullaby")
    assert mine.number("register") == min(76, usual.number("register") + 3)
    assert mine["metre"].value == usual["metre"].value == "6/8"
    alone = decide("sample:china", table=str(path))
    assert alone["metre"].value not in ("6/8", "3/4") or alone["ensemble"] != mine["ensemble"]


def test_two_pictures_give_two_pieces_of_a_style() -> None:
    one, other = (
        compose(f"sample:{n}", style="waltz", melody="rules") for n in ("china", "flower")
    )
    assert one.plan.metre.name == other.plan.metre.name == "3/4"
    assert [n.pitch for n in one.melody] != [n.pitch for n in other.melody]


def test_a_style_of_ones_own_may_build_on_another(tmp_path: Path) -> None:
    path = tmp_path / "slow.yaml"
    path.write_text(
        "promenade: 2\nname: slow waltz\nextends: waltz\ndecisions:\n"
        "  tempo: {number: [84, 92], start: 88}\n"
    )
    made = decide("sample:china", table="film", style=str(path))
    assert made["metre"].value == "3/4"
    assert 84 <= made.number("tempo") <= 92
    table = load_table("film", path)
    assert {rule.id for rule in table.rules} >= {"waltz-turns"}
    assert table.style == "slow waltz"
    assert load_table("film").rules[-1].id in {rule.id for rule in table.rules}


def test_it_is_said_and_stored_and_explained_anywhere() -> None:
    piece = compose("sample:china", style="march", melody="rules", make=["happier"])
    document = explanation(piece)
    jsonschema.validate(json.loads(to_json(document)), schema())
    assert document["rules"]["table"]["style"] == "march"
    assert "You asked for the style march and happier." in " ".join(plain_view(document).split())
    assert "The bass is the left foot" in explain(piece, "bass_pattern")


def test_what_a_style_fixes_cannot_be_set_otherwise() -> None:
    with pytest.raises(UserError, match="swing"):
        decide("sample:china", style="waltz", swing=0.5)
    assert decide("sample:china", style="waltz", swing=0).number("swing") == 0


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("lullabye", "There is no style lullabye. The styles are blues, "),
        ("lullabye", "Did you mean lullaby?"),
    ],
)
def test_an_unknown_style_is_a_sentence(style: str, said: str) -> None:
    done = CliRunner().invoke(cli.compose, ["sample:china", "--style", style])
    assert done.exit_code == 2
    assert said in done.output
    with pytest.raises(UserError):
        compose("sample:china", style=style)


def test_the_faults_of_a_style_are_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(
        "promenade: 2\nname: odd\nextends: default\ndecisions:\n  metre: {choice: [7/8]}\n"
    )
    with pytest.raises(TableError, match=r"odd.yaml:5:.*7/8"):
        load_table("plain", path)


def test_a_pack_and_a_style_of_one_name_are_one_thing() -> None:
    by_style, by_table = (
        decide("sample:china", style="chiptune"),
        decide("sample:china", table="chiptune"),
    )
    assert {n: d.value for n, d in by_style.items()} == {n: d.value for n, d in by_table.items()}
    both = load_table("chiptune", "chiptune")
    assert [r.id for r in both.rules] == [r.id for r in load_table("chiptune").rules]


def test_the_list_names_every_style() -> None:
    done = CliRunner().invoke(cli.promenade, ["styles"])
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.output.splitlines() if line[:1].strip()] == [*STYLES]
