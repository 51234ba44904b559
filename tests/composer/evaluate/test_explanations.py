"""Claims of explanations put to the test: a false one is found, and named."""

from decimal import Decimal

from composer.evaluate import printed
from composer.evaluate.explanations import CLAIMS, ClaimTally, _sums
from composer.evaluate.printed import misprints
from composer.explanation.text import view


def test_a_misprint_is_found(china_document, monkeypatch):
    assert misprints(china_document) == []
    text = view(china_document, everything=True)
    monkeypatch.setattr(printed, "view", lambda document, everything: text.replace("0.61", "0.71"))
    assert any("lydian" in wrong for wrong in misprints(china_document))


def test_shares_that_do_not_sum_are_found():
    shares = [{"amount": Decimal("0.1")}, {"amount": Decimal("0.2")}]
    row = {"kind": "number", "value": Decimal("0.3"), "shares": shares}
    assert _sums(row)
    assert not _sums({**row, "value": Decimal("0.30001")})


def test_a_failed_claim_is_named():
    tally = ClaimTally()
    tally.note(True, "a.png: mode")
    tally.note(False, "b.png: mode")
    assert (tally.tried, tally.failed) == (2, ["b.png: mode"])
    assert set(CLAIMS) >= {"sums", "decisive", "no share", "counterfactual", "99 %"}
