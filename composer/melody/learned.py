"""The melody sung by the trained network: the plan tells and pulls, the automaton disposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from composer.mapping import Decisions
from composer.melody.pulls import Pull
from composer.melody.repeats import third_time
from composer.melody.slots import Stage
from composer.melody.told import guide_of, past_of, stated_as
from composer.melody.trace import trace_of
from composer.melody.voice import Line, Sounded, Sung
from composer.values import Harmony, Motif, Note, Plan, Proposed, Slot
from neural import weights
from neural.sample import Proposal, Singer
from neural.sample import Sung as Phrase
from theory.melody import Automaton, Event
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
    """Sings with a trained network: rhythm and pitches are its own."""

    content, tries = 0.95, 2

    def __init__(
        self, singer: Singer, plan: Plan, harmony: Harmony, decisions: Decisions, noise: Noise
    ) -> None:
        self.singer = singer
        self.plan, self.harmony = plan, harmony
        self.decisions, self.noise = decisions, noise
        self.durations = lengths(plan.metre)

    def motifs(self) -> Mapping[str, Motif]:
        return {}

    def sing(self, stage: Stage, automaton: Automaton, sung: Sung) -> Line:
        """One phrase; where a bar would come a third time running, it is sung again without."""
        stale: dict[int, int] = {}
        phrase = stage.phrase
        start = phrase.start - phrase.upbeat
        for _ in range(1 + len(phrase.slots)):
            song = self._song(stage, automaton, sung, stale)
            again = third_time(sung.notes, start, song.events, stage.metre)
            if not again:
                break
            tick = start
            for event in song.events:
                if tick in again and event.pitch is not None:
                    stale[tick] = automaton.number[event.pitch]
                tick += event.ticks
        return Line(tuple(self._sounded(stage, automaton, song, sung)), song.end)

    def stated(self, stage: Stage, slot: Slot, motif: Motif | None, notes: Sequence[Note]) -> Motif:
        return stated_as(slot, stage.motivic_end(slot), notes)

    def _song(
        self, stage: Stage, automaton: Automaton, sung: Sung, stale: Mapping[int, int]
    ) -> Phrase:
        phrase = stage.phrase
        pull = Pull(
            stage,
            automaton,
            sung.motifs,
            sung.heard,
            self.decisions.number("dissonance"),
            self.plan.language,
            stale,
            self.noise,
        )
        guide = guide_of(self.plan, self.harmony, self.decisions, stage, pull.line, sung)
        past = past_of(self.plan, sung.notes)
        place = phrase.name
        return self.singer.sing(
            automaton, guide, past, self.noise, place, pull, offset=phrase.start
        )

    def _sounded(
        self, stage: Stage, automaton: Automaton, song: Phrase, sung: Sung
    ) -> list[Sounded]:
        phrase = stage.phrase
        found = []
        for proposal in song.proposals:
            tick = phrase.start + proposal.before.tick
            slot = next((s for s in phrase.slots if tick < s.end), phrase.slots[-1])
            first = slot.motif not in sung.heard and slot is next(
                s for s in phrase.slots if s.motif == slot.motif
            )
            held = not first and slot.start <= tick < stage.motivic_end(slot)
            trace = trace_of(stage, automaton, proposal.before, proposal.event, _proposed(proposal))
            found.append(Sounded(proposal.event, slot, held, trace))
        return found


def network(file: str | None) -> tuple[Singer, str]:
    """The singer of a weights file (None: the shipped one), and the file's SHA-256.

    Raises neural's WeightsError for any other file.
    """
    path = weights.SHIPPED if file is None else Path(file)
    return _loaded(path, weights.fingerprint(path))


@lru_cache(maxsize=2)
def _loaded(path: Path, fingerprint: str) -> tuple[Singer, str]:
    return Singer(weights.load(path), temperature=TEMPERATURE), fingerprint


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
