"""What would turn each decision: the smallest change of one feature, in words, found by replays."""

from __future__ import annotations

from collections.abc import Mapping

from composer.explain.style import music, plain
from composer.explain.words import changes
from composer.mapping import measured
from composer.replay import counterfactuals
from composer.values import Piece

# Areas looked at for a decision: some pictures have so many that the search would take minutes.
PATIENCE = 10_000


def turning(piece: Piece) -> Mapping[str, str]:
    """A sentence for each decision that a change of one feature would turn.

    Unlike all else in the report this is no part of the run that it tells of: each change has been
    found and confirmed by making the decisions again.
    """
    features = measured(piece.analysis)
    said = {}
    for name, made in piece.decisions.items():
        found = counterfactuals(
            piece.table,
            features,
            piece.decisions,
            name,
            most=1,
            pairs=False,
            patience=PATIENCE,
        )
        if found:
            after = found[0].after
            value = music(after) if isinstance(after, str) else f"{plain(float(after))} {made.unit}"
            said[name] = f"If {changes(found[0].changes)}, it would be {value.strip()}."
    return said
