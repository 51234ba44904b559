"""Forms: sections, periods and phrases, and what each phrase does with its motifs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import yaml

T = TypeVar("T")

ACTIONS = (
    "state",
    "repeat",
    "sequence",
    "invert",
    "fragment",
    "new ending",
    "contrast",
    "cadence",
)
# `open` is no cadence: the phrase runs on into the next. `final` is however the piece closes.
CADENCES = ("open", "half", "authentic", "plagal", "deceptive", "final")


@dataclass(frozen=True, slots=True)
class FormSlot:
    """A place for a motif: what is done with which one, for how many bars."""

    action: str
    motif: str
    bars: int


@dataclass(frozen=True, slots=True)
class FormPhrase:
    """A phrase of so many bars that goes to a cadence."""

    name: str
    bars: int
    cadence: str
    slots: tuple[FormSlot, ...]


@dataclass(frozen=True, slots=True)
class FormSection:
    """A section: `A'` is a varied return of the letter A. Every period has one climax."""

    name: str
    letter: str
    periods: tuple[tuple[FormPhrase, ...], ...]

    @property
    def bars(self) -> int:
        return sum(phrase.bars for period in self.periods for phrase in period)


@dataclass(frozen=True, slots=True)
class Layout:
    """A form laid out in sections."""

    form: str
    sections: tuple[FormSection, ...]

    @property
    def bars(self) -> int:
        return sum(section.bars for section in self.sections)


@dataclass(frozen=True, slots=True)
class Form:
    """A form and its layouts, the shortest first."""

    name: str
    says: str
    layouts: tuple[Layout, ...]


def layout(form: str, bars: int) -> Layout:
    """The form's layout nearest to so many bars, the shorter of two as near.

    Raises ValueError for an unknown form and for less than one bar.
    """
    if bars < 1:
        raise ValueError(f"bars: a piece has at least one, not {bars}")
    if form not in forms():
        raise ValueError(f"{form!r} is no form: choose from {', '.join(forms())}")
    return min(forms()[form].layouts, key=lambda one: (abs(one.bars - bars), one.bars))


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """Every form of forms.yaml, by name. Raises ValueError where the file is wrong."""
    text = Path(__file__).with_name("forms.yaml").read_text("utf-8")
    return read(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def read(data: Mapping[str, Mapping[str, object]]) -> Mapping[str, Form]:
    """Build forms from the file's three tables: phrases, sections and forms."""
    phrases = {name: _phrase(name, entry) for name, entry in data["phrases"].items()}
    kinds = {
        name: tuple(tuple(_known(phrases, p, name) for p in period) for period in _lists(periods))
        for name, periods in data["sections"].items()
    }
    found: dict[str, Form] = {}
    for name, entry in data["forms"].items():
        if not isinstance(entry, Mapping):
            raise ValueError(f"form {name!r} needs `says` and `layouts`")
        layouts = tuple(
            Layout(name, tuple(_section(kinds, text, name) for text in sections))
            for sections in _lists(entry["layouts"])
        )
        by_length = tuple(sorted(layouts, key=lambda one: one.bars))
        found[name] = Form(name, str(entry["says"]), by_length)
    return MappingProxyType(found)


def _phrase(name: str, entry: object) -> FormPhrase:
    if not isinstance(entry, Mapping):
        raise ValueError(f"phrase {name!r} needs bars, cadence and slots")
    slots = tuple(_slot(str(text), name) for text in entry["slots"])
    phrase = FormPhrase(name, int(entry["bars"]), str(entry["cadence"]), slots)
    if phrase.cadence not in CADENCES:
        raise ValueError(f"phrase {name!r}: {phrase.cadence!r} is none of {', '.join(CADENCES)}")
    if sum(slot.bars for slot in slots) != phrase.bars:
        raise ValueError(f"phrase {name!r}: its slots do not fill its {phrase.bars} bars")
    return phrase


def _slot(text: str, phrase: str) -> FormSlot:
    action, motif, bars = text.rsplit(" ", 2)
    if action not in ACTIONS:
        raise ValueError(f"phrase {phrase!r}: {action!r} is none of {', '.join(ACTIONS)}")
    return FormSlot(action, motif, int(bars))


def _section(
    kinds: Mapping[str, tuple[tuple[FormPhrase, ...], ...]], text: str, form: str
) -> FormSection:
    name, _, kind = text.partition(" ")
    return FormSection(name, name.rstrip("'"), _known(kinds, kind, form))


def _known(table: Mapping[str, T], name: object, where: str) -> T:
    if name not in table:
        raise ValueError(f"{where!r} names {name!r}, which is none of {', '.join(table)}")
    return table[str(name)]


def _lists(value: object) -> Sequence[Sequence[str]]:
    if not isinstance(value, list) or not all(isinstance(one, list) for one in value):
        raise ValueError(f"a list of lists was expected, not {value!r}")
    return value
