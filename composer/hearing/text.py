"""What is heard in a piece, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.music.catalogue import MUSIC
from composer.explanation.layout import bold, plain, wrapped
from composer.hearing.heard import HeardPiece
from composer.table import Decision, Decisions

KEYS = ("C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def heard_table(piece: HeardPiece, made: Decisions) -> str:
    """Every feature with value, unit, range and confidence, and the mood with its shares."""
    return "\n".join((*_features(piece), "", *_mood(made)))


def _features(piece: HeardPiece) -> Iterator[str]:
    yield f"{piece.title or 'untitled'}: measured on its {piece.source}"
    group = ""
    for name, row in MUSIC.items():
        if name not in piece.features:
            continue
        feature = row.feature
        first, _, rest = name.partition(".")
        if first != group:
            group = first
            yield ""
            yield f"{first}.*".ljust(18) + f"{'value':>9}  {'unit':<13}{'range':<14}confidence"
        span = f"{feature.low:g} to {feature.high:g}"
        value = plain(piece.features[name])
        confidence = f"{piece.confidence(name):.2f}"
        yield f"  {rest:<16}{value:>9}  {feature.unit:<13}{span:<14}{confidence:>10}"
        yield from wrapped(feature.meaning, 6)
    absent = [name for name in MUSIC if name not in piece.features]
    if absent:
        yield ""
        yield from wrapped(f"Not said by its {piece.source}: {', '.join(absent)}.", 0)


def _mood(made: Decisions) -> Iterator[str]:
    for name, decision in made.items():
        yield bold(f"{name}  {shown(decision)}")
        for share in sorted(decision.shares, key=lambda share: -abs(share.amount)):
            if share.amount:
                yield f"  {float(share.amount):+.2f}  {share.because}"


def shown(decision: Decision) -> str:
    """A decision's value for a person: a number with its sign and two places, or the choice."""
    value = decision.value
    return value if isinstance(value, str) else f"{float(value):+.2f}"
