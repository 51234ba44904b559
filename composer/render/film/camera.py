"""The picture in a film: a slow move towards the region in play, its light, the skyline's point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.picture.analyse import Analysis
from analysis.picture.view import corner, ground, light, mixed, through
from composer.render.film.look import (
    CROSSING,
    INK,
    PICTURE,
    SUN,
    Colour,
    Image,
    TextLine,
    eased,
    letter,
    wrapped,
)
from composer.render.film.scene import Scene, Shot, place

Floats = NDArray[np.float32]
LARGER = 1.2  # the ground's size against the window's, so that the nearest look is sharp
NEAR, NEARER = 1.10, 1.18  # how far it goes in, by turns where one region stays
OUTSIDE = 0.36  # what is left of the light outside the region in play
GREY = 0.65  # and how far it goes there towards grey: a dim yellow would look green
SEEN = 0.25  # as light, 0 to 1, a region in play is made at least; but no lighter than LIFTED
LIFTED = 0.7  # the exponent that lifts the darkest
NARROW = 150  # px of a picture that has no room for words
LINE = 0.45  # how much the skyline shows
CAPTION = 58  # px, of two lines
EDGE, SMALL = 13, 15
TAIL = 18  # earlier places of the point, each fainter
REACH = 30  # px of the point's glow


class Camera:
    """The picture's window. Its frames are of one shape, (h, w, 3), that of the picture."""

    def __init__(
        self,
        analysis: Analysis,
        scene: Scene,
        room: tuple[int, int] = PICTURE,
        *,
        named: bool = True,
    ) -> None:
        """room: the window's size at most. named: whether its foot says which region is in play."""
        picture = analysis.picture
        self.size = fitted(picture.width, picture.height, room)
        self.ground_size = (round(self.size[0] * LARGER), round(self.size[1] * LARGER))
        self.heights = analysis.skyline.heights
        self.passes, self.shots = scene.passes, scene.shots
        plain = ground(picture, self.ground_size)
        shares = light(analysis, self.ground_size)
        used = sorted({shot.region for shot in scene.shots})
        self.resting = self._with_skyline(plain * np.float32(0.9))
        self.lit = {region: self._with_skyline(_lit(plain, shares[region])) for region in used}
        # In a very narrow picture there is no room for words: they stand beside it.
        self.narrow = self.size[0] < NARROW
        self.named = named and not self.narrow
        self.captions = [caption(shot.words, self.size[0]) for shot in scene.shots]
        self.keys = _moves(scene.shots, [(r.x, r.y) for r in analysis.regions])
        self.spans = [(shot.start, shot.end) for shot in scene.shots]

    def frame(self, second: float, region: float, melody: float) -> Image:
        """What is seen at a second; how bright the region and the melody are there, 0 to 1."""
        number = self.shot_at(second)
        shot = self.shots[number]
        shown = self.lit[shot.region]
        since = second - shot.start
        if number and since < CROSSING:
            before = self.lit[self.shots[number - 1].region]
            shown = mixed(before, shown, eased(since / CROSSING))
        zoom, x, y = self._look(second)
        whole = mixed(self.resting, shown, 0.25 + 0.75 * region)
        seen = through(whole, self.size, zoom, x, y)
        self._point(seen, second, melody, (zoom, x, y))
        if not self.named:
            return seen
        cover = self.captions[number]
        foot = seen[-CAPTION:].astype(np.float32) * _SHADE[:, None, None]
        seen[-CAPTION:] = inked(foot, cover)
        return seen

    def shot_at(self, second: float) -> int:
        """The number of the shot that is on at a second."""
        return place(self.spans, second)[0]

    def _look(self, second: float) -> tuple[float, float, float]:
        """Zoom and centre: eased from the end of one section's move to the next one's."""
        number, gone = place(self.spans, second)
        one, other = self.keys[number], self.keys[number + 1]
        share = eased(gone)
        zoom, x, y = (a + (b - a) * share for a, b in zip(one, other, strict=True))
        return zoom, x, y

    def _point(
        self, seen: Image, second: float, melody: float, look: tuple[float, float, float]
    ) -> None:
        """The skyline's point with its tail."""
        _, gone = place(self.passes, second)
        for step in range(TAIL, -1, -1):
            along = gone - step * 0.006
            if along >= 0:
                strength = (0.55 + 0.45 * melody) if step == 0 else 0.3 * (1 - step / (TAIL + 1))
                reach = REACH if step == 0 else 7
                _glow(seen, self._seen_at(along, look), strength, reach)

    def _seen_at(self, along: float, look: tuple[float, float, float]) -> tuple[float, float]:
        """Where in the window a place of the skyline is seen, 0..1 from the left."""
        width, height = self.ground_size
        zoom, x, y = look
        left, top = corner(self.ground_size, zoom, x, y)
        across = (along * width - left) * zoom * self.size[0] / width
        down = (_down(self.heights, along) * height - top) * zoom * self.size[1] / height
        return across, down

    def _with_skyline(self, pixels: Floats) -> Image:
        """The picture with a thin line along its skyline."""
        height, width = pixels.shape[:2]
        along = (np.arange(width) + 0.5) / width
        middle = np.array([_down(self.heights, float(x)) for x in along]) * height
        # Where it is steep a column is crossed by more of it, so that it is no thinner there.
        thick = 1.3 * np.sqrt(1 + np.gradient(middle) ** 2)
        away = (np.arange(height)[:, None] - middle[None]) / thick[None]
        cover = LINE * np.exp(-(away**2))[:, :, None]
        drawn = pixels * (1 - cover) + _SUN * cover
        return np.asarray(np.rint(drawn.clip(0, 255)), np.uint8)


def fitted(width: int, height: int, room: tuple[int, int] = PICTURE) -> tuple[int, int]:
    """The largest window of the picture's shape in its place; even sides, none under 40 px."""
    scale = min(room[0] / width, room[1] / height)
    sides = (
        min(limit, max(40, round(side * scale / 2) * 2))
        for side, limit in zip((width, height), room, strict=True)
    )
    across, down = sides
    return across, down


def _lit(plain: Image, share: Floats) -> Floats:
    """The picture with one region in the light, and a bright rim where it ends."""
    inside = share[:, :, None]
    rim = (4 * inside * (1 - inside)) ** 3
    grey = plain @ _LUMA
    light = float((grey * share).sum() / max(1.0, float(share.sum()))) / 255
    lift = min(1.0, max(LIFTED, np.log(SEEN) / np.log(min(0.99, max(light, 1e-3)))))
    bright = 255 * (plain / np.float32(255)) ** np.float32(lift) * np.float32(1.06)
    dim = (plain * np.float32(1 - GREY) + grey[:, :, None] * np.float32(GREY)) * np.float32(OUTSIDE)
    return np.asarray(dim + (bright - dim) * inside + rim * _RIM, np.float32)


def _moves(
    shots: Sequence[Shot], centres: Sequence[tuple[float, float]]
) -> list[tuple[float, float, float]]:
    """Zoom and centre at the start of every shot, and at the end of the last."""
    keys = [(1.0, 0.5, 0.5)]
    for number, shot in enumerate(shots):
        same = number and shots[number - 1].region == shot.region
        zoom = NEARER if same and keys[-1][0] < NEARER else NEAR
        x, y = centres[shot.region]
        # So far from the middle that the window's edge never meets the picture's.
        keys.append((zoom, 0.5 + (x - 0.5) * (1 - 1 / zoom), 0.5 + (y - 0.5) * (1 - 1 / zoom)))
    if len(shots) > 2:
        keys[-1] = keys[0]
    return keys


def _down(heights: Sequence[float], along: float) -> float:
    """The skyline's place from the top, 0..1."""
    spot = min(max(along * len(heights) - 0.5, 0.0), len(heights) - 1.0)
    low = int(spot)
    high = min(low + 1, len(heights) - 1)
    return 1 - (heights[low] + (heights[high] - heights[low]) * (spot - low))


def caption(words: str, width: int) -> Floats:
    """How much ink lies where, (CAPTION, width, 1), 0..1."""
    blank = np.zeros((CAPTION, width, 3), np.uint8)
    lines = wrapped(words, SMALL, width - 2 * EDGE)
    letter(
        blank,
        [
            TextLine(EDGE, CAPTION - EDGE - 19 * above, line, SMALL, (255, 255, 255))
            for above, line in enumerate(reversed(lines))
        ],
    )
    return np.asarray(blank[:, :, :1] / 255, np.float32)


def inked(ground: Floats | Colour, cover: Floats) -> Image:
    """Words in ink on a ground."""
    return np.rint(np.asarray(ground, np.float32) * (1 - cover) + _INK * cover).astype(np.uint8)


def _glow(seen: Image, at: tuple[float, float], strength: float, reach: int) -> None:
    """Add light about a place."""
    left, top = max(0, int(at[0]) - reach), max(0, int(at[1]) - reach)
    part = seen[top : max(0, int(at[1]) + reach + 1), left : max(0, int(at[0]) + reach + 1)]
    if not part.size:
        return
    y, x = np.ogrid[top : top + part.shape[0], left : left + part.shape[1]]
    away = (x - at[0]) ** 2 + (y - at[1]) ** 2
    core = 1 / (1 + np.exp(np.minimum(60.0, (np.sqrt(away) - 0.19 * reach) * 2.5)))
    halo = np.exp(-away / (0.16 * reach * reach)) * 0.55
    cover = (strength * np.minimum(1.0, core + halo))[:, :, None]
    part[:] = np.rint(part * (1 - cover) + _SUN * cover).astype(np.uint8)


_SUN, _INK, _RIM = (np.array(colour, np.float32) for colour in (SUN, INK, (96, 78, 52)))
_LUMA = np.array((0.299, 0.587, 0.114), np.float32)
_SHADE = np.linspace(1.0, 0.35, CAPTION, dtype=np.float32)
