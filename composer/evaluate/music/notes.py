"""A piece as all measures know it, wherever it comes from: arrays of notes and chords, and facts.

Written time is whole ticks, 24 to the quarter note, from the first barline; played time is quarter
notes from the same place. What a source does not say is not in `known`, and nobody guesses it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from composer.vocabulary import ROLES, SINGERS
from theory.metre import METRES, Metre

# start, end: written ticks. pitch: a MIDI number, of a drum its key. velocity: 1–127, 0 unknown.
# role: its number in ROLES. program: General MIDI's. at, until: played, in quarter notes. off:
# milliseconds by which it is played late against the nearest line of the grid; nan unknown.
NOTE = np.dtype(
    [
        ("start", np.int32),
        ("end", np.int32),
        ("pitch", np.int16),
        ("velocity", np.int16),
        ("role", np.uint8),
        ("program", np.int16),
        ("at", np.float64),
        ("until", np.float64),
        ("off", np.float64),
    ]
)
# root: a pitch class. tones: a bit for each pitch class that it has, C the lowest.
CHORD = np.dtype([("start", np.int32), ("end", np.int32), ("root", np.int8), ("tones", np.uint16)])
Notes = NDArray[np.void]
Span = tuple[int, int]

# What a source may know beside its notes.
MELODY, CHORDS, PARTS, BASS, COUNTER = "melody", "chords", "parts", "bass", "counter-melody"
VELOCITY, PLAYED, PHRASES, PICTURE = "velocity", "played", "phrases", "picture"

# The grid that players keep to or not: semiquavers and the sixths of a quarter note, in quarters.
GRID = np.unique(np.concatenate([np.arange(5) / 4, np.arange(7) / 6]))


@dataclass(frozen=True)  # no slots: what all measures ask for is kept
class Music:
    """A piece.

    notes, chords: arrays of NOTE and CHORD in order of their starts.
    known: what its source says. sections, phrases: from tick to tick, where "phrases" is known.
    shown: of a composed piece those sections that show the picture's outline.
    facts: numbers of the whole: tempo (quarter notes a minute), tonic (a pitch class), and of a
      composed piece valence, arousal and, with sound, side_to_mid (decibels).
    language: of a composed piece. skyline, features: of its picture, where "picture" is known.
    """

    title: str
    source: str
    metre: Metre
    bars: int
    notes: Notes
    chords: Notes
    known: frozenset[str]
    facts: Mapping[str, float] = field(default_factory=dict)
    language: str = ""
    sections: tuple[Span, ...] = ()
    phrases: tuple[Span, ...] = ()
    shown: tuple[Span, ...] = ()
    skyline: tuple[float, ...] = ()
    features: tuple[float, ...] = ()

    def of(self, *roles: str) -> Notes:
        """The notes of these roles."""
        return self.notes[np.isin(self.notes["role"], [ROLES.index(role) for role in roles])]

    def besides(self, *roles: str) -> Notes:
        """The notes of all other roles."""
        return self.notes[~np.isin(self.notes["role"], [ROLES.index(role) for role in roles])]

    @cached_property
    def melody(self) -> Notes:
        """The melody, one note at a time: of notes that begin together the highest."""
        sung = self.of(*SINGERS)
        sung = sung[np.lexsort((-sung["pitch"], sung["start"]))]
        return sung[np.unique(sung["start"], return_index=True)[1]]

    @cached_property
    def pitched(self) -> Notes:
        """All notes but drums'."""
        return self.besides("drums")

    def first(self, bars: int) -> Music:
        """Its first bars alone."""
        end = bars * self.metre.bar
        if self.bars <= bars:
            return self
        notes = self.notes[self.notes["start"] < end].copy()
        chords = self.chords[self.chords["start"] < end].copy()
        for each in (notes, chords):
            each["end"] = np.minimum(each["end"], end)
        return replace(self, bars=bars, notes=notes, chords=chords)


def notes(rows: Sequence[tuple[float, ...]]) -> Notes:
    """Rows of NOTE as an array, in order."""
    return ordered(np.array([tuple(row) for row in rows], NOTE))


def ordered(found: Notes) -> Notes:
    return found[np.lexsort((found["pitch"], found["start"]))]


def chords(rows: Sequence[tuple[int, int, int, Sequence[int]]]) -> Notes:
    """(start, end, root, pitch classes) as an array of CHORD."""
    return np.array([(s, e, root, mask(tones)) for s, e, root, tones in rows], CHORD)


def mask(tones: Sequence[int]) -> int:
    """Pitch classes as bits.

    >>> mask([0, 4, 7])
    145
    """
    return sum(1 << tone for tone in {tone % 12 for tone in tones})


def classes(tones: int) -> tuple[int, ...]:
    """The pitch classes of a mask."""
    return tuple(each for each in range(12) if tones >> each & 1)


def off_grid(at: NDArray[np.float64], pace: NDArray[np.float64]) -> NDArray[np.float64]:
    """Milliseconds after (or, negative, before) the nearest line of the grid.

    at: quarter notes. pace: seconds a quarter note there.
    """
    place = at % 1
    line = np.abs(place[:, None] - GRID[None]).argmin(axis=1)
    return np.asarray(1000 * (place - GRID[line]) * pace)


def saved(music: Music) -> bytes:
    """The bytes of a file that holds a piece."""
    facts = {
        "title": music.title,
        "source": music.source,
        "metre": music.metre.name,
        "bars": music.bars,
        "known": sorted(music.known),
        "facts": dict(music.facts),
        "language": music.language,
        "sections": music.sections,
        "phrases": music.phrases,
        "shown": music.shown,
        "skyline": music.skyline,
        "features": music.features,
    }
    held = io.BytesIO()
    np.savez_compressed(held, notes=music.notes, chords=music.chords, facts=json.dumps(facts))
    return held.getvalue()


def restored(data: bytes) -> Music:
    """The piece that `saved` wrote. Raises ValueError, KeyError, OSError, EOFError or one of
    zipfile's errors for anything else."""
    with np.load(io.BytesIO(data), allow_pickle=False) as held:
        facts = json.loads(str(held["facts"]))
        return Music(
            title=facts["title"],
            source=facts["source"],
            metre=METRES[facts["metre"]],
            bars=facts["bars"],
            notes=held["notes"].astype(NOTE),
            chords=held["chords"].astype(CHORD),
            known=frozenset(facts["known"]),
            facts=facts["facts"],
            language=facts["language"],
            sections=tuple((start, end) for start, end in facts["sections"]),
            phrases=tuple((start, end) for start, end in facts["phrases"]),
            shown=tuple((start, end) for start, end in facts["shown"]),
            skyline=tuple(facts["skyline"]),
            features=tuple(facts["features"]),
        )
