"""The words for what a picture shows: read from content.yaml, each a set of ImageNet's classes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import yaml

_DENIALS = {"no", "without"}
HERE = Path(__file__).parent
GROUP = "content."
SEEN = GROUP + "seen"


@dataclass(frozen=True, slots=True)
class Word:
    """A word: `says` it in a sentence ("a dog"), `means` what it takes in.

    nouns: by which another's sentence names it, in the singular.
    classes: the numbers of its classes among the network's thousand, rising; none is in two words.
    trust: good, usable or poor, and `by` which measurement.
    """

    name: str
    says: str
    means: str
    nouns: tuple[str, ...]
    classes: tuple[int, ...]
    trust: str
    by: str

    @property
    def feature(self) -> str:
        """Its name among the features."""
        return GROUP + self.name


@lru_cache(maxsize=1)
def words() -> Mapping[str, Word]:
    """Every word by its name, in the file's order."""
    numbers = {name: number for number, name in enumerate(class_names())}
    rows = yaml.load(
        (HERE / "content.yaml").read_text(encoding="utf-8"),
        getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )["words"]
    return MappingProxyType(
        {
            name: Word(
                name,
                row["says"],
                row["means"],
                tuple(row["nouns"]),
                tuple(sorted(numbers[each] for each in row["classes"])),
                row["trust"]["grade"],
                row["trust"]["by"],
            )
            for name, row in rows.items()
        }
    )


def named(sentence: str) -> tuple[str, ...]:
    """The words that a sentence in English names, by their nouns, in the file's order.

    >>> named("Two dogs on a beach, and no sharks in sight."), named("The carpet of a cathedral")
    (('dog', 'water'), ())
    """
    spoken = re.findall(r"[a-z]+", sentence.lower())
    denied = {after for before, after in pairwise(spoken) if before in _DENIALS}
    heard = {form for each in spoken if each not in denied for form in _singular(each)}
    return tuple(name for name, word in words().items() if heard & {*word.nouns})


def _singular(noun: str) -> tuple[str, ...]:
    """What a noun may be in the singular."""
    endings = (("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe"))
    found = [noun.removesuffix(many) + one for many, one in endings if noun.endswith(many)]
    return (noun, *found)


@lru_cache(maxsize=1)
def near() -> Mapping[str, tuple[tuple[Word, ...], tuple[Word, ...]]]:
    """A learned reading's feature -> the words that photographs have more of where much is read of
    it, and where little is, the closest first."""
    rows = yaml.safe_load((HERE / "near.yaml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            GROUP + reading: (
                tuple(words()[name] for name in sides["more"]),
                tuple(words()[name] for name in sides["less"]),
            )
            for reading, sides in rows.items()
        }
    )


def class_names() -> tuple[str, ...]:
    """The names of the network's thousand classes, in its order."""
    return tuple((HERE / "classes.txt").read_text(encoding="utf-8").splitlines())
