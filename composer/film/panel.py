"""Beside the picture: what piece this is, and its rules, each lit while its notes sound."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np

from composer.film.lettering import WIDTH_OF_SIGN, Image, Text, letter
from composer.film.scene import Scene, Shown
from composer.film.style import ABOVE, ACCENT, HAIR, INK, PAPER, QUIET, RAISED, Colour

TALL = ABOVE[3] - ABOVE[1]
HEAD = 84  # px above the rules
ROW = 61
INDENT = 14
LEAST = 12.0
TITLE, FACTS, NAME, REASON = 24.0, 15.0, 16.0, 13.0


class Panel:
    """The panel, drawn twice: at rest and lit; a frame takes of each rule as much as it glows."""

    def __init__(self, scene: Scene, width: int) -> None:
        self.width = width
        self.resting = self._drawn(scene, RAISED, HAIR, QUIET, QUIET)
        self.lit = self._drawn(scene, (52, 40, 34), ACCENT, ACCENT, INK)

    def frame(self, lights: Sequence[float]) -> Image:
        """The panel, (TALL, width, 3), with each rule's light, 0 to 1."""
        seen = self.resting.copy()
        for number, light in enumerate(lights):
            if light > 0.01:
                top = HEAD + number * ROW
                rows = slice(top, top + ROW)
                mixed = self.resting[rows] * np.float32(1 - light) + self.lit[rows] * np.float32(
                    light
                )
                seen[rows] = np.rint(mixed).astype(np.uint8)
        return seen

    def _drawn(
        self, scene: Scene, ground: Colour, edge: Colour, name: Colour, reason: Colour
    ) -> Image:
        image = np.empty((TALL, self.width, 3), np.uint8)
        image[:] = PAPER
        # A long name is set smaller, and a very long one cut.
        most = int(self.width / LEAST / WIDTH_OF_SIGN / 1.25)
        title = scene.title if len(scene.title) <= most else f"{scene.title[: most - 1]}…"
        size = min(TITLE, self.width / len(title) / WIDTH_OF_SIGN / 1.25)
        texts = [
            Text(0, 26, title, size, INK, weight="bold", family="DejaVu Serif"),
            Text(0, 54, "   ".join(scene.facts), FACTS, QUIET),
        ]
        for number, rule in enumerate(scene.rules):
            top = HEAD + number * ROW
            image[top : top + ROW - 6] = ground
            image[top : top + ROW - 6, :4] = edge
            # One line of reason leaves the row fuller than two.
            reasons = self._reason(rule)
            first = top + (19 if len(reasons) > 1 else 24)
            texts.append(Text(INDENT, first, rule.title, NAME, name, weight="bold"))
            for line, words in enumerate(reasons):
                texts.append(Text(INDENT, first + 16 + 15 * line, words, REASON, reason))
        letter(image, texts)
        return image

    def _reason(self, rule: Shown) -> list[str]:
        """The reason in at most two lines."""
        signs = int((self.width - 2 * INDENT) / REASON / WIDTH_OF_SIGN)
        return textwrap.wrap(rule.reason, signs, max_lines=2, placeholder=" …")
