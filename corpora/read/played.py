"""Any MIDI file, score or ABC text as plain notes in time, for those who only measure them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from corpora.errors import Unreadable
from corpora.read.abc import read_abc
from corpora.read.midi.parse import Tempo, parse, quarters_to_seconds
from corpora.read.musicxml import MOST_TICKS, NUMBER, pitch, score, tied, title
from corpora.tune import Tune
from theory.metre import QUARTER

Floats = NDArray[np.float64]
MOST_NOTES = 200_000
USUAL = 0.5  # seconds of a quarter note where no tempo is written
# A tempo of ABC, Q:1/4=120; of Q:120 alone writers meant notes of several lengths. And how long a
# quarter note is at most and at least.
BEATS = re.compile(r'Q:\s*(?:"[^"]*"\s*)?(\d{1,2})/([1-9]\d?)\s*=\s*([1-9]\d{0,2})\b')
FASTEST, SLOWEST = 0.1, 6.0
# In these metres tunes of other values are written too, with notes twice as long or half, so that
# their tempo is not known.
LENGTHENED = ("3/4", "5/4")
PLAIN = 90  # the velocity that MusicXML counts loudness in hundredths of


@dataclass(frozen=True, slots=True)
class PlayedNotes:
    """Notes in any order; arrays of equal length.

    onset, duration: seconds, of half a second a quarter note where `timed` is not so. beat: the
    onsets in quarter notes. pitch: MIDI numbers. velocity: 1–127, None where nothing is written of
    loudness. drums: which notes are.
    """

    title: str
    composer: str
    onset: Floats
    duration: Floats
    beat: Floats
    pitch: Floats
    drums: NDArray[np.bool_]
    velocity: Floats | None
    timed: bool


def of_midi(data: bytes, name: str) -> PlayedNotes:
    """A MIDI file's notes. Raises Unreadable."""
    found = parse(data)
    tracks = found.tracks
    beat = np.concatenate([track.onset for track in tracks])
    ends = beat + np.concatenate([track.duration for track in tracks])
    onset = quarters_to_seconds(found.tempos, beat)
    return PlayedNotes(
        title=name,
        composer="",
        onset=onset,
        duration=quarters_to_seconds(found.tempos, ends) - onset,
        beat=beat,
        pitch=np.concatenate([track.pitch for track in tracks]).astype(float),
        drums=np.concatenate([np.full(len(track.onset), track.drums) for track in tracks]),
        velocity=np.concatenate([track.velocity for track in tracks]).astype(float),
        timed=True,
    )


def of_abc(text: str, source: str, left: list[str]) -> Iterator[tuple[str, PlayedNotes]]:
    """The tunes of an ABC text, each with its number; `left` is told why others are not read."""
    tempos = dict(_tempos(text))
    for tune in read_abc(text, source, left_out=left.append):
        number = tune.source.rpartition("#")[2]
        yield number, _of_tune(tune, tempos.get(number))


def _tempos(text: str) -> Iterator[tuple[str, float]]:
    """A tune's number, and how many whole notes a second its field Q asks for, where it does."""
    number = ""
    for line in text.splitlines():
        if line.startswith("X:"):
            number = line[2:].strip().lstrip("0") or "0"
        found = BEATS.match(line)
        if found:
            yield number, int(found[1]) / int(found[2]) * int(found[3]) / 60


def _of_tune(tune: Tune, pace: float | None) -> PlayedNotes:
    rows = np.array([(each.start, each.end, each.pitch.midi) for each in tune.notes], float)
    begin, end = rows[:, 0] / QUARTER, rows[:, 1] / QUARTER
    quarter = None if not pace or tune.metre.name in LENGTHENED else 1 / pace / 4
    timed = quarter is not None and FASTEST <= quarter <= SLOWEST
    seconds = quarter if quarter is not None and timed else USUAL
    return PlayedNotes(
        title=tune.title,
        composer="",
        onset=begin * seconds,
        duration=(end - begin) * seconds,
        beat=begin,
        pitch=rows[:, 2],
        drums=np.zeros(len(rows), bool),
        velocity=None,
        timed=timed,
    )


def of_musicxml(name: str, data: bytes) -> PlayedNotes:
    """A score's notes, each bar once as it is written. Raises Unreadable."""
    root = score(name, data)
    if root.tag != "score-partwise":
        raise Unreadable("no score by parts")
    tempos: dict[float, float] = {}
    rows: list[tuple[float, float, float, float]] = []
    for part in root.iterfind("part"):
        rows += _part(part, tempos)
        if len(rows) > MOST_NOTES:
            raise Unreadable("too many notes")
    if not rows:
        raise Unreadable("no notes")
    begin, end, pitches, loud = np.array(rows, float).T
    composer = next(
        (each.text or "" for each in root.iter("creator") if each.get("type") == "composer"), ""
    )
    written = tuple(Tempo(at, tempos[at]) for at in sorted(tempos))
    onset = quarters_to_seconds(written, begin)
    return PlayedNotes(
        title=title(root),
        composer=composer.strip(),
        onset=onset,
        duration=quarters_to_seconds(written, end) - onset,
        beat=begin,
        pitch=pitches,
        drums=np.zeros(len(rows), bool),
        velocity=None if np.isnan(loud).any() else np.clip(loud, 1, 127),
        timed=bool(tempos),
    )


def _part(part: Element, tempos: dict[float, float]) -> list[tuple[float, float, float, float]]:
    """(start, end, pitch, velocity) of each note, in quarter notes; `tempos` is added to.

    A note that is tied to the one before makes that one longer.
    """
    found: list[list[float]] = []
    held: dict[float, int] = {}
    division, at, loud = Fraction(1), Fraction(0), float("nan")
    longest = Fraction(MOST_TICKS, QUARTER)
    for measure in part.iterfind("measure"):
        written = measure.findtext("attributes/divisions")
        if written is not None:
            if not NUMBER.fullmatch(written) or not float(written):
                raise Unreadable("divisions that are no number")
            division = Fraction(written)
        here = start = end = at
        for element in measure:
            for sign in _signs(element):
                if sign.get("tempo"):
                    tempos[float(here)] = 60 / _number(sign.get("tempo", ""), 5, 1000)
                if sign.get("dynamics"):
                    loud = PLAIN * _number(sign.get("dynamics", ""), 0, 1000) / 100
            step = _step(element) / division
            if here + step > longest:
                raise Unreadable("too long")
            if element.tag == "backup":
                here = max(at, here - step)
            elif element.tag == "forward":
                here += step
            elif element.tag == "note" and element.find("grace") is None:
                if element.find("chord") is None:
                    start, here = here, here + step
                height = pitch(element)
                if height is not None:
                    _strike(
                        found, held, element, float(start), float(start + step), height.midi, loud
                    )
            end = max(end, here)
        at = end
    return [(row[0], row[1], row[2], row[3]) for row in found]


def _strike(
    found: list[list[float]],
    held: dict[float, int],
    element: Element,
    start: float,
    end: float,
    midi: int,
    loud: float,
) -> None:
    if tied(element) and midi in held and abs(found[held[midi]][1] - start) < 1e-6:
        found[held[midi]][1] = end
        return
    held[midi] = len(found)
    found.append([start, end, float(midi), loud])


def _step(element: Element) -> Fraction:
    text = (element.findtext("duration") or "0").strip()
    if not NUMBER.fullmatch(text):
        raise Unreadable("a duration that is no number")
    return Fraction(text)


def _signs(element: Element) -> Iterator[Element]:
    """What a direction says of sound, or a sound that stands alone."""
    if element.tag == "sound":
        yield element
    elif element.tag == "direction":
        yield from element.iterfind("sound")


def _number(text: str, low: float, high: float) -> float:
    if not NUMBER.fullmatch(text):
        raise Unreadable("a tempo or loudness that is no number")
    return min(high, max(low, float(text)))
