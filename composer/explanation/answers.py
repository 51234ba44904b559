"""Answers for a terminal: why this decision of a stored piece, what this rule did to it, and what
there is to decide at all.

Of a decision: its shares and what they looked at, who nearly won, what would turn it. Of a rule of
the table: what it said, and where; of a rule of music: what it forbade, and where.
"""

from __future__ import annotations

from textwrap import wrap

from analysis.picture.content.words import near
from composer.errors import UserError, nearest
from composer.explanation.chords import chord
from composer.explanation.decided import ChoiceJson, DecisionJson, RuleJson
from composer.explanation.document import why_not_row
from composer.explanation.format import CheckJson, Explanation
from composer.explanation.layout import (
    WIDTH,
    at,
    dim,
    heading,
    justified,
    listed,
    music,
    percent,
    plain,
    shown,
    signed,
    signed_bar,
    value,
    wrapped,
)
from composer.explanation.notes import note as note_view
from composer.explanation.reasons import deciding, why_not
from composer.explanation.replay import counterfactuals, unseen
from composer.explanation.replay.changes import sentence
from composer.explanation.shown import told
from composer.explanation.stored import Stored, stored
from composer.explanation.text import before, figure, view
from composer.table import Table
from composer.table.conditions import Chosen, Condition, Is, leaves
from corpora.progress import Step, silent

MOST_RIVALS = 6  # choices that got votes; the rest are only counted
FIGURES = 2  # columns that figures are indented by
MOST_PLACES = 8
MOST_DECIDING = 3  # rules that made the difference beside the first; the rest are only counted


def decision_table(table: Table) -> str:
    """Every decision with its range, step and unit, or its choices."""
    names = table.decisions
    width = max(map(len, names)) + 2
    rows = []
    for name, question in names.items():
        lines = wrap(question.span(), WIDTH - width, break_long_words=False)
        rows.append(f"{name:<{width}}{lines[0]}")
        rows += [" " * width + line for line in lines[1:]]
    return "\n".join(rows)


def answer(
    document: Explanation,
    *,
    decision: str | None = None,
    bar: int | None = None,
    beat: float | None = None,
    note: int | None = None,
    rule: str | None = None,
    everything: bool = False,
    step: Step = silent,
) -> str:
    """The text; of several questions the answers follow one another. `step` is told of every area
    that is looked at for what would turn a decision. Raises UserError for what the piece does not
    have."""
    blocks = []
    if decision is not None:
        blocks.append(decision_lines(document, stored(document), decision, step))
    if bar is not None:
        blocks.append(chord(document, bar, beat))
    if note is not None:
        blocks.append(note_view(document, note))
    if rule is not None:
        blocks.append(rule_lines(document, stored(document), rule))
    if everything or not blocks:
        return "\n\n".join([view(document, everything=everything), *map("\n".join, blocks)])
    return "\n\n".join(map("\n".join, blocks))


def decision_lines(
    document: Explanation, stored: Stored, asked: str, step: Step = silent
) -> list[str]:
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
    rows += ["", *settled(name, made, stored)]
    if any(share["rule"] == "you" for share in made["shares"]):
        return rows
    return [
        *rows,
        *_why_not(name, made, stored, other),
        "",
        *_turned(name, made, stored, other, step),
    ]


def _check(name: str, choice: str, made: DecisionJson, stored: Stored) -> None:
    question = stored.table.decisions[name]
    if made["kind"] == "number":
        raise UserError(f"{name} is a number, of which there is no why-not.", f"Ask for {name}.")
    if choice not in question.choices:
        near = nearest(choice, question.choices)
        hint = f"Did you mean {near}?" if near else f"It can be {question.span()}."
        raise UserError(f"{name} cannot be {choice!r}.", hint)
    if choice == made["value"]:
        raise UserError(f"{name} is {choice}.", f"Ask for {name} alone to see why.")


def _head(name: str, made: DecisionJson) -> list[str]:
    left = f"{heading(name.replace('_', ' '))}  {value(figure(made))}"
    return [justified(left, before(made))]


def _shares(name: str, made: DecisionJson, document: Explanation, stored: Stored) -> list[str]:
    """Every share that is not nought, with what its rule looked at."""
    heard = told(made["shares"], document)
    shares = [share for share in heard if share["amount"] or share["rule"] == "you"]
    most = max((abs(s["amount"]) for s in shares if s["rule"] != "start"), default=0)
    rules = {rule.id: rule for rule in stored.table.rules}
    rows = []
    for share in sorted(shares, key=lambda s: (s["rule"] == "start", -abs(s["amount"]))):
        evidence = share["evidence"]
        grade = f"{evidence['grade']} {evidence['source']}" if evidence else ""
        if share["rule"] == "you":
            rows += wrapped(f"{share['because'][:1].upper()}{share['because'][1:]}.", 2)
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


def looked_at(condition: Condition, document: Explanation, stored: Stored) -> list[str]:
    """What a condition looked at: each term's strength, its feature with unit, and where in the
    picture there is most of it."""
    told: dict[str, None] = {}
    for leaf in leaves(condition):
        if isinstance(leaf, Chosen):
            told[f"{leaf.decision} was {music(str(stored.decisions[leaf.decision].value))}"] = None
        else:
            told[_term(leaf, document, stored)] = None
            told |= dict.fromkeys(_nearest(stored.table.terms[leaf.term].key, stored))
    return list(told)


def _nearest(key: str, stored: Stored) -> list[str]:
    """Of a learned reading, what photographs that are read so show more than others do."""
    feature = key.partition(" in ")[0]
    if feature not in near():
        return []
    more, less = near()[feature]
    shown = listed([word.says for word in (more if stored.features[key] > 0 else less)])
    return [f"photographs that are read so show more than others {shown}"]


def _term(leaf: Is, document: Explanation, stored: Stored) -> str:
    term = stored.table.terms[leaf.term]
    strength = f"{leaf.term} {plain(float(stored.decisions.terms[leaf.term]))}"
    if term.key in document["decisions"]:
        made = document["decisions"][term.key]
        return f"{strength}, for {term.key} is {shown(made['value'])}"
    figure = plain(stored.features[term.key])
    unit = (
        document["features"][term.feature]["unit"] if term.feature in document["features"] else ""
    )
    return f"{strength}, for {term.key} is {figure} {unit}{_where(term.key, document)}".rstrip()


def _where(feature: str, document: Explanation) -> str:
    """In which region there is most of a feature, where regions have it and differ."""
    regions = [row for row in document["picture"]["regions"] if feature in row["features"]]
    if len(regions) < 2:
        return ""
    most = max(regions, key=lambda row: row["features"][feature])
    return f" (most in {most['name']}: {plain(most['features'][feature])})"


def _rivals(made: ChoiceJson) -> list[str]:
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


def settled(name: str, made: DecisionJson, stored: Stored) -> list[str]:
    """The rules that made the difference, or that none did by itself."""
    if any(share["rule"] == "you" for share in made["shares"]):
        return ["  You decided this; no rule was asked."]
    label = name.replace("_", " ")
    rules = [*deciding(stored.table, stored.decisions, name)]
    if not rules:
        return ["  No rule by itself made the difference."]
    if len(rules) == 1:
        return wrapped(f"{rules[0]} settled it: without it, {label} would be another.", 2)
    others = listed(rules[1 : MOST_DECIDING + 1])
    more = f"{len(rules)} rules made the difference, each by itself: without any one of them, "
    most = ", …" if len(rules) > MOST_DECIDING + 1 else ""
    return wrapped(f"{more}{label} would be another. Most did {rules[0]}, then {others}{most}.", 2)


def _why_not(name: str, made: DecisionJson, stored: Stored, other: str | None) -> list[str]:
    """The rule that came nearest to another decision, and the clause that failed."""
    found = made["why_not"]
    if other is not None and made["kind"] == "choice":
        if other in made["excluded"]:
            return [f"  Why not {music(other)}? It {made['excluded'][other]}."]
        found = why_not_row(why_not(stored.table, stored.features, stored.decisions, name, other))
        if found is None:
            return wrapped(f"Why not {music(other)}? No rule had more to say for it.", 2)
    if found is None:
        return ["  Why not another? Every rule for another had its full say."]
    clause = found["clause"]
    was = shown(clause["value"])
    failed = f"its clause “{clause['text']}” came to {plain(clause['strength'])}, "
    failed += f"for {clause['of']} was {was}"
    if found["needed"] is not None:
        lack = f"held to {plain(found['strength'])} and would have won from {found['needed']:g} on"
    else:
        lack = f"held to {plain(found['strength'])}"
    return wrapped(f"Why not {music(found['for'])}? {found['rule']} {lack}: {failed}.", 2)


def _turned(
    name: str, made: DecisionJson, stored: Stored, other: str | None, step: Step
) -> list[str]:
    """The counterfactuals: replays, made now."""
    found = counterfactuals(
        stored.table, stored.features, stored.decisions, name, to=other, step=step
    )
    far = "; by a tenth of its range" if made["kind"] == "number" else ""
    rows = [heading("What would turn it") + dim(f"  replays, with all else as it is{far}")]
    denied = unseen(stored.table, stored.features, stored.decisions, name, other)
    if not found and not denied:
        goal = f"turns it to {music(other)}" if other else "turns it"
        return [*rows, f"  No change of one feature or of two {goal}."]
    for each in found:
        text = sentence(each, made["unit"])
        size = f"{percent(each.size)} of how far photographs differ"
        rows += wrapped(text[:1].upper() + text[1:] + f": {size}.", FIGURES, WIDTH)
    for each in denied:
        text = sentence(each, made["unit"])
        rows += wrapped(text[:1].upper() + text[1:] + ".", FIGURES, WIDTH)
    return rows


def rule_lines(document: Explanation, stored: Stored, name: str) -> list[str]:
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


def _mapping(document: Explanation, stored: Stored, row: RuleJson) -> list[str]:
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


def _said(document: Explanation, row: RuleJson) -> list[str]:
    """Its share in each decision that it has a part in."""
    rows = []
    for name in row["then"]:
        made = document["decisions"][name]
        known = {str(made["value"]): made["shares"]}
        if made["kind"] == "choice":
            known |= made["rivals"]
        shares = [
            (choice, share["amount"])
            for choice, found in known.items()
            for share in found
            if share["rule"] == row["id"] and share["amount"]
        ]
        if made["kind"] == "number":
            said = ", ".join(signed(amount) for _, amount in shares)
        else:
            said = ", ".join(f"{music(choice)} {signed(amount)}" for choice, amount in shares)
        text = f"{name.replace('_', ' ')} ({shown(made['value'])}): {said or 'nothing'}"
        rows += wrapped(text + ("; it did most for it" if made["decisive"] == row["id"] else ""), 2)
    return rows


def _music(document: Explanation, check: CheckJson) -> list[str]:
    """A rule of harmony or melody: what it says, what it cost, what it struck out."""
    kind = "switched off" if check["off"] else "hard" if check["hard"] else "soft"
    rows = [justified(heading("Rule") + f"  {check['rule']}", dim(kind))]
    rows += wrapped(check["sentence"], 2)
    rows += [dim(line) for line in wrapped(check["source"], 2)]
    broken = "never broken" if not check["count"] else f"broken {check['count']} times"
    rows += ["", *wrapped(f"In the finished piece it is {broken}.", 2)]
    rows += _places(check["places"])
    struck = [
        (number, note, trace["struck"][check["rule"]])
        for number, note in enumerate(document["notes"], 1)
        if (trace := note["cause"]["trace"]) and check["rule"] in trace["struck"]
    ]
    if struck:
        pitches = sum(len(found) for _, _, found in struck)
        text = f"While the melody was sung it struck out {pitches} pitches, for {len(struck)} notes"
        first = listed([at(note) for _, note, _ in struck[:3]])
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
