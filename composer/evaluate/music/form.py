"""What is measured on how a piece begins, goes on and ends."""

from __future__ import annotations

import numpy as np

from composer.evaluate.music.notes import Music
from composer.evaluate.music.rhythm import singing
from composer.evaluate.music.tune import GROUP
from composer.vocabulary import SINGERS

INTRODUCTION = 2  # bars without the melody, at least
OPENING = 2  # bars
SQUARE, EIGHT = 4, 8  # bars of a usual phrase and of a usual section


def introduction(music: Music) -> float:
    """1 where other parts play for two bars or more before the melody's first bar."""
    before = singing(music).start
    return float(before >= INTRODUCTION and _others(music, 0, before * music.metre.bar) > 0)


def coda(music: Music) -> float:
    """1 where other parts begin notes in a bar after the one in which the melody ends."""
    line, bar = music.melody, music.metre.bar
    after = (-(-int(line["end"][-1]) // bar)) * bar
    return float(_others(music, after, music.bars * bar) > 0)


def begun_and_ended(music: Music) -> float:
    """1 where there are both an introduction and a coda."""
    return introduction(music) * coda(music)


def _others(music: Music, begin: int, end: int) -> int:
    """How many notes other parts than the melody begin between two ticks."""
    starts = music.besides(*SINGERS)["start"]
    return int(((starts >= begin) & (starts < end)).sum())


def opening_density(music: Music) -> float:
    """Notes a bar that all parts begin in the first two bars, over those in a mean bar."""
    counts = np.bincount(np.maximum(music.notes["start"], 0) // music.metre.bar)
    return float(counts[:OPENING].mean() / (counts.sum() / music.bars))


def unsquare_phrases(music: Music) -> float:
    """The share of phrases that are not of four bars."""
    return _unlike(music, music.phrases, SQUARE)


def unsquare_sections(music: Music) -> float:
    """The share of sections that are not of eight bars."""
    return _unlike(music, music.sections, EIGHT)


def _unlike(music: Music, spans: tuple[tuple[int, int], ...], bars: int) -> float:
    return float(np.mean([end - start != bars * music.metre.bar for start, end in spans]))


def density_contrast(music: Music) -> float | None:
    """Of the piece's whole groups of four bars in which the melody begins a note, how many it
    begins in the densest over those in the thinnest; None where there are fewer than two."""
    groups = np.maximum(music.melody["start"], 0) // (GROUP * music.metre.bar)
    counts = np.bincount(groups[groups < music.bars // GROUP])
    sung = counts[counts > 0]
    return float(sung.max() / sung.min()) if len(sung) > 1 else None


def square_loudness(music: Music) -> float | None:
    """The share of the variance of bars' mean velocity that the bar's place in its group of four
    explains (R²); None where every bar is as loud, or there are fewer than eight."""
    found = music.notes[music.notes["start"] >= 0]
    bars = found["start"] // music.metre.bar
    loud = np.bincount(bars, weights=found["velocity"], minlength=music.bars)
    count = np.bincount(bars, minlength=music.bars)
    here = np.flatnonzero(count)
    means = loud[here] / count[here]
    if len(here) < 2 * GROUP or means.std() < 1e-9:
        return None
    place = here % GROUP
    explained = [means[place == each].mean() for each in place]
    return float(np.var(explained) / np.var(means))
