"""A picture becomes its features, palette, regions and skyline."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from analysis.errors import ContentError
from analysis.picture import colour, layout, maps, palette, regions, skyline, texture
from analysis.picture.catalogue import CATALOGUE
from analysis.picture.content.content import Content, described, said, see, unseen
from analysis.picture.content.words import SEEN
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
    content: what it shows, and where.
    """

    picture: Picture
    features: Mapping[str, float]
    palette: tuple[Swatch, ...]
    regions: tuple[Region, ...]
    skyline: Skyline
    labels: np.ndarray = field(repr=False, compare=False)
    content: Content = field(default_factory=lambda: unseen(0), repr=False, compare=False)

    def told(self, yours: Mapping[str, float]) -> "Analysis":
        """The same picture with what you say of it, word -> 0..1, in place of what is seen."""
        return _showing(self, said(self.content, yours)) if yours else self

    def described(self, sentence: str, *, counts: bool) -> "Analysis":
        """The same picture with another's sentence about it, whose words may count as seen."""
        return _showing(self, described(self.content, sentence, counts=counts))

    def unlooked(self) -> "Analysis":
        """The same picture as if nobody had looked at what it shows."""
        return _showing(self, unseen(len(self.regions)))


def analyse(picture: Picture, look: bool = False) -> Analysis:
    """Measure a picture. The same picture gives the same values, to the last digit.

    look: measure `content.*` too, what it shows, by a network that is loaded for it; else, and
      where its weights are missing or damaged, nothing is seen, and `content.absent` says why.

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
    features = {name: round(found[name], 6) + 0.0 for name in CATALOGUE if name in found}
    measures = MappingProxyType(features)
    analysis = Analysis(picture, measures, swatches, areas, contour, labels)
    if not look:
        return analysis.unlooked()
    try:
        return _showing(analysis, see(picture.pixels, labels))
    except ContentError as error:
        return _showing(analysis, unseen(len(areas), str(error)))


def _showing(analysis: Analysis, content: Content) -> Analysis:
    """The analysis with what its picture shows among its features, and those of its regions."""
    regions = tuple(
        replace(
            region,
            features=MappingProxyType(
                {**region.features, **{k: v for k, v in shown.items() if k != SEEN}}
            ),
        )
        for region, shown in zip(analysis.regions, content.regions, strict=True)
    )
    features = MappingProxyType({**analysis.features, **content.values})
    return replace(analysis, features=features, regions=regions, content=content)
