"""What a table says that every picture shows."""

import json
from pathlib import Path

import jsonschema
import pytest

from composer import compose
from composer.errors import TableError
from composer.explanation.document import explanation, to_json
from composer.explanation.reading import schema
from composer.music.vocabulary import vocabulary
from composer.table import load_table, read_table
from composer.workbench.trial import trial

HEAD = "promenade: 2\nname: mine\nextends: default\n"


def mine(folder: Path, said: str, name: str = "mine.yaml") -> str:
    path = folder / name
    path.write_text(f"{HEAD}content: {said}\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("said", "code", "told"),
    [
        ("{weapons: 0}", "P320", "did you mean 'weapon'?"),
        ("{pleasant: 1}", "P320", "'pleasant' is not known"),
        ("{weapon: 2}", "P402", "a number from 0 to 1"),
        ("{weapon: sure}", "P401", "a number from 0 to 1"),
        ("[weapon]", "P205", "a mapping, name: value"),
        ("", "P204", "a mapping, name: value"),
    ],
)
def test_what_cannot_be_said_is_a_fault_at_its_place(said: str, code: str, told: str) -> None:
    with pytest.raises(TableError) as caught:
        read_table(f"{HEAD}content: {said}\n".encode(), "mine.yaml", vocabulary())
    (fault,) = caught.value.faults
    assert (fault.code, fault.line) == (code, 4)
    assert told in str(caught.value)


def test_a_table_takes_over_what_its_base_says_and_says_otherwise(tmp_path: Path) -> None:
    mine(tmp_path, "{weapon: 1, dog: 0.5}", "base.yaml")
    path = tmp_path / "mine.yaml"
    path.write_text("promenade: 2\nname: top\nextends: base.yaml\ncontent: {weapon: 0}\n")
    table = load_table(str(path), vocabulary())
    assert table.content == {"weapon": 0.0, "dog": 0.5}
    assert table.resolved()["content"] == {"weapon": 0.0, "dog": 0.5}
    assert "content" not in load_table(None, vocabulary()).resolved()


def test_the_tables_words_are_heard_as_yours_are_and_yours_before_them(tmp_path: Path) -> None:
    armed = mine(tmp_path, "{weapon: 1}")
    by_table = compose("sample:china", table=armed, melody="rules")
    by_hand = compose("sample:china", content=["weapon"], melody="rules")
    neither = compose("sample:china", table=armed, content=["weapon=0"], melody="rules")
    valence = [float(piece.decisions.number("valence")) for piece in (by_table, by_hand, neither)]
    assert valence[0] == valence[1] < valence[2]
    told = explanation(by_table)
    jsonschema.validate(json.loads(to_json(told)), schema())
    assert told["picture"]["content"]["yours"] == {"content.weapon": 1.0}


def test_a_trial_tells_what_the_tables_words_change(tmp_path: Path) -> None:
    said = "\n".join(trial(mine(tmp_path, "{weapon: 1}"), ["sample:china"], "default"))
    assert "valence" in said
    assert "\n".join(trial(mine(tmp_path, "{}"), ["sample:china"], "default")) != said
