"""Decisions and the measured picture become the plan of a piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.analyse import Analysis
from composer.mapping import Decisions
from composer.plan import contour, curves
from composer.plan.sections import Character, character, regions_by_letter
from composer.values import Phrase, Plan, Section, Slot
from theory import forms
from theory.metre import METRES, Metre
from theory.scale import Key

# A sequence takes its motif a step higher in an opening and a step lower in a continuation.
SEQUENCE_STEPS = (1, -1)


def make_plan(decisions: Decisions, analysis: Analysis, off: frozenset[str] = frozenset()) -> Plan:
    """Lay out the form, give its sections their regions, its phrases their contour and cadences."""
    metre = METRES[decisions.choice("metre")]
    layout = forms.layout(decisions.choice("form"), round(decisions.number("bars")))
    sections = _sections(layout, analysis, metre)
    phrases = _phrases(layout, sections, decisions, analysis, metre)
    phrases = _surprised(phrases, decisions)
    bars = layout.bars
    end = bars * metre.bar
    return Plan(
        key=Key.spelled(decisions.choice("tonic"), decisions.choice("mode")),
        metre=metre,
        form=decisions.choice("form"),
        bars=bars,
        language=decisions.choice("language"),
        sections=tuple(sections),
        phrases=tuple(phrases),
        tempo=curves.tempo_curve(
            decisions.number("tempo"), decisions.number("rubato"), phrases, metre, end
        ),
        dynamics=curves.dynamics_curve(
            decisions.number("dynamics"), decisions.number("dynamic_range"), sections, phrases
        ),
        off=off,
    )


def _sections(layout: forms.Layout, analysis: Analysis, metre: Metre) -> list[Section]:
    letters = [section.letter for section in layout.sections]
    regions = regions_by_letter(letters, analysis)
    sections: list[Section] = []
    tick = 0
    for index, section in enumerate(layout.sections):
        region = regions[section.letter]
        returns = section.letter in letters[:index]
        found: Character = character(region, analysis, returns)
        end = tick + section.bars * metre.bar
        sections.append(
            Section(
                name=section.name,
                letter=section.letter,
                start=tick,
                end=end,
                region=found.region,
                register=found.register,
                dynamics=found.dynamics,
                density=found.density,
                why=found.why,
            )
        )
        tick = end
    return sections


def _phrases(
    layout: forms.Layout,
    sections: Sequence[Section],
    decisions: Decisions,
    analysis: Analysis,
    metre: Metre,
) -> list[Phrase]:
    centre = decisions.number("register")
    half_range = decisions.number("range") / 2
    final = decisions.choice("cadence")
    phrases: list[Phrase] = []
    tick = 0
    for section, laid in zip(sections, layout.sections, strict=True):
        number = 0
        for period in laid.periods:
            beats = [phrase.bars * metre.beats for phrase in period]
            curve, (where, beat) = contour.period_contour(analysis.skyline, beats, half_range)
            for index, (phrase, wished) in enumerate(zip(period, curve, strict=True)):
                number += 1
                name = f"{section.name}.{number}"
                end = tick + phrase.bars * metre.bar
                phrases.append(
                    Phrase(
                        name=name,
                        section=section.name,
                        start=tick,
                        end=end,
                        cadence=final if phrase.cadence == "final" else phrase.cadence,
                        slots=_slots(phrase, name, tick, metre),
                        contour=tuple(
                            round(centre + section.register + value, 2) for value in wished
                        ),
                        climax=tick + beat * metre.beat if index == where else None,
                        upbeat=_upbeat(decisions.choice("upbeat"), metre) if tick else 0,
                        breath=metre.beat if metre.beats > 2 else metre.pulse,
                        surprise=None,
                    )
                )
                tick = end
    phrases[-1] = replace(phrases[-1], breath=0)
    return phrases


def _upbeat(kind: str, metre: Metre) -> int:
    """Ticks of an upbeat: a quaver, or a beat of the metre."""
    return {"none": 0, "quaver": metre.pulse, "beat": metre.beat}[kind]


def _slots(phrase: forms.Phrase, name: str, start: int, metre: Metre) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    tick = start
    sequences = 0
    for number, slot in enumerate(phrase.slots, 1):
        end = tick + slot.bars * metre.bar
        shift = 0
        if slot.action == "sequence":
            shift = SEQUENCE_STEPS[min(sequences, 1)]
            sequences += 1
        slots.append(Slot(f"{name}.{number}", tick, end, slot.motif, slot.action, shift))
        tick = end
    return tuple(slots)


def _surprised(phrases: Sequence[Phrase], decisions: Decisions) -> list[Phrase]:
    """One surprise a piece, in its last third but not in its last phrase.

    Strict language is surprised by a deceptive cadence where a full one was due; borrowed chords
    by one more of them; the others by a leap of register.
    """
    found = list(phrases)
    late = range(len(found) // 2, len(found) - 1)
    place = late[-1] if late else 0
    closing = [i for i in late if found[i].cadence == "authentic"]
    if decisions.choice("chords") == "borrowed":
        found[place] = replace(found[place], surprise="borrowed chord")
    elif decisions.choice("language") == "strict" and closing:
        place = closing[-1]
        found[place] = replace(found[place], cadence="deceptive", surprise="deceptive cadence")
    else:
        found[place] = replace(found[place], surprise="leap of register")
    return found
