"""Rules of two voices moving together: given which voices they are, and the move of each.

One definition serves for numbers and for numpy arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from theory.voices.singles import Move
from theory.voices.voicing import BASS, SOPRANO, Value

PAIRS = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))


def fifth_apart(high_midi: Value, high: Value, low_midi: Value, low: Value) -> Value:
    """A fifth from the lower note up: where the voices are crossed, a fourth is none."""
    return (abs(high - low) % 7 == 4) & (abs(high_midi - low_midi) % 12 == 7)


def octave_apart(high_midi: Value, high: Value, low_midi: Value, low: Value) -> Value:
    return ((high - low) % 7 == 0) & ((high_midi - low_midi) % 12 == 0)


def fifths(high: Move, low: Move) -> Value:
    """Are two voices a perfect fifth apart before and after?"""
    return fifth_apart(high.midi, high.height, low.midi, low.height) & fifth_apart(
        high.to_midi, high.to_height, low.to_midi, low.to_height
    )


def octaves(high: Move, low: Move) -> Value:
    """Are two voices an octave or unison apart before and after?"""
    return octave_apart(high.midi, high.height, low.midi, low.height) & octave_apart(
        high.to_midi, high.to_height, low.to_midi, low.to_height
    )


def parallel_fifths(upper: int, lower: int, high: Move, low: Move) -> Value:
    return fifths(high, low) & similar(high, low)


def parallel_octaves(upper: int, lower: int, high: Move, low: Move) -> Value:
    return octaves(high, low) & similar(high, low)


def contrary_fifths(upper: int, lower: int, high: Move, low: Move) -> Value:
    return fifths(high, low) & contrary(high, low)


def contrary_octaves(upper: int, lower: int, high: Move, low: Move) -> Value:
    return octaves(high, low) & contrary(high, low)


def similar(high: Move, low: Move) -> Value:
    """Do two voices move in the same direction?"""
    return ((high.semitones > 0) & (low.semitones > 0)) | (
        (high.semitones < 0) & (low.semitones < 0)
    )


def contrary(high: Move, low: Move) -> Value:
    """Do two voices move in opposite directions?"""
    return ((high.semitones > 0) & (low.semitones < 0)) | (
        (high.semitones < 0) & (low.semitones > 0)
    )


def direct_fifths(upper: int, lower: int, high: Move, low: Move) -> Value:
    if (upper, lower) != (SOPRANO, BASS):
        return False
    return (
        fifth_apart(high.to_midi, high.to_height, low.to_midi, low.to_height)
        & (fifth_apart(high.midi, high.height, low.midi, low.height) ^ True)
        & similar(high, low)
        & (abs(high.steps) > 1)
    )


def direct_octaves(upper: int, lower: int, high: Move, low: Move) -> Value:
    if (upper, lower) != (SOPRANO, BASS):
        return False
    return (
        octave_apart(high.to_midi, high.to_height, low.to_midi, low.to_height)
        & (octave_apart(high.midi, high.height, low.midi, low.height) ^ True)
        & similar(high, low)
        & (abs(high.steps) > 1)
    )


def overlap(upper: int, lower: int, high: Move, low: Move) -> Value:
    if lower - upper != 1:
        return False
    return (low.to_midi > high.midi) | (high.to_midi < low.midi)


def cross_relation(upper: int, lower: int, high: Move, low: Move) -> Value:
    """A letter in one voice and, altered, in the other voice of the next chord."""
    rising = ((low.height - high.to_height) % 7 == 0) & ((low.midi - high.to_midi) % 12 != 0)
    falling = ((high.height - low.to_height) % 7 == 0) & ((high.midi - low.to_midi) % 12 != 0)
    return rising | falling


PAIR: Mapping[str, Callable[[int, int, Move, Move], Value]] = MappingProxyType(
    {
        "parallel-fifths": parallel_fifths,
        "parallel-octaves": parallel_octaves,
        "contrary-fifths": contrary_fifths,
        "contrary-octaves": contrary_octaves,
        "direct-fifths": direct_fifths,
        "direct-octaves": direct_octaves,
        "overlap": overlap,
        "cross-relation": cross_relation,
    }
)
