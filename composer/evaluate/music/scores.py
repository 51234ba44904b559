"""MusicXML as the measures know it: lead sheets, and scores of several parts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from composer.evaluate.music import notes as held
from composer.evaluate.music.notes import Music
from composer.evaluate.music.parts import (
    BASS,
    CHORDS,
    DRUMS,
    MELODY,
    MIDDLE_C,
    alone,
    begun,
    chords,
    with_bass,
    written,
)
from corpora.errors import Unreadable
from corpora.read import musicxml
from corpora.read.leadsheets import read_sheet, symbol
from corpora.read.midi import harmony as hearing
from corpora.tune import Tune
from theory.metre import QUARTER
from theory.scale import Key


def of_score(path: Path, source: str) -> Music:
    """The piece of a MusicXML file: a melody with chord symbols, or parts."""
    data = path.read_bytes()
    root = musicxml.score(path.name.lower(), data)
    parts = [part for part in root.findall("part") if part.find(".//note") is not None]
    if len(parts) == 1 and parts[0].find(".//harmony") is not None:
        return of_tune(read_sheet(path.name.lower(), data, source), source)
    return _of_parts(path.stem, source, parts)


def of_tune(tune: Tune, source: str) -> Music:
    """A melody with chords that people wrote; nothing else is known of it."""
    rows = [(n.start, n.end, n.pitch.midi, MELODY) for n in tune.notes]
    known = {held.MELODY} | ({held.CHORDS} if tune.chords else set())
    facts = {"tonic": float(tune.key.tonic.chroma)}
    music = Music(
        tune.title or tune.source,
        source,
        tune.metre,
        0,
        written(rows),
        chords(tune.chords),
        frozenset(known),
        facts,
    )
    return begun(music)


def _of_parts(title: str, source: str, parts: Sequence[Element]) -> Music:
    if not parts:
        raise Unreadable("no notes")
    metre, scale = musicxml.metre(parts[0])
    lines = [_line(part, metre.bar, scale) for part in parts]
    if not any(lines):
        raise Unreadable("no notes")
    roles = _score_roles(lines)
    rows = [
        (start, end, pitch, DRUMS if drum else role)
        for line, role in zip(lines, roles, strict=True)
        for start, end, pitch, drum in line
    ]
    found = held.ordered(written(rows))
    symbols = [
        (start, chord)
        for part in parts
        for start, _, element in musicxml.events(part, metre.bar, scale)
        if element.tag == "harmony" and (chord := symbol(element, Key.of("C", "ionian")))
    ]
    last = int(found["end"].max())
    ends = [start for start, _ in symbols[1:]] + [last]
    harmony = [
        (start, end, chord.root.chroma, [tone.chroma for tone in chord.tones])
        for (start, (chord, _)), end in zip(symbols, ends, strict=True)
        if end > start
    ]
    known = {held.PARTS, held.BASS}
    known |= {held.MELODY} if MELODY in roles else set()
    known |= {held.CHORDS} if harmony else set()
    if BASS not in roles:
        found = with_bass(found)
    weights = np.bincount(found["pitch"] % 12, weights=found["end"] - found["start"], minlength=12)
    facts = {"tonic": float(hearing.find_key(weights).tonic.chroma)}
    return begun(
        Music(title, source, metre, 0, found, held.chords(harmony), frozenset(known), facts)
    )


Written = list[tuple[int, int, int, bool]]


def _line(part: Element, bar: int, scale: Fraction) -> Written:
    """(start, end, sounding MIDI number or drum's key, is it a drum) of a part; ties joined."""
    shift = int(part.findtext("measure/attributes/transpose/chromatic") or 0)
    shift += 12 * int(part.findtext("measure/attributes/transpose/octave-change") or 0)
    found: Written = []
    open_: dict[int, int] = {}  # where the note that a tie goes on from stands in `found`
    for start, end, element in musicxml.events(part, bar, scale):
        unpitched = element.find("unpitched")
        pitch = musicxml.pitch(element) if element.tag == "note" else None
        if end <= start or (pitch is None and unpitched is None):
            continue
        if pitch is None:
            found.append((start, end, _drum(element), True))
            continue
        midi = pitch.midi + shift
        before = open_.get(midi)
        if musicxml.tied(element) and before is not None and found[before][1] == start:
            found[before] = (found[before][0], end, midi, False)
        else:
            open_[midi] = len(found)
            found.append((start, end, midi, False))
    return sorted(found)


def _drum(note: Element) -> int:
    """A number for a drum, by its place on the staff: only whether it is the same one matters."""
    step = note.findtext("unpitched/display-step") or "C"
    octave = int(note.findtext("unpitched/display-octave") or 4)
    return 7 * octave + "CDEFGAB".index(step)


def _score_roles(lines: Sequence[Written]) -> list[int]:
    """The role of each part's pitched notes."""
    single = [
        number
        for number, line in enumerate(lines)
        if any(not drum for *_, drum in line)
        and alone(np.array([start for start, _, _, drum in line if not drum]) / QUARTER)
    ]
    roles = [CHORDS] * len(lines)
    if single:
        roles[single[0]] = MELODY
        pitches = [pitch for _, _, pitch, drum in lines[single[-1]] if not drum]
        if len(single) > 1 and np.mean(pitches) < MIDDLE_C:
            roles[single[-1]] = BASS
    return roles
