"""The one table of measures on a piece: name, unit, what it is counted on, and by which function.

docs/measures.md says of each what it is, whose it is and what people do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from composer.evaluate.music import form, harmony, rhythm, texture, tune
from composer.evaluate.music.notes import (
    BASS,
    CHORDS,
    COUNTER,
    MELODY,
    PARTS,
    PHRASES,
    PLAYED,
    VELOCITY,
    Music,
)

MOST_BARS = 32  # that a measure of detail reads: what a longer piece repeats says no more of it
FEWEST = 8  # notes of a melody that is measured
SIDE = "side to mid"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is measured on a piece.

    measured: of a piece the figure, or None where it has no such thing.
    needs: what a source has to know; a piece without it has no figure.
    whole: is it read off the whole piece, not off its first MOST_BARS bars?
    yes_or_no: is it 1 or 0, so that its mean is a share of pieces?
    """

    name: str
    unit: str
    measured: Callable[[Music], float | None]
    needs: frozenset[str]
    whole: bool = False
    yes_or_no: bool = False


def _sung(music: Music, measured: Callable[[Music], float | None]) -> float | None:
    """What is measured on a melody, if there are enough notes of it."""
    return measured(music) if len(music.melody) >= FEWEST else None


def of_piece(music: Music) -> dict[str, float]:
    """All that can be measured on a piece, by name."""
    short = music.first(MOST_BARS)
    found: dict[str, float] = {}
    for measure in MEASURES.values():
        if measure.needs <= music.known:
            read = music if measure.whole else short
            sings = MELODY in measure.needs
            value = _sung(read, measure.measured) if sings else measure.measured(read)
            if value is not None:
                found[measure.name] = value
    if "side_to_mid" in music.facts:
        found[SIDE] = music.facts["side_to_mid"]
    return found


_SHARE, _PIECES = "share", "share of pieces"
_ROWS: tuple[Measure, ...] = (
    *(
        Measure(name, unit, function, frozenset({MELODY}))
        for name, unit, function in (
            ("melody notes a bar", "notes", rhythm.notes_a_bar),
            ("melody density, variation over bars", "ratio", rhythm.density_variation),
            ("distinct bar rhythms in 16 bars", "rhythms", rhythm.bar_rhythms),
            ("syncopation a bar", "levels", rhythm.syncopation),
            ("bars without a melody onset on 1", _SHARE, rhythm.without_downbeat),
            ("melody range", "semitones", tune.compass),
            ("leaps over 4 semitones", _SHARE, tune.leaps),
            ("new (interval, inter-onset) trigrams", _SHARE, tune.novelty),
            ("bars repeated exactly", _SHARE, tune.repeated_bars),
            ("density of 4-bar groups, greatest over least", "ratio", form.density_contrast),
            ("spread of 4-bar mean pitch", "semitones", tune.height_contrast),
        )
    ),
    Measure("highest note's place", _SHARE, tune.highest_at, frozenset({MELODY}), True),
    Measure("highest note once, at .6–.85", _PIECES, tune.climax, frozenset({MELODY}), True, True),
    Measure("a one-note spike", _PIECES, tune.spike, frozenset({MELODY}), True, True),
    *(
        Measure(name, _PIECES, function, frozenset({MELODY, PARTS}), True, True)
        for name, function in (
            ("an introduction", form.introduction),
            ("a coda", form.coda),
            ("introduction and coda", form.begun_and_ended),
        )
    ),
    Measure(
        "first two bars' density over the mean", "ratio", form.opening_density, frozenset({PARTS})
    ),
    Measure("phrases not of 4 bars", _SHARE, form.unsquare_phrases, frozenset({PHRASES}), True),
    Measure("sections not of 8 bars", _SHARE, form.unsquare_sections, frozenset({PHRASES}), True),
    Measure(
        "loudness by place in the 4-bar group",
        "R²",
        form.square_loudness,
        frozenset({VELOCITY, PARTS}),
    ),
    *(
        Measure(name, unit, function, frozenset({CHORDS}))
        for name, unit, function in (
            ("chord changes a bar", "changes", harmony.changes_a_bar),
            ("chord changes off beat 1", _SHARE, harmony.off_downbeat),
            ("distinct chords in 16 bars", "chords", harmony.distinct_chords),
            ("chord time outside one scale", _SHARE, harmony.outside_scale),
        )
    ),
    *(
        Measure(name, unit, function, frozenset({PARTS}))
        for name, unit, function in (
            ("distinct whole-bar rhythms", _SHARE, texture.whole_rhythms),
            ("commonest drum bar", _SHARE, texture.commonest_drum_bar),
            ("semitones and tritones at once", _SHARE, texture.sharp_intervals),
            ("simultaneous notes", "notes", texture.at_once),
        )
    ),
    Measure(
        "counter-melody's onsets outside the melody's",
        _SHARE,
        texture.counter_onsets,
        frozenset({MELODY, COUNTER}),
    ),
    Measure("bass steps", _SHARE, texture.bass_steps, frozenset({BASS})),
    Measure("gap above the bass", "semitones", texture.gap_over_bass, frozenset({BASS, PARTS})),
    Measure(
        "velocity, 5th to 95th percentile", "1–127", texture.velocity_spread, frozenset({VELOCITY})
    ),
    Measure("silence of all parts", _SHARE, texture.silence, frozenset({PARTS})),
    Measure("a silence of all parts", _PIECES, texture.silent, frozenset({PARTS}), True, True),
    Measure("notes 2–30 ms off the grid", _SHARE, texture.off_grid, frozenset({PLAYED})),
)
MEASURES: Mapping[str, Measure] = MappingProxyType({each.name: each for each in _ROWS})
