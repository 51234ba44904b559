"""A verdict as text: the violations by rule, with bar, beat and voices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from music21 import stream as streams
from music21.expressions import TextExpression
from music21.musicxml.m21ToXml import GeneralObjectExporter

from composer.errors import UserError
from composer.render.outputs import Output, plan_outputs, put
from composer.verifier.judge import Finding, Verdict, judge
from composer.verifier.slices import find_key, read_key
from corpora.progress import progress
from corpora.read.scores import heads, parse, read
from theory.rules import RULES

MOST_PLACES = 12  # that are named for one rule, unless all are wanted


def report(verdict: Verdict, how: str, *, everything: bool = False) -> str:
    """The verdict in words; `how` says how the key was found, `everything` names all places."""
    what = "four voices" if verdict.four else "melody and chord symbols"
    lines = [
        f"{verdict.key.name} ({how}), language {verdict.language}: {what}, "
        f"{verdict.moments} moments, {verdict.chords} of them chords."
        if verdict.four
        else f"{verdict.key.name} ({how}), language {verdict.language}: {what}, "
        f"{verdict.moments} notes over {verdict.chords} chords."
    ]
    hard = [finding for finding in verdict.findings if finding.hard]
    soft = [finding for finding in verdict.findings if not finding.hard]
    if hard:
        lines += ["", f"HARD RULES BROKEN ({len(hard)})", *_by_rule(hard, everything)]
    if soft:
        lines += ["", f"SOFT RULES ({len(soft)} remarks)", *_by_rule(soft, everything)]
    lines += ["", _sum(verdict, len(hard))]
    if verdict.unjudged:
        lines.append(f"Not judged, for no score says it: {', '.join(verdict.unjudged)}.")
    return "\n".join(lines)


def _by_rule(findings: Sequence[Finding], everything: bool) -> list[str]:
    lines = []
    for rule in RULES.values():
        places = [finding for finding in findings if finding.rule == rule.name]
        if not places:
            continue
        lines.append(f"{rule.name}: {len(places)}. {rule.sentence} ({rule.source})")
        shown = places if everything else places[:MOST_PLACES]
        lines += [f"  bar {f.bar} beat {beat(f.beat)}: {f.sentence}" for f in shown]
        if len(places) > len(shown):
            lines.append(f"  and {len(places) - len(shown)} more places")
    return lines


def _sum(verdict: Verdict, hard: int) -> str:
    bound = sum(RULES[name].binds(verdict.language) for name in verdict.judged)
    if not hard:
        return f"No hard rule is broken; {len(verdict.judged)} rules were judged, {bound} hard."
    names = {finding.rule for finding in verdict.findings if finding.hard}
    verb = "is" if len(names) == 1 else "are"
    return f"{len(names)} of the {bound} hard rules judged {verb} broken."


def beat(place: Fraction) -> str:
    """A beat as people write it.

    >>> beat(Fraction(3)), beat(Fraction(5, 2)), beat(Fraction(7, 3))
    ('3', '2½', '2⅓')
    """
    whole, rest = divmod(place, 1)
    if not rest:
        return str(whole)
    signs = {"1/2": "½", "1/4": "¼", "3/4": "¾", "1/3": "⅓", "2/3": "⅔"}
    return f"{whole}{signs[str(rest)]}" if str(rest) in signs else f"{whole}+{rest}"


HARD, SOFT = "#D00000", "#C07000"
# What music21 writes that differs from day to day.
_DATE = re.compile(rb"\s*<encoding-date>[^<]*</encoding-date>")


def coloured(stream: Any, findings: Sequence[Finding]) -> bytes:
    """The bytes of the score with the notes of hard faults red and of soft ones amber.

    stream: what `corpora.read.scores.parse` gave; its notes are coloured in place.
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


def verify(
    path: str, key: str | None, language: str, output: str | None, *, everything: bool = False
) -> tuple[str, bool]:
    """The verdict on a score as text, and whether a hard rule is broken.

    key: as in "D dorian"; None asks the score. output: where the coloured score is written.
    Raises ScoreError for a file that is no such score, UserError for the rest.
    """
    given = (read_key(key), "as you say") if key is not None else None
    file = _output(output) if output is not None else None
    with progress(3 if file is None else 4, "verifying") as step:
        stream = parse(path)
        step("opened")
        score = read(stream)
        found, how = given or find_key(score)
        step("read")
        verdict = judge(score, found, language)
        step("judged")
        text = report(verdict, how, everything=everything)
        if file is not None:
            put([(file, coloured(stream, verdict.findings))])
            text += f"\nWrote {file.path.name}{' (replaced)' if file.replaces else ''}."
    return text, verdict.broken


def _output(path: str) -> Output:
    if not path.lower().endswith(".musicxml"):
        raise UserError(f"{path} is no name for the coloured score.", "Let it end in .musicxml.")
    return plan_outputs((path,), (".musicxml",))[0]
