"""What the plan asks of the learned singer: costs in nats over lengths and pitches.

The network knows how melodies go; the plan knows this one: where its slots and phrases end, which
motif comes back and how, where its one climax is. Each wish is a cost that the network's own
preferences are weighed against; nothing here forbids, so nothing here can lead into a dead end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from composer.music.melody.by_rules import (
    DISSONANCE_WEIGHT,
    FARTHEST,
    SPIKE,
    SPIKE_SIZE,
    below,
    climax_weight,
)
from composer.music.melody.conditioning import Return, misfit
from composer.music.melody.context import PhraseContext
from composer.music.melody.rhythm import cadential
from composer.music.melody.targets import (
    FINAL_WEIGHT,
    GOAL_WEIGHT,
    OCTAVE,
    PLACE_HOLD,
    TargetNote,
    motivic,
    peaked,
)
from composer.values import Motif, Slot
from composer.values.plan import LEAP
from neural.sample import Standing
from theory.melody import Automaton
from theory.noise import Noise

Floats = NDArray[np.float64]
# A semitone away from the contour for a beat, so that long notes follow it most; this near is free.
CONTOUR_WEIGHT, CONTOUR_ROOM = 0.14, 2.0
# The same where the contour is the picture's outline.
OUTLINE_WEIGHT, OUTLINE_ROOM = 1.0, 0.5
CLIMAX_SHARE = 1.6  # of what a semitone away from the climax costs the rules' singer
HOLD_SHARE = 1.1  # of what a letter's difference from a motif costs the rules' singer
# Moving by so many letters. Under the constraints the network skips by thirds and turns more often
# than people do in the same form, and repeats notes less often.
MOTION = np.array([0.1, 0.0, 0.4, 0.2, 0.4, 1.8, 2.2, 2.2])
SKIP, ZIGZAG = 2, 0.5  # a skip of so many letters or more, back from another such
AGAIN_TWICE = 1.0  # a note a third time running
HOVERING = 0.3  # for every time but two that a note comes in one statement
UNFIT_WEIGHT = 1.5  # a note that no chord of its motif's returns has
RHYTHM_HOLD = 6.0  # a length that is not the restated motif's
FREE_RHYTHM_HOLD = 1.5  # the same where a new ending leaves the motif's pitches
OUT = 20.0  # a rest where a motif or a cadence sounds, a note held over a motif's beginning
# A phrase's last note that is short, or begins off the beat. The first outweighs a climax that
# the only tonic in reach rivals: what is put off is still to be paid, in a worse place.
SHORT_GOAL, OFF_BEAT_GOAL = 20.0, 4.0
GOAL_PLACE = 2.5  # or elsewhere than a cadence drawn by rules has it
REST = 2.0  # a rest within a phrase
MOST_BEATS = 2.0  # of a note that the contour counts
# Where a motif comes back as it was, it may rival the climax for no more than this.
LITERAL, LITERAL_PEAK = ("state", "repeat"), 2.0
OVER_CLIMAX = 4.0  # a note held over where the climax begins
OFF_GRID = 30.0  # a triplet that is left open
# A note held across a beat that it does not begin on, and one across a barline: what each costs
# where none is wanted, and what it is worth where all are. Untold, the network sings squarely.
SYNCOPATION, TIE = (2.0, 1.2), (3.0, 7.0)
DENSITY_WEIGHT = 0.6  # a beat's distance, squared, from where the next note should begin
DISSONANCE_SHARE = 0.15  # of what the rules' singer pays for a note outside the chord
TRIPLET, SEMIQUAVER, QUARTER = 8, 6, 24


class Guidance:
    """The costs of one phrase; calling it gives them for every particle, (rows, lengths, pitches
    + 1), the rest last.

    motifs, heard: what has been stated before this phrase. stale: pitches' numbers by tick that
    would be a third time running. places: where each motif comes back.
    """

    def __init__(
        self,
        context: PhraseContext,
        automaton: Automaton,
        motifs: Mapping[str, Motif],
        heard: Mapping[str, Mapping[int, int]],
        stale: Mapping[int, int],
        noise: Noise,
        places: Mapping[str, Sequence[Return]],
    ) -> None:
        self.context, self.automaton, self.stale, self.places = context, automaton, stale, places
        self.phrase, self.metre = context.phrase, context.metre
        self.lengths = np.array(automaton.durations)
        self.midi = np.array([pitch.midi for pitch in automaton.pitches])
        self.letters = np.array([pitch.height for pitch in automaton.pitches])
        self.height = self.letters.astype(float)
        self.goal = context.goal
        closing = cadential(
            context.metre,
            self.goal - (self.phrase.end - context.metre.bar),
            context.density,
            noise,
            *context.place,
        )
        self.goal_begins = self.goal - closing[-1]
        self.first: list[Slot] = []  # slots that state their motif first
        line: list[TargetNote] = []
        for slot in self.phrase.slots:
            if slot.start >= context.motivic_end(slot):
                continue
            if slot.motif in motifs:
                line += motivic(context, slot, motifs[slot.motif], heard[slot.motif])
            elif all(slot.motif != other.motif for other in self.first):
                self.first.append(slot)
        self.line = peaked(context, line)
        self._at_returns: dict[int, Floats] = {}
        self._tables: dict[tuple[int, int, int | None], Floats] = {}

    def __call__(self, standing: Standing) -> Floats:
        rows = range(len(standing.ticks))
        return np.stack([self._row(standing, row) for row in rows])

    def _row(self, standing: Standing, row: int) -> Floats:
        tick, place = int(standing.ticks[row]), int(standing.places[row])
        count, at = int(standing.counts[row]), tick + self.phrase.start
        slot = next((slot for slot in self.phrase.slots if slot.start <= at < slot.end), None)
        due: int | None = None
        if slot in self.first and at < self.context.motivic_end(slot):
            inside = standing.onsets[row, :count] + self.phrase.start >= slot.start
            notes = inside & (standing.pitches[row, :count] < self.automaton.count)
            due = slot.start + round(
                (int(notes.sum()) + 1) * self.metre.beat / self.context.density
            )
        key = (tick, place, due)
        if key not in self._tables:
            self._tables[key] = self._table(at, place, due, self.line)
        found = self._tables[key]
        if count > 1:
            found = found + self._spike(standing, row)
        if due is not None:
            if count > 1:
                found = found + self._zigzag(standing.pitches[row, count - 2 : count])
            often = np.bincount(standing.pitches[row, :count][inside], minlength=found.shape[1])
            often[-1] = 0  # rests
            found = found + HOVERING * np.maximum(0, often - 1)
            if count > 1 and standing.pitches[row, count - 1] == standing.pitches[row, count - 2]:
                found[:, standing.pitches[row, count - 1]] += AGAIN_TWICE
        return found

    def _spike(self, standing: Standing, row: int) -> Floats:
        """What it costs to fall from a short note as far as it was leapt up to, (pitches + 1,)."""
        found = np.zeros(self.automaton.count + 1)
        count = int(standing.counts[row])
        last = standing.pitches[row, count - 2 : count]
        short = self.lengths[standing.durations[row, count - 1]] <= QUARTER
        if short and (last < self.automaton.count).all():
            low, top = self.midi[last[0]], self.midi[last[1]]
            if top - low >= SPIKE_SIZE:
                found[:-1] = SPIKE * (self.midi <= top - SPIKE_SIZE)
        return found

    def _zigzag(self, last: NDArray[np.int64]) -> Floats:
        """What it costs to skip back after a skip, (pitches + 1,); last: numbers of two pitches."""
        found = np.zeros(self.automaton.count + 1)
        if (last < self.automaton.count).all():
            came = self.height[last[1]] - self.height[last[0]]
            moves = self.height - self.height[last[1]]
            back = (moves * came < 0) & (np.abs(moves) >= SKIP) & (abs(came) >= SKIP)
            found[:-1] = ZIGZAG * back
        return found

    def _table(self, at: int, place: int, due: int | None, line: Sequence[TargetNote]) -> Floats:
        """The costs of everything that may begin at a tick of the piece: (lengths, pitches + 1).

        due: where the note after it should begin, by the wished density.
        """
        target = next((target for target in line if target.start == at), None)
        found = np.empty((len(self.lengths), self.automaton.count + 1))
        found[:, -1] = self._rests(at, line)
        found[:, :-1] = self._times(at, due, line)[:, None] + self._pitches(at, place, target)
        heights = self._contour(at, 1.0 if target is None else target.weight)
        found[:, :-1] += heights
        ends = self.automaton.ends[:-1]
        if target is None and ends.any():
            # The last note is where the frame has it, high or low: what the best place for it costs
            # is no reason to put it off.
            best = (heights + self._under(at))[:, ends].min(axis=1)
            found[:, :-1] -= np.where(at + self.lengths == self.goal, best, 0.0)[:, None]
        peak = self._peak(line)
        if peak is not None and self.phrase.surprise == LEAP and self.context.peak is not None:
            before = at + self.lengths == peak
            below = np.abs(self.height - (self.context.peak.pitch.height - OCTAVE))
            found[before, :-1] += PLACE_HOLD * np.minimum(below, FARTHEST)
        return found

    def _unfitting(self, at: int) -> Floats:
        """What it costs the pitches of a new motif that its returns cannot bear them."""
        if at not in self._at_returns:
            slots = (s for s in self.first if s.start <= at < self.context.motivic_end(s))
            unfitting = [misfit(self.places[s.motif], at, self.letters, self.metre) for s in slots]
            self._at_returns[at] = UNFIT_WEIGHT * sum(unfitting, np.zeros(len(self.letters)))
        return self._at_returns[at]

    def _under(self, at: int) -> Floats:
        """What it costs the pitches at a tick to rival the climax."""
        peak = self.context.peak
        if peak is None or at == peak.tick:
            return np.zeros(len(self.midi))
        return below(self.midi, peak) + np.zeros(len(self.midi))

    def _contour(self, at: int, weight: float) -> Floats:
        """What it costs to be away from the contour, (lengths, pitches)."""
        weights = np.full(len(self.lengths), weight)
        weights[at + self.lengths == self.goal] = (
            FINAL_WEIGHT if self.context.final else GOAL_WEIGHT
        )
        beats = np.minimum(self.lengths / self.metre.beat, MOST_BEATS)
        follow, room = (
            (OUTLINE_WEIGHT, OUTLINE_ROOM)
            if self.context.outlined
            else (CONTOUR_WEIGHT, CONTOUR_ROOM)
        )
        away = np.maximum(0.0, np.abs(self.midi - self.context.wished(at)) - room)
        return np.asarray(follow * (weights * beats)[:, None] * away)

    def _times(self, at: int, due: int | None, line: Sequence[TargetNote]) -> Floats:
        """The costs of a note's lengths at a tick."""
        end, beat, bar = at + self.lengths, self.metre.beat, self.metre.bar
        found = np.zeros(len(end))
        next_beat, next_bar = (at // beat + 1) * beat, (at // bar + 1) * bar
        held = _held(at, line)
        if held is not None:
            until, hold = held
            found += np.where(end == until, 0.0, hold)
        else:
            wanted = self.context.syncopation
            found += _price(SYNCOPATION, wanted) * ((at % beat != 0) & (end > next_beat))
            found += _price(TIE, wanted) * (end > next_bar)
            if due is not None:
                found += DENSITY_WEIGHT * ((end - due) / beat) ** 2
            peak = self._peak(line)
            if peak is not None:
                found += OVER_CLIMAX * ((at < peak) & (peak < end))
            for tick in (self.phrase.start, *(slot.start for slot in self.first)):
                early = (1 - wanted) ** 2 if tick - at <= self.metre.pulse else 1.0
                found += OUT * early * ((at < tick) & (tick < end))
        found += OFF_GRID * self._open_triplet(at, end)
        if self.phrase.cadence != "open":
            # What begins the last note too late is a wish unheeded then, not only when it ends.
            begins = self.phrase.end - bar
            latest = begins + (self.goal - begins) // 2
            found += SHORT_GOAL * ((end > latest) & (end < self.goal) & (at <= latest))
            found += OFF_BEAT_GOAL * ((end == self.goal) & (at % beat != 0))
            elsewhere = (end == self.goal) & (at != self.goal_begins)
            found += GOAL_PLACE * (elsewhere | ((at < self.goal_begins) & (self.goal_begins < end)))
        return found

    def _open_triplet(self, at: int, end: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Is a length one that leaves the triplets of a beat, or the semiquavers, for the other?"""
        begun = at % QUARTER % SEMIQUAVER != 0
        ends = end % QUARTER % SEMIQUAVER != 0
        short = self.lengths <= 2 * TRIPLET
        if self.metre.compound:
            return np.asarray(ends)
        within = (end - 1) // QUARTER == at // QUARTER
        whole = within & short & (self.lengths % TRIPLET == 0)
        begins = at % QUARTER == 0
        return np.asarray(np.where(begun, ~whole, ends & ~(whole & begins)))

    def _rests(self, at: int, line: Sequence[TargetNote]) -> Floats:
        """The costs of a rest's lengths at a tick."""
        end = at + self.lengths
        found = REST + OFF_GRID * self._open_triplet(at, end)
        closing = at >= self.phrase.end - self.metre.bar and self.phrase.cadence != "open"
        stating = any(slot.start == at for slot in self.phrase.slots)
        if closing or stating or at < self.phrase.start:
            found += OUT
        for slot in self.first:
            found += OUT * ((at < slot.start) & (slot.start < end))
        return np.asarray(found + (OUT if _held(at, line) else 0.0), np.float64)

    def _pitches(self, at: int, place: int, target: TargetNote | None) -> Floats:
        """The costs of the pitches at a tick, after the one numbered `place`."""
        context, peak = self.context, self.context.peak
        found = np.zeros(len(self.midi))
        peaks = target.peaks if target is not None else peak is not None and at == peak.tick
        if peak is not None and peaks:
            found += CLIMAX_SHARE * climax_weight(peak) * np.abs(peak.pitch.midi - self.midi)
        else:
            under = self._under(at)
            literal = target is not None and target.slot.action in LITERAL
            found += np.minimum(under, LITERAL_PEAK) if literal else under
        span = next((s for s in context.spans if at < s.end), context.spans[-1])
        foreign = [pitch.note not in span.chord.tones for pitch in self.automaton.pitches]
        weight = DISSONANCE_WEIGHT[self.metre.strength(at)]
        found += DISSONANCE_SHARE * weight * (1.5 - 1.4 * context.dissonance) * np.array(foreign)
        if at in self.stale:
            found[self.stale[at]] += OUT
        if target is None:
            found += self._unfitting(at)
            if place < self.automaton.count:
                size = np.abs(self.height - self.height[place]).astype(int)
                found += MOTION[np.minimum(size, len(MOTION) - 1)]
            return found
        if target.height is not None:
            away = np.abs(self.height - target.height)
            found += HOLD_SHARE * PLACE_HOLD * np.minimum(away, FARTHEST)
        if target.step is not None and place < self.automaton.count:
            moves = self.height - self.height[place]
            astray = np.minimum(np.abs(moves - target.step), FARTHEST)
            found += HOLD_SHARE * target.hold * astray
        return found

    def _peak(self, line: Sequence[TargetNote]) -> int | None:
        """When the climax begins, where this phrase has it."""
        peak = self.context.peak
        if peak is None or not self.phrase.start <= peak.tick < self.phrase.end:
            return None
        return next((target.start for target in line if target.peaks), peak.tick)


def _price(bounds: tuple[float, float], wanted: float) -> float:
    """A cost that falls fast as more is wanted, 0 to 1, and is a gain at the end."""
    cost, gain = bounds
    return cost * (1 - wanted) ** 2 - gain * wanted


def _held(at: int, line: Sequence[TargetNote]) -> tuple[int, float] | None:
    """Where a note that begins at a tick ends by the targets, and what it costs not to."""
    for target in line:
        if target.start <= at < target.start + target.ticks:
            free = target.step is None and target.height is None
            return target.start + target.ticks, FREE_RHYTHM_HOLD if free else RHYTHM_HOLD
    return None
