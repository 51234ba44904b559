"""By how much features differ from photograph to photograph, so that changes can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from analysis.picture.catalogue import CATALOGUE
from composer.explanation.typical import TYPICAL
from composer.table.conditions import PLACE, REGIONS

CIRCLE = 360.0
# Some features have no outer twentieths to take: hue goes round a circle, of which nine tenths are
# counted, and so are of a region's place; and the photographs measured are all of one shape, so
# that those of an upright 2:3 and a wide 16:9 are taken.
NINE_TENTHS = 0.9
OTHERS = {"colour.hue": NINE_TENTHS * CIRCLE, "layout.aspect": 16 / 9 - 2 / 3}


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


@dataclass(frozen=True, slots=True)
class Change:
    """A feature that is other than it was; `size` is the change as a share of its spread, which is
    what lies between the outer twentieths of photographs."""

    feature: str
    old: float
    new: float
    size: float


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A replay: with these changes, and all else as it is, the decision comes out as `after`.

    `size` is the sum of the changes' sizes.
    """

    decision: str
    before: Decimal | str
    after: Decimal | str
    changes: tuple[Change, ...]
    size: float
