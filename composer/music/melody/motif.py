"""Motifs: drawn on a rhythm, for the harmony of every place where they are to be sung."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from composer.music.melody.context import context_of, owner
from composer.music.melody.rhythm import RhythmWanted, draw
from composer.values import ChordSpan, Harmony, Motif, Plan
from theory.metre import Metre
from theory.noise import Noise

OUTSIDE_PRICE = 1.5  # for each letter that a line leaves the compass
STRONG, LONG, WEAK = 1.0, 0.6, 0.12  # how much it matters that a note is in its chord


@dataclass(frozen=True, slots=True, eq=False)
class HarmonicFit:
    """The chords under a line's notes, and which way up the line is sung there.

    `fits` has shape (notes, 7): is the letter in the chord under the note? `weight` (notes,) is
    how much it matters that it is. `sign` is −1 where the line is turned upside down; `compass` is
    what it should keep to, in letters above C0.
    """

    fits: NDArray[np.bool_]
    weight: NDArray[np.float64]
    sign: int
    compass: tuple[float, float]

    def misfit(self, steps: NDArray[np.int64]) -> NDArray[np.float64]:
        """What singing the steps (lines, notes) costs from each first letter: (lines, 7).

        The lines may be longer than the place.
        """
        count = min(len(self.weight), steps.shape[1])
        first = np.arange(7)[None, :, None]
        letters = (first + self.sign * steps[:, None, :count]) % 7
        fits = self.fits[np.arange(count)[None, None, :], letters]
        found: NDArray[np.float64] = (~fits * self.weight[:count]).sum(axis=2)
        return found

    def cost(self, steps: NDArray[np.int64]) -> NDArray[np.float64]:
        """What singing the steps (lines, notes) costs at the best height within the compass."""
        low, high = self.compass
        misfit = self.misfit(steps)
        lines = self.sign * steps[:, : len(self.weight)]
        heights = np.arange(round(low), round(high) + 1)
        over = heights[None, :] + lines.max(axis=1)[:, None] - high
        under = low - heights[None, :] - lines.min(axis=1)[:, None]
        found: NDArray[np.float64] = misfit[:, heights % 7] + OUTSIDE_PRICE * (
            np.maximum(0, over) + np.maximum(0, under)
        )
        best: NDArray[np.float64] = found.min(axis=1)
        return best

    def best(self, steps: Sequence[int], prices: Mapping[int, float]) -> int:
        """The first height (letters above C0) of least misfit and price; ties to the first."""
        misfit = self.misfit(np.array([steps], np.int64))[0]
        return min(prices, key=lambda height: float(misfit[height % 7]) + prices[height])


def harmonic_fit(
    rhythm: Sequence[int],
    start: int,
    end: int,
    spans: Sequence[ChordSpan],
    metre: Metre,
    compass: tuple[float, float],
    sign: int = 1,
) -> HarmonicFit:
    """How the chords bear those notes of a rhythm from `start` that begin before `end`."""
    onsets = [tick for tick in accumulate(rhythm[:-1], initial=start) if tick < end]
    changes = {span.start for span in spans}
    fits = np.zeros((len(onsets), 7), np.bool_)
    weight = np.empty(len(onsets))
    for number, tick in enumerate(onsets):
        span = owner(spans, tick, rhythm[number])
        fits[number, [tone.step for tone in span.chord.tones]] = True
        strong = metre.strength(tick) >= 3 or tick in changes or tick < span.start
        weight[number] = STRONG if strong else LONG if rhythm[number] >= metre.beat else WEAK
    return HarmonicFit(fits, weight, sign, compass)


CANDIDATES = 160
# How often tunes move by so many letters (unison, step, third, fourth, fifth).
MOVES = np.array([0, 1, -1, 2, -2, 3, -3, 4, -4])
WEIGHTS = np.array([0.8, 5.0, 5.0, 2.4, 2.4, 1.0, 1.0, 0.6, 0.6])
NARROWEST, WIDEST = 4, 7  # letters between the lowest and the highest note of a motif
LEAP = 3  # letters: a fourth or more is a leap
QUICK = 8  # ticks: notes no longer than this run by step, and on in one direction

# How closely a motif keeps to the shape that is wished, and to the picture's outline.
FOLLOW_WEIGHT, OUTLINE_WEIGHT = 0.25, 2.4
MARK_WEIGHT = 1.6
STATIC_WEIGHT = 0.8
TURN_WEIGHT = 0.8
HOVER_WEIGHT = 0.7
NARROW_WEIGHT = 0.8
FIT_WEIGHT = 2.2


def make_motif(
    name: str,
    rhythm: tuple[int, ...],
    shape: Sequence[float],
    places: Sequence[HarmonicFit],
    widest: int,
    follow: float,
    noise: Noise,
    *place: object,
) -> Motif:
    """Draw a motif on a rhythm, not wider than `widest` letters.

    shape: the wished contour over its bars, in semitones, evenly sampled.
    follow: how closely it is kept to.
    places: where it is sung, its first statement before the others.
    """
    wished = _wished(rhythm, shape)
    steps = _drawn(
        rhythm, wished, min(WIDEST, max(NARROWEST, widest)), follow, noise, (name, *place)
    )
    cost = _cost(steps, wished, follow)
    for number, where in enumerate(places):
        share = 0.5 if number == 0 else 0.5 / max(1, len(places) - 1)
        cost += FIT_WEIGHT * share * where.cost(steps)
    best = steps[int(cost.argmin())]
    return Motif(name, tuple(rhythm), tuple(int(step) for step in best))


def _wished(rhythm: Sequence[int], shape: Sequence[float]) -> NDArray[np.float64]:
    """The shape at each note, in letters from the first."""
    total = sum(rhythm)
    onsets = np.array([0, *accumulate(rhythm)][:-1])
    values = np.array(shape)[np.minimum(len(shape) - 1, onsets * len(shape) // total)]
    wished: NDArray[np.float64] = (values - values[0]) * 7 / 12
    return wished


def _drawn(
    rhythm: Sequence[int],
    wished: NDArray[np.float64],
    widest: int,
    follow: float,
    noise: Noise,
    place: tuple[object, ...],
) -> NDArray[np.int64]:
    """Candidates, note by note: shape (candidates, notes)."""
    steps = np.zeros((CANDIDATES, len(rhythm)), np.int64)
    last = np.zeros(CANDIDATES, np.int64)
    low, high = last.copy(), last.copy()
    for index in range(1, len(rhythm)):
        now = steps[:, index - 1, None] + MOVES[None, :]
        distance = np.abs(now - wished[index])
        scores = np.log(WEIGHTS) - np.log(1.0 + follow * distance**2)
        if rhythm[index - 1] <= QUICK:
            scores -= np.maximum(0, np.abs(MOVES) - 1) * 1.2 + 2.0 * (MOVES == 0)
            scores += 0.9 * (MOVES[None, :] * last[:, None] > 0)
        # A leap is followed by a turn or by rest.
        leapt = np.abs(last) >= LEAP
        onward = (np.abs(MOVES) >= LEAP)[None, :] | (MOVES[None, :] * last[:, None] > 0)
        wide = np.maximum(high[:, None], now) - np.minimum(low[:, None], now) > widest
        scores[(leapt[:, None] & onward) | wide] = -np.inf
        noises = noise.gumbels(scores.size, "step", *place, index).reshape(scores.shape)
        last = MOVES[(scores + noises).argmax(axis=1)]
        steps[:, index] = steps[:, index - 1] + last
        low, high = np.minimum(low, steps[:, index]), np.maximum(high, steps[:, index])
    return steps


def _cost(
    steps: NDArray[np.int64], wished: NDArray[np.float64], follow: float
) -> NDArray[np.float64]:
    count = steps.shape[1]
    moves = np.diff(steps, axis=1)
    cost: NDArray[np.float64]
    cost = follow * np.abs(steps - wished).mean(axis=1)
    # One leap is a short motif's mark, two a long one's.
    leaps = (np.abs(moves) >= 2).sum(axis=1)
    cost += MARK_WEIGHT * (np.abs(leaps - 1) if count < 7 else np.abs(leaps - 2) / 2)
    cost += STATIC_WEIGHT * np.maximum(0, (moves == 0).sum(axis=1) - count // 8)
    # A line that turns at every note wanders; one that never turns is a scale.
    # Nor does it hover about one note, or in too small a compass.
    letters = steps[:, :, None] == steps[:, None, :]
    cost += HOVER_WEIGHT * np.maximum(0.0, letters.sum(axis=2).max(axis=1) - 1 - count / 4)
    cost += NARROW_WEIGHT * np.maximum(0, min(4, count - 1) - np.ptp(steps, axis=1))
    turns = (moves[:, 1:] * moves[:, :-1] < 0).sum(axis=1)
    cost += TURN_WEIGHT * np.abs(turns - max(1, count // 4))
    return cost


# Letters b's rhythm is busier or calmer than a's, so that they are told apart.
CONTRASTING_DENSITY = 0.75


def drawn_motifs(plan: Plan, harmony: Harmony, noise: Noise) -> Mapping[str, Motif]:
    """A motif for every name in the plan, as long as its first slot."""
    made: dict[str, Motif] = {}
    for index, phrase in enumerate(plan.phrases):
        for slot in phrase.slots:
            if slot.motif in made or slot.start >= phrase.motivic_end(slot, plan.metre):
                continue
            context = context_of(plan, harmony, index, None)
            contrast = CONTRASTING_DENSITY if len(made) % 2 else 1.0
            drawn = draw(
                RhythmWanted(
                    metre=plan.metre,
                    bars=(slot.end - slot.start) // plan.metre.bar,
                    density=max(0.5, context.density * contrast),
                    syncopated=plan.melody.syncopation,
                ),
                noise,
                "rhythm",
                slot.motif,
            )
            first = (slot.start - phrase.start) // plan.metre.beat
            last = (slot.end - phrase.start) // plan.metre.beat
            made[slot.motif] = make_motif(
                slot.motif,
                drawn,
                phrase.contour[first:last],
                _fits(plan, harmony, slot.motif, drawn),
                round(plan.melody.range * 7 / 12) - 2,
                OUTLINE_WEIGHT if _outlined(plan, slot.motif) else FOLLOW_WEIGHT,
                noise,
                "motif",
            )
    return made


def _outlined(plan: Plan, motif: str) -> bool:
    """Is a motif sung where the tune follows the picture's outline?"""
    return any(
        slot.motif == motif and plan.section_at(phrase.start).outlined
        for phrase in plan.phrases
        for slot in phrase.slots
    )


def _fits(plan: Plan, harmony: Harmony, motif: str, drawn: Sequence[int]) -> list[HarmonicFit]:
    """The chords of every place where the whole motif is sung, its first statement first."""
    found = []
    for index, phrase in enumerate(plan.phrases):
        for slot in phrase.slots:
            if slot.motif == motif and slot.action not in ("fragment", "cadence"):
                context = context_of(plan, harmony, index, None)
                end = context.motivic_end(slot)
                if end <= slot.start:
                    continue  # the cadence has all of it
                sign = -1 if slot.action == "invert" else 1
                found.append(
                    harmonic_fit(
                        drawn, slot.start, end, context.spans, plan.metre, context.letters, sign
                    )
                )
    return found
