"""An orchestra of one's own: it is played, watched and inherited, and its faults are told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import cli
from composer import compose
from composer.music.orchestra import load_orchestra
from composer.music.vocabulary import vocabulary
from composer.table import Table, load_table, origins
from tests.watching import Watching

ROOT = Path(__file__).resolve().parents[4]
HEAD = "promenade: 2\nname: mine\nextends: default\n"
LULLABY = """\
lullaby:
  about: A low note rocks against the two others.
  simple: ["1 23<", "1 23< | 2 -"]
  compound: ["1 - 23<"]
  thinner: block
"""
HORN = (
    "english horn: {program: 69, low: E3, high: A5, ease: [G3, E5], middle: C4, sustains: true, "
    "family: winds, sounds: F3, breath: 13, clefs: [alto]}\n"
)
Files = Mapping[str, str]
Put = Callable[[Files], None]


@pytest.fixture(autouse=True)
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Writes files in the current folder, which is empty, by their names."""
    monkeypatch.chdir(tmp_path)

    def put(files: Files) -> None:
        for name, text in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")

    return put


def run(*args: object) -> Result:
    return CliRunner().invoke(cli.compose, [*map(str, args), "--melody", "rules"])


def table(name: str = "mine.yaml") -> Table:
    return load_table(name, vocabulary())


def labels(**given: object) -> dict[str, set[str]]:
    piece = compose("sample:china", table="mine.yaml", melody="rules", **given)  # type: ignore[arg-type]
    return {part.role: {note.cause.label for note in part.notes} for part in piece.parts}


def test_what_a_table_s_orchestra_adds_can_be_set_and_voted_for(put: Put) -> None:
    votes = "rules:\n  - id: rocks\n    when: {mode: lydian}\n"
    votes += "    then: {chord_pattern: {lullaby: 9}}\n    because: Lydian rocks.\n"
    put({"mine.yaml": f"{HEAD}orchestra: sounds\n", "sounds/chord_patterns.yaml": LULLABY})
    assert "lullaby" not in labels()["chords"]
    assert "lullaby" in labels(overrides={"chord_pattern": "lullaby"})["chords"]
    put({"mine.yaml": f"{HEAD}orchestra: sounds\n{votes}"})
    assert "lullaby" in labels()["chords"]


def test_the_command_writes_files_that_need_the_orchestra_no_more(put: Put) -> None:
    put(
        {
            "mine.yaml": f"{HEAD}orchestra: [sounds, more]\n",
            "sounds/chord_patterns.yaml": LULLABY,
            "more/instruments.yaml": HORN,
        }
    )
    made = ("--set", "chord_pattern=lullaby", "--set", "melody_instrument=english horn")
    result = run(
        "sample:china",
        "--rules",
        "mine.yaml",
        *made,
        "-o",
        "x.mid",
        "-o",
        "x.musicxml",
        "-o",
        "x.json",
    )
    assert result.exit_code == 0, result.output
    assert "English horn in F" in Path("x.musicxml").read_text()
    assert "<sign>C</sign>" in Path("x.musicxml").read_text()
    for path in (*Path("sounds").iterdir(), *Path("more").iterdir(), Path("mine.yaml")):
        path.unlink()
    said = CliRunner().invoke(cli.promenade, ["explain", "x.json", "--decision", "chord_pattern"])
    assert said.exit_code == 0
    assert said.output.startswith("CHORD PATTERN  lullaby\n  You said so.")


def test_an_orchestra_that_nothing_is_chosen_from_changes_no_note(put: Put) -> None:
    put({"mine.yaml": f"{HEAD}orchestra: sounds\n", "plain.yaml": HEAD})
    put({"sounds/chord_patterns.yaml": LULLABY, "sounds/instruments.yaml": HORN})
    for name in ("mine", "plain"):
        files = [f"{name}/x.mid", f"{name}/x.musicxml"]
        Path(name).mkdir()
        done = run("sample:flower", "--rules", f"{name}.yaml", "-o", files[0], "-o", files[1])
        assert done.exit_code == 0, done.output
    for suffix in (".mid", ".musicxml"):
        assert Path(f"mine/x{suffix}").read_bytes() == Path(f"plain/x{suffix}").read_bytes()
    assert table("plain.yaml").orchestra == ()
    assert table().sha256 != table("plain.yaml").sha256


def test_an_album_in_two_processes_from_another_folder(put: Put) -> None:
    put({"rules/mine.yaml": f"{HEAD}orchestra: ../sounds\n", "sounds/chord_patterns.yaml": LULLABY})
    put({"here/empty.txt": ""})
    args = [
        *("sample:china", "sample:flower", "--rules", "../rules/mine.yaml", "--melody", "rules"),
        *("--set", "chord_pattern=lullaby", "-o", "out/.json", "--jobs", "2", "--quiet"),
    ]
    code = "import cli\nif __name__ == '__main__':\n    cli.compose()\n"
    Path("run.py").write_text(code)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "../run.py", *args], cwd="here", env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    for name in ("china", "flower"):
        assert '"label": "lullaby"' in Path(f"here/out/{name}.json").read_text()


def test_a_saved_pattern_is_composed_anew_even_where_it_was_faulty_at_first(
    tmp_path: Path, put: Put
) -> None:
    put({"mine.yaml": f"{HEAD}orchestra: sounds\n"})
    put({"sounds/chord_patterns.yaml": LULLABY.replace("block", "blokc")})
    run = Watching(tmp_path, "--rules", "mine.yaml", "--set", "chord_pattern=lullaby")
    try:
        said = run.until("did you mean 'block'?")
        assert "sounds/chord_patterns.yaml:5:12: P303" in said
        put({"sounds/chord_patterns.yaml": LULLABY})
        run.until("seconds,")
        first = Path("x.mid").read_bytes()
        put({"sounds/chord_patterns.yaml": LULLABY.replace("1 23<", "123 -")})
        run.until("seconds,", 2)
        assert Path("x.mid").read_bytes() != first
        put({"sounds/bass_patern.yaml": "held: {}\n"})
        run.until("did you mean 'bass_patterns.yaml'?")
        Path("sounds/bass_patern.yaml").unlink()
        put({"sounds/chord_patterns.yaml": LULLABY})
        run.until("seconds,", 3)
        for _ in range(100):  # both changes may have been seen at once, or one after the other
            if Path("x.mid").read_bytes() == first:
                break
            time.sleep(0.05)
        assert Path("x.mid").read_bytes() == first
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(20) == 0
    finally:
        run.process.kill()
        run.process.wait()
        run.out.close()


def test_a_table_that_extends_one_with_an_orchestra_has_both(put: Put) -> None:
    put(
        {
            "base/base.yaml": f"{HEAD}orchestra: sounds\ndecisions:\n"
            "  bass_pattern: {choice: [held, pedal]}\n",
            "base/sounds/chord_patterns.yaml": LULLABY,
            "base/sounds/bass_patterns.yaml": "rocking: {about: It rocks., whole: b}\n",
            "mine.yaml": "promenade: 2\nname: mine\nextends: base/base.yaml\norchestra: own\n",
            "own/chord_patterns.yaml": LULLABY.replace("low", "deep").replace("lullaby:", "lull:")
            + LULLABY.replace("low", "high"),
        }
    )
    found = table()
    chords = found.decisions["chord_pattern"].choices
    assert chords == (*load_orchestra().chord_patterns, "lullaby", "lull")
    assert found.decisions["bass_pattern"].choices == ("held", "pedal")  # as the base narrows it
    assert [Path(file.file) for file in found.orchestra] == [
        Path("base/sounds/bass_patterns.yaml"),
        Path("base/sounds/chord_patterns.yaml"),
        Path("own/chord_patterns.yaml"),
    ]
    orchestra = load_orchestra(found.orchestra)
    assert orchestra.chord_patterns["lullaby"].about.startswith("A high note")
    assert "rocking" in orchestra.bass_patterns
    assert set(origins("mine.yaml").files()) == {
        Path("mine.yaml"),
        Path("base/base.yaml"),
        *(Path(file.file) for file in found.orchestra),
    }


def test_an_entry_that_takes_another_s_place_brings_its_own_metres(put: Put) -> None:
    put({"mine.yaml": f"{HEAD}orchestra: sounds\n"})
    put({"sounds/chord_patterns.yaml": 'alberti: {about: Held., 3/4: "123 | - | -"}\n'})
    asked = table().decisions["chord_pattern"]
    assert asked.choices == tuple(load_orchestra().chord_patterns)
    assert asked.only is not None
    assert asked.only["alberti"] == {"metre": ("3/4",)}
    result = run("sample:china", "--rules", "mine.yaml", "--set", "chord_pattern=alberti")
    assert result.exit_code == 2
    assert "alberti" in result.stderr


FILES = (
    "instruments.yaml, ensembles.yaml, chord_patterns.yaml, bass_patterns.yaml, "
    "drum_patterns.yaml, forms.yaml"
)


@pytest.mark.parametrize(
    ("orchestra", "files", "told"),
    [
        (
            "soundz",
            {"sounds/chord_patterns.yaml": LULLABY},
            "mine.yaml:4:12: P317 there is no folder 'soundz' beside this table\n"
            "    orchestra: soundz\n"
            "               ^\n"
            "    expected: a folder that is there\n"
            "    did you mean 'sounds'?\n"
            "    see promenade rules why P317",
        ),
        (
            "sounds",
            {"sounds": "no folder"},
            "mine.yaml:4:12: P317 the folder 'sounds' cannot be read: Not a directory\n"
            "    orchestra: sounds\n"
            "               ^\n"
            "    expected: a folder that can be read\n"
            "    see promenade rules why P317",
        ),
        (
            "[sounds]",
            {"sounds/instruments.yaml/x": "a folder of a file's name"},
            "mine.yaml:4:13: P317 'sounds/instruments.yaml' is a folder\n"
            "    orchestra: [sounds]\n"
            "                ^\n"
            "    expected: a file that can be read\n"
            "    see promenade rules why P317",
        ),
        (
            "[]",
            {},
            "mine.yaml:4:12: P204 orchestra names no folder\n"
            "    orchestra: []\n"
            "               ^\n"
            "    expected: a folder, or a list of folders\n"
            "    see promenade rules why P204",
        ),
        (
            "sounds",
            {"sounds/.chord_patterns.yaml": LULLABY, "sounds/notes.txt": ""},
            "mine.yaml:4:12: P318 the folder 'sounds' holds no orchestra\n"
            "    orchestra: sounds\n"
            "               ^\n"
            f"    expected: one or more of {FILES}\n"
            "    see promenade rules why P318",
        ),
        (
            "sounds",
            {"sounds/chord_patterns.yml": LULLABY, "sounds/table.yaml": HEAD},
            "mine.yaml:4:12: P319 'chord_patterns.yml' in the folder 'sounds' is no file of an "
            "orchestra\n"
            "    orchestra: sounds\n"
            "               ^\n"
            f"    expected: one of {FILES}\n"
            "    did you mean 'chord_patterns.yaml'?\n"
            "    see promenade rules why P319\n"
            "mine.yaml:4:12: P319 'table.yaml' in the folder 'sounds' is no file of an orchestra\n"
            "    orchestra: sounds\n"
            "               ^\n"
            f"    expected: one of {FILES}\n"
            "    see promenade rules why P319",
        ),
        (
            "sounds",
            {
                "sounds/chord_patterns.yaml": LULLABY.replace("block", "blok"),
                "sounds/instruments.yaml": HORN.replace("69", "690"),
            },
            "sounds/instruments.yaml:1:25: P402 program of english horn is '690'\n"
            f"    {HORN.replace('69', '690')[:100]}…\n"
            "                            ^\n"
            "    expected: a whole number from 0 to 127\n"
            "    see promenade rules why P402\n"
            "sounds/chord_patterns.yaml:5:12: P303 thinner of lullaby 'blok' is not known\n"
            "      thinner: blok\n"
            "               ^\n"
            "    expected: one of the known names\n"
            "    did you mean 'block'?\n"
            "    see promenade rules why P303",
        ),
        (
            "sounds",
            {"sounds/chord_patterns.yaml": "# " + "x" * 1_000_000},
            "sounds/chord_patterns.yaml:1:1: P101 the file has over 1,000,000 bytes\n"
            "    expected: a smaller table\n"
            "    see promenade rules why P101",
        ),
    ],
)
def test_a_orchestra_s_faults_are_told_with_place_and_way_out(
    put: Put, orchestra: str, files: Files, told: str
) -> None:
    put({"mine.yaml": f"{HEAD}orchestra: {orchestra}\n", **files})
    result = run("sample:china", "--rules", "mine.yaml", "-o", "x.mid")
    assert (result.exit_code, result.stderr) == (2, f"Error: {told}\n")
    assert not Path("x.mid").exists()
    checked = CliRunner().invoke(cli.promenade, ["rules", "check", "mine.yaml"])
    assert checked.exit_code == 2
    assert checked.output.startswith(told)
