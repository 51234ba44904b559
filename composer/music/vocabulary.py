"""The names that a mapping table may use: features, decisions, and the stocks' entries."""

from __future__ import annotations

from analysis.music.catalogue import MUSIC
from analysis.picture.catalogue import CATALOGUE, REGIONAL
from composer.music.orchestra import FORMS, STOCKS, load_orchestra
from composer.table import is_of_music
from composer.table.conditions import PLACE
from composer.vocabulary import DECISIONS, MOOD, OrchestraFile, Stocks, Vocabulary
from theory.harmony.family import Families, families
from theory.harmony.form import NONE
from theory.rules import FREE


def vocabulary() -> Vocabulary:
    """All that a table can refer to in this version of the package, and how it adds to that."""
    known = families()
    progressions = {name: {"only": _only(known, name)} for name in known}

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


def _only(known: Families, name: str) -> dict[str, list[str]]:
    """Where a family may be chosen: in its modes; and what leaps from key to key cannot be sung by
    the rules of a language other than its own."""
    only = {"mode": list(known.modes(name))}
    return {**only, "language": [FREE]} if known.language(name) == FREE else only


def of_music() -> Vocabulary:
    """All that a table of how music is heard can refer to."""
    ranges = {name: (each.feature.low, each.feature.high) for name, each in MUSIC.items()}
    return Vocabulary(features=ranges, needs=MOOD, of_music=True)


def vocabulary_of(name: str | None) -> Vocabulary:
    """What the table of this name can refer to: a picture's features, or music's."""
    return of_music() if is_of_music(name) else vocabulary()
