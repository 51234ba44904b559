"""MusicXML read fast, without music21: what lead sheets and chorales need of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from xml.etree.ElementTree import Element

from corpora.errors import Unreadable
from corpora.read.abc import SAME
from corpora.read.container import packed, root_of
from theory.chord import Chord, Quality
from theory.metre import METRES, QUARTER, Metre
from theory.pitch import LETTERS, NoteName, Pitch, interval
from theory.scale import Key

ENDINGS = (".mxl", ".musicxml", ".xml")
BASS_OCTAVE = 2
# Unpacked, a song is far smaller; what is larger is no song, and may be a trap.
MOST_BYTES = 20_000_000
# In ticks: more than an hour and a half at a usual tempo. And sharps or flats of a signature.
MOST_TICKS = 240_000
MOST_FIFTHS = 12
NUMBER = re.compile(r"\s*\d{1,9}(\.\d{0,9})?\s*")


def score(name: str, data: bytes) -> Element:
    """The root of a file's XML; `.mxl` is unpacked. Raises Unreadable."""
    if name.endswith(".mxl") and not packed(data):
        raise Unreadable("not MusicXML")
    return root_of(data, MOST_BYTES)


def title(root: Element) -> str:
    """The work's or the movement's title, or ""."""
    return (root.findtext("work/work-title") or root.findtext("movement-title") or "").strip()


def metre(part: Element) -> tuple[Metre, Fraction]:
    """The one metre of a part, and by how much its values are lengthened to write it in ours.

    Raises Unreadable where the metre changes or is not known.
    """
    times = {(t.findtext("beats"), t.findtext("beat-type")) for t in part.iter("time")}
    if not times:
        raise Unreadable("no metre")
    if len(times) > 1:
        raise Unreadable("the metre changes")
    written = "/".join(str(each) for each in next(iter(times)))
    found = METRES.get(SAME.get(written, written))
    if found is None:
        raise Unreadable("a metre that is not known")
    return found, Fraction(found.numerator, found.denominator) / Fraction(written)


def fifths(part: Element) -> int:
    """The sharps (or, negative, flats) of a part's signature. Raises Unreadable if it changes."""
    found = {key.findtext("fifths") for key in part.iter("key")}
    if len(found) > 1:
        raise Unreadable("the key changes")
    number = int(next(iter(found), None) or 0)
    if abs(number) > MOST_FIFTHS:
        raise Unreadable("a key that is not known")
    return number


def events(part: Element, bar: int, scale: Fraction) -> Iterator[tuple[int, int, Element]]:
    """(start, end, element) of every note, rest and chord symbol of a part, in ticks.

    Barlines lie `bar` ticks apart: an incomplete first bar is an upbeat, two incomplete bars that
    complete each other are one, and any other is filled up. Grace notes are left out; a chord's
    further notes begin and end with its first. Raises Unreadable for a part that is too long, and
    for divisions of a quarter note that are no positive number.
    """
    barline = Fraction(0)
    filled = Fraction(0)
    division = Fraction(1)
    for number, measure in enumerate(part.iterfind("measure")):
        division = _division(measure.findtext("attributes/divisions")) or division
        tick = QUARTER * scale / division
        length = _length(measure) * tick
        if number == 0 and 0 < length < bar:
            at = -length
        else:
            at = barline + filled
            if 0 < length < bar and filled + length <= bar:
                filled = (filled + length) % bar
                barline += 0 if filled else bar
            else:
                at, filled = at + (bar - filled if filled else 0), Fraction(0)
                barline = at + bar * max(1, -(-length // bar))
        start = at
        for element in measure:
            step = int(element.findtext("duration") or 0) * tick
            if abs(at) + step > MOST_TICKS:
                raise Unreadable("too long")
            if element.tag == "backup":
                at -= step
            elif element.tag == "forward":
                at += step
            elif element.tag == "harmony":
                yield round(at), round(at), element
            elif element.tag == "note" and element.find("grace") is None:
                if element.find("chord") is None:
                    start, at = at, at + step
                yield round(start), round(at), element


def _division(text: str | None) -> Fraction | None:
    """Divisions of a quarter note as they are written, None where nothing is."""
    if not text:
        return None
    if not NUMBER.fullmatch(text) or not float(text):
        raise Unreadable("too long" if "e" in text.lower() else "divisions that are no number")
    return Fraction(text)


def _length(measure: Element) -> int:
    at = longest = 0
    for element in measure:
        step = int(element.findtext("duration") or 0)
        if element.tag == "backup":
            at -= step
        elif element.tag == "forward" or (
            element.tag == "note"
            and element.find("chord") is None
            and element.find("grace") is None
        ):
            at += step
        longest = max(longest, at)
    return longest


def pitch(note: Element) -> Pitch | None:
    """A note's pitch; None for a rest or a percussion's. Raises Unreadable."""
    found = note.find("pitch")
    if found is None:
        return None
    alter = round(float(found.findtext("alter") or 0))
    octave = int(found.findtext("octave") or 4)
    return Pitch(LETTERS.index(found.findtext("step") or "C"), alter, octave)


def tied(note: Element) -> bool:
    """Does the note go on from the one before?"""
    return any(tie.get("type") == "stop" for tie in note.findall("tie"))


def chord(root: NoteName, quality: Quality, key: Key, bass: NoteName) -> tuple[Chord, Pitch]:
    """A chord by its root and quality, with no numeral, and its bass from C2 up."""
    tones = tuple(root.up(interval(each)) for each in quality.intervals)
    found = Chord(
        roman="",
        key=key,
        root=root,
        quality=quality,
        inversion=tones.index(bass) if bass in tones else 0,
        tones=tones,
        function="",
        leading=None,
        target=None,
    )
    return found, bass.at(BASS_OCTAVE)
