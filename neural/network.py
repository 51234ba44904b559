"""The trained network in NumPy: what `neural.model` computes, for WIDTH rows at a time.

Norms, embeddings and output tables are folded into few matrices when the weights are taken in.
A sum of many numbers differs in its last bits by how it is cut, and a cut that hangs on how many
threads there are, or on which rows are read together, would change notes. So every product is of a
few rows and columns, and so small that a BLAS leaves it to one thread (OpenBLAS does up to 262,144
multiplications); nothing of the process is set for it. Short sums are also the more exact ones.
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
INPUTS, OUTPUTS = 64, 32  # of a product
TINY = np.float32(np.finfo(np.float32).eps)  # under the root of a norm

# Queries, keys and values of WIDTH rows in one layer to what is attended to, (heads, WIDTH, size)
# each; queries are scaled.
Attend = Callable[[int, Single, Single, Single], Single]
Arrays = Callable[[str], Single]  # a parameter by its name


class Matrix:
    """x ↦ x · weightᵀ for WIDTH rows at a time; weight: (outputs, inputs).

    Sums are cut into stretches of inputs, the same ones always, and these added up in order.
    """

    def __init__(self, weight: Single) -> None:
        self.outputs, inputs = weight.shape
        self.stretch = max(n for n in range(1, INPUTS + 1) if inputs % n == 0)
        count = -(-self.outputs // OUTPUTS)
        padded = np.zeros((count * OUTPUTS, inputs), np.float32)
        padded[: self.outputs] = weight
        pieces = padded.reshape(count, OUTPUTS, -1, self.stretch).transpose(2, 0, 3, 1)
        self.pieces = np.ascontiguousarray(pieces)  # (stretches, count, stretch, OUTPUTS)

    def __call__(self, x: Single) -> Single:
        """x: (…, WIDTH, inputs) to (…, WIDTH, outputs)."""
        cut = x.reshape(*x.shape[:-1], -1, self.stretch).swapaxes(-3, -2)
        found = np.matmul(cut[..., None, :, :], self.pieces).sum(axis=-4).swapaxes(-3, -2)
        joined: Single = found.reshape(*x.shape[:-1], -1)[..., : self.outputs]
        return joined

    def rows(self, x: Single) -> Single:
        """The same for any number of rows, (rows, inputs)."""
        groups = -(-len(x) // WIDTH)
        padded = np.zeros((groups, WIDTH, x.shape[1]), np.float32)
        padded.reshape(-1, x.shape[1])[: len(x)] = x
        return self(padded).reshape(groups * WIDTH, -1)[: len(x)]


@dataclass(frozen=True, slots=True, eq=False)
class BlockMatrices:
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
        def array(name: str) -> Single:
            found = weights.arrays[name].astype(np.float32)
            if not np.isfinite(found).all():
                raise WeightsError("The weights are damaged: some are not numbers.", "Train anew.")
            return found

        heads = self.heads = weights.config.heads
        self.width, self.size = weights.config.width, weights.config.width // heads
        pitches = array("pitch.word.weight") + array("pitch.degree.weight")[_degrees()]
        self._tell(array, pitches)
        self.enter, self.leave = array("enter.weight"), array("leave.weight")
        half, quarter = heads // 2, heads // 4
        self.kinds = np.array([0] * half + [1] * quarter + [2] * (heads - half - quarter))
        self.speeds = speeds(self.size)[self.kinds][:, None]
        self.layers = [self._layer(array, f"blocks.{n}") for n in range(weights.config.layers)]
        sung = pitches[:PITCH_WORDS]
        self.pitch_head = Matrix(Matrix(array("pitch_out.weight").T).rows(sung))
        self.pitch_bias = array("pitch_bias")
        self.length_pitches = Matrix(array("length_pitch.weight")).rows(sung)
        self.length_state, self.state_bias = _linear(array, "length_state")
        self.length_out, self.length_bias = _linear(array, "length_out")

    def _layer(self, array: Arrays, name: str) -> BlockMatrices:
        scale = np.ones((3 * self.width, 1), np.float32)
        scale[: self.width] = np.float32(self.size**-0.5)
        return BlockMatrices(
            Matrix(array(f"{name}.qkv.weight") * array(f"{name}.norm.weight") * scale),
            Matrix(array(f"{name}.out.weight")),
            Matrix(array(f"{name}.gate.weight") * array(f"{name}.inner_norm.weight")),
            Matrix(array(f"{name}.back.weight")),
        )

    def _tell(self, array: Arrays, pitches: Single) -> None:
        """Tables of what is known at an onset, and of what depends on what was sung: the words
        before it, and the motif. What is not told is the first row of its table."""
        told, known = [pitches, array("length.weight")], []
        self.unknown = np.zeros(self.width, np.float32)
        for name in COLUMNS:
            if name in ("motif", "after"):
                moved = Matrix(array(f"conditions.{name}.weight")).rows(pitches[:PITCH_WORDS])
                told.append(np.concatenate([np.zeros((1, self.width), np.float32), moved]))
                continue
            table = array(f"conditions.tables.{name}.weight")
            if name in TOLD:
                self.unknown += table[0]
                told.append(table - table[0])
            else:
                known.append(table)
        self.told, self.told_rows = np.concatenate(told), _firsts(told)
        self.told_rows[2:] += 1
        self.known_table, self.known_rows = np.concatenate(known), _firsts(known) + 1
        self.plain = [n for n, name in enumerate(COLUMNS) if name not in TOLD]
        self.real = Matrix(array("conditions.real.weight"))

    def known(self, whole: Ints, real: Single) -> Single:
        """What is known at some onsets but for the motif, as vectors, (onsets, width)."""
        rows = self.known_table[whole[:, self.plain] + self.known_rows]
        found: Single = self.real.rows(real) + rows.sum(axis=1) + self.unknown
        return found

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
    and bars, each from its own shortest period to its longest.

    Rounded step by step as when the shipped weights were trained: far on in a melody even the last
    bit is an angle.
    """
    shares = np.arange(size // 2) / (size // 2)
    rows = []
    for first, last in ((4.0, 2000.0), (1.0, 256.0), (0.5, 128.0)):
        longer = ((last / first) ** shares).astype(np.float32)
        rows.append(np.reciprocal(np.float32(first) * longer) * np.float32(2 * np.pi))
    return np.array(rows)


def _degrees() -> Ints:
    """The row of each pitch word, of the rest and of the start in the table of degrees."""
    number = np.arange(words.PITCHES)
    steps, alters = number // words.ALTERS + words.LOWEST, number % words.ALTERS
    special = 7 * words.ALTERS + np.arange(2)
    return np.concatenate([steps % 7 * words.ALTERS + alters, special])


def _linear(array: Arrays, name: str) -> tuple[Matrix, Single]:
    return Matrix(array(f"{name}.weight")), array(f"{name}.bias")


def _firsts(tables: list[Single]) -> Ints:
    """The number of each table's first row where they are put one after the other."""
    return np.cumsum([0, *(len(each) for each in tables[:-1])])


def _normed(x: Single) -> Single:
    """By the root mean square of each row."""
    mean = np.add.reduce(x * x, axis=-1, keepdims=True) * np.float32(1 / x.shape[-1])
    found: Single = x / np.sqrt(mean + TINY)
    return found


def _turned(x: Single, cos: Single, sin: Single) -> Single:
    """Pairs of features turned by their positions' angles; x: (heads, WIDTH, size)."""
    half = x.shape[-1] // 2
    one, other = x[..., :half], x[..., half:]
    return np.concatenate([one * cos - other * sin, one * sin + other * cos], axis=-1)


def _silu(x: Single) -> Single:
    """x · σ(x), by the hyperbolic tangent, which overflows nowhere."""
    half = x * np.float32(0.5)
    found: Single = half + half * np.tanh(half)
    return found


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
