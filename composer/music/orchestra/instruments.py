"""Instruments: who can play, in which range, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from composer.music.orchestra import reading as r
from composer.table.nodes import Node
from composer.table.reader import Reader
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


def instrument(reader: Reader, name: str, node: Node, known: r.Names) -> Instrument | None:
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
    reader: Reader, what: str, parts: Mapping[str, Node], low: Pitch, high: Pitch, sounds: Pitch
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


def _ease(reader: Reader, name: str, node: Node) -> tuple[Pitch, Pitch] | None:
    what = f"ease of {name}"
    items = reader.items(node, what)
    if items is None:
        return None
    if len(items) != 2:
        reader.fault(node, "pair", f"{what} has {len(items)} items", "[lowest, highest]")
        return None
    low, high = (r.pitch(reader, item, what) for item in items)
    return None if low is None or high is None else (low, high)


def _clefs(reader: Reader, name: str, node: Node) -> tuple[str, ...]:
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
