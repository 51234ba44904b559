"""Anybody's music as the measures know it: MIDI files, scores, and lead sheets.

Where nothing says who plays what, a rule does. Channel 10 is the drums. The melody is the track
that `corpora.read.midi.melody` finds: by its name, by the words sung to it, else by its features.
The bass is the tracks of General MIDI's basses, else the lowest track that plays one note at a
time, else the lowest line of what accompanies, below middle C. In a score the melody is the first
part that mostly sings one note at a time, its highest notes, and the bass the last such part, or
the lowest line. All else accompanies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from composer.evaluate.music import notes as held
from composer.evaluate.music.notes import NOTE, Music, Notes
from composer.vocabulary import ROLES
from corpora.errors import Unreadable
from corpora.read import musicxml
from corpora.read.leadsheets import read_sheet, symbol
from corpora.read.midi import bars as barlines
from corpora.read.midi import chroma, labels, notation
from corpora.read.midi import harmony as hearing
from corpora.read.midi import melody as melodies
from corpora.read.midi.bars import Bars
from corpora.read.midi.bars import Notes as Struck
from corpora.read.midi.parse import MidiScore, Tempo, Track, parse
from corpora.tune import Tune
from theory.metre import QUARTER
from theory.scale import Key
from theory.timed import TimedChord

MIDI = (".mid", ".midi", ".kar")
ENDINGS = (*MIDI, *musicxml.ENDINGS)
MIDDLE_C = 60
ALONE = 0.9  # of a line's onsets have one note
TOGETHER = 3  # ticks within which notes are struck together
FEWEST = 16  # notes of a piece that is measured
USUAL = Tempo(0.0, 0.5)
NO_CHORDS = held.chords([])
POP909_COUNTER = "BRIDGE"  # what POP909 calls its second melody
MELODY, COUNTER, CHORDS, BASS, DRUMS = (
    ROLES.index(role) for role in ("melody", "counter-melody", "chords", "bass", "drums")
)


def read(path: Path, source: str = "file") -> Music:
    """The piece of a MIDI or a MusicXML file. Raises Unreadable, with a reason to count."""
    midi = path.name.lower().endswith(MIDI)
    music = of_midi(path, source) if midi else of_score(path, source)
    if len(music.pitched) < FEWEST:
        raise Unreadable("fewer than sixteen notes")
    return music


# --- MIDI -----------------------------------------------------------------------------------------


def of_midi(path: Path, source: str) -> Music:
    """The piece of a MIDI file; with POP909's annotations beside it, its chords too."""
    score = parse(path.read_bytes())
    struck = Struck.of(score.tracks)
    annotated = (path.parent / labels.BEATS).is_file()
    measured = barlines.estimate(struck) if annotated else barlines.find(score, struck)
    roles = _roles(score, annotated)
    found = held.ordered(
        np.concatenate(
            [
                _track(track, role, measured, score)
                for track, role in zip(score.tracks, roles, strict=True)
            ]
        )
    )
    known = {held.PARTS, held.VELOCITY, held.BASS}
    known |= {held.MELODY} if MELODY in roles else set()
    known |= {held.COUNTER} if COUNTER in roles else set()
    known |= set() if measured.estimated else {held.PLAYED}
    key = hearing.find_key(chroma(struck))
    harmony = labels.chords(path.parent, score, measured, key) if annotated else ()
    known |= {held.CHORDS} if harmony else set()
    if BASS not in roles:
        found = _with_bass(found)
    return _begun(
        Music(
            title=path.stem,
            source=source,
            metre=measured.metre,
            bars=0,
            notes=found,
            chords=_chords(harmony),
            known=frozenset(known),
            facts={"tempo": _tempo(score, found), "tonic": key.tonic.chroma},
        )
    )


def _roles(score: MidiScore, annotated: bool) -> list[int]:
    """The role of each track."""
    try:
        sung = melodies.find(score)
    except Unreadable:
        sung = None
    roles = []
    for track in score.tracks:
        if track.drums:
            roles.append(DRUMS)
        elif track is sung:
            roles.append(MELODY)
        elif track.program in melodies.BASSES:
            roles.append(BASS)
        elif annotated and track.name == POP909_COUNTER:
            roles.append(COUNTER)
        else:
            roles.append(CHORDS)
    if BASS not in roles:
        lines = [
            (float(track.pitch.mean()), number)
            for number, (track, role) in enumerate(zip(score.tracks, roles, strict=True))
            if role == CHORDS and _alone(track.onset) and track.pitch.mean() < MIDDLE_C
        ]
        if lines:
            roles[min(lines)[1]] = BASS
    return roles


def _alone(onset: np.ndarray) -> bool:
    """Does the part mostly play one note at a time?"""
    return len(np.unique(np.round(onset * QUARTER / TOGETHER))) >= ALONE * len(onset)


def _track(track: Track, role: int, measured: Bars, score: MidiScore) -> Notes:
    begin = measured.ticks(track.onset)
    end = measured.ticks(track.onset + track.duration - 1e-3)
    whole, steps = notation.snap(begin, measured.metre.beat)
    found = np.zeros(len(track.onset), NOTE)
    found["start"] = whole
    found["end"] = np.maximum(whole + steps, steps * np.round(end / steps))
    found["pitch"], found["velocity"] = track.pitch, track.velocity
    found["role"], found["program"] = role, track.program
    found["at"], found["until"] = track.onset, track.onset + track.duration
    found["off"] = held.off_grid(track.onset, _pace(score, track.onset))
    return found


def _pace(score: MidiScore, at: np.ndarray) -> np.ndarray:
    """Seconds a quarter note at places in quarter notes."""
    rows = score.tempos or (USUAL,)
    here = np.searchsorted(np.array([row.at for row in rows]), at, side="right") - 1
    return np.array([row.seconds for row in rows])[np.clip(here, 0, None)]


def _tempo(score: MidiScore, found: Notes) -> float:
    """Quarter notes a minute, at the notes' middle one."""
    return float(60 / np.median(_pace(score, found["at"])))


def _with_bass(found: Notes) -> Notes:
    """The lowest line of the accompaniment, below middle C, as the bass.

    Of notes struck together it is the lowest, unless a lower one is held.
    """
    marked = found.copy()
    low, until, last = 128, -1, -TOGETHER - 1
    for number in np.flatnonzero(found["role"] == CHORDS):
        note = found[number]
        if note["start"] - last < TOGETHER or (note["start"] < until and low < note["pitch"]):
            continue
        if note["pitch"] < MIDDLE_C:
            marked[number]["role"] = BASS
            low, until, last = note["pitch"], note["end"], note["start"]
    return marked


def _begun(music: Music) -> Music:
    """The same from the bar of its first note on; less than half a bar before one is an upbeat."""
    bar, notes = music.metre.bar, music.notes.copy()
    first = int(notes["start"].min())
    shift = bar * (first // bar + (first % bar > bar // 2))
    notes["start"] -= shift
    notes["end"] -= shift
    chords = music.chords[music.chords["end"] > shift].copy()
    chords["start"] = np.maximum(chords["start"] - shift, 0)
    chords["end"] -= shift
    return replace(music, bars=-(-int(notes["end"].max()) // bar), notes=notes, chords=chords)


def _chords(harmony: Sequence[TimedChord]) -> Notes:
    return held.chords(
        [(h.start, h.end, h.chord.root.chroma, [t.chroma for t in h.chord.tones]) for h in harmony]
    )


# --- scores ---------------------------------------------------------------------------------------


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
        _written(rows),
        _chords(tune.chords),
        frozenset(known),
        facts,
    )
    return _begun(music)


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
    found = held.ordered(_written(rows))
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
        found = _with_bass(found)
    weights = np.bincount(found["pitch"] % 12, weights=found["end"] - found["start"], minlength=12)
    facts = {"tonic": float(hearing.find_key(weights).tonic.chroma)}
    return _begun(
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
        and _alone(np.array([start for start, _, _, drum in line if not drum]) / QUARTER)
    ]
    roles = [CHORDS] * len(lines)
    if single:
        roles[single[0]] = MELODY
        pitches = [pitch for _, _, pitch, drum in lines[single[-1]] if not drum]
        if len(single) > 1 and np.mean(pitches) < MIDDLE_C:
            roles[single[-1]] = BASS
    return roles


def _written(rows: Sequence[tuple[int, int, int, int]]) -> Notes:
    """Notes of which only the writing is known."""
    found = np.zeros(len(rows), NOTE)
    for name, column in zip(
        ("start", "end", "pitch", "role"), zip(*rows, strict=True), strict=True
    ):
        found[name] = column
    found["at"], found["until"] = found["start"] / QUARTER, found["end"] / QUARTER
    found["off"] = np.nan
    return held.ordered(found)
