"""The drums' part: a pattern in groups of four bars, fills that lead on, a last stroke."""

from __future__ import annotations

from collections.abc import Mapping

from composer.music.arrange.figuration import RELATIVE
from composer.music.arrange.groups import GROUP, Lines, closed, grouped, plain
from composer.music.arrange.leadsheet import LeadSheet, tidy
from composer.music.orchestra import DRUMS, DrumPattern
from composer.values import Note

SOFTER = -14
FORCES = {"o": -16, "x": 0, "X": 10}
OPENING = 6  # velocity by which the first stroke of a section is louder


def drum_notes(sheet: LeadSheet, known: Mapping[str, DrumPattern], name: str) -> tuple[Note, ...]:
    """The drums' notes under the pattern `name` of those known; none where it does not fit the
    metre."""
    plan, metre = sheet.plan, sheet.plan.metre
    notes: list[Note] = []
    goes_on = False
    for start in range(0, sheet.final, metre.bar):
        section = plan.sections[sheet.section(start)]
        if "drums" not in section.joined or not plan.plays("drums", start):
            goes_on = False
            continue
        pattern = _variant(known, name, section.level, metre.name)
        begins = start == section.start and bool(start)
        # Who rests comes in again on a clean beat.
        if begins and goes_on and pattern.land:
            notes.append(_hit(sheet, pattern, pattern.land, start, metre.bar, 0))
        for drum, strokes in _bar(sheet, pattern, start).items():
            notes += [
                _hit(
                    sheet,
                    pattern,
                    drum,
                    start + stroke.start,
                    stroke.ticks,
                    FORCES[stroke.signs] + OPENING * (begins and not stroke.start),
                )
                for stroke in strokes
                if start + stroke.start < sheet.final
            ]
        goes_on = True
    if goes_on:
        ticks = plan.end - sheet.final
        notes += [
            _hit(sheet, known[name], drum, sheet.final, ticks, 4)
            for drum in _last(known[name], metre.name)
        ]
    return tidy(notes)


def _bar(sheet: LeadSheet, pattern: DrumPattern, start: int) -> Lines:
    """The strokes of a bar by drum: before a section the pattern's own fill, or one that is made,
    and a shorter one where a phrase closes; else by its place in a group of four.

    A pattern's bars take turns from the section's first on, its groups are a phrase's.
    """
    metre = sheet.plan.metre
    section, phrase = sheet.plan.sections[sheet.section(start)], sheet.phrase(start)
    number = (start - phrase.start) // metre.bar
    turn = (start - section.start) // metre.bar
    leads = start + metre.bar in (section.end, sheet.final)
    if leads and pattern.fills.get(metre.name):
        return plain(pattern, metre, turn, fill=True)
    lines = plain(pattern, metre, turn)
    if leads or (sheet.closing(start) and number):
        return closed(lines, metre, 2 if leads else 1, turn // GROUP)
    return grouped(lines, metre, number % GROUP, turn // GROUP)


def _variant(known: Mapping[str, DrumPattern], name: str, level: int, metre: str) -> DrumPattern:
    pattern = known[name]
    relative = pattern.relatives.get(RELATIVE.get(level, ""), "")
    return known[relative] if relative and metre in known[relative].metres else pattern


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
