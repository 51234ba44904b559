"""What the picture shows, in words that are true of it: a caption, and reasons that name things.

A thing is named at a probability from .5, and "may" be there from .3; below that nothing is said
of it, and what it added to a decision stands with the like in one row. What you said is yours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from analysis.picture.content.words import Word, words
from composer.explanation.decided import ShareJson
from composer.explanation.format import Explanation, PictureJson
from composer.explanation.layout import listed

SURE, MAYBE = 0.5, 0.3
_SHAPES: Mapping[str, Callable[[float], float]] = {
    "not": lambda held: 1 - held,
    "very": lambda held: max(0.0, 2 * held - 1),
    "somewhat": lambda held: min(1.0, 2 * held),
}
FAINT = "faint signs, not named"
DARK, LIGHT = 32, 66  # L* below and above which a picture is called so
AREA = 0.2  # share from which on a region is told of in a caption
_PLACES = {
    "all over": "all over",
    "background": "in the background",
    "here and there": "here and there",
    "down the middle": "down the middle",
    "centre": "in the centre",
    "top": "at the top",
    "bottom": "at the bottom",
}


def caption(features: Mapping[str, float], picture: PictureJson) -> str:
    """One sentence of what the picture shows, how light it is, and its largest areas.

    features: every feature's value by its name.
    """
    sure = [word for word in words().values() if _names(word, features[word.feature])]
    sure.sort(key=lambda word: -features[word.feature])
    maybe = [
        word
        for word in words().values()
        if features[word.feature] >= MAYBE and not _names(word, features[word.feature])
    ]
    maybe.sort(key=lambda word: -features[word.feature])
    subject = listed([word.says for word in sure])
    lightness = features["light.lightness"]
    light = ["dark"] if lightness < DARK else ["light"] if lightness > LIGHT else []
    areas = sorted(picture["regions"], key=lambda region: -region["share"])[:2]
    colours: dict[str, dict[str, None]] = {}
    for area in areas:
        if area["share"] >= AREA:
            place, _, colour = area["name"].partition(" (")[0].partition(", ")
            colours.setdefault(place, {})[colour] = None
    told_of = [_area(f"{place}, {listed([*each])}") for place, each in colours.items()]
    parts = [*light, *([listed(told_of)] if told_of else [])]
    said = ": ".join(filter(None, (subject, ", ".join(parts)))) or "a picture"
    if maybe:
        said += f"; perhaps {' or '.join(word.says for word in maybe)}"
    return said[:1].upper() + said[1:] + "."


def _names(word: Word, probability: float) -> bool:
    """Is it said without a perhaps? Never of a word that is little to be trusted."""
    return probability >= SURE and (word.trust != "poor" or probability == 1)


def _area(name: str) -> str:
    """A region's name as a sentence has it.

    >>> _area("bottom, dark green"), _area("upper left, pale blue (the lighter)")
    ('dark green at the bottom', 'pale blue in the upper left')
    """
    place, _, colour = name.partition(" (")[0].partition(", ")
    if place in _PLACES:
        return f"{colour} {_PLACES[place]}"
    if place.startswith("across"):
        return f"{colour} {place}"
    return f"{colour} {'in' if ' ' in place and 'side' not in place else 'on'} the {place}"


def described(picture: PictureJson) -> str:
    """The sentence of a captioning model, as its own; "" where there is none."""
    content = picture.get("content")
    said = content.get("described", "") if content is not None else ""
    return f"A captioning model says: “{said}”" if said else ""


def told(shares: Sequence[ShareJson], document: Explanation) -> list[ShareJson]:
    """Shares as they are told: what a rule adds for things that it names, with their probability;
    and at last, in one row, what was added for signs too faint to be named. Their sum is the same.
    """
    rows: list[ShareJson] = []
    faint = Decimal(0)
    for share in shares:
        seen = things(share["rule"], document)
        if seen is None or not share["amount"]:
            rows.append(share)
        elif not (named := _sentence(*seen, document)):
            faint += Decimal(str(share["amount"]))
        else:
            rows.append({**share, "because": f"{named} {share['because']}"})
    if faint:
        because = "Signs of things, each too faint to be named."
        amount = int(faint) if faint == int(faint) else float(faint)
        row: ShareJson = {
            "rule": FAINT,
            "strength": 1,
            "amount": amount,
            "because": because,
            "evidence": None,
        }
        rows.append(row)
    return rows


def naming(rule: str, document: Explanation) -> str | None:
    """The thing for which a rule spoke as one says it, as "shows a boat"; "" for one too faint to
    be named, None for a rule that spoke for something else."""
    seen = things(rule, document)
    return None if seen is None else _verb(*seen, document).partition(" (")[0]


def said_of(term: Any, document: Explanation, holds: bool = True) -> str:
    """A term for a thing as one says it, as "has faint signs of a boat", or where it is denied "has
    no clear sign of a boat"; "" for another term."""
    word = {word.feature: word for word in words().values()}.get(term["feature"])
    if word is None:
        return ""
    if not holds:
        return f"has no clear sign of {word.says}"
    said = _verb(word, _probability(term, document), document).partition(" (")[0]
    return said or f"has faint signs of {word.says}"


def things(rule: str, document: Explanation) -> tuple[Word, float] | None:
    """The thing for which a rule spoke, with its probability; None for one that spoke for something
    else, or for no thing at all."""
    table = document["rules"]["table"]
    when = next((row["when"] for row in table["rules"] if row["id"] == rule), None)
    if when is None:
        return None
    known = {word.feature: word for word in words().values()}
    held = {name: table["terms"][name] for name in _terms(when) if name in table["terms"]}
    of_things = {name: term for name, term in held.items() if term["feature"] in known}
    # Would it have spoken without them?
    if not of_things or _holds(when, document, of_things) > 0:
        return None
    name = max(of_things, key=lambda name: document["terms"][name])
    return known[of_things[name]["feature"]], _probability(of_things[name], document)


def _probability(term: Any, document: Explanation) -> float:
    value = float(document["features"][term["feature"]]["value"])
    return value if "in" not in term else min(value, MAYBE)


def _sentence(word: Word, probability: float, document: Explanation) -> str:
    """That the thing is there, as surely as it is; "" where it is too faint."""
    said = _verb(word, probability, document)
    if said.startswith("as "):
        who, _, _ = said.removeprefix("as ").partition(" say")
        return f"{who[:1].upper()}{who[1:]} said that it shows {word.says}."
    return f"It {said}." if said else ""


def _verb(word: Word, probability: float, document: Explanation) -> str:
    content = document["picture"].get("content")
    yours = content["yours"] if content is not None else {}
    named = content.get("named", {}) if content is not None else {}
    figure = f"{probability:.2f}".lstrip("0")
    if probability < MAYBE:
        return ""
    if word.feature in yours:
        return f"as you say shows {word.says}"
    if word.feature in named:
        return f"as the captioning model says shows {word.says}"
    if _names(word, probability):
        return f"shows {word.says} ({figure})"
    return f"may show {word.says} ({figure})"


def _holds(when: Any, document: Explanation, denied: Collection[str]) -> float:
    """The strength of a condition in the table's notation, where the terms denied are nought."""
    if isinstance(when, str):
        shape, _, rest = when.partition(" ")
        if rest and shape in _SHAPES:
            return _SHAPES[shape](_holds(rest, document, denied))
        return 0.0 if when in denied else document["terms"][when]
    (key, inner) = next((key, inner) for key, inner in when.items() if key != "in")
    if key in ("all", "any"):
        return (min if key == "all" else max)(_holds(part, document, denied) for part in inner)
    if key in _SHAPES:
        return _SHAPES[key](_holds(inner, document, denied))
    return float(document["decisions"][key]["value"] in inner)


def _terms(when: Any) -> Iterator[str]:
    """The terms of a condition in the table's notation."""
    if isinstance(when, str):
        words_of = when.split()
        while len(words_of) > 1 and words_of[0] in ("not", "very", "somewhat"):
            words_of.pop(0)
        yield " ".join(words_of)
    elif isinstance(when, list):
        for part in when:
            yield from _terms(part)
    elif isinstance(when, dict):
        for key, inner in when.items():
            if key in ("all", "any", "not", "very", "somewhat"):
                yield from _terms(inner)
