"""A verdict as text: the violations by rule, with bar, beat and voices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from composer.verifying.judge import Finding, Verdict
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
