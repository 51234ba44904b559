"""How pieces sound: loud enough, never clipped, no hole in them, the melody over the rest.

Each piece is rendered part by part, as loud as in the whole, and mastered; what is measured is the
sound itself, not the notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from analysis.errors import PictureError
from composer.errors import UserError
from composer.pipeline import compose
from composer.render.audio.coding import RATE
from composer.render.audio.master import LOUDNESS, PEAK, loudness, master, true_peak
from composer.render.audio.room import in_room, room_of
from composer.render.audio.soundfont import installed
from composer.render.audio.synth import by_samples
from composer.render.midi import mix
from composer.render.midi import writer as midi
from composer.render.timeline import Timeline
from composer.settings import Settings
from composer.values import Part, Piece
from composer.vocabulary import SINGERS
from corpora.progress import watched

if TYPE_CHECKING:
    from composer.render.audio.coding import Samples

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp"})
NEAR = 1.0  # LU that the loudness may miss its aim by
SILENT = 2.0  # seconds of silence that no piece has inside
SILENCE = -60.0  # dB under full scale that count as silence
AUDIBLE = 1.0  # dB by which a melody is at least stronger than its accompaniment in its band
OWN = 0.9  # the share of a singer's power that lies in his band
DOUBLING = "doubling"
SEMITONE = 2 ** (1 / 12)
FRAME = RATE // 20  # samples that are weighed together


@dataclass(frozen=True, slots=True)
class PieceSound:
    """What is measured on a piece's sound.

    loudness: LUFS. peak: dBTP. silence: seconds, the longest between its first sound and its last.
    leads: by role, the decibels by which a singer of the melody is over his accompaniment. tail:
    seconds that sound after the last barline. ended: its last samples against its loudest.
    """

    title: str
    loudness: float
    peak: float
    silence: float
    leads: Mapping[str, float]
    tail: float
    ended: float

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with it, in words; nothing where all is well."""
        found = []
        if abs(self.loudness - LOUDNESS) > NEAR:
            found.append(f"its loudness is {self.loudness:.1f} LUFS")
        if self.peak >= PEAK:
            found.append(f"its true peak is {self.peak:.2f} dBTP")
        if self.silence >= SILENT:
            found.append(f"it is silent for {self.silence:.1f} s")
        found += [
            f"its {role} is {lead:+.1f} dB over its accompaniment"
            for role, lead in self.leads.items()
            if lead <= AUDIBLE
        ]
        if self.ended > 0.01:
            found.append("its end is cut off")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class SoundReport:
    """The sound of many pieces."""

    melody: str
    pieces: tuple[PieceSound, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        return tuple(f"{one.title}: {fault}" for one in self.pieces for fault in one.faults)

    def __str__(self) -> str:
        loud = [one.loudness for one in self.pieces]
        leads = [lead for one in self.pieces for lead in one.leads.values()]
        second = sum(len(one.leads) > 1 for one in self.pieces)
        rows = [
            f"The sound of {len(self.pieces)} pieces, melody by {self.melody}, seed 0:",
            f"  loudness         {min(loud):.2f} to {max(loud):.2f} LUFS  "
            f"(aim {LOUDNESS:g}, within {NEAR:g} LU)",
            f"  true peak        {max(one.peak for one in self.pieces):.2f} dBTP at most  "
            f"(under {PEAK:g})",
            f"  longest silence  {max(one.silence for one in self.pieces):.2f} s inside a piece  "
            f"(under {SILENT:g})",
            f"  the melody       {min(leads):.1f} dB over its accompaniment in its band at least, "
            f"{median(leads):.1f} in the median  (over {AUDIBLE:g}; two players in {second})",
            f"  tail             {max(one.tail for one in self.pieces):.1f} s at most",
        ]
        return "\n".join([*rows, *(f"  WRONG: {fault}" for fault in self.faults)])


def evaluate_sound(directory: str, melody: str) -> SoundReport:
    """Compose every picture of a folder and listen. Raises UserError where there is none."""
    folder = Path(directory)
    if not folder.is_dir():
        raise UserError(f"There is no folder {directory}.", "Name one with pictures in it.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
    if not paths:
        raise UserError(f"There is no picture in {directory}.", "Name a folder with pictures.")
    return SoundReport(melody, tuple(_heard(watched(paths, "listening", len(paths)), melody)))


def _heard(paths: Iterable[Path], melody: str) -> Iterable[PieceSound]:
    for path in paths:
        try:
            piece = compose(str(path), Settings(melody=melody))
        except PictureError:
            continue
        yield hear(piece)


def hear(piece: Piece) -> PieceSound:
    """Measure a piece's sound. Its melody has to have notes."""
    volumes = mix.volumes(piece.parts)
    singers = [part for part in piece.parts if part.role in SINGERS and part.notes]
    sung = [_sound(piece, [part], volumes) for part in singers]
    rest = [part for part in piece.parts if part.role not in SINGERS]
    # What doubles the melody belongs to it, and hides nothing of it.
    under = _sound(piece, [part for part in rest if part.role != DOUBLING], volumes)
    over = _sound(piece, [part for part in rest if part.role == DOUBLING], volumes)
    length = max(sound.shape[1] for sound in (*sung, under, over))
    *sung, under, over = (_padded(sound, length) for sound in (*sung, under, over))
    whole = under + over + np.asarray(sung, np.float32).sum(axis=0)
    mood = piece.plan.mood
    made = master(in_room(whole, room_of(mood.valence, mood.arousal)))
    return PieceSound(
        piece.title,
        loudness(made),
        true_peak(made),
        longest_silence(made),
        {part.role: lead(part, line, under) for part, line in zip(singers, sung, strict=True)},
        made.shape[1] / RATE - piece.seconds,
        float(np.abs(made[:, -100:]).max() / np.abs(made).max()),
    )


def _sound(piece: Piece, parts: Sequence[Part], volumes: Mapping[str, int]) -> Samples:
    """Some parts alone, each as loud as in the whole."""
    font = installed()
    assert font is not None
    playing = replace(piece, parts=tuple(parts))
    return by_samples(midi.encode(playing, Timeline(playing), volumes), font)


def _padded(sound: Samples, length: int) -> Samples:
    return np.pad(sound, ((0, 0), (0, length - sound.shape[1])))


def lead(part: Part, melody: Samples, others: Samples) -> float:
    """Decibels by which a singer's power is over the others' in his band, while he sounds.

    The band reaches from a semitone under his lowest note to one over where OWN of his power is
    below.
    """
    from scipy import signal

    lowest = min(note.key_number for note in part.notes) + 12 * part.octave
    low = 440 * 2 ** ((lowest - 69) / 12) / SEMITONE
    heights, power = signal.welch(melody.sum(axis=0), RATE, nperseg=8192)
    reached = np.cumsum(power)
    high = float(heights[np.searchsorted(reached, OWN * reached[-1])])
    edges = (low, max(SEMITONE * high, 2 * low))
    band = signal.butter(4, edges, "bandpass", fs=RATE, output="sos")
    own, rest = (_power(signal.sosfilt(band, sound)) for sound in (melody, others))
    sounding = own > 1e-3 * own.max()
    return float(10 * np.log10(own[sounding].mean() / max(rest[sounding].mean(), 1e-12)))


def longest_silence(sound: Samples) -> float:
    """Seconds of the longest silence between the first sound and the last; inf of silence alone."""
    heard = np.flatnonzero(_power(sound) > 10 ** (SILENCE / 10))
    return float(np.diff(heard).max() - 1) * FRAME / RATE if len(heard) > 1 else np.inf


def _power(sound: Samples) -> Samples:
    """The power of both channels, frame by frame."""
    count = sound.shape[1] // FRAME
    frames = (sound[:, : count * FRAME].astype(float) ** 2).sum(axis=0).reshape(count, FRAME)
    return np.asarray(frames.mean(axis=1), np.float32)
