"""The answers as files: a list for a player, or the sound of each."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from composer.errors import UserError
from composer.hearing.endings import ABC, MIDI, SOUNDS
from composer.recommender.answers import Answer
from composer.recommender.pool import PieceName
from composer.recommender.words import BUILT_IN
from composer.render.audio import BUILT_IN as PLAYER
from composer.render.audio import perform
from composer.render.audio.coding import encode
from corpora.errors import Unreadable
from corpora.read import played
from corpora.sources import corpus

LIST = ".m3u8"
LONGEST_NAME = 80  # letters of a title that a file is named by
TICKS = 480  # a quarter note, of half a second
VELOCITY = 80  # where nothing is written of loudness
NO_NAME = '<>:"/\\|?*'


def file_of(piece: PieceName) -> Path:
    """The file that a piece is in. Raises UserError where it is not there any more."""
    root = corpus() if piece.collection == BUILT_IN else Path(piece.collection)
    path = root / piece.path
    if not path.is_file():
        raise UserError(f"{path} is not there any more.", "Run: promenade library sync.")
    return path


def sound_of(piece: PieceName, suffix: str) -> bytes:
    """A piece of notes as sound, coded as the suffix says. Raises UserError."""
    return encode(perform(midi_of(piece), PLAYER), suffix, piece.title)


def midi_of(piece: PieceName) -> bytes:
    """A piece of notes as a MIDI file's bytes. Raises UserError."""
    path = file_of(piece)
    ending = path.suffix.lower()
    try:
        if ending in MIDI:
            return path.read_bytes()
        if ending in ABC:
            left: list[str] = []
            text = path.read_text(encoding="utf-8", errors="replace")
            for part, tune in played.of_abc(text, path.name, left):
                if part == piece.part:
                    return _midi(tune)
            raise Unreadable("the tune is not in it any more")
        return _midi(played.of_musicxml(path.name, path.read_bytes()))
    except Unreadable as error:
        raise UserError(f"{path} cannot be played: {error.reason}.") from None


def _midi(notes: played.PlayedNotes) -> bytes:
    import mido

    first = min(0.0, float(notes.onset.min()))
    velocity = np.full(len(notes.onset), VELOCITY) if notes.velocity is None else notes.velocity
    events = []
    for at, long, pitch, loud in zip(
        notes.onset - first, notes.duration, notes.pitch, velocity, strict=True
    ):
        start, end = round(at * 2 * TICKS), round((at + long) * 2 * TICKS)
        key, strength = int(np.clip(pitch, 0, 127)), int(np.clip(loud, 1, 127))
        events += [(start, 1, key, strength), (max(end, start + 1), 0, key, 0)]
    track, now = mido.MidiTrack(), 0
    for at, on, key, strength in sorted(events):
        kind = "note_on" if on else "note_off"
        track.append(mido.Message(kind, note=key, velocity=strength, time=at - now))
        now = at
    made = io.BytesIO()
    mido.MidiFile(ticks_per_beat=TICKS, tracks=[track]).save(file=made)
    return made.getvalue()


def playlist(answers: Sequence[Answer]) -> tuple[bytes, tuple[str, ...]]:
    """An extended M3U in UTF-8 of the answers' files, and the names of those that no list can hold:
    with an end of line in them, or without a file of their own."""
    rows, left = ["#EXTM3U"], []
    for answer in answers:
        piece = answer.piece
        name = str(file_of(piece).absolute())
        if piece.part or any(sign in name for sign in "\r\n") or not _is_text(name):
            left.append(piece.title or name)
            continue
        title = " ".join(f"{piece.composer} - {piece.title}".strip(" -").split())
        rows += [f"#EXTINF:-1,{title}", name]
    return ("\n".join(rows) + "\n").encode(), tuple(left)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def sounds(answers: Sequence[Answer], step: Callable[[str], None]) -> Iterator[tuple[str, bytes]]:
    """Each answer's file name, numbered in their order, and its bytes: sound as it is, notes
    played."""
    for number, answer in enumerate(answers, 1):
        piece = answer.piece
        path = file_of(piece)
        title = "".join(" " if sign in NO_NAME or ord(sign) < 32 else sign for sign in piece.title)
        title = " ".join(title.split())[:LONGEST_NAME].strip(". ") or "untitled"
        if path.suffix.lower() in SOUNDS:
            yield f"{number:02} {title}{path.suffix.lower()}", path.read_bytes()
        else:
            yield f"{number:02} {title}.mp3", sound_of(piece, ".mp3")
        step(title)
