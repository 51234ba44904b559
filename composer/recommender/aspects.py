"""What is compared: for every aspect what a picture asks, what a piece is, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

from composer.table import Decisions

Floats = NDArray[np.float64]
Features = Mapping[str, Floats]
MAJOR = ("lydian", "ionian", "mixolydian")
# Majorness that counts as quite major or quite minor, and how the composer's dissonance (0 to 1)
# lies on what is measured.
MODAL = 0.2
SMOOTH, ROUGHER = 0.08, 0.2
# By how much the mean of all sounding pitches lies under the tune's, where only that is known.
UNDER = 10.0


@dataclass(frozen=True, slots=True)
class MatchAspect:
    """One thing that is compared.

    spread: the distance that counts as the greatest, 1. weight: of its part in the sum; the mood's
    two are the main road, as colour and music agree through emotion (Palmer et al. 2013; Whiteford
    et al. 2018), the others side roads. notes, sound: the confidence in what is measured. lower,
    higher: how a piece is called that lies below and above what was asked; low, high: one that
    agrees and lies beyond `ends`.
    """

    name: str
    weight: float
    spread: float
    notes: float
    sound: float
    lower: str
    higher: str
    low: str
    high: str
    ends: tuple[float, float]
    asked: Callable[[Decisions], float]
    found: Callable[[Features], Floats | None]


def _number(name: str) -> Callable[[Decisions], float]:
    return lambda made: made.number(name)


def _feature(name: str) -> Callable[[Features], Floats | None]:
    return lambda features: features.get(name)


def _log(name: str) -> Callable[[Features], Floats | None]:
    def found(features: Features) -> Floats | None:
        values = features.get(name)
        return None if values is None else np.log2(np.maximum(values, 1e-3))

    return found


def _mode(made: Decisions) -> float:
    return MODAL if made.choice("mode") in MAJOR else -MODAL


def _majorness(features: Features) -> Floats | None:
    values = features.get("harmony.majorness")
    return None if values is None else np.clip(values, -MODAL, MODAL)


def _pace(made: Decisions) -> float:
    return log2(max(0.05, made.number("density") * made.number("tempo") / 60))


def _arousal(features: Features) -> Floats | None:
    """Nothing is known of it where nobody knows how fast the notes go."""
    values, pace = features.get("arousal"), features.get("time.onset_rate")
    return None if values is None or pace is None else np.where(np.isnan(pace), np.nan, values)


def _height(features: Features) -> Floats | None:
    tune, all_ = features.get("pitch.melody"), features.get("pitch.register")
    if all_ is None:
        return tune
    return all_ + UNDER if tune is None else np.where(np.isnan(tune), all_ + UNDER, tune)


ASPECTS: tuple[MatchAspect, ...] = (
    MatchAspect(
        "valence", 3, 1.5, 1, 0.8, "darker", "brighter", "dark", "bright",
        (-0.2, 0.2), _number("valence"), _feature("valence"),
    ),
    MatchAspect(
        "arousal", 3, 1.5, 1, 0.9, "calmer", "livelier", "calm", "lively",
        (-0.2, 0.2), _number("arousal"), _arousal,
    ),
    MatchAspect(
        "tempo", 0.6, 0.8, 1, 0, "slower", "faster", "slow", "fast",
        (log2(76), log2(126)), lambda made: log2(made.number("tempo")), _log("time.tempo"),
    ),
    MatchAspect(
        "mode", 0.8, 2 * MODAL, 0.9, 0.6, "more minor", "more major", "minor", "major",
        (-0.01, 0.01), _mode, _majorness,
    ),
    MatchAspect(
        "pace", 0.6, 1.5, 1, 0.9, "sparser", "busier", "sparse", "busy",
        (log2(1.8), log2(4)), _pace, _log("time.onset_rate"),
    ),
    MatchAspect(
        "density", 0.3, 1.5, 1, 0, "with fewer notes a beat",
        "with more notes a beat", "with few notes a beat", "with many notes a beat",
        (log2(0.9), log2(2.2)), lambda made: log2(made.number("density")), _log("time.density"),
    ),
    MatchAspect(
        "register", 0.5, 16, 1, 0.5, "lower", "higher", "low", "high",
        (66, 75), _number("register"), _height,
    ),
    MatchAspect(
        "articulation", 0.3, 0.5, 1, 0, "more detached", "more joined",
        "detached", "joined", (0.7, 0.93), _number("articulation"), _feature("time.articulation"),
    ),
    MatchAspect(
        "loudness", 0.4, 40, 1, 0, "softer", "louder", "soft", "loud",
        (62, 88), _number("dynamics"), _feature("loudness.velocity"),
    ),
    MatchAspect(
        "dissonance", 0.3, 0.2, 0.9, 0, "smoother", "rougher", "smooth",
        "rough", (0.1, 0.19), lambda made: SMOOTH + ROUGHER * made.number("dissonance"),
        _feature("harmony.dissonance"),
    ),
)  # fmt: skip
# The distance, of the greatest, that counts for what is asked and not known of a piece: that of a
# middling match, so that pieces of which little is known are not the best of all.
UNKNOWN = 0.2
NAMES = tuple(aspect.name for aspect in ASPECTS)


def compared(features: Features, count: int) -> NDArray[np.float32]:
    """What is compared of pieces, in spreads, shape (pieces, aspects); nan what is not known.

    features: those of the catalogue by name, valence and arousal with them; shape (count,) each.
    """
    found = np.full((count, len(ASPECTS)), np.nan, np.float32)
    for column, aspect in enumerate(ASPECTS):
        values = aspect.found(features)
        if values is not None:
            found[:, column] = values / aspect.spread
    return found


def wanted(made: Decisions) -> NDArray[np.float32]:
    """What a picture's decisions ask of a piece, in spreads, shape (aspects,)."""
    return np.array([each.asked(made) / each.spread for each in ASPECTS], np.float32)


def weights(source: str) -> NDArray[np.float32]:
    """Each aspect's weight for pieces that were measured on their notes or their sound."""
    return np.array(
        [each.weight * (each.sound if source == "sound" else each.notes) for each in ASPECTS],
        np.float32,
    )
