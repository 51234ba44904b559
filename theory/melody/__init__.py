"""The melody automaton and the exact singer: every legal melody of a phrase, and the best one."""

from theory.melody.automaton import Automaton, State
from theory.melody.ground import Entry, Event, Ground, Span
from theory.melody.labels import LABELS, labels
from theory.melody.sing import sing
from theory.melody.song import NoMelody, Song, Sung
from theory.melody.structure import structural_notes

__all__ = [
    "LABELS",
    "Automaton",
    "Entry",
    "Event",
    "Ground",
    "NoMelody",
    "Song",
    "Span",
    "State",
    "Sung",
    "labels",
    "sing",
    "structural_notes",
]
