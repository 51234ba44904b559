"""Who can play: instruments, their ranges and how they are played, and ensembles of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from composer.music.orchestra import reading as r
from composer.table.nodes import Node
from composer.table.reader import YamlReader
from composer.values import MIDDLE_C, Instrument
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
_REQUIRED = ("program", "low", "high", "ease", "middle", "sustains", "family")
_OPTIONAL = ("level", "sounds", "at once", "clefs", "staves", "short", "breath", "roll")
CLEFS = ("treble", "alto", "tenor", "bass")
STAVES = ("one", "two", "wide")
MOST_AT_ONCE, LONGEST_BREATH, SLOWEST_ROLL = 16, 60, 60
SOFTEST, LOUDEST = Decimal(-60), Decimal(0)  # decibels
OCTAVE = 12  # semitones that an instrument spans at least
WRITTEN = Pitch.parse("D0"), Pitch.parse("G9")  # what can be written for it
KIT = Instrument("drums", 0, Pitch.parse("C1"), Pitch.parse("C7"), False, at_once=16)


def instrument(reader: YamlReader, name: str, node: Node, known: r.Names) -> Instrument | None:
    """The instrument of an entry; None where it is so faulty that there is none."""
    what = f"instrument {name!r}"
    parts = reader.mapping(node, what, _REQUIRED, _OPTIONAL)
    if parts is None or not set(_REQUIRED) <= set(parts):
        return None

    def pitch(key: str) -> Pitch | None:
        return r.pitch(reader, parts[key], f"{key} of {name}") if key in parts else MIDDLE_C

    def whole(key: str, unless: int, high: int, low: int = 0) -> int | None:
        given = key in parts
        return r.whole(reader, parts[key], f"{key} of {name}", low, high) if given else unless

    program = whole("program", 0, 127)
    low, high, middle, sounds = (pitch(key) for key in ("low", "high", "middle", "sounds"))
    sustains = r.truth(reader, parts["sustains"], f"sustains of {name}")
    family = reader.one_of(parts["family"], "family", FAMILIES)
    at_once = whole("at once", 1, MOST_AT_ONCE, 1)
    breath, roll = whole("breath", 0, LONGEST_BREATH), whole("roll", 0, SLOWEST_ROLL)
    ease = _ease(reader, name, parts["ease"])
    clefs = _clefs(reader, name, parts["clefs"]) if "clefs" in parts else ()
    staves = "one"
    if "staves" in parts:
        staves = reader.one_of(parts["staves"], f"staves of {name}", STAVES) or staves
    short = reader.text(parts["short"], f"short of {name}") if "short" in parts else ""
    level = None
    if "level" in parts:
        level = reader.number(parts["level"], f"level of {name}", SOFTEST, LOUDEST)
    if low is None or high is None or middle is None or sounds is None or ease is None:
        return None
    if program is None or sustains is None or family is None:
        return None
    if at_once is None or breath is None or roll is None:
        return None
    if not low < middle < high:
        expected = f"a pitch between {low} and {high}"
        reader.fault(parts["middle"], "range", f"middle of {name} is {middle}", expected)
    _compass(reader, what, parts, low, high, sounds)
    if not (low.midi <= ease[0].midi < ease[1].midi <= high.midi):
        expected = f"[lowest, highest] between {low} and {high}"
        reader.fault(parts["ease"], "range", f"{what} has its ease outside its range", expected)
    return Instrument(
        name,
        program,
        low,
        high,
        sustains,
        family,
        middle,
        ease,
        sounds,
        at_once,
        breath,
        roll,
        clefs,
        staves,
        None if level is None else float(level),
        short or "",
    )


def levelled(
    instruments: Mapping[str, Instrument], before: Mapping[str, Instrument]
) -> Mapping[str, Instrument]:
    """The instruments, those without a level with that of the first of the same program, which
    sounds alike: among those known `before`, or else among themselves."""
    known = (*before.values(), *instruments.values())
    levels = {one.program: one.level for one in reversed(known) if one.level is not None}
    return MappingProxyType(
        {
            name: replace(one, level=levels.get(one.program)) if one.level is None else one
            for name, one in instruments.items()
        }
    )


def _compass(
    reader: YamlReader, what: str, parts: Mapping[str, Node], low: Pitch, high: Pitch, sounds: Pitch
) -> None:
    """Faults where an instrument has not every note in some octave, or no staff has its notes."""
    span = high.midi - low.midi
    if 0 < span < OCTAVE:
        expected = f"an octave at least, {OCTAVE} semitones"
        reader.fault(parts["high"], "range", f"{what} spans {span} semitones", expected)
    up = sounds.to(MIDDLE_C)
    lowest, highest = low.up(up), high.up(up)
    if lowest.midi < WRITTEN[0].midi or highest.midi > WRITTEN[1].midi:
        said = f"{what} is written from {lowest} to {highest}"
        place = parts.get("sounds", parts["low"])
        reader.fault(place, "range", said, f"within {WRITTEN[0]} to {WRITTEN[1]}")


def _ease(reader: YamlReader, name: str, node: Node) -> tuple[Pitch, Pitch] | None:
    what = f"ease of {name}"
    items = reader.items(node, what)
    if items is None:
        return None
    if len(items) != 2:
        reader.fault(node, "pair", f"{what} has {len(items)} items", "[lowest, highest]")
        return None
    low, high = (r.pitch(reader, item, what) for item in items)
    return None if low is None or high is None else (low, high)


def _clefs(reader: YamlReader, name: str, node: Node) -> tuple[str, ...]:
    """The clefs that are named, each once."""
    what = f"clefs of {name}"
    items = reader.items(node, what)
    if items == []:
        reader.fault(node, "empty", f"{what} is empty", "the clefs that its player reads")
    found: list[str] = []
    for item in items or []:
        clef = reader.one_of(item, f"a clef of {name}", CLEFS)
        if clef in found:
            reader.fault(item, "twice", f"{what} has {clef!r} twice", "each clef once")
        elif clef is not None:
            found.append(clef)
    return tuple(found)


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


def ensemble(reader: YamlReader, name: str, node: Node, known: r.Names) -> Ensemble | None:
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


def _octaves(reader: YamlReader, name: str, node: Node) -> dict[str, int]:
    what = f"octave of {name}"
    parts = reader.mapping(node, what, optional=(*PLAYERS, *JOINING.values())) or {}
    read = {
        role: r.whole(reader, part, f"{what} for {role}", -_FARTHEST, _FARTHEST)
        for role, part in parts.items()
    }
    return {role: value for role, value in read.items() if value is not None}


def _balance(
    reader: YamlReader, name: str, node: Node, roles: tuple[str, ...]
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
