"""Patterns of accompaniment: chords, bass and drums, and the metres that they fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from composer.music.orchestra import reading as r
from composer.music.orchestra.reading import BEATS, Figure, FigureSigns, Stroke
from composer.table.nodes import Listing, Node
from composer.table.reader import YamlReader
from theory.metre import METRES, Metre

SIGNS = {
    "chord_patterns": FigureSigns("1234abcdef", several=True),
    "bass_patterns": FigureSigns("b58w"),
}
STROKES = FigureSigns("xXo")
SILENT = "none"  # the drum pattern that needs no figures
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
        "high bongo": 60,
        "low bongo": 61,
        "high conga": 63,
        "frame drum": 64,
        "shaker": 70,
        "claves": 75,
        "triangle": 81,
    }
)
RELATIVES = ("thinner", "fuller", "close")


@dataclass(frozen=True, slots=True)
class PitchedPattern:
    """How chords or the bass are spelled out in time.

    `whole` is struck once a bar and held. `cells` are figures that begin anew with each chord,
    by number of beats; `bars` are whole bars by metre, several of which take turns. Where it
    rings, the pedal is held through each chord; where it ties, notes that two chords share are
    held over. `relatives` names the patterns that stand in for it: thinner, fuller, close.
    """

    name: str
    about: str
    whole: Stroke | None
    cells: Mapping[bool, Mapping[int, Figure]]  # compound? -> beats -> figure
    bars: Mapping[str, tuple[Figure, ...]]
    ring: bool
    tie: bool
    relatives: Mapping[str, str]

    @property
    def metres(self) -> tuple[str, ...]:
        """The metres that it fits."""
        return tuple(metre.name for metre in METRES.values() if self.fits(metre))

    def fits(self, metre: Metre) -> bool:
        return bool(self.whole or metre.name in self.bars or self.cells[metre.compound])


@dataclass(frozen=True, slots=True)
class DrumPattern:
    """Figures by metre and drum, whose bars take turns; `fills` are last bars of sections; `land`
    is struck after them."""

    name: str
    about: str
    bars: Mapping[str, Mapping[str, tuple[Figure, ...]]]
    fills: Mapping[str, Mapping[str, tuple[Figure, ...]]]
    land: str
    relatives: Mapping[str, str]

    @property
    def metres(self) -> tuple[str, ...]:
        return tuple(name for name in METRES if self.name == SILENT or name in self.bars)


def pattern(
    stock: str, reader: YamlReader, name: str, node: Node, known: r.Names
) -> PitchedPattern | None:
    """The pattern of an entry of `stock`, one of SIGNS; its relatives are among those known."""
    what, signs = f"pattern {name!r}", SIGNS[stock]
    figures = ("whole", *BEATS, *METRES)
    ring = ("ring",) if stock == "chord_patterns" else ()
    parts = reader.mapping(node, what, ("about",), (*figures, "tie", *ring, *RELATIVES))
    if parts is None:
        return None
    if not set(parts) & set(figures):
        reader.fault(node, "missing", f"{what} has no figures", ", ".join(figures))
    about = r.sentence(reader, parts["about"], f"about {name}") if "about" in parts else ""
    for key, word in (("ring", "chord"), ("tie", "common")):
        if key in parts:
            reader.one_of(parts[key], f"{key} of {name}", [word])
    cells = {
        beat == BEATS["compound"]: _cells(reader, name, key, parts[key], beat, signs)
        if key in parts
        else {}
        for key, beat in BEATS.items()
    }
    bars = {
        metre.name: r.bars(
            reader, parts[metre.name], f"{metre.name} of {name}", metre.beat, metre.beats, signs
        )
        for metre in METRES.values()
        if metre.name in parts
    }
    whole = _whole(reader, name, parts["whole"], signs) if "whole" in parts else None
    return PitchedPattern(
        name,
        about or "",
        whole,
        MappingProxyType(cells),
        MappingProxyType(bars),
        "ring" in parts,
        "tie" in parts,
        _relatives(reader, name, parts, known[stock]),
    )


def _whole(reader: YamlReader, name: str, node: Node, signs: FigureSigns) -> Stroke | None:
    """The one stroke that is struck and held."""
    what = f"whole of {name}"
    figures = r.bars(reader, node, what, BEATS["simple"], 1, signs)
    if len(figures) == 1 and len(figures[0].strokes) == 1 and not isinstance(node, Listing):
        return figures[0].strokes[0]
    if figures:
        reader.fault(node, "beats", f"{what} is more or less than one stroke", "one stroke")
    return None


def _cells(
    reader: YamlReader, name: str, key: str, node: Node, beat: int, signs: FigureSigns
) -> Mapping[int, Figure]:
    """Figures by their number of beats; one of one beat is needed, for the shortest chords."""
    what = f"{key} of {name}"
    if not isinstance(node, Listing):
        reader.fault(node, "type", f"{what} is no list", "a list of figures")
        return {}
    figures = r.bars(reader, node, what, beat, None, signs)
    found = {each.beats: each for each in figures}
    if len(figures) == len(node.items) and (1 not in found or len(found) < len(figures)):
        lengths = ", ".join(str(each.beats) for each in figures)
        expected = "one figure a number of beats, and one of 1 beat"
        reader.fault(node, "beats", f"{what} has figures of {lengths} beats", expected)
    return MappingProxyType(found)


def _relatives(
    reader: YamlReader, name: str, parts: Mapping[str, Node], known: Collection[str]
) -> Mapping[str, str]:
    found = {
        key: reader.one_of(parts[key], f"{key} of {name}", known) or ""
        for key in RELATIVES
        if key in parts
    }
    return MappingProxyType(found)


def drum_pattern(reader: YamlReader, name: str, node: Node, known: r.Names) -> DrumPattern | None:
    """The drum pattern of an entry; its relatives are among those known."""
    what = f"pattern {name!r}"
    parts = reader.mapping(node, what, ("about",), (*METRES, "fill", "land", *RELATIVES[:2]))
    if parts is None:
        return None
    if name != SILENT and not set(parts) & set(METRES):
        reader.fault(node, "missing", f"{what} has no figures", ", ".join(METRES))
    about = r.sentence(reader, parts["about"], f"about {name}") if "about" in parts else ""
    fill, land = parts.get("fill"), parts.get("land")
    fills = reader.mapping(fill, f"fill of {name}", (), tuple(METRES)) if fill else {}
    lands = reader.one_of(land, f"land of {name}", DRUMS) if land else ""
    return DrumPattern(
        name,
        about or "",
        _drums(reader, name, {key: parts[key] for key in METRES if key in parts}),
        _drums(reader, f"the fill of {name}", fills or {}),
        lands or "",
        _relatives(reader, name, parts, known["drum_patterns"]),
    )


def _drums(
    reader: YamlReader, name: str, metres: Mapping[str, Node]
) -> Mapping[str, Mapping[str, tuple[Figure, ...]]]:
    found = {}
    for key, node in metres.items():
        metre, what = METRES[key], f"{key} of {name}"
        lines = reader.mapping(node, what, optional=tuple(DRUMS)) or {}
        found[key] = MappingProxyType(
            {
                drum: r.bars(reader, text, f"{drum} in {what}", metre.beat, metre.beats, STROKES)
                for drum, text in lines.items()
            }
        )
    return MappingProxyType(found)
