"""What a score of ours says of itself, in MusicXML's miscellaneous fields.

Notes, chord symbols and numerals stand in the score. What no element of MusicXML says stands here:
the language whose rules it keeps, its key with its mode, which rules were switched off, who sings
the melody where, its compass, which chords close a phrase and when, and the bass of the four voices
that the accompaniment unfolds. Moments are quarter notes from the beginning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from corpora.errors import ScoreError
from theory.pitch import Pitch
from theory.rules import check_language, check_rules

PREFIX = "promenade-"
_MOMENT = re.compile(r"\d{1,6}(/\d{1,4})?")
_OCTAVES = re.compile(r"[+-]\d")
_PITCH = re.compile(r"[A-G](#{1,2}|b{1,2})?-?\d")
WHICH = ("highest", "lowest")


@dataclass(frozen=True, slots=True)
class SungAt:
    """Where the melody stands from `start` to before `end`: in a part's voice, so many octaves
    higher than it was composed: of what that voice strikes at once the highest or lowest note."""

    part: str
    voice: str
    start: Fraction
    end: Fraction
    octaves: int
    which: str

    def __str__(self) -> str:
        return f"{self.start}-{self.end} {self.part} {self.voice} {self.octaves:+d} {self.which}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a score says of itself. `closes` are the chords that close a phrase, from their
    beginning to where the next phrase's upbeat begins; `bass` the note below every chord."""

    language: str
    key: str
    off: tuple[str, ...]
    compass: tuple[Pitch, Pitch]
    melody: tuple[SungAt, ...] = ()
    closes: tuple[tuple[Fraction, Fraction], ...] = ()
    bass: tuple[tuple[Fraction, Pitch], ...] = ()


def written(said: Said) -> dict[str, str]:
    """The fields, by name."""
    found = {
        "language": said.language,
        "key": said.key,
        "rules-off": " ".join(said.off),
        "compass": " ".join(pitch.name for pitch in said.compass),
        "melody": "; ".join(map(str, said.melody)),
        "phrase-ends": "; ".join(f"{start}-{end}" for start, end in said.closes),
        "bass": "; ".join(f"{start} {pitch.name}" for start, pitch in said.bass),
    }
    return {PREFIX + name: text for name, text in found.items() if text}


def read_said(fields: Mapping[str, str]) -> Said | None:
    """What the fields of a score say; None where it is none of ours.

    Raises ScoreError for fields of ours that somebody has spoilt.
    """
    own = {name.removeprefix(PREFIX): text for name, text in fields.items() if PREFIX in name[:10]}
    if not own:
        return None
    try:
        low, high = (_pitch(each) for each in own["compass"].split())
        off = tuple(own.get("rules-off", "").split())
        check_language(own["language"])
        check_rules("off", off)
        return Said(
            own["language"],
            own["key"],
            off,
            (low, high),
            tuple(_sung(row) for row in _rows(own.get("melody", ""))),
            tuple(_span(row) for row in _rows(own.get("phrase-ends", ""))),
            tuple(_bass(row) for row in _rows(own.get("bass", ""))),
        )
    except (KeyError, ValueError):
        raise ScoreError(
            f"What the score says of itself ({PREFIX}… in its miscellaneous fields) has been "
            "changed and cannot be read. Take those fields out, or compose it again."
        ) from None


def _rows(text: str) -> Sequence[str]:
    return [row.strip() for row in text.split(";") if row.strip()]


def _sung(row: str) -> SungAt:
    span, part, voice, octaves, which = row.split()
    if which not in WHICH or not _OCTAVES.fullmatch(octaves):
        raise ValueError(row)
    return SungAt(part, voice, *_span(span), int(octaves), which)


def _span(text: str) -> tuple[Fraction, Fraction]:
    start, end = (_moment(each) for each in text.split("-"))
    if end <= start:
        raise ValueError(text)
    return start, end


def _moment(text: str) -> Fraction:
    if not _MOMENT.fullmatch(text) or text.endswith("/0"):
        raise ValueError(text)
    return Fraction(text)


def _bass(row: str) -> tuple[Fraction, Pitch]:
    start, pitch = row.split()
    return _moment(start), _pitch(pitch)


def _pitch(text: str) -> Pitch:
    if not _PITCH.fullmatch(text):
        raise ValueError(text)
    return Pitch.parse(text)
