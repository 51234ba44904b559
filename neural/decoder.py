"""The network read one event a step for many melodies that share a past.

The past is kept once for all rows, each row's own events beside it, and rows come in groups of one
fixed width: a row's states are the same to the last bit in any company.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural.histories import PLACES
from neural.network import WIDTH, Ints, Network, Single

EARLIEST = 384  # events of the past that are read
BLOCK = 64  # own events are looked back at in steps of so many
_AFTER = np.triu(np.full((WIDTH, WIDTH), -np.inf, np.float32), 1)  # what an event does not see


@dataclass(frozen=True, slots=True, eq=False)
class ReadEvents:
    """Events as the model reads them, an entry each: the words *before* each event, its onset and
    what is known there; see `neural.model.Events`."""

    pitches: Ints
    lengths: Ints
    ticks: Ints
    whole: Ints
    real: Single


class Decoder:
    """What one network has read: keys and values of the past, and of each row's own events.

    `past` reads what all rows share, `begin` gives each row room of its own, `step` reads an event
    a row, `keep` chooses rows anew.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        layers, heads, size = len(network.layers), network.heads, network.size
        self._past = np.zeros((layers, 2, heads, EARLIEST + WIDTH, size), np.float32)
        self._signatures: list[bytes] = []
        self.read = 0

    # What all rows share.

    def past(self, events: ReadEvents, beat: int, bar: int) -> None:
        """Read the events before the phrase, the last EARLIEST of them; what was read before and is
        the same is not read again. beat, bar: in ticks."""
        first = max(0, len(events.ticks) - EARLIEST)
        self._units = np.array([1, beat, bar], np.float32)[:, None]
        self.read = len(events.ticks) - first
        for number, begin in enumerate(range(0, self.read, WIDTH)):
            chosen = slice(first + begin, first + begin + WIDTH)
            words = np.stack([events.pitches[chosen], events.lengths[chosen]], axis=1)
            whole, real, ticks = events.whole[chosen], events.real[chosen], events.ticks[chosen]
            each = (words, whole, real, ticks)
            signature = repr((beat, bar)).encode() + b"".join(part.tobytes() for part in each)
            if self._signatures[number : number + 1] == [signature]:
                continue
            del self._signatures[number:]
            known = _filled(self.network.known(whole, real))
            told = _filled(np.concatenate([words, whole[:, PLACES]], axis=1))
            self._read_past(begin, known, told, _filled(ticks))
            self._signatures.append(signature)

    def _read_past(self, begin: int, known: Single, told: Ints, ticks: Ints) -> None:
        """WIDTH events of one melody, each of which sees those before it."""
        end = begin + WIDTH

        def attend(layer: int, q: Single, k: Single, v: Single) -> Single:
            keys, values = self._past[layer]
            keys[:, begin:end], values[:, begin:end] = k, v
            scores = np.matmul(q, keys[:, :end].swapaxes(1, 2))
            scores[..., begin:] += _AFTER
            scores -= scores.max(axis=-1, keepdims=True)
            np.exp(scores, out=scores)
            total = scores.sum(axis=-1, keepdims=True)
            mixed: Single = np.matmul(scores, values[:, :end]) / total
            return mixed

        self.network.read(known, told, self._clocks(np.arange(begin, end), ticks), attend)

    # What each row has for itself.

    def begin(self, rows: int, room: int) -> None:
        """Empty rows, a multiple of WIDTH, with room for so many events each."""
        network = self.network
        shape = (-(-room // BLOCK), network.heads, rows, BLOCK, network.size)
        self._own = np.zeros((len(network.layers), 2, *shape), np.float32)
        self.used = np.zeros(rows, np.int64)

    def step(self, told: Ints, known: Single, ticks: Ints) -> Single:
        """States, (rows, width), after one event a row is read; it counts once it is accepted.

        told: (rows, 2 + len(TOLD)) the words before, and the motif's columns; known: (rows, width)
        of the network's `known`; ticks: the onsets.
        """
        groups = range(0, len(told), WIDTH)
        return np.concatenate([self._step(slice(n, n + WIDTH), told, known, ticks) for n in groups])

    def accept(self, rows: NDArray[np.bool_]) -> None:
        """Keep what these rows have just read; the others read again."""
        self.used = self.used + rows

    def keep(self, rows: Ints) -> None:
        """Choose rows anew."""
        blocks = self._blocks()
        self._own[:, :, :blocks] = self._own[:, :, :blocks, :, rows]
        self.used = self.used[rows]

    def _step(self, group: slice, told: Ints, known: Single, ticks: Ints) -> Single:
        used, every, blocks = self.used[group], np.arange(WIDTH), self._blocks()
        block, place = np.divmod(used, BLOCK)
        late = np.arange(blocks * BLOCK).reshape(blocks, 1, 1, BLOCK) > used[:, None]
        bias = np.where(late, np.float32(-np.inf), np.float32(0))

        def attend(layer: int, q: Single, k: Single, v: Single) -> Single:
            own = self._own[layer, :, :blocks, :, group]
            own[0, block, :, every, place] = k.swapaxes(0, 1)
            own[1, block, :, every, place] = v.swapaxes(0, 1)
            return _attended(q, self._past[layer, :, :, : self.read], own, bias)

        clocks = self._clocks(self.read + used, ticks[group])
        return self.network.read(known[group], told[group], clocks, attend)

    def _blocks(self) -> int:
        """How many blocks of own events are in use, with the one that is read next."""
        return min(int(self.used.max()) // BLOCK + 1, self._own.shape[2])

    def _clocks(self, index: Ints, ticks: Ints) -> Single:
        """Each event's number, beats and bars, (3, WIDTH)."""
        found: Single = np.stack([index, ticks, ticks]).astype(np.float32) / self._units
        return found


def _attended(q: Single, past: Single, own: Single, bias: Single) -> Single:
    """Attention to the shared past and to each row's own events: (heads, WIDTH, size).

    q: (heads, WIDTH, size), scaled; keys and values of the past, (2, heads, events, size), and of
    the rows, (2, blocks, heads, WIDTH, BLOCK, size); bias: 0 or −∞, (blocks, 1, WIDTH, BLOCK).
    Blocks are added up in order, so that one more that is not used yet changes nothing.
    """
    before = np.matmul(q, past[0].swapaxes(1, 2))
    mine = np.matmul(own[0], q[..., None])[..., 0] + bias
    most = np.maximum(mine.max(axis=(0, 3)), before.max(axis=2, initial=-np.inf))[..., None]
    before, mine = np.exp(before - most), np.exp(mine - most)
    total = mine.sum(axis=3).sum(axis=0) + before.sum(axis=2)
    mixed = np.matmul(mine[..., None, :], own[1])[..., 0, :].sum(axis=0)
    found: Single = (mixed + np.matmul(before, past[1])) / total[..., None]
    return found


def _filled(array: NDArray[Any]) -> NDArray[Any]:
    """The same, filled up with noughts to WIDTH entries."""
    rest = np.zeros((WIDTH - len(array), *array.shape[1:]), array.dtype)
    return np.concatenate([array, rest])
