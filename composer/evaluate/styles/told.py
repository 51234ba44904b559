"""How often each style's pieces are told from those of all the others, by their marks alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import PictureError
from composer.errors import UserError
from composer.evaluate.styles.heard import HeardStyle, hear
from composer.evaluate.styles.marks import MARKS
from composer.pipeline import compose
from composer.render.rendering import Rendering
from composer.settings import Settings
from composer.table import STYLES
from composer.workbench.trial import find
from corpora.progress import watched

AIM = 0.9


@dataclass(frozen=True, slots=True)
class StylesReport:
    """Style -> what its pieces were taken for, and style -> mark -> the share that has it."""

    taken: Mapping[str, Counter[str]]
    marked: Mapping[str, Mapping[str, float]]

    def share(self, style: str) -> float:
        """Of a style's pieces those that were taken for it."""
        return self.taken[style][style] / max(1, self.taken[style].total())

    @property
    def failures(self) -> tuple[str, ...]:
        """The styles whose pieces are told from the others less often than they should be."""
        return tuple(style for style in self.taken if self.share(style) < AIM)

    def __str__(self) -> str:
        rows = [f"{'style':12}{'known':>7}  taken for, else", ""]
        for style, counts in self.taken.items():
            others = [f"{name} {n}" for name, n in counts.most_common() if name != style]
            rows.append(f"{style:12}{self.share(style):>6.0%}  {', '.join(others)}".rstrip())
        for style, marks in self.marked.items():
            rows += ["", f"{style} ({MARKS[style].source})"]
            rows += [f"  {share:>4.0%}  {says}" for says, share in marks.items()]
        return "\n".join(rows)


def taken_for(heard: HeardStyle) -> str:
    """The style of whose marks a file has the largest share; of several the first by name."""
    return max(sorted(MARKS), key=lambda style: MARKS[style].share(heard))


def evaluate_styles(
    pictures: Sequence[str], styles: Sequence[str] = STYLES, melody: str = "neural"
) -> StylesReport:
    """Compose every picture in every style, played as it is written, and tell them by their marks.

    Raises UserError where no picture can be read.
    """
    paths = [str(path) for path, _ in find(pictures)]
    taken: dict[str, Counter[str]] = {style: Counter() for style in styles}
    marks: dict[str, Counter[str]] = {style: Counter() for style in styles}
    for path in watched(paths, "composing"):
        for style in styles:
            try:
                settings = Settings(style=style, melody=melody, timing="strict")
                piece = compose(path, settings)
            except PictureError:
                break
            heard = hear(Rendering(piece).midi)
            taken[style][taken_for(heard)] += 1
            marks[style].update(mark.says for mark in MARKS[style].marks if mark.has(heard))
    if not any(taken.values()):
        raise UserError(f"There is no picture in {', '.join(map(str, pictures))} to compose from.")
    share = {
        style: {m.says: marks[style][m.says] / taken[style].total() for m in MARKS[style].marks}
        for style in styles
    }
    return StylesReport(taken, share)
