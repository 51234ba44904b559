"""A form: sections, periods and phrases, and what each phrase does with its motifs.

A section is an introduction, a statement, a link or a coda. Any phrase may be left to those who
accompany; a statement has one in every period that is sung.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
# `held` is none either: a phrase that nobody sings holds the chord before it, or the tonic.
HELD, FINAL = "held", "final"
CADENCES = ("open", "half", "authentic", "plagal", "deceptive", FINAL, HELD)
INTRODUCTION, STATEMENT, LINK, CODA = "introduction", "statement", "link", "coda"
KINDS = (INTRODUCTION, STATEMENT, LINK, CODA)
# The layers of which a section may name those that play.
LAYERS = ("melody", "doubling", "counter-melody", "chords", "bass", "drums")
NONE = "none"  # no introduction, no coda
MOST_BARS = 16  # of a phrase
# An introduction or a coda lasts about so large a part of what it belongs to.
FRAME_SHARE = 1 / 8


@dataclass(frozen=True, slots=True)
class FormSlot:
    """A place for a motif: what is done with which one, for how many bars."""

    action: str
    motif: str
    bars: int


@dataclass(frozen=True, slots=True)
class FormPhrase:
    """A phrase of so many bars that goes to a cadence; without slots where nobody sings it.

    `degrees` are those of the scale, from 1, on which its chords are built, one a bar; none where
    they are drawn.
    """

    name: str
    bars: int
    cadence: str
    slots: tuple[FormSlot, ...]
    degrees: tuple[int, ...] = ()

    @property
    def sung(self) -> bool:
        return bool(self.slots)


@dataclass(frozen=True, slots=True)
class FormSection:
    """A section: `A'` is a varied return of the letter A. Every period has one climax.

    `layers` are those that play, bar by bar, the last row to the end; none: as the plan has it.
    """

    name: str
    letter: str
    periods: tuple[tuple[FormPhrase, ...], ...]
    kind: str = STATEMENT
    layers: tuple[tuple[str, ...], ...] = ()

    @property
    def bars(self) -> int:
        return sum(phrase.bars for phrase in self.phrases)

    @property
    def phrases(self) -> tuple[FormPhrase, ...]:
        return tuple(phrase for period in self.periods for phrase in period)


@dataclass(frozen=True, slots=True)
class Layout:
    """A form laid out in sections."""

    form: str
    sections: tuple[FormSection, ...]

    @property
    def bars(self) -> int:
        return sum(section.bars for section in self.sections)

    def has(self, kind: str) -> bool:
        """Is one of its sections of this kind?"""
        return any(section.kind == kind for section in self.sections)


@dataclass(frozen=True, slots=True)
class Form:
    """A form and its layouts, the shortest first.

    `grows`: sections that come in turn before the last one where it is longer than any layout; none
    for one that grows by its own middle.
    """

    name: str
    says: str
    layouts: tuple[Layout, ...]
    grows: tuple[FormSection, ...] = ()


@dataclass(frozen=True, slots=True)
class Framing:
    """A kind of introduction or coda, and its sections, the shortest first."""

    name: str
    says: str
    sections: tuple[FormSection, ...]


@dataclass(frozen=True, slots=True)
class FormBook:
    """Every form, introduction and coda by name, and the phrases and sections they are made of."""

    phrases: Mapping[str, FormPhrase]
    sections: Mapping[str, FormSection]
    forms: Mapping[str, Form]
    introductions: Mapping[str, Framing]
    codas: Mapping[str, Framing]

    def layout(self, form: str, bars: int) -> Layout:
        """The form's layout nearest to so many bars, the shorter of two as near.

        Raises ValueError for an unknown form and for less than one bar.
        """
        if bars < 1:
            raise ValueError(f"bars: a piece has at least one, not {bars}")
        if form not in self.forms:
            raise ValueError(f"{form!r} is no form: choose from {', '.join(self.forms)}")
        return min(self.forms[form].layouts, key=lambda one: (abs(one.bars - bars), one.bars))

    def framed(self, layout: Layout, introduction: str, coda: str) -> Layout:
        """The layout with an introduction before it and a coda behind it, each of a length in
        proportion; a form that has its own keeps that.

        Raises ValueError for an unknown introduction or coda.
        """
        wished = layout.bars * FRAME_SHARE
        before = (
            () if layout.has(INTRODUCTION) else _frame(self.introductions, introduction, wished)
        )
        after = () if layout.has(CODA) else _frame(self.codas, coda, wished)
        return replace(layout, sections=(*before, *layout.sections, *after))


def _frame(known: Mapping[str, Framing], name: str, wished: float) -> tuple[FormSection, ...]:
    if name == NONE:
        return ()
    if name not in known:
        raise ValueError(f"{name!r} is none of {NONE}, {', '.join(known)}")
    return (min(known[name].sections, key=lambda one: (abs(one.bars - wished), one.bars)),)
