"""The guide to arranging: what it says to add is added and heard, and its faults are those told."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from composer.compose import compose
from composer.library import LIBRARIES, LibraryError, load_library, reading
from composer.mapping.vocabulary import LibraryFile

GUIDE = Path(__file__).parents[3] / "docs" / "arranging.md"
BLOCKS = dict(re.findall(r"```yaml ([a-z_ ]+)\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL))


@pytest.fixture
def extended(tmp_path, monkeypatch):
    """A copy of the library to which the guide's entries are added."""
    for name in LIBRARIES:
        path = tmp_path / f"{name}.yaml"
        shutil.copyfile(reading.FOLDER / path.name, path)
        with path.open("a", encoding="utf-8") as file:
            file.write(BLOCKS[name])
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    load_library.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    load_library.cache_clear()


def played(**made):
    """The labels of the notes of each part of the sample's piece."""
    overrides = {name: str(value) for name, value in made.items()}
    piece = compose("sample:china", melody="rules", overrides=overrides)
    return piece, {p.role: {note.cause.label for note in p.notes} for p in piece.parts}


def test_what_the_guide_adds_is_played(extended):
    piece, labels = played(
        chord_pattern="lullaby",
        bass_pattern="rocking bass",
        drum_pattern="heartbeat",
        ensemble="evening trio",
        melody_instrument="english horn",
    )
    assert {"lullaby", "block"} <= labels["chords"]
    assert "rocking bass" in labels["bass"]
    assert {"heartbeat: kick", "heartbeat: shaker", "heartbeat: triangle"} <= labels["drums"]
    assert piece.part("melody").instrument.sounds.name == "F3"
    assert piece.part("doubling").instrument.name == "flute"


def test_the_commands_of_the_guide_run(extended, tmp_path):
    commands = re.findall(r"^\$ compose (.*)$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        words = [word.strip("'") for word in re.findall(r"(?:[^\s']|'[^']*')+", command)]
        words = [word.replace("'", "") for word in words]
        output = str(tmp_path / "piece.mid")
        found = CliRunner().invoke(cli.compose, [*words, "--melody", "rules", "-o", output])
        assert found.exit_code == 0, found.output


def test_the_faults_are_those_that_the_guide_shows():
    text = GUIDE.read_text("utf-8").rpartition("```text\n")[2].partition("\n```")[0]
    faulty = BLOCKS["faulty chord_patterns"].encode()
    with pytest.raises(LibraryError) as caught:
        load_library((LibraryFile("chord_patterns", "mine.yaml", faulty),))
    assert str(caught.value) == text.rstrip()
    own = {fault.anchor.partition("#")[2] for fault in caught.value.faults if "L" in fault.code}
    anchors = set(re.findall(r'<a id="(l\d)">', GUIDE.read_text("utf-8")))
    assert own < anchors == {code.lower() for code in reading.CODES.values()}


def test_a_faulty_library_is_one_answer_with_exit_status_2(extended, tmp_path):
    (extended / "drum_patterns.yaml").write_text("thump: {about: A thump, 4/4: {gong: x}}\n")
    load_library.cache_clear()
    output = tmp_path / "piece.mid"
    found = CliRunner().invoke(cli.compose, ["sample:china", "-o", str(output)])
    assert found.exit_code == 2
    assert "drum_patterns.yaml:1:16: L3 about thump has no full stop" in found.output
    assert "has no 'gong'" in found.output
    assert not output.exists()
