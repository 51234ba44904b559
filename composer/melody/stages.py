"""What each phrase is sung on: its stage, its automaton's ground, and how it must end."""

from __future__ import annotations

from composer.harmonise import cadence_notes, wanted_notes
from composer.mapping import Decisions
from composer.melody.slots import Peak, Stage
from composer.plan.compass import bounds, compass
from composer.plan.surprise import LEAP
from composer.values import ChordSpan, Harmony, Phrase, Plan, Section
from theory.melody import Entry, Ground, Span
from theory.pitch import Note as Name

PENTATONIC = {True: (0, 2, 3, 4, 6), False: (0, 1, 2, 4, 5)}  # by whether the mode is minor


def stage_of(
    plan: Plan, harmony: Harmony, index: int, highest: Peak | None, decisions: Decisions
) -> Stage:
    """A phrase's stage; `highest` is its period's highest note."""
    phrase = plan.phrases[index]
    section = section_of(plan, phrase)
    last = index + 1 == len(plan.phrases)
    key = plan.key_of(phrase)
    scale: tuple[Name, ...] = key.notes
    if decisions.choice("melodic_scale") == "pentatonic":
        scale = tuple(key.degree(degree) for degree in PENTATONIC[key.mode.minor])
    return Stage(
        phrase=phrase,
        spans=tuple(span for span in harmony.spans if span.phrase == phrase.name),
        metre=plan.metre,
        key=key,
        scale=scale,
        until=phrase.end - (0 if last else plan.phrases[index + 1].upbeat),
        density=decisions.number("density") * section.density,
        final=last,
        peak=highest,
        compass=bounds(
            decisions.number("register") + section.register,
            decisions.number("range"),
            phrase.surprise == LEAP,
        ),
        place=(section.letter, phrase.name.rpartition(".")[2], phrase.cadence),
    )


def ground_of(
    plan: Plan,
    stage: Stage,
    decisions: Decisions,
    entry: Entry | None,
    after: ChordSpan | None,
    durations: tuple[int, ...],
) -> Ground:
    """What the phrase's melody has to obey up to its breath, with these lengths of notes.

    entry: what stands before it; after: the chord that opens the next phrase.
    """
    phrase = stage.phrase
    return Ground(
        key=stage.key,
        metre=plan.metre,
        start=-phrase.upbeat,
        end=stage.goal - phrase.start,
        spans=tuple(
            Span(s.start - phrase.start, min(s.end, stage.goal) - phrase.start, s.chord, s.voicing)
            for s in stage.spans
        ),
        compass=compass(
            decisions.number("register") + section_of(plan, phrase).register,
            decisions.number("range"),
            phrase.surprise == LEAP,
            [span.voicing.soprano for span in stage.spans],
        ),
        scale=stage.scale,
        final=_final(stage),
        language=plan.language,
        durations=durations,
        off=plan.off,
        before=entry,
        after=(after.chord, after.voicing) if after else None,
        careful=True,
    )


def _final(stage: Stage) -> frozenset[Name]:
    """The notes on which the phrase ends: the wanted ones wherever the frame has one of them."""
    last = stage.spans[-1]
    wanted = wanted_notes(stage.phrase.cadence, last.chord, stage.final)
    return wanted if last.voicing.soprano.note in wanted else cadence_notes(last.chord)


def section_of(plan: Plan, phrase: Phrase) -> Section:
    return next(section for section in plan.sections if section.name == phrase.section)
