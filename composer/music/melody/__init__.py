"""The melody: the plan and the frame become a tune, sung phrase by phrase through the automaton.

Who sings is one of two, by the same protocol: `by_rules`, with weights written by hand, or
`learned`, with the trained network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from composer.music.harmony import TARGET_WEIGHT
from composer.music.melody.context import (
    PhraseContext,
    context_of,
    harmonic_context,
    missed_climax,
    peaks,
    section_of,
    summit_of,
)
from composer.music.melody.targets import Heard, first_sung
from composer.values import (
    Cause,
    Harmony,
    Motif,
    Note,
    Phrase,
    Plan,
    Proposed,
    Slot,
    Trace,
    Weighed,
)
from theory.melody import Automaton, Event, PhraseEntry, State, labels, structural_notes
from theory.pitch import Pitch
from theory.voices.frame import lead


@dataclass(frozen=True, slots=True)
class SungSoFar:
    """What has been sung so far: notes, structural notes, what each motif's first statement sang,
    the motifs, and what the next phrase enters on."""

    notes: tuple[Note, ...]
    sopranos: tuple[Pitch, ...]
    heard: Heard
    motifs: Mapping[str, Motif]
    entry: PhraseEntry | None


@dataclass(frozen=True, slots=True)
class SungEvent:
    """One event of a phrase: the slot that it lies in, whether that held it to the slot's motif,
    and how it came to be."""

    event: Event
    slot: Slot
    held: bool
    trace: Trace


@dataclass(frozen=True, slots=True)
class SungPhrase:
    """A phrase as it was sung, up to its breath, and the automaton's state at its end."""

    sounded: tuple[SungEvent, ...]
    end: State

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(one.event for one in self.sounded)


class PhraseSinger(Protocol):
    """Sings phrase by phrase, each through its automaton."""

    durations: tuple[int, ...]  # the lengths of notes, in ticks, that its automata know
    content: float  # by how much a period may miss its climax and not be sung again
    tries: int  # how many climaxes it tries at most

    def motifs(self) -> Mapping[str, Motif]:
        """The motifs that are drawn before anything is sung."""

    def sing(self, context: PhraseContext, automaton: Automaton, sung: SungSoFar) -> SungPhrase:
        """Sing one phrase after what has been sung. Raises NoMelody where nothing is legal."""

    def stated(
        self, context: PhraseContext, slot: Slot, motif: Motif | None, notes: Sequence[Note]
    ) -> Motif:
        """The motif of the first slot that stated it, from the phrase's notes as they were sung.

        motif: what `motifs` had for it, if anything.
        """


def trace_of(
    context: PhraseContext, automaton: Automaton, state: State, event: Event, by: Weighed | Proposed
) -> Trace:
    """The trace of an event sung in a state of its phrase's automaton."""
    struck = automaton.struck(state, event.ticks)
    return Trace(
        {rule: tuple(sorted(pitches)) for rule, pitches in struck.items()},
        context.wished(context.phrase.start + state.tick),
        by,
    )


@dataclass(frozen=True, slots=True)
class SungMelody:
    """A sung melody, the harmony led again under it, and the motifs it is made of."""

    notes: tuple[Note, ...]
    harmony: Harmony
    motifs: Mapping[str, Motif]


def sing_melody(plan: Plan, harmony: Harmony, singer: PhraseSinger) -> SungMelody:
    """Sing every phrase; a phrase's end is the next one's beginning.

    Raises theory's NoMelody where a table, an override or a switched rule leaves nothing legal.
    """
    sung = SungSoFar((), (), {}, singer.motifs(), None)
    automata: dict[tuple[str, PhraseEntry | None], Automaton] = {}
    summit = summit_of(plan, harmony)
    for period in dict.fromkeys(phrase.period for phrase in plan.phrases):
        indices = [i for i, p in enumerate(plan.phrases) if p.period == period]
        tries: list[tuple[float, SungSoFar]] = []
        for highest in peaks(plan, harmony, indices, singer.tries):
            tried = sung
            for index in indices:
                if plan.phrases[index].sung:
                    context = context_of(plan, harmony, index, highest, summit)
                    tried = _sing_phrase(plan, harmony, context, tried, singer, automata)
                else:
                    tried = _silent(harmony, plan.phrases[index], tried)
            missed = missed_climax(plan, plan.phrases[indices[0]], highest, tried.notes)
            tries.append((missed, tried))
            if tries[-1][0] <= singer.content:
                break
        sung = min(tries, key=lambda one: one[0])[1]
    return SungMelody(sung.notes, _led_again(plan, harmony, sung.sopranos), sung.motifs)


def _silent(harmony: Harmony, phrase: Phrase, sung: SungSoFar) -> SungSoFar:
    """What has been sung, and a phrase in which nobody sings: its chords keep the frame's voices,
    and the next phrase begins a new line after the last of them."""
    spans = [span for span in harmony.spans if span.phrase == phrase.name]
    last = spans[-1]
    return replace(
        sung,
        sopranos=(*sung.sopranos, *(span.voicing.soprano for span in spans)),
        entry=PhraseEntry(None, last.voicing.soprano, last.chord, (last.voicing,)),
    )


def _sing_phrase(
    plan: Plan,
    harmony: Harmony,
    context: PhraseContext,
    sung: SungSoFar,
    singer: PhraseSinger,
    automata: dict[tuple[str, PhraseEntry | None], Automaton],
) -> SungSoFar:
    """What has been sung, and one phrase more. Each automaton is made once and kept."""
    after = next((s for s in harmony.spans if s.start == context.phrase.end), None)
    known = (context.phrase.name, sung.entry)
    if known not in automata:
        found = harmonic_context(plan, context, sung.entry, after, singer.durations)
        automata[known] = Automaton(found)
    automaton = automata[known]
    line = singer.sing(context, automaton, sung)
    notes = _notes(plan, context, line, automaton)
    heard, motifs = dict(sung.heard), dict(sung.motifs)
    for slot in context.phrase.slots:
        if slot.motif not in heard and slot.start < context.motivic_end(slot):
            heard[slot.motif] = first_sung(slot, notes)
            motifs[slot.motif] = singer.stated(context, slot, motifs.get(slot.motif), notes)
    bound = "structural-note" not in plan.off
    tops = structural_notes(automaton.context, line.events) if bound else ()
    return SungSoFar(
        (*sung.notes, *notes),
        (*sung.sopranos, *tops),
        heard,
        motifs,
        automaton.leave(line.end),
    )


def _notes(
    plan: Plan, context: PhraseContext, line: SungPhrase, automaton: Automaton
) -> list[Note]:
    """A phrase's notes in the piece's ticks, each with its cause."""
    region = section_of(plan, context.phrase).region
    tick = context.phrase.start - context.phrase.upbeat
    notes = []
    for one, kind in zip(line.sounded, labels(automaton, line.events), strict=True):
        start, event, slot = tick, one.event, one.slot
        tick += event.ticks
        if event.pitch is None:
            continue
        rules = ["density", "register", "range", "melodic_scale"]
        if kind != "chord tone":
            rules.append("dissonance")
        if plan.metre.against(start, event.ticks):
            rules.append("syncopation")
        if one.held:
            rules.append(f"motif {slot.motif}")
        cause = Cause(
            origin="melody",
            label=kind,
            slot=slot.name,
            motif=slot.motif,
            action=slot.action,
            region=region,
            rules=tuple(rules),
            trace=one.trace,
        )
        notes.append(Note(start, event.ticks, event.pitch, 0, cause))
    return notes


def _led_again(plan: Plan, harmony: Harmony, sopranos: Sequence[Pitch]) -> Harmony:
    """Lead the lower voices again under the melody's structural notes, on the same bass.

    With the rule of structural notes switched off nothing says that this can be done: the frame
    then stays as it was.
    """
    if "structural-note" in plan.off:
        return harmony
    spans = harmony.spans
    frame = lead(
        [span.chord for span in spans],
        language=plan.language,
        soprano=[frozenset({pitch}) for pitch in sopranos],
        bass=[span.voicing.bass for span in spans],
        soprano_range=plan.melody.compass,
        target_weight=TARGET_WEIGHT,
        off=plan.off,
        rivals=True,
    )
    again = tuple(
        replace(span, voicing=voicing, costs=cost, rival=rival)
        for span, voicing, cost, rival in zip(
            spans, frame.voicings, frame.costs, frame.rivals, strict=True
        )
    )
    return replace(harmony, spans=again, total=frame.total, runner_up=frame.runner_up)
