"""Frames and sound as the bytes of an MP4 file: H.264 and AAC, by PyAV."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from composer.errors import UserError
from composer.render.audio.coding import RATE as SAMPLES
from composer.render.film.look import HEIGHT, RATE, WIDTH
from corpora.whole import scratch

if TYPE_CHECKING:
    from composer.render.audio.coding import Samples
    from composer.render.film.look import Image

VIDEO, AUDIO = "libx264", "aac"
# Nearly without loss to the eye; a fixed count of threads, for it changes what x264 writes.
QUALITY = {"preset": "veryfast", "crf": "19", "tune": "animation"}
THREADS = 2
BITS = 192_000  # a second of sound
PORTIONS = 20  # how often somebody who waits is told how far it is
BLOCK = 1024  # samples of a frame of AAC
BT709 = 1  # how colours are coded, as players expect of this size


def check() -> None:
    """Raises UserError where the PyAV installed here cannot write such a file."""
    try:
        import av
    except ImportError as error:
        raise UserError(
            f"PyAV cannot be loaded: {error}.",
            "Run: pip install --force-reinstall --only-binary av av.",
        ) from None

    for name in (VIDEO, AUDIO):
        try:
            av.Codec(name, "w")
        except ValueError:
            raise UserError(
                f"The PyAV installed here has no encoder {name}.",
                "Run: pip install --force-reinstall --only-binary av av.",
            ) from None


def encode(
    frames: Iterable[Image],
    sound: Samples,
    title: str,
    drawn: Callable[[int], None],
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> bytes:
    """The file's bytes. frames: (h, w, 3) uint8 each, size: (w, h); sound: (2, n), −1 to 1.

    `drawn` is told how many frames there are already. The same frames and sound give the same
    bytes with one version of PyAV.
    """
    # Its index is moved to the front at the end, which only a file on a disk allows.
    try:
        with scratch() as path:
            _write(path, frames, sound, title, drawn, size)
            return path.read_bytes()
    except OSError as error:  # PyAV's are of its own kinds
        raise UserError(
            f"The film cannot be written among the temporary files: {error.strerror or error}.",
            "Make room there, or set TMPDIR to another folder.",
        ) from None


def _write(
    path: Path,
    frames: Iterable[Image],
    sound: Samples,
    title: str,
    drawn: Callable[[int], None],
    size: tuple[int, int],
) -> None:
    import av

    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as file:
        file.metadata["title"] = title
        video: Any = file.add_stream(VIDEO, rate=RATE, options=QUALITY)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.time_base = Fraction(1, RATE)
        codec = video.codec_context
        codec.thread_count = THREADS
        codec.colorspace = codec.color_primaries = codec.color_trc = BT709
        codec.color_range = 1  # 16 to 235
        audio: Any = file.add_stream(AUDIO, rate=SAMPLES, layout="stereo")
        audio.bit_rate = BITS
        at = 0
        for number, image in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            file.mux(video.encode(frame))
            # Sound goes along, so that a player finds both near each other.
            while at < sound.shape[1] and at * RATE <= (number + 1) * SAMPLES:
                file.mux(audio.encode(_block(sound, at)))
                at += BLOCK
            drawn(number + 1)
        file.mux(video.encode(None))
        for start in range(at, sound.shape[1], BLOCK):
            file.mux(audio.encode(_block(sound, start)))
        file.mux(audio.encode(None))


def _block(sound: Samples, at: int) -> Any:
    import av
    import numpy as np

    part = np.ascontiguousarray(sound[:, at : at + BLOCK], np.float32)
    frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
    frame.sample_rate = SAMPLES
    frame.pts, frame.time_base = at, Fraction(1, SAMPLES)
    return frame
