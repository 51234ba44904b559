"""What the singer wishes for, as costs over the automaton: contour, motif, taste and noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from composer.melody.slots import Wish
from composer.values import ChordSpan, Phrase
from theory.metre import Metre
from theory.noise import Noise
from theory.pitch import Pitch

CONTOUR_WEIGHT = 0.16  # points a semitone away from the wished contour
CLIMAX_WEIGHT = 1.2  # points a semitone at or over the climax, elsewhere in its period
CLIMAX_REWARD = 0.5  # points a semitone below the phrase's top, at the climax itself
NOISE_WEIGHT = 0.35
# Points for a note outside the chord, by the strength of its place; dissonance lowers them.
DISSONANCE_WEIGHT = (0.3, 0.6, 1.2, 2.4, 2.4)
# Points for moving so many letters: tunes step most, and repeat and skip at times.
MOTION = np.array([0.9, 0.0, 0.5, 1.3, 1.7, 2.4, 6.0, 3.0])


def pitch_costs(
    wishes: Sequence[Wish],
    pitches: Sequence[Pitch],
    phrase: Phrase,
    spans: Sequence[ChordSpan],
    metre: Metre,
    dissonance: float,
    climax: float | None,
    noise: Noise,
) -> np.ndarray:
    """Costs (notes, pitches) of singing each pitch at each sounding note.

    climax: the wished height of the period's climax as a MIDI number, for phrases of that period.
    """
    midi = np.array([pitch.midi for pitch in pitches], float)
    height = np.array([pitch.height for pitch in pitches], float)
    costs = np.zeros((len(wishes), len(pitches)))
    for row, wish in enumerate(wishes):
        beat = (wish.start - phrase.start) // metre.beat
        beat = min(max(0, beat), len(phrase.contour) - 1)
        cost = CONTOUR_WEIGHT * np.abs(midi - phrase.contour[beat])
        if climax is not None:
            covers = phrase.climax is not None and (
                wish.start <= phrase.climax < wish.start + wish.ticks
            )
            over = np.maximum(0.0, midi - climax + 2) * CLIMAX_WEIGHT
            cost += CLIMAX_REWARD * np.abs(climax - midi) if covers else over
        if wish.pitch is not None:
            cost += wish.hold * np.minimum(np.abs(height - wish.pitch.height), 4)
        chord = next(s.chord for s in spans if wish.start < s.end)
        foreign = np.array([pitch.note not in chord.tones for pitch in pitches])
        weight = DISSONANCE_WEIGHT[metre.strength(wish.start)]
        cost += foreign * weight * (1.5 - 1.4 * dissonance)
        cost += NOISE_WEIGHT * np.array(
            [noise.gumbel("melody", wish.slot.name, wish.start, pitch.name) for pitch in pitches]
        )
        costs[row] = cost
    return costs


def step_costs(wishes: Sequence[Wish], pitches: Sequence[Pitch]) -> np.ndarray:
    """Costs (notes, pitches before, pitches) of the motion into each note."""
    height = np.array([pitch.height for pitch in pitches])
    moves = height[None, :] - height[:, None]
    taste = MOTION[np.minimum(np.abs(moves), len(MOTION) - 1)]
    costs = np.empty((len(wishes), len(pitches), len(pitches)))
    for row, wish in enumerate(wishes):
        if wish.step is None:
            costs[row] = taste
        else:
            costs[row] = 0.3 * taste + wish.hold * np.minimum(np.abs(moves - wish.step), 4)
    return costs
