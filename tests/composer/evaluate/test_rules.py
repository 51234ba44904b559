"""`promenade evaluate rules`: shares counted by hand, and people's own against the limit."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import promenade
from composer.errors import UserError
from composer.evaluate.rules import MOST, evaluate_rules
from theory.rules import RULES

DATA = Path(os.environ.get("PROMENADE_DATA", Path(__file__).parents[4] / "shared" / "data"))
SHEETS = DATA / "openewld.tar.xz"
# One seventh in ten notes, one leap without an answer.
TUNE = "X:1\nM:4/4\nL:1/4\nK:C\nC B, C c | B A G F | E C |\n"


def test_the_share_is_of_notes(tmp_path):
    (tmp_path / "a.abc").write_text(TUNE.replace("C c", "C B"))
    (measured,) = evaluate_rules(folder=tmp_path).measured
    assert (measured.pieces, measured.notes) == (1, 10)
    assert measured.share("melodic-interval") == 0.1
    assert measured.share("scale") is None


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(UserError, match="no folk tunes"):
        evaluate_rules(folder=tmp_path)
    (tmp_path / "a.abc").write_text(TUNE)
    with pytest.raises(UserError, match="There is no"):
        evaluate_rules(tmp_path / "nothing", tmp_path)


def test_the_command(tmp_path):
    (tmp_path / "a.abc").write_text(TUNE)
    result = CliRunner().invoke(promenade, ["evaluate", "rules", "--tunes", str(tmp_path)])
    assert result.exit_code == 0
    assert "folk tunes (popular language): 1 pieces, 10 notes" in result.output


@pytest.mark.skipif(not SHEETS.exists(), reason="the lead sheets (PROMENADE_DATA) are not here")
def test_no_hard_rule_forbids_much_of_what_the_lead_sheets_sing(tmp_path):
    (tmp_path / "a.abc").write_text(TUNE.replace("C c", "C B"))
    report = evaluate_rules(SHEETS, tmp_path)
    sheets = report.measured[-1]
    assert sheets.notes > 50_000
    assert [name for name, where, _ in report.too_strict if where == sheets.name] == []
    for family in ("strong-beat-dissonance", "dissonance-left-by-step"):
        names = (family, *RULES[family].figures)
        assert sum(sheets.faults[name] for name in names) / sheets.notes < MOST


@pytest.mark.slow
def test_folk_tunes_are_hardly_forbidden_anything():
    pytest.importorskip("music21")
    report = evaluate_rules()
    folk, _ = report.measured
    assert folk.notes > 800_000
    assert not report.too_strict
    share = folk.share("melodic-interval")
    assert share is not None
    assert share < MOST
    assert not RULES["leap-answered"].hard
