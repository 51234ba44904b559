"""The bytes of a MIDI file become tracks of notes in quarter notes, however badly it was made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import symusic

from corpora.errors import Unreadable
from corpora.read.midi.chunks import plain

# More than an hour at a usual tempo, or more notes than anybody plays: a broken file.
MOST_QUARTERS = 10_000
MOST_NOTES = 200_000


@dataclass(frozen=True, slots=True)
class Track:
    """One instrument's notes by onset; arrays of equal length.

    `onset` and `duration` are in quarter notes from the file's start, `pitch` MIDI numbers 0–127,
    `velocity` 1–127; `program` is General MIDI's, 0–127.
    """

    name: str
    program: int
    drums: bool
    onset: np.ndarray
    duration: np.ndarray
    pitch: np.ndarray
    velocity: np.ndarray


@dataclass(frozen=True, slots=True)
class Signature:
    """A time signature that is valid from `at`, in quarter notes."""

    at: float
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Tempo:
    """A tempo that is valid from `at`, in quarter notes; `seconds` is a quarter note's length."""

    at: float
    seconds: float


@dataclass(frozen=True, slots=True)
class MidiScore:
    """What a MIDI file holds: tracks with notes, time signatures and tempos in order.

    `words` is where lyrics are sung, in quarter notes, in order.
    """

    tracks: tuple[Track, ...]
    signatures: tuple[Signature, ...]
    tempos: tuple[Tempo, ...]
    words: np.ndarray


def parse(data: bytes) -> MidiScore:
    """Raises Unreadable, with a reason to count, for what is no MIDI file or holds no notes."""
    if data[:4] != b"MThd":
        raise Unreadable("no MIDI file" if data else "an empty file")
    try:
        score: Any = symusic.Score.from_midi(plain(data), sanitize_data=True)
        tracks = tuple(_tracks(score))
    except (RuntimeError, ValueError, OverflowError, MemoryError, IndexError) as error:
        division = "Division type" in str(error)
        raise Unreadable("time in seconds, not beats" if division else "broken bytes") from error
    if not any(len(track.onset) for track in tracks if not track.drums):
        raise Unreadable("no notes")
    if sum(len(track.onset) for track in tracks) > MOST_NOTES:
        raise Unreadable("too many notes")
    # An end as well as an onset: a note that nobody lets go hangs for hours.
    if max((track.onset + track.duration).max() for track in tracks) > MOST_QUARTERS:
        raise Unreadable("too long")
    tpq = score.tpq
    return MidiScore(
        tracks,
        tuple(
            Signature(each.time / tpq, each.numerator, each.denominator)
            for each in _ordered(score.time_signatures)
            if each.numerator > 0 and each.denominator > 0
        ),
        tuple(
            Tempo(each.time / tpq, each.mspq / 1e6)
            for each in _ordered(score.tempos)
            if each.mspq > 0
        ),
        np.array(sorted({word.time for track in score.tracks for word in track.lyrics})) / tpq,
    )


def _tracks(score: Any) -> Iterable[Track]:
    if score.tpq <= 0:
        raise ValueError("a quarter note of no ticks")
    for track in score.tracks:
        if not len(track.notes):
            continue
        notes = track.notes.numpy()
        order = np.lexsort((notes["pitch"], notes["time"]))
        yield Track(
            name=track.name,
            program=int(track.program),
            drums=bool(track.is_drum),
            onset=notes["time"][order] / score.tpq,
            duration=np.maximum(notes["duration"][order], 1) / score.tpq,
            pitch=notes["pitch"][order].astype(np.int64),
            velocity=notes["velocity"][order].astype(np.int64),
        )


def _ordered(events: Any) -> list[Any]:
    return sorted(events, key=lambda event: event.time)


def seconds_to_quarters(tempos: tuple[Tempo, ...], seconds: np.ndarray) -> np.ndarray:
    """Places in quarter notes of times in seconds; 120 a minute by default."""
    rows = tempos if tempos and tempos[0].at == 0 else (Tempo(0.0, 0.5), *tempos)
    at = np.array([row.at for row in rows])
    length = np.array([row.seconds for row in rows])
    reached = np.concatenate([[0.0], np.cumsum(np.diff(at) * length[:-1])])
    row = np.clip(np.searchsorted(reached, seconds, side="right") - 1, 0, None)
    return np.asarray(at[row] + (seconds - reached[row]) / length[row])


def quarters_to_seconds(tempos: tuple[Tempo, ...], quarters: np.ndarray) -> np.ndarray:
    """Places in seconds of places in quarter notes; 120 a minute by default."""
    rows = tempos if tempos and tempos[0].at == 0 else (Tempo(0.0, 0.5), *tempos)
    at = np.array([row.at for row in rows])
    length = np.array([row.seconds for row in rows])
    reached = np.concatenate([[0.0], np.cumsum(np.diff(at) * length[:-1])])
    row = np.clip(np.searchsorted(at, quarters, side="right") - 1, 0, None)
    return np.asarray(reached[row] + (quarters - at[row]) * length[row])
