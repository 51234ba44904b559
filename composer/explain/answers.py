"""What `promenade explain` answers: the views that were asked for, or the whole."""

from __future__ import annotations

from typing import Any

from composer.explain.decision import decision as decision_view
from composer.explain.place import chord
from composer.explain.place import note as note_view
from composer.explain.rule import rule as rule_view
from composer.explain.text import view
from composer.replay.stored import stored

Json = dict[str, Any]


def answer(
    document: Json,
    *,
    decision: str | None = None,
    bar: int | None = None,
    beat: float | None = None,
    note: int | None = None,
    rule: str | None = None,
    everything: bool = False,
) -> str:
    """The text; of several questions the answers follow one another. Raises UserError for what
    the piece does not have."""
    blocks = []
    if decision is not None:
        blocks.append(decision_view(document, stored(document), decision))
    if bar is not None:
        blocks.append(chord(document, bar, beat))
    if note is not None:
        blocks.append(note_view(document, note))
    if rule is not None:
        blocks.append(rule_view(document, stored(document), rule))
    if everything or not blocks:
        return "\n\n".join([view(document, everything=everything), *map("\n".join, blocks)])
    return "\n\n".join(map("\n".join, blocks))
