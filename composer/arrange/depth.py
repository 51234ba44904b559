"""Depth: the bass an octave lower where it leaves no room for chords under the melody."""

from __future__ import annotations

from dataclasses import replace

from composer.arrange.upper import candidates, lowest_melody
from composer.values import ChordSpan, Harmony, Note
from theory.pitch import Pitch

LOWEST = Pitch.parse("E2")  # of the written register of a bass
ENOUGH = 2  # different notes of a chord between bass and melody


def deepened(harmony: Harmony, melody: tuple[Note, ...]) -> Harmony:
    """The harmony as it is arranged: where there is room for one note only between a chord's bass
    and the melody over it, and the octave below is a bass's, the bass takes that octave.

    The chord stays in its inversion; the frame, on which part-writing is judged, is not changed.
    """
    lowest = lowest_melody(harmony.spans, melody)
    spans = (_deep(span, low) for span, low in zip(harmony.spans, lowest, strict=True))
    return replace(harmony, spans=tuple(spans))


def _deep(span: ChordSpan, melody: int) -> ChordSpan:
    bass = span.voicing.bass
    below = Pitch(bass.step, bass.alter, bass.octave - 1)
    if below.midi < LOWEST.midi:
        return span
    most = max(len(set(each)) for each in candidates(span, melody))
    return span if most >= ENOUGH else replace(span, voicing=replace(span.voicing, bass=below))
