"""Lead sheets: melodies with chord symbols, read fast from MusicXML without music21.

Takes a folder or a tar archive of .mxl and .musicxml files, such as OpenEWLD. The top line of the
first part is read, ties joined, repeats once; a sheet that changes its metre, has no chords or a
metre that Promenade does not know is left out.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from corpora.tunes import SAME, Sounding
from theory.chord import QUALITIES, Chord, Quality
from theory.metre import METRES, QUARTER, Metre
from theory.pitch import LETTERS, Note, Pitch, interval
from theory.scale import Key

# MusicXML's kinds of chords as intervals above the root.
TRIAD, MINOR, SEVENTH = ("P1", "M3", "P5"), ("P1", "m3", "P5"), ("P1", "M3", "P5", "m7")
KINDS: dict[str, tuple[str, ...]] = {
    **{name.replace(" ", "-"): quality.intervals for name, quality in QUALITIES.items()},
    "dominant": SEVENTH,
    "half-diminished": ("P1", "m3", "d5", "m7"),
    "major-minor": ("P1", "m3", "P5", "M7"),
    "minor-major": ("P1", "m3", "P5", "M7"),
    "augmented-seventh": ("P1", "M3", "A5", "m7"),
    "major-sixth": (*TRIAD, "M6"),
    "minor-sixth": (*MINOR, "M6"),
    "dominant-ninth": (*SEVENTH, "M2"),
    "major-ninth": (*TRIAD, "M7", "M2"),
    "minor-ninth": (*MINOR, "m7", "M2"),
    "augmented-ninth": ("P1", "M3", "A5", "m7", "M2"),
    "dominant-11th": (*SEVENTH, "M2", "P4"),
    "minor-11th": (*MINOR, "m7", "M2", "P4"),
    "dominant-13th": (*SEVENTH, "M2", "M6"),
    "minor-13th": (*MINOR, "m7", "M2", "M6"),
    "maj69": (*TRIAD, "M6", "M2"),
}
MODES = {"major": "ionian", "minor": "aeolian"}
BASS_OCTAVE = 2


@dataclass(frozen=True, slots=True)
class Harmony:
    """A chord from `start` to `end` in ticks, and its bass, set in the octave from C2."""

    start: int
    end: int
    chord: Chord
    bass: Pitch


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """A melody over chords, in ticks from the first barline; an upbeat's are negative."""

    source: str
    key: Key
    metre: Metre
    notes: tuple[Sounding, ...]
    chords: tuple[Harmony, ...]


def lead_sheets(path: Path) -> Iterator[LeadSheet]:
    """Every sheet of a folder or a tar archive that can be read, by name."""
    for name, data in sorted(_files(path)):
        sheet = _sheet(name, _unpacked(name, data))
        if sheet is not None:
            yield sheet


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    endings = (".mxl", ".musicxml", ".xml")
    if path.is_dir():
        for file in path.rglob("*"):
            if file.name.endswith(endings):
                yield file.name, file.read_bytes()
        return
    with tarfile.open(path) as archive:
        for member in archive:
            file_ = archive.extractfile(member) if member.name.endswith(endings) else None
            if file_ is not None:
                yield Path(member.name).name, file_.read()


def _unpacked(name: str, data: bytes) -> bytes:
    if not name.endswith(".mxl"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = (n for n in archive.namelist() if n.endswith(".xml") and "META" not in n)
        return archive.read(next(inside))


def _sheet(source: str, text: bytes) -> LeadSheet | None:
    part = ElementTree.fromstring(text).find("part")
    if part is None:
        return None
    times = {(t.findtext("beats"), t.findtext("beat-type")) for t in part.iter("time")}
    signature = part.find("measure/attributes/key")
    if len(times) != 1 or signature is None:
        return None
    written = "/".join(str(each) for each in next(iter(times)))
    named = SAME.get(written, written)
    if named not in METRES or written in ("3/8", "3/2"):
        return None
    metre = METRES[named]
    mode = MODES.get(signature.findtext("mode") or "major")
    if mode is None:
        return None
    fifths = int(signature.findtext("fifths") or 0) + (3 if mode == "aeolian" else 0)
    key = Key.of(Note.from_fifths(fifths).name, mode)
    notes: list[Sounding] = []
    starts: list[tuple[int, Chord, Pitch]] = []
    division, barline = 1, 0
    for number, measure in enumerate(part.iterfind("measure")):
        division = int(measure.findtext("attributes/divisions") or division)
        length = round(QUARTER * sum(_lengths(measure)) / division)
        upbeat = number == 0 and length < metre.bar
        at = -length * division if upbeat else barline * division
        for element in measure:
            at = _read(element, at, division, key, notes, starts)
        barline += 0 if upbeat else metre.bar
    chords = tuple(
        Harmony(start, end, chord, bass)
        for (start, chord, bass), end in zip(
            starts, [start for start, _, _ in starts[1:]] + [barline], strict=True
        )
        if end > start
    )
    if not chords or not notes or any(a.end > b.start for a, b in pairwise(notes)):
        return None
    return LeadSheet(source, key, metre, tuple(notes), chords)


def _lengths(measure: ElementTree.Element) -> Iterator[int]:
    for note in measure.iterfind("note"):
        if note.find("chord") is None and note.find("grace") is None:
            yield int(note.findtext("duration") or 0)


def _read(
    element: ElementTree.Element,
    at: int,
    division: int,
    key: Key,
    notes: list[Sounding],
    starts: list[tuple[int, Chord, Pitch]],
) -> int:
    """Read a note or a chord symbol; `at` is in ticks times divisions a quarter note."""
    now = round(at / division)
    if element.tag == "harmony":
        found = _chord(element, key)
        if found is not None:
            while starts and starts[-1][0] >= now:
                starts.pop()
            starts.append((now, *found))
    elif element.tag in ("backup", "forward"):
        step = QUARTER * int(element.findtext("duration") or 0)
        return at - step if element.tag == "backup" else at + step
    elif element.tag == "note" and element.find("grace") is None and element.find("chord") is None:
        at += QUARTER * int(element.findtext("duration") or 0)
        end, pitch = round(at / division), _pitch(element)
        tied = any(tie.get("type") == "stop" for tie in element.findall("tie"))
        if pitch is None or end <= now:
            return at
        if tied and notes and notes[-1].pitch == pitch and notes[-1].end == now:
            notes[-1] = Sounding(notes[-1].start, end, pitch)
        else:
            notes.append(Sounding(now, end, pitch))
    return at


def _pitch(note: ElementTree.Element) -> Pitch | None:
    pitch = note.find("pitch")
    if pitch is None:
        return None
    alter = round(float(pitch.findtext("alter") or 0))
    octave = int(pitch.findtext("octave") or 4)
    return Pitch(LETTERS.index(pitch.findtext("step") or "C"), alter, octave)


def _chord(harmony: ElementTree.Element, key: Key) -> tuple[Chord, Pitch] | None:
    intervals = KINDS.get((harmony.findtext("kind") or "").strip())
    if intervals is None or harmony.find("root/root-step") is None:
        return None
    root = _note(harmony, "root")
    tones = tuple(root.up(interval(each)) for each in intervals)
    bass = _note(harmony, "bass") if harmony.find("bass/bass-step") is not None else root
    chord = Chord(
        roman="",
        key=key,
        root=root,
        quality=Quality(harmony.findtext("kind") or "", intervals, ""),
        inversion=tones.index(bass) if bass in tones else 0,
        tones=tones,
        function="",
        leading=None,
        target=None,
    )
    return chord, bass.at(BASS_OCTAVE)


def _note(harmony: ElementTree.Element, which: str) -> Note:
    step = harmony.findtext(f"{which}/{which}-step") or "C"
    return Note(LETTERS.index(step), round(float(harmony.findtext(f"{which}/{which}-alter") or 0)))
