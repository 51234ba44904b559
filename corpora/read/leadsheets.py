"""Lead sheets: melodies with chord symbols, read fast from MusicXML.

The first voice of the first part that sings is read, of its chords the top note, ties joined,
repeats once. A sheet that changes its key or metre, or has no chords, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

from corpora.archives import MOST_BYTES, members
from corpora.errors import Unreadable
from corpora.folders import files
from corpora.read.musicxml import ENDINGS, chord, events, fifths, metre, pitch, score, tied, title
from corpora.tune import Tune
from theory.chord import QUALITIES, Chord, Quality
from theory.pitch import LETTERS, NoteName, Pitch
from theory.scale import MODES as SCALES
from theory.scale import Key
from theory.timed import TimedChord, TimedNote

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


def lead_sheets(path: Path) -> Iterator[Tune]:
    """Every sheet of a folder or a tar archive that can be read, by name.

    Raises CorpusError for what is no archive, and for one or a folder beyond the limits.
    """
    for name, data in sorted(_files(path)):
        try:
            yield read_sheet(name, data, path.name)
        except Exception:  # whatever the reader stumbles over is no sheet
            continue


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in files(path, ENDINGS):
            if file.is_file() and file.stat().st_size <= MOST_BYTES:
                yield file.name, file.read_bytes()
        return
    for name, data in members(path, ENDINGS):
        if isinstance(data, bytes):
            yield Path(name).name, data


def read_sheet(name: str, data: bytes, collection: str) -> Tune:
    """The lead sheet in the bytes of a MusicXML file of that name. Raises Unreadable."""
    root = score(name, data)
    part = next((each for each in root.findall("part") if each.find(".//note/pitch")), None)
    if part is None:
        raise Unreadable("no notes")
    felt, scale = metre(part)
    written = part.findtext("measure/attributes/key/mode") or "major"
    mode = MODES.get(written, written)
    if mode not in ("ionian", "aeolian", "dorian", "phrygian", "lydian", "mixolydian"):
        raise Unreadable("a key that is not known")
    sharps = Key.of("C", mode).signature
    key = Key.of(NoteName.from_fifths(fifths(part) - sharps).name, mode)
    key = _minor(part, key)
    notes: list[TimedNote] = []
    starts: list[tuple[int, Chord, Pitch]] = []
    voice, end = None, 0
    for start, stop, element in events(part, felt.bar, scale):
        end = max(end, stop)
        if element.tag == "harmony":
            found = symbol(element, key)
            if found is not None:
                while starts and starts[-1][0] >= start:
                    starts.pop()
                starts.append((start, *found))
        else:
            here = element.findtext("voice")
            voice = voice or here
            if here == voice:
                _add(notes, start, stop, element)
    if not notes:
        raise Unreadable("no notes")
    last = -(-end // felt.bar) * felt.bar
    chords = tuple(
        TimedChord(start, stop, found, bass)
        for (start, found, bass), stop in zip(
            starts, [start for start, _, _ in starts[1:]] + [last], strict=True
        )
        if stop > start
    )
    if not chords:
        raise Unreadable("no chord symbols")
    if any(a.end > b.start for a, b in pairwise(notes)):
        raise Unreadable("notes that overlap")
    return Tune(collection, name, title(root), key, felt, tuple(notes), chords)


def _minor(part: Element, key: Key) -> Key:
    """The relative minor of a major key, if the last chord symbol is its minor tonic.

    Programs that write lead sheets call most minor keys by their relative major.
    """
    relative = NoteName.from_fifths(key.tonic.fifths + 3)
    last = next(reversed(list(part.iter("harmony"))), None)
    found = None if last is None else symbol(last, key)
    ends = found is not None and found[0].root == relative and "m3" in found[0].quality.intervals
    return Key(relative, SCALES["aeolian"]) if ends and key.mode.name == "ionian" else key


def _add(notes: list[TimedNote], start: int, end: int, element: Element) -> None:
    """Add a written note: a tied one lengthens the last, a chord's is kept if it is the top."""
    found = pitch(element)
    if found is None or end <= start:
        return
    last = notes[-1] if notes else None
    if element.find("chord") is not None and last is not None and last.end >= end:
        if last.start == start and found > last.pitch:
            notes[-1] = replace(last, pitch=found)
    elif tied(element) and last is not None and last.pitch == found and last.end == start:
        notes[-1] = replace(last, end=end)
    else:
        notes.append(TimedNote(start, end, found))


def symbol(harmony: Element, key: Key) -> tuple[Chord, Pitch] | None:
    """The chord of a chord symbol and its bass; None for a kind that is not known."""
    kind = (harmony.findtext("kind") or "").strip()
    intervals = KINDS.get(kind)
    if intervals is None or harmony.find("root/root-step") is None:
        return None
    root = _note(harmony, "root")
    bass = _note(harmony, "bass") if harmony.find("bass/bass-step") is not None else root
    return chord(root, Quality(kind, intervals, ""), key, bass)


def _note(harmony: Element, which: str) -> NoteName:
    step = harmony.findtext(f"{which}/{which}-step") or "C"
    return NoteName(
        LETTERS.index(step), round(float(harmony.findtext(f"{which}/{which}-alter") or 0))
    )
