"""The verifier's predicates beside music21's, on Bach: no unexplained difference."""

import re
from pathlib import Path

import pytest

from composer.evaluate.bach import YARDSTICKS, ChoraleTally, chorales, evaluate_bach, judge_file

PAGE = Path(__file__).resolve().parents[3] / "docs" / "verifier-and-music21.md"
FEW = 10
# Predicates that both have in the same terms, so that they agree without exception.
ALIKE = ("range", "spacing", "crossing", "overlap", "parallel-fifths", "parallel-octaves")
ALIKE += ("augmented-step", "wide-leap", "completeness", "doubled-seventh")


def check(tally):
    assert tally.faults == []
    for rule in ALIKE:
        assert tally.ours[rule] == tally.theirs[rule] == tally.both[rule], rule


def test_ten_chorales():
    found = chorales()
    total = ChoraleTally()
    for path in found[:: len(found) // FEW][:FEW]:
        total.add(judge_file(path))
    assert total.moments > 500
    check(total)


@pytest.mark.slow
def test_all_chorales():
    total = evaluate_bach(chorales())
    assert total.chorales > 350
    check(total)
    for rule, yardstick in YARDSTICKS.items():
        counts = total.theirs if rule in ALIKE else total.bach
        assert total.rate(counts[rule]) == pytest.approx(yardstick, abs=0.05, rel=0.25), rule
    page = PAGE.read_text(encoding="utf-8")
    for (rule, reason), count in total.reasons.items():
        assert re.search(rf"\| {rule} \|.*\| {count} \| {re.escape(reason)}", page), (rule, reason)
