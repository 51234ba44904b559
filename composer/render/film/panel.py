"""Beside the picture: what piece this is, and its rules, each lit while its notes sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.picture.view import mixed
from composer.render.film.lettering import (
    ABOVE,
    ACCENT,
    CROSSING,
    HAIR,
    INK,
    PAPER,
    QUIET,
    RAISED,
    Colour,
    Image,
    Text,
    cut,
    eased,
    letter,
    width,
    wrapped,
)
from composer.render.film.scene import Scene, Shown, place

TALL = ABOVE[3] - ABOVE[1]
HEAD = 84  # px above the rules
ROW = 61
INDENT = 14
LEAST = 13.0
TITLE, FACTS, NAME, REASON = 24.0, 15.0, 16.0, 13.0


class Panel:
    """The panel, drawn twice for each part: at rest and lit; a frame takes of each rule as much as
    it glows."""

    def __init__(self, scene: Scene, width: int) -> None:
        self.width = width
        self.rules = scene.rules
        self.spans = [(part.start, part.end) for part in scene.parts]
        self.drawn = {
            rules: (
                self._drawn(scene, rules, RAISED, HAIR, QUIET, QUIET),
                self._drawn(scene, rules, (52, 40, 34), ACCENT, ACCENT, INK),
            )
            for rules in dict.fromkeys(scene.rules)
        }

    def frame(self, second: float, lights: Mapping[str, float]) -> Image:
        """The panel at a second, (TALL, width, 3), with each rule's light by name, 0 to 1.

        Where a part has other rules than the one before, these give way to them.
        """
        number, _ = place(self.spans, second)
        seen = self._lit(self.rules[number], lights)
        since = second - self.spans[number][0]
        if number and since < CROSSING and self.rules[number] != self.rules[number - 1]:
            before = self._lit(self.rules[number - 1], lights)
            return mixed(before, seen, eased(since / CROSSING))
        return seen

    def _lit(self, rules: Sequence[Shown], lights: Mapping[str, float]) -> Image:
        resting, lit = self.drawn[tuple(rules)]
        seen = resting.copy()
        for number, rule in enumerate(rules):
            light = lights[rule.name]
            if light > 0.01:
                top = HEAD + number * ROW
                rows = slice(top, top + ROW)
                seen[rows] = mixed(resting[rows], lit[rows], light)
        return seen

    def _drawn(
        self,
        scene: Scene,
        rules: Sequence[Shown],
        ground: Colour,
        edge: Colour,
        name: Colour,
        reason: Colour,
    ) -> Image:
        image = np.empty((TALL, self.width, 3), np.uint8)
        image[:] = PAPER
        # A long name is set smaller, and a very long one cut.
        wide = width(scene.title, TITLE, "bold", "DejaVu Serif")
        size = max(LEAST, min(TITLE, TITLE * self.width / max(1.0, wide)))
        title = cut(scene.title, size, self.width, "bold", "DejaVu Serif")
        texts = [
            Text(0, 26, title, size, INK, weight="bold", family="DejaVu Serif"),
            Text(0, 54, "   ".join(scene.facts), FACTS, QUIET),
        ]
        for number, rule in enumerate(rules):
            top = HEAD + number * ROW
            image[top : top + ROW - 6] = ground
            image[top : top + ROW - 6, :4] = edge
            # One line of reason leaves the row fuller than two.
            reasons = wrapped(rule.reason, REASON, self.width - 2 * INDENT)
            first = top + (19 if len(reasons) > 1 else 24)
            head = cut(rule.title, NAME, self.width - 2 * INDENT, "bold")
            texts.append(Text(INDENT, first, head, NAME, name, weight="bold"))
            for line, words in enumerate(reasons):
                texts.append(Text(INDENT, first + 16 + 15 * line, words, REASON, reason))
        letter(image, texts)
        return image
