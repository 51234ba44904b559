"""Does the network see what there is? Words against the names that files and folders have.

Truth is a word's name in the name of a file or of the folder it lies in: dog-1.jpg, weapon/a.png.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import PictureError
from analysis.picture.analyse import analyse
from analysis.picture.content.words import words
from analysis.picture.load import load
from composer.errors import UserError
from composer.explanation.shown import MAYBE, SURE
from corpora.progress import watched

BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Named:
    """A picture: the words that its name gives it, and every word's probability."""

    file: str
    truth: frozenset[str]
    seen: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A word: how many pictures are named so, how often it was said (as sure, as perhaps), how many
    of those rightly, and AUC, the chance that a picture named so shows more of it than another."""

    word: str
    named: int
    sure: tuple[int, int]
    maybe: tuple[int, int]
    auc: float


@dataclass(frozen=True, slots=True)
class ContentReport:
    """All words that some picture is named after, and how right probabilities are: for each span of
    them how many there were, their mean and the share that was right."""

    agreements: tuple[Agreement, ...]
    calibration: tuple[tuple[float, float, int, float, float], ...]
    pictures: int

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"What is seen in {self.pictures} pictures, against the words in their names:"
        yield f"  {'word':<12} named   said at {SURE}   at {MAYBE}      AUC"
        for each in self.agreements:
            sure, maybe = (f"{right:>3} of {said:<3}" for right, said in (each.sure, each.maybe))
            yield f"  {each.word:<12} {each.named:>4}   {sure}     {maybe}  {each.auc:.2f}"
        yield "Calibration, over these words: probability, how many, their mean, the share right:"
        for low, high, count, mean, right in self.calibration:
            yield f"  {low:.1f} to {high:.1f}  {count:>6}  {mean:.2f}  {right:.2f}"


def evaluate_content(directory: str) -> ContentReport:
    """Look at every picture in a folder and its folders. Raises UserError where none is named after
    a word."""
    root = Path(directory)
    if not root.is_dir():
        raise UserError(f"There is no folder {directory}.", "Name a folder of pictures.")
    found = []
    files = sorted(path for path in root.rglob("*") if path.is_file())
    for path in watched(files, "looking", len(files)):
        try:
            picture = load(str(path))
        except PictureError:
            continue  # notes and ratings lie beside pictures
        features = analyse(picture, look=True).features
        seen = {word.name: features[word.feature] for word in words().values()}
        found.append(Named(str(path), _truth(path.relative_to(root)), seen))
    return judged(found)


def _truth(path: Path) -> frozenset[str]:
    """The words in a path's names, in the singular or the plural."""
    parts = re.split(r"[^a-z]+", str(path.with_suffix("")).lower())
    names = {*parts, *(part.removesuffix("s") for part in parts)}
    return frozenset(word for word in words() if names.issuperset(word.split("_")))


def judged(found: Sequence[Named]) -> ContentReport:
    """Judge what was seen by what the names say."""
    known = [word for word in words() if any(word in each.truth for each in found)]
    if not known:
        raise UserError(
            "No picture there is named after a word.",
            f"Name files or folders after words, as dog-1.jpg: {', '.join(words())}.",
        )
    rows = [(each.seen[word], word in each.truth) for word in known for each in found]
    bins = []
    for low, high in itertools.pairwise(BINS):
        inside = [row for row in rows if low <= row[0] < high or row[0] == high == 1]
        if inside:
            mean = sum(p for p, _ in inside) / len(inside)
            bins.append((low, high, len(inside), mean, sum(t for _, t in inside) / len(inside)))
    return ContentReport(tuple(_agreement(word, found) for word in known), tuple(bins), len(found))


def _agreement(word: str, found: Sequence[Named]) -> Agreement:
    yes = [each.seen[word] for each in found if word in each.truth]
    no = [each.seen[word] for each in found if word not in each.truth]
    wins = sum((p > q) + (p == q) / 2 for p in yes for q in no)
    sure, maybe = (
        (sum(p >= least for p in yes), sum(p >= least for p in (*yes, *no)))
        for least in (SURE, MAYBE)
    )
    return Agreement(word, len(yes), sure, maybe, wins / (len(yes) * len(no)) if no else 1.0)
