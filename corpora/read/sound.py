"""A sound file as samples of one channel, by libsndfile or, where that cannot, by FFmpeg."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import Unreadable
from corpora.needs import lacking

Floats = NDArray[np.float32]

BY_FFMPEG = (".m4a", ".aac", ".mp4")
BLOCK = 1 << 18  # frames that are decoded at once
LONGEST_TEXT = 200  # letters of a title
MOST_CHANNELS, MOST_RATE = 32, 400_000
MOST_SAMPLES = 30_000_000  # that are kept before they are resampled: 11 minutes at 44,100 a second


@dataclass(frozen=True, slots=True)
class DecodedSound:
    """Samples of one channel, how many seconds the whole lasts, and what the file says of itself:
    its title and who plays, or ""."""

    samples: Floats
    whole: float
    title: str = ""
    artist: str = ""


def decode(path: Path, rate: int, longest: float) -> DecodedSound:
    """A file's sound, its samples at `rate`.

    Of what lasts more than `longest` seconds those in its middle, or where the middle cannot be
    found without decoding all of it, the first. Raises Unreadable.
    """
    if path.suffix.lower() not in BY_FFMPEG:
        found = _by_libsndfile(path, rate, longest)
        if found is not None:
            return found
    return _by_ffmpeg(path, rate, longest)


def _by_libsndfile(path: Path, rate: int, longest: float) -> DecodedSound | None:
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            own, channels, frames = file.samplerate, file.channels, file.frames
            if not 0 < own <= MOST_RATE or channels > MOST_CHANNELS:
                raise Unreadable("no sound that can be heard")
            kept = min(round(longest * own), MOST_SAMPLES)
            if frames > kept and file.seekable():
                file.seek((frames - kept) // 2)
            resampled = _Resampled(own, rate)
            left = kept
            while left > 0:
                block = file.read(min(BLOCK, left), dtype="float32", always_2d=True)
                if not len(block):
                    break
                resampled.add(block.mean(axis=1))
                left -= len(block)
            whole = max(0, frames) / own
            said = file.copy_metadata()
    except (soundfile.LibsndfileError, RuntimeError):
        return None
    title, artist = (said.get(name, "") for name in ("title", "artist"))
    return DecodedSound(resampled.done(), whole, _plain(title), _plain(artist))


def _by_ffmpeg(path: Path, rate: int, longest: float) -> DecodedSound:
    missing = lacking("Sound of this kind", ["av"])
    if missing is not None:
        raise Unreadable(" ".join(missing))
    import av

    try:
        with av.open(str(path)) as file:
            if not file.streams.audio:
                raise Unreadable("no sound in it")
            parts = list(_decoded(av, file, rate, longest))
            length = float(file.duration or 0) / av.time_base
            title, artist = (str(file.metadata.get(name, "")) for name in ("title", "artist"))
    except (av.FFmpegError, OSError, ValueError, MemoryError):
        raise Unreadable("no sound that can be read") from None
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    whole = max(length, len(samples) / rate)
    return DecodedSound(samples, whole, _plain(title), _plain(artist))


def _plain(text: str) -> str:
    """What a file says of itself, on one line and no longer than anybody reads."""
    return " ".join(text.split())[:LONGEST_TEXT]


def _decoded(av: Any, file: Any, rate: int, longest: float) -> Iterator[Floats]:
    """The samples from the middle on; broken packets are passed over."""
    stream = file.streams.audio[0]
    length = float(file.duration or 0) / av.time_base
    if length > longest:
        with suppress(av.FFmpegError):
            file.seek(round((length - longest) / 2 * av.time_base))
    resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
    left = round(longest * rate)
    for packet in file.demux(stream):
        with suppress(av.FFmpegError):
            for frame in packet.decode():
                for part in resampler.resample(frame):
                    samples = part.to_ndarray().reshape(-1)[:left].astype(np.float32)
                    left -= len(samples)
                    yield samples
        if left <= 0:
            return


class _Resampled:
    """Blocks of one rate become samples of another, by scipy's polyphase filter."""

    def __init__(self, own: int, rate: int) -> None:
        self.own, self.rate = own, rate
        self.parts: list[Floats] = []

    def add(self, block: Floats) -> None:
        self.parts.append(np.nan_to_num(block, posinf=0.0, neginf=0.0))

    def done(self) -> Floats:
        from math import gcd

        from scipy.signal import resample_poly

        if not self.parts:
            return np.zeros(0, np.float32)
        samples = np.concatenate(self.parts)
        shared = gcd(self.own, self.rate)
        up, down = self.rate // shared, self.own // shared
        if max(up, down) > 4 * self.own // 100:  # rates that share nothing: near enough
            down = max(1, round(self.own / 100))
            up = max(1, round(self.rate / 100))
        return np.asarray(resample_poly(samples, up, down), np.float32)
