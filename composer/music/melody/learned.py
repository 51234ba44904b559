"""The melody sung by the trained network: the plan guides, the automaton disposes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from composer.music.melody import SungEvent, SungPhrase, SungSoFar, trace_of
from composer.music.melody.by_rules import (
    Restatement,
    nearest,
    restated_targets,
    restatements,
    unwanted,
)
from composer.music.melody.conditioning import guide_of, past_of, returns, stated_as
from composer.music.melody.context import PhraseContext
from composer.music.melody.guidance import Guidance
from composer.music.melody.targets import TargetNote, comes_early, early, first_sung
from composer.values import Cause, Harmony, Motif, Note, Plan, Proposed, Slot, Weighed
from neural import weights
from neural.sample import Proposal, SampledPhrase, Singer
from theory.melody import Automaton, Event, NoMelody, State
from theory.metre import Metre
from theory.noise import Noise
from theory.pitch import Pitch

# What its notes may last, in ticks, by whether the metre is compound: up to a bar and no more.
DURATIONS = {
    False: (6, 8, 12, 18, 24, 36, 48, 60, 72, 84, 96, 120),
    True: (6, 12, 18, 24, 36, 48, 60, 72, 96, 108, 144),
}
# Under 1 the network is bolder: motifs come back more exactly, and climaxes stand alone more often;
# at 0.8 rhythms are fewer.
TEMPERATURE = 0.9


class LearnedSinger:
    """Sings with a trained network: what is new is its own, rhythm and pitches, and what comes back
    is the nearest legal variant of what it sang."""

    content, tries = 0.95, 2

    def __init__(self, singer: Singer, plan: Plan, harmony: Harmony, noise: Noise) -> None:
        self.singer = singer
        self.plan, self.harmony, self.noise = plan, harmony, noise
        self.durations = lengths(plan.metre)
        self.places = returns(plan, harmony)

    def motifs(self) -> Mapping[str, Motif]:
        return {}

    def sing(self, context: PhraseContext, automaton: Automaton, sung: SungSoFar) -> SungPhrase:
        """One phrase: restatements exactly, and by the network what lies between them."""
        phrase, state = context.phrase, automaton.start()
        begun = _Begun(context, automaton, sung)
        known = dict(sung.motifs)
        heard = dict(sung.heard)
        found: list[SungEvent] = []
        for restated in (*restatements(context, sung.motifs), None):
            until = context.goal if restated is None else self._begins(context, restated)
            if phrase.start + state.tick < until:
                free = self._free(begun, state, until - phrase.start, found)
                found += free.sounded
                state = free.end
            if restated is None or phrase.start + state.tick != until:
                continue
            notes = _notes(begun, found)
            for slot in phrase.slots:
                stated = slot.start < min(restated.start, context.motivic_end(slot))
                if slot.motif not in known and stated:
                    heard[slot.motif] = first_sung(slot, notes)
                    known[slot.motif] = self.stated(context, slot, None, notes)
            wanted = restated_targets(context, restated, known, heard)
            if until < restated.start:
                wanted = (early(wanted[0], restated.start - until), *wanted[1:])
            try:
                again = self._restated(begun, state, wanted, notes)
            except NoMelody:
                continue  # its rhythm does not go here: the network sings it, by the same targets
            found += again.sounded
            state = again.end
        return SungPhrase(tuple(found), state)

    def _begins(self, context: PhraseContext, restated: Restatement) -> int:
        """Where a restatement begins: in time, or a quaver early."""
        before = restated.start - self.plan.metre.pulse
        room = before >= context.phrase.start - context.phrase.upbeat
        return (
            before if room and comes_early(context, restated.start, self.noise) else restated.start
        )

    def stated(
        self, context: PhraseContext, slot: Slot, motif: Motif | None, notes: Sequence[Note]
    ) -> Motif:
        return stated_as(slot, context.motivic_end(slot), notes)

    def _restated(
        self, begun: _Begun, state: State, wanted: Sequence[TargetNote], notes: Sequence[Note]
    ) -> SungPhrase:
        """What comes back, from a state of the phrase on."""
        context, automaton = begun.context, begun.automaton
        before = (*begun.sung.notes, *notes)
        song = nearest(context, automaton, wanted, before, self.noise, state)
        sounded = []
        for target, note in zip(wanted, song.notes, strict=True):
            weighed = Weighed(note.costs, note.runner_up, note.margin)
            trace = trace_of(context, automaton, note.before, note.event, weighed)
            sounded.append(SungEvent(note.event, target.slot, bool(target.hold), trace))
        return SungPhrase(tuple(sounded), song.end)

    def _free(
        self, begun: _Begun, state: State, until: int, so_far: Sequence[SungEvent]
    ) -> SungPhrase:
        """What the network sings from a state of the phrase up to a tick; where a bar would come
        a third time running, or a note stand alone high above its neighbours, it is sung again
        without."""
        context, automaton = begun.context, begun.automaton
        stale: dict[int, int] = {}
        start = context.phrase.start + state.tick
        before = (*begun.sung.notes, *_notes(begun, so_far))
        past = past_of(self.plan, before)
        for _ in range(1 + len(context.phrase.slots)):
            guidance = Guidance(
                context,
                automaton,
                begun.sung.motifs,
                begun.sung.heard,
                stale,
                self.noise,
                self.places,
            )
            guide = guide_of(self.plan, self.harmony, context, guidance.line, begun.sung)
            song = self.singer.sing(
                automaton,
                guide,
                past,
                self.noise,
                context.phrase.name,
                guidance,
                offset=context.phrase.start,
                start=state,
                until=until,
            )
            again = unwanted(before, start, song.events, context.metre)
            if not again:
                break
            tick = start
            for event in song.events:
                if tick in again and event.pitch is not None:
                    stale[tick] = automaton.number[event.pitch]
                tick += event.ticks
        return SungPhrase(tuple(_proposed_notes(begun, song)), song.end)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A phrase to be sung, and what was sung before it."""

    context: PhraseContext
    automaton: Automaton
    sung: SungSoFar


def _notes(begun: _Begun, sounded: Sequence[SungEvent]) -> tuple[Note, ...]:
    """A phrase's notes so far, in the piece's ticks."""
    events = [one.event for one in sounded]
    start = begun.context.phrase.start + begun.automaton.context.start
    ticks = accumulate((event.ticks for event in events), initial=start)
    return tuple(
        Note(tick, event.ticks, event.pitch, 0, _SO_FAR)
        for tick, event in zip(ticks, events, strict=False)
        if event.pitch is not None
    )


def _proposed_notes(begun: _Begun, song: SampledPhrase) -> Iterator[SungEvent]:
    """What the network sang, each event with its slot and trace."""
    context, heard = begun.context, begun.sung.heard
    slots = context.phrase.slots
    for proposal in song.proposals:
        tick = context.phrase.start + proposal.before.tick
        slot = next((s for s in slots if tick < s.end), slots[-1])
        first = slot.motif not in heard and slot is next(s for s in slots if s.motif == slot.motif)
        held = not first and slot.start <= tick < context.motivic_end(slot)
        by = _proposed(proposal)
        trace = trace_of(context, begun.automaton, proposal.before, proposal.event, by)
        yield SungEvent(proposal.event, slot, held, trace)


def network(file: str | None) -> tuple[Singer, str]:
    """The singer of a weights file (None: the shipped one), and the file's SHA-256.

    Raises neural's WeightsError for any other file.
    """
    path = weights.SHIPPED if file is None else Path(file)
    return _loaded(path, weights.fingerprint(path))


@lru_cache(maxsize=2)
def _loaded(path: Path, fingerprint: str) -> tuple[Singer, str]:
    return Singer(weights.read(path), temperature=TEMPERATURE), fingerprint


def lengths(metre: Metre) -> tuple[int, ...]:
    """The lengths of notes that are sung in a metre, in ticks."""
    return tuple(ticks for ticks in DURATIONS[metre.compound] if ticks <= metre.bar)


def _proposed(proposal: Proposal) -> Proposed:
    rival = proposal.runner_up
    return Proposed(
        wanted=_named(proposal.wanted),
        wanted_share=proposal.wanted_share,
        share=proposal.share,
        allowed=proposal.allowed,
        runner_up=None if rival is None else _named(rival),
        runner_up_share=proposal.runner_up_share,
    )


def _named(event: Event) -> tuple[Pitch | None, int]:
    return event.pitch, event.ticks


_SO_FAR = Cause("melody", "", None, None, None, "", ())  # of notes whose cause is not known yet
