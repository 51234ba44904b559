"""A score written again with what a verdict found in it: red where a rule is hard, amber else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from music21 import stream as streams
from music21.expressions import TextExpression
from music21.musicxml.m21ToXml import GeneralObjectExporter

from composer.verifier import Finding
from corpora.read.scores import VOICES, Score, heads

HARD, SOFT = "#D00000", "#C07000"
# What music21 writes that differs from day to day.
_DATE = re.compile(rb"\s*<encoding-date>[^<]*</encoding-date>")


def marked(stream: Any, score: Score, findings: Sequence[Finding]) -> bytes:
    """The bytes of the score with the notes of hard faults red and of soft ones amber.

    stream: what `corpora.read.scores.parse` gave, its notes are coloured in place; score: what was
    read from it, and judged.
    """
    written = heads(stream)
    places = [(one, tuple(_numbers(score, one))) for one in findings]
    for one, numbers in sorted(places, key=lambda place: place[0].hard):  # red goes over amber
        for number in numbers:
            written[number][0].style.color = HARD if one.hard else SOFT
    for one, numbers in places:
        if numbers and one.hard:
            # Over the uppermost of the notes that come last.
            last = max(numbers, key=lambda n: (written[n][3], -written[n][2], -n))
            _write(written[last][1], one.rule)
    exporter = GeneralObjectExporter(stream)
    return _DATE.sub(b"", exporter.parse())


def _numbers(score: Score, finding: Finding) -> Iterator[int]:
    """The numbers among the written notes of those at fault."""
    for voice, onset in finding.notes:
        line = score.voices[VOICES.index(voice) if voice in VOICES else 0]
        yield from next((note.numbers for note in line if note.start == onset), ())


def _write(element: Any, text: str) -> None:
    """Words over a note, once."""
    measure = element.getContextByClass(streams.Measure)
    offset = element.getOffsetInHierarchy(measure)
    for other in measure.getElementsByClass(TextExpression):
        if other.offset == offset and other.content == text:
            return
    words = TextExpression(text)
    words.style.color = HARD
    words.placement = "above"
    measure.insert(offset, words)
