"""The features of a picture as one reads them: a mapping by name, and what was measured beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from analysis.picture.analyse import Analysis
from composer.table import measured


class Features(Mapping[str, float]):
    """The features of one picture, in the catalogue's order, units and ranges.

    `features["colour.colourfulness"]`; of a region `features["light.lightness in top region"]`.
    `analysis` has what else was measured: palette, regions, skyline.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    @property
    def name(self) -> str:
        """The picture's name."""
        return self.analysis.picture.name

    @cached_property
    def everywhere(self) -> Mapping[str, float]:
        """The picture's own features and each named region's: all that a table can ask for."""
        return measured(self.analysis)

    def __getitem__(self, name: str) -> float:
        return self.everywhere[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.analysis.features)

    def __len__(self) -> int:
        return len(self.analysis.features)

    def __repr__(self) -> str:
        picture = self.analysis.picture
        return (
            f"<Features of {picture.name}: {picture.width} × {picture.height} pixels, "
            f"{len(self)} features, {len(self.analysis.regions)} regions>"
        )
