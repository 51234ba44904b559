"""Reading progression families from `theory/harmony/families/*.yaml`, with every fault named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from theory.chord import Chord
from theory.rules import LANGUAGES
from theory.scale import MODES, Key

MOODS = (
    "joyful",
    "playful",
    "serene",
    "tender",
    "dreamy",
    "wistful",
    "melancholy",
    "sombre",
    "mysterious",
    "tense",
    "menacing",
    "dramatic",
    "heroic",
    "festive",
)
COLOURS = ("triads", "sevenths", "borrowed", "modal")
KINDS = ("authentic", "half", "plagal", "deceptive", "modal")
ENTRIES = {"says", "modes", "moods", "language", "begins", "follows", "cadences", "colours"}
OPTIONAL = {"patterns"}
PARTS = ("instead", "also", "closes")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Weights = Mapping[str, float]
Table = Mapping[str, Weights]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A named row of chords that is sung as it is written: a sequence, a pedal point.

    It may be entered at every `unit`, where two units are left, and left after two or more;
    `weight` is against 1 for going on freely from the chord that it begins with.
    """

    chords: tuple[str, ...]
    unit: int
    weight: float
    colours: tuple[str, ...]

    @property
    def entries(self) -> range:
        """The numbers of the chords at which it may be entered."""
        return range(0, len(self.chords) - 2 * self.unit + 1, self.unit)


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """A weighted grammar of chords, as it is written; Roman numerals throughout.

    `begins` weighs first chords, `follows` what comes after each chord, `cadences` the formulas
    (chords parted by spaces) of each kind of cadence; `colours` has, for a colour, its variants
    (`instead`), its further successors (`also`) and its further cadences (`closes`); `patterns`
    are the sequences and pedal points that it likes.
    """

    name: str
    description: str
    modes: tuple[str, ...]
    moods: tuple[str, ...]
    language: str
    begins: Weights
    follows: Table
    cadences: Table
    colours: Mapping[str, Mapping[str, Table]]
    patterns: Mapping[str, Pattern]

    def instead(self, colour: str) -> Table:
        """Variants of chords under a colour, weighed against 1 for the plain chord."""
        return self.colours.get(colour, {}).get("instead", {})

    def also(self, colour: str) -> Table:
        """What else may follow each chord under a colour."""
        return self.colours.get(colour, {}).get("also", {})

    def closes(self, colour: str) -> Table:
        """What further formulas each kind of cadence has under a colour."""
        return self.colours.get(colour, {}).get("closes", {})

    def patterns_in(self, colour: str) -> Mapping[str, Pattern]:
        """The sequences and pedal points of a colour."""
        return {name: one for name, one in self.patterns.items() if colour in one.colours}


class Families(Mapping[str, Family]):
    """The families of some files by name, each read when it is first asked for.

    Reading all of them takes longer than composing with one. Raises ValueError, naming family and
    entry, where one that is asked for is wrong.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = {name: part for text in texts for name, part in _parts(text)}
        self._read: dict[str, Family] = {}

    def __getitem__(self, name: str) -> Family:
        if name not in self._read:
            self._read[name] = read(self._texts[name])[name]
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def modes(self, name: str) -> tuple[str, ...]:
        """The modes that a family is for, without reading the rest of it."""
        if name in self._read:
            return self._read[name].modes
        return tuple(_beginning(self._texts[name], "modes"))

    def language(self, name: str) -> str:
        """The language that a family speaks, without reading the rest of it."""
        if name in self._read:
            return self._read[name].language
        return next(iter(_beginning(self._texts[name], "language")))


@lru_cache(maxsize=1)
def families() -> Families:
    """Every family of the package, by name."""
    files = sorted(Path(__file__).with_name("families").glob("*.yaml"))
    return Families([file.read_text("utf-8") for file in files])


def kindred(family: Family, mode: str) -> Family:
    """The family of a mode that is most like another: itself, or one of the same language and with
    the most moods in common. Raises ValueError where no family is of that mode."""
    if mode in family.modes:
        return family
    every = families()
    among = [every[name] for name in every if mode in every.modes(name)]
    if not among:
        raise ValueError(f"no progression family is of the mode {mode!r}")

    def likeness(other: Family) -> tuple[bool, int]:
        return other.language == family.language, len({*other.moods} & {*family.moods})

    return max(among, key=likeness)


def read(text: str) -> dict[str, Family]:
    """Read families from YAML. Raises ValueError, naming family and entry, for what is wrong."""
    data = yaml.load(text, Loader=_LOADER)
    if not isinstance(data, dict):
        raise ValueError("a file of families is a table from family names to families")
    return {str(name): _family(str(name), entry) for name, entry in data.items()}


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Each family's name and lines: whatever begins in the first column begins a family."""
    for part in re.split(r"^(?=[^\s#-])", text, flags=re.MULTILINE)[1:]:
        yield part.partition(":")[0].strip("\"' "), part


def _beginning(text: str, entry: str) -> Iterator[str]:
    """The names under one entry of a family, one or a list; nothing behind them is parsed."""
    found = listed = False
    for event in yaml.parse(text, _LOADER):
        if isinstance(event, yaml.ScalarEvent):
            if found:
                yield event.value
            if found and not listed:
                return
            found = found or event.value == entry
        elif isinstance(event, yaml.SequenceStartEvent):
            listed = found
        elif found and isinstance(event, yaml.SequenceEndEvent):
            return


def _family(name: str, entry: object) -> Family:
    if not isinstance(entry, dict):
        raise _fault(name, "entries", f"one of each {', '.join(sorted(ENTRIES))} is needed")
    if entry.keys() - OPTIONAL != ENTRIES:
        odd = ", ".join(sorted(str(key) for key in (entry.keys() - OPTIONAL) ^ ENTRIES))
        raise _fault(name, odd, f"exactly these entries are needed: {', '.join(sorted(ENTRIES))}")
    modes = _names(name, "modes", entry["modes"], tuple(MODES))
    follows = _table(name, "follows", entry["follows"])
    cadences = _table(name, "cadences", entry["cadences"])
    colours = {
        colour: {
            part: _table(name, f"colours, {colour}, {part}", table)
            for part, table in _mapping(name, f"colours, {colour}", parts).items()
        }
        for colour, parts in _mapping(name, "colours", entry["colours"]).items()
    }
    family = Family(
        name,
        str(entry["says"]),
        modes,
        _names(name, "moods", entry["moods"], MOODS),
        _names(name, "language", [entry["language"]], LANGUAGES)[0],
        _weights(name, "begins", entry["begins"]),
        follows,
        cadences,
        colours,
        {
            str(pattern): _pattern(name, f"patterns, {pattern}", written)
            for pattern, written in _mapping(name, "patterns", entry.get("patterns", {})).items()
        },
    )
    _check(family)
    return family


def _check(family: Family) -> None:
    """Do the parts of a family fit together?"""
    for kind in family.cadences:
        if kind not in KINDS:
            raise _fault(family.name, f"cadences, {kind}", f"kinds are {', '.join(KINDS)}")
    if "half" not in family.cadences or not {"authentic", "modal"} & family.cadences.keys():
        raise _fault(
            family.name, "cadences", "a half cadence and an authentic or modal one are needed"
        )
    known = set(family.follows)
    for colour, parts in family.colours.items():
        if colour not in COLOURS:
            raise _fault(family.name, f"colours, {colour}", f"colours are {', '.join(COLOURS)}")
        if parts.keys() - set(PARTS):
            why = "the entries are `instead`, `also` and `closes`"
            raise _fault(family.name, f"colours, {colour}", why)
        if parts.get("closes", {}).keys() - family.cadences.keys():
            why = f"the family's cadences are {', '.join(family.cadences)}"
            raise _fault(family.name, f"colours, {colour}, closes", why)
        _follow(family, f"colours, {colour}, also", known | family.also(colour).keys(), colour)
    for chord in family.begins:
        if chord not in known:
            raise _fault(family.name, f"begins, {chord}", "`follows` does not say what comes next")
    _follow(family, "follows", known, None)
    tables = [family.follows, *(family.also(colour) for colour in COLOURS)]
    tables += [family.instead(colour) for colour in COLOURS]
    reached = {chord for table in tables for row in table.values() for chord in row}
    for kind, formulas in family.cadences.items():
        closes = [formula for colour in COLOURS for formula in family.closes(colour).get(kind, {})]
        for formula in (*formulas, *closes):
            if formula.split()[0] not in reached:
                where = f"cadences, {kind}, {formula}"
                raise _fault(family.name, where, "no chord of `follows` leads to its first chord")
    for name, pattern in family.patterns.items():
        starts = {pattern.chords[place] for place in pattern.entries}
        if not starts & (reached | family.begins.keys()):
            why = "no chord of `follows` leads to a place where it may be entered"
            raise _fault(family.name, f"patterns, {name}", why)
        units = range(2 * pattern.unit - 1, len(pattern.chords), pattern.unit)
        colours = [
            known
            | family.also(colour).keys()
            | {x for row in family.instead(colour).values() for x in row}
            for colour in pattern.colours
        ]
        for left in sorted({pattern.chords[place] for place in (*units, -1)}):
            if any(left not in chords for chords in colours):
                raise _fault(family.name, f"patterns, {name}", f"nothing is said to follow {left}")


def _follow(family: Family, where: str, known: set[str], colour: str | None) -> None:
    table = family.follows if colour is None else family.also(colour)
    for chord, row in table.items():
        for follower in row:
            if follower == chord:
                raise _fault(family.name, f"{where}, {chord}", "a chord cannot follow itself")
            if follower not in known:
                why = f"nothing is said to follow {follower}"
                raise _fault(family.name, f"{where}, {chord}", why)


def _pattern(name: str, where: str, value: object) -> Pattern:
    entry = _mapping(name, where, value)
    if not {"chords", "unit", "weight"} <= entry.keys() <= {"chords", "unit", "weight", "colours"}:
        raise _fault(
            name, where, "the entries are `chords`, `unit`, `weight` and perhaps `colours`"
        )
    chords = str(entry["chords"])
    weight = _weights(name, where, {chords: entry["weight"]})[chords]
    unit, row = entry["unit"], tuple(chords.split())
    if not isinstance(unit, int) or not 0 < 2 * unit <= len(row):
        raise _fault(
            name, where, f"of a unit of {unit!r} there must be two among {len(row)} chords"
        )
    if any(one == two for one, two in pairwise(row)):
        raise _fault(name, where, "a chord cannot follow itself")
    colours = _names(name, where, entry.get("colours", list(COLOURS)), COLOURS)
    return Pattern(row, unit, weight, colours)


def _table(name: str, where: str, value: object) -> Table:
    return {
        str(key): _weights(name, f"{where}, {key}", row)
        for key, row in _mapping(name, where, value).items()
    }


def _weights(name: str, where: str, value: object) -> Weights:
    """A table of weights by chords or formulas; a lone chord has the weight 1."""
    row = {value: 1} if isinstance(value, str) else _mapping(name, where, value)
    home = Key.of("C", "ionian")
    for key, weight in row.items():
        if isinstance(weight, bool) or not isinstance(weight, int | float) or weight < 0:
            raise _fault(name, where, f"{key} has the weight {weight!r}, which is no number from 0")
        for roman in str(key).split():
            try:
                Chord.parse(roman, home)
            except ValueError as error:
                raise _fault(name, where, str(error)) from None
    if not sum(row.values()) > 0:
        raise _fault(name, where, "at least one weight above 0 is needed")
    return {str(key): float(weight) for key, weight in row.items()}


def _mapping(name: str, where: str, value: object) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise _fault(name, where, f"a table was expected, not {value!r}")
    return value


def _names(name: str, where: str, value: object, known: tuple[str, ...]) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _fault(name, where, f"a list was expected, not {value!r}")
    for one in value:
        if one not in known:
            raise _fault(name, where, f"{one!r} is none of {', '.join(known)}")
    return tuple(value)


def _fault(name: str, where: str, why: str) -> ValueError:
    return ValueError(f"progression family {name!r}, {where}: {why}")
