"""A bar for whoever waits: on every command that may take more than two seconds, and only there."""

import io
import re
import sys
import time

import pytest

import cli
from composer.commands import progress as bars
from corpora.progress import listening, progress, watched
from tests.given import (
    given_a_score,
    given_abc,
    given_an_explanation,
    given_midi,
    given_pictures,
    given_sheets,
    given_tunes,
    nothing,
)
from tests.neural.tunes import SMALL
from tests.terminal import Terminal, at_terminal, wait_for


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


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
    (given_pictures, "evaluate music photos --melody rules", "composing"),
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


def test_in_a_pipe_a_slow_step_is_a_line(here, monkeypatch):
    """Plain lines, as a log keeps them; quick steps say nothing."""
    monkeypatch.setattr(bars, "SLOW", 0.05)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with listening(bars.bar), progress(3, "composing") as step:
        step("quick")
        time.sleep(0.06)
        step("slow")
        with progress(None, "inner") as inner:
            time.sleep(0.06)
            inner("hidden")
        step("slower")
    assert re.fullmatch(
        r"composing: slow \(2 of 3, 0 s\)\ncomposing: slower \(3 of 3, 0 s\)\n",
        sys.stderr.getvalue(),
    )
    with listening(bars.bar), progress(None, "counting") as step:
        time.sleep(0.06)
        step()
    assert sys.stderr.getvalue().endswith("counting (1, 0 s)\n")


def test_the_quiet_say_nothing_in_a_pipe(here, monkeypatch):
    monkeypatch.setattr(bars, "SLOW", 0.0)
    for quiet in (["-q"], []):
        monkeypatch.setattr(sys, "stderr", io.StringIO())
        cli.compose.main(
            ["sample:china", "-o", "x.mid", "--melody", "rules", *quiet], standalone_mode=False
        )
        assert bool(sys.stderr.getvalue()) == (not quiet)


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
