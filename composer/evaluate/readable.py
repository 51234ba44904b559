"""How easily the plain reasons read: Flesch's ease, lines, columns, and facts looked up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from analysis.picture.analyse import analyse
from analysis.picture.load import load
from composer.asking import ask
from composer.errors import UserError, nothing_legal
from composer.evaluate.sound import PICTURES
from composer.explanation.chosen import decided
from composer.explanation.clauses import PlainSentence
from composer.explanation.document import explanation
from composer.explanation.format import Explanation
from composer.explanation.layout import WIDTH, unstyle
from composer.explanation.plain import (
    MOST_LINES,
    plain_text,
    plain_view,
    sentences,
    standing_out,
)
from composer.pipeline import compose_decided
from composer.settings import Settings
from composer.table import Table
from corpora.progress import watched

EASY = 60.0  # Flesch's "standard": plain English
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|\d+")
_STOP = re.compile(r"[.!?:;](?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """How many syllables an English word has, by its groups of vowels.

    >>> [syllables(word) for word in ("tune", "picture", "melody", "quiet", "named", "table")]
    [1, 2, 3, 2, 1, 2]
    """
    text = word.lower().replace("'", "").replace("’", "")
    if text.isdigit():
        return len(text)
    if len(text) > 3 and text.endswith(("es", "ed")) and text[-3] not in "aeiouytdszx":
        text = text[:-2]
    elif len(text) > 2 and text.endswith("e") and not text.endswith(("le", "ee")):
        text = text[:-1]
    groups = len(_VOWELS.findall(text))
    return max(1, groups + len(re.findall(r"i[aeo](?!u)|eo|ua", text)) - text.count("tion"))


def reading_ease(text: str) -> float:
    """Flesch's reading ease (1948): 206.835 − 1.015 words a sentence − 84.6 syllables a word; a
    colon and a semicolon end a sentence too, as they do for Flesch."""
    words = _WORD.findall(text)
    stops = max(1, len(_STOP.findall(text)))
    spoken = sum(map(syllables, words))
    return 206.835 - 1.015 * len(words) / stops - 84.6 * spoken / max(1, len(words))


def missing(document: Explanation, said: Sequence[PlainSentence]) -> list[str]:
    """The places of facts that the document does not have so."""
    wrong: list[str] = []
    for sentence in said:
        for path, fact in sentence.facts.items():
            found: Any = document
            try:
                for step in path:
                    found = found[step]
            except (KeyError, IndexError, TypeError):
                found = wrong
            if found != fact:
                wrong.append(f"{sentence.text}: {'.'.join(map(str, path))}")
    return wrong


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """The ease of every text, its lines and columns, the facts that were not there, and the
    pictures of which the rules left no piece."""

    eases: tuple[float, ...]
    lines: int
    columns: int
    facts: int
    lost: tuple[str, ...]
    unmade: tuple[str, ...] = ()

    @property
    def failures(self) -> int:
        """How many of the demands are not met."""
        return sum(
            (
                median(self.eases) < EASY,
                self.lines > MOST_LINES,
                self.columns > WIDTH,
                bool(self.lost),
            )
        )

    def __str__(self) -> str:
        ranked = sorted(self.eases)
        return "\n".join(
            [
                f"The plain reasons of {len(ranked)} pictures:",
                f"  reading ease   {median(ranked):.1f} in the median, from {ranked[0]:.1f} to "
                f"{ranked[-1]:.1f}",
                f"  lines          {self.lines} at most",
                f"  columns        {self.columns} at most",
                f"  facts          {self.facts}, of which the explanation lacks {len(self.lost)}",
                *(f"    {each}" for each in self.lost[:8]),
                *(f"  no piece of    {each}" for each in self.unmade),
            ]
        )


def evaluate_reading(table: Table, directory: str) -> ReadingReport:
    """Compose every picture of a folder, and read what is said of it."""
    folder = Path(directory)
    if not folder.is_dir():
        raise UserError(f"There is no folder {directory}.", "Name one with pictures.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
    if not paths:
        raise UserError(f"There is no picture in {directory}.", "Name another folder.")
    eases, lost, unmade = [], [], []
    lines = columns = facts = 0
    for path in watched(paths, "reading"):
        analysis = analyse(load(str(path)))
        settings = Settings(melody="rules")
        asked = ask(table, analysis, settings)
        try:
            document = explanation(compose_decided(analysis, table, asked.decisions, settings))
        except Exception as error:
            if not nothing_legal(error):
                raise
            unmade.append(path.name)
            continue
        said = (*sentences(document), *decided(document), *standing_out(document))
        rows = unstyle(plain_view(document)).split("\n")
        eases.append(reading_ease(plain_text(document)))
        lines = max(lines, len(rows))
        columns = max(columns, *map(len, rows))
        facts += sum(len(sentence.facts) for sentence in said)
        lost += missing(document, said)
    return ReadingReport(tuple(eases), lines, columns, facts, tuple(lost), tuple(unmade))
