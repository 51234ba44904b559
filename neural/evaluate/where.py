"""Where the bits of table 1 are: in first notes, in what repeats the melody itself, in the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from neural.evaluate.evidence import Evidence
from neural.evaluate.rows import BEST, COUNTED, FROZEN, PPM, TUNED, Row
from neural.evaluate.tables import Line, Table

RUN = 4  # notes before that make a repeat
KINDS = ("first note", "repeats", "breaks a repeat", "the rest")
SHOWN = (COUNTED, PPM, FROZEN, TUNED, BEST)


def kinds(pitches: Sequence[int]) -> NDArray[np.int64]:
    """For each note the place of its kind in KINDS.

    A note repeats if the `RUN` pitches before it have come before, and were last followed by the
    same pitch; it breaks a repeat if they were followed by another.
    """
    found = np.full(len(pitches), KINDS.index("the rest"))
    found[:1] = KINDS.index("first note")
    followed: dict[tuple[int, ...], int] = {}
    for number in range(RUN, len(pitches)):
        before = tuple(pitches[number - RUN : number])
        if before in followed:
            kept = followed[before] == pitches[number]
            found[number] = KINDS.index("repeats" if kept else "breaks a repeat")
        followed[before] = pitches[number]
    return found


def where(rows: Sequence[Row], evidence: Sequence[Evidence]) -> Table:
    """Bits a note by kind, for some of the rows; the means of the sets' means."""
    which = []
    for each in evidence:
        every = np.concatenate([kinds(piece.pitches.tolist()) for piece in each.melodies.pieces])
        which.append(np.concatenate([every[notes.rows] for notes in each.notes]))
    shares = [float(np.mean([(k == n).mean() for k in which])) for n in range(len(KINDS))]
    lines = [Line("share of the notes", (*shares, 1.0, None))]
    repeats = KINDS.index("repeats")
    for row in rows:
        if row.name in SHOWN:
            of = [row.among([k == n for k in which])[-1] for n in range(len(KINDS))]
            free = [
                float(np.mean([np.where(k == repeats, 0.0, bits).mean() for bits in seeds]))
                for k, seeds in zip(which, row.bits, strict=True)
            ]
            lines.append(Line(row.name, (*of, row.figures[-1], float(np.mean(free)))))
    return Table(
        "Where the bits are",
        (*KINDS, "all", "repeats free"),
        tuple(lines),
        (
            f"A note repeats if the {RUN} pitches before it came before in its melody and were "
            "last followed by the same one. Repeats free: an oracle that knew each of those.",
        ),
    )
