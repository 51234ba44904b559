"""SoundFonts: where the installed one lies, and which samples of a file sound for a key.

After the SoundFont 2.04 specification, sections 6 to 8; the Ogg samples of .sf3 files are read too.
Every index is looked at before anything is played: a preset must not claim another's zones, nor a
zone what lies past the end, or a damaged file would sound wrong, or for ever.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from composer.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The wheel of pretty_midi carries Tim Brechbill's TimGM6mb; nothing of pretty_midi is loaded.
CARRIER, FILE = "pretty_midi", "TimGM6mb.sf2"
BETTER = (
    "A good one is Debian's: sudo apt install fluid-soundfont-gm, then "
    "--soundfont /usr/share/sounds/sf2/FluidR3_GM.sf2."
)
KIT = 128  # the bank of percussion
OGG = 0x10  # the type of a sample that is compressed, in .sf3 files

# Generators by number, with what a zone has that does not name them. Times are in timecents.
FILTER, SWING, PAN = 8, 11, 17
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
DEFAULTS: Mapping[int, int] = MappingProxyType(
    {FILTER: 13500, SWING: 0, PAN: 0, SUSTAIN: 0, HOLD_BY_KEY: 0, DECAY_BY_KEY: 0, ATTENUATION: 0}
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


@dataclass(frozen=True, slots=True)
class Sample:
    """A recorded tone, from −1 to 1, and the part of it that is repeated while it is held."""

    wave: NDArray[np.float32]
    first: int
    last: int


def installed() -> Path | None:
    """The SoundFont that comes with the installation, or None."""
    spec = find_spec(CARRIER)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / FILE
        if path.is_file():
            return path
    return None


class SoundFont:
    """A SoundFont file. Presets and samples are read when they are first asked for."""

    def __init__(self, path: Path) -> None:
        """Raises UserError for a file that cannot be read or is no SoundFont."""
        self.path = path
        self._zones: dict[tuple[int, int], tuple[Generators, ...]] = {}
        self._samples: dict[int, Sample] = {}
        try:
            self._chunks, self._waves = _chunks_of(path)
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}.", BETTER) from None
        except KeyError:
            raise UserError(f"{path} is no SoundFont.", BETTER) from None
        except DamagedError:
            raise UserError(f"{path} is damaged, or not whole.", BETTER) from None

    def layers(self, bank: int, program: int, key: int, velocity: int) -> tuple[SampleLayer, ...]:
        """The samples that sound for a key; none where the preset has none for it.

        A program that is not there is replaced by the first of its bank.
        """
        zones = self._preset(bank, program) or self._preset(bank, 0)
        return tuple(
            self._layer(zone, key)
            for zone in zones
            if _within(key, zone[KEYS]) and _within(velocity, zone[VELOCITIES])
        )

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
        )

    def _read(self, number: int) -> Sample:
        import numpy as np

        start, end, first, last, _, _, _, kind = _head(self._chunks, number)
        place, _ = self._waves
        with self.path.open("rb") as file:
            if kind & OGG:
                import soundfile

                file.seek(place + start)
                data = io.BytesIO(file.read(max(0, end - start)))
                try:
                    wave = soundfile.read(data, dtype="float32", always_2d=True)[0][:, 0]
                except soundfile.LibsndfileError:
                    raise UserError(f"{self.path} is damaged, or not whole.", BETTER) from None
                return _sample(wave, first, last)
            file.seek(place + 2 * start)
            data_ = file.read(2 * max(0, end - start))
        whole = np.frombuffer(data_[: len(data_) // 2 * 2], "<i2")
        return _sample(np.asarray(whole / 32768, np.float32), first - start, last - start)


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


# Bytes of a record in each chunk of presets, instruments and samples.
RECORDS: Mapping[str, int] = MappingProxyType(
    {"phdr": 38, "pbag": 4, "pgen": 4, "inst": 22, "ibag": 4, "igen": 4, "shdr": 46}
)
# Which chunk points where: at so many bytes in a record, as this number, into that chunk.
POINTERS = (
    ("phdr", 24, "pbag"),
    ("pbag", 0, "pgen"),
    ("inst", 20, "ibag"),
    ("ibag", 0, "igen"),
)
# A generator of a preset that names an instrument, and of an instrument that names a sample.
NAMED = (("pgen", 41, "inst"), ("igen", 53, "shdr"))


class DamagedError(Exception):
    """A file that begins as a SoundFont does, and does not go on as one."""


def _chunks_of(path: Path) -> tuple[Mapping[str, bytes], tuple[int, int]]:
    """The chunks of presets and instruments by name, and place and size of the samples.

    Raises KeyError for what is no SoundFont, DamagedError for one that is not whole, OSError.
    """
    waves = (0, 0)
    with path.open("rb") as file:
        if file.read(4) != b"RIFF" or file.read(8)[4:] != b"sfbk":
            raise KeyError("sfbk")
        while head := file.read(12):
            if len(head) < 12:
                break
            name, size, kind = struct.unpack("<4sI4s", head)
            if name == b"LIST" and kind == b"pdta":
                found = _named(file.read(size - 4))
                _hold_together(found)
                return found, waves
            if name == b"LIST" and kind == b"sdta":
                waves = (file.tell() + 8, size - 12)
            file.seek(size - 4 + size % 2, io.SEEK_CUR)
    raise DamagedError("pdta")


def _named(data: bytes) -> Mapping[str, bytes]:
    """A list's chunks by name. Raises DamagedError where one is missing."""
    chunks: dict[str, bytes] = {}
    place = 0
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        chunks[name.decode("latin-1")] = data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2
    if missing := RECORDS.keys() - chunks.keys():
        raise DamagedError(missing)
    return {name: chunks[name] for name in RECORDS}


def _hold_together(chunks: Mapping[str, bytes]) -> None:
    """Raises DamagedError where records are cut off, or an index goes back or past the end."""
    count = {name: len(chunks[name]) // size for name, size in RECORDS.items()}
    for name, size in RECORDS.items():
        if len(chunks[name]) % size or not count[name]:
            raise DamagedError(name)
    for name, offset, other in POINTERS:
        form = f"<{offset}xH{RECORDS[name] - offset - 2}x"
        places = [place for (place,) in struct.iter_unpack(form, chunks[name])]
        # A bag is read together with the one after it.
        most = count[other] - (other in ("pbag", "ibag"))
        if places[-1] > most or any(after < before for before, after in pairwise(places)):
            raise DamagedError(name)
    for name, number, other in NAMED:
        for kind, place in struct.iter_unpack("<HH", chunks[name]):
            # The last record of each only says where the one before it ends.
            if kind == number and place >= count[other] - 1:
                raise DamagedError(name)
