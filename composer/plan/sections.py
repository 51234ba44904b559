"""Sections and the regions of the picture that they stand for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import dist

from analysis.analyse import Analysis
from analysis.regions import Region

# Bounds of what a region may change, so that sections differ and the piece stays one.
MOST_REGISTER = 4  # semitones
MOST_DYNAMICS = 10  # MIDI velocity
LEAST_DENSITY, MOST_DENSITY = 0.8, 1.25
RETURN_DYNAMICS = 4  # a section that comes back is a little louder


@dataclass(frozen=True, slots=True)
class Character:
    """How a section differs from the piece, and what in its region says so."""

    region: str
    register: int
    dynamics: int
    density: float
    why: str


def regions_by_letter(letters: Sequence[str], analysis: Analysis) -> Mapping[str, Region]:
    """The largest region for the first letter, then those most unlike the ones before them.

    With fewer regions than letters the last region serves again.
    """
    left = list(analysis.regions)
    chosen: dict[str, Region] = {}
    for letter in dict.fromkeys(letters):
        if left and not chosen:
            best = max(left, key=lambda region: region.share)
        elif left:
            taken = tuple(chosen.values())
            best = max(left, key=lambda region: _unlike(region, taken) * region.share**0.5)
        else:
            best = next(reversed(chosen.values()))
        if best in left:
            left.remove(best)
        chosen[letter] = best
    return chosen


def _unlike(region: Region, others: Sequence[Region]) -> float:
    """The least distance in lightness, redness and yellowness to the regions taken."""
    axes = ("light.lightness", "colour.redness", "colour.yellowness")
<<<<<<< HEAD
    place = [region.features[axis] for axis in axes]
    return min(dist(place, [other.features[axis] for axis in axes]) for other in others)
=======
    return min(
        math.hypot(*(region.features[axis] - other.features[axis] for axis in axes))
        for other in others
    )
>>>>>>> music


def character(region: Region, analysis: Analysis, returns: bool) -> Character:
    """Higher for light and high regions, louder for vivid ones, busier for detailed ones.

    Height to pitch and lightness to pitch hold within a picture (Spence 2011, 2019); the other two
    are conventions.
    """
    whole, own = analysis.features, region.features
    lighter = own["light.lightness"] - whole["light.lightness"]
    vivid = own["colour.chroma"] - whole["colour.chroma"]
    busier = (own["texture.edge_density"] + 0.02) / (whole["texture.edge_density"] + 0.02)
    register = _clip(round(lighter / 10 + (0.5 - region.y) * 4), -MOST_REGISTER, MOST_REGISTER)
    dynamics = _clip(round(vivid / 3), -MOST_DYNAMICS, MOST_DYNAMICS)
    density = min(MOST_DENSITY, max(LEAST_DENSITY, busier**0.5))
    parts = []
    if register:
        parts.append(f"{'lighter or higher' if register > 0 else 'darker or lower'} in the picture")
    if dynamics:
        parts.append("more vivid" if dynamics > 0 else "paler")
    if abs(density - 1) > 0.05:
        parts.append("more detailed" if density > 1 else "plainer")
    if returns:
        dynamics += RETURN_DYNAMICS
        parts.append("comes back")
    why = f"{region.name}: {', '.join(parts) or 'like the whole picture'}"
    return Character(region.name, register, dynamics, round(density, 3), why)


def _clip(value: int, low: int, high: int) -> int:
    return min(high, max(low, value))
