"""Annotations beside a MIDI file in POP909's manner: beats, downbeats and chords in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from corpora.errors import Unreadable
from corpora.read.midi import notation
from corpora.read.midi.bars import Bars
from corpora.read.midi.parse import MidiScore, seconds_to_quarters
from theory.chord import QUALITIES, Chord
from theory.metre import METRES
from theory.pitch import NATURALS, NoteName
from theory.scale import Key
from theory.timed import TimedChord

BEATS, CHORDS, KEYS = "beat_midi.txt", "chord_midi.txt", "key_audio.txt"
RECORDED = "beat_audio.txt"
# A recording lies under its MIDI file where so many of its beats fall on the file's, this near.
ALIGNED, CLOSE = 0.9, 0.3
# Harte's shorthand for qualities (ISMIR 2005), as far as POP909 uses it.
SHORTHAND = {
    "maj": "major",
    "min": "minor",
    "dim": "diminished",
    "aug": "augmented",
    "sus4": "suspended fourth",
    "sus2": "suspended second",
    "7": "dominant seventh",
    "maj7": "major seventh",
    "min7": "minor seventh",
    "minmaj7": "minor-major seventh",
    "hdim7": "half-diminished seventh",
    "dim7": "diminished seventh",
    "sus4(b7)": "suspended seventh",
    "maj6": "added sixth",
    "min6": "minor added sixth",
}
BASS_OCTAVE = 2
MOST_BYTES = 1_000_000  # of a file of chords, which has a line for each


def barlines(folder: Path, score: MidiScore) -> Bars | None:
    """The bars by a file of beats, None where there is none beside the music.

    Its columns are the time in seconds, whether a group of two or three beats begins there, and
    whether a bar of four does.
    """
    file = folder / BEATS
    if not file.is_file():
        return None
    try:
        rows = np.loadtxt(file, ndmin=2)
        time, group, bar = rows[:, 0], rows[:, 1] > 0.5, rows[:, 2] > 0.5
    except (ValueError, IndexError, OSError) as error:
        raise Unreadable("broken beats") from error
    place = seconds_to_quarters(score.tempos, time)
    three = len(np.flatnonzero(group)) > 1 and np.median(np.diff(np.flatnonzero(group))) == 3
    starts = place[group if three else bar]
    if len(starts) < 2:
        raise Unreadable("broken beats")
    return Bars(METRES["3/4" if three else "4/4"], starts, 1.0, False)


def recorded(folder: Path, score: MidiScore) -> np.ndarray | None:
    """Downbeats heard in the recording, in quarter notes on the file's own beats.

    None where there are none, or the recording does not lie under the file.
    """
    given = barlines(folder, score)
    file = folder / RECORDED
    if given is None or not file.is_file():
        return None
    rows = np.loadtxt(file, ndmin=2)
    place = seconds_to_quarters(score.tempos, rows[:, 0])
    beat = given.starts[0] + np.round(place - given.starts[0])
    if (np.abs(place - beat) < CLOSE).mean() < ALIGNED:
        return None
    return np.asarray(beat[rows[:, 1] == 1])


def chords(folder: Path, score: MidiScore, bars: Bars, key: Key) -> tuple[TimedChord, ...]:
    """The chords by a file of them, in ticks; none where there is none beside the music."""
    file = folder / CHORDS
    if not file.is_file():
        return ()
    if file.stat().st_size > MOST_BYTES:
        raise Unreadable("broken chords")
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line]
    try:
        seconds = np.array([(float(row[0]), float(row[1])) for row in rows])
        labels = [row[2] for row in rows]
    except (ValueError, IndexError) as error:
        raise Unreadable("broken chords") from error
    place = seconds_to_quarters(score.tempos, seconds)
    starts = np.round(bars.ticks(place[:, 0])).astype(int).tolist()
    # An end is the time just before the next chord: it stays in its own bar.
    ends = np.round(bars.ticks(place[:, 1] - 1e-2)).astype(int).tolist()
    following = [*starts[1:], ends[-1]]
    found: list[TimedChord] = []
    for label, start, end, after in zip(labels, starts, ends, following, strict=True):
        read = harte(label, key)
        if read is None or after <= start:
            continue
        chord, bass = read
        close = after if after - end < bars.metre.beat else end
        found.append(TimedChord(start, close, chord, bass.at(BASS_OCTAVE)))
    return tuple(found)


def harte(label: str, key: Key) -> tuple[Chord, NoteName] | None:
    """The chord and bass of a label such as `Bb:min7/b3`, spelled in the key; None for `N`.

    >>> chord, bass = harte("G#:maj/3", Key.of("Eb", "ionian"))
    >>> chord.symbol, bass.name
    ('Ab/C', 'C')
    """
    root, _, rest = label.partition(":")
    kind, _, low = rest.partition("/")
    quality = QUALITIES.get(SHORTHAND.get(kind or "maj", ""))
    if not root or root[0] not in "ABCDEFG" or quality is None:
        return None
    chroma = NoteName.parse(root).chroma
    bass = None
    if low:
        degree = int(low.lstrip("b#")) - 1
        bass = (NATURALS[degree % 7] + low.count("#") - low.count("b") + chroma) % 12
    return notation.chord(key, chroma, quality.name, bass)
