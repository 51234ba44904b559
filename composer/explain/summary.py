"""Two lines for a person: what was written, and what it is."""

from __future__ import annotations

from collections.abc import Sequence

from composer.files.outputs import Output
from composer.values import Piece

BEATS = {24: "♩", 36: "♩."}


def summary(piece: Piece, files: Sequence[Output]) -> str:
    """Both lines."""
    plan = piece.plan
    tempo = f"{BEATS[plan.metre.beat]} = {_number(piece.decisions.number('tempo'))}"
    players = dict.fromkeys(part.instrument.name for part in piece.parts)
    facts = (
        f"{plan.key.tonic.sign} {plan.key.mode.name}",
        plan.metre.name,
        tempo,
        f"{plan.bars} bars",
        f"{round(piece.seconds)} seconds",
        piece.decisions.choice("mood"),
    )
    return f"{written(files)}\n{', '.join(facts)}; {', '.join(players)}."


def written(files: Sequence[Output]) -> str:
    """The line that names the files, and those whose place they took."""
    names = [f"{file.path} (replaced)" if file.replaces else str(file.path) for file in files]
    return f"Wrote {_listed(names)}."


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _number(value: float) -> str:
    return f"{value:g}"
