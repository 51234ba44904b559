"""A verdict in words: the violations by rule, with bar, beat and voices."""

from __future__ import annotations

from collections.abc import Sequence

from composer.verifier.findings import LEAD_SHEET, Finding, Verdict, written
from theory.rules import RULES

MOST_PLACES = 12  # that are named for one rule, unless all are wanted


def report(verdict: Verdict, *, everything: bool = False) -> str:
    """The text; `everything` names all places."""
    looked = f"{verdict.moments} notes over {verdict.chords} chords"
    if verdict.what != LEAD_SHEET:
        looked = f"{verdict.moments} moments, {verdict.chords} of them chords"
    key = f"{verdict.key.name} ({verdict.how})"
    key += "".join(f", from bar {bar} {other.name}" for bar, other in verdict.changes)
    lines = [f"{key}, language {verdict.language}: {verdict.what}, {looked}."]
    hard = [finding for finding in verdict.findings if finding.hard]
    soft = [finding for finding in verdict.findings if not finding.hard]
    if hard:
        lines += ["", f"HARD RULES BROKEN ({len(hard)})", *_by_rule(hard, everything)]
    if soft:
        lines += ["", f"SOFT RULES ({len(soft)} remarks)", *_by_rule(soft, everything)]
    lines += ["", _sum(verdict, len(hard))]
    if verdict.unjudged:
        lines.append(
            f"Not judged, for nothing in the score says it: {', '.join(verdict.unjudged)}."
        )
    if verdict.left_out:
        shown = verdict.left_out if everything else verdict.left_out[:MOST_PLACES]
        more = len(verdict.left_out) - len(shown)
        lines.append(f"Left out: {'; '.join(shown)}{f'; and {more} more' * bool(more)}.")
    return "\n".join(lines)


def _by_rule(findings: Sequence[Finding], everything: bool) -> list[str]:
    lines = []
    for rule in RULES.values():
        places = [finding for finding in findings if finding.rule == rule.name]
        if not places:
            continue
        lines.append(f"{rule.name}: {len(places)}. {rule.sentence} ({rule.source})")
        shown = places if everything else places[:MOST_PLACES]
        lines += [f"  bar {f.bar} beat {written(f.beat)}: {f.sentence}" for f in shown]
        if len(places) > len(shown):
            lines.append(f"  and {len(places) - len(shown)} more places")
    return lines


def _sum(verdict: Verdict, hard: int) -> str:
    bound = sum(RULES[name].binds(verdict.language) for name in verdict.judged)
    if not hard and verdict.alone:
        return (
            "Nothing could be judged over chords, for none was recognised; of the melody alone "
            "no hard rule is broken."
        )
    if not hard:
        return f"No hard rule is broken; {len(verdict.judged)} rules were judged, {bound} hard."
    names = {finding.rule for finding in verdict.findings if finding.hard}
    verb = "is" if len(names) == 1 else "are"
    return f"{len(names)} of the {bound} hard rules judged {verb} broken."
