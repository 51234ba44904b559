"""One decision for a terminal: its shares and what they looked at, who nearly won, what would turn
it."""

from __future__ import annotations

from typing import Any

from composer.errors import UserError, nearest
from composer.explanation.replay import counterfactuals
from composer.explanation.replay.stored import Stored
from composer.explanation.style import (
    WIDTH,
    dim,
    heading,
    justified,
    listed,
    music,
    plain,
    signed,
    signed_bar,
    value,
    wrapped,
)
from composer.explanation.words import sentence
from composer.table.conditions import Chosen, Condition, Is, leaves

Json = dict[str, Any]

MOST_RIVALS = 6  # choices that got votes; the rest are only counted
FIGURES = 2  # columns that figures are indented by


def decision(document: Json, stored: Stored, asked: str) -> list[str]:
    """The lines on a decision; `asked` is its name, or NAME=CHOICE to ask why not that choice.

    Raises UserError for a decision or a choice that there is not.
    """
    name, equals, choice = (part.strip() for part in asked.partition("="))
    if name not in document["decisions"]:
        near = nearest(name, document["decisions"])
        hint = f"Did you mean {near}?" if near else "See `promenade decisions`."
        raise UserError(f"There is no decision {name!r} in this piece.", hint)
    made = document["decisions"][name]
    other = choice if equals else None
    if other is not None:
        _check(name, other, made, stored)
    rows = [*_head(name, made), *_shares(name, made, document, stored)]
    if made["kind"] == "choice":
        rows += ["", *_rivals(made)]
    rows += ["", *_settled(name, made)]
    if any(share["rule"] == "you" for share in made["shares"]):
        return rows
    return [*rows, *_why_not(name, made, stored, other), "", *_turned(name, made, stored, other)]


def _check(name: str, choice: str, made: Json, stored: Stored) -> None:
    question = stored.table.decisions[name]
    if made["kind"] == "number":
        raise UserError(f"{name} is a number, of which there is no why-not.", f"Ask for {name}.")
    if choice not in question.choices:
        near = nearest(choice, question.choices)
        hint = f"Did you mean {near}?" if near else f"It can be {question.span()}."
        raise UserError(f"{name} cannot be {choice!r}.", hint)
    if choice == made["value"]:
        raise UserError(f"{name} is {choice}.", f"Ask for {name} alone to see why.")


def _head(name: str, made: Json) -> list[str]:
    shown = f"{plain(made['value'])} {made['unit']}" if made["kind"] == "number" else made["value"]
    left = f"{heading(name.replace('_', ' '))}  {value(music(shown.strip()))}"
    right = ""
    if made["runner_up"] is not None:
        right = dim(f"before {music(made['runner_up'])} by {plain(made['margin'])}")
    return [justified(left, right)]


def _shares(name: str, made: Json, document: Json, stored: Stored) -> list[str]:
    """Every share that is not nought, with what its rule looked at."""
    shares = [share for share in made["shares"] if share["amount"] or share["rule"] == "you"]
    most = max((abs(s["amount"]) for s in shares if s["rule"] != "start"), default=0)
    rules = {rule.id: rule for rule in stored.table.rules}
    rows = []
    for share in sorted(shares, key=lambda s: (s["rule"] == "start", -abs(s["amount"]))):
        evidence = share["evidence"]
        grade = f"{evidence['grade']} {evidence['source']}" if evidence else ""
        if share["rule"] == "you":
            rows.append(f"  {share['because'].capitalize()}.")
            continue
        bar = signed_bar(share["amount"], most) if share["rule"] != "start" else " " * 8
        rows.append(justified(f"  {bar} {signed(share['amount']):>6}  {share['rule']}", grade))
        rows += wrapped(share["because"][:1].upper() + share["because"][1:], 19)
        if share["rule"] in rules:
            rule = rules[share["rule"]]
            text = f"held to {plain(share['strength'])}: {rule.when}"
            rows += [dim(line) for line in wrapped(text, 19)]
            for line in looked_at(rule.when, document, stored):
                rows += [dim(row) for row in wrapped(line, 21)]
    return rows


def looked_at(condition: Condition, document: Json, stored: Stored) -> list[str]:
    """What a condition looked at: each term's strength, its feature with unit, and where in the
    picture there is most of it."""
    told: dict[str, None] = {}
    for leaf in leaves(condition):
        if isinstance(leaf, Chosen):
            told[f"{leaf.decision} was {music(str(stored.decisions[leaf.decision].value))}"] = None
        else:
            told[_term(leaf, document, stored)] = None
    return list(told)


def _term(leaf: Is, document: Json, stored: Stored) -> str:
    term = stored.table.terms[leaf.term]
    strength = f"{leaf.term} {plain(float(stored.decisions.terms[leaf.term]))}"
    if term.key in document["decisions"]:
        made = document["decisions"][term.key]
        return f"{strength}, for {term.key} is {plain(made['value'])}"
    figure = plain(stored.features[term.key])
    unit = (
        document["features"][term.feature]["unit"] if term.feature in document["features"] else ""
    )
    return f"{strength}, for {term.key} is {figure} {unit}{_where(term.key, document)}".rstrip()


def _where(feature: str, document: Json) -> str:
    """In which region there is most of a feature, where regions have it and differ."""
    regions = [row for row in document["picture"]["regions"] if feature in row["features"]]
    if len(regions) < 2:
        return ""
    most = max(regions, key=lambda row: row["features"][feature])
    return f" (most in {most['name']}: {plain(most['features'][feature])})"


def _rivals(made: Json) -> list[str]:
    """The votes of the choices that came nearest, and what was not allowed."""
    votes = sorted(made["votes"].items(), key=lambda row: -row[1])
    shown = [f"{music(choice)} {plain(count)}" for choice, count in votes[:MOST_RIVALS]]
    rows = wrapped(f"Votes: {', '.join(shown)}{', …' if len(votes) > MOST_RIVALS else ''}", 2)
    reasons: dict[str, list[str]] = {}
    for choice, why in made["excluded"].items():
        reasons.setdefault(why, []).append(music(choice))
    for why, choices in reasons.items():
        rows += [dim(line) for line in wrapped(f"Not open: {listed(choices)} ({why})", 2)]
    return rows


def _settled(name: str, made: Json) -> list[str]:
    if any(share["rule"] == "you" for share in made["shares"]):
        return ["  You decided this; no rule was asked."]
    label = name.replace("_", " ")
    if made["decisive"] is None:
        return ["  No rule by itself made the difference."]
    return wrapped(f"{made['decisive']} settled it: without it, {label} would be another.", 2)


def _why_not(name: str, made: Json, stored: Stored, other: str | None) -> list[str]:
    """The rule that came nearest to another decision, and the clause that failed."""
    found = made["why_not"]
    if other is not None:
        from composer.explanation.document import why_not_row
        from composer.explanation.reasons import why_not

        if other in made["excluded"]:
            return [f"  Why not {music(other)}? It {made['excluded'][other]}."]
        found = why_not_row(why_not(stored.table, stored.features, stored.decisions, name, other))
        if found is None:
            return wrapped(f"Why not {music(other)}? No rule had more to say for it.", 2)
    if found is None:
        return ["  Why not another? Every rule for another had its full say."]
    clause = found["clause"]
    was = clause["value"] if isinstance(clause["value"], str) else plain(clause["value"])
    failed = f"its clause “{clause['text']}” came to {plain(clause['strength'])}, "
    failed += f"for {clause['of']} was {music(was)}"
    if found["needed"] is not None:
        lack = f"held to {plain(found['strength'])} and would have won from {found['needed']:g} on"
    else:
        lack = f"held to {plain(found['strength'])}"
    return wrapped(f"Why not {music(found['for'])}? {found['rule']} {lack}: {failed}.", 2)


def _turned(name: str, made: Json, stored: Stored, other: str | None) -> list[str]:
    """The counterfactuals: replays, made now."""
    found = counterfactuals(stored.table, stored.features, stored.decisions, name, to=other)
    rows = [heading("What would turn it") + dim("  replays, with all else as it is")]
    if not found:
        goal = f"turns it to {music(other)}" if other else "turns it"
        return [*rows, f"  No change of one feature or of two {goal}."]
    for each in found:
        text = sentence(each, made["unit"])
        size = f"{100 * each.size:.2g} % of how far photographs differ"
        rows += wrapped(text[:1].upper() + text[1:] + f": {size}.", FIGURES, WIDTH)
    return rows
