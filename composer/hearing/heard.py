"""Any file of music becomes what is measured on it: MIDI, MusicXML, ABC, sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.music.catalogue import MUSIC
from analysis.music.notes import NoteArrays, measure_notes
from analysis.music.sound import LONGEST, RATE, SampledSound, measure_sound
from composer.errors import UserError
from composer.hearing.endings import ABC, ENDINGS, MIDI, SCORES, SOUNDS, split
from corpora.errors import Unreadable
from corpora.read import played, sound

NOTES, SOUND = "notes", "sound"  # what a piece was measured on
# What a written score leaves to those who play it, and a tune to those who play with it too.
WRITTEN = ("time.articulation",)
TUNE = (*WRITTEN, "texture.voices", "texture.silence", "pitch.bass")
MOST_BYTES = 20_000_000  # of a file of notes; sound is read in blocks
MOST_ABC = 2_000_000  # of one of tunes


@dataclass(frozen=True, slots=True)
class HeardPiece:
    """A piece that was measured: `part` is its number in a file of several, else ""; `source` is
    NOTES or SOUND; `features` are of the catalogue, those that its file could not say left out."""

    title: str
    composer: str
    part: str
    source: str
    features: Mapping[str, float]

    def confidence(self, name: str) -> float:
        """How far a feature can be trusted, 0 to 1, by what it was measured on."""
        known = MUSIC[name]
        return known.notes if self.source == NOTES else known.sound


def hear_file(path: Path) -> tuple[tuple[HeardPiece, ...], tuple[str, ...]]:
    """The pieces of a file, and the reasons for what could not be read of it.

    A file is never worth a whole collection: whatever a reader stumbles over is a reason too.
    """
    left: list[str] = []
    try:
        if not path.is_file():
            raise Unreadable("no regular file")
        return tuple(_read(path, left)), tuple(left)
    except Unreadable as error:
        return (), (*left, error.reason)
    except OSError as error:
        return (), (*left, f"cannot be opened: {(error.strerror or 'no reason given').lower()}")
    except Exception as error:  # a reader's own fault, shown among the reasons
        return (), (*left, f"the reader failed: {type(error).__name__}")


def hear(name: str) -> HeardPiece:
    """The piece of one file; of a file of several, `FILE#NUMBER` is one of them.

    Raises UserError.
    """
    path, number = split(name)
    if not path.exists():
        raise UserError(f"There is no file {name}.")
    if path.suffix.lower() not in ENDINGS:
        raise UserError(f"{name} is no music that is read.", f"Give one of {', '.join(ENDINGS)}.")
    found, left = hear_file(path)
    for piece in found:
        if not number or piece.part == number:
            return piece
    if found:
        parts = f"{found[0].part} to {found[-1].part}"
        raise UserError(f"There is no tune {number} in {path}.", f"It has {parts}.")
    raise UserError(f"{path} cannot be measured: {left[0] if left else 'it holds no music'}.")


def _read(path: Path, left: list[str]) -> list[HeardPiece]:
    ending = path.suffix.lower()
    if ending in SOUNDS:
        decoded = sound.decode(path, RATE, LONGEST)
        try:
            features = measure_sound(SampledSound(decoded.samples, decoded.whole))
        except ValueError as error:
            raise Unreadable(str(error)) from None
        title = decoded.title or _titled(path)
        return [HeardPiece(title, decoded.artist, "", SOUND, features)]
    if path.stat().st_size > (MOST_ABC if ending in ABC else MOST_BYTES):
        raise Unreadable("too large")
    data = path.read_bytes()
    if ending in MIDI:
        return [of_notes(played.of_midi(data, _titled(path)), ())]
    if ending in SCORES:
        try:
            piece = of_notes(played.of_musicxml(path.name, data), WRITTEN)
        except (ValueError, ArithmeticError) as error:  # letters where a number must be
            raise Unreadable("broken MusicXML") from error
        return [piece if piece.title else _named(piece, _titled(path))]
    text = data.decode("utf-8", errors="replace")
    tunes = [of_notes(tune, TUNE, part) for part, tune in played.of_abc(text, path.name, left)]
    if not tunes and not left:
        raise Unreadable("no tune in it")
    return tunes


def of_notes(notes: played.PlayedNotes, unsaid: Sequence[str], part: str = "") -> HeardPiece:
    """What is measured on notes; but not what their kind of file leaves to the players.

    Raises Unreadable where there are none but drums'.
    """
    try:
        features = measure_notes(
            NoteArrays(
                notes.onset,
                notes.duration,
                notes.pitch,
                notes.drums,
                notes.velocity,
                notes.beat,
                notes.timed,
            )
        )
    except ValueError as error:
        raise Unreadable(str(error)) from None
    said = {name: value for name, value in features.items() if name not in unsaid}
    return HeardPiece(notes.title, notes.composer, part, NOTES, said)


def _titled(path: Path) -> str:
    return path.stem.replace("_", " ")


def _named(piece: HeardPiece, title: str) -> HeardPiece:
    return HeardPiece(title, piece.composer, piece.part, piece.source, piece.features)
