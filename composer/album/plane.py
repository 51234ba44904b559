"""Where an album's pieces lie on the map of moods: none hides another, on a telephone too."""

from __future__ import annotations

import math
from collections.abc import Sequence

# Most pieces lie near the middle: so much of the plane is drawn.
ACROSS, UP = 1.8, 2.3
# The map on a telephone 390 px wide, in px; what lies at its edge; a mark, and a finger's room.
WIDE, TALL, EDGE = 354.0, 300.0, 26.0
MARK = 26.0
ROUNDS = 200


def places(moods: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Left and top of each mark's middle, in per cent, from valence and arousal (−1 to 1).

    Marks that would cover each other move apart, as little as they have to; of so many that there
    is no room, some still touch.

    >>> places([(0.0, 0.0)])
    [(50.0, 50.0)]
    """
    spots = [
        [
            WIDE / 2 + (WIDE / 2 - EDGE) * max(-1.0, min(1.0, valence * ACROSS)),
            TALL / 2 - (TALL / 2 - EDGE) * max(-1.0, min(1.0, arousal * UP)),
        ]
        for valence, arousal in moods
    ]
    for _ in range(ROUNDS):
        if not _pushed(spots):
            break
    return [(round(100 * x / WIDE, 2), round(100 * y / TALL, 2)) for x, y in spots]


def _pushed(spots: list[list[float]]) -> bool:
    """Move every two marks apart that cover each other; whether there were any."""
    moved = False
    for number, one in enumerate(spots):
        for place, other in enumerate(spots[:number]):
            x, y = one[0] - other[0], one[1] - other[1]
            away = math.hypot(x, y)
            if away >= MARK - 0.1:
                continue
            moved = True
            # Two in one place part in a direction of their own.
            angle = math.atan2(y, x) if away > 0.01 else 2.4 * (number + place)
            push = (MARK - away) / 2
            for spot, sign in ((one, 1), (other, -1)):
                spot[0] = min(WIDE - EDGE, max(EDGE, spot[0] + sign * push * math.cos(angle)))
                spot[1] = min(TALL - EDGE, max(EDGE, spot[1] + sign * push * math.sin(angle)))
    return moved
