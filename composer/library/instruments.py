"""Instruments and ensembles: who can play, and who plays which role."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from composer.library import reading as r
from composer.values import ROLES, Instrument
from theory.pitch import Pitch

FAMILIES = (
    "keyboard",
    "mallets",
    "plucked",
    "bass",
    "strings",
    "voices",
    "brass",
    "winds",
    "synthesiser",
)
_INSTRUMENT: r.Keys = {
    "program": (r.whole(0, 127), True),
    "low": (r.reads(Pitch.parse), True),
    "high": (r.reads(Pitch.parse), True),
    "middle": (r.reads(Pitch.parse), True),
    "sustains": (r.truth, True),
    "family": (r.one_of(FAMILIES), True),
}
# An ensemble's keys for its players, by role.
PLAYERS = {"melody": "melody", "counter-melody": "counter", "chords": "chords", "bass": "bass"}
# The decision that names a role's instrument or pattern, for the causes of notes.
DECISIONS: Mapping[str, str] = MappingProxyType(
    {
        "melody": "melody_instrument",
        "counter-melody": "counter_instrument",
        "chords": "chord_instrument",
        "bass": "bass_instrument",
    }
)
KIT = Instrument("drums", 0, Pitch.parse("C1"), Pitch.parse("C7"), False)


def check_instruments(entries: Mapping[str, Any], file: str = "instruments.yaml") -> None:
    r.check(file, entries, _INSTRUMENT)
    for name, entry in entries.items():
        low, middle, high = (Pitch.parse(entry[key]) for key in ("low", "middle", "high"))
        if not low < middle < high:
            raise r.fault(file, name, "middle", "a pitch between low and high", entry["middle"])


def check_ensembles(entries: Mapping[str, Any], file: str = "ensembles.yaml") -> None:
    player = r.one_of(tuple(r.load("instruments")))
    shares = r.mapped(dict.fromkeys(ROLES, _balance))
    keys: dict[str, tuple[r.Check, bool]] = {"about": (r.sentence, True)}
    keys |= dict.fromkeys(PLAYERS.values(), (player, True))
    for key, library in (
        ("chord_pattern", "chord_patterns"),
        ("bass_pattern", "bass_patterns"),
        ("drums", "drum_patterns"),
    ):
        keys[key] = (r.one_of(tuple(r.load(library))), True)
    keys["octave"] = (r.mapped(dict.fromkeys(PLAYERS, r.whole(-2, 2))), False)
    keys["balance"] = (shares, True)
    r.check(file, entries, keys)
    for name, entry in entries.items():
        missing = [role for role in ROLES if role not in entry["balance"]]
        if missing:
            raise r.fault(
                file, name, "balance", f"pan and volume of {missing[0]}", entry["balance"]
            )


def _balance(value: Any) -> str:
    fine = isinstance(value, list) and len(value) == 2 and not any(map(r.whole(0, 127), value))
    return "" if fine else "[pan, volume], both from 0 to 127"


@lru_cache(maxsize=1)
def instruments() -> Mapping[str, Instrument]:
    """Every instrument by name."""
    entries = r.load("instruments")
    check_instruments(entries)
    return MappingProxyType(
        {
            name: Instrument(
                name,
                entry["program"],
                Pitch.parse(entry["low"]),
                Pitch.parse(entry["high"]),
                entry["sustains"],
            )
            for name, entry in entries.items()
        }
    )


@lru_cache(maxsize=1)
def middles() -> Mapping[str, int]:
    """The MIDI number at the heart of each instrument's range."""
    return {
        name: Pitch.parse(entry["middle"]).midi for name, entry in r.load("instruments").items()
    }
