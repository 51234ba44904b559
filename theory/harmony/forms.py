"""The forms there are: forms.yaml is read, and what is written in its manner is put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import yaml

from theory.harmony.form import (
    ACTIONS,
    CADENCES,
    CODA,
    HELD,
    INTRODUCTION,
    KINDS,
    LAYERS,
    MOST_BARS,
    STATEMENT,
    Form,
    FormBook,
    FormPhrase,
    FormSection,
    FormSlot,
    Framing,
    Layout,
)

T = TypeVar("T")
FRAMES = (("introductions", INTRODUCTION), ("codas", CODA))


def layout(form: str, bars: int) -> Layout:
    """The layout of one of the package's forms: see `FormBook.layout`."""
    return book().layout(form, bars)


def forms() -> Mapping[str, Form]:
    """Every form of forms.yaml, by name."""
    return book().forms


@lru_cache(maxsize=1)
def book() -> FormBook:
    """All that forms.yaml has. Raises ValueError where the file is wrong."""
    text = Path(__file__).with_name("forms.yaml").read_text("utf-8")
    return read(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def read(data: Mapping[str, Mapping[str, object]]) -> FormBook:
    """Build forms from the file's tables: phrases, sections, forms, introductions and codas."""
    phrases = {name: _phrase(name, entry) for name, entry in data["phrases"].items()}
    kinds = {name: _kind(name, entry, phrases) for name, entry in data["sections"].items()}
    found: dict[str, Form] = {}
    for name, entry in data["forms"].items():
        if not isinstance(entry, Mapping):
            raise ValueError(f"form {name!r} needs `says` and `layouts`")
        known = partial(_known, kinds, name)
        layouts = [laid_out(name, sections, known) for sections in _lists(entry["layouts"])]
        grown = _lists([entry.get("grows", [])])[0]
        more = laid_out(name, grown, known).sections if grown else ()
        found[name] = replace(form_of(name, str(entry["says"]), layouts), grows=more)
    frames = {
        stock: MappingProxyType(
            {
                name: _framing(name, entry, kinds, kind)
                for name, entry in data.get(stock, {}).items()
            }
        )
        for stock, kind in FRAMES
    }
    return FormBook(
        MappingProxyType(phrases),
        MappingProxyType(kinds),
        MappingProxyType(found),
        frames["introductions"],
        frames["codas"],
    )


def form_of(name: str, says: str, layouts: Sequence[Layout]) -> Form:
    """A form of these layouts, in the order of their length."""
    return Form(name, says, tuple(sorted(layouts, key=lambda one: one.bars)))


def laid_out(form: str, texts: Sequence[str], kind_of: Callable[[str], FormSection]) -> Layout:
    """A layout written as texts: a section's name and kind each (`A' period last`), or the kind
    alone for one that is no statement. Names come once: what is not a statement gets a prime where
    it comes again.

    kind_of: the section of a kind; it raises ValueError for an unknown one.
    """
    sections: list[FormSection] = []
    for text in texts:
        name, _, kind = text.partition(" ")
        if _lettered(name):
            found = replace(kind_of(kind), name=name, letter=name.rstrip("'"))
        else:
            found = kind_of(text)
            if found.kind == STATEMENT:
                raise ValueError(
                    f"{form!r} gives no letter to the section {text!r}, as in A {text}"
                )
            letter = found.letter
            again = sum(section.letter == letter for section in sections)
            found = replace(found, name=letter + "'" * again)
        if any(section.name == found.name for section in sections):
            raise ValueError(f"{form!r} has two sections called {found.name}")
        sections.append(found)
    if not any(section.kind == STATEMENT for section in sections):
        raise ValueError(f"{form!r} has a layout without a section that is stated")
    return Layout(form, tuple(sections))


def _lettered(name: str) -> bool:
    letter = name.rstrip("'")
    return len(letter) == 1 and letter.isupper()


def phrase_of(
    name: str, bars: int, cadence: str, slots: Sequence[str], degrees: Sequence[int] = ()
) -> FormPhrase:
    """A phrase of so many bars to a cadence with slots written as `action motif bars`; none for one
    that nobody sings. Raises ValueError where they do not go together."""
    read = tuple(slot_of(text, name) for text in slots)
    made = FormPhrase(name, bars, cadence, read, tuple(degrees))
    if degrees and (len(degrees) != bars or not all(1 <= each <= 7 for each in degrees)):
        raise ValueError(f"phrase {name!r}: chords are a degree from 1 to 7 for each of its bars")
    if not 1 <= bars <= MOST_BARS:
        raise ValueError(f"phrase {name!r}: it has 1 to {MOST_BARS} bars, not {bars}")
    if cadence not in CADENCES:
        raise ValueError(f"phrase {name!r}: {cadence!r} is none of {', '.join(CADENCES)}")
    if made.sung and sum(slot.bars for slot in made.slots) != bars:
        raise ValueError(f"phrase {name!r}: its slots do not fill its {bars} bars")
    if made.sung and cadence == HELD:
        raise ValueError(f"phrase {name!r}: only a phrase that nobody sings is held")
    return made


def section_of(
    name: str,
    periods: Sequence[Sequence[FormPhrase]],
    kind: str = STATEMENT,
    layers: Sequence[Sequence[str]] = (),
) -> FormSection:
    """A section of a kind; one that is no statement is called by its kind.

    Raises ValueError for an unknown kind or layer, for a statement that nobody sings, and for a
    period without a phrase.
    """
    if kind not in KINDS:
        raise ValueError(f"section {name!r}: {kind!r} is none of {', '.join(KINDS)}")
    wrong = next((one for row in layers for one in row if one not in LAYERS), None)
    if wrong is not None:
        raise ValueError(f"section {name!r}: {wrong!r} is none of {', '.join(LAYERS)}")
    if not periods or not all(periods):
        raise ValueError(f"section {name!r}: a period has at least one phrase")
    made = tuple(tuple(period) for period in periods)
    if kind == STATEMENT and not all(any(p.sung for p in period) for period in made):
        raise ValueError(f"section {name!r}: a period of it is sung by nobody")
    title = kind.capitalize()
    return FormSection(title, title, made, kind, tuple(tuple(row) for row in layers))


def _phrase(name: str, entry: object) -> FormPhrase:
    if not isinstance(entry, Mapping):
        raise ValueError(f"phrase {name!r} needs bars, cadence and slots")
    sung = entry.get("sung", True)
    slots = [str(text) for text in entry["slots"]] if sung else []
    degrees = [int(each) for each in entry.get("chords", ())]
    return phrase_of(name, int(entry["bars"]), str(entry["cadence"]), slots, degrees)


def slot_of(text: str, phrase: str) -> FormSlot:
    """A slot of a phrase, written as `action motif bars`. Raises ValueError."""
    parts = text.rsplit(" ", 2)
    if len(parts) < 3 or not parts[2].isdecimal():
        raise ValueError(f"phrase {phrase!r}: {text!r} is no slot, such as state a 2")
    action, motif, bars = parts
    if action not in ACTIONS:
        raise ValueError(f"phrase {phrase!r}: {action!r} is none of {', '.join(ACTIONS)}")
    return FormSlot(action, motif, int(bars))


def _kind(name: str, entry: object, phrases: Mapping[str, FormPhrase]) -> FormSection:
    """A section as written: its periods, or a mapping with its kind and layers besides."""
    written: Mapping[str, object] = entry if isinstance(entry, Mapping) else {"periods": entry}
    periods = [[_known(phrases, name, p) for p in row] for row in _lists(written["periods"])]
    layers = _lists(written.get("layers", []))
    return section_of(name, periods, str(written.get("kind", STATEMENT)), layers)


def _framing(name: str, entry: object, kinds: Mapping[str, FormSection], kind: str) -> Framing:
    if not isinstance(entry, Mapping):
        raise ValueError(f"{kind} {name!r} needs `says` and `sections`")
    return frame_of(
        name, str(entry["says"]), kind, [_known(kinds, name, one) for one in entry["sections"]]
    )


def frame_of(name: str, says: str, kind: str, sections: Sequence[FormSection]) -> Framing:
    """An introduction or a coda of these sections, in the order of their length; ValueError where
    one of them is of another kind."""
    if not sections or any(section.kind != kind for section in sections):
        raise ValueError(f"{name!r} is made of sections of the kind {kind}")
    return Framing(name, says, tuple(sorted(sections, key=lambda one: one.bars)))


def _known(table: Mapping[str, T], where: str, name: object) -> T:
    if name not in table:
        raise ValueError(f"{where!r} names {name!r}, which is none of {', '.join(table)}")
    return table[str(name)]


def _lists(value: object) -> Sequence[Sequence[str]]:
    if not isinstance(value, list) or not all(isinstance(one, list) for one in value):
        raise ValueError(f"a list of lists was expected, not {value!r}")
    return value
