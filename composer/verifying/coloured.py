"""The score again as MusicXML: offending notes in colour, hard faults named over them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from music21 import stream as streams
from music21.expressions import TextExpression
from music21.musicxml.m21ToXml import GeneralObjectExporter

from composer.verifying.judge import Finding
from corpora.scores import heads

HARD, SOFT = "#D00000", "#C07000"
# What music21 writes that differs from day to day.
_DATE = re.compile(rb"\s*<encoding-date>[^<]*</encoding-date>")


def coloured(stream: Any, findings: Sequence[Finding]) -> bytes:
    """The bytes of the score with the notes of hard faults red and of soft ones amber.

    stream: what `corpora.scores.parse` gave; its notes are coloured in place.
    """
    written = heads(stream)
    for finding in sorted(findings, key=lambda one: one.hard):  # red goes over amber
        for number in finding.numbers:
            written[number][0].style.color = HARD if finding.hard else SOFT
    for finding in findings:
        if finding.numbers and finding.hard:
            _, element, _, _, _ = written[_highest_last(finding, written)]
            _write(element, f"{finding.rule}")
    exporter = GeneralObjectExporter(stream)
    return _DATE.sub(b"", exporter.parse())


def _highest_last(finding: Finding, written: Sequence[Any]) -> int:
    """The note that a fault's name is written over: the uppermost of those that come last."""
    return max(finding.numbers, key=lambda n: (written[n][3], -written[n][2], -n))


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
