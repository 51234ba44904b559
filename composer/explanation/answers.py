"""One rule for a terminal: of the mapping, what it said where; of music, what it forbade where."""

from __future__ import annotations

from typing import Any

from composer.errors import UserError, nearest
from composer.explanation.decision import decision as decision_view
from composer.explanation.decision import looked_at
from composer.explanation.found import chord
from composer.explanation.found import note as note_view
from composer.explanation.replay.stored import Stored, stored
from composer.explanation.style import (
    at,
    dim,
    heading,
    justified,
    listed,
    music,
    plain,
    signed,
    wrapped,
)
from composer.explanation.text import view

Json = dict[str, Any]

MOST_PLACES = 8


def rule_lines(document: Json, stored: Stored, name: str) -> list[str]:
    """The lines on a rule of the table or of music. Raises UserError where there is none."""
    mapping = {row["id"]: row for row in document["rules"]["table"]["rules"]}
    checks = {row["rule"]: row for row in document["checks"]}
    if name in mapping:
        return _mapping(document, stored, mapping[name])
    if name in checks:
        return _music(document, checks[name])
    near = nearest(name, [*mapping, *checks])
    hint = f"Did you mean {near}?" if near else "--explain=all names those that spoke."
    raise UserError(f"There is no rule {name!r} in this piece.", hint)


def _mapping(document: Json, stored: Stored, row: Json) -> list[str]:
    evidence = row["evidence"]
    grade = f"{evidence['grade']} {evidence['source']}"
    rows = [justified(heading("Rule") + f"  {row['id']}", dim(grade))]
    rows += wrapped(row["because"], 2)
    rows += wrapped(f"Evidence: {evidence['effect']}.", 2)
    rows += [
        dim(line) for line in wrapped(document["rules"]["table"]["sources"][evidence["source"]], 2)
    ]
    made = next(rule for rule in stored.table.rules if rule.id == row["id"])
    strength = document["rules"]["strengths"].get(row["id"])
    rows.append("")
    if strength is None:
        rows += wrapped(f"It was not asked: what it speaks for was not open. When: {made.when}.", 2)
    else:
        rows += wrapped(f"Its condition held to {plain(strength)}: {made.when}.", 2)
    for line in looked_at(made.when, document, stored):
        rows += [dim(each) for each in wrapped(line, 4)]
    return [*rows, "", heading("What it said"), *_said(document, row)]


def _said(document: Json, row: Json) -> list[str]:
    """Its share in each decision that it has a part in."""
    rows = []
    for name in row["then"]:
        made = document["decisions"][name]
        known = {str(made["value"]): made["shares"], **made.get("rivals", {})}
        shares = [
            (choice, share["amount"])
            for choice, found in known.items()
            for share in found
            if share["rule"] == row["id"] and share["amount"]
        ]
        shown = music(made["value"]) if made["kind"] == "choice" else plain(made["value"])
        if made["kind"] == "number":
            said = ", ".join(signed(amount) for _, amount in shares)
        else:
            said = ", ".join(f"{music(choice)} {signed(amount)}" for choice, amount in shares)
        text = f"{name.replace('_', ' ')} ({shown}): {said or 'nothing'}"
        rows += wrapped(text + ("; it settled it" if made["decisive"] == row["id"] else ""), 2)
    return rows


def _music(document: Json, check: Json) -> list[str]:
    """A rule of harmony or melody: what it says, what it cost, what it struck out."""
    kind = "switched off" if check["off"] else "hard" if check["hard"] else "soft"
    rows = [justified(heading("Rule") + f"  {check['rule']}", dim(kind))]
    rows += wrapped(check["sentence"], 2)
    rows += [dim(line) for line in wrapped(check["source"], 2)]
    broken = "never broken" if not check["count"] else f"broken {check['count']} times"
    rows += ["", *wrapped(f"In the finished piece it is {broken}.", 2)]
    rows += _places(check["places"])
    struck = [
        (number, note)
        for number, note in enumerate(document["notes"], 1)
        if note["cause"]["trace"] and check["rule"] in note["cause"]["trace"]["struck"]
    ]
    if struck:
        pitches = sum(len(n["cause"]["trace"]["struck"][check["rule"]]) for _, n in struck)
        text = f"While the melody was sung it struck out {pitches} pitches, for {len(struck)} notes"
        first = listed([at(note) for _, note in struck[:3]])
        rows += wrapped(f"{text}, first for those in {first} (--note {struck[0][0]}).", 2)
    costs = [span for span in document["harmony"] if check["rule"] in span["costs"]]
    if costs:
        points = sum(span["costs"][check["rule"]] for span in costs)
        where = listed([at(span) for span in costs[:MOST_PLACES]])
        rows += wrapped(f"In the voicings it cost {plain(points)} points: {where}.", 2)
    shaped = sum(check["rule"] in note["cause"]["rules"] for note in document["notes"])
    if shaped:
        rows += wrapped(f"It shaped {shaped} notes.", 2)
    return rows


def _places(places: list[str]) -> list[str]:
    rows = [f"    {place}" for place in places[:MOST_PLACES]]
    return [*rows, "    …"] if len(places) > MOST_PLACES else rows


def answer(
    document: Json,
    *,
    decision: str | None = None,
    bar: int | None = None,
    beat: float | None = None,
    note: int | None = None,
    rule: str | None = None,
    everything: bool = False,
) -> str:
    """The text; of several questions the answers follow one another. Raises UserError for what
    the piece does not have."""
    blocks = []
    if decision is not None:
        blocks.append(decision_view(document, stored(document), decision))
    if bar is not None:
        blocks.append(chord(document, bar, beat))
    if note is not None:
        blocks.append(note_view(document, note))
    if rule is not None:
        blocks.append(rule_lines(document, stored(document), rule))
    if everything or not blocks:
        return "\n\n".join([view(document, everything=everything), *map("\n".join, blocks)])
    return "\n\n".join(map("\n".join, blocks))
