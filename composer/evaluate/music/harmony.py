"""What is measured on chords that people wrote or the composer decided."""

from __future__ import annotations

import numpy as np

from composer.evaluate.music.notes import Music, Notes
from composer.evaluate.music.rhythm import WINDOW

DIATONIC = sum(1 << step for step in (0, 2, 4, 5, 7, 9, 11))
SCALES = tuple((DIATONIC << turn | DIATONIC >> (12 - turn)) & 0xFFF for turn in range(12))


def _changes(music: Music) -> Notes:
    """The chords that have another root or other notes than the one before."""
    found = music.chords
    same = (found["root"][1:] == found["root"][:-1]) & (found["tones"][1:] == found["tones"][:-1])
    return np.asarray(found[1:][~same])


def changes_a_bar(music: Music) -> float:
    """Changes of chord a bar of what has chords; an inversion is the same chord."""
    ticks = int(music.chords["end"].max() - music.chords["start"].min())
    return len(_changes(music)) * music.metre.bar / ticks


def off_downbeat(music: Music) -> float | None:
    """The share of changes of chord that do not fall on beat 1; None where there is no change."""
    changes = _changes(music)
    return float((changes["start"] % music.metre.bar != 0).mean()) if len(changes) else None


def distinct_chords(music: Music) -> float | None:
    """How many different chords begin in the first sixteen bars that have any; None of fewer."""
    begin = int(music.chords["start"].min())
    begin -= begin % music.metre.bar
    end = begin + WINDOW * music.metre.bar
    if music.chords["end"].max() < end:
        return None
    here = music.chords[music.chords["start"] < end]
    return float(len({(int(c["root"]), int(c["tones"])) for c in here}))


def outside_scale(music: Music) -> float:
    """The share of the chords' time with a note outside the diatonic scale that holds the most."""
    lasting = (music.chords["end"] - music.chords["start"]).astype(float)
    tones = music.chords["tones"].astype(int)
    inside = [lasting[(tones & ~scale) == 0].sum() for scale in SCALES]
    return float(1 - np.max(inside) / lasting.sum())
