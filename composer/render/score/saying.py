"""What a score of ours says of itself, written into its miscellaneous fields.

Where the melody stands is read back from the finished file, so that whoever reads it finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from composer.values import Piece
from composer.vocabulary import SINGERS
from corpora.read.lines import Stave, joined, played, staves
from corpora.read.said import Said, SungAt, written
from corpora.read.sheet import sheet_of
from theory.metre import QUARTER
from theory.pitch import Pitch

_END = b"</identification>"
# When a note begins and ends, its pitch as it sounds, and how much higher that is than composed.
Sounding = tuple[Fraction, Fraction, Pitch, int]
# A voice's index, and which of its notes at a time.
Fit = tuple[int, str]


def with_fields(data: bytes, piece: Piece, *, sung: bool) -> bytes:
    """The bytes of a score with what it says of itself; `sung` says that it holds the melody."""
    plan = piece.plan
    upbeats = {phrase.start: phrase.upbeat for phrase in plan.phrases}
    closes = [
        (_moment(span.start), _moment(span.end - upbeats.get(span.end, 0)))
        for span in piece.harmony.spans
        if span.cadence
    ]
    bass = [(_moment(span.start), span.voicing.bass) for span in piece.harmony.spans]
    said = Said(
        plan.language,
        plan.key.name,
        tuple(sorted(plan.off)),
        plan.melody.compass,
        tuple(_melody(data, piece)) if sung else (),
        tuple(closes) if sung else (),
        tuple(bass) if sung else (),
    )
    fields = "".join(
        f'\n      <miscellaneous-field name="{name}">{escape(text)}</miscellaneous-field>'
        for name, text in written(said).items()
    )
    block = f"  <miscellaneous>{fields}\n    </miscellaneous>\n  "
    before, end, after = data.partition(_END)
    return before + block.encode() + end + after if end else data


def _moment(tick: int) -> Fraction:
    return Fraction(tick, QUARTER)


def _melody(data: bytes, piece: Piece) -> Iterator[SungAt]:
    """Where the melody stands: the runs of its notes that one voice has."""
    sheet = sheet_of(ElementTree.fromstring(data))
    rows = staves(sheet, played(sheet))
    struck = [_struck(row) for row in rows]
    run: list[Sounding] = []
    at: Fit | None = None
    for note in _sung(piece):
        fits = list(_fits(note, struck))
        goes_on = at is not None and at in fits and run[-1][3] == note[3]
        if at is None or not goes_on or not _free(struck[at[0]], run[-1], note):
            if at is not None:
                yield _run(run, at, rows, [part.ident for part in sheet.parts])
            run, at = [], fits[0] if fits else None
        if at is not None:
            run.append(note)
    if at is not None:
        yield _run(run, at, rows, [part.ident for part in sheet.parts])


def _sung(piece: Piece) -> list[Sounding]:
    """The melody's notes in order of time, as they sound."""
    found = []
    for part in piece.parts:
        for note in part.notes if part.role in SINGERS else ():
            if note.pitch is not None:
                pitch = note.pitch
                high = Pitch(pitch.step, pitch.alter, pitch.octave + part.octave)
                found.append((_moment(note.start), _moment(note.end), high, part.octave))
    return sorted(found, key=lambda note: note[0])


# By the moment at which a voice strikes: its notes, the highest first, each with its end.
Struck = dict[Fraction, list[tuple[Pitch, Fraction]]]


def _struck(row: Stave) -> Struck:
    found: Struck = {}
    for note in joined(row.notes):
        found.setdefault(note.start, []).append((note.pitch, note.end))
    return {at: sorted(notes, reverse=True) for at, notes in found.items()}


def _fits(note: Sounding, struck: Sequence[Struck]) -> Iterator[Fit]:
    start, end, pitch, _ = note
    for index, row in enumerate(struck):
        notes = row.get(start)
        for place, which in ((0, "highest"), (-1, "lowest")):
            if notes and notes[place] == (pitch, end):
                yield index, which


def _free(row: Struck, before: Sounding, now: Sounding) -> bool:
    """Does a voice strike nothing else between two notes of the melody?"""
    return not any(before[0] < at < now[0] for at in row)


def _run(run: Sequence[Sounding], at: Fit, rows: Sequence[Stave], parts: Sequence[str]) -> SungAt:
    row = rows[at[0]]
    return SungAt(parts[row.part], row.voice, run[0][0], run[-1][1], run[0][3], at[1])
