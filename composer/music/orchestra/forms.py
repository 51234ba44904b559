"""Forms of one's own: a file forms.yaml of an orchestra, written as the package's is.

Its phrases, sections, forms, introductions and codas are added to those that there are; what it
names may be the package's or its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from composer.music.orchestra import reading as r
from composer.table.nodes import Mapped, Node
from composer.table.reader import YamlReader
from theory.harmony import forms as written
from theory.harmony.form import (
    CADENCES,
    CODA,
    INTRODUCTION,
    KINDS,
    LAYERS,
    MOST_BARS,
    NONE,
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
TABLES = ("phrases", "sections", "forms", "introductions", "codas")
DEGREES = 7
SLOT = "an action, a motif and bars, such as state a 2"
LAYOUT = "sections, each with its letter, such as A period"


def forms_added(reader: YamlReader, node: Node, base: FormBook) -> FormBook:
    """The forms there are, with those of a file; its faults are the reader's."""
    parts = reader.mapping(node, "the forms", (), TABLES)
    if parts is None:
        return base
    book = base
    book = replace(book, phrases=_table(reader, parts, "phrases", _phrase, book.phrases))
    section = partial(_section, phrases=book.phrases)
    book = replace(book, sections=_table(reader, parts, "sections", section, book.sections))
    form = partial(_form, sections=book.sections)
    book = replace(book, forms=_table(reader, parts, "forms", form, book.forms))
    first = partial(_frame, kind=INTRODUCTION, sections=book.sections)
    last = partial(_frame, kind=CODA, sections=book.sections)
    return replace(
        book,
        introductions=_table(reader, parts, "introductions", first, book.introductions),
        codas=_table(reader, parts, "codas", last, book.codas),
    )


def _table(
    reader: YamlReader,
    parts: Mapping[str, Node],
    name: str,
    read: Callable[[YamlReader, str, Node], T | None],
    base: Mapping[str, T],
) -> Mapping[str, T]:
    """The base's entries with those of one table of the file."""
    found = dict(base)
    if name in parts:
        for key, entry in r.entries(reader, parts[name], f"the {name}"):
            value = read(reader, key, entry)
            if value is None:
                reader.spoilt.add(key)  # who names it is not at fault
            else:
                found[key] = value
    return MappingProxyType(found)


def _phrase(reader: YamlReader, name: str, node: Node) -> FormPhrase | None:
    what, told = f"phrase {name!r}", len(reader.faults)
    parts = reader.mapping(node, what, ("bars", "cadence"), ("slots", "sung", "chords"))
    if parts is None or "bars" not in parts or "cadence" not in parts:
        return None
    bars = r.whole(reader, parts["bars"], f"bars of {name}", 1, MOST_BARS)
    cadence = reader.one_of(parts["cadence"], f"cadence of {name}", CADENCES)
    sung = r.truth(reader, parts["sung"], f"sung of {name}") if "sung" in parts else True
    if sung and "slots" not in parts:
        if len(reader.faults) > told:  # a key that was meant for it has been told of
            return None
        reader.fault(node, "missing", f"{what} lacks 'slots'", f"{SLOT}, or sung: false")
        return None
    slots = _slots(reader, name, parts["slots"]) if sung and "slots" in parts else []
    degrees = []
    for item in (
        reader.items(parts["chords"], f"chords of {name}") or [] if "chords" in parts else []
    ):
        degrees.append(r.whole(reader, item, f"a chord of {name}", 1, DEGREES))
    if bars is None or cadence is None or sung is None or None in slots or None in degrees:
        return None
    texts = [f"{slot.action} {slot.motif} {slot.bars}" for slot in slots if slot is not None]
    given = [degree for degree in degrees if degree is not None]
    return _made(reader, node, lambda: written.phrase_of(name, bars, cadence, texts, given))


def _slots(reader: YamlReader, name: str, node: Node) -> list[FormSlot | None]:
    found: list[FormSlot | None] = []
    for item in reader.items(node, f"slots of {name}") or []:
        text = reader.text(item, f"a slot of {name}")
        read = None
        if text is not None:
            read = _made(reader, item, partial(written.slot_of, text, name), SLOT)
        found.append(read)
    return found


def _section(
    reader: YamlReader, name: str, node: Node, phrases: Mapping[str, FormPhrase]
) -> FormSection | None:
    """A section: its periods, or a mapping with its kind and layers besides."""
    parts: Mapping[str, Node] | None = {"periods": node}
    if isinstance(node, Mapped):
        parts = reader.mapping(node, f"section {name!r}", ("periods",), ("kind", "layers"))
    if parts is None or "periods" not in parts:
        return None
    kind: str | None = STATEMENT
    if "kind" in parts:
        kind = reader.one_of(parts["kind"], f"kind of {name}", KINDS)
    periods = _rows(reader, parts["periods"], f"a period of {name}", phrases)
    layers: list[list[str]] | None = []
    if "layers" in parts:
        layers = _rows(reader, parts["layers"], f"a layer of {name}", LAYERS)
    if kind is None or periods is None or layers is None:
        return None
    made = [[phrases[phrase] for phrase in row] for row in periods]
    return _made(reader, node, lambda: written.section_of(name, made, kind, layers))


def _rows(
    reader: YamlReader, node: Node, what: str, known: Mapping[str, object] | tuple[str, ...]
) -> list[list[str]] | None:
    """A list of lists of known names; None where there is a fault in it."""
    rows = reader.items(node, what)
    if rows is None:
        return None
    found: list[list[str]] = []
    whole = True
    for row in rows:
        items = reader.items(row, what)
        names = [reader.one_of(item, what, known) for item in items or []]
        whole = whole and items is not None and all(name in known for name in names)
        found.append([name for name in names if name is not None])
    return found if whole else None


def _form(
    reader: YamlReader, name: str, node: Node, sections: Mapping[str, FormSection]
) -> Form | None:
    parts = reader.mapping(node, f"form {name!r}", ("says", "layouts"))
    if parts is None or "says" not in parts or "layouts" not in parts:
        return None
    says = r.sentence(reader, parts["says"], f"says of {name}")
    layouts: list[Layout | None] = []
    for row in reader.items(parts["layouts"], f"layouts of {name}") or []:
        items = reader.items(row, f"a layout of {name}") or []
        texts = [reader.text(item, f"a section of {name}") for item in items]
        known = [text for text in texts if text is not None]
        if any(text == one or text.endswith(f" {one}") for text in known for one in reader.spoilt):
            continue
        layouts.append(
            _made(
                reader,
                row,
                partial(written.laid_out, name, known, partial(_kind, sections)),
                LAYOUT,
            )
        )
    made = [layout for layout in layouts if layout is not None]
    if not reader.items(parts["layouts"], f"layouts of {name}"):
        reader.fault(parts["layouts"], "empty", f"form {name!r} has no layout", LAYOUT)
    return None if says is None or not made else written.form_of(name, says, made)


def _kind(sections: Mapping[str, FormSection], name: str) -> FormSection:
    if name not in sections:
        raise ValueError(f"{name!r} is no section: choose from {', '.join(sections)}")
    return sections[name]


def _frame(
    reader: YamlReader, name: str, node: Node, kind: str, sections: Mapping[str, FormSection]
) -> Framing | None:
    what = f"{kind} {name!r}"
    if name == NONE:
        reader.fault(node, "reserved", f"{what} is what there is without one", "another name")
        return None
    parts = reader.mapping(node, what, ("says", "sections"))
    if parts is None or "says" not in parts or "sections" not in parts:
        return None
    says = r.sentence(reader, parts["says"], f"says of {name}")
    items = reader.items(parts["sections"], f"sections of {name}") or []
    names = [reader.one_of(item, f"a section of {name}", sections) for item in items]
    if says is None or not all(one in sections for one in names):
        return None
    made = [sections[one] for one in names if one is not None]
    return _made(reader, parts["sections"], lambda: written.frame_of(name, says, kind, made))


def _made(reader: YamlReader, node: Node, make: Callable[[], T], expected: str = "") -> T | None:
    """What is put together; its ValueError is a fault at the node."""
    try:
        return make()
    except ValueError as error:
        reader.fault(node, "value", f"it cannot be: {error}", expected or "what goes together")
        return None
