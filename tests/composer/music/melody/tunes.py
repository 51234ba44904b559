"""Melodies to measure: decisions made by hand, a painted skyline, and every seed one likes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

import numpy as np

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import load
from analysis.picture.skyline import Skyline
from composer.music.harmony import harmonise
from composer.music.melody import SungMelody, sing_melody
from composer.music.melody.by_rules import RulesSinger
from composer.music.plan import make_plan
from composer.table import Decision, Decisions
from composer.values import Plan
from theory.noise import Noise

MADE: dict[str, str | float] = {
    "metre": "4/4",
    "form": "period",
    "bars": 16,
    "tonic": "D",
    "mode": "ionian",
    "language": "strict",
    "tempo": 100,
    "rubato": 0.5,
    "dynamics": 72,
    "dynamic_range": 20,
    "register": 71,
    "range": 13,
    "cadence": "authentic",
    "upbeat": "none",
    "chords": "triads",
    "progression": "pastoral",
    "harmonic_rhythm": 1,
    "dissonance": 0.3,
    "density": 1.4,
    "syncopation": 0.0,
    "melodic_scale": "heptatonic",
    "middle_key": "home",
    "swing": 0,
    "articulation": 0.9,
    "valence": 0,
    "arousal": 0,
    "mood": "calm",
    "ensemble": "solo piano",
    "melody_instrument": "piano",
    "counter_instrument": "piano",
    "chord_instrument": "piano",
    "bass_instrument": "piano",
    "counter_melody": "none",
    "chord_pattern": "block",
    "bass_pattern": "held",
    "drum_pattern": "none",
}
# One family a mode and language, with all metres, forms and densities shared out among them.
KINDS: tuple[dict[str, str | float], ...] = (
    {"progression": "pastoral"},
    {"progression": "folk", "metre": "6/8", "upbeat": "quaver", "density": 2.0},
    {"progression": "hymn", "metre": "3/4", "density": 1.0, "harmonic_rhythm": 1.5},
    {
        "progression": "bright pop",
        "language": "popular",
        "form": "binary",
        "density": 1.8,
        "syncopation": 1,
    },
    {"progression": "circle of fifths", "chords": "sevenths", "form": "sentence", "upbeat": "beat"},
    {"progression": "romantic", "metre": "9/8", "density": 1.6, "form": "ternary", "bars": 24},
    {
        "progression": "aeolian anthem",
        "mode": "aeolian",
        "language": "popular",
        "density": 1.2,
        "syncopation": 0.6,
    },
    {
        "progression": "lament",
        "mode": "aeolian",
        "metre": "3/4",
        "density": 0.7,
        "form": "sentence",
    },
    {"progression": "minor drama", "mode": "harmonic minor", "density": 2.4, "harmonic_rhythm": 2},
    {
        "progression": "minor circle",
        "mode": "aeolian",
        "metre": "5/4",
        "form": "ternary",
        "bars": 20,
    },
    {"progression": "lydian wonder", "mode": "lydian", "metre": "6/8", "harmonic_rhythm": 0.5},
    {"progression": "mixolydian road", "mode": "mixolydian", "language": "popular", "density": 2.0},
    {
        "progression": "celtic",
        "mode": "mixolydian",
        "metre": "12/8",
        "language": "modal",
        "density": 2.2,
    },
    {"progression": "dorian vamp", "mode": "dorian", "language": "popular", "chords": "sevenths"},
    {
        "progression": "dorian ballad",
        "mode": "dorian",
        "language": "modal",
        "density": 0.9,
        "bars": 32,
    },
    {
        "progression": "flamenco",
        "mode": "phrygian",
        "metre": "3/4",
        "language": "modal",
        "range": 10,
    },
)
SKYLINES = {
    "flat": Skyline((0.5,) * 64, 0.0),
    "hill": Skyline(tuple(np.sin(np.linspace(0, np.pi, 64)).tolist()), 0.8),
    "rising": Skyline(tuple(np.linspace(0.1, 0.9, 64).tolist()), 1.0),
    "falling": Skyline(tuple(np.linspace(0.9, 0.1, 64).tolist()), 1.0),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A plan and the melody sung to it."""

    plan: Plan
    tune: SungMelody


def decisions(**made: str | float) -> Decisions:
    """Every decision that a plan is made of, some of them given."""
    values: dict[str, str | float] = {**MADE, **made}
    return Decisions(
        {
            name: Decision(
                name,
                "choice" if isinstance(value, str) else "number",
                value if isinstance(value, str) else Decimal(str(value)),
                *("", (), {}, {}, {}, None, None),
            )
            for name, value in values.items()
        },
        {},
        {},
    )


@lru_cache(maxsize=1)
def _picture() -> Analysis:
    rgb = np.zeros((60, 90, 3), np.uint8)
    rgb[:35] = (150, 190, 240)
    rgb[35:] = (20, 60, 120)
    rgb[10:25, 55:70] = (230, 60, 30)
    return analyse(load(rgb, "sea.png"))


def picture(skyline: str = "hill") -> Analysis:
    """A sea with a red sun, under a skyline of one's own."""
    return replace(_picture(), skyline=SKYLINES[skyline])


@lru_cache(maxsize=512)
def sample(kind: int, seed: int = 0, skyline: str = "hill") -> Sample:
    """One of KINDS, sung."""
    return sung(seed, skyline, **KINDS[kind])


def sung(seed: int, skyline: str = "hill", **made: str | float) -> Sample:
    """A melody from decisions of one's own."""
    plan = make_plan(decisions(**made), picture(skyline))
    noise = Noise(seed)
    harmony = harmonise(plan, noise)
    return Sample(plan, sing_melody(plan, harmony, RulesSinger(plan, harmony, noise)))
