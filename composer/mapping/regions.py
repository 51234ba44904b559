"""Regions by name: every one of these words points at one region of any picture.

A term `in` a region is measured there; its value goes by the name `FEATURE in REGION` beside the
whole picture's, so that what decides, explains or replays needs to know nothing of regions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol


class Area(Protocol):
    """What is read of a region: x and y run from 0 at the left and the top to 1."""

    @property
    def share(self) -> float: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def features(self) -> Mapping[str, float]: ...


class Measured(Protocol):
    """What is read of an analysis."""

    @property
    def features(self) -> Mapping[str, float]: ...
    @property
    def regions(self) -> Sequence[Area]: ...


def _feature(name: str, sign: int = 1) -> Callable[[Area], float]:
    return lambda area: sign * area.features[name]


# Name -> what is the least in the region that is meant; of equals the one further to the left.
REGIONS: Mapping[str, Callable[[Area], float]] = MappingProxyType(
    {
        "dominant region": lambda area: -area.share,
        "smallest region": lambda area: area.share,
        "top region": lambda area: area.y,
        "bottom region": lambda area: -area.y,
        "left region": lambda area: area.x,
        "right region": lambda area: -area.x,
        "middle region": lambda area: (area.x - 0.5) ** 2 + (area.y - 0.5) ** 2,
        "lightest region": _feature("light.lightness", -1),
        "darkest region": _feature("light.lightness"),
        "most colourful region": _feature("colour.chroma", -1),
        "greyest region": _feature("colour.chroma"),
        "busiest region": _feature("texture.edge_density", -1),
        "calmest region": _feature("texture.edge_density"),
    }
)
# What a region has besides the features that it shares with the whole picture: range and meaning.
PLACE: Mapping[str, tuple[float, float, str]] = MappingProxyType(
    {
        "region.share": (0, 1, "Share of the picture that the region covers."),
        "region.x": (0, 1, "Where the region's middle lies: 0 left, 1 right."),
        "region.y": (0, 1, "Where the region's middle lies: 0 bottom, 1 top."),
    }
)


def measured(analysis: Measured) -> Mapping[str, float]:
    """Every value that a table can ask for: the picture's features, and each named region's.

    A picture has at least one region, so that each name finds one; several names may find the
    same.
    """
    found = dict(analysis.features)
    for name, rank in REGIONS.items() if analysis.regions else ():
        area = min(analysis.regions, key=rank)
        place = {"region.share": area.share, "region.x": area.x, "region.y": 1 - area.y}
        for feature, value in {**area.features, **place}.items():
            found[f"{feature} in {name}"] = value
    return found
