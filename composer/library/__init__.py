"""The library: instruments, ensembles and patterns, as YAML that a composer can add to."""

from composer.library.ensembles import DECISIONS, PLAYERS, Ensemble, ensembles
from composer.library.entries import LIBRARIES, library
from composer.library.instruments import KIT, instruments
from composer.library.patterns import DRUMS, DrumPattern, Pattern, drum_patterns, patterns
from composer.library.reading import LibraryError

__all__ = [
    "DECISIONS",
    "DRUMS",
    "KIT",
    "LIBRARIES",
    "PLAYERS",
    "DrumPattern",
    "Ensemble",
    "LibraryError",
    "Pattern",
    "drum_patterns",
    "ensembles",
    "instruments",
    "library",
    "patterns",
]
