"""Which features of a picture are striking: those farthest from what photographs measure."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

MOST = 4
# Features of one group say much the same; no group gets more than this many.
MOST_OF_A_GROUP = 2


def striking(document: Json) -> list[str]:
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


def _strayed(value: float, typical: dict[str, float]) -> float:
    """Distance from the median, in those from the median to the outer twentieth on that side."""
    low, _, middle, _, high = typical.values()
    edge = high if value > middle else low
    return abs(value - middle) / abs(edge - middle) if edge != middle else 0.0
