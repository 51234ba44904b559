"""Measured features as gauges: where a picture lies among photographs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from composer.explanation.features import bounds
from composer.explanation.format import Explanation, NoteJson, TypicalJson
from composer.explanation.layout import music, plain
from composer.render.report.words import label, length


@dataclass(frozen=True, slots=True)
class Gauge:
    """A feature. Places are per cent of the gauge's width: the value's, the middle photograph's,
    and the stretches that half and nine tenths of photographs lie in (left, width)."""

    label: str
    value: str
    unit: str
    meaning: str
    source: str
    most_in: str
    standing: str
    at: float | None
    middle: float
    half: tuple[float, float]
    most: tuple[float, float]


def gauges(document: Explanation, names: Iterable[str]) -> list[Gauge]:
    """A gauge for each feature named; without places where photographs have no middle (hue)."""
    return [_gauge(name, document) for name in names]


def _gauge(name: str, document: Explanation) -> Gauge:
    feature = document["features"][name]
    value, typical = feature["value"], feature["typical"]
    at, middle, half, most, words = None, 0.0, (0.0, 0.0), (0.0, 0.0), ""
    if typical:
        low, below, centre, above, high = bounds(typical)
        left, right = min(low, value), max(high, value)
        span = (right - left) or 1.0

        def place(number: float) -> float:
            return round(4.0 + 92.0 * float(number - left) / float(span), 2)

        at, middle = place(value), place(centre)
        half = (place(below), round(place(above) - place(below), 2))
        most = (place(low), round(place(high) - place(low), 2))
        words = standing(value, typical)
    return Gauge(
        label=label(name),
        value=plain(value),
        unit=feature["unit"],
        meaning=feature["meaning"],
        source=feature["source"],
        most_in=_most_in(name, document),
        standing=words,
        at=at,
        middle=middle,
        half=half,
        most=most,
    )


def _most_in(name: str, document: Explanation) -> str:
    """The region where there is most of it, where regions have it: its name and value."""
    having = [region for region in document["picture"]["regions"] if name in region["features"]]
    if len(having) < 2:
        return ""
    most = max(having, key=lambda region: float(region["features"][name]))
    return f"{most['name']} ({plain(most['features'][name])})"


def standing(value: float, typical: TypicalJson) -> str:
    """Where a value lies among photographs, in words.

    >>> typical = {"5 %": 1, "25 %": 2, "50 %": 3, "75 %": 4, "95 %": 5}
    >>> standing(4.5, typical), standing(3, typical)
    ('above 75 % of photographs', 'as in most photographs')
    """
    low, below, _, above, high = bounds(typical)
    if value > above:
        return f"above {95 if value > high else 75} % of photographs"
    if value < below:
        rest = 95 if value < low else 75
        return f"below {rest} % of photographs"
    return "as in most photographs"


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


def listing(document: Explanation) -> list[Struck]:
    """Every note, in order of time; those of a part with one cause stand in one row, from the
    lowest to the highest."""
    together: dict[tuple[Any, ...], list[NoteJson]] = {}
    for note in document["notes"]:
        cause = note["cause"]
        key = (note["tick"], note["part"], note["duration"], cause["label"], *cause["rules"])
        together.setdefault(key, []).append(note)
    return [_struck(notes) for notes in together.values()]


def _struck(notes: list[NoteJson]) -> Struck:
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
