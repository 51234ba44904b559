"""The best melody: of all legal melodies on a rhythm, exactly the one of least cost.

The automaton is intersected with the rhythm and searched by dynamic programming (Viterbi) over its
states, widened by what the soft rules need to remember. Nothing is pruned but what is dominated,
so the melody found is the best there is, and for each note so is the best with another pitch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from theory.melody.automaton import Automaton, State
from theory.melody.context import Event
from theory.melody.grammar import Duty
from theory.melody.moves import Move
from theory.melody.reachability import ahead
from theory.melody.results import BestMelody, BestNote, NoMelody, refusal
from theory.melody.soft import Lapses, SoftMemory, soft_weights
from theory.melody.structure import REFUSED
from theory.melody.tables import PERFECTS
from theory.pitch import Pitch

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
# The cost of the interval to each note: (notes, from, to), or a function of the note's number that
# gives (from, to).
Steps: TypeAlias = Floats | Callable[[int], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class _Front:
    """The states alive after an event: parallel arrays, and the best cost of each."""

    place: Ints  # pitch number, `count` before the first note
    duty: Ints
    code: Ints
    memory: Ints
    cost: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Links:
    """The transitions into a front: from which state, into which, at what own cost; and for each
    state the number of its best one."""

    source: Ints
    target: Ints
    edge: Floats
    best: Ints


def best_melody(
    automaton: Automaton,
    rhythm: Sequence[tuple[int, bool]],
    pitch_cost: Floats,
    step_cost: Steps | None = None,
    *,
    soft: Mapping[str, float] | None = None,
    start: State | None = None,
    part: bool = False,
) -> BestMelody:
    """The legal melody of least total cost on a rhythm of (ticks, sounding).

    `pitch_cost` has shape (sounding notes, pitches), infinite where a pitch is not wanted at all;
    `step_cost` the cost from the note before, (notes, pitches, pitches) from, to, or a function of
    the note's number; it does not count for the first note. `soft` are the weights of soft rules
    by name ("leap-answered", "repetition", "perfects-with-bass" where it is not hard); by default
    the table's. Ties go to the lower pitch at the earliest difference of the search's order.

    It sings on from `start`, the phrase's beginning if None. Of a `part` the rhythm may end within
    the phrase; the melody is then one that leads on to the phrase's end.

    Raises NoMelody where nothing is legal, ValueError for a rhythm that does not fill the phrase.
    """
    return _Search(automaton, rhythm, pitch_cost, step_cost, soft, start, part).found()


class _Search:
    def __init__(
        self,
        automaton: Automaton,
        rhythm: Sequence[tuple[int, bool]],
        pitch_cost: Floats,
        step_cost: Steps | None,
        soft: Mapping[str, float] | None,
        start: State | None,
        part: bool,
    ) -> None:
        context = automaton.context
        self.automaton = automaton
        self.rhythm = tuple(rhythm)
        if any(ticks <= 0 for ticks, _ in self.rhythm):
            raise ValueError("rhythm: every event lasts at least one tick")
        self.start = automaton.start() if start is None else start
        self.ticks = [self.start.tick]
        for ticks, _ in self.rhythm:
            self.ticks.append(self.ticks[-1] + ticks)
        if self.ticks[-1] > context.end or (self.ticks[-1] < context.end and not part):
            raise ValueError(
                f"rhythm: it ends at tick {self.ticks[-1]}, the phrase at {context.end}"
            )
        sounding = sum(sounds for _, sounds in self.rhythm)
        self.pitch_cost = np.asarray(pitch_cost, np.float64)
        if self.pitch_cost.shape != (sounding, automaton.count):
            raise ValueError(
                f"pitch_cost has shape {self.pitch_cost.shape}, not {(sounding, automaton.count)}"
            )
        self.step_cost = step_cost
        self.weights = soft_weights(automaton, soft)
        self.memory = SoftMemory(automaton, self.weights)
        self.lapses = Lapses(automaton)

    def found(self) -> BestMelody:
        fronts = [self._opening()]
        links: list[_Links] = []
        note = 0
        for number, (ticks, sounds) in enumerate(self.rhythm):
            front, link = (
                self._sound(fronts[-1], number, ticks, note)
                if sounds
                else self._rest(fronts[-1], number, ticks)
            )
            if not len(front.cost):
                raise self._stuck(fronts[-1], number)
            fronts.append(front)
            links.append(link)
            note += sounds
        good = self._ending(fronts[-1])
        if not good.any():
            raise self._unended(fronts[-1])
        final = np.where(good, fronts[-1].cost, np.inf)
        path = [int(final.argmin())]
        for link in reversed(links):
            path.append(int(link.source[link.best[path[-1]]]))
        path.reverse()
        return self._read(fronts, links, path, final)

    def _opening(self) -> _Front:
        start, automaton = self.start, self.automaton
        place = automaton.count if start.pitch is None else automaton.number[start.pitch]
        nought = np.zeros(1, np.int64)
        return _Front(nought + place, nought + start.duty, nought + start.code, nought, np.zeros(1))

    def _sound(self, front: _Front, number: int, ticks: int, note: int) -> tuple[_Front, _Links]:
        automaton, tick = self.automaton, self.ticks[number]
        placement = automaton.placements.at(tick, ticks)
        place, duty = front.place, front.duty
        moves = automaton.moves[:, place]
        kinds = placement.kinds[:, None]
        legal = automaton.faults[kinds, duty, moves] == 0
        carried = placement.carry[:-1, front.code]
        legal &= carried != REFUSED
        legal &= (~placement.foreign & np.isfinite(self.pitch_cost[note]))[:, None]
        if placement.clash is not None:
            legal &= ~(placement.clash[:, place] & (duty != Duty.REST))
        to, source = np.nonzero(legal)
        from_, memory = place[source], front.memory[source]
        edge = self.pitch_cost[note, to] + self.memory.price(to, from_, memory)
        if self.lapses:
            edge += self.lapses.price[placement.kinds[to], duty[source], moves[to, source]]
        steps = self._steps(note)
        if steps is not None:
            edge += steps[from_, to]
        clash = self._soft_clash(tick)
        if clash is not None:
            edge += clash[to, from_] * (duty[source] != Duty.REST)
        new_duty = automaton.duties[placement.kinds[to], duty[source], moves[to, source]]
        new_memory = self.memory.next(to, from_, memory)
        return self._merge(front, to, new_duty, carried[to, source], new_memory, source, edge)

    def _rest(self, front: _Front, number: int, ticks: int) -> tuple[_Front, _Links]:
        carried = self.automaton.placements.at(self.ticks[number], ticks).carry[-1, front.code]
        automaton = self.automaton
        source = np.flatnonzero(~automaton.binding[front.duty] & (carried != REFUSED))
        return self._merge(
            front,
            front.place[source],
            np.zeros(len(source), np.int8),
            carried[source],
            front.memory[source],
            source,
            self.lapses.owed[front.duty[source]],
        )

    def _merge(
        self,
        before: _Front,
        place: Ints,
        duty: NDArray[np.int8],
        code: NDArray[np.int16],
        memory: Ints,
        source: Ints,
        edge: Floats,
    ) -> tuple[_Front, _Links]:
        """Join ways that come to the same state, keeping the cheapest (of equals, the first)."""
        codes, sizes = self.automaton.structure.codes, self.memory.size
        cost = before.cost[source] + edge
        key = ((place * len(Duty) + duty) * codes + code) * sizes + memory
        order = np.lexsort((cost, key))
        ordered = key[order]
        first = np.ones(len(order), np.bool_)
        first[1:] = ordered[1:] != ordered[:-1]
        best = order[first]
        target = np.empty(len(order), np.int64)
        target[order] = np.cumsum(first) - 1
        front = _Front(
            place[best],
            duty[best].astype(np.int64),
            code[best].astype(np.int64),
            memory[best],
            cost[best],
        )
        return front, _Links(source, target, edge, best)

    def _ending(self, front: _Front) -> NDArray[np.bool_]:
        automaton, found = self.automaton, np.zeros(len(front.cost), np.bool_)
        if self.ticks[-1] == automaton.context.end:
            closing = automaton.structure.closing[front.code]
            found = ~automaton.binding[front.duty] & closing & automaton.ends[front.place]
        elif self.ticks[-1] in automaton.reachable:
            words = automaton.reachable[self.ticks[-1]][front.place, front.duty]
            found = ahead(words, front.code.astype(np.int16))
        return found

    def _steps(self, note: int) -> Floats | None:
        """Step costs to a note, (from, to), with a row of noughts for "nothing before"."""
        if self.step_cost is None:
            return None
        steps = self.step_cost(note) if callable(self.step_cost) else self.step_cost[note]
        return np.vstack([steps, np.zeros(self.automaton.count)])

    def _soft_clash(self, tick: int) -> Floats | None:
        """What perfects with the bass cost at a tick, (to, from), where they are not forbidden."""
        if not self.weights.get(PERFECTS):
            return None
        context = self.automaton.context
        index = context.span_at(tick)
        if index < 0 or context.spans[index].start != tick:
            return None
        return self.automaton.placements.perfects(index).astype(np.float64) * self.weights[PERFECTS]

    def _read(
        self, fronts: list[_Front], links: list[_Links], path: list[int], final: Floats
    ) -> BestMelody:
        total = float(final[path[-1]])
        onward = np.where(np.isfinite(final), 0.0, np.inf)
        rivals: list[tuple[Pitch | None, float | None]] = []
        for number in range(len(links) - 1, -1, -1):
            front, link = fronts[number + 1], links[number]
            rivals.append(self._rival(front, onward, path[number + 1], total, number))
            back = np.full(len(fronts[number].cost), np.inf)
            np.minimum.at(back, link.source, link.edge + onward[link.target])
            onward = back
        rivals.reverse()
        state = self.start
        notes: list[BestNote] = []
        sounding = 0
        totals: dict[str, float] = {}
        for number, (ticks, sounds) in enumerate(self.rhythm):
            place = int(fronts[number + 1].place[path[number + 1]])
            event = Event(self.automaton.pitches[place] if sounds else None, ticks)
            costs: dict[str, float] = {}
            if sounds:
                costs = self._costs(fronts[number], path[number], place, number, sounding)
                sounding += 1
            notes.append(BestNote(event, state, MappingProxyType(costs), *rivals[number]))
            for name, cost in costs.items():
                totals[name] = totals.get(name, 0.0) + cost
            state = self.automaton.follow(state, event)
        events = tuple(sung.event for sung in notes)
        return BestMelody(events, tuple(notes), state, total, MappingProxyType(totals))

    def _rival(
        self, front: _Front, onward: Floats, chosen: int, total: float, number: int
    ) -> tuple[Pitch | None, float | None]:
        """The best other pitch of an event, and what the best melody with it costs more."""
        if not self.rhythm[number][1]:
            return None, None
        through = np.full(self.automaton.count, np.inf)
        np.minimum.at(through, front.place, front.cost + onward)
        through[front.place[chosen]] = np.inf
        rival = int(through.argmin())
        if not np.isfinite(through[rival]):
            return None, None
        return self.automaton.pitches[rival], max(0.0, float(through[rival]) - total)

    def _costs(
        self, front: _Front, state: int, place: int, number: int, note: int
    ) -> dict[str, float]:
        """What one note of the melody costs, by name; noughts are left out."""
        before, duty = int(front.place[state]), int(front.duty[state])
        costs = {"pitch": float(self.pitch_cost[note, place])}
        steps = self._steps(note)
        if steps is not None:
            costs["step"] = float(steps[before, place])
        costs.update(self.memory.broken(place, before, int(front.memory[state])))
        if self.lapses:
            placement = self.automaton.placements.at(self.ticks[number], self.rhythm[number][0])
            move = int(self.automaton.moves[place, before])
            costs.update(self.lapses.broken(int(placement.kinds[place]), duty, move))
        clash = self._soft_clash(self.ticks[number])
        if clash is not None and duty != Duty.REST:
            costs[PERFECTS] = float(clash[place, before])
        return {name: cost for name, cost in costs.items() if cost}

    def _stuck(self, front: _Front, number: int) -> NoMelody:
        """Name the rules of the least faulty ways on from where all of them end."""
        automaton, tick = self.automaton, self.ticks[number]
        ticks, sounds = self.rhythm[number]
        faults: Counter[tuple[str, ...]] = Counter()
        for state in range(len(front.cost)):
            here = self._state(front, state, tick)
            for pitch in automaton.pitches if sounds else (None,):
                faults[automaton.local(here, Event(pitch, ticks))] += 1
        return refusal(automaton, tick, faults)

    def _unended(self, front: _Front) -> NoMelody:
        automaton, tick = self.automaton, self.ticks[-1]
        faults = Counter(
            automaton.unfinished(self._state(front, state, tick))
            for state in range(len(front.cost))
        )
        return refusal(automaton, tick, faults)

    def _state(self, front: _Front, state: int, tick: int) -> State:
        """A state of a front as the automaton's own."""
        automaton, place = self.automaton, int(front.place[state])
        code = int(front.code[state])
        structural, settled = automaton.structure.read(tick, code)
        pitch = automaton.pitches[place] if place < automaton.count else None
        duty = Duty(int(front.duty[state]))
        return State(tick, pitch, Move.NONE, duty, structural, settled, code, None)
