"""The trained network in NumPy: what `neural.model` computes, for WIDTH rows at a time.

Norms, embeddings and output tables are folded into few matrices when the weights are taken in.
A sum of many numbers differs in its last bits by how it is cut, and a cut that hangs on how many
threads there are, or on which rows are read together, would change notes. So every product has one
shape, WIDTH rows by a few columns, and is so small that a BLAS leaves it to one thread (OpenBLAS
does up to 262,144 multiplications); nothing of the process is set for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neural import vocabulary as words
from neural.errors import WeightsError
from neural.guide import COLUMNS
from neural.histories import TOLD
from neural.vocabulary import LENGTH_WORDS, PITCH_WORDS
from neural.weights import Weights

Ints = NDArray[np.int64]
Single = NDArray[np.float32]
Floats = NDArray[np.float64]
WIDTH = 8  # rows a product
COLUMNS_AT_ONCE, MOST = 32, 200_000  # columns a product, and multiplications, at most
TINY = np.float32(np.finfo(np.float32).eps)  # under the root of a norm

# Queries, keys and values of WIDTH rows in one layer to what is attended to, (heads, WIDTH, size)
# each; queries are scaled.
Attend = Callable[[int, Single, Single, Single], Single]


class Matrix:
    """x ↦ x · weightᵀ for WIDTH rows at a time; weight: (outputs, inputs)."""

    def __init__(self, weight: Single) -> None:
        self.outputs, inputs = weight.shape
        columns = max(1, min(COLUMNS_AT_ONCE, MOST // (WIDTH * inputs)))
        count = -(-self.outputs // columns)
        padded = np.zeros((count * columns, inputs), np.float32)
        padded[: self.outputs] = weight
        self.pieces = np.ascontiguousarray(padded.reshape(count, columns, inputs).swapaxes(1, 2))

    def __call__(self, x: Single) -> Single:
        """x: (…, WIDTH, inputs) to (…, WIDTH, outputs)."""
        found = np.matmul(x[..., None, :, :], self.pieces)
        shape = (*x.shape[:-1], -1)
        joined: Single = found.swapaxes(-3, -2).reshape(shape)[..., : self.outputs]
        return joined

    def rows(self, x: Single) -> Single:
        """The same for any number of rows, (rows, inputs)."""
        groups = -(-len(x) // WIDTH)
        padded = np.zeros((groups, WIDTH, x.shape[1]), np.float32)
        padded.reshape(-1, x.shape[1])[: len(x)] = x
        return self(padded).reshape(groups * WIDTH, -1)[: len(x)]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A block's matrices; its norms are in them, and the scale of its queries."""

    qkv: Matrix
    out: Matrix
    gate: Matrix
    back: Matrix


class Network:
    """One model's tables. Nothing in it changes, so any number of threads may read it at once.

    Raises WeightsError for weights that are not finite.
    """

    def __init__(self, weights: Weights) -> None:
        self.weights = weights.arrays
        self.width, self.heads = weights.config.width, weights.config.heads
        self.size = self.width // self.heads
        scale = np.ones((3 * self.width, 1), np.float32)
        scale[: self.width] = np.float32(self.size**-0.5)
        self.layers = [self._layer(f"blocks.{n}", scale) for n in range(weights.config.layers)]
        degrees = np.arange(words.PITCHES) // words.ALTERS + words.LOWEST
        degrees = degrees % 7 * words.ALTERS + np.arange(words.PITCHES) % words.ALTERS
        special = 7 * words.ALTERS + np.arange(2)  # the rest and the start
        table = self._array("pitch.word.weight")
        table = table + self._array("pitch.degree.weight")[np.concatenate([degrees, special])]
        pitches = table[:PITCH_WORDS]
        self._tell(table)
        back = np.ascontiguousarray(self._array("pitch_out.weight").T)
        self.pitch_head = Matrix(Matrix(back).rows(pitches))
        self.pitch_bias = self._array("pitch_bias")
        self.length_pitches = Matrix(self._array("length_pitch.weight")).rows(pitches)
        self.length_state = Matrix(self._array("length_state.weight"))
        self.length_out = Matrix(self._array("length_out.weight"))
        self.state_bias = self._array("length_state.bias")
        self.length_bias = self._array("length_out.bias")
        self.enter, self.leave = self._array("enter.weight"), self._array("leave.weight")
        heads = self.heads
        half, quarter = heads // 2, heads // 4
        self.kinds = np.array([0] * half + [1] * quarter + [2] * (heads - half - quarter))
        self.speeds = speeds(self.size)[self.kinds][:, None]
        del self.weights

    def _array(self, name: str) -> Single:
        found = self.weights[name].astype(np.float32)
        if not np.isfinite(found).all():
            raise WeightsError("The weights are damaged: some are not numbers.", "Train anew.")
        return found

    def _layer(self, name: str, scale: Single) -> Layer:
        def matrix(part: str) -> Single:
            return self._array(f"{name}.{part}.weight")

        return Layer(
            Matrix(matrix("qkv") * matrix("norm") * scale),
            Matrix(matrix("out")),
            Matrix(matrix("gate") * matrix("inner_norm")),
            Matrix(matrix("back")),
        )

    def _tell(self, pitches: Single) -> None:
        """Tables of what is known at an onset, and of what depends on what was sung: the words
        before it, and the motif. What is not told is the first row of its table."""
        told, known = [pitches, self._array("length.weight")], []
        self.unknown = np.zeros(self.width, np.float32)
        for name in COLUMNS:
            if name in ("motif", "after"):
                moved = Matrix(self._array(f"conditions.{name}.weight")).rows(pitches[:PITCH_WORDS])
                told.append(np.concatenate([np.zeros((1, self.width), np.float32), moved]))
                continue
            table = self._array(f"conditions.tables.{name}.weight")
            if name in TOLD:
                self.unknown += table[0]
                told.append(table - table[0])
            else:
                known.append(table)
        self.told, self.told_rows = np.concatenate(told), _firsts(told)
        self.told_rows[2:] += 1
        self.known_table, self.known_rows = np.concatenate(known), _firsts(known) + 1
        self.plain = [n for n, name in enumerate(COLUMNS) if name not in TOLD]
        self.real = Matrix(self._array("conditions.real.weight"))

    def known(self, whole: Ints, real: Single) -> Single:
        """What is known at some onsets but for the motif, as vectors, (onsets, width)."""
        rows = self.known_table[whole[:, self.plain] + self.known_rows]
        return self.real.rows(real) + rows.sum(axis=1) + self.unknown

    def read(self, known: Single, told: Ints, clocks: Single, attend: Attend) -> Single:
        """States, (WIDTH, width), after one event in each row.

        known: (WIDTH, width); told: (WIDTH, 2 + len(TOLD)) the words before, and the motif's
        columns; clocks: (3, WIDTH) each event's number, beats and bars.
        """
        x = known + self.told[told + self.told_rows].sum(axis=1)
        x = _normed(x) * self.enter
        turns = clocks[self.kinds][..., None] * self.speeds
        cos, sin = np.cos(turns), np.sin(turns)
        for number, layer in enumerate(self.layers):
            qkv = layer.qkv(_normed(x)).reshape(WIDTH, 3, self.heads, self.size)
            q, k, v = qkv.transpose(1, 2, 0, 3)
            mixed = attend(number, _turned(q, cos, sin), _turned(k, cos, sin), v)
            x = x + layer.out(mixed.swapaxes(0, 1).reshape(WIDTH, self.width))
            inner = layer.gate(_normed(x))
            half = inner.shape[1] // 2
            x = x + layer.back(_silu(inner[:, half:]) * inner[:, :half])
        return _normed(x) * self.leave

    def pitches(self, states: Single) -> Floats:
        """Log-probabilities of every pitch word, (rows, PITCH_WORDS)."""
        return _log_shares(self.pitch_head.rows(states) + self.pitch_bias)

    def lengths(self, states: Single, pitches: Ints) -> Floats:
        """Log-probabilities of every duration word for some pitch words, (rows, pitches, words)."""
        held = self.length_state.rows(states) + self.state_bias
        sung = self.length_pitches[pitches]
        found = np.empty((len(states), len(pitches), LENGTH_WORDS))
        for row in range(0, len(states), WIDTH):  # so that little is held at once
            mixed = _gelu(held[row : row + WIDTH, None] + sung)
            logits = self.length_out.rows(mixed.reshape(-1, self.width)) + self.length_bias
            found[row : row + WIDTH] = _log_shares(logits).reshape(*mixed.shape[:2], -1)
        return found


def speeds(size: int) -> Single:
    """Angles a unit by which a head of so many features turns, (3 clocks, size / 2): events, beats
    and bars, each from its own shortest period to its longest."""
    shares = np.arange(size // 2) / (size // 2)
    periods = ((4.0, 2000.0), (1.0, 256.0), (0.5, 128.0))
    rows = [2 * np.pi / (first * (last / first) ** shares) for first, last in periods]
    return np.array(rows, np.float32)


def _firsts(tables: list[Single]) -> Ints:
    """The number of each table's first row where they are put one after the other."""
    return np.cumsum([0, *(len(each) for each in tables[:-1])])


def _normed(x: Single) -> Single:
    """By the root mean square of each row."""
    mean = np.add.reduce(x * x, axis=-1, keepdims=True) * np.float32(1 / x.shape[-1])
    return x / np.sqrt(mean + TINY)


def _turned(x: Single, cos: Single, sin: Single) -> Single:
    """Pairs of features turned by their positions' angles; x: (heads, WIDTH, size)."""
    half = x.shape[-1] // 2
    one, other = x[..., :half], x[..., half:]
    return np.concatenate([one * cos - other * sin, one * sin + other * cos], axis=-1)


def _silu(x: Single) -> Single:
    """x · σ(x), by the hyperbolic tangent, which overflows nowhere."""
    half = x * np.float32(0.5)
    return half + half * np.tanh(half)


def _gelu(x: Single) -> Single:
    """x · Φ(x), Φ the normal distribution's, to 7.5e-8 (Abramowitz & Stegun 1964, 26.2.17)."""
    size = np.abs(x)
    t = np.reciprocal(size * np.float32(0.2316419) + np.float32(1))
    tail = t * np.float32(1.330274429)
    for each in (-1.821255978, 1.781477937, -0.356563782, 0.319381530):
        tail += np.float32(each)
        tail *= t
    tail *= np.exp(size * size * np.float32(-0.5)) * np.float32((2 * np.pi) ** -0.5)
    tail *= size
    found: Single = np.maximum(x, np.float32(0)) - tail
    return found


def _log_shares(logits: Single) -> Floats:
    """Logarithms of shares that add up to 1 along the last axis."""
    logs = logits.astype(np.float64)
    logs -= logs.max(axis=-1, keepdims=True)
    logs -= np.log(np.exp(logs).sum(axis=-1, keepdims=True))
    return logs
