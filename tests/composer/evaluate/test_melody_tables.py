"""`promenade evaluate melody`: what is missing is said first, and tables are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.picture.analyse import Analysis
from composer.errors import UserError
from composer.evaluate import generated
from composer.evaluate.melody import Asked, evaluate_melody
from composer.table import Table
from neural.evaluate import speed


def test_missing_data_is_said_before_anything_is_computed(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"published.*the eight published sets.*--sets DIR"):
        list(evaluate_melody(["speed", "published"], Asked(tmp_path / "out")))
    assert not (tmp_path / "out").exists()


def test_tables_are_printed_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "RUNS", 1)
    (text,) = evaluate_melody(["speed"], Asked(tmp_path))
    assert text.startswith("Size and speed")
    rows = json.loads((tmp_path / "speed.json").read_text())["lines"]
    figures = {row["name"]: row["figures"]["figure"] for row in rows}
    assert 2 < figures["parameters, millions"] < 8
    assert figures["file, megabytes"] < 16
    assert all(figure > 0 for figure in figures.values())


def test_a_generated_line_has_peoples_form(china_analysis: Analysis, default_table: Table) -> None:
    for number, metre in enumerate(("3/4", "6/8")):
        line = generated._line(china_analysis, default_table, number, metre, None)
        assert (line.metre.name, line.bars) == (metre, generated.BARS)
        assert all(0 <= start < end for start, end, _ in line.notes)
        assert line.notes[-1][1] <= line.bars * line.metre.bar
