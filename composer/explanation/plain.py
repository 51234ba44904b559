"""The piece in plain words: five sentences, what was decided and why, what stands out.

Every sentence is made of values that the document holds, and names their places in it (`facts`), so
that a test can look each of them up. No line is wider than 80 columns, and there are at most 45.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from composer.explanation.decided import ConditionJson, DecisionJson, ShareJson
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
from composer.explanation.replay.changes import WITH, comparatives
from composer.explanation.shown import naming, said_of

MOST_LINES = 45
NAMED = 2  # things of the picture that the first sentence names
HEARD = 0.3  # strength from which a rule is said to be the reason
SHOWN = 3  # features that stand out
COLUMN = 11  # columns of a label
_MARKS = re.compile(r"\s*\((?:match|felt emotion)[^)]*\)")
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PlainSentence:
    """A sentence, and the places in the document that it is true of: each with its value there."""

    text: str
    facts: Mapping[Path, Any]


@cache
def words() -> Mapping[str, Any]:
    """plain.yaml: the plain words for terms, numbers and choices."""
    text = (files("composer") / "explanation" / "plain.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


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
    for name in ("caption", "absent"):
        if content is not None and content[name]:
            yield PlainSentence(content[name], {("picture", "content", name): content[name]})


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
    wished = [*named, *other.values()]
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
            held = _held(rules[share["rule"]]["when"], document)
            named = naming(share["rule"], document)
            if held and named != "":
                facts: dict[Path, Any] = {
                    ("decisions", name, "shares", index, "amount"): share["amount"],
                    **{("terms", term): document["terms"][term] for term, _ in held},
                }
                way = ways[0 if share["amount"] > 0 else 1]
                clause = named or listed([_clause(term, holds, document) for term, holds in held])
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


def _held(when: ConditionJson, document: Explanation) -> list[tuple[str, bool]]:
    """The terms by which a condition held, each with whether it held or did not: of alternatives
    the one that held most. None where it looks at what was decided."""
    if isinstance(when, str):
        for word in ("very ", "somewhat "):
            when = when.removeprefix(word) if isinstance(when, str) else when
        assert isinstance(when, str)
        if when.startswith("not "):
            return [(when.removeprefix("not "), False)]
        return [(when, True)] if _of_picture(when, document) else []
    ((word, of),) = ((key, inner) for key, inner in when.items() if key != "in")
    if word == "any":
        able = [(_strength(part, document), part) for part in of]
        strongest = max(able, key=lambda row: row[0])[1]
        return _held(strongest, document)
    if word == "all":
        return [term for part in of for term in _held(part, document)][:NAMED]
    if word == "not":
        return [(term, not holds) for term, holds in _held(of, document)]
    return _held(of, document) if word in ("very", "somewhat") else []


def _strength(when: ConditionJson, document: Explanation) -> float:
    """How far a condition of terms held."""
    terms = document["terms"]
    if isinstance(when, str):
        how, _, rest = when.partition(" ")
        if how in ("not", "very", "somewhat"):
            return _shaped(how, _strength(rest, document))
        return float(terms.get(when, 0))
    ((word, of),) = ((key, inner) for key, inner in when.items() if key != "in")
    if word in ("all", "any"):
        parts = [_strength(part, document) for part in of]
        return (min if word == "all" else max)(parts, default=1.0)
    if word in ("not", "very", "somewhat"):
        return _shaped(word, _strength(of, document))
    made = document["decisions"].get(word)
    return float(made is not None and made["value"] in of)


def _shaped(how: str, strength: float) -> float:
    if how == "not":
        return 1 - strength
    return max(0.0, 2 * strength - 1) if how == "very" else min(1.0, 2 * strength)


def _of_picture(term: str, document: Explanation) -> bool:
    """Is a term of the picture, and not of what was decided before?"""
    found = document["rules"]["table"]["terms"].get(term)
    return found is not None and found["feature"] in document["features"]


def _clause(term: str, holds: bool, document: Explanation) -> str:
    known = words()["terms"].get(term)
    if known is not None:
        return str(known[0 if holds else 1])
    if thing := said_of(document["rules"]["table"]["terms"][term], document, holds):
        return thing
    return f"is {'' if holds else 'not '}what the table calls {term}"


def _value(document: Explanation, name: str) -> tuple[Any, dict[Path, Any]]:
    """A decision's value, and where it stands."""
    found = document["decisions"][name]["value"]
    return found, {("decisions", name, "value"): found}


def _number(name: str, amount: float) -> str:
    """A number in plain words."""
    steps = words()["numbers"][name]
    return str(next(said for limit, said in steps if limit is None or amount < limit))


def _choice(name: str, choice: str) -> str:
    """A choice in plain words, or itself."""
    return str(words()["choices"].get(name, {}).get(choice, choice))


def _mood(document: Explanation) -> PlainSentence:
    mood, facts = _value(document, "mood")
    told = []
    for name in ("valence", "arousal"):
        amount, more = _value(document, name)
        told.append(_number(name, amount))
        facts |= more
    if told[0].startswith("neither"):
        told.reverse()
    joint = " and " if not told[1].startswith("neither") else ", "
    return PlainSentence(f"So the mood is {joint.join(told)}: we call it {mood}.", facts)


def _sound(document: Explanation) -> PlainSentence:
    tempo, facts = _value(document, "tempo")
    mode, more = _value(document, "mode")
    name = document["plan"]["key"]["name"]
    facts |= {**more, ("plan", "key", "name"): name}
    if "ensemble" in document["decisions"]:
        ensemble, players = _value(document, "ensemble")
        who = _a(ensemble)
    else:
        who, players = _players(document)
    facts |= players
    pace = _number("tempo", tempo)
    return PlainSentence(
        f"It is {pace}, in {_choice('mode', mode)} ({music(name)}), for {who}.", facts
    )


def _players(document: Explanation) -> tuple[str, dict[Path, Any]]:
    """Who plays, each once, and where that stands."""
    parts = [part["instrument"] for part in document["parts"]]
    facts: dict[Path, Any] = {("parts", n, "instrument"): name for n, name in enumerate(parts)}
    return listed([*dict.fromkeys(parts)]), facts


def _a(ensemble: str) -> str:
    """`a jazz trio`; of several players only their names."""
    many = ensemble.endswith("s") or " and " in ensemble
    return ensemble if many else f"{'an' if ensemble[0] in 'aeiou' else 'a'} {ensemble}"


def _tune(document: Explanation) -> PlainSentence:
    """What the tune follows, and where it is highest."""
    curve = document["plan"].get("tension")
    phrases = document["plan"]["phrases"]
    facts: dict[Path, Any] = {}
    text = "The tune leans on the picture's outline, from left to right"
    if curve:
        peak = curve.index(max(curve))
        facts["plan", "tension", peak] = curve[peak]
        return PlainSentence(f"{text}; bar {peak + 1} is where the piece is at its height.", facts)
    number = next((n for n, phrase in enumerate(phrases) if phrase["climax"]), None)
    if number is None:
        return PlainSentence(f"{text}.", facts)
    climax = phrases[number]["climax"]
    assert climax is not None
    facts["plan", "phrases", number, "climax", "bar"] = climax["bar"]
    return PlainSentence(f"{text}; it is high in bar {climax['bar']}.", facts)


def _way(document: Explanation) -> PlainSentence:
    """How long it is, how it is built, and what surprises."""
    plan = document["plan"]
    facts: dict[Path, Any] = {
        ("plan", "bars"): plan["bars"],
        ("plan", "seconds"): plan["seconds"],
        ("plan", "form"): plan["form"],
    }
    text = f"It lasts {round(plan['seconds'])} seconds, and is built as"
    text += f" {_choice('form', plan['form'])}"
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
    if "any" in _joints(when) and (held := _held(when, document)):
        text += (
            f" Here the picture {listed([_clause(term, holds, document) for term, holds in held])}."
        )
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


def _joints(when: ConditionJson) -> Iterator[str]:
    """The words that join the parts of a condition."""
    if isinstance(when, dict):
        for word, of in when.items():
            yield word
            if word in ("all", "any", "not", "very", "somewhat"):
                for part in of if isinstance(of, list) else [of]:
                    yield from _joints(part)


def _told(name: str, document: Explanation) -> tuple[str, dict[Path, Any]]:
    """A decision and those that belong to it in plain words, ending with a stop."""
    found, facts = _value(document, name)

    def also(other: str) -> str:
        more, where = _value(document, other)
        facts.update(where)
        return _number(other, more) if not isinstance(more, str) else _choice(other, more)

    def has(other: str) -> bool:
        return other in document["decisions"]

    text = _choice(name, found) if isinstance(found, str) else _number(name, found)
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
        players, more = _players(document)
        facts |= more
        text += f": {players}" if players != found else ""
    return f"{text[:1].upper()}{text[1:]}.", facts


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
