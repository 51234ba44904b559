"""Phrases that are not square: a form whose phrases are extended, run into each other, or echo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from theory.harmony.form import FINAL, HELD, STATEMENT, FormPhrase, FormSection, FormSlot, Layout

SQUARE, EXTENDED, ELIDED, ECHOED = "square", "extended", "elided", "echoed"
PHRASINGS = (SQUARE, EXTENDED, ELIDED, ECHOED)
EXTENSION, ECHO = 2, 1  # bars
Period = tuple[FormPhrase, ...]


def phrased(layout: Layout, phrasing: str) -> Layout:
    """The layout with some of its phrases longer or shorter.

    `extended`: a close is avoided and made again, two bars later; at the piece's end, and in every
    other section. `elided`: the first phrase of every section but the first goes without its last
    bar, for the next one begins on its goal. `echoed`: after every other section's last phrase its
    goal is held for a bar without the melody. `square`: as it was. A form whose sections are not of
    phrases of four bars keeps what is not.

    Raises ValueError for another phrasing.
    """
    if phrasing not in PHRASINGS:
        raise ValueError(f"{phrasing!r} is no phrasing: choose from {', '.join(PHRASINGS)}")
    if phrasing == SQUARE:
        return layout
    stated = [n for n, one in enumerate(layout.sections) if one.kind == STATEMENT]
    if phrasing == EXTENDED:
        # From the last one back, so that the end is always among them.
        chosen = stated[::-1][::2]
    elif phrasing == ELIDED:
        chosen = stated[1:]
    else:
        chosen = stated[:-1][::2] or stated[:1]
    change = CHANGES[phrasing]
    sections = tuple(
        _changed(section, change) if n in chosen else section
        for n, section in enumerate(layout.sections)
    )
    return replace(layout, sections=sections)


def _changed(section: FormSection, change: Callable[[Period], Period]) -> FormSection:
    return replace(section, periods=tuple(change(period) for period in section.periods))


def _extended(period: Period) -> Period:
    *before, last = period
    if last.cadence not in ("authentic", FINAL) or last.bars < 4 or last.degrees:
        return period
    again = FormSlot("fragment", last.slots[-1].motif, EXTENSION)
    closing = FormPhrase(f"{last.name}, extended", EXTENSION, last.cadence, (again,))
    return (*before, replace(last, cadence="deceptive"), closing)


def _elided(period: Period) -> Period:
    first, *after = period
    slots = first.slots
    if not after or first.bars != 4 or first.degrees or not slots or slots[-1].bars < 2:
        return period
    last = replace(slots[-1], bars=slots[-1].bars - 1)
    shorter = replace(first, bars=first.bars - 1, cadence="open", slots=(*slots[:-1], last))
    return (shorter, *after)


def _echoed(period: Period) -> Period:
    last = period[-1]
    if not last.sung or last.cadence == FINAL:
        return _inside(period)
    return (*period, FormPhrase(f"{last.name}, echoed", ECHO, HELD, ()))


def _inside(period: Period) -> Period:
    """The echo after the first of several phrases, where the last one ends the piece."""
    first, *after = period
    if not after or not first.sung:
        return period
    return (first, FormPhrase(f"{first.name}, echoed", ECHO, HELD, ()), *after)


CHANGES: Mapping[str, Callable[[Period], Period]] = MappingProxyType(
    {EXTENDED: _extended, ELIDED: _elided, ECHOED: _echoed}
)
