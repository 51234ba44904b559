"""A picture becomes its features, palette, regions and skyline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from analysis.picture import colour, layout, maps, palette, regions, skyline, texture
from analysis.picture.catalogue import CATALOGUE
from analysis.picture.load import Picture
from analysis.picture.palette import Swatch
from analysis.picture.regions import Region
from analysis.picture.skyline import Skyline


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is measured on a picture.

    features: one value for every name of the catalogue, in its order, unit and range.
    palette: the largest colour first.  regions: from left to right.
    labels: which region each place belongs to, by its number: (h, w) uint8, at most 72 a side.
    """

    picture: Picture
    features: Mapping[str, float]
    palette: tuple[Swatch, ...]
    regions: tuple[Region, ...]
    skyline: Skyline
    labels: np.ndarray = field(repr=False, compare=False)


def analyse(picture: Picture) -> Analysis:
    """Measure a picture. The same picture gives the same values, to the last digit.

    Also on another processor: what is measured is exact, or differs there by less than 1e-9.
    """
    measured = maps.measure(picture.pixels)
    swatches = palette.find(picture.pixels)
    areas, labels = regions.find(measured)
    contour = skyline.find(measured)
    found = {
        **colour.of_pixels(measured),
        **palette.features(swatches),
        **colour.gradients(measured.lightness),
        **texture.of_pixels(measured),
        **texture.of_picture(measured),
        **layout.measure(measured, picture.width, picture.height),
        "layout.region_count": float(len(areas)),
        **skyline.features(contour),
        "layout.skyline_strength": contour.strength,
    }
    # Six decimals: far finer than any rule, far coarser than what processors differ by, and short
    # in a file; adding nought unsigns a nought.
    features = {name: round(found[name], 6) + 0.0 for name in CATALOGUE}
    return Analysis(picture, MappingProxyType(features), swatches, areas, contour, labels)
