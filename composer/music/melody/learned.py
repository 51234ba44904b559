"""The melody sung by the trained network: the plan tells and pulls, the automaton disposes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from composer.music.melody.exact import nearest, stretches, third_time, wishes
from composer.music.melody.pulls import Pull
from composer.music.melody.slots import Stage, Wish, first_sung
from composer.music.melody.told import guide_of, past_of, returns, stated_as
from composer.music.melody.voice import Line, Sounded, Sung, trace_of
from composer.values import Cause, Harmony, Motif, Note, Plan, Proposed, Slot, Weighed
from neural import weights
from neural.sample import Proposal, Singer
from neural.sample import Sung as Phrase
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


class LearnedVoice:
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

    def sing(self, stage: Stage, automaton: Automaton, sung: Sung) -> Line:
        """One phrase: restatements exactly, and by the network what lies between them."""
        phrase, state = stage.phrase, automaton.start()
        part = _Part(stage, automaton, sung)
        known = dict(sung.motifs)
        heard = dict(sung.heard)
        found: list[Sounded] = []
        for stretch in (*stretches(stage, sung.motifs), None):
            until = stage.goal if stretch is None else stretch.start
            if phrase.start + state.tick < until:
                free = self._free(part, state, until - phrase.start, found)
                found += free.sounded
                state = free.end
            if stretch is None or phrase.start + state.tick != stretch.start:
                continue
            notes = _notes(part, found)
            for slot in phrase.slots:
                if slot.motif not in known and slot.start < stretch.start:
                    heard[slot.motif] = first_sung(slot, notes)
                    known[slot.motif] = self.stated(stage, slot, None, notes)
            wanted = wishes(stage, stretch, known, heard)
            try:
                again = self._restated(part, state, wanted, notes)
            except NoMelody:
                continue  # its rhythm does not go here: the network sings it, by the same wishes
            found += again.sounded
            state = again.end
        return Line(tuple(found), state)

    def stated(self, stage: Stage, slot: Slot, motif: Motif | None, notes: Sequence[Note]) -> Motif:
        return stated_as(slot, stage.motivic_end(slot), notes)

    def _restated(
        self, part: _Part, state: State, wanted: Sequence[Wish], notes: Sequence[Note]
    ) -> Line:
        """What comes back, from a state of the phrase on."""
        stage, automaton = part.stage, part.automaton
        before = (*part.sung.notes, *notes)
        song = nearest(stage, automaton, wanted, before, self.noise, state)
        sounded = []
        for wish, note in zip(wanted, song.notes, strict=True):
            weighed = Weighed(note.costs, note.runner_up, note.margin)
            trace = trace_of(stage, automaton, note.before, note.event, weighed)
            sounded.append(Sounded(note.event, wish.slot, bool(wish.hold), trace))
        return Line(tuple(sounded), song.end)

    def _free(self, part: _Part, state: State, until: int, so_far: Sequence[Sounded]) -> Line:
        """What the network sings from a state of the phrase up to a tick; where a bar would come
        a third time running, it is sung again without."""
        stage, automaton = part.stage, part.automaton
        stale: dict[int, int] = {}
        start = stage.phrase.start + state.tick
        before = (*part.sung.notes, *_notes(part, so_far))
        past = past_of(self.plan, before)
        for _ in range(1 + len(stage.phrase.slots)):
            pull = Pull(
                stage,
                automaton,
                part.sung.motifs,
                part.sung.heard,
                self.plan.language,
                stale,
                self.noise,
                self.places,
            )
            guide = guide_of(self.plan, self.harmony, stage, pull.line, part.sung)
            song = self.singer.sing(
                automaton,
                guide,
                past,
                self.noise,
                stage.phrase.name,
                pull,
                offset=stage.phrase.start,
                start=state,
                until=until,
            )
            again = third_time(before, start, song.events, stage.metre)
            if not again:
                break
            tick = start
            for event in song.events:
                if tick in again and event.pitch is not None:
                    stale[tick] = automaton.number[event.pitch]
                tick += event.ticks
        return Line(tuple(_proposed_notes(part, song)), song.end)


@dataclass(frozen=True, slots=True)
class _Part:
    """A phrase to be sung, and what was sung before it."""

    stage: Stage
    automaton: Automaton
    sung: Sung


def _notes(part: _Part, sounded: Sequence[Sounded]) -> tuple[Note, ...]:
    """A phrase's notes so far, in the piece's ticks."""
    events = [one.event for one in sounded]
    start = part.stage.phrase.start + part.automaton.ground.start
    ticks = accumulate((event.ticks for event in events), initial=start)
    return tuple(
        Note(tick, event.ticks, event.pitch, 0, _SO_FAR)
        for tick, event in zip(ticks, events, strict=False)
        if event.pitch is not None
    )


def _proposed_notes(part: _Part, song: Phrase) -> Iterator[Sounded]:
    """What the network sang, each event with its slot and trace."""
    stage, heard = part.stage, part.sung.heard
    slots = stage.phrase.slots
    for proposal in song.proposals:
        tick = stage.phrase.start + proposal.before.tick
        slot = next((s for s in slots if tick < s.end), slots[-1])
        first = slot.motif not in heard and slot is next(s for s in slots if s.motif == slot.motif)
        held = not first and slot.start <= tick < stage.motivic_end(slot)
        by = _proposed(proposal)
        trace = trace_of(stage, part.automaton, proposal.before, proposal.event, by)
        yield Sounded(proposal.event, slot, held, trace)


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


_SO_FAR = Cause("melody", "", None, None, None, "", ())  # of notes whose cause is not told yet
