"""The libraries' entries as written, for the mapping table to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from composer.library.instruments import check_ensembles, instruments
from composer.library.patterns import SIGNS, drum_patterns, patterns
from composer.library.reading import load
from theory.metre import METRES

LIBRARIES = ("instruments", "ensembles", "chord_patterns", "bass_patterns", "drum_patterns")


@lru_cache(maxsize=8)
def library(name: str) -> Mapping[str, Mapping[str, Any]]:
    """The entries of one of LIBRARIES as written, in declared order, checked.

    A pattern that does not fit every metre has the key `only: {metre: [...]}` added, read off the
    figures that it has. Raises LibraryError for a wrong entry, KeyError for an unknown library.
    """
    if name not in LIBRARIES:
        raise KeyError(name)
    entries = load(name)
    if name in SIGNS:
        return MappingProxyType(
            {key: _facts(entries[key], one.metres) for key, one in patterns(name).items()}
        )
    if name == "drum_patterns":
        return MappingProxyType(
            {key: _facts(entries[key], one.metres) for key, one in drum_patterns().items()}
        )
    if name == "ensembles":
        check_ensembles(entries)
    else:
        instruments()
    return entries


def _facts(entry: Mapping[str, Any], metres: tuple[str, ...]) -> Mapping[str, Any]:
    if len(metres) == len(METRES):
        return entry
    return {**entry, "only": {"metre": list(metres)}}
