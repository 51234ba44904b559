"""Which layers of a piece play when: they enter and leave with the line of tension.

A section that states nothing has its layers from its form. In the others the line decides, phrase
by phrase, who joins; and before the peak of the piece the chords are silent for a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from composer.values import Phrase, Section
from composer.values.plan import DROP
from composer.vocabulary import ROLES, SINGERS
from theory.harmony.form import STATEMENT
from theory.metre import Metre

# The tension from which a layer plays that comes and goes.
FROM = {"drums": 0.34, "counter-melody": 0.42, "doubling": 0.5}
ALWAYS = ("melody", "second-melody", "chords", "bass")
DROPPED = 2  # bars in which a tune that all others leave is alone
Row = tuple[str, ...]


def layered(
    sections: Sequence[Section],
    phrases: Sequence[Phrase],
    curve: Sequence[float],
    peak: int,
    metre: Metre,
) -> tuple[Section, ...]:
    """The sections with the roles that play in each of their bars, in the order of ROLES."""
    found = []
    for section in sections:
        bars = range(section.start // metre.bar, section.end // metre.bar)
        own = [phrase for phrase in phrases if phrase.section == section.name]
        if section.layers:
            rows = [section.layers[min(n, len(section.layers) - 1)] for n in range(len(bars))]
            layers = tuple(_with_singers(row) for row in rows)
        else:
            layers = tuple(_row(section, own, bar, curve, peak, metre) for bar in bars)
        found.append(replace(section, layers=layers))
    return tuple(found)


def _with_singers(row: Row) -> Row:
    """The row of a form, where the melody stands for whoever sings it."""
    named = {*row, *(SINGERS if "melody" in row else ())}
    return tuple(role for role in ROLES if role in named)


def _row(
    section: Section,
    phrases: Sequence[Phrase],
    bar: int,
    curve: Sequence[float],
    peak: int,
    metre: Metre,
) -> Row:
    tick = bar * metre.bar
    phrase = next(one for one in reversed(phrases) if one.start <= tick)
    # A layer enters with a phrase, at the tension that the phrase comes to.
    value = max(curve[phrase.start // metre.bar : phrase.end // metre.bar])
    playing = {*ALWAYS, *(role for role, least in FROM.items() if value >= least)}
    if not phrase.sung:
        playing |= {"counter-melody"}  # who answers, if anybody does
    if phrase.surprise == DROP and tick < phrase.start + DROPPED * metre.bar:
        return tuple(role for role in ROLES if role in SINGERS)
    if section.kind == STATEMENT and _breaks(phrase, tick, peak, metre):
        playing -= {"chords", "drums", "doubling", "counter-melody"}
    return tuple(role for role in ROLES if role in playing)


def _breaks(phrase: Phrase, tick: int, peak: int, metre: Metre) -> bool:
    """Is this the bar before the peak's, in the same phrase and not its first?"""
    return phrase.start < tick and tick + metre.bar == peak and peak < phrase.end
