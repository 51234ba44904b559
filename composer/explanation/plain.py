"""The piece in plain words: five sentences, what was decided and why, what stands out.

Every sentence is made of values that the document holds, and names their places in it (`facts`), so
that a test can look each of them up. No line is wider than 80 columns, and there are at most 45.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from composer.explanation.chosen import decided
from composer.explanation.clauses import (
    NAMED,
    Path,
    PlainSentence,
    choice_said,
    clause_of,
    held_by,
    number_said,
    players_of,
    value_of,
    words,
)
from composer.explanation.decided import DecisionJson
from composer.explanation.features import bounds, striking
from composer.explanation.format import Explanation
from composer.explanation.layout import (
    bold,
    dim,
    heading,
    listed,
    music,
    shown,
    unstyle,
    value,
    wrapped,
)
from composer.explanation.notes import highest
from composer.explanation.replay.changes import WITH, comparatives
from composer.explanation.shown import described, naming

MOST_LINES = 45
SHOWN = 3  # features that stand out
COLUMN = 11  # columns of a label
FEW = 3  # bars that are named one by one


def plain_view(document: Explanation) -> str:
    """The whole text."""
    head = [value(document["title"]), ""]
    for sentence in sentences(document):
        head += wrapped(sentence.text, 0)
    tail = ["", heading("What stands out in the picture")]
    tail += [line for each in standing_out(document) for line in wrapped(each.text, 2)]
    tail += ["", dim("More: --explain=details, --explain=all; promenade glossary WORD")]
    rows = ["", heading("What was decided, and why")]
    for sentence in decided(document):
        label, _, rest = sentence.text.partition(": ")
        first, *more = wrapped(rest, COLUMN + 2)
        lines = [f"  {bold(f'{label:<{COLUMN}}')}{first.lstrip()}", *more]
        if len(head) + len(rows) + len(lines) + len(tail) > MOST_LINES:
            break
        rows += lines
    return "\n".join([*head, *rows, *tail])


def sentences(document: Explanation) -> tuple[PlainSentence, ...]:
    """The five sentences: the picture, the mood, the music, the tune, the way through it; and
    before them what it shows, and one more of what was asked for."""
    asked = tuple(_asked(document))
    return (
        *_caption(document),
        *asked,
        _picture(document),
        _mood(document),
        _sound(document),
        _tune(document),
        _way(document),
    )


def _caption(document: Explanation) -> Iterator[PlainSentence]:
    """What the picture shows, where the network has looked, or why it has not."""
    content = document["picture"].get("content")
    if content is None:
        return
    if content["caption"]:
        yield PlainSentence(
            content["caption"], {("picture", "content", "caption"): content["caption"]}
        )
    if said := described(document["picture"]):
        yield PlainSentence(said, {("picture", "content", "described"): content["described"]})
    if content["absent"]:
        yield PlainSentence(
            content["absent"], {("picture", "content", "absent"): content["absent"]}
        )


def _asked(document: Explanation) -> Iterator[PlainSentence]:
    """What the user set or wished, as far as it came to anything."""
    own = [n for n, made in document["decisions"].items() if _own(made) == "you said so"]
    named = {
        share["because"].partition(". ")[0].removeprefix("You asked for "): (name, index)
        for name, made in document["decisions"].items()
        for index, share in enumerate(made["shares"])
        if share["because"].startswith("You asked for ")
    }
    other = {
        name: why.removeprefix("you asked for ")
        for name, made in document["decisions"].items()
        if (why := _own(made)).startswith("you asked for ") and "whose" not in why
    }
    facts: dict[Path, Any] = {
        ("decisions", name, "shares", 0, "rule"): "you" for name in (*own, *other)
    }
    for name, index in named.values():
        share = document["decisions"][name]["shares"][index]
        facts["decisions", name, "shares", index, "rule"] = share["rule"]
    style = document["rules"]["table"].get("style", "")
    if style:
        facts["rules", "table", "style"] = style
    wished = [*[f"the style {style}"] * bool(style), *named, *other.values()]
    said = [f"You asked for {listed(wished)}"] * bool(wished)
    if own:
        told = [
            f"{name.replace('_', ' ')} ({shown(document['decisions'][name]['value'])})"
            for name in own
        ]
        said.append(f"{'y' if said else 'Y'}ou set {listed(told)}")
    if said:
        yield PlainSentence(f"{', and '.join(said)}.", facts)


def _own(made: DecisionJson) -> str:
    """What is said of a decision that the user made; "" for another."""
    return next((share["because"] for share in made["shares"] if share["rule"] == "you"), "")


def _picture(document: Explanation) -> PlainSentence:
    """What of the picture moved the mood most, and which way."""
    rules = {rule["id"]: rule for rule in document["rules"]["table"]["rules"]}
    found: list[tuple[float, str, str, dict[Path, Any]]] = []
    for name, ways in words()["pull"].items():
        shares = document["decisions"][name]["shares"] if name in document["decisions"] else []
        for index, share in enumerate(shares):
            if share["rule"] not in rules or not share["amount"]:
                continue
            held = held_by(rules[share["rule"]]["when"], document)
            named = naming(share["rule"], document)
            if held and named != "":
                facts: dict[Path, Any] = {
                    ("decisions", name, "shares", index, "amount"): share["amount"],
                    **{("terms", term): document["terms"][term] for term, _ in held},
                }
                way = ways[0 if share["amount"] > 0 else 1]
                clause = named or listed([clause_of(term, holds, document) for term, holds in held])
                found.append((abs(share["amount"]), clause, way, facts))
    chosen: list[tuple[float, str, str, dict[Path, Any]]] = []
    for row in sorted(found, key=lambda row: -row[0]):
        if row[1] not in {other[1] for other in chosen} and len(chosen) < NAMED:
            chosen.append(row)
    if not chosen:
        yours: dict[Path, Any] = {
            ("decisions", name, "shares", 0, "rule"): "you"
            for name in words()["pull"]
            if name in document["decisions"] and _own(document["decisions"][name])
        }
        if yours:
            return PlainSentence("The mood is yours, and not the picture's.", yours)
        return PlainSentence("Nothing in the picture moved the mood by itself.", {})
    pulled: dict[str, list[str]] = {}
    for _, clause, way, _ in chosen:
        pulled.setdefault(way, []).append(clause)
    told = [
        f"{listed(clauses)}, which make{'s' * (len(clauses) == 1)} the piece {way}"
        for way, clauses in pulled.items()
    ]
    facts = {path: fact for *_, facts in chosen for path, fact in facts.items()}
    return PlainSentence(f"The picture {'; it '.join(told)}.", facts)


def _mood(document: Explanation) -> PlainSentence:
    mood, facts = value_of(document, "mood")
    told = []
    for name in ("valence", "arousal"):
        amount, more = value_of(document, name)
        told.append(number_said(name, amount))
        facts |= more
    if told[0].startswith("neither"):
        told.reverse()
    joint = " and " if not told[1].startswith("neither") else ", "
    return PlainSentence(f"So the mood is {joint.join(told)}: we call it {mood}.", facts)


def _sound(document: Explanation) -> PlainSentence:
    tempo, facts = value_of(document, "tempo")
    mode, more = value_of(document, "mode")
    name = document["plan"]["key"]["name"]
    facts |= {**more, ("plan", "key", "name"): name}
    if "ensemble" in document["decisions"]:
        ensemble, players = value_of(document, "ensemble")
        who = _a(ensemble)
    else:
        who, players = players_of(document)
    facts |= players
    pace = number_said("tempo", tempo)
    return PlainSentence(
        f"It is {pace}, in {choice_said('mode', mode)} ({music(name)}), for {who}.", facts
    )


def _a(ensemble: str) -> str:
    """`a jazz trio`; of several players only their names."""
    many = ensemble.endswith("s") or " and " in ensemble
    return ensemble if many else f"{'an' if ensemble[0] in 'aeiou' else 'a'} {ensemble}"


def _tune(document: Explanation) -> PlainSentence:
    """What the tune follows, and where it is highest."""
    text, facts = _followed(document)
    top = highest(document)
    if not top:
        return PlainSentence(f"{text or 'There is no tune'}.", facts)
    facts |= {("notes", n, "bar"): document["notes"][n]["bar"] for n in top}
    facts |= {("notes", n, "key"): document["notes"][n]["key"] for n in top}
    bars = [str(bar) for bar in dict.fromkeys(document["notes"][n]["bar"] for n in top)]
    where = listed(bars) if len(bars) <= FEW else f"{bars[0]} and {len(bars) - 1} others"
    subject = f"{text}; it" if text else "The tune"
    return PlainSentence(
        f"{subject} is highest in bar{'s' if len(bars) > 1 else ''} {where}.", facts
    )


def _followed(document: Explanation) -> tuple[str, dict[Path, Any]]:
    """How closely the tune follows the picture's outline, in the first section that is planned to
    show it; "" where none is."""
    for number, section in enumerate(document["plan"]["sections"]):
        r = section.get("followed")
        if r is None:
            continue
        steps = words()["outline"]
        said = next(said for limit, said in steps if limit is None or r < limit)
        if r >= steps[0][0]:
            last = section["bar"] + section["bars"] - 1
            said += f", from left to right, in bars {section['bar']} to {last}"
        place = ("plan", "sections", number)
        facts: dict[Path, Any] = {(*place, "followed"): r}
        facts |= {(*place, "bar"): section["bar"], (*place, "bars"): section["bars"]}
        return str(said), facts
    return "", {}


def _way(document: Explanation) -> PlainSentence:
    """How long it is, how it is built, and what surprises."""
    plan = document["plan"]
    facts: dict[Path, Any] = {
        ("plan", "bars"): plan["bars"],
        ("plan", "seconds"): plan["seconds"],
        ("plan", "form"): plan["form"],
    }
    text = f"It lasts {round(plan['seconds'])} seconds, and is built as"
    text += f" {choice_said('form', plan['form'])}"
    for number, phrase in enumerate(plan["phrases"]):
        surprise = phrase["surprise"]
        if surprise:
            facts["plan", "phrases", number, "surprise"] = surprise
            facts["plan", "phrases", number, "bar"] = phrase["bar"]
            told = words()["surprises"].get(surprise, surprise)
            return PlainSentence(
                f"{text}; its surprise is {told} in the phrase that begins in bar {phrase['bar']}.",
                facts,
            )
    return PlainSentence(f"{text}.", facts)


def standing_out(document: Explanation) -> Iterator[PlainSentence]:
    """How the picture differs most from other photographs."""
    for name in striking(document)[:SHOWN]:
        feature = document["features"][name]
        typical = feature["typical"]
        if typical is None or name not in comparatives():
            continue
        low, below, _, above, high = bounds(typical)
        amount = feature["value"]
        if below <= amount <= above:
            continue
        less, more = comparatives()[name]
        said, beyond = (more, amount > high) if amount > above else (less, amount < low)
        verb = "is"
        if said.startswith(WITH):
            verb, said = "has", said.removeprefix(WITH)
        share = 95 if beyond else 75
        yield PlainSentence(
            f"It {verb} {said} than {share} in 100 photographs.",
            {("features", name, "value"): amount, ("features", name, "typical"): typical},
        )


def plain_text(document: Explanation) -> str:
    """The words alone, as a page of text: what is measured for how easily it reads."""
    said = [
        *sentences(document),
        *decided(document),
        *standing_out(document),
    ]
    return " ".join(unstyle(sentence.text) for sentence in said)
