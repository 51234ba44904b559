"""The notes as a piano roll, in rows of a few bars, and as a list, read off the explanation.

Across, a place is a share of its row's width, so that a row fits a telephone and a projector;
upwards it is pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor
from typing import Any

from composer.explanation.format import Explanation, NoteJson, PhraseJson
from composer.explanation.layout import music, roman
from composer.render.report.words import label, length
from composer.vocabulary import ROLES

BARS = 4  # a row
STEPS = (6, 4)  # pixels a semitone: in a narrow compass, and in one wider than WIDE semitones
WIDE = 36
STROKE = 7  # pixels a row of drums
SKY = 4  # pixels above the highest note, and below the lowest


@dataclass(frozen=True, slots=True)
class NoteBox:
    """A note, or the part of it that lies in a row: its number, place (left and width in per cent,
    top in pixels) and part. `tied` is true of all but the first piece."""

    note: int
    left: float
    width: float
    top: float
    part: str
    tied: bool


@dataclass(frozen=True, slots=True)
class RollMark:
    """A barline, a chord or a section at a place in a row; `number` is its own in the piece."""

    left: float
    width: float
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class RollRow:
    """Bars `first` to `last` of the piece, from tick `start` on for `ticks`."""

    first: int
    last: int
    start: int
    ticks: int
    boxes: tuple[tuple[str, tuple[NoteBox, ...]], ...]  # part by part, the melody's on top
    bars: tuple[RollMark, ...]
    chords: tuple[RollMark, ...]
    sections: tuple[RollMark, ...]
    contour: tuple[str, ...]  # points of one line a phrase: ticks across, pixels down
    tension: str  # points of the shade under the line of tension; none for a plan without it


@dataclass(frozen=True, slots=True)
class TonicLine:
    """A line across all rows at a tonic's height, in pixels from the top."""

    top: float
    text: str


@dataclass(frozen=True, slots=True)
class ReportRoll:
    """The rows, all of one height in pixels; `step` is a semitone's."""

    rows: tuple[RollRow, ...]
    height: int
    step: int
    tonics: tuple[TonicLine, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Heights of keys and of drums in a row."""

    low: int
    high: int
    drums: tuple[int, ...]  # keys of percussion from the top down

    @property
    def step(self) -> int:
        return STEPS[self.high - self.low > WIDE]

    @property
    def staff(self) -> int:
        return (self.high - self.low + 1) * self.step + 2 * SKY

    @property
    def height(self) -> int:
        return self.staff + (len(self.drums) * STROKE + SKY if self.drums else 0)

    def top(self, key: float) -> float:
        return round(SKY + (self.high - key) * self.step, 1)

    def stroke(self, key: int) -> float:
        return self.staff + self.drums.index(key) * STROKE


def roll(document: Explanation) -> ReportRoll:
    """The roll of the whole piece."""
    metre, bars = document["plan"]["metre"], document["plan"]["bars"]
    sounding = [note["key"] for note in document["notes"] if note["part"] != "drums"]
    drums = {note["key"] for note in document["notes"] if note["part"] == "drums"}
    heights = [h for phrase in document["plan"]["phrases"] for h in _contour_heard(phrase)]
    scale = _Scale(
        floor(min(sounding + heights, default=60)),
        ceil(max(sounding + heights, default=72)),
        tuple(sorted(drums, reverse=True)),
    )
    rows = []
    for first in range(1, bars + 1, BARS):
        last = min(first + BARS - 1, bars)
        start, ticks = (first - 1) * metre["ticks_per_bar"], BARS * metre["ticks_per_bar"]
        rows.append(
            RollRow(
                first,
                last,
                start,
                ticks,
                _by_part(_boxes(document, scale, start, ticks)),
                tuple(
                    RollMark(100 * (bar - first) / BARS, 100 / BARS, bar, str(bar))
                    for bar in range(first, last + 1)
                ),
                tuple(_chords(document, start, ticks)),
                tuple(_sections(document, start, ticks)),
                tuple(_contour(document, scale, start, ticks)),
                _tension(document, scale.height, first, last),
            )
        )
    return ReportRoll(tuple(rows), scale.height, scale.step, _tonics(document, scale))


def _by_part(boxes: Sequence[NoteBox]) -> tuple[tuple[str, tuple[NoteBox, ...]], ...]:
    """The boxes of each part that sounds, those of the last role first: they are drawn below."""
    parts = [(role, tuple(box for box in boxes if box.part == role)) for role in reversed(ROLES)]
    return tuple((role, found) for role, found in parts if found)


def _boxes(document: Explanation, scale: _Scale, start: int, ticks: int) -> list[NoteBox]:
    """The notes that sound in a row; drums, which are struck and not held, as short marks."""
    found = []
    for number, note in enumerate(document["notes"]):
        begin, end = note["tick"], note["tick"] + note["duration"]
        if end <= start or begin >= start + ticks:
            continue
        left, right = max(begin, start), min(end, start + ticks)
        drum = note["part"] == "drums"
        found.append(
            NoteBox(
                number,
                _per_cent(left - start, ticks),
                0.9 if drum else _per_cent(right - left, ticks),
                scale.stroke(note["key"]) if drum else scale.top(note["key"]),
                note["part"],
                begin < start,
            )
        )
    return found


def _chords(document: Explanation, start: int, ticks: int) -> list[RollMark]:
    return [
        RollMark(
            _per_cent(span["tick"] - start, ticks),
            _per_cent(min(span["duration"], start + ticks - span["tick"]), ticks),
            number,
            roman(span["roman"]),
        )
        for number, span in enumerate(document["harmony"])
        if start <= span["tick"] < start + ticks
    ]


def _sections(document: Explanation, start: int, ticks: int) -> list[RollMark]:
    """The sections that reach into a row; each has its name where it begins."""
    bar = document["plan"]["metre"]["ticks_per_bar"]
    found = []
    for number, section in enumerate(document["plan"]["sections"]):
        begin = (section["bar"] - 1) * bar
        left, right = max(begin, start), min(begin + section["bars"] * bar, start + ticks)
        if left < right:
            text = section["name"] if begin >= start else ""
            found.append(
                RollMark(
                    _per_cent(left - start, ticks), _per_cent(right - left, ticks), number, text
                )
            )
    return found


def _contour(document: Explanation, scale: _Scale, start: int, ticks: int) -> list[str]:
    """What the skyline asks of the melody: a height a beat, as points at the beats' middles."""
    metre = document["plan"]["metre"]
    bar, beat = metre["ticks_per_bar"], metre["ticks_per_beat"]
    points = []
    for order, phrase in enumerate(document["plan"]["phrases"]):
        if not phrase.get("sung", True):
            continue
        first = (phrase["bar"] - 1) * bar + round((phrase["beat"] - 1) * beat)
        for number, height in enumerate(_contour_heard(phrase)):
            tick = first + number * beat + beat // 2
            if start <= tick < start + ticks:
                points.append((order, f"{tick - start},{scale.top(height) + scale.step / 2:g}"))
    return [
        " ".join(point for _, point in group)
        for _, group in groupby(points, key=lambda point: point[0])
    ]


def _tension(document: Explanation, height: int, first: int, last: int) -> str:
    """The line of tension of some bars over the row's lower edge, as steps."""
    curve = document["plan"].get("tension", [])[first - 1 : last]
    if not curve:
        return ""
    bar = document["plan"]["metre"]["ticks_per_bar"]
    points = [f"0,{height}"]
    for number, value in enumerate(curve):
        top = round(height * (1 - value), 1)
        points += [f"{number * bar},{top:g}", f"{(number + 1) * bar},{top:g}"]
    return " ".join([*points, f"{len(curve) * bar},{height}"])


def _contour_heard(phrase: PhraseJson) -> list[float]:
    """The contour as it sounds: it is written pitch, and the melody may sound octaves higher."""
    return [height + 12 * phrase["octave"] for height in phrase["contour"]]


def _tonics(document: Explanation, scale: _Scale) -> tuple[TonicLine, ...]:
    """A line at every tonic of the piece's key within the compass."""
    key = document["plan"]["key"]
    name = key["tonic"]
    pitch_class = ("C D EF G A B".index(name[0]) + name.count("#") - name[1:].count("b")) % 12
    return tuple(
        TonicLine(scale.top(number) + scale.step / 2, f"{music(name)}{_octave(name, number)}")
        for number in range(scale.low, scale.high + 1)
        if number % 12 == pitch_class
    )


def _octave(name: str, number: int) -> int:
    """The octave in which a pitch of this spelling has this MIDI number: C♭4 is number 59."""
    return (number - name.count("#") + name[1:].count("b")) // 12 - 1


def _per_cent(part: int, whole: int) -> float:
    return round(100 * part / whole, 3)


@dataclass(frozen=True, slots=True)
class ListedNote:
    """One or more notes that a part strikes together, of one length and for one cause."""

    bar: int
    beat: str
    part: str
    pitches: str
    length: str
    what: str
    rules: str


def listing(document: Explanation) -> list[ListedNote]:
    """Every note, in order of time; those of a part with one cause stand in one row, from the
    lowest to the highest."""
    together: dict[tuple[Any, ...], list[NoteJson]] = {}
    for note in document["notes"]:
        cause = note["cause"]
        key = (note["tick"], note["part"], note["duration"], cause["label"], *cause["rules"])
        together.setdefault(key, []).append(note)
    return [_listed(notes) for notes in together.values()]


def _listed(notes: list[NoteJson]) -> ListedNote:
    first = notes[0]
    return ListedNote(
        bar=first["bar"],
        beat=f"{first['beat']:g}",
        part=first["part"],
        pitches=music(" ".join(note["pitch"] for note in notes)),
        length=length(first["duration"]),
        what=first["cause"]["label"],
        rules=", ".join(map(label, first["cause"]["rules"])),
    )
