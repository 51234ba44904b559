"""The words for what a picture shows: read from content.yaml, each a set of ImageNet's classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import yaml

HERE = Path(__file__).parent
GROUP = "content."
SEEN = GROUP + "seen"


@dataclass(frozen=True, slots=True)
class Word:
    """A word: `says` it in a sentence ("a dog"), `means` what it takes in.

    classes: the numbers of its classes among the network's thousand, rising; none is in two words.
    trust: good, usable or poor, and `by` which measurement.
    """

    name: str
    says: str
    means: str
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
                tuple(sorted(numbers[each] for each in row["classes"])),
                row["trust"]["grade"],
                row["trust"]["by"],
            )
            for name, row in rows.items()
        }
    )


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
