"""The commands: what they write, what they say, and what they refuse."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path, PurePath

import mido
import pytest
from click.testing import CliRunner

import cli
from theory.voices.frame import NoVoicing

ROOT = Path(__file__).resolve().parent.parent


def run(*args, command=cli.compose):
    return CliRunner().invoke(command, [str(arg) for arg in args])


def quick(*args):
    """A run whose notes and files are not the point: sung by rules, written as MIDI alone."""
    return run("--melody", "rules", "-o", "quick.mid", *args)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_picture_becomes_a_midi_file_of_its_name(here):
    result = run("sample:china")
    assert result.exit_code == 0, result.output
    assert names(here) == ["china.mid", "china.mp3"]
    assert mido.MidiFile(here / "china.mid").type == 1
    first, second = result.output.splitlines()
    assert first == "Wrote china.mid and china.mp3."
    assert re.fullmatch(
        r"[A-G][♯♭]? [a-z ]+, \d+/\d, ♩\.? = \d+, \d+ bars, \d+ seconds, [a-z]+; [a-z, ]+\.", second
    )


def test_every_kind_of_file_in_one_run(here):
    suffixes = (".mid", ".musicxml", ".voices.musicxml", ".json", ".html")
    outputs = [arg for suffix in suffixes for arg in ("-o", f"x{suffix}")]
    result = run("sample:flower", "--melody", "rules", *outputs)
    assert result.exit_code == 0, result.output
    assert names(here) == sorted(f"x{suffix}" for suffix in suffixes)


def test_a_replaced_file_is_named_as_replaced(here):
    (here / "quick.mid").write_text("before")
    result = quick("sample:china", "-o", "china.json")
    assert result.output.startswith("Wrote quick.mid (replaced) and china.json.")


@pytest.mark.parametrize(
    "args",
    [
        ("--explain", "sample:china"),
        ("sample:china", "--explain"),
        ("--explain=plain", "sample:china"),
        ("--explain", "-o", "x.mid", "sample:china"),
        ("--explain", "--", "sample:china"),
    ],
)
def test_explain_does_not_swallow_the_next_argument(args):
    result = quick(*args)
    assert result.exit_code == 0, result.output
    assert "WHAT STANDS OUT IN THE PICTURE" in result.output
    assert "WHAT WAS DECIDED, AND WHY" in result.output
    assert "\x1b" not in result.output


def test_explain_says_more_when_it_is_asked_to():
    said = [quick("sample:china", f"--explain={how}").output for how in ("plain", "details", "all")]
    assert "HARMONY" in said[1]
    assert "HARMONY" not in said[0]
    assert len(said[0]) < len(said[1]) < len(said[2]) / 2


def test_colours_only_where_wanted(monkeypatch):
    args = ["sample:china", "--explain", "--melody", "rules", "-o", "x.mid"]
    coloured = CliRunner().invoke(cli.compose, args, color=True)
    assert "\x1b[" in coloured.output
    monkeypatch.setenv("NO_COLOR", "1")
    plain = CliRunner().invoke(cli.compose, args, color=True)
    assert "\x1b[" not in plain.output


def test_decisions_can_be_made_by_hand(here):
    result = quick("sample:china", "--set", "mode=dorian", "--set", "tempo = 80", "-o", "x.json")
    assert result.exit_code == 0, result.output
    made = json.loads((here / "x.json").read_text())["decisions"]
    assert (made["mode"]["value"], made["tempo"]["value"]) == ("dorian", 80)
    assert made["mode"]["shares"][0]["rule"] == "you"


def test_another_seed_is_another_melody_over_the_same_plan(here):
    quick("sample:china", "-o", "a.json")
    quick("sample:china", "--seed", "1", "-o", "b.json")
    one, other = (json.loads((here / name).read_text()) for name in ("a.json", "b.json"))

    def melody(document):
        return [(n["tick"], n["key"]) for n in document["notes"] if n["part"] == "melody"]

    assert one["decisions"] == other["decisions"]
    # A surprise is named only where it is heard, which the tune has a part in.
    plans = [
        [{**phrase, "surprise": None} for phrase in document["plan"]["phrases"]]
        for document in (one, other)
    ]
    assert plans[0] == plans[1]
    assert melody(one) != melody(other)


def refusals(here):
    (here / "text.png").write_text("no picture")
    (here / "empty.jpg").touch()
    (here / "bad.yaml").write_text("promenade: 2\nname: bad\nrulez: []\n")
    (here / "folder").mkdir()
    return {
        ("missing.jpg",): "missing.jpg",
        ("text.png",): "text.png",
        ("empty.jpg",): "empty.jpg",
        ("folder",): "folder",
        ("sample:chian",): "sample:chian",
        ("sample:china", "-o", "x.aiff"): "Let its name end in",
        ("sample:china", "-o", "no/x.mid"): "There is no folder",
        ("sample:china", "-o", "x.mid", "-o", "x.mid"): "twice",
        ("sample:china", "--set", "tempoo=80"): "Did you mean tempo?",
        ("sample:china", "--set", "mode=dorain"): "Did you mean dorian?",
        ("sample:china", "--set", "tempo=900"): "50 to 170",
        ("sample:china", "--set", "tempo=fast"): "no number",
        ("sample:china", "--set", "mode"): "NAME=VALUE",
        ("sample:china", "--set", "mode=ionian", "--set", "mode=dorian"): "set twice",
        ("sample:china", "--rules", "none.yaml"): "none.yaml",
        ("sample:china", "--rules", "bad.yaml"): "bad.yaml:3:1",
        ("sample:china", "--without", "paralel-fifths"): "Did you mean parallel-fifths?",
        ("sample:china", "--seed", "-1"): "seed",
        ("sample:china", "--explain=some"): "explain",
        ("sample:china", "--soundfont", "none.sf2"): "none.sf2 cannot be read",
        ("sample:china", "-o", "x.mp3", "--soundfont", "text.png"): "text.png is no SoundFont",
        ("sample:china", "--synth", "moog"): "fluidsynth",
        (): "PICTURE",
    }


def test_what_can_be_mended_is_a_sentence_and_exit_status_two(here):
    cases = refusals(here)
    (here / "china.mid").write_text("before")
    before = names(here)
    for args, said in cases.items():
        result = run(*args)
        assert (result.exit_code, result.stdout) == (2, ""), args
        assert said in result.stderr, (args, result.stderr)
        assert "Traceback" not in result.stderr
        assert names(here) == before
    assert (here / "china.mid").read_text() == "before"


def test_outputs_are_refused_before_the_picture_is_read():
    assert "Let its name end in" in run("missing.jpg", "-o", "x.aiff").stderr


def fails(error):
    def compose(*_, **__):
        raise error

    return compose


def test_a_mistake_of_ours_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr("composer.pipeline.compose", fails(ZeroDivisionError()))
    assert isinstance(run("sample:china").exception, ZeroDivisionError)


def test_nothing_legal_is_the_users_to_mend_only_where_the_rules_are_his(monkeypatch):
    error = NoVoicing((3,), ("range",), "Chord 3 cannot be reached.")
    monkeypatch.setattr("composer.pipeline.compose", fails(error))
    assert run("sample:china").exception is error
    result = run("sample:china", "--set", "mode=lydian")
    assert result.exit_code == 2
    assert "Chord 3 cannot be reached. This comes of --set mode=lydian" in result.stderr


def test_features_are_a_table():
    result = run("features", "sample:china", command=cli.promenade)
    assert result.exit_code == 0, result.output
    assert "640 × 427" in result.output
    assert re.search(r"lightness +\d+\.\d +L\* +0 to 100", result.output)


def test_decisions_are_listed():
    result = run("decisions", command=cli.promenade)
    assert result.exit_code == 0, result.output
    assert re.search(r"tempo +50 to 170 bpm", result.output)


def test_a_pair_is_heard(here):
    result = run("hear", "rule", "parallel-fifths", command=cli.promenade)
    assert result.exit_code == 0, result.output
    assert names(here) == ["parallel-fifths.mid", "parallel-fifths.wav"]
    assert "finds no rule of the strict language broken" in result.output
    assert "Broken: parallel-fifths, in bar 1 beat 3" in result.output
    assert result.output.endswith("Wrote parallel-fifths.mid and parallel-fifths.wav.\n")
    both = run("hear", "mode", "dorian", "-o", "d.mid", "-o", "d.musicxml", command=cli.promenade)
    assert both.exit_code == 0, both.output
    assert names(here) == ["d.mid", "d.musicxml", "parallel-fifths.mid", "parallel-fifths.wav"]


def test_what_can_be_heard_is_listed(here):
    result = run("hear", "cadence", command=cli.promenade)
    assert {"authentic", "phrygian half", "deceptive"} <= set(result.output.splitlines())
    assert names(here) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("mode", "dorain"), "Did you mean dorian?"),
        (("chord", "tonic"), "'mode', 'cadence', 'progression', 'rule'"),
        (
            ("rule", "seventh", "-o", "x.json"),
            "Let its name end in one of: .mid, .wav, .ogg, .mp3, .flac, .musicxml.",
        ),
        (("rule", "-o", "x.mid"), "KIND and NAME"),
    ],
)
def test_what_cannot_be_heard_is_said(here, args, said):
    result = run("hear", *args, command=cli.promenade)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert names(here) == []


def test_a_rule_left_out_is_said(here):
    result = quick("sample:flower", "--without", "parallel-fifths", "--set", "language=strict")
    assert result.exit_code == 0, result.output
    assert "Without parallel-fifths: it is broken" in result.output


def test_evaluation_needs_ratings(here):
    result = run("evaluate", "mood", here, command=cli.promenade)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "ratings.csv" in result.stderr


def test_promenade_compose_is_compose():
    assert cli.promenade.commands["compose"] is cli.compose


def test_version():
    result = run("--version", command=cli.promenade)
    assert re.fullmatch(r"promenade, version \d+\.\d+\.\d+\n", result.output)


def test_the_command_line_has_no_library_of_its_own():
    imported = set()
    for path in ("cli.py", "composer/commands/promenade.py"):
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module.partition(".")[0])
    ours = {"analysis", "composer", "corpora", "neural", "theory"}
    assert imported - ours - sys.stdlib_module_names == {"click"}


def far(code, *args, **environment):
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )


def test_help_loads_nothing_heavy():
    code = "import sys, cli\ntry: cli.compose(['--help'])\nfinally: print(*sys.modules)"
    modules = set(far(code).stdout.split())
    heavy = {"numpy", "cv2", "PIL", "yaml", "mido", "music21", "sklearn", "torch", "analysis"}
    assert "click" in modules
    assert not modules & heavy


def test_a_path_is_refused_before_anything_heavy_is_loaded():
    code = (
        "import sys, cli\ntry: cli.compose(['x.jpg', '-o', 'x.aiff'])\nfinally: print(*sys.modules)"
    )
    assert not set(far(code).stdout.split()) & {"numpy", "cv2", "yaml", "mido"}


def test_a_plain_composition_loads_only_what_it_needs():
    how = "['sample:china', '--melody', 'rules']"
    code = f"import sys, cli\ntry: cli.compose({how})\nfinally: print(*sys.modules)"
    modules = set(far(code).stdout.split())
    unwanted = {"music21", "sklearn", "torch", "pydantic", "matplotlib", "mingus", "jsonschema"}
    assert {"cv2", "mido"} <= modules
    assert not modules & unwanted


def test_a_draft_is_the_notes_alone_and_sung_by_the_rules(here):
    result = CliRunner().invoke(
        cli.compose, ["sample:china", "--draft", "--make", "a little faster"]
    )
    assert result.exit_code == 0, result.output
    assert names(here) == ["china.mid"]


def test_a_folder_stands_for_the_pictures_in_it(here):
    from composer.album.places import within

    (here / "shots").mkdir()
    result = CliRunner().invoke(cli.compose, ["shots", "-o", "out/"])
    assert result.exit_code == 2
    assert "There is no picture in the folder shots." in result.output
    for name in ("b.JPG", "a.png", "notes.txt"):
        (here / "shots" / name).write_text("")
    assert [PurePath(each).name for each in within(("shots", "sample:china"))] == [
        "a.png",
        "b.JPG",
        "sample:china",
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--make", "hapier"], "Did you mean happier?"),
        (["--length", "5min"], "20 s to 4 min"),
        (["--length", "2min", "--set", "bars=40"], "both say how long it is"),
        (["--keep", "melody"], "--keep and --from belong together"),
        (["--keep", "melody", "--from", "nothing.json"], "nothing.json"),
    ],
)
def test_what_cannot_be_wished_for_is_refused_before_anything_is_written(here, args, said):
    result = CliRunner().invoke(cli.compose, ["sample:china", *args])
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert names(here) == []
