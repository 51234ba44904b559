"""SoundFonts: where the installed one lies, and which samples of a file sound for a key.

After the SoundFont 2.04 specification, sections 6 to 8; the Ogg samples of .sf3 files are read too.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from composer.errors import UserError
from composer.render.audio.chunks import DamagedError, NoFileError, chunks_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Frank Wen's and Michael Cowgill's; shipped/card.md says why.
SHIPPED = Path(__file__).parent / "shipped" / "FluidR3Mono_GM.sf3"
BETTER = (
    "A good one is Debian's: sudo apt install fluid-soundfont-gm, then "
    "--soundfont /usr/share/sounds/sf2/FluidR3_GM.sf2."
)
KIT = 128  # the bank of percussion
OGG = 0x10  # the type of a sample that is compressed, in .sf3 files

# Generators by number, with what a zone has that does not name them. Times are in timecents.
VIBRATO, FILTER, SWING, PAN, VIBRATO_DELAY, VIBRATO_RATE = 6, 8, 11, 17, 23, 24
DELAY, ATTACK, HOLD, DECAY, SUSTAIN, RELEASE, HOLD_BY_KEY, DECAY_BY_KEY = (
    33,
    34,
    35,
    36,
    37,
    38,
    39,
    40,
)
INSTRUMENT, KEYS, VELOCITIES, ATTENUATION, SEMITONES, CENTS, SAMPLE = 41, 43, 44, 48, 51, 52, 53
LOOPS, SCALE, ROOT = 54, 56, 58
INSTANT, ANY = -12000, 127 << 8
# How far a damaged file may take these: timecents, cents of pitch, cents of a filter (20 Hz).
LONGEST, HIGHEST, LOWEST = 8000, 24000, 1500
WIDEST, FASTEST = 1200, 4500  # cents of vibrato to either side, and over 8.176 Hz
DEFAULTS: Mapping[int, int] = MappingProxyType(
    {FILTER: 13500, SWING: 0, PAN: 0, SUSTAIN: 0, HOLD_BY_KEY: 0, DECAY_BY_KEY: 0, ATTENUATION: 0}
    | {VIBRATO: 0, VIBRATO_RATE: 0, VIBRATO_DELAY: INSTANT}
    | dict.fromkeys((DELAY, ATTACK, HOLD, DECAY, RELEASE), INSTANT)
    | {KEYS: ANY, VELOCITIES: ANY, SEMITONES: 0, CENTS: 0, LOOPS: 0, SCALE: 100, ROOT: -1}
)
# Of these a preset's zone says nothing: a key's sample is the instrument's matter.
OWN = frozenset({KEYS, VELOCITIES, SAMPLE, LOOPS, ROOT, INSTRUMENT})

Generators = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class SampleLayer:
    """One sample as it sounds for a key.

    step: samples of it for each second. delay, attack, hold: seconds; decay: seconds for each
    100 dB that it falls, down to `sustain` dB below its peak; release: the same once the key is let
    go. cutoff: Hz of its low-pass filter at its widest. pan: −0.5 left to 0.5. gain: a factor.
    vibrato: cents to either side, at so many Hz and from so many seconds on.
    """

    number: int
    step: float
    loops: bool
    delay: float
    attack: float
    hold: float
    decay: float
    sustain: float
    release: float
    cutoff: float
    pan: float
    gain: float
    vibrato: float
    vibrato_rate: float
    vibrato_delay: float


@dataclass(frozen=True, slots=True)
class Sample:
    """A recorded tone, from −1 to 1, and the part of it that is repeated while it is held."""

    wave: NDArray[np.float32]
    first: int
    last: int


def installed() -> Path | None:
    """The SoundFont that comes with the installation, or None."""
    return SHIPPED if SHIPPED.is_file() else None


class SoundFont:
    """A SoundFont file. Presets and samples are read when they are first asked for."""

    def __init__(self, path: Path) -> None:
        """Raises UserError for a file that cannot be read or is no SoundFont."""
        self.path = path
        self._zones: dict[tuple[int, int], tuple[Generators, ...]] = {}
        self._keys: dict[tuple[int, int, int], tuple[tuple[int, SampleLayer], ...]] = {}
        self._samples: dict[int, Sample] = {}
        try:
            self._chunks, self._waves = chunks_of(path)
        except OSError as error:
            raise _unread(path, error) from None
        except KeyError:
            raise UserError(f"{path} is no SoundFont.", BETTER) from None
        except NoFileError as found:
            raise UserError(f"{path} is {found}.", BETTER) from None
        except DamagedError:
            raise _damaged(path) from None

    def layers(self, bank: int, program: int, key: int, velocity: int) -> tuple[SampleLayer, ...]:
        """The samples that sound for a key; none where the preset has none for it.

        A program that is not there is replaced by the first of its bank.
        """
        place = bank, program, key
        if place not in self._keys:
            zones = self._preset(bank, program) or self._preset(bank, 0)
            here = [zone for zone in zones if _within(key, zone[KEYS])]
            self._keys[place] = tuple((zone[VELOCITIES], self._layer(zone, key)) for zone in here)
        return tuple(one for span, one in self._keys[place] if _within(velocity, span))

    def sample(self, number: int) -> Sample:
        """A sample by its number."""
        if number not in self._samples:
            self._samples[number] = self._read(number)
        return self._samples[number]

    @cached_property
    def _heads(self) -> Mapping[tuple[int, int], tuple[int, int]]:
        """By (bank, program), a preset's first zone and the one after its last."""
        rows = list(struct.iter_unpack("<20x3H12x", self._chunks["phdr"]))
        return {(row[1], row[0]): (row[2], after[2]) for row, after in pairwise(rows)}

    def _preset(self, bank: int, program: int) -> tuple[Generators, ...]:
        """A preset's zones, each with all its generators; none where it is not there."""
        if (bank, program) not in self._zones:
            found: list[Generators] = []
            first, last = self._heads.get((bank, program), (0, 0))
            for outer in _zones(self._chunks, "p", first, last, INSTRUMENT):
                place = 22 * outer[INSTRUMENT]
                begin, end = struct.unpack_from("<20xH20xH", self._chunks["inst"], place)
                inner = _zones(self._chunks, "i", begin, end, SAMPLE)
                found += [_joined(outer, zone) for zone in inner]
            self._zones[bank, program] = tuple(found)
        return self._zones[bank, program]

    def _layer(self, zone: Generators, key: int) -> SampleLayer:
        head = _head(self._chunks, zone[SAMPLE])
        root = zone[ROOT] if zone[ROOT] >= 0 else min(head[5], 127)
        cents = (key - root) * zone[SCALE] + 100 * zone[SEMITONES] + zone[CENTS] + head[6]
        higher = 60 - key
        return SampleLayer(
            number=zone[SAMPLE],
            step=head[4] * 2 ** (min(HIGHEST, max(-HIGHEST, cents)) / 1200),
            loops=zone[LOOPS] & 3 in (1, 3) and head[3] > head[2],
            delay=_seconds(zone[DELAY]),
            attack=_seconds(zone[ATTACK]),
            hold=_seconds(zone[HOLD] + higher * zone[HOLD_BY_KEY]),
            decay=_seconds(zone[DECAY] + higher * zone[DECAY_BY_KEY]),
            sustain=min(100.0, max(0.0, zone[SUSTAIN] / 10)),
            release=_seconds(zone[RELEASE]),
            cutoff=8.176 * 2 ** (max(LOWEST, zone[FILTER] + max(0, zone[SWING])) / 1200),
            pan=min(0.5, max(-0.5, zone[PAN] / 1000)),
            # The EMU8000's decibels were 0.4 of what they say, and all SoundFonts count on it.
            gain=10 ** (-0.4 * max(0, zone[ATTENUATION]) / 200),
            vibrato=float(min(WIDEST, max(-WIDEST, zone[VIBRATO]))),
            vibrato_rate=8.176 * 2 ** (min(FASTEST, max(-HIGHEST, zone[VIBRATO_RATE])) / 1200),
            vibrato_delay=_seconds(zone[VIBRATO_DELAY]),
        )

    def _read(self, number: int) -> Sample:
        import numpy as np

        start, end, first, last, _, _, _, kind = _head(self._chunks, number)
        width = 1 if kind & OGG else 2  # bytes that places are counted in
        try:
            data = self._bytes(self._waves + width * start, width * max(0, end - start))
        except OSError as error:
            raise _unread(self.path, error) from None
        if not kind & OGG:
            return _sample(
                np.asarray(np.frombuffer(data, "<i2") / 32768, np.float32),
                first - start,
                last - start,
            )
        import soundfile

        try:
            wave = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)[0][:, 0]
        except soundfile.LibsndfileError:
            raise _damaged(self.path) from None
        return _sample(wave, first, last)

    def _bytes(self, place: int, count: int) -> bytes:
        """Raises UserError where they are not all there: the file may have been cut since."""
        with self.path.open("rb") as file:
            if os.fstat(file.fileno()).st_size < place + count:
                raise _damaged(self.path)
            file.seek(place)
            return file.read(count)


def _damaged(path: Path) -> UserError:
    return UserError(f"{path} is damaged, or not whole.", BETTER)


def _unread(path: Path, error: OSError) -> UserError:
    return UserError(f"{path} cannot be read: {error.strerror}.", BETTER)


def _sample(wave: NDArray[np.float32], first: int, last: int) -> Sample:
    """A sample; one whose loop does not lie in it has none."""
    last = min(last, len(wave))
    return Sample(wave, first, last) if 0 <= first < last else Sample(wave, 0, 0)


def _zones(
    chunks: Mapping[str, bytes], kind: str, first: int, last: int, end: int
) -> Iterator[Generators]:
    """The zones of a preset ("p") or an instrument ("i") that name what they play, by `end`.

    A first zone that does not is for all the others.
    """
    shared: Generators = {}
    for bag in range(first, last):
        begin, stop = struct.unpack_from("<H2xH", chunks[f"{kind}bag"], 4 * bag)
        rows = struct.iter_unpack("<Hh", chunks[f"{kind}gen"][4 * begin : 4 * stop])
        own = dict(rows)
        if end in own:
            yield {**shared, **own}
        elif bag == first:
            shared = own


def _joined(outer: Generators, inner: Generators) -> Generators:
    """What a preset's zone adds to an instrument's; a key and a velocity must lie in both."""
    joined = {**DEFAULTS, **inner}
    for number, amount in outer.items():
        if number in DEFAULTS and number not in OWN:
            joined[number] += amount
    for number in (KEYS, VELOCITIES):
        low, high = zip(*(_ends(zone.get(number, ANY)) for zone in (outer, inner)), strict=True)
        joined[number] = max(low) | min(high) << 8
    return joined


def _ends(span: int) -> tuple[int, int]:
    return span & 255, span >> 8 & 255


def _within(value: int, span: int) -> bool:
    low, high = _ends(span)
    return low <= value <= high


def _head(chunks: Mapping[str, bytes], number: int) -> tuple[int, ...]:
    """Start, end, loop's start and end, rate, root key, cents that correct it, type."""
    row = struct.unpack_from("<20x5IBbHH", chunks["shdr"], 46 * number)
    return (*row[:7], row[8])


def _seconds(timecents: int) -> float:
    """Instant and endless are as far apart as what follows can reckon with."""
    return float(2 ** (min(LONGEST, max(-4 * LONGEST, timecents)) / 1200))
