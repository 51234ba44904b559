"""The melody sung by rules, and what comes back in any melody: least cost over the automaton.

What the singer wishes for is written as costs: contour, motif, taste and noise; the exact singer
finds the notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from composer.music.melody import SungEvent, SungPhrase, SungSoFar, trace_of
from composer.music.melody.context import WIDE, Peak, PhraseContext, owner
from composer.music.melody.motif import drawn_motifs
from composer.music.melody.targets import (
    HOLD,
    PLACE_HOLD,
    TargetNote,
    first_sung,
    free_from,
    model,
    motivic,
    peaked,
    phrase_targets,
)
from composer.values import Harmony, Motif, Note, Plan, Slot, Weighed
from composer.values.plan import LEAP
from theory.melody import Automaton, BestMelody, Event, State, best_melody
from theory.melody.context import palette
from theory.metre import Metre
from theory.noise import Noise
from theory.pitch import Pitch

CONTOUR_WEIGHT = 0.16  # points a semitone away from the wished contour
OUTLINE_WEIGHT = 4.0  # the same where that is the picture's outline
# At the period's climax: points a semitone away from its peak. Elsewhere: points for reaching the
# peak, for each semitone above it, and for coming within a tone of it.
CLIMAX_WEIGHT, AT_PEAK, OVER_PEAK, NEAR_PEAK = 2.5, 9.0, 2.0, 0.5
SUMMIT = 8.0  # how much more than another the piece's highest note is wished for
NOISE_WEIGHT = 0.35
# Points for a note outside the chord, by the strength of its place; dissonance lowers them.
DISSONANCE_WEIGHT = (0.3, 0.6, 1.2, 2.4, 2.4)
# Points for a chromatic note that leads to the next: with it one note in fifty is one, where in
# lead sheets one in thirty is.
CHROMATIC_WEIGHT = 1.2
# Points for moving so many letters: tunes step most, and repeat and skip at times.
MOTION = np.array([0.9, 0.0, 0.5, 1.3, 1.8, 7.0, 8.0, 8.0])
HELD_MOTION = 0.3  # how much of that counts where a motif says how to move
# Points for a note beside a short peak, or after any, that lies so many semitones below it.
SPIKE, SPIKE_SIZE, SHORT = 20.0, 7, 24
FARTHEST = 4  # letters from what is wished beyond which it costs no more
UNMOVED = 16.0  # points for a sequence that begins where its statement began
QUICK = 8  # ticks: from a note no longer than this the line steps on
QUICK_WEIGHT = 0.5  # points a letter beyond a step from a quick note
MIDI = 128

Floats = NDArray[np.float64]


def pitch_costs(
    targets: Sequence[TargetNote], pitches: Sequence[Pitch], context: PhraseContext, noise: Noise
) -> Floats:
    """Costs (notes, pitches) of singing each pitch at each sounding note."""
    phrase, metre, peak = context.phrase, context.metre, context.peak
    midi = np.array([pitch.midi for pitch in pitches])
    height = np.array([pitch.height for pitch in pitches], float)
    foreign = {
        span.start: np.array([pitch.note not in span.chord.tones for pitch in pitches])
        for span in context.spans
    }
    chromatic = {
        span.start: np.array([pitch.note not in notes for pitch in pitches])
        for span in context.spans
        for notes in [palette(span.chord, context.key, context.scale).every]
    }
    under = below(midi, peak)
    costs = np.zeros((len(targets), len(pitches)))
    for row, target in enumerate(targets):
        beat = (target.start - phrase.start) // metre.beat
        beat = min(max(0, beat), len(phrase.contour) - 1)
        follow = OUTLINE_WEIGHT if context.outlined else CONTOUR_WEIGHT
        cost = follow * target.weight * np.abs(midi - phrase.contour[beat])
        if peak is not None and target.peaks:
            cost += climax_weight(peak) * np.abs(peak.pitch.midi - midi)
        else:
            cost += under
        if target.height is not None:
            cost += PLACE_HOLD * np.minimum(np.abs(height - target.height), FARTHEST)
        if target.elsewhere is not None:
            cost += UNMOVED * (height == target.elsewhere)
        span = owner(context.spans, target.start, target.ticks)
        weight = DISSONANCE_WEIGHT[metre.strength(target.start)]
        cost += (
            foreign[span.start] * weight * (0.0 if target.leans else 1.5 - 1.4 * context.dissonance)
        )
        cost += CHROMATIC_WEIGHT * chromatic[span.start]
        cost += NOISE_WEIGHT * noise.gumbels(MIDI, "melody", target.slot.name, target.start)[midi]
        before = targets[row - 1] if row else None
        beside = [t for t in targets[max(0, row - 1) : row + 2] if t is not target]
        falls = before is not None and before.peaks
        if peak is not None and (falls or any(_alone(t, context) for t in beside)):
            cost += SPIKE * (midi <= peak.pitch.midi - SPIKE_SIZE)
        costs[row] = cost
    return costs


def _alone(target: TargetNote, context: PhraseContext) -> bool:
    """Would a note that peaks be a spike, if it were leapt up to? Not where the leap is planned."""
    return target.peaks and target.ticks <= SHORT and context.phrase.surprise != LEAP


def climax_weight(peak: Peak) -> float:
    """Points a semitone away from a period's peak, where it is to be."""
    return CLIMAX_WEIGHT * SUMMIT if peak.summit else CLIMAX_WEIGHT


def below(midi: NDArray[np.int64], peak: Peak | None) -> Floats | float:
    """What notes elsewhere pay for rivalling the peak, for MIDI numbers."""
    if peak is None:
        return 0.0
    over = midi - peak.pitch.midi
    cost: Floats = np.where(over >= 0, AT_PEAK + OVER_PEAK * over, NEAR_PEAK * (over >= -2))
    return cost * (SUMMIT if peak.summit else 1.0)


def step_costs(targets: Sequence[TargetNote], pitches: Sequence[Pitch]) -> Floats:
    """Costs (notes, pitches before, pitches) of the motion into each note."""
    height = np.array([pitch.height for pitch in pitches])
    moves = height[None, :] - height[:, None]
    size = np.abs(moves)
    taste = MOTION[np.minimum(size, len(MOTION) - 1)]
    quick = taste + QUICK_WEIGHT * np.maximum(0, size - 1) + QUICK_WEIGHT * (size == 0)
    costs = np.empty((len(targets), len(pitches), len(pitches)))
    held: dict[int, Floats] = {}
    before = None
    for row, target in enumerate(targets):
        fast = before is not None and before.ticks <= QUICK
        liked = quick if fast else taste
        if target.step is None or not target.hold:
            costs[row] = liked
        else:
            if target.step not in held:
                held[target.step] = np.minimum(np.abs(moves - target.step), FARTHEST).astype(float)
            # A sixth or more belongs to the leap of register.
            liked = liked if abs(target.step) < WIDE else HELD_MOTION * liked
            costs[row] = np.where(size < WIDE, HELD_MOTION * liked, liked)
            costs[row] += target.hold * held[target.step]
        before = target
    return costs


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


def spiked(before: Sequence[Note], start: int, events: Sequence[Event]) -> frozenset[int]:
    """The onsets of short notes that are leapt up to and left by as much downward; of one that was
    sung before, where it is left."""
    line = [(note.start, note.ticks, note.pitch) for note in before[-2:]]
    tick = start
    for event in events:
        line += [(tick, event.ticks, event.pitch)] if event.pitch is not None else []
        tick += event.ticks
    found = set()
    for (_, _, low), (at, ticks, top), (left, _, last) in zip(
        line, line[1:], line[2:], strict=False
    ):
        if low is None or top is None or last is None:
            continue
        if ticks <= SHORT and top.midi - max(low.midi, last.midi) >= SPIKE_SIZE:
            found.add(at if at >= start else left)
    return frozenset(found)


def unwanted(
    before: Sequence[Note], start: int, events: Sequence[Event], metre: Metre
) -> frozenset[int]:
    """The onsets of notes that are to be sung again otherwise: those of a bar that comes a third
    time running, and lone high ones."""
    return third_time(before, start, events, metre) | spiked(before, start, events)


@dataclass(frozen=True, slots=True)
class Restatement:
    """Slots that follow each other and restate what is known by then, `start` to `end` in ticks of
    the piece: up to the cadence, or to where a new ending leaves its motif."""

    start: int
    end: int
    slots: tuple[Slot, ...]


def restatements(context: PhraseContext, known: Mapping[str, Motif]) -> tuple[Restatement, ...]:
    """A phrase's restatements, in order. known: the motifs that were sung before the phrase."""
    found: list[Restatement] = []
    stated = set(known)
    for slot in context.phrase.slots:
        end = free_from(context, slot)
        if slot.motif in stated and HOLD[slot.action] and slot.start < end:
            last = found[-1] if found else None
            if last is not None and last.end == slot.start and slot.motif in known:
                found[-1] = Restatement(last.start, end, (*last.slots, slot))
            else:
                found.append(Restatement(slot.start, end, (slot,)))
        stated.add(slot.motif)
    return tuple(found)


def restated_targets(
    context: PhraseContext,
    restated: Restatement,
    motifs: Mapping[str, Motif],
    heard: Mapping[str, Mapping[int, int]],
) -> Sequence[TargetNote]:
    """The notes that a restatement asks for, with the climax among them if it lies there."""
    line = [
        target
        for slot in restated.slots
        for target in motivic(context, slot, motifs[slot.motif], heard[slot.motif])
        if target.start < restated.end
    ]
    return peaked(context, line)


UNWANTED_PRICE = 6.0  # points a note for what is to be sung otherwise


def nearest(
    context: PhraseContext,
    automaton: Automaton,
    wanted: Sequence[TargetNote],
    before: Sequence[Note],
    noise: Noise,
    start: State | None = None,
) -> BestMelody:
    """The best notes for the targets; if a bar would come a third time running, or a note stand
    alone high above its neighbours, the best without.

    They fill the phrase, or a part of it that follows the state `start`; before: what was
    sung up to there. Raises NoMelody where nothing on their rhythm is legal.
    """
    prices = pitch_costs(wanted, automaton.pitches, context, noise)
    steps = step_costs(wanted, automaton.pitches)
    rhythm = [(target.ticks, True) for target in wanted]
    part = start is not None
    best = best_melody(automaton, rhythm, prices, steps, start=start, part=part)
    for _ in context.phrase.slots:
        stale = unwanted(before, wanted[0].start, best.events, context.metre)
        if not stale:
            break
        sung = [e.pitch for e in best.events if e.pitch is not None]
        for row, (target, pitch) in enumerate(zip(wanted, sung, strict=True)):
            if target.start in stale:
                prices[row, automaton.number[pitch]] += UNWANTED_PRICE
        best = best_melody(automaton, rhythm, prices, steps, start=start, part=part)
    return best


class RulesSinger:
    """Sings with weights written by hand, and no network."""

    # What a melody's notes may last, in ticks, where no rhythm is given: semiquaver to semibreve.
    durations: tuple[int, ...] = (6, 8, 12, 18, 24, 36, 48, 72, 96)
    content, tries = 0.0, 3

    def __init__(self, plan: Plan, harmony: Harmony, noise: Noise) -> None:
        self.plan, self.harmony, self.noise = plan, harmony, noise

    def motifs(self) -> Mapping[str, Motif]:
        return drawn_motifs(self.plan, self.harmony, self.noise)

    def sing(self, context: PhraseContext, automaton: Automaton, sung: SungSoFar) -> SungPhrase:
        wanted = phrase_targets(context, sung.motifs, sung.heard, self.noise)
        best = nearest(context, automaton, wanted, sung.notes, self.noise)
        sounded = []
        for target, note in zip(wanted, best.notes, strict=True):
            weighed = Weighed(note.costs, note.runner_up, note.margin)
            trace = trace_of(context, automaton, note.before, note.event, weighed)
            sounded.append(SungEvent(note.event, target.slot, bool(target.hold), trace))
        return SungPhrase(tuple(sounded), best.end)

    def stated(
        self, context: PhraseContext, slot: Slot, motif: Motif | None, notes: Sequence[Note]
    ) -> Motif:
        """The motif that was drawn, with the steps that its statement sang."""
        assert motif is not None
        heights = list(model(motif, first_sung(slot, notes)).values())
        return replace(motif, steps=tuple(height - heights[0] for height in heights))
