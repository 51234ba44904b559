"""`compose --watch`, driven for real: saved, faulty, mended, ended; and what the melody hears."""

import signal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from analysis.picture.analyse import analyse
from analysis.picture.load import load
from composer.commands.compose import compose
from composer.music.plan import make_plan
from composer.music.vocabulary import vocabulary
from composer.settings import Settings
from composer.table import decide, load_table, measured
from composer.values import Piece
from composer.workbench import watch
from tests.watching import Watching

TABLE = "promenade: 2\nname: mine\nextends: default\ndecisions: {tempo: {start: 96}}\n"


def test_a_table_is_composed_anew_whenever_it_is_saved(tmp_path: Path) -> None:
    table = tmp_path / "t.yaml"
    table.write_text(TABLE)
    run = Watching(tmp_path, "--rules", "t.yaml")
    try:
        said = run.until("seconds,")
        assert said.startswith("Watching t.yaml.")
        first = (tmp_path / "x.mid").read_bytes()
        table.write_text(TABLE.replace("96", "60"))
        said = run.until("seconds,", 2)
        assert "tempo: " in said
        assert "(start −36" in said
        slow = (tmp_path / "x.mid").read_bytes()
        assert slow != first
        table.write_text(TABLE.replace("tempo", "tmepo"))
        said = run.until("did you mean 'tempo'?")
        assert "t.yaml:4:13: P302" in said
        assert (tmp_path / "x.mid").read_bytes() == slow
        beside = tmp_path / "new.yaml"
        beside.write_text(TABLE)
        beside.replace(table)  # as many editors save
        run.until("seconds,", 3)
        assert (tmp_path / "x.mid").read_bytes() == first
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(20) == 0
        assert run.until("Stopped.")
    finally:
        run.process.kill()
        run.process.wait()
        run.out.close()


class Told:
    """A watcher that keeps what it is told, and has the watch end when a round is over."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.pieces: list[Piece] = []
        self.wrong: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)

    def made(self, piece: Piece) -> None:
        self.pieces.append(piece)

    def complain(self, sentence: str) -> None:
        self.wrong.append(sentence)

    def rest(self) -> None:
        raise KeyboardInterrupt


def job_of(table: Path, **settings: Any) -> watch.Job:
    return watch.Job("sample:flower", Settings(table=str(table), melody="rules", **settings), ())


def test_whoever_watches_is_told_and_nothing_is_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    table, told = tmp_path / "t.yaml", Told()
    table.write_text(TABLE.replace("tempo", "tmepo") + "rulez: []\n")
    with pytest.raises(KeyboardInterrupt):
        watch.watch(job_of(table), (), told)
    assert len(told.said) == 1
    assert not told.pieces
    (faults,) = told.wrong
    assert ("P302" in faults, "P201" in faults) == (True, True)
    table.write_text(TABLE)
    with pytest.raises(KeyboardInterrupt):
        watch.watch(job_of(table), (), told)
    assert (len(told.wrong), len(told.pieces)) == (1, 1)
    assert capfd.readouterr() == ("", "")


def test_a_mistake_of_ours_ends_the_watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(watch, "compose_decided", wrong)
    (tmp_path / "t.yaml").write_text(TABLE)
    with pytest.raises(ZeroDivisionError):
        watch.watch(job_of(tmp_path / "t.yaml"), (), Told())


@pytest.mark.parametrize(
    ("args", "said"),
    [((), "--watch needs a table"), (("--rules", "none.yaml"), "There is no file none.yaml")],
)
def test_there_must_be_a_file_to_watch(args: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(compose, ["sample:china", "--watch", *args])
    assert result.exit_code == 2 or "There is no file" in str(result.exception)
    assert said in result.stderr


def test_the_melody_is_sung_again_only_where_it_hears_the_difference(monkeypatch) -> None:
    sung = []
    monkeypatch.setattr(watch, "sing_melody", lambda *heard: sung.append(heard) or object())
    job = watch.Job("sample:flower", Settings(table="default", melody="rules"), ())
    analysis = analyse(load("sample:flower"))
    studio = watch._Studio(job, analysis, vocabulary())
    table = load_table(None, studio.known)

    def tune(**overrides: str) -> object:
        decisions = decide(table, measured(analysis), overrides)
        return studio.sing(decisions, make_plan(decisions, analysis), None, None)

    first = tune()
    assert tune(articulation="0.5", swing="0.4", chord_pattern="block") is first
    assert len(sung) == 1
    assert tune(density="1.15") is not first
    assert tune(harmonic_rhythm="1.5") is not first
    assert len(sung) == 3
