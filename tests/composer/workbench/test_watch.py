"""`compose --watch`, driven for real: saved, faulty, mended, ended; and what the melody hears."""

import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.picture.analyse import analyse
from analysis.picture.load import load
from composer.commands.compose import compose
from composer.music.melody.melody import sing_melody
from composer.music.vocabulary import vocabulary
from composer.pipeline import compose_decided
from composer.table import Decisions, decide, load_table, measured
from composer.workbench.watch import HEARS
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


@pytest.mark.parametrize(
    ("args", "said"),
    [((), "--watch needs a table"), (("--rules", "none.yaml"), "There is no file none.yaml")],
)
def test_there_must_be_a_file_to_watch(args: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(compose, ["sample:china", "--watch", *args])
    assert result.exit_code == 2 or "There is no file" in str(result.exception)
    assert said in result.stderr


def test_the_melody_hears_no_decision_but_those_that_are_named() -> None:
    analysis = analyse(load("sample:flower"))
    table = load_table(None, vocabulary())
    decisions = decide(table, measured(analysis))
    kept = {name: decisions[name] for name in HEARS}
    deaf = Decisions(kept, decisions.terms, decisions.strengths)

    def sing(plan, harmony, _, voice):
        voice.decisions = deaf
        return sing_melody(plan, harmony, deaf, voice)

    usual = compose_decided(analysis, table, decisions, 0, melody="rules")
    piece = compose_decided(analysis, table, decisions, 0, melody="rules", sing=sing)
    assert piece.part("melody") == usual.part("melody")
