"""The names that a mapping table may use: features, libraries, and what has to be decided."""

from __future__ import annotations

from analysis.catalogue import CATALOGUE
from composer.library.entries import LIBRARIES, library
from composer.mapping import NEEDS, Vocabulary
from theory.forms import forms


def vocabulary() -> Vocabulary:
    """Features with their ranges, and the entries of every library by name."""
    from theory.harmony import families

    progressions = {
        name: {"only": {"mode": list(family.modes)}} for name, family in families().items()
    }
    return Vocabulary(
        features={name: (feature.low, feature.high) for name, feature in CATALOGUE.items()},
        libraries={
            "forms": {name: {} for name in forms()},
            "progressions": progressions,
            **{name: library(name) for name in LIBRARIES},
        },
        needs=NEEDS,
    )
