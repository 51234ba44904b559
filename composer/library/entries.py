"""The libraries' entries as written, for the mapping table to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from composer.library import reading as r
from composer.library.ensembles import ensembles
from composer.library.instruments import instruments
from composer.library.patterns import SIGNS, drum_patterns, patterns
from theory.metre import METRES

LIBRARIES = ("instruments", "ensembles", "chord_patterns", "bass_patterns", "drum_patterns")


@lru_cache(maxsize=8)
def library(name: str) -> Mapping[str, Mapping[str, Any]]:
    """The entries of one of LIBRARIES as written, in declared order, checked.

    A pattern that does not fit every metre has the key `only: {metre: [...]}` added, read off the
    figures that it has. Raises LibraryError for a wrong file, KeyError for an unknown library.
    """
    if name not in LIBRARIES:
        raise KeyError(name)
    fitting: Mapping[str, tuple[str, ...]] = {}
    if name in SIGNS:
        fitting = {key: one.metres for key, one in patterns(name).items()}
    elif name == "drum_patterns":
        fitting = {key: one.metres for key, one in drum_patterns().items()}
    elif name == "ensembles":
        ensembles()
    else:
        instruments()
    with r.opened(r.text_of(name), f"{name}.yaml") as (_, node):
        written = r.plain(node)
    return MappingProxyType({key: _facts(written[key], fitting.get(key)) for key in written})


def _facts(entry: Mapping[str, Any], metres: tuple[str, ...] | None) -> Mapping[str, Any]:
    if metres is None or len(metres) == len(METRES):
        return entry
    return {**entry, "only": {"metre": list(metres)}}
