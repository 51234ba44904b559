"""The guide to arranging: its steps are taken one by one, and its faults are those told."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from composer import compose
from composer.errors import TableError
from composer.music.orchestra import STOCKS, load_orchestra
from composer.music.vocabulary import vocabulary
from composer.table import load_table
from composer.vocabulary import OrchestraFile

GUIDE = (Path(__file__).parents[4] / "docs" / "arranging.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\S+) ?(\S*)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
COMMANDS = {"compose": cli.compose, "promenade": cli.promenade}


def follow(until: str = "") -> list[str]:
    """Do what the guide says, in its order, in the current folder: write what it shows of each
    file, behind what is there, and run its commands; up to and with the command `until`."""
    done = []
    for kind, name, text in BLOCKS:
        if kind == "yaml" and name.endswith(".yaml"):
            Path(name).parent.mkdir(exist_ok=True)
            with Path(name).open("a", encoding="utf-8") as file:
                file.write(text)
        elif kind == "console":
            for command in re.findall(r"^\$ (.*)$", text, re.MULTILINE):
                _run(command, first=not done)
                done.append(command)
                if command == until:
                    return done
    return done


def _run(command: str, *, first: bool) -> None:
    program, *words = shlex.split(command)
    if program == "python":
        found = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True)
        assert {path.stem for path in Path(found.stdout.strip()).glob("*.yaml")} == set(STOCKS)
        return
    # Only the first is sung by the network and sounded, for that takes long.
    quicker = [] if first else ["--melody", "rules", "-o", "piece.mid"]
    result = CliRunner().invoke(COMMANDS[program], [*words, *quicker])
    assert result.exit_code == 0, result.output


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_step_of_the_guide_can_be_taken_and_is_heard() -> None:
    done = follow()
    assert len(done) == 5
    assert Path("china.mid").exists()
    assert Path("china.mp3").exists()
    assert {path.stem for path in Path("sounds").iterdir()} == set(STOCKS)
    assert CliRunner().invoke(cli.promenade, ["rules", "check", "mine.yaml"]).exit_code == 0
    piece = compose(
        "sample:china",
        table="mine.yaml",
        melody="rules",
        overrides={
            "chord_pattern": "lullaby",
            "bass_pattern": "rocking bass",
            "drum_pattern": "heartbeat",
            "ensemble": "evening trio",
            "melody_instrument": "english horn",
        },
    )
    labels = {part.role: {note.cause.label for note in part.notes} for part in piece.parts}
    assert {"lullaby", "block"} <= labels["chords"]
    assert "rocking bass" in labels["bass"]
    assert {"heartbeat: kick", "heartbeat: shaker", "heartbeat: triangle"} <= labels["drums"]
    horn, flute = piece.part("melody"), piece.part("doubling")
    assert horn is not None
    assert flute is not None
    assert horn.instrument.sounds.name == "F3"
    assert flute.instrument.name == "flute"


def test_the_votes_of_the_guide_have_its_pattern_chosen() -> None:
    follow(until="compose sample:china --rules mine.yaml")
    piece = compose("sample:china", table="mine.yaml", melody="rules")
    assert piece.decisions.choice("chord_pattern") == "lullaby"
    assert load_table("mine.yaml", vocabulary()).rules[-1].id == "pale-rocks"


def test_the_faults_are_those_that_the_guide_shows() -> None:
    (faulty,) = (text for _, name, text in BLOCKS if name == "faulty")
    (told,) = (text for kind, _, text in BLOCKS if kind == "text")
    file = OrchestraFile("chord_patterns", "sounds/chord_patterns.yaml", faulty.encode())
    with pytest.raises(TableError) as caught:
        load_orchestra((file,))
    assert str(caught.value) == told.rstrip()


def test_a_faulty_orchestra_is_one_answer_with_exit_status_2() -> None:
    follow(until="compose sample:china --rules mine.yaml")
    Path("sounds/drum_patterns.yaml").write_text("thump: {about: A thump, 4/4: {gong: x}}\n")
    result = CliRunner().invoke(
        cli.compose, ["sample:china", "--rules", "mine.yaml", "-o", "other.mid"]
    )
    assert result.exit_code == 2
    assert "sounds/drum_patterns.yaml:1:16: L3 about thump has no full stop" in result.output
    assert "has no 'gong'" in result.output
    assert not Path("other.mid").exists()
