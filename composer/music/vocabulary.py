"""The names that a mapping table may use: features, decisions, and the stocks' entries."""

from __future__ import annotations

from analysis.picture.catalogue import CATALOGUE, REGIONAL
from composer.music.orchestra import FORMS, STOCKS, load_orchestra
from composer.table.conditions import PLACE
from composer.vocabulary import DECISIONS, OrchestraFile, Stocks, Vocabulary
from theory.harmony.family import families
from theory.harmony.form import NONE


def vocabulary() -> Vocabulary:
    """All that a table can refer to in this version of the package, and how it adds to that."""
    known = families()
    progressions = {name: {"only": {"mode": list(known.modes(name))}} for name in known}

    def opened(files: tuple[OrchestraFile, ...]) -> Stocks:
        orchestra = load_orchestra(files)
        book = orchestra.forms
        return {
            **orchestra.entries,
            FORMS: {name: {} for name in book.forms},
            "introductions": {name: {} for name in (NONE, *book.introductions)},
            "codas": {name: {} for name in (NONE, *book.codas)},
            "progressions": progressions,
        }

    return Vocabulary(
        features={name: (feature.low, feature.high) for name, feature in CATALOGUE.items()},
        stocks=opened(()),
        needs=DECISIONS,
        regional={name: (CATALOGUE[name].low, CATALOGUE[name].high) for name in REGIONAL}
        | {name: (low, high) for name, (low, high, _) in PLACE.items()},
        open_to=(*STOCKS, FORMS),
        opened=opened,
    )
