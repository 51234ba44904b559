"""Reads wishes.yaml, and what a person said: "much happier and a little slower"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from composer.errors import UserError, nearest

# How much a word counts for that stands before a wish.
DEGREES: Mapping[str, Decimal] = MappingProxyType(
    {
        "much": Decimal(2),
        "very much": Decimal(2),
        "a lot": Decimal(2),
        "far": Decimal(2),
        "a little": Decimal("0.5"),
        "a bit": Decimal("0.5"),
        "slightly": Decimal("0.5"),
    }
)
USUAL = Decimal(1)
SAYS: Mapping[Decimal, str] = MappingProxyType(
    {Decimal(2): "much ", Decimal("0.5"): "a little ", USUAL: ""}
)
LENGTH = "length"  # what is moved that is no decision: a factor on the seconds
MOST = Decimal(3)  # that one line can be moved by, however often it is asked for
_BETWEEN = re.compile(r"\s*(?:,|;|\band\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pole:
    """An end of a line: its word, others for it, and what it moves, by how much, and why.

    `adds` is number -> amount, `votes` choice -> votes, `length` a factor on the seconds;
    `evidence` is (grade, effect, source), or None for a convention.
    """

    word: str
    words: tuple[str, ...]
    adds: Mapping[str, Decimal]
    votes: Mapping[str, Mapping[str, Decimal]]
    length: Decimal | None
    because: str
    evidence: tuple[str, str, str] | None


@dataclass(frozen=True, slots=True)
class Axis:
    """A line with two ends that cancel each other out."""

    name: str
    poles: tuple[Pole, Pole]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for along one line: an end of it, and how much."""

    pole: Pole
    degree: Decimal

    def __str__(self) -> str:
        times = SAYS.get(self.degree, f"{self.degree.normalize():f} times ")
        return f"{times}{self.pole.word}"


@cache
def axes() -> Mapping[str, Axis]:
    """Every line of wishes.yaml by its name."""
    import yaml  # who wishes for nothing waits for no library

    text = Path(__file__).with_name("wishes.yaml").read_text("utf-8")
    return MappingProxyType(
        {name: Axis(name, _poles(ends)) for name, ends in yaml.safe_load(text).items()}
    )


def _poles(ends: Mapping[str, Mapping[str, object]]) -> tuple[Pole, Pole]:
    one, other = (_pole(word, entry) for word, entry in ends.items())
    return one, other


def _pole(word: str, entry: Mapping[str, object]) -> Pole:
    then, evidence = entry["then"], entry.get("evidence")
    assert isinstance(then, Mapping)
    words = entry.get("words", ())
    assert isinstance(words, Iterable)
    numbers = {name: amount for name, amount in then.items() if not isinstance(amount, Mapping)}
    length = numbers.pop(LENGTH, None)
    return Pole(
        word,
        tuple(words),
        {name: Decimal(str(amount)) for name, amount in numbers.items()},
        {
            name: {choice: Decimal(str(votes)) for choice, votes in row.items()}
            for name, row in then.items()
            if isinstance(row, Mapping)
        },
        None if length is None else Decimal(str(length)),
        str(entry["because"]),
        (evidence["grade"], evidence["effect"], evidence["source"])
        if isinstance(evidence, Mapping)
        else None,
    )


def known() -> tuple[str, ...]:
    """The word of every end, in the file's order."""
    return tuple(pole.word for axis in axes().values() for pole in axis.poles)


@cache
def _words() -> Mapping[str, tuple[str, Pole]]:
    """Every word with its line and its end of it."""
    return MappingProxyType(
        {
            word: (axis.name, pole)
            for axis in axes().values()
            for pole in axis.poles
            for word in (pole.word, *pole.words)
        }
    )


def said(texts: Iterable[str]) -> tuple[str, ...]:
    """The wishes as single phrases, several of one text apart.

    >>> said(["much happier, a little slower", "softer and  Longer"])
    ('much happier', 'a little slower', 'softer', 'longer')
    """
    found = []
    for text in texts:
        parts = (" ".join(part.split()).lower() for part in _BETWEEN.split(text.strip()))
        found += [part for part in parts if part]
    return tuple(found)


def read_wishes(texts: Iterable[str]) -> tuple[Wish, ...]:
    """What is left of wishes along every line, once opposite ones have cancelled out.

    >>> [str(wish) for wish in read_wishes(["much happier", "sadder", "slower and faster"])]
    ['happier']

    Raises UserError for each word that is none, with the nearest.
    """
    phrases = said(texts)
    if not phrases:
        return ()
    sums = dict.fromkeys(axes(), Decimal(0))
    faults = []
    for phrase in phrases:
        degree, word = _degree(phrase)
        if word not in _words():
            faults.append(_unknown(word))
            continue
        name, pole = _words()[word]
        sums[name] += degree if pole is axes()[name].poles[0] else -degree
    if faults:
        raise UserError("\n".join(faults))
    return tuple(
        Wish(axes()[name].poles[0 if total > 0 else 1], min(abs(total), MOST))
        for name, total in sums.items()
        if total
    )


def _degree(phrase: str) -> tuple[Decimal, str]:
    for words in sorted(DEGREES, key=len, reverse=True):
        if phrase.startswith(f"{words} "):
            return DEGREES[words], phrase[len(words) :].strip()
    return USUAL, phrase


def _unknown(word: str) -> str:
    near = nearest(word, _words())
    hint = f"Did you mean {near}?" if near else f"It knows {', '.join(known())}."
    return f"{word!r} is no wish that is known. {hint}"
