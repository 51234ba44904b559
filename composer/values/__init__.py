"""The composer's values: the plan of a piece, and the piece itself with a cause for every note.

Every value is frozen: a stage reads the one before it and makes the next.
"""

from composer.values.piece import (
    MIDDLE_C,
    RULES_SUNG,
    Cause,
    Check,
    ChordSpan,
    Harmony,
    Instrument,
    Motif,
    Note,
    Part,
    Piece,
    Proposed,
    SungBy,
    Trace,
    Weighed,
    cadence_notes,
)
from composer.values.plan import (
    ArrangementPlan,
    HarmonyPlan,
    MelodyPlan,
    Mood,
    Performance,
    Phrase,
    Plan,
    Section,
    Slot,
)

__all__ = [
    "MIDDLE_C",
    "RULES_SUNG",
    "ArrangementPlan",
    "Cause",
    "Check",
    "ChordSpan",
    "Harmony",
    "HarmonyPlan",
    "Instrument",
    "MelodyPlan",
    "Mood",
    "Motif",
    "Note",
    "Part",
    "Performance",
    "Phrase",
    "Piece",
    "Plan",
    "Proposed",
    "Section",
    "Slot",
    "SungBy",
    "Trace",
    "Weighed",
    "cadence_notes",
]
