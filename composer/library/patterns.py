"""Patterns of accompaniment: chords, bass and drums, and the metres that they fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any

from composer.library import reading as r
from composer.library.figures import BEATS, Figure, figure
from theory.metre import METRES, Metre

SIGNS = {"chord_patterns": "1234abcdef", "bass_patterns": "b58w"}
# General MIDI percussion keys.
DRUMS: Mapping[str, int] = MappingProxyType(
    {
        "kick": 36,
        "stick": 37,
        "snare": 38,
        "hat": 42,
        "pedal hat": 44,
        "low tom": 45,
        "open hat": 46,
        "crash": 49,
        "high tom": 50,
        "ride": 51,
        "tambourine": 54,
        "cymbal": 57,
        "frame drum": 64,
        "shaker": 70,
        "triangle": 81,
    }
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How chords or the bass are spelled out in time.

    `whole` is struck once a bar and held. `cells` are figures that begin anew with each chord,
    by number of beats; `bars` are whole bars by metre. Where it rings, the pedal is held through
    each chord; where it ties, notes that two chords share are held over. `thinner` and `fuller`
    name its relatives.
    """

    name: str
    about: str
    whole: str
    cells: Mapping[bool, Mapping[int, Figure]]  # compound? -> beats -> figure
    bars: Mapping[str, Figure]
    ring: bool
    tie: bool
    thinner: str
    fuller: str

    @property
    def metres(self) -> tuple[str, ...]:
        """The metres that it fits."""
        return tuple(metre.name for metre in METRES.values() if self.fits(metre))

    def fits(self, metre: Metre) -> bool:
        return bool(self.whole or metre.name in self.bars or self.cells[metre.compound])


@dataclass(frozen=True, slots=True)
class DrumPattern:
    """Figures by metre and drum; `fills` are last bars of sections; `land` is struck after them."""

    name: str
    about: str
    bars: Mapping[str, Mapping[str, Figure]]
    fills: Mapping[str, Mapping[str, Figure]]
    land: str
    thinner: str
    fuller: str

    @property
    def metres(self) -> tuple[str, ...]:
        return tuple(name for name in METRES if self.name == "none" or name in self.bars)


def _figures(signs: str) -> dict[str, r.Check]:
    """Checks of a figure for a whole bar of each metre."""
    return {name: _bar(metre, signs) for name, metre in METRES.items()}


def _bar(metre: Metre, signs: str) -> r.Check:
    def reader(text: str) -> None:
        found = figure(text, metre.beat, signs)
        if found.beats != metre.beats:
            raise ValueError(f"{text!r} has {found.beats} beats; {metre.name} has {metre.beats}")

    return r.reads(reader)


def check_patterns(library: str, entries: Mapping[str, Any], file: str = "") -> None:
    """Check chord or bass patterns; raises LibraryError."""
    file = file or f"{library}.yaml"
    signs = SIGNS[library]
    keys: dict[str, tuple[r.Check, bool]] = {
        "about": (r.sentence, True),
        "whole": (r.reads(partial(figure, beat=24, signs=signs)), False),
        "tie": (r.one_of(("common",)), False),
        "thinner": (r.one_of(tuple(entries)), False),
        "fuller": (r.one_of(tuple(entries)), False),
    }
    if library == "chord_patterns":
        keys["ring"] = (r.one_of(("chord",)), False)
    for name, beat in BEATS.items():
        keys[name] = (r.listed(r.reads(partial(figure, beat=beat, signs=signs))), False)
    keys |= {name: (each, False) for name, each in _figures(signs).items()}
    r.check(file, entries, keys)
    for name, entry in entries.items():
        if not (set(entry) & {"whole", *BEATS, *METRES}):
            raise r.fault(file, name, "", "figures: whole, simple, compound or a metre's", entry)
        for key, beat in BEATS.items():
            beats = [figure(text, beat, signs).beats for text in entry.get(key, ())]
            if beats and (len(set(beats)) < len(beats) or 1 not in beats):
                raise r.fault(file, name, key, "one figure a number of beats, one of 1 beat", beats)


def check_drums(entries: Mapping[str, Any], file: str = "drum_patterns.yaml") -> None:
    """Check drum patterns; raises LibraryError."""
    bars = {metre: r.mapped(dict.fromkeys(DRUMS, each)) for metre, each in _figures("xXo").items()}
    keys: dict[str, tuple[r.Check, bool]] = {
        "about": (r.sentence, True),
        "fill": (r.mapped(bars), False),
        "land": (r.one_of(tuple(DRUMS)), False),
        "thinner": (r.one_of(tuple(entries)), False),
        "fuller": (r.one_of(tuple(entries)), False),
    }
    keys |= {metre: (each, False) for metre, each in bars.items()}
    r.check(file, entries, keys)


@lru_cache(maxsize=4)
def patterns(library: str) -> Mapping[str, Pattern]:
    """The chord patterns or the bass patterns by name."""
    entries = r.load(library)
    check_patterns(library, entries)
    signs = SIGNS[library]
    return MappingProxyType({name: _pattern(name, entry, signs) for name, entry in entries.items()})


def _pattern(name: str, entry: Mapping[str, Any], signs: str) -> Pattern:
    cells = {
        beat == BEATS["compound"]: {
            found.beats: found
            for found in (figure(text, beat, signs) for text in entry.get(key, ()))
        }
        for key, beat in BEATS.items()
    }
    bars = {key: figure(entry[key], METRES[key].beat, signs) for key in METRES if key in entry}
    return Pattern(
        name,
        entry["about"],
        entry.get("whole", ""),
        MappingProxyType(cells),
        MappingProxyType(bars),
        "ring" in entry,
        "tie" in entry,
        entry.get("thinner", ""),
        entry.get("fuller", ""),
    )


@lru_cache(maxsize=1)
def drum_patterns() -> Mapping[str, DrumPattern]:
    """The drum patterns by name; the first is `none`."""
    entries = r.load("drum_patterns")
    check_drums(entries)
    return MappingProxyType(
        {
            name: DrumPattern(
                name,
                entry["about"],
                _drums({key: entry[key] for key in METRES if key in entry}),
                _drums(entry.get("fill", {})),
                entry.get("land", ""),
                entry.get("thinner", ""),
                entry.get("fuller", ""),
            )
            for name, entry in entries.items()
        }
    )


def _drums(bars: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, Figure]]:
    return {
        metre: {drum: figure(text, METRES[metre].beat, "xXo") for drum, text in lines.items()}
        for metre, lines in bars.items()
    }
