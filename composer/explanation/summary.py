"""Two lines for a person: what was written, and what it is; one more for each rule left out."""

from __future__ import annotations

from collections.abc import Sequence

from composer.explanation.style import times
from composer.render.outputs import Output
from composer.values import Check, Piece

BEATS = {24: "♩", 36: "♩."}


def summary(piece: Piece, files: Sequence[Output]) -> str:
    """The lines."""
    plan = piece.plan
    players = dict.fromkeys(part.instrument.name for part in piece.parts)
    facts = (
        f"{plan.key.tonic.sign} {plan.key.mode.name}",
        plan.metre.name,
        tempo(piece),
        f"{plan.bars} bars",
        f"{round(piece.seconds)} seconds",
        piece.plan.mood.name,
    )
    lines = [written(files), f"{', '.join(facts)}; {', '.join(players)}."]
    lines += [
        f"Without {check.rule}: {_broken(check)}"
        for check in piece.checks
        if check.off and (check.rule in plan.off or check.count)
    ]
    return "\n".join(lines)


def tempo(piece: Piece) -> str:
    """The piece's tempo as a score writes it: ♩ = 96."""
    return f"{BEATS[piece.plan.metre.beat]} = {piece.plan.performance.rate:g}"


def _broken(check: Check) -> str:
    """How often a rule that is switched off was broken."""
    if not check.count:
        return "it is not broken even so; another picture or seed may show what it forbids."
    first = check.places[0].partition(":")[0]
    return f"it is broken {times(check.count)}, first in {first}."


def written(files: Sequence[Output]) -> str:
    """The line that names the files, and those whose place they took."""
    names = [f"{file.path} (replaced)" if file.replaces else str(file.path) for file in files]
    return f"Wrote {_listed(names)}."


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
