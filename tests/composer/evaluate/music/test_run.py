"""The whole command: pictures, songs, people's; what was done is kept; what is wrong is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import cli
from composer.evaluate.music import run
from composer.evaluate.music.run import MusicAsked, evaluate_music, half_of
from tests.composer.evaluate.music.made import band
from tests.corpora.made import sheet
from tests.given import pictures


def said(*args: object) -> Result:
    return CliRunner().invoke(cli.promenade, ["evaluate", "music", *map(str, args)])


def test_three_pictures_beside_people(tmp_path: Path) -> None:
    pictures(tmp_path / "photos", 3)
    (tmp_path / "photos" / "2-c.png").write_bytes(b"no picture")
    (tmp_path / "sheets").mkdir()
    for number in range(6):
        steps = [number, 1, 2, 3, 4, 3, 2, 1] * 5
        (tmp_path / "sheets" / f"{number}.musicxml").write_text(sheet(steps))
    output = tmp_path / "figures.json"
    asked = MusicAsked(
        tmp_path / "photos", {"OpenEWLD": tmp_path / "sheets"}, "rules", None, False, output
    )
    found = evaluate_music(asked, jobs=1)
    assert found.left_out == {run.UNREAD: 1}
    assert set(found.pieces) == {"0-a.png", "1-b.png"}
    assert "2 pieces composed from pictures, sung by rules, seed 0; 6 of OpenEWLD" in str(found)
    document = json.loads(output.read_text(encoding="utf-8"))
    assert document == json.loads(json.dumps(found.to_json()))
    by_name = {each["name"]: each for each in document["figures"]}
    assert by_name["chord changes a bar"]["ours"]["n"] == 2
    assert by_name["melody notes a bar"]["people"]["OpenEWLD"]["value"] == 2
    assert not output.with_name("figures.json.parts").exists()


def test_an_interrupted_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "songs").mkdir()
    for name in ("a", "b", "c"):
        band(tmp_path / "songs" / f"{name}.mid", 33)
    asked = MusicAsked(tmp_path / "songs", output=tmp_path / "x.json")
    done: list[str] = []
    whole = run.work

    def broken_off(task: run.MusicTask) -> object:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(task.path)
        return whole(task)

    monkeypatch.setattr(run, "work", broken_off)
    with pytest.raises(KeyboardInterrupt):
        evaluate_music(asked, jobs=1)
    assert not (tmp_path / "x.json").exists()
    # One of both that were kept is broken: that one is read again.
    kept = sorted((tmp_path / "x.json.parts").glob("*.npz"))
    assert len(kept) == 2
    kept[0].write_bytes(b"half")
    again: list[str] = []
    monkeypatch.setattr(run, "work", lambda task: (again.append(task.path), whole(task))[1])
    assert set(evaluate_music(asked, jobs=1).pieces) == {"a", "b", "c"}
    assert len(again) == 2


def test_songs_in_folders_are_measured_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "songs" / "more").mkdir(parents=True)
    band(tmp_path / "songs" / "more" / "a.mid", 33)
    (tmp_path / "songs" / "b.mid").write_bytes(b"nothing")
    result = said(tmp_path / "songs")
    assert result.exit_code == 0, result.output
    assert "Music measured: 1 piece of" in result.stdout
    assert "skyline" not in result.stdout
    assert "Left out: 1 × no MIDI file." in result.stdout
    assert "an introduction" in result.stdout
    assert "chord changes" not in result.stdout


def test_halves_are_by_name_and_share_no_picture() -> None:
    names = [f"{number}.jpg" for number in range(200)]
    halves = [half_of(name) for name in names]
    assert {*halves} == {"tune", "test"}
    assert 70 < halves.count("test") < 130
    assert halves == [half_of(name) for name in names]


@pytest.mark.parametrize(
    ("make", "args", "sentence"),
    [
        ((), (), "There is nothing to measure. Name a folder of pictures or of music"),
        ((), ("none",), "There is no folder none. Name one with pictures or with music."),
        (("x/a.txt",), ("x",), "There is no picture and no music in x. Music is in files that end"),
        (("x/a.png", "x/a.mid"), ("x",), "There are both pictures and music in x. Put one"),
        (("x/a.mid",), ("x",), "Nothing in x can be read: an empty file."),
        (("x/a.png",), ("x", "--melody", "rules"), "Nothing in x can be read: a picture that"),
        (("x/a.mid",), ("x", "--half", "tune"), "--half and --sound are for pictures. Leave"),
        (("x/a.mid",), ("x", "-o", "no/f.json"), "no/f.json cannot be written. Give a file in"),
        (("x/a.mid",), ("x", "-o", "x"), "x cannot be written. Give a file in a folder"),
        ((), ("--pop909", "none"), "There is no folder or archive none."),
        (("x/a.txt",), ("--archive", "x"), "There are no .mid or .midi or .kar files in x."),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: tuple[str, ...],
    args: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in make:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).touch()
    result = said(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert " ".join(result.stderr.split()).startswith(sentence) or sentence in result.stderr
    assert not Path("x.parts").exists()


def test_what_other_rules_made_is_not_taken_for_these(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"a picture")
    one, other = (
        run.MusicTask(str(tmp_path / "a.jpg"), "rules", False, True, rules) for rules in "ab"
    )
    assert one.part != other.part
