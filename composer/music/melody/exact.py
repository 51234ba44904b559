"""Bars that would come a third time running."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from composer.music.melody import costs
from composer.music.melody.slots import HOLD, Stage, Wish, free_from, motivic, peaked
from composer.values import Motif, Note, Slot
from theory.melody import Automaton, Event, Song, State, sing
from theory.metre import Metre
from theory.noise import Noise
from theory.pitch import Pitch


def third_time(
    before: Sequence[Note], start: int, events: Sequence[Event], metre: Metre
) -> frozenset[int]:
    """The onsets of those bars that are the same as the two bars before them.

    before: what was sung up to the tick `start`; events: what follows from there.
    """
    line = [(note.start, note.ticks, note.pitch) for note in before]
    tick = start
    for event in events:
        if event.pitch is not None:
            line.append((tick, event.ticks, event.pitch))
        tick += event.ticks
    bars: dict[int, list[tuple[int, int, Pitch | None]]] = {}
    for onset, ticks, pitch in line:
        bars.setdefault(onset // metre.bar, []).append((onset % metre.bar, ticks, pitch))
    found = {
        bar * metre.bar + onset
        for bar, sung in bars.items()
        if sung == bars.get(bar - 1) == bars.get(bar - 2)
        for onset, _, _ in sung
    }
    return frozenset(tick for tick in found if tick >= start)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Slots that follow each other and restate what is known by then, `start` to `end` in ticks of
    the piece: up to the cadence, or to where a new ending leaves its motif."""

    start: int
    end: int
    slots: tuple[Slot, ...]


def stretches(stage: Stage, known: Mapping[str, Motif]) -> tuple[Stretch, ...]:
    """A phrase's restatements, in order. known: the motifs that were sung before the phrase."""
    found: list[Stretch] = []
    stated = set(known)
    for slot in stage.phrase.slots:
        end = free_from(stage, slot)
        if slot.motif in stated and HOLD[slot.action] and slot.start < end:
            last = found[-1] if found else None
            if last is not None and last.end == slot.start and slot.motif in known:
                found[-1] = Stretch(last.start, end, (*last.slots, slot))
            else:
                found.append(Stretch(slot.start, end, (slot,)))
        stated.add(slot.motif)
    return tuple(found)


def wishes(
    stage: Stage,
    stretch: Stretch,
    motifs: Mapping[str, Motif],
    heard: Mapping[str, Mapping[int, int]],
) -> Sequence[Wish]:
    """The notes that a stretch wishes for, with the climax among them if it lies there."""
    line = [
        wish
        for slot in stretch.slots
        for wish in motivic(stage, slot, motifs[slot.motif], heard[slot.motif])
        if wish.start < stretch.end
    ]
    return peaked(stage, line)


THIRD_TIME_PRICE = 6.0  # points a note for a bar that comes a third time running


def nearest(
    stage: Stage,
    automaton: Automaton,
    wanted: Sequence[Wish],
    before: Sequence[Note],
    noise: Noise,
    start: State | None = None,
) -> Song:
    """The best notes for the wishes; where a bar would come a third time running, the best without.

    The wishes fill the phrase, or a part of it that follows the state `start`; before: what was
    sung up to there. Raises NoMelody where nothing on their rhythm is legal.
    """
    prices = costs.pitch_costs(wanted, automaton.pitches, stage, noise)
    steps = costs.step_costs(wanted, automaton.pitches)
    rhythm = [(wish.ticks, True) for wish in wanted]
    part = start is not None
    song = sing(automaton, rhythm, prices, steps, start=start, part=part)
    for _ in stage.phrase.slots:
        stale = third_time(before, wanted[0].start, song.events, stage.metre)
        if not stale:
            break
        sung = [e.pitch for e in song.events if e.pitch is not None]
        for row, (wish, pitch) in enumerate(zip(wanted, sung, strict=True)):
            if wish.start in stale:
                prices[row, automaton.number[pitch]] += THIRD_TIME_PRICE
        song = sing(automaton, rhythm, prices, steps, start=start, part=part)
    return song
