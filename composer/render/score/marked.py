"""A score as it was given, marked by a verdict: red where a rule is hard, amber elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from composer.verifier import Finding
from composer.verifier.score import numbers
from corpora.read.scores import Score
from corpora.read.sheet import sheet_of

HARD, SOFT = "#D00000", "#C07000"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE {root} PUBLIC "-//Recordare//DTD MusicXML 4.0 {kind}//EN" '
    '"http://www.musicxml.org/dtds/{low}.dtd">\n'
)


def marked(root: Element, score: Score, findings: Sequence[Finding]) -> bytes:
    """The bytes of the score with the notes of hard faults red and of soft ones amber.

    root: what `corpora.read.scores.parse` gave; its notes are coloured in place, and nothing else
    is changed. score: what was read from it, and judged.
    """
    heads = sheet_of(root).heads
    places = [(one, tuple(numbers(score, one))) for one in findings]
    for one, written in sorted(places, key=lambda place: place[0].hard):  # red goes over amber
        for number in written:
            heads[number][0].set("color", HARD if one.hard else SOFT)
    begins = {
        number: note.start for line in score.voices for note in line for number in note.numbers
    }
    for one, written in places:
        if written and one.hard:
            # Over the uppermost of the notes that come last.
            last = max(written, key=lambda number: (begins[number], -number))
            _write(*heads[last], one.rule)
    kind = "Timewise" if root.tag == "score-timewise" else "Partwise"
    head = _HEAD.format(root=root.tag, kind=kind, low=kind.lower())
    return (head + ElementTree.tostring(root, encoding="unicode") + "\n").encode()


def _write(note: Element, measure: Element, text: str) -> None:
    """Words before a note, once."""
    index = list(measure).index(note)
    while index and measure[index].find("chord") is not None:
        index -= 1  # what stands on one stem is not parted
    before = measure[index - 1] if index else None
    while before is not None and before.tag == "direction":
        if before.findtext("direction-type/words") == text:
            return
        index -= 1
        before = measure[index - 1] if index else None
    direction = Element("direction", placement="above")
    kind = ElementTree.SubElement(direction, "direction-type")
    ElementTree.SubElement(kind, "words", color=HARD).text = text
    for name in ("voice", "staff"):
        found = note.findtext(name)
        if found:
            ElementTree.SubElement(direction, name).text = found
    measure.insert(index, direction)
