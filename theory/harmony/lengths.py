"""A form at exactly so many bars: grown by more of its own, its phrases a bar longer or shorter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, cycle, islice

from theory.harmony.form import STATEMENT, FormBook, FormPhrase, FormSection, FormSlot, Layout
from theory.harmony.phrasing import phrased

# Sections that are a whole piece by themselves, for pieces of a few bars.
MINIATURES = (("miniature",), ("period close",), ("period", "period last"))
LEAST, MOST = 3, 6  # bars to which a phrase of four may shrink and grow
OFTEN = 32  # bars of the longest layout that is grown from
FEWEST = 3  # bars of the shortest piece
SHORTENED, LENGTHENED = 1, 2  # bars


def exactly(book: FormBook, form: str, bars: int, phrasing: str) -> Layout:
    """The form in so many bars, its phrases as the phrasing has them.

    The layout nearest to so many bars is taken, one that has grown beyond the longest too, or a
    miniature; then some of its phrases take their time, or hurry. Where no phrase of it can, it has
    the number of bars that comes nearest.

    Raises ValueError for an unknown form, and for fewer than FEWEST bars.
    """
    if bars < FEWEST:
        raise ValueError(f"bars: a piece has at least {FEWEST}, not {bars}")
    book.layout(form, bars)  # says whether there is such a form
    known = list(_candidates(book, form, bars, phrasing))
    able = [one for one in known if _reaches(one, bars)]
    nearest = min(able or known, key=lambda one: (abs(one.bars - bars), one.bars))
    return _fitted(nearest, bars) if able else nearest


def _candidates(book: FormBook, form: str, bars: int, phrasing: str) -> Iterator[Layout]:
    for names in MINIATURES:
        if all(name in book.sections for name in names):
            sections = [replace(book.sections[name], letter="A") for name in names]
            yield Layout(form, tuple(_named(sections)))
    able = book.forms[form].layouts
    grows = book.forms[form].grows
    # One with thoughts of its own for a long piece comes to them before it says itself too often.
    usual = [one for one in able if one.bars <= OFTEN] or able[:1] if grows else able
    for layout in usual:
        yield phrased(layout, phrasing)
        yield layout
    longest = usual[-1]
    for more in count(1):
        made = _grown(longest, grows or _middle(longest), more)
        yield made
        yield phrased(made, phrasing)
        if made.bars > bars + MOST:
            return


def _middle(layout: Layout) -> Sequence[FormSection]:
    """What stands between a form's beginning and its end; the beginning where nothing does."""
    return layout.sections[1:-1] or layout.sections[:1]


def _grown(layout: Layout, material: Sequence[FormSection], more: int) -> Layout:
    """The layout with so many more sections before its last, their names told apart."""
    *before, last = layout.sections
    return replace(layout, sections=tuple(_named([*before, *islice(cycle(material), more), last])))


def _named(sections: Sequence[FormSection]) -> Iterator[FormSection]:
    """The sections with a prime more each time that a letter comes again."""
    seen: dict[str, int] = {}
    for section in sections:
        times = seen.get(section.letter, 0)
        seen[section.letter] = times + 1
        yield replace(section, name=section.letter + "'" * times)


def _reaches(layout: Layout, bars: int) -> bool:
    phrases = [p for s in layout.sections for period in s.periods for p in period]
    able = sum(map(_elastic, phrases))
    return -SHORTENED * able <= bars - layout.bars <= LENGTHENED * able


def _elastic(phrase: FormPhrase) -> bool:
    return phrase.sung and phrase.bars == 4 and phrase.slots[-1].bars == 2


def _fitted(layout: Layout, bars: int) -> Layout:
    """The layout with phrases that are longer or shorter, those that close a section first."""
    places = [
        (s, p, n)
        for s, section in enumerate(layout.sections)
        for p, period in enumerate(section.periods)
        for n, phrase in enumerate(period)
        if _elastic(phrase) and section.kind == STATEMENT
    ]
    # From the end, every other one first, so that long and short ones do not stand together.
    order = [*places[::-1][::2], *places[::-1][1::2]]
    left = bars - layout.bars
    changed: dict[tuple[int, int, int], int] = dict.fromkeys(places, 0)
    while left:
        for place in order:
            if left:
                step = 1 if left > 0 else -1
                changed[place] += step
                left -= step
    return replace(
        layout,
        sections=tuple(
            replace(
                section,
                periods=tuple(
                    tuple(
                        _stretched(phrase, changed.get((s, p, n), 0))
                        for n, phrase in enumerate(period)
                    )
                    for p, period in enumerate(section.periods)
                ),
            )
            for s, section in enumerate(layout.sections)
        ),
    )


def _stretched(phrase: FormPhrase, bars: int) -> FormPhrase:
    """The phrase with so many bars more, or one less; a last chord that is given is held."""
    if not bars:
        return phrase
    *before, last = phrase.slots
    name = f"{phrase.name}, {'longer' if bars > 0 else 'shorter'}"
    if bars < 0:
        slots = (*before, replace(last, bars=last.bars + bars))
    else:
        slots = (*phrase.slots, FormSlot("cadence" if bars == 1 else "fragment", last.motif, bars))
    degrees = phrase.degrees
    if degrees:
        degrees = (*degrees, *degrees[-1:] * bars) if bars > 0 else degrees[:bars]
    return replace(phrase, name=name, bars=phrase.bars + bars, slots=slots, degrees=degrees)
