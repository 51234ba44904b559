"""Which keys and metres are worth the network's time, told from the notes so far by two tables.

A table of steps between scale degrees for every mode, and one of steps between places in the bar
for every metre, both counted in a dataset of tunes. They choose what the network reads; how much
each hypothesis counts is the network's own judgement (see `neural.evaluate.bayes`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpora.tune import Tune
from neural.evaluate.keys import KEYS, METRE_NAMES, MODE_NAMES, Hypothesis, PieceEvents
from theory.metre import METRES

GRAIN = 6  # ticks: places in the bar are told apart so finely
LEAST = 0.02  # probability that makes a hypothesis worth reading
MODES_LEAST = 0.005  # of a mode in the datasets, at least

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scout:
    """Logarithms: degrees (modes, 13, 12), from −1 (nothing before) or a semitone to the next;
    places (metre: from, to); modes and metres: how common they are."""

    degrees: Floats
    places: Mapping[str, Floats]
    modes: Floats
    metres: Mapping[str, float]

    def active(self, melody: PieceEvents) -> dict[Hypothesis, NDArray[np.bool_]]:
        """For each hypothesis that is probable at some event, at which it is: known before that
        event begins, but for its onset. Before the first note every key is, in no metre."""
        notes = melody.notes
        events = len(melody.ticks)
        # How many notes have sounded before each event.
        before = np.searchsorted(notes, np.arange(events))
        keys, metres = self._keys(melody.midi[notes]), self._metres(melody.ticks, notes)
        found: dict[Hypothesis, NDArray[np.bool_]] = {}
        start = before == 0
        # The most probable is always worth it.
        best = keys.max(axis=0) * np.max(list(metres.values()), axis=0)
        enough = np.minimum(LEAST, best)[before]
        for hypothesis in KEYS:
            found[hypothesis] = start
        for key, hypothesis in enumerate(KEYS):
            for name, chance in metres.items():
                probable = (keys[key, before] * chance[before] >= enough) & ~start
                if probable.any():
                    found[Hypothesis(hypothesis.tonic, hypothesis.mode, name)] = probable
        return found

    def _keys(self, midi: NDArray[np.int64]) -> Floats:
        """(keys, notes + 1): probabilities before each note, and after the last."""
        logs = np.empty((len(KEYS), len(midi) + 1))
        for number, key in enumerate(KEYS):
            degrees = (midi - key.tonic) % 12
            prior = self.modes[MODE_NAMES.index(key.mode)]
            table = self.degrees[MODE_NAMES.index(key.mode)]
            steps = table[np.concatenate([[12], degrees[:-1]]), degrees]
            logs[number] = prior + np.concatenate([[0.0], np.cumsum(steps)])
        chances = np.exp(logs - logs.max(axis=0))
        return np.asarray(chances / chances.sum(axis=0))

    def _metres(self, ticks: NDArray[np.int64], notes: NDArray[np.int64]) -> dict[str, Floats]:
        """(notes + 1,) probabilities before each note, whose onset is known."""
        logs = []
        for name, table in self.places.items():
            places = (ticks[notes] % METRES[name].bar) // GRAIN
            steps = table[places[:-1], places[1:]]
            # What is known before note n are the steps to it; after the last, all of them.
            walked = np.concatenate([[0.0], np.cumsum(steps)])
            logs.append(self.metres[name] + np.append(walked, walked[-1]))
        chances = np.exp(np.array(logs) - np.max(logs, axis=0))
        chances /= chances.sum(axis=0)
        return dict(zip(self.places, chances, strict=True))


def counted_scout(tunes: Sequence[Tune]) -> Scout:
    """Count a dataset; each step is seen half a time more than it was."""
    degrees = np.full((len(MODE_NAMES), 13, 12), 0.5)
    names = [name for name in METRE_NAMES if name]
    sizes = {name: -(-METRES[name].bar // GRAIN) for name in names}
    places = {name: np.full((size, size), 0.5) for name, size in sizes.items()}
    modes, metres = np.zeros(len(MODE_NAMES)), dict.fromkeys(names, 1.0)
    for tune in tunes:
        midi = np.array([note.pitch.midi for note in tune.notes])
        if tune.key.mode.name in MODE_NAMES:
            mode = MODE_NAMES.index(tune.key.mode.name)
            modes[mode] += 1
            found = (midi - tune.key.tonic.chroma) % 12
            np.add.at(degrees[mode], (np.concatenate([[12], found[:-1]]), found), 1)
        if tune.metre.name in places:
            name = tune.metre.name
            metres[name] += 1
            at = (np.array([note.start for note in tune.notes]) % tune.metre.bar) // GRAIN
            np.add.at(places[name], (at[:-1], at[1:]), 1)
    share = np.maximum(modes / max(1.0, modes.sum()), MODES_LEAST)
    return Scout(
        np.log(degrees / degrees.sum(axis=2, keepdims=True)),
        {name: np.log(table / table.sum(axis=1, keepdims=True)) for name, table in places.items()},
        np.log(share / share.sum()),
        {name: float(np.log(count / sum(metres.values()))) for name, count in metres.items()},
    )
