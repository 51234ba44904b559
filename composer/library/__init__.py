"""The library: instruments, ensembles and patterns, as YAML that a composer can add to."""

from composer.library.ensembles import DECISIONS, PLAYERS, Ensemble
from composer.library.instruments import KIT
from composer.library.load import LIBRARIES, Library, load_library
from composer.library.patterns import DRUMS, DrumPattern, Pattern
from composer.library.reading import LibraryError

__all__ = [
    "DECISIONS",
    "DRUMS",
    "KIT",
    "LIBRARIES",
    "PLAYERS",
    "DrumPattern",
    "Ensemble",
    "Library",
    "LibraryError",
    "Pattern",
    "load_library",
]
