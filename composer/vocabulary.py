"""The names that a mapping table may use: features, decisions, and the libraries' entries."""

from __future__ import annotations

from analysis.catalogue import CATALOGUE, REGIONAL
from composer.library import LIBRARIES, load_library
from composer.mapping import NEEDS, LibraryFile, Vocabulary
from composer.mapping.regions import PLACE
from composer.mapping.vocabulary import Libraries
from theory.family import families
from theory.forms import forms


def vocabulary() -> Vocabulary:
    """All that a table can refer to in this version of the package, and how it adds to that."""
    known = families()
    progressions = {name: {"only": {"mode": list(known.modes(name))}} for name in known}
    fixed: Libraries = {"forms": {name: {} for name in forms()}, "progressions": progressions}

    def opened(files: tuple[LibraryFile, ...]) -> Libraries:
        return {**load_library(files).entries, **fixed}

    return Vocabulary(
        features={name: (feature.low, feature.high) for name, feature in CATALOGUE.items()},
        libraries=opened(()),
        needs=NEEDS,
        regional={name: (CATALOGUE[name].low, CATALOGUE[name].high) for name in REGIONAL}
        | {name: (low, high) for name, (low, high, _) in PLACE.items()},
        open_to=LIBRARIES,
        opened=opened,
    )
