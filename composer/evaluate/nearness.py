"""Which words go with a learned reading: what `near.yaml` beside the words says, measured.

python -m composer.evaluate.nearness rated-content.npz
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import numpy as np

from analysis.picture.content.content import READINGS, read
from analysis.picture.content.words import GROUP, words
from composer.evaluate.mood import Rated, read_rated

MOST = 4  # words on either side
FAINT = 1e-4  # is added to a probability before its logarithm, so that none is endless


def nearness(rated: Sequence[Rated]) -> Mapping[str, Mapping[str, float]]:
    """Reading -> word -> Pearson's r between the reading and the logarithm of the word's
    probability, to two decimals, in rising order. Every picture needs its pooled features."""
    pooled = [each.pooled for each in rated]
    readings = [read(each) for each in pooled if each is not None]
    seen = {
        name: np.log([each.features[word.feature] + FAINT for each in rated])
        for name, word in words().items()
    }
    found = {}
    for reading in READINGS:
        values = np.array([each[GROUP + reading] for each in readings])
        r = {name: round(float(np.corrcoef(values, log)[0, 1]), 2) for name, log in seen.items()}
        found[reading] = dict(sorted(r.items(), key=lambda row: row[1]))
    return found


def main(arguments: Sequence[str]) -> None:
    """Print near.yaml."""
    for reading, by_word in nearness(read_rated(arguments[0])).items():
        rows = list(by_word.items())
        print(f"{reading}:")
        for side, nearest in (("more", rows[: -MOST - 1 : -1]), ("less", rows[:MOST])):
            print(f"  {side}: {{{', '.join(f'{name}: {r:.2f}' for name, r in nearest)}}}")


if __name__ == "__main__":
    main(sys.argv[1:])
