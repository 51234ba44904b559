"""The library: instruments, ensembles and patterns, as YAML that a composer can add to."""

from composer.music.orchestra.ensembles import PLAYERS, Ensemble
from composer.music.orchestra.instruments import KIT
from composer.music.orchestra.load import LIBRARIES, Library, load_library
from composer.music.orchestra.patterns import DRUMS, DrumPattern, Pattern
from composer.music.orchestra.reading import LibraryError

__all__ = [
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
