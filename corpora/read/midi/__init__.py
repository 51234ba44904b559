"""Any MIDI file becomes a tune: its melody found, quantised and spelled, its chords heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from corpora.errors import Unreadable
from corpora.read.midi import bars as barlines
from corpora.read.midi import harmony as hearing
from corpora.read.midi import labels, melody, notation
from corpora.read.midi.bars import Bars, Notes
from corpora.read.midi.parse import parse
from corpora.tune import Tune
from theory.metre import QUARTER, Metre
from theory.scale import Key
from theory.timed import TimedChord, TimedNote

# Where more than this share of all notes begins alone, they are a melody without chords.
LONELY = 0.85


def read(path: Path, *, collection: str) -> Tune:
    """The tune of a MIDI file; chords are read from POP909's file beside it, if there.

    Raises Unreadable, whose `reason` is a short phrase, for what is no MIDI file, has no melody or
    an unknown metre.
    """
    score = parse(path.read_bytes())
    notes = Notes.of(score.tracks)
    sung = melody.find(score)
    # Beside POP909's files lie bars that follow the recording's downbeats less often than the
    # estimate does, and its time signatures mean nothing: the notes are asked.
    annotated = (path.parent / labels.BEATS).is_file()
    measured = barlines.estimate(notes) if annotated else barlines.find(score, notes)
    rows = notation.line(sung, measured)
    if not rows:
        raise Unreadable("no melody")
    shift = _first_bar(rows[0][0], measured)
    key = hearing.find_key(chroma(notes))
    harmony = labels.chords(path.parent, score, measured, key)
    inferred = {"key"} | ({"metre"} if measured.estimated else set())
    if not harmony:
        harmony = heard(notes, measured, key)
        inferred.add("chords")
    pitches = notation.spell(rows, key, harmony)
    last = max(end for _, end, _ in rows)
    return Tune(
        collection=collection,
        source=path.name,
        title=path.stem.replace("_", " "),
        key=key,
        metre=measured.metre,
        notes=tuple(
            TimedNote(start - shift, end - shift, pitch)
            for (start, end, _), pitch in zip(rows, pitches, strict=True)
        ),
        chords=tuple(
            TimedChord(
                max(each.start - shift, min(0, rows[0][0] - shift)),
                each.end - shift,
                each.chord,
                each.bass,
            )
            for each in harmony
            if each.end > min(shift, rows[0][0]) and each.start < last
        ),
        inferred=frozenset(inferred),
    )


def _first_bar(start: int, measured: Bars) -> int:
    """Where the tune's first barline lies: an upbeat is shorter than half a bar."""
    bar = measured.metre.bar
    return bar * (start // bar + (start % bar > bar // 2))


def chroma(notes: Notes) -> np.ndarray:
    """How long each of the twelve pitch classes sounds, in quarter notes, four at most a note."""
    return np.bincount(notes.pitch % 12, weights=np.minimum(notes.duration, 4), minlength=12)


def sheet_chroma(tune: Tune) -> np.ndarray:
    """As `chroma`, of a tune and its chords' notes."""
    rows = [(each.start, each.end, each.pitch.midi) for each in tune.notes]
    rows += [(h.start, h.end, tone.chroma) for h in tune.chords for tone in h.chord.tones]
    start, end, pitch = (np.array(column) for column in zip(*rows, strict=True))
    return chroma(Notes(start / QUARTER, (end - start) / QUARTER, pitch))


def heard(notes: Notes, measured: Bars, key: Key) -> tuple[TimedChord, ...]:
    """Chords over the beats from the first barline on."""
    metre = measured.metre
    start, end = measured.ticks(notes.onset), measured.ticks(notes.onset + notes.duration - 1e-3)
    alone = len(np.unique(np.round(start))) > LONELY * len(start)
    return harmonies(hearing.hear(start, end, notes.pitch, metre, key, alone), metre, key)


def harmonies(path: np.ndarray, metre: Metre, key: Key) -> tuple[TimedChord, ...]:
    """The chords of beats, numbered as `chords.hear` does, spelled in the key."""
    qualities = tuple(hearing.HEARD)
    edges = np.flatnonzero(np.diff(path, prepend=-2, append=-2))
    found = []
    for first, after in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if path[first] >= 0:
            quality, root = divmod(int(path[first]), 12)
            chord, bass = notation.chord(key, root, qualities[quality])
            begin, close = first * metre.beat, after * metre.beat
            found.append(TimedChord(begin, close, chord, bass.at(labels.BASS_OCTAVE)))
    return tuple(found)
