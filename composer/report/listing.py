"""The notes as rows of a table, for whoever cannot see the roll: what sounds as one is one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from composer.explain.style import music
from composer.report.words import label, length

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Struck:
    """One or more notes that a part strikes together, of one length and for one cause."""

    bar: int
    beat: str
    part: str
    pitches: str
    length: str
    what: str
    rules: str


def listing(document: Json) -> list[Struck]:
    """Every note, in order of time; those of a part with one cause stand in one row, from the
    lowest to the highest."""
    together: dict[tuple[Any, ...], list[Json]] = {}
    for note in document["notes"]:
        cause = note["cause"]
        key = (note["tick"], note["part"], note["duration"], cause["label"], *cause["rules"])
        together.setdefault(key, []).append(note)
    return [_struck(notes) for notes in together.values()]


def _struck(notes: list[Json]) -> Struck:
    first = notes[0]
    return Struck(
        bar=first["bar"],
        beat=f"{first['beat']:g}",
        part=first["part"],
        pitches=music(" ".join(note["pitch"] for note in notes)),
        length=length(first["duration"]),
        what=first["cause"]["label"],
        rules=", ".join(map(label, first["cause"]["rules"])),
    )
