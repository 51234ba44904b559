"""What plain sentences are made of: words for terms, numbers and choices; which terms held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from composer.explanation.decided import ConditionJson
from composer.explanation.format import Explanation
from composer.explanation.layout import listed
from composer.explanation.shown import said_of

NAMED = 2  # things of the picture that a sentence names
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


def value_of(document: Explanation, name: str) -> tuple[Any, dict[Path, Any]]:
    """A decision's value, and where it stands."""
    found = document["decisions"][name]["value"]
    return found, {("decisions", name, "value"): found}


def number_said(name: str, amount: float) -> str:
    """A number in plain words."""
    steps = words()["numbers"][name]
    return str(next(said for limit, said in steps if limit is None or amount < limit))


def choice_said(name: str, choice: str) -> str:
    """A choice in plain words, or itself."""
    return str(words()["choices"].get(name, {}).get(choice, choice))


def players_of(document: Explanation) -> tuple[str, dict[Path, Any]]:
    """Who plays, each once, and where that stands."""
    parts = [part["instrument"] for part in document["parts"]]
    facts: dict[Path, Any] = {("parts", n, "instrument"): name for n, name in enumerate(parts)}
    return listed([*dict.fromkeys(parts)]), facts


def held_by(when: ConditionJson, document: Explanation) -> list[tuple[str, bool]]:
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
        return held_by(strongest, document)
    if word == "all":
        return [term for part in of for term in held_by(part, document)][:NAMED]
    if word == "not":
        return [(term, not holds) for term, holds in held_by(of, document)]
    return held_by(of, document) if word in ("very", "somewhat") else []


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


def clause_of(term: str, holds: bool, document: Explanation) -> str:
    known = words()["terms"].get(term)
    if known is not None:
        return str(known[0 if holds else 1])
    if thing := said_of(document["rules"]["table"]["terms"][term], document, holds):
        return thing
    return f"is {'' if holds else 'not '}what the table calls {term}"


def joints(when: ConditionJson) -> Iterator[str]:
    """The words that join the parts of a condition."""
    if isinstance(when, dict):
        for word, of in when.items():
            yield word
            if word in ("all", "any", "not", "very", "somewhat"):
                for part in of if isinstance(of, list) else [of]:
                    yield from joints(part)
