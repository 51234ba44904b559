"""What the singer wishes for, as costs over the automaton: contour, motif, taste and noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from composer.music.melody.slots import PLACE_HOLD, Stage, Wish
from theory.melody.ground import palette
from theory.noise import Noise
from theory.pitch import Pitch

CONTOUR_WEIGHT = 0.16  # points a semitone away from the wished contour
# At the period's climax: points a semitone away from its peak. Elsewhere: points for reaching the
# peak, for each semitone above it, and for coming within a tone of it.
CLIMAX_WEIGHT, AT_PEAK, OVER_PEAK, NEAR_PEAK = 2.5, 9.0, 2.0, 0.5
NOISE_WEIGHT = 0.35
# Points for a note outside the chord, by the strength of its place; dissonance lowers them.
DISSONANCE_WEIGHT = (0.3, 0.6, 1.2, 2.4, 2.4)
# Points for a chromatic note that leads to the next: with it one note in fifty is one, where in
# lead sheets one in thirty is.
CHROMATIC_WEIGHT = 1.2
# Points for moving so many letters: tunes step most, and repeat and skip at times.
MOTION = np.array([0.9, 0.0, 0.5, 1.3, 1.8, 7.0, 8.0, 8.0])
HELD_MOTION = 0.3  # how much of that counts where a motif says how to move
FARTHEST = 4  # letters from a wish beyond which it costs no more
WIDE = 5  # letters: a sixth
QUICK = 8  # ticks: from a note no longer than this the line steps on
QUICK_WEIGHT = 0.5  # points a letter beyond a step from a quick note
MIDI = 128

Floats = NDArray[np.float64]


def pitch_costs(
    wishes: Sequence[Wish], pitches: Sequence[Pitch], stage: Stage, noise: Noise
) -> Floats:
    """Costs (notes, pitches) of singing each pitch at each sounding note."""
    phrase, metre, peak = stage.phrase, stage.metre, stage.peak
    midi = np.array([pitch.midi for pitch in pitches])
    height = np.array([pitch.height for pitch in pitches], float)
    foreign = {
        span.start: np.array([pitch.note not in span.chord.tones for pitch in pitches])
        for span in stage.spans
    }
    chromatic = {
        span.start: np.array([pitch.note not in notes for pitch in pitches])
        for span in stage.spans
        for notes in [palette(span.chord, stage.key, stage.scale).every]
    }
    under = below(midi, peak.pitch if peak else None)
    costs = np.zeros((len(wishes), len(pitches)))
    for row, wish in enumerate(wishes):
        beat = (wish.start - phrase.start) // metre.beat
        beat = min(max(0, beat), len(phrase.contour) - 1)
        cost = CONTOUR_WEIGHT * wish.pull * np.abs(midi - phrase.contour[beat])
        if peak is not None and wish.peaks:
            cost += CLIMAX_WEIGHT * np.abs(peak.pitch.midi - midi)
        else:
            cost += under
        if wish.height is not None:
            cost += PLACE_HOLD * np.minimum(np.abs(height - wish.height), FARTHEST)
        span = next(s for s in stage.spans if wish.start < s.end)
        weight = DISSONANCE_WEIGHT[metre.strength(wish.start)]
        cost += foreign[span.start] * weight * (0.0 if wish.leans else 1.5 - 1.4 * stage.dissonance)
        cost += CHROMATIC_WEIGHT * chromatic[span.start]
        cost += NOISE_WEIGHT * noise.gumbels(MIDI, "melody", wish.slot.name, wish.start)[midi]
        costs[row] = cost
    return costs


def below(midi: NDArray[np.int64], peak: Pitch | None) -> Floats | float:
    """What notes elsewhere pay for rivalling the peak, for MIDI numbers."""
    if peak is None:
        return 0.0
    over = midi - peak.midi
    cost: Floats = np.where(over >= 0, AT_PEAK + OVER_PEAK * over, NEAR_PEAK * (over >= -2))
    return cost


def step_costs(wishes: Sequence[Wish], pitches: Sequence[Pitch]) -> Floats:
    """Costs (notes, pitches before, pitches) of the motion into each note."""
    height = np.array([pitch.height for pitch in pitches])
    moves = height[None, :] - height[:, None]
    size = np.abs(moves)
    taste = MOTION[np.minimum(size, len(MOTION) - 1)]
    quick = taste + QUICK_WEIGHT * np.maximum(0, size - 1) + QUICK_WEIGHT * (size == 0)
    costs = np.empty((len(wishes), len(pitches), len(pitches)))
    held: dict[int, Floats] = {}
    before = None
    for row, wish in enumerate(wishes):
        fast = before is not None and before.ticks <= QUICK
        liked = quick if fast else taste
        if wish.step is None or not wish.hold:
            costs[row] = liked
        else:
            if wish.step not in held:
                held[wish.step] = np.minimum(np.abs(moves - wish.step), FARTHEST).astype(float)
            # A sixth or more belongs to the leap of register.
            liked = liked if abs(wish.step) < WIDE else HELD_MOTION * liked
            costs[row] = np.where(size < WIDE, HELD_MOTION * liked, liked)
            costs[row] += wish.hold * held[wish.step]
        before = wish
    return costs
