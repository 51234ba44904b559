"""Ensembles: who plays which role, what suits them, and how they are balanced."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from composer.music.orchestra import reading as r
from composer.table.nodes import Node
from composer.table.reader import Reader

# An ensemble's keys for its players, by role.
PLAYERS: Mapping[str, str] = MappingProxyType(
    {"melody": "melody", "counter-melody": "counter", "chords": "chords", "bass": "bass"}
)
_PATTERNS = ("chord_pattern", "bass_pattern", "drums")
_ROLES = (*PLAYERS, "drums")
# An ensemble's keys for those who join, and their roles.
JOINING: Mapping[str, str] = MappingProxyType({"second": "second-melody", "double": "doubling"})
_FARTHEST = 2  # octaves that a role may sound from where it is written


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Who plays.

    `players` and `joining` are instruments by role: those who always play, and of `second-melody`,
    who sings the melody where its player rests, and `doubling`, who joins it in full sections,
    those that there are. `octaves` is how many octaves higher or lower a role sounds than it is
    written, `balance` pan (0 left, 64 middle, 127 right) and volume (0–127) of each role.
    """

    name: str
    about: str
    players: Mapping[str, str]
    joining: Mapping[str, str]
    octaves: Mapping[str, int]
    balance: Mapping[str, tuple[int, int]]


def ensemble(reader: Reader, name: str, node: Node, known: r.Names) -> Ensemble | None:
    """The ensemble of an entry, whose players and patterns are among those known."""
    what = f"ensemble {name!r}"
    required = ("about", *PLAYERS.values(), *_PATTERNS, "balance")
    parts = reader.mapping(node, what, required, (*JOINING, "octave"))
    if parts is None:
        return None
    offered: Mapping[str, Collection[str]] = {
        **dict.fromkeys((*PLAYERS.values(), *JOINING), known["instruments"]),
        "chord_pattern": known["chord_patterns"],
        "bass_pattern": known["bass_patterns"],
        "drums": known["drum_patterns"],
    }
    named = {
        key: reader.one_of(parts[key], f"{key} of {name}", names) or ""
        for key, names in offered.items()
        if key in parts
    }
    about = r.sentence(reader, parts["about"], f"about {name}") if "about" in parts else ""
    octaves = _octaves(reader, name, parts["octave"]) if "octave" in parts else {}
    roles = (*_ROLES, *(role for key, role in JOINING.items() if key in parts))
    balance = _balance(reader, name, parts["balance"], roles) if "balance" in parts else {}
    players = {role: named.get(key, "") for role, key in PLAYERS.items()}
    joining = {role: named[key] for key, role in JOINING.items() if named.get(key)}
    return Ensemble(name, about or "", players, joining, octaves, balance)


def _octaves(reader: Reader, name: str, node: Node) -> dict[str, int]:
    what = f"octave of {name}"
    parts = reader.mapping(node, what, optional=(*PLAYERS, *JOINING.values())) or {}
    read = {
        role: r.whole(reader, part, f"{what} for {role}", -_FARTHEST, _FARTHEST)
        for role, part in parts.items()
    }
    return {role: value for role, value in read.items() if value is not None}


def _balance(
    reader: Reader, name: str, node: Node, roles: tuple[str, ...]
) -> dict[str, tuple[int, int]]:
    what = f"balance of {name}"
    found = {}
    for role, part in (reader.mapping(node, what, roles) or {}).items():
        items = reader.items(part, f"{what} for {role}") or []
        if len(items) != 2:
            if items:
                said = f"{what} for {role} has {len(items)} items"
                reader.fault(part, "pair", said, "[pan, volume], both from 0 to 127")
            continue
        pan, volume = (r.whole(reader, item, f"{what} for {role}", 0, 127) for item in items)
        found[role] = (pan or 0, volume or 0)
    return found
