"""The trained model read quickly, one event a step for many melodies that share a past.

The same numbers as `MelodyModel.forward` but for rounding: norms, embeddings and output tables are
folded into few matrices, the past is kept once for all rows, and rows come in batches of one fixed
width on one thread, because the sums of a network differ in the last bit between shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from neural.errors import WeightsError
from neural.guide import UNKNOWN
from neural.histories import PLACES, TOLD
from neural.model import PITCH_WORDS, Block, Events, MelodyModel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Linear = Callable[[Tensor], Tensor]
WIDTH = 8  # rows a batch
CHUNK = 16  # events of the past a batch
MOST = 384  # events of the past that are read
THREADS = 1
GRAIN = 16  # own events are looked back at in steps of so many


@contextmanager
def settled() -> Iterator[None]:
    """The network at rest: no gradients, and the fixed number of threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        with torch.inference_mode():
            yield
    finally:
        torch.set_num_threads(threads)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Events as the model reads them, an entry each: the words *before* each event, its onset and
    what is known there; see `neural.model.Events`."""

    pitches: Ints
    lengths: Ints
    ticks: Ints
    whole: Ints
    real: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    qkv: Linear
    out: Linear
    gate: Linear
    back: Linear


class Decoder:
    """One model's tables, and the keys and values of what it has read.

    `past` reads what all rows share, `begin` gives each row room of its own, `step` reads an event
    a row, `keep` chooses rows anew. Raises WeightsError for weights that are not finite.
    """

    def __init__(self, model: MelodyModel) -> None:
        if not all(torch.isfinite(each).all() for each in model.parameters()):
            raise WeightsError("The weights are damaged: some are not numbers.", "Train anew.")
        self.model = model.eval()
        self.heads = model.config.heads
        self.width = model.config.width
        self.size = self.width // self.heads
        with settled():
            self._fold()
            self._caches = model.caches(1, MOST + CHUNK)
        self._signatures: list[bytes] = []
        self.read = 0

    def _fold(self) -> None:
        model = self.model
        scale = torch.ones(3 * self.width, 1)
        scale[: self.width] = self.size**-0.5
        self.layers = []
        for block in model.blocks:
            assert isinstance(block, Block)
            qkv = block.qkv.weight * block.norm.weight * scale
            gate = block.gate.weight * block.inner_norm.weight
            weights = (qkv, block.out.weight, gate, block.back.weight)
            self.layers.append(_Layer(*map(_linear, weights)))
        conditions, table = model.conditions, model.pitch.table()
        nothing = torch.zeros(1, self.width)
        tables = [table, model.length.weight]
        for name in TOLD:
            if name in conditions.tables:
                embedding = conditions.tables[name]
                assert isinstance(embedding, nn.Embedding)
                tables.append(embedding.weight - embedding.weight[:1])
            else:
                tables.append(torch.cat([nothing, getattr(conditions, name)(table[:PITCH_WORDS])]))
        self._offsets = np.cumsum([0, *(len(each) for each in tables[:-1])])
        self._offsets[2:] += 1  # what is not told is row −1 of its table
        self._inputs = torch.cat(tables)
        self.pitch_head = table[:PITCH_WORDS] @ model.pitch_out.weight
        self.length_pitches = model.length_pitch(table[:PITCH_WORDS])
        heads = self.heads
        half, quarter = heads // 2, heads // 4
        self._kinds = torch.tensor([0] * half + [1] * quarter + [2] * (heads - half - quarter))
        self._speeds = model.speeds[self._kinds]

    # What all rows share.

    def past(self, events: Read, beat: int, bar: int) -> None:
        """Read the events before the phrase, the last MOST of them; what was read before and is
        the same is not read again."""
        first = max(0, len(events.ticks) - MOST)
        self.beat, self.bar = float(beat), float(bar)
        self.read = len(events.ticks) - first
        for number, begin in enumerate(range(0, self.read, CHUNK)):
            chosen = slice(first + begin, first + begin + CHUNK)
            filled = len(events.ticks[chosen])
            arrays = [
                _padded(each[chosen], CHUNK)
                for each in (
                    events.pitches,
                    events.lengths,
                    events.ticks,
                    events.whole,
                    events.real,
                )
            ]
            signature = repr((beat, bar, filled)).encode() + b"".join(a.tobytes() for a in arrays)
            if self._signatures[number : number + 1] == [signature]:
                continue
            del self._signatures[number:]
            for cache in self._caches:
                cache.used.fill_(begin)
            pitches, lengths, ticks, whole, real = (tensor(each)[None] for each in arrays)
            clock = torch.tensor([self.beat]), torch.tensor([self.bar])
            index = torch.arange(begin, begin + CHUNK)[None]
            self.model(Events(pitches, lengths, ticks, whole, real, *clock), self._caches, index)
            self._signatures.append(signature)
        self._past = [
            (cache.keys[0, :, : self.read], cache.values[0, :, : self.read])
            for cache in self._caches
        ]

    def known(self, whole: Ints, real: NDArray[np.float32]) -> Tensor:
        """What is known at some onsets but for the motif, as vectors, (onsets, width)."""
        whole = whole.copy()
        whole[:, PLACES] = UNKNOWN
        found: Tensor = self.model.conditions(tensor(whole), tensor(real))
        return found

    # What each row has for itself.

    def begin(self, rows: int, room: int) -> None:
        """Empty rows, a multiple of WIDTH, with room for so many events each."""
        capacity = -(-room // GRAIN) * GRAIN
        shape = (2, rows, self.heads, capacity, self.size)  # keys and values
        self._own = [torch.zeros(shape) for _ in self.layers]
        self.used = np.zeros(rows, np.int64)

    def step(self, told: Ints, known: Tensor, ticks: Ints) -> Tensor:
        """States, (rows, width), after one event a row is read; it counts once it is accepted.

        told: (rows, 2 + len(TOLD)) the words before, and the motif's columns; known: (rows, width)
        of `known`; ticks: the onsets.
        """
        groups = range(0, len(told), WIDTH)
        return torch.cat([self._step(slice(at, at + WIDTH), told, known, ticks) for at in groups])

    def accept(self, rows: NDArray[np.bool_]) -> None:
        """Keep what these rows have just read; the others read again."""
        self.used = self.used + rows

    def keep(self, rows: Ints) -> None:
        """Choose rows anew."""
        chosen, filled = torch.from_numpy(rows), int(self.used.max())
        for own in self._own:
            own[:, :, :, :filled] = own[:, chosen, :, :filled]
        self.used = self.used[rows]

    def _step(self, group: slice, told: Ints, known: Tensor, ticks: Ints) -> Tensor:
        used, now = self.used[group], torch.from_numpy(ticks[group]).float()
        bags = torch.from_numpy(told[group] + self._offsets)
        x = known[group] + functional.embedding_bag(bags, self._inputs, mode="sum")
        x = functional.rms_norm(x, (self.width,), self.model.enter.weight)
        index = torch.from_numpy(self.read + used).float()
        clocks = torch.stack([index, now / self.beat, now / self.bar], dim=1)
        turns = (clocks[:, self._kinds].unsqueeze(-1) * self._speeds).unsqueeze(1)
        cos, sin = turns.cos(), turns.sin()
        place, every = torch.from_numpy(used), torch.arange(WIDTH)
        seen = min(-(-(int(self.used.max()) + 1) // GRAIN) * GRAIN, self._own[0].shape[3])
        late = torch.arange(seen)[None] > place[:, None]
        bias = torch.zeros(WIDTH, 1, seen).masked_fill(late[:, None], -torch.inf)
        for layer, past, own in zip(self.layers, self._past, self._own, strict=True):
            mine = own[:, group]
            qkv = layer.qkv(functional.rms_norm(x, (self.width,)))
            qkv = qkv.view(WIDTH, 3, self.heads, self.size)
            one, other = qkv[:, :2].chunk(2, dim=-1)
            q, k = torch.cat([one * cos - other * sin, one * sin + other * cos], dim=-1).unbind(1)
            mine[:, every, :, place] = torch.stack([k, qkv[:, 2]], dim=1)
            mixed = self._attended(q, past, mine[..., :seen, :], bias)
            x = x + layer.out(mixed)
            inner = layer.gate(functional.rms_norm(x, (self.width,)))
            value, gate = inner.chunk(2, dim=-1)
            x = x + layer.back(functional.silu(gate) * value)
        return functional.rms_norm(x, (self.width,), self.model.leave.weight)

    def _attended(
        self, q: Tensor, past: tuple[Tensor, Tensor], mine: Tensor, bias: Tensor
    ) -> Tensor:
        """Attention to the shared past and to each row's own events: (rows, width).

        q: (rows, heads, size), scaled; mine: keys and values, (2, rows, heads, events, size)."""
        keys, values = mine
        flat = q.reshape(-1, 1, self.size)
        own = torch.bmm(flat, keys.flatten(0, 1).transpose(1, 2)).view(WIDTH, self.heads, -1) + bias
        before = torch.bmm(q.transpose(0, 1), past[0].transpose(1, 2)).transpose(0, 1)
        shares = torch.cat([before, own], dim=-1).softmax(-1)
        first = before.shape[-1]
        own = shares[..., first:].reshape(len(flat), 1, -1)
        mixed = torch.bmm(own, values.flatten(0, 1)).view_as(q)
        mixed = mixed + torch.bmm(shares[..., :first].transpose(0, 1), past[1]).transpose(0, 1)
        return mixed.reshape(WIDTH, self.width)

    # What is proposed.

    def pitches(self, states: Tensor) -> Floats:
        """Log-probabilities of every pitch word, (rows, PITCH_WORDS)."""
        logits = functional.linear(states, self.pitch_head, self.model.pitch_bias)
        found: Floats = logits.double().log_softmax(-1).numpy()
        return found

    def lengths(self, states: Tensor, pitches: Ints) -> Floats:
        """Log-probabilities of every duration word for some pitch words, (rows, pitches, words)."""
        model = self.model
        mixed = model.length_state(states)[:, None] + self.length_pitches[torch.from_numpy(pitches)]
        found: Floats = model.length_out(functional.gelu(mixed)).double().log_softmax(-1).numpy()
        return found


def _linear(weight: Tensor) -> Linear:
    """x ↦ x · weightᵀ for WIDTH rows, by oneDNN where torch has it: with the weights laid out once
    for that many rows it takes half the time."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return lambda x: functional.linear(x, weight)
    packed = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous(), WIDTH)
    multiply = torch.ops.mkldnn._linear_pointwise

    def linear(x: Tensor) -> Tensor:
        found: Tensor = multiply(x, packed, None, "none", [], "")
        return found

    return linear


def tensor(array: NDArray[Any]) -> Tensor:
    """A copy in torch's own memory: sums over NumPy's differ in the last bit by where it lies."""
    return torch.from_numpy(array).clone()


def _padded(array: NDArray[Any], count: int) -> NDArray[Any]:
    """The same, filled up with noughts to so many entries."""
    if len(array) == count:
        return np.ascontiguousarray(array)
    return np.concatenate([array, np.zeros((count - len(array), *array.shape[1:]), array.dtype)])
