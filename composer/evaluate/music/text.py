"""The printed table: a figure a line, people's beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from composer.evaluate.music.figures import Estimate
from composer.evaluate.music.people import NAMES

if TYPE_CHECKING:
    from composer.evaluate.music.report import FigureLine, MusicReport

NONE = "–"


def table(found: MusicReport) -> str:
    """The heading, the lines, and what they mean."""
    sources = [name for name in NAMES if any(name in line.people for line in found.lines)]
    head = [
        "",
        "unit",
        "ours",
        "95 %",
        *sources,
        *(["people's 10–90 %"] if sources else []),
        "aim",
        "",
    ]
    cells = [head, *(_cells(line, sources) for line in found.lines)]
    if not any(line.ours for line in found.lines):
        cells = [row[:2] + row[4 : 5 + len(sources)] for row in cells]
    width = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    rows = [
        "  ".join(
            cell.ljust(width[n]) if n in (0, 1, len(row) - 1) else cell.rjust(width[n])
            for n, cell in enumerate(row)
        ).rstrip()
        for row in cells
    ]
    left = [f"Left out: {count} × {reason}." for reason, count in found.left_out.items()]
    return "\n".join([found.heading, "", *rows, *([""] if left else []), *left])


def _cells(line: FigureLine, sources: list[str]) -> list[str]:
    ours = line.ours
    said = [] if line.met is None else ["met" if line.met else "MISSED"]
    said += ["outside people's"] if line.outside else []
    between = [
        NONE
        if line.between is None
        else f"{_number(line.between.tenth)} to {_number(line.between.ninetieth)}"
    ]
    return [
        line.name,
        line.unit,
        _value(ours),
        _interval(ours),
        *(_value(line.people.get(source)) for source in sources),
        *(between if sources else []),
        "" if line.aim is None else str(line.aim),
        ", ".join(said),
    ]


def _value(found: Estimate | None) -> str:
    return NONE if found is None else _number(found.value)


def _interval(found: Estimate | None) -> str:
    if found is None or found.low is None or found.high is None:
        return NONE
    return f"{_number(found.low)} to {_number(found.high)}"


def _number(value: float) -> str:
    """Three figures are enough.

    >>> [_number(value) for value in (0.0, 0.1349, -0.01, 4.31, 12.04, -11.82)]
    ['0', '.135', '−.010', '4.31', '12.0', '−11.8']
    """
    size = abs(value)
    digits = 3 if size < 1 else 2 if size < 10 else 1
    said = f"{size:.{digits}f}".removeprefix("0" if size < 1 else "")
    if float(said) == 0:
        return "0"
    return f"−{said}" if value < 0 else said
