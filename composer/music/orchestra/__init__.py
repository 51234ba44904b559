"""The orchestra: instruments, ensembles and patterns, as YAML that a composer can add to."""

from composer.music.orchestra.ensembles import PLAYERS, Ensemble
from composer.music.orchestra.instruments import KIT
from composer.music.orchestra.load import STOCKS, Orchestra, load_orchestra
from composer.music.orchestra.patterns import DRUMS, DrumPattern, Pattern

__all__ = [
    "DRUMS",
    "KIT",
    "PLAYERS",
    "STOCKS",
    "DrumPattern",
    "Ensemble",
    "Orchestra",
    "Pattern",
    "load_orchestra",
]
