"""How tempo and loudness move through the piece."""

from __future__ import annotations

from collections.abc import Sequence

from composer.values import Phrase, Section
from theory.metre import Metre

# Slackening at a phrase's end under full rubato, and the final ritardando, as factors of the tempo.
PHRASE_END = 0.94
RITARDANDO = (0.96, 0.9, 0.82, 0.74)
SOFTEST, LOUDEST = 28, 118


def tempo_curve(
    tempo: float, rubato: float, phrases: Sequence[Phrase], metre: Metre, end: int
) -> tuple[tuple[int, float], ...]:
    """Tempo changes as (tick, beats a minute): a breath at phrase ends and a final ritardando."""
    points = {0: tempo}
    for phrase in phrases[:-1]:
        if rubato > 0:
            points[phrase.end - metre.beat] = tempo * (1 - (1 - PHRASE_END) * rubato)
            points[phrase.end] = tempo
    beats = min(len(RITARDANDO), metre.beats)
    for index, factor in enumerate(RITARDANDO[-beats:]):
        points[end - (beats - index) * metre.beat] = tempo * factor
    return tuple((tick, round(bpm, 2)) for tick, bpm in sorted(points.items()))


def dynamics_curve(
    level: float, spread: float, sections: Sequence[Section], phrases: Sequence[Phrase]
) -> tuple[tuple[int, int], ...]:
    """Velocity as (tick, velocity): each phrase grows and falls, a climax is the loudest place."""
    offset = {section.name: section.dynamics for section in sections}
    points: list[tuple[int, int]] = []
    for phrase in phrases:
        base = level + offset[phrase.section]
        peak = phrase.climax if phrase.climax is not None else (phrase.start + 2 * phrase.end) // 3
        height = spread / 2 if phrase.climax is not None else spread / 4
        if not points or phrase.start > points[-1][0]:
            points.append((phrase.start, _velocity(base - spread / 4)))
        if phrase.start < peak < phrase.end - 1:
            points.append((peak, _velocity(base + height)))
        points.append((phrase.end - 1, _velocity(base - spread / 3)))
    return tuple(points)


def _velocity(value: float) -> int:
    return min(LOUDEST, max(SOFTEST, round(value)))


def seconds(curve: Sequence[tuple[int, float]], metre: Metre, end: int) -> float:
    """How long the piece lasts under its tempo curve."""
    total = 0.0
    for (tick, bpm), following in zip(curve, [*(t for t, _ in curve[1:]), end], strict=True):
        total += (following - tick) / metre.beat * 60 / bpm
    return total
