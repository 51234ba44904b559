"""What a person asked for becomes a table and its decisions: wishes, a length, what is set by hand.

Wishes become rules of the table, and a length what its bars and its tempo may be; so the decisions
keep their shares, and everything that explains them or makes them again needs to know nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.picture.analyse import Analysis
from composer.asking.length import lengthened, on_grid
from composer.asking.wished import wished
from composer.settings import BARS, Settings
from composer.table import Decisions, Table, decide, measured

__all__ = ["AskedPiece", "ask"]


@dataclass(frozen=True, slots=True)
class AskedPiece:
    """The table as it was asked for, what it decided, and whether its bars are to be just those.

    Bars that the table could have decided itself are a form's usual ones, set by hand or not.
    """

    table: Table
    decisions: Decisions
    exact: bool


def ask(table: Table, analysis: Analysis, settings: Settings) -> AskedPiece:
    """Every decision, as the settings wish it.

    Raises UserError for what cannot be decided so.
    """
    features, given = measured(analysis), settings.decided
    wishes = settings.wishes
    table = wished(table, wishes)
    factors = [(str(w), w.pole.length, w.degree) for w in wishes if w.pole.length is not None]
    asked = settings.wished_length
    if asked is None and not factors and BARS not in given:
        return AskedPiece(table, decide(table, features, given), exact=False)
    factor = next(((word, by, degree) for word, by, degree in factors if by is not None), None)
    made, decisions = lengthened(table, analysis, settings, asked, factor)
    return AskedPiece(made, decisions, exact=not on_grid(table, given.get(BARS)))
