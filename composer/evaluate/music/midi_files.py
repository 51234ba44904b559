"""MIDI files as the measures know them: their notes on a grid, and as they are played."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from composer.evaluate.music import notes as held
from composer.evaluate.music.notes import NOTE, Music, Notes
from composer.evaluate.music.parts import (
    BASS,
    CHORDS,
    COUNTER,
    DRUMS,
    MELODY,
    MIDDLE_C,
    alone,
    begun,
    chords,
    with_bass,
)
from corpora.errors import Unreadable
from corpora.read.midi import bars as barlines
from corpora.read.midi import chroma, labels, notation
from corpora.read.midi import harmony as hearing
from corpora.read.midi import melody as melodies
from corpora.read.midi.bars import Bars
from corpora.read.midi.bars import Notes as Struck
from corpora.read.midi.parse import MidiScore, Tempo, Track, parse

USUAL = Tempo(0.0, 0.5)
POP909_COUNTER = "BRIDGE"  # what POP909 calls its second melody


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
        found = with_bass(found)
    return begun(
        Music(
            title=path.stem,
            source=source,
            metre=measured.metre,
            bars=0,
            notes=found,
            chords=chords(harmony),
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
            if role == CHORDS and alone(track.onset) and track.pitch.mean() < MIDDLE_C
        ]
        if lines:
            roles[min(lines)[1]] = BASS
    return roles


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
