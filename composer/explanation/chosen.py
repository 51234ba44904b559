"""What was decided and why, in plain words: a row for each main decision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from composer.explanation.clauses import (
    Path,
    PlainSentence,
    choice_said,
    clause_of,
    held_by,
    joints,
    number_said,
    players_of,
    value_of,
    words,
)
from composer.explanation.decided import ConditionJson, DecisionJson, ShareJson
from composer.explanation.format import Explanation
from composer.explanation.layout import listed, music, shown
from composer.explanation.shown import naming

HEARD = 0.3  # strength from which a rule is said to be the reason
_MARKS = re.compile(r"\s*\((?:match|felt emotion)[^)]*\)")


def decided(document: Explanation) -> Iterator[PlainSentence]:
    """A row for each main decision, as `label: value. Reason.`"""
    for row in words()["rows"]:
        name = row["of"]
        if name not in document["decisions"]:
            continue
        made = document["decisions"][name]
        text, facts = _told(name, document)
        index, share = _leading(made, document)
        if share is not None:
            facts["decisions", name, "shares", index, "rule"] = share["rule"]
            text = f"{text} {_reason(share, document)}"
        yield PlainSentence(f"{row['label']}: {text}", facts)


def _leading(made: DecisionJson, document: Explanation) -> tuple[int, ShareJson | None]:
    """The share that did most for a decision, with its number: the user's, or a rule's, if not for
    a thing too faint to be named."""
    heard = [
        (number, share)
        for number, share in enumerate(made["shares"])
        if share["rule"] == "you"
        or (
            share["amount"]
            and share["rule"] not in _SILENT
            and naming(share["rule"], document) != ""
        )
    ]
    up = _direction(made)
    able = [row for row in heard if row[1]["rule"] == "you" or row[1]["amount"] * up > 0] or heard
    return max(able, key=lambda row: abs(row[1]["amount"]), default=(0, None))


_SILENT = ("start", "default", "clamp", "rounding")


def _direction(made: DecisionJson) -> float:
    """+1 where rules in all added to a number, −1 where they took away; votes count up."""
    if made["kind"] == "choice":
        return 1.0
    said = sum(share["amount"] for share in made["shares"] if share["rule"] not in _SILENT)
    return 1.0 if said >= 0 else -1.0


def _reason(share: ShareJson, document: Explanation) -> str:
    """A rule's reason as a sentence, without the mark of what kind of finding it is; of a rule with
    alternatives the one that held."""
    if share["rule"] != "you" and share["strength"] < HEARD:
        return "No rule had much to say for another."
    text = _MARKS.sub("", share["because"]).strip()
    text = text[:1].upper() + text[1:]
    text = text if text.endswith((".", "?", "!")) else f"{text}."
    rules = {rule["id"]: rule for rule in document["rules"]["table"]["rules"]}
    if share["rule"] not in rules:
        return text
    when = rules[share["rule"]]["when"]
    own = [made for made in _moods(when, document) if _wished(made)]
    if own:
        return "You asked for it: this is what such a mood sounds like."
    if named := naming(share["rule"], document):
        return f"{text} The picture {named}."
    if "any" in joints(when) and (held := held_by(when, document)):
        clauses = [clause_of(term, holds, document) for term, holds in held]
        text += f" Here the picture {listed(clauses)}."
    return text


def _moods(when: ConditionJson, document: Explanation) -> Iterator[DecisionJson]:
    """The decisions that a condition looks at, be it by their names or by terms for them."""
    if isinstance(when, str):
        term = document["rules"]["table"]["terms"].get(when.split(" ", 1)[-1])
        term = term or document["rules"]["table"]["terms"].get(when)
        if term is not None and term["feature"] in document["decisions"]:
            yield document["decisions"][term["feature"]]
        return
    for word, of in when.items():
        if word in document["decisions"]:
            yield document["decisions"][word]
        elif word in ("all", "any", "not", "very", "somewhat"):
            for part in of if isinstance(of, list) else [of]:
                yield from _moods(part, document)


def _wished(made: DecisionJson) -> bool:
    """Did the user decide, or wish for, what was decided?"""
    return any(
        share["rule"] == "you" or share["because"].startswith("You asked for ")
        for share in made["shares"]
    )


def _told(name: str, document: Explanation) -> tuple[str, dict[Path, Any]]:
    """A decision and those that belong to it in plain words, ending with a stop."""
    found, facts = value_of(document, name)

    def also(other: str) -> str:
        more, where = value_of(document, other)
        facts.update(where)
        return number_said(other, more) if not isinstance(more, str) else choice_said(other, more)

    def has(other: str) -> bool:
        return other in document["decisions"]

    text = choice_said(name, found) if isinstance(found, str) else number_said(name, found)
    if name == "tempo":
        text += f", {shown(found)} beats a minute"
        text += f", {also('rubato')}" if has("rubato") else ""
    elif name == "mode":
        key = document["plan"]["key"]["name"]
        facts["plan", "key", "name"] = key
        text = f"{music(key)}, {text}"
    elif name == "metre":
        text += f" ({found})" + (f", {also('syncopation')}" if has("syncopation") else "")
    elif name == "chords":
        text += "".join(f", {also(o)}" for o in ("dissonance", "harmonic_rhythm") if has(o))
    elif name == "register":
        text += f"; {also('range')}" if has("range") else ""
    elif name == "density":
        text += f", {also('articulation')}" if has("articulation") else ""
    elif name == "dynamics":
        text += f", {also('dynamic_range')}" if has("dynamic_range") else ""
    elif name == "ensemble":
        players, more = players_of(document)
        facts |= more
        text += f": {players}" if players != found else ""
    return f"{text[:1].upper()}{text[1:]}.", facts
