"""Where a picture's features lie among those of photographs: what is typical, what strikes, by how
much they differ; and all of them as a table for a terminal.

Quantiles over 182 photographs of people, animals, objects and scenes, from the OASIS set of Kurdi,
Lozano & Banaji 2017. They say what is striking in a picture; no decision depends on them. Hue goes
round a circle and has no middle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from analysis.picture.catalogue import CATALOGUE
from composer.explanation.format import Explanation, TypicalJson
from composer.explanation.layout import plain, wrapped
from composer.table.conditions import PLACE, REGIONS

if TYPE_CHECKING:  # the libraries that read pictures are slow to load
    from analysis.picture.analyse import Analysis

# The values that 5, 25, 50, 75 and 95 % of the photographs lie below.
TYPICAL: Mapping[str, tuple[float, float, float, float, float]] = MappingProxyType(
    {
        "colour.warmth": (-0.847, -0.505, -0.417, -0.187, 0.473),
        "colour.activity": (-0.823, -0.49, -0.204, 0.151, 0.92),
        "colour.chroma": (1.26, 7.67, 13.8, 22.3, 50.9),
        "colour.saturation": (0.0263, 0.199, 0.327, 0.474, 0.793),
        "colour.colourfulness": (4.32, 20.2, 38.1, 56.6, 101.0),
        "colour.hue_concentration": (0.097, 0.523, 0.786, 0.944, 0.99),
        "colour.redness": (-6.67, -0.639, 1.55, 7.51, 20.7),
        "colour.yellowness": (-17.6, -1.54, 3.09, 13.2, 34.0),
        "colour.red_share": (0.0, 0.00234, 0.0449, 0.248, 0.671),
        "colour.yellow_share": (0.0, 0.0043, 0.0673, 0.219, 0.533),
        "colour.green_share": (0.0, 6.27e-05, 0.0033, 0.0451, 0.364),
        "colour.blue_share": (0.0, 0.00019, 0.0155, 0.162, 0.754),
        "colour.purple_share": (0.0, 1.25e-06, 0.000176, 0.00194, 0.0648),
        "colour.dominant_share": (0.287, 0.362, 0.449, 0.575, 0.768),
        "colour.palette_size": (1.63, 2.59, 3.38, 4.15, 5.03),
        "colour.palette_spread": (9.74, 20.2, 26.8, 33.3, 43.9),
        "colour.harmony": (0.341, 0.468, 0.546, 0.639, 0.799),
        "light.lightness": (24.0, 36.9, 48.1, 57.4, 71.0),
        "light.contrast": (11.4, 19.0, 22.5, 26.6, 32.1),
        "light.range": (33.4, 61.1, 72.3, 82.8, 93.1),
        "light.shadow_share": (0.00619, 0.116, 0.224, 0.416, 0.674),
        "light.highlight_share": (0.000984, 0.0157, 0.043, 0.109, 0.365),
        "light.vertical_gradient": (-22.5, -5.21, 4.19, 20.7, 45.1),
        "light.horizontal_gradient": (-19.7, -6.58, -0.993, 3.49, 19.3),
        "light.skew": (-0.503, -0.187, -0.00346, 0.134, 0.379),
        "texture.edge_density": (0.0204, 0.0506, 0.103, 0.173, 0.245),
        "texture.roughness": (2.45, 4.24, 6.82, 9.97, 14.1),
        "texture.grain": (0.273, 0.684, 1.39, 2.52, 4.84),
        "texture.entropy": (5.79, 7.05, 7.43, 7.63, 7.79),
        "texture.line_count": (3.0, 15.0, 31.0, 47.0, 85.8),
        "texture.angularity": (0.376, 0.505, 0.585, 0.632, 0.716),
        "texture.horizontal_share": (0.1, 0.244, 0.33, 0.454, 0.603),
        "texture.vertical_share": (0.07, 0.173, 0.242, 0.305, 0.491),
        "texture.diagonal_share": (0.168, 0.314, 0.4, 0.469, 0.584),
        "texture.slope": (-1.58, -1.4, -1.26, -1.12, -0.786),
        "layout.symmetry": (0.453, 0.544, 0.631, 0.762, 0.877),
        "layout.balance": (0.819, 0.901, 0.932, 0.963, 0.985),
        "layout.openness": (0.0, 0.0238, 0.196, 0.456, 0.714),
        "layout.region_count": (2.0, 3.0, 4.0, 5.0, 5.0),
        "layout.horizon": (0.0779, 0.26, 0.468, 0.701, 0.896),
        "layout.horizon_strength": (0.0941, 0.198, 0.316, 0.464, 0.751),
        "layout.salient_x": (0.309, 0.438, 0.499, 0.591, 0.724),
        "layout.salient_y": (0.256, 0.386, 0.507, 0.607, 0.723),
        "layout.salient_share": (0.247, 0.306, 0.344, 0.391, 0.48),
        "layout.thirds": (0.203, 0.279, 0.343, 0.449, 0.578),
        "layout.aspect": (1.25, 1.25, 1.25, 1.25, 1.25),
        "layout.skyline_height": (0.186, 0.359, 0.506, 0.613, 0.784),
        "layout.skyline_range": (0.115, 0.302, 0.422, 0.594, 0.791),
        "layout.skyline_roughness": (0.0043, 0.0121, 0.0179, 0.0262, 0.0409),
        "layout.skyline_strength": (0.211, 0.431, 0.537, 0.672, 0.779),
        "content.pleasant": (-2.0, -0.76, -0.04, 0.85, 1.92),
        "content.exciting": (-2.63, -1.72, -0.4, 0.7, 2.07),
    }
)


# Said of a feature in which the photographs measured do not differ.
ONE_SHAPE = "all photographs compared are alike"


def typical(name: str) -> TypicalJson | None:
    """What photographs measure of a feature; None for hue, and for words."""
    if name not in TYPICAL:
        return None
    low, below, middle, above, high = TYPICAL[name]
    return {"5 %": low, "25 %": below, "50 %": middle, "75 %": above, "95 %": high}


def bounds(typical: TypicalJson) -> tuple[float, float, float, float, float]:
    """The values that 5, 25, 50, 75 and 95 % of photographs lie below."""
    return (
        typical["5 %"],
        typical["25 %"],
        typical["50 %"],
        typical["75 %"],
        typical["95 %"],
    )


MOST = 4
# Features of one group say much the same; no group gets more than this many.
MOST_OF_A_GROUP = 2


def striking(document: Explanation) -> list[str]:
    """Names of the features that stray farthest, of those that the table listens to."""
    heard = {term["feature"] for term in document["rules"]["table"]["terms"].values()}
    strayed = {
        name: _strayed(feature["value"], feature["typical"])
        for name, feature in document["features"].items()
        if name in heard and feature["typical"]
    }
    chosen: list[str] = []
    for name in sorted(strayed, key=lambda name: -strayed[name]):
        group = name.partition(".")[0]
        if sum(other.startswith(group) for other in chosen) < MOST_OF_A_GROUP:
            chosen.append(name)
    return chosen[:MOST]


def _strayed(value: float, typical: TypicalJson) -> float:
    """Distance from the median, in those from the median to the outer twentieth on that side."""
    low, _, middle, _, high = bounds(typical)
    edge = high if value > middle else low
    return abs(value - middle) / abs(edge - middle) if edge != middle else 0.0


CIRCLE = 360.0
# Some features have no outer twentieths to take: hue goes round a circle, of which nine tenths are
# counted, and so are of a region's place; and the photographs measured are all of one shape, so
# that those of an upright 2:3 and a wide 16:9 are taken.
NINE_TENTHS = 0.9
# Nineteen of twenty photographs show less than this of most words, and some the whole of one.
OF_A_WORD = 0.1
OTHERS = {"colour.hue": NINE_TENTHS * CIRCLE, "layout.aspect": 16 / 9 - 2 / 3} | {
    name: OF_A_WORD
    for name, feature in CATALOGUE.items()
    if name.startswith("content.") and name not in TYPICAL
}


@dataclass(frozen=True, slots=True)
class Scale:
    """A feature's range in its own unit, its spread over photographs (what lies between their outer
    twentieths), and the length of the circle if it goes round one."""

    low: float
    high: float
    spread: float
    turn: float | None = None

    def room(self, value: float) -> tuple[float, float]:
        """How far it can fall and rise, in spreads; on a circle, half a turn."""
        if self.turn is not None:
            return self.turn / 2 / self.spread, self.turn / 2 / self.spread
        return max(0.0, value - self.low) / self.spread, max(0.0, self.high - value) / self.spread

    def moved(self, value: float, by: float) -> float:
        """The value that is `by` spreads away, in range."""
        to = value + by * self.spread
        return to % self.turn if self.turn is not None else min(self.high, max(self.low, to))


_WHOLE = {
    name: Scale(
        feature.low,
        feature.high,
        OTHERS[name] if name in OTHERS else TYPICAL[name][-1] - TYPICAL[name][0],
        CIRCLE if name == "colour.hue" else None,
    )
    for name, feature in CATALOGUE.items()
    if name != "content.seen"  # it is not the picture's
}
_PLACES = {
    name: Scale(low, high, NINE_TENTHS * (high - low)) for name, (low, high, _) in PLACE.items()
}
# Of the whole picture, and of every region that a term can name.
SCALES: Mapping[str, Scale] = MappingProxyType(
    _WHOLE
    | {
        f"{name} in {region}": scale
        for region in REGIONS
        for name, scale in {**_WHOLE, **_PLACES}.items()
    }
)


def feature_table(analysis: Analysis) -> str:
    """Every feature with its value, unit and range; its meaning on the line below."""
    picture = analysis.picture
    rows = [f"{picture.name}: {picture.width} × {picture.height} pixels"]
    group = ""
    for name, value in analysis.features.items():
        feature = CATALOGUE[name]
        first, _, rest = name.partition(".")
        if first != group:
            group = first
            rows += ["", f"{first}.*".ljust(24) + f"{'value':>9}  {'unit':<11}range"]
        span = f"{feature.low:g} to {feature.high:g}"
        rows.append(f"  {rest:<22}{plain(value):>9}  {feature.unit:<11}{span}")
        rows += wrapped(feature.meaning, 6)
    rows += ["", "palette"]
    for swatch in analysis.palette:
        rows.append(f"  {swatch.hex}  {swatch.share:4.0%}")
    rows += ["", "regions, from left to right"]
    rows += [f"  {region.share:4.0%}  {region.hex}  {region.name}" for region in analysis.regions]
    return "\n".join(rows)
