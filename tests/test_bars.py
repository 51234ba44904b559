"""A bar for whoever waits: on every command that may take more than two seconds, and only there."""

import io
import sys

import numpy as np
import pytest
from PIL import Image

import cli
from composer.commands import progress as bars
from corpora import dataset
from corpora.progress import listening, progress, watched
from corpora.read.abc import read_abc
from tests.neural.test_training import SMALL
from tests.terminal import Terminal, at_terminal, wait_for


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pictures(folder, count):
    rng = np.random.default_rng(0)
    folder.mkdir(exist_ok=True)
    for number in range(count):
        pixels = rng.integers(0, 256, (6, 8, 3), np.uint8).repeat(12, 0).repeat(12, 1)
        Image.fromarray(pixels).save(folder / f"{number}-{'abcde'[number]}.png")
    return folder


def given_pictures(folder):
    pictures(folder / "photos", 4)
    rows = [f"{n}-{'abcde'[n]}.png,{n / 4},{(n * 7) % 4 / 4}" for n in range(4)]
    text = "\n".join(["file,valence,arousal", *rows])
    (folder / "photos" / "ratings.csv").write_text(text)


def given_a_score(folder):
    cli.compose.main(
        ["sample:china", "-o", "x.voices.musicxml", "--melody", "rules", "-q"],
        standalone_mode=False,
    )


def given_an_explanation(folder):
    how = ["-o", "x.json", "--melody", "rules", "-q"]
    cli.compose.main(["sample:china", *how], standalone_mode=False)


def given_tunes(folder):
    """Enough of them that some are to learn from, and some to judge by."""
    dealt = np.random.default_rng(0)
    made = []
    for number in range(48):
        bars_ = "|".join("".join(dealt.choice(list("CDEFGABcd"), 4)) for _ in range(5))
        made += read_abc(f"X:1\nM:2/4\nL:1/8\nK:C\n{bars_}|]", f"made{number}")
    assert {"train", "valid"} <= {dataset.split(tune) for tune in made}
    dataset.write(folder / "tunes.npz", made)


def given_abc(folder):
    (folder / "abc").mkdir()
    (folder / "abc" / "one.abc").write_text("X:1\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FEDC|]\n")


def given_sheets(folder, count=3):
    from tests.corpora.test_build import sheet

    (folder / "sheets").mkdir()
    for number in range(count):
        (folder / "sheets" / f"{number}.musicxml").write_text(sheet([number, 1, 2, 3, 4]))


def given_midi(folder):
    from tests.corpora.test_build import midi

    midi(folder / "songs" / "one.mid")


def nothing(folder):
    pass


SAID = [
    (nothing, "compose sample:china -o x.wav --melody rules", "composing"),
    (
        given_pictures,
        "compose photos/0-a.png photos/1-b.png -o out/.mid --jobs 1 --melody rules",
        "composing",
    ),
    (nothing, "count --bars 1", "counting"),
    (nothing, "hear rule seventh", "writing"),
    (given_pictures, "rules try plain photos", "trying"),
    (nothing, "features sample:china", "measuring"),
    (given_an_explanation, "explain x.json --decision tempo", "looking for changes"),
    (given_a_score, "verify x.voices.musicxml", "verifying"),
    (given_sheets, "corpus build --musicxml sheets -o out.npz --jobs 1", "reading"),
    (given_tunes, "corpus stats tunes.npz", "reading notes"),
    (given_sheets, "corpus stats --musicxml sheets --jobs 1", "joining"),
    (given_sheets, "corpus measure --openewld sheets", "opening"),
    (given_midi, "corpus measure --archive songs", "telling tracks"),
    (given_tunes, "train tunes.npz -o run --threads 1", "epoch 2 of 3"),
    (given_pictures, "evaluate mood photos", "composing"),
    (given_abc, "evaluate rules --tunes abc", "folk tunes"),
    (nothing, "evaluate harmony --pieces 1", "composing"),
    (nothing, "evaluate melody --table speed", "measuring"),
]


@pytest.fixture
def at_once(monkeypatch):
    """Bars from the first moment on, and all that is run small."""
    monkeypatch.setattr(bars, "AFTER", 0.0)
    monkeypatch.setattr(bars, "EVERY", 0.001)
    monkeypatch.setattr("neural.train.Recipe", lambda: SMALL)
    monkeypatch.setattr("neural.evaluate.speed.RUNS", 1)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("given", "line", "label"), SAID, ids=[line for _, line, _ in SAID])
def test_a_bar_is_drawn_where_a_command_may_take_long(here, monkeypatch, given, line, label):
    given(here)
    monkeypatch.setattr(sys, "stderr", Terminal())
    cli.promenade.main(line.split(), standalone_mode=False)
    said = sys.stderr.getvalue()
    assert label in said
    assert said.endswith(bars.WIPED)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("place", [2, 3, 5, 9, 13])
def test_in_a_pipe_there_is_nothing_of_it(here, monkeypatch, place):
    given, line, _ = SAID[place]
    given(here)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    cli.promenade.main(line.split(), standalone_mode=False)
    assert sys.stderr.getvalue() == ""


def test_a_bar_is_seen_on_a_real_terminal_and_wiped_away(here):
    status, out, seen = at_terminal("count", "--bars", "2", folder=here)
    assert status == 0
    assert out.startswith("Tunes over")
    assert "counting  [#" in seen
    assert seen.endswith(bars.WIPED)


def test_of_a_bar_within_a_bar_the_outer_is_drawn(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(bars, "AFTER", 0.0)
    with listening(bars.bar), progress(2, "outer") as step:
        list(watched("ab", "inner"))
        step("a word that is much too long to be shown in a line of a terminal")
        wait_for(lambda: "1/2" in sys.stderr.getvalue())
    assert "inner" not in sys.stderr.getvalue()
    assert "much too" not in sys.stderr.getvalue()
    assert "…" in sys.stderr.getvalue()
