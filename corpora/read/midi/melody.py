"""Which track of a MIDI file is the melody: by its name, by the words sung to it, by its features.

What no name and no lyrics give away is told by a linear model over a dozen features of each track,
every one a number that a musician would name; the track with the greatest sum is the melody. The
weights are a conditional logit (McFadden 1974), fitted with names hidden.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from corpora.errors import Unreadable
from corpora.read.midi.parse import MidiScore, Track

NAMES = re.compile(
    r"melod|vocal|(?<!syn )(?<!synth )\bvox\b|lead\s*vo|\bsing(er|ing)?\b|\bvoi?c(e|es|al)?\b"
    r"|\bcanto\b|\bvo[zc]e?\b|gesang|\bzang\b|\bchant\b|stemme",
    re.IGNORECASE,
)
# Who sings besides, and General MIDI's own names of sounds.
OTHERS = re.compile(
    r"ba?c?k\b|back|bak\b|harm|choir|chorus|\bbg|\b(2|ii)nd|second|counter|o+hs?\b|a+hs?\b|syn|"
    r"space|double|dbl|pad|[2-9]\W*$|\bii\b|strings|fx|echo|guide\s*off",
    re.IGNORECASE,
)
FEWEST = 16
# Words that meet their notes at least so often (the harmonic mean of both shares) tell the melody.
SUNG = 0.6
# Seconds would ask for the tempo: a thirty-second note is near enough for a word and its note.
WORD = 0.125
# General MIDI's basses.
BASSES = range(32, 40)
FEATURES = (
    "one voice",
    "height",
    "height squared",
    "range",
    "leaps",
    "repeated notes",
    "notes a quarter",
    "coverage",
    "legato",
    "velocity",
    "variety",
    "above the others",
    "pad or choir sound",
    "guitar sound",
    "breaths",
    "off the beat",
)


def find(score: MidiScore) -> Track:
    """The melody's track. Raises Unreadable where no track can be one."""
    able = candidates(score)
    if not able:
        raise Unreadable("no track of sixteen notes")
    named = by_name(able, score.tracks)
    if named:
        able = named
    else:
        sung = by_words(able, score.words)
        if sung is not None:
            return sung
    if len(able) == 1:
        return able[0]
    worth = features(able, score) @ WEIGHTS
    return able[int(worth.argmax())]


def candidates(score: MidiScore) -> tuple[Track, ...]:
    """The tracks that can be a melody; basses only where there is nothing else."""
    able = [track for track in score.tracks if not track.drums and len(track.onset) >= FEWEST]
    high = [track for track in able if track.program not in BASSES]
    return tuple(high or able)


def by_name(able: tuple[Track, ...], tracks: tuple[Track, ...]) -> tuple[Track, ...]:
    """The tracks that are called a melody; a name that three tracks or the drums share is none."""
    shared = Counter(track.name for track in tracks)
    drums = {track.name for track in tracks if track.drums}
    return tuple(
        track
        for track in able
        if NAMES.search(track.name)
        and not OTHERS.search(track.name)
        and shared[track.name] < 3
        and track.name not in drums
    )


def by_words(able: tuple[Track, ...], words: np.ndarray) -> Track | None:
    """The track whose onsets meet the lyrics, `words` in quarter notes, if one does."""
    if len(words) < FEWEST:
        return None
    best = max(able, key=lambda track: meeting(track.onset, words))
    return best if meeting(best.onset, words) >= SUNG else None


def meeting(onset: np.ndarray, words: np.ndarray) -> float:
    """How well notes and words meet: the harmonic mean of the shares of both that do, 0 to 1."""
    onset = np.unique(onset)
    notes = float((_nearest(onset, words) < WORD).mean())
    sung = float((_nearest(words, onset) < WORD).mean())
    return 2 * notes * sung / max(notes + sung, 1e-9)


def _nearest(these: np.ndarray, those: np.ndarray) -> np.ndarray:
    """How far each of `these` is from the nearest of `those`, which are sorted."""
    after = np.clip(np.searchsorted(those, these), 1, max(len(those) - 1, 1))
    right = np.abs(those[np.minimum(after, len(those) - 1)] - these)
    return np.asarray(np.minimum(right, np.abs(those[after - 1] - these)))


def features(able: tuple[Track, ...], score: MidiScore) -> np.ndarray:
    """The features of each track: an array (tracks, len(FEATURES))."""
    end = max(float((track.onset + track.duration).max()) for track in score.tracks)
    rows = np.array([_row(track, end) for track in able])
    heights = np.array([track.pitch.mean() for track in able])
    above = np.array([(heights < height).sum() for height in heights]) / max(len(able) - 1, 1)
    rows[:, FEATURES.index("above the others")] = above
    velocity = FEATURES.index("velocity")
    rows[:, velocity] -= rows[:, velocity].mean()
    return rows


def _row(track: Track, end: float) -> list[float]:
    onset, first = np.unique(np.round(track.onset * 24).astype(int), return_index=True)
    count = np.diff(np.append(first, len(track.onset)))
    top = np.maximum.reduceat(track.pitch, first)
    ends = np.maximum.reduceat(track.onset + track.duration, first)
    starts = track.onset[first]
    gap = np.diff(starts) if len(starts) > 1 else np.array([1.0])
    # Alone: struck with no other note, and not held into the next by over an eighth of its length.
    held = np.append(ends[:-1] - starts[1:] > 0.25 * (ends[:-1] - starts[:-1]), False)
    alone = float(((count == 1) & ~held).mean())
    leap = np.abs(np.diff(top)) if len(top) > 1 else np.array([0])
    height = (float(top.mean()) - 66) / 12
    bars = np.floor(starts / 4).astype(int)
    covered = len(np.unique(bars)) / max(np.ceil(end / 4), 1)
    rest = starts[1:] - ends[:-1]
    breaths = float((rest > 0.9).mean()) if len(rest) else 0.0
    # How many of the tune's three-note turns with their rhythm are new.
    turns = list(zip(np.diff(top)[:-1], np.diff(top)[1:], np.round(gap[:-1] * 4), strict=True))
    variety = len(set(turns)) / max(len(turns), 1)
    family = track.program // 8
    return [
        alone,
        height,
        height**2,
        (float(np.quantile(top, 0.95) - np.quantile(top, 0.05)) - 12) / 12,
        float(np.minimum(leap, 12).mean()) / 4,
        float((leap == 0).mean()),
        float(np.log(len(starts) / max(len(np.unique(bars)), 1) / 4)),
        covered,
        float(np.median(np.minimum((ends[:-1] - starts[:-1]) / np.maximum(gap, 1e-3), 1.5)))
        if len(starts) > 1
        else 1.0,
        float(track.velocity.mean()) / 20,
        variety,
        0.0,
        float(family in (11, 12) or 48 <= track.program <= 52),
        float(family == 3),
        breaths * 4,
        float((onset % 12 > 0).mean()),
    ]


# In the order of FEATURES. Fitted on POP909's even songs (a third of the weight) and on those files
# of an archive from the web whose tracks' names tell the melody, half of them by a checksum of the
# files' names, with a penalty of 2e-3/3 on the squared weights.
_FITTED = "4.52 .62 -1.00 -.77 -1.69 .23 -.31 4.13 .74 1.25 -.92 .23 -1.14 -1.28 -.58 .60"
WEIGHTS = np.array([float(weight) for weight in _FITTED.split()])
