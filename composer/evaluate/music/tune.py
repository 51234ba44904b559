"""What is measured on a melody's pitches."""

from __future__ import annotations

import numpy as np

from composer.evaluate.music.notes import Music
from theory.metre import QUARTER

LEAP = 4  # semitones beyond which an interval is a leap
GROUP = 4  # bars of a group
SPIKE = 7  # semitones up and down again
CLIMAX = (0.6, 0.85)  # of the piece: where a climax is looked for


def compass(music: Music) -> float:
    """Semitones from the lowest note to the highest."""
    return float(np.ptp(music.melody["pitch"]))


def leaps(music: Music) -> float:
    """The share of intervals that are leaps."""
    return float((np.abs(np.diff(music.melody["pitch"])) > LEAP).mean())


def novelty(music: Music) -> float:
    """The share of trigrams of (interval, time from onset to onset) that occurred not before."""
    line = music.melody
    steps = list(zip(np.diff(line["pitch"]).tolist(), np.diff(line["start"]).tolist(), strict=True))
    trigrams = list(zip(steps, steps[1:], steps[2:], strict=False))
    return len({*trigrams}) / len(trigrams)


def repeated_bars(music: Music) -> float:
    """The share of the melody's bars with notes that begin the same pitches at the same places as
    an earlier one."""
    bars: dict[int, list[tuple[int, int]]] = {}
    for start, pitch in music.melody[["start", "pitch"]].tolist():
        number, place = divmod(start, music.metre.bar)
        bars.setdefault(number, []).append((place, pitch))
    return 1 - len({tuple(bar) for bar in bars.values()}) / len(bars)


def height_contrast(music: Music) -> float:
    """Semitones between the highest and the lowest mean pitch of groups of four bars."""
    groups = np.maximum(music.melody["start"], 0) // (GROUP * music.metre.bar)
    means = [music.melody["pitch"][groups == each].mean() for each in np.unique(groups)]
    return float(np.ptp(means))


def spike(music: Music) -> float:
    """1 where a short note, a quarter note at most, is leapt up to by a fifth or more and left by
    as much downward."""
    line = music.melody
    pitches = line["pitch"].astype(int)
    short = (line["end"] - line["start"])[1:-1] <= QUARTER
    up, down = np.diff(pitches)[:-1] >= SPIKE, np.diff(pitches)[1:] <= -SPIKE
    return float((up & down & short).any())


def highest_at(music: Music) -> float:
    """Where the highest note first begins, as a share of the piece."""
    line = music.melody
    return float(line["start"][line["pitch"].argmax()] / (music.bars * music.metre.bar))


def climax(music: Music) -> float:
    """1 where the highest note comes once, and between .6 and .85 of the piece."""
    pitches = music.melody["pitch"]
    once = int((pitches == pitches.max()).sum()) == 1
    return float(once and CLIMAX[0] <= highest_at(music) <= CLIMAX[1])
