"""A piece proven from its file: the checker that shares nothing with what composed it.

It needs the standard library and nothing else; docs/proof.md says what it proves, and what it takes
on trust, so that somebody could write another.
"""

from __future__ import annotations

from decimal import Context, localcontext
from pathlib import Path
from typing import NamedTuple

from composer.proof import files
from composer.proof.decisions import decided
from composer.proof.form import formed
from composer.proof.harmony import spans_of
from composer.proof.notes import played
from composer.proof.reading import Node, NoPieceError, RefusedError, read, shown
from composer.proof.why import reasons

__all__ = ["NoPieceError", "Proof", "RefusedError", "prove"]
FORMAT = 3  # of the explanation
BESIDE = {".mid": files.midi, ".musicxml": files.score}
# What a document raises in whoever reads it, where its parts point nowhere.
_ASTRAY = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError,
           ValueError)  # fmt: skip


class Proof(NamedTuple):
    """What was proven: how many decisions, chords and notes, and the files held against them."""

    decisions: int
    chords: int
    notes: int
    files: tuple[str, ...]


def prove(path: Path) -> Proof:
    """Proves the piece in a file, and the MIDI and MusicXML of its name where they lie beside it.

    Raises RefusedError with the first thing that does not follow, and NoPieceError for what is no
    such file.
    """
    try:
        with localcontext(Context(prec=40)):
            return _proven(read(path), path)
    except _ASTRAY as error:
        raise NoPieceError(f"its parts do not belong together ({shown(error)})") from None


def _proven(document: Node, path: Path) -> Proof:
    if document["promenade"].raw != FORMAT:
        raise NoPieceError(f"it is not of version {FORMAT} of the format")
    document["title"].be(document["picture"]["name"].raw, "the picture's name")
    run = decided(document)
    reasons(document, run)
    form = formed(document, run)
    spans = spans_of(document, form)
    played(document, run, form, spans)
    beside = [(path.with_suffix(suffix), check) for suffix, check in BESIDE.items()]
    beside = [(file, check) for file, check in beside if file.exists()]
    for file, check in beside:
        check(file, document, form)
    names = tuple(file.name for file, _ in beside)
    return Proof(len(run.made), len(spans), len(document["notes"]), names)
