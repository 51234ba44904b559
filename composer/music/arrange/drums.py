"""The drums' part: a pattern bar by bar, a fill before a new section, a last stroke."""

from __future__ import annotations

from collections.abc import Mapping

from composer.music.arrange.figuration import RELATIVE
from composer.music.arrange.leadsheet import LeadSheet, tidy
from composer.music.orchestra import DRUMS, DrumPattern
from composer.music.orchestra.reading import Figure
from composer.values import Note

SOFTER = -14
FORCES = {"o": -16, "x": 0, "X": 10}


def drum_notes(sheet: LeadSheet, known: Mapping[str, DrumPattern], name: str) -> tuple[Note, ...]:
    """The drums' notes under the pattern `name` of those known; none where it does not fit the
    metre."""
    metre = sheet.plan.metre
    notes: list[Note] = []
    landing = ""
    for start in range(0, sheet.final, metre.bar):
        section = sheet.plan.sections[sheet.section(start)]
        if "drums" not in section.joined:
            # Who rests comes in again on a clean beat.
            landing = ""
            continue
        pattern = _variant(known, name, section.level, metre.name)
        if landing:
            notes.append(_hit(sheet, pattern, landing, start, metre.bar, 0))
        fills = pattern.fills.get(metre.name)
        filled = start + metre.bar == section.end <= sheet.final and bool(fills)
        lines = fills if filled and fills else pattern.bars.get(metre.name, {})
        landing = pattern.land if filled else ""
        notes += _bar(sheet, pattern, lines, start, (start - section.start) // metre.bar)
    if notes:
        ticks = sheet.plan.end - sheet.final
        notes += [
            _hit(sheet, known[name], drum, sheet.final, ticks, 4)
            for drum in _last(known[name], metre.name)
        ]
    return tidy(notes)


def _variant(known: Mapping[str, DrumPattern], name: str, level: int, metre: str) -> DrumPattern:
    pattern = known[name]
    relative = pattern.relatives.get(RELATIVE.get(level, ""), "")
    return known[relative] if relative and metre in known[relative].metres else pattern


def _bar(
    sheet: LeadSheet,
    pattern: DrumPattern,
    lines: Mapping[str, tuple[Figure, ...]],
    start: int,
    number: int,
) -> list[Note]:
    """The strokes of a bar, the `number`-th of its section (from 0); several bars take turns."""
    return [
        _hit(sheet, pattern, drum, start + stroke.start, stroke.ticks, FORCES[stroke.signs])
        for drum, figures in lines.items()
        for stroke in figures[number % len(figures)].strokes
        if start + stroke.start < sheet.final
    ]


def _hit(
    sheet: LeadSheet, pattern: DrumPattern, drum: str, tick: int, ticks: int, force: int
) -> Note:
    # The label names pattern and drum, the two things that a listener can point at.
    cause = sheet.cause(tick, "drums", f"{pattern.name}: {drum}", ("drum_pattern",))
    length = min(ticks, sheet.plan.end - tick)
    velocity = sheet.velocity(tick, SOFTER + force, drum)
    return Note(tick, length, None, velocity, cause, DRUMS[drum])


def _last(pattern: DrumPattern, metre: str) -> tuple[str, ...]:
    """The drums of the last stroke: what lands after a fill, and the pattern's first drum."""
    return tuple(
        dict.fromkeys(
            drum for drum in (pattern.land, next(iter(pattern.bars.get(metre, {})), "")) if drum
        )
    )
