"""The melody automaton: every legal melody of a phrase, and a search for the best one."""

from theory.melody.automaton import Automaton, State
from theory.melody.context import Event, HarmonicContext, PhraseEntry, Span
from theory.melody.labels import LABELS, labels
from theory.melody.results import BestMelody, BestNote, NoMelody
from theory.melody.search import best_melody
from theory.melody.structure import structural_notes

__all__ = [
    "LABELS",
    "Automaton",
    "BestMelody",
    "BestNote",
    "Event",
    "HarmonicContext",
    "NoMelody",
    "PhraseEntry",
    "Span",
    "State",
    "best_melody",
    "labels",
    "structural_notes",
]
