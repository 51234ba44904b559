"""The orchestra: instruments, ensembles and patterns, as YAML that a composer can add to."""

from composer.music.orchestra.load import FORMS, STOCKS, Orchestra, load_orchestra
from composer.music.orchestra.patterns import DRUMS, DrumPattern, PitchedPattern
from composer.music.orchestra.players import KIT, PLAYERS, Ensemble

__all__ = [
    "DRUMS",
    "FORMS",
    "KIT",
    "PLAYERS",
    "STOCKS",
    "DrumPattern",
    "Ensemble",
    "Orchestra",
    "PitchedPattern",
    "load_orchestra",
]
