"""What the chords bear: how well a motif's notes sit in the harmony of a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from composer.values import ChordSpan
from theory.metre import Metre

OUTSIDE_PRICE = 1.5  # for each letter that a line leaves the compass
STRONG, LONG, WEAK = 1.0, 0.6, 0.12  # how much it matters that a note is in its chord


@dataclass(frozen=True, slots=True, eq=False)
class Bearing:
    """The chords under a line's notes, and which way up the line is sung there.

    `bears` has shape (notes, 7): is the letter in the chord under the note? `weight` (notes,) is
    how much it matters that it is. `sign` is −1 where the line is turned upside down; `compass` is
    what it should keep to, in letters above C0.
    """

    bears: NDArray[np.bool_]
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
        borne = self.bears[np.arange(count)[None, None, :], letters]
        found: NDArray[np.float64] = (~borne * self.weight[:count]).sum(axis=2)
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


def bearing(
    rhythm: Sequence[int],
    start: int,
    end: int,
    spans: Sequence[ChordSpan],
    metre: Metre,
    compass: tuple[float, float],
    sign: int = 1,
) -> Bearing:
    """How the chords bear those notes of a rhythm from `start` that begin before `end`."""
    onsets = [tick for tick in accumulate(rhythm[:-1], initial=start) if tick < end]
    changes = {span.start for span in spans}
    bears = np.zeros((len(onsets), 7), np.bool_)
    weight = np.empty(len(onsets))
    for number, tick in enumerate(onsets):
        chord = next(span.chord for span in spans if tick < span.end)
        bears[number, [tone.step for tone in chord.tones]] = True
        strong = metre.strength(tick) >= 3 or tick in changes
        weight[number] = STRONG if strong else LONG if rhythm[number] >= metre.beat else WEAK
    return Bearing(bears, weight, sign, compass)
