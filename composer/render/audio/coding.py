"""Sound as samples of two channels, and as the bytes of a file, which libsndfile codes."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from composer.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    # Of shape (2, n) or (n,), −1 to 1 full scale.
    Samples = NDArray[np.float32]

RATE = 44_100  # samples a second
# libsndfile's names of the container and of the coding, by suffix.
FORMATS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        ".wav": ("WAV", "PCM_16"),
        ".flac": ("FLAC", "PCM_16"),
        ".ogg": ("OGG", "VORBIS"),
        ".mp3": ("MP3", "MPEG_LAYER_III"),
    }
)
# The share of the way from the best to the smallest file, for those that leave something out.
SMALLER = 0.2
# The same of an MP3 file whose every second takes as many bytes, 112 kilobits of it.
STEADY = 0.7
# Samples that are handed over at once: libsndfile's Vorbis encoder lays all that it is given on its
# stack, which a long piece would burst, and the interpreter with it.
BLOCK = 4096
FULL = 32767  # the greatest sample of 16 bits


def encode(sound: Samples, suffix: str, title: str, *, steady: bool = False) -> bytes:
    """The bytes of a file: `sound` from −1 to 1, shape (2, n); `suffix` one of FORMATS.

    steady: every second takes as many bytes, so that a player finds any place at once; MP3 only.
    """
    import soundfile

    container, coding = FORMATS[suffix]
    lossy: dict[str, Any] = {} if coding == "PCM_16" else {"compression_level": SMALLER}
    if steady:
        lossy = {"compression_level": STEADY, "bitrate_mode": "CONSTANT"}
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer, "w", RATE, len(sound), coding, format=container, **lossy
    ) as file:
        file.title = title
        file.software = "Promenade"
        for start in range(0, sound.shape[-1], BLOCK):
            block = sound.T[start : start + BLOCK]
            # Rounded here: libsndfile rounds for one container and cuts off for another.
            file.write(_whole(block) if coding == "PCM_16" else block)
    return buffer.getvalue()


def _whole(sound: Samples) -> NDArray[np.int16]:
    """Samples as whole numbers of 16 bits, the nearest; 1 is the greatest of them."""
    import numpy as np

    return np.rint(np.clip(sound, -1, 1) * FULL).astype(np.int16)


def check_formats(suffixes: Collection[str]) -> None:
    """Raises UserError, with what to install, where one of these of FORMATS cannot be written."""
    try:
        import soundfile
    except OSError as error:
        raise UserError(
            f"soundfile cannot be loaded: {error}.",
            "Run: pip install --force-reinstall soundfile; on Debian or Ubuntu, where that is not "
            "enough: sudo apt install libsndfile1.",
        ) from None

    known = soundfile.available_formats()
    for suffix in suffixes:
        container, coding = FORMATS[suffix]
        if container not in known or coding not in soundfile.available_subtypes(container):
            raise UserError(
                f"The libsndfile installed here cannot write {suffix} files.",
                "Run: pip install --upgrade --force-reinstall soundfile; or write .wav.",
            )
