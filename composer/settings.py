"""What a composition is asked for beside its picture: one frozen value, and the one reader of it.

Options of a command, a JSON object and keywords in Python all become `Settings` here, and their
faults are said here, all at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from composer.errors import UserError, nearest
from composer.wishes.length import Length, read_length
from composer.wishes.words import Wish, read_wishes, said
from theory.rules import RULES

# Who may sing: the exact singer with weights written by hand, or the trained network.
MELODIES = ("rules", "neural")
# Who may play: our own player of SoundFonts, or FluidSynth where it is installed.
SYNTHS = ("built-in", "fluidsynth")
# How time is kept: as people do, a few milliseconds early or late, or exactly as written.
TIMINGS = ("played", "strict")
# Among what you say of a picture's content: nobody looks what it shows.
OFF = "off"
MOST_TAKES = 100
BARS = "bars"  # the decision that says how long a piece is


@dataclass(frozen=True, slots=True)
class Settings:
    """What a piece is composed and played by.

    table: a mapping table's path, or a pack's name; None is the default table.
    style: a style's name (lullaby, waltz, …) or path, which is laid over the table.
    overrides: decisions that you make yourself, as (name, value) in order of their names; given as
      a mapping too. Which names and values there are, the table says when it decides.
    make: wishes in words, as "much happier" and "a little slower"; opposite ones cancel out.
    length: how long the piece is to be, as "2min" or "48bars"; the tempo stays as it is.
    seed: from nought; draws another melody over the same plan.
    takes: so many pieces are composed, with this seed and those that follow, and the best is kept.
    without: names of rules of harmony or melody that are switched off, hard ones too.
    content: what you say that the picture shows, in place of what is seen, as (word, probability)
      in order of the words; given as a mapping or as words too (`["wedding", "weapon=0"]`). The
      word off leaves the network out: the picture's pixels alone decide.
    captioner: a folder with a captioning model of your own, whose sentence is shown as its own.
    captioner_counts: what that sentence names counts as seen.
    melody: who proposes the melody's notes, one of MELODIES.
    weights: a file of the network's weights; None is the shipped one.
    timing: how time is kept, one of TIMINGS; a score is the same either way.
    synth, soundfont: who plays, one of SYNTHS, and a SoundFont's path; None is the installed one.

    Raises UserError, with every fault, for what cannot be.
    """

    table: str | None = None
    style: str | None = None
    overrides: tuple[tuple[str, str], ...] = ()
    make: tuple[str, ...] = ()
    length: str | None = None
    seed: int = 0
    takes: int = 1
    without: tuple[str, ...] = ()
    content: tuple[tuple[str, float], ...] = ()
    captioner: str | None = None
    captioner_counts: bool = False
    melody: str = "neural"
    weights: str | None = None
    timing: str = "played"
    synth: str = "built-in"
    soundfont: str | None = None

    def __post_init__(self) -> None:
        faults: list[str] = []
        for name in ("table", "style", "captioner", "weights", "soundfont"):
            object.__setattr__(self, name, _path(name, getattr(self, name), faults))
        object.__setattr__(self, "overrides", _overrides(self.overrides, faults))
        object.__setattr__(self, "make", _make(self.make, faults))
        object.__setattr__(self, "length", _length(self.length, faults))
        object.__setattr__(self, "without", _without(self.without, faults))
        object.__setattr__(self, "content", _content(self.content, faults))
        object.__setattr__(self, "seed", _seed(self.seed, faults))
        _takes(self.takes, faults)
        _one_of("melody", self.melody, MELODIES, faults)
        _one_of("timing", self.timing, TIMINGS, faults)
        _one_of("synth", self.synth, SYNTHS, faults)
        if not isinstance(self.captioner_counts, bool):
            faults.append(f"captioner_counts is True or False, and not {self.captioner_counts!r}.")
        elif self.captioner_counts and self.captioner is None:
            faults.append("captioner_counts needs a captioner, a folder with a model.")
        if not faults and self.weights is not None and self.melody == "rules":
            faults.append("weights are for melody neural: rules need none.")
        if not faults:
            faults += self._lengths()
        if faults:
            raise UserError("\n".join(faults))

    def __repr__(self) -> str:
        own = [f"{name}={value!r}" for name, value in self.to_json().items()]
        return f"Settings({', '.join(own)})"

    def _lengths(self) -> list[str]:
        """What is wrong where the length is said more than once."""
        ways = [f"length {self.length}"] * (self.length is not None)
        ways += [f"bars {value}" for name, value in self.overrides if name == BARS]
        ways += [str(wish) for wish in self.wishes if wish.pole.length is not None]
        return [f"{' and '.join(ways)} both say how long it is: leave one out."] * (len(ways) > 1)

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What the wishes come to."""
        return read_wishes(self.make)

    @property
    def wished_length(self) -> Length | None:
        """The length that is asked for."""
        return None if self.length is None else read_length(self.length)

    @property
    def decided(self) -> dict[str, str]:
        """The overrides as a mapping."""
        return dict(self.overrides)

    @property
    def off(self) -> frozenset[str]:
        """The rules that are switched off."""
        return frozenset(self.without)

    @property
    def looks(self) -> bool:
        """Is it looked for what the picture shows?"""
        return OFF not in dict(self.content)

    @property
    def shown(self) -> dict[str, float]:
        """What you say that the picture shows: word -> probability."""
        return {word: value for word, value in self.content if word != OFF}

    def to_json(self) -> dict[str, Any]:
        """What differs from the default, as `read` takes it."""
        found: dict[str, Any] = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }
        if self.overrides:
            found["overrides"] = self.decided
        for name in ("make", "without"):
            if name in found:
                found[name] = list(found[name])
        if self.content:
            found["content"] = dict(self.content)
        return found

    def anywhere(self, names: Iterable[str]) -> Settings:
        """The same for somebody who works in another folder; `names` of tables are no paths."""
        named = {*names}
        return replace(
            self,
            table=self.table if self.table in named else _absolute(self.table),
            style=self.style if self.style in named else _absolute(self.style),
            captioner=_absolute(self.captioner),
            weights=_absolute(self.weights),
            soundfont=_absolute(self.soundfont),
        )


def read_settings(given: Mapping[str, object]) -> Settings:
    """Settings by name; every name that is none of theirs is a decision's.

    >>> read_settings({"mode": "dorian", "seed": 3})
    Settings(overrides={'mode': 'dorian'}, seed=3)

    Raises UserError, with every fault.
    """
    known = {field.name for field in fields(Settings)}
    own = {name: value for name, value in given.items() if name in known}
    rest = {name: value for name, value in given.items() if name not in known}
    overrides = own.pop("overrides", {})
    if isinstance(overrides, Mapping):
        twice = [str(name) for name in rest if name in overrides]
        if twice:
            raise UserError(f"{' and '.join(twice)}: decided twice.", "Leave out one of them.")
        overrides = {**overrides, **rest}
    elif rest:
        overrides = (*_pairs(overrides), *rest.items())
    return Settings(**{**own, "overrides": overrides})  # type: ignore[arg-type]


def _absolute(path: str | None) -> str | None:
    return None if path is None else str(Path(path).absolute())


def _pairs(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else (value,)


def _path(name: str, value: object, faults: list[str]) -> str | None:
    if value is None:
        return None
    if isinstance(value, str | os.PathLike) and (text := os.fspath(value)):
        return text if isinstance(text, str) else os.fsdecode(text)
    faults.append(f"{name} is to be a file's name, and not {value!r}.")
    return None


def _overrides(value: object, faults: list[str]) -> tuple[tuple[str, str], ...]:
    pairs = tuple(value.items()) if isinstance(value, Mapping) else _pairs(value)
    found: dict[str, str] = {}
    for pair in pairs:
        if not (isinstance(pair, tuple | list) and len(pair) == 2 and isinstance(pair[0], str)):
            faults.append(f"overrides are to be names with values, as mode: dorian, not {pair!r}.")
            continue
        name, given = pair
        if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
            faults.append(f"{name} is to be a word or a number, and not {given!r}.")
        elif name in found:
            faults.append(f"{name} is decided twice.")
        else:
            found[name] = given if isinstance(given, str) else f"{given}"
    return tuple(sorted(found.items()))


def _make(value: object, faults: list[str]) -> tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else _pairs(value)
    wrong = [text for text in texts if not isinstance(text, str)]
    if wrong:
        faults.append(f"make is to be wishes in words, as happier, and not {wrong[0]!r}.")
        return ()
    phrases = said(str(text) for text in texts)
    try:
        read_wishes(phrases)
    except UserError as error:
        faults.append(str(error))
    return phrases


def _length(value: object, faults: list[str]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        faults.append(f"length is to be as 2min or 48bars, and not {value!r}.")
        return None
    try:
        read_length(value)
    except UserError as error:
        faults.append(str(error))
    return value.strip()


def _without(value: object, faults: list[str]) -> tuple[str, ...]:
    names = (value,) if isinstance(value, str) else _pairs(value)
    for name in names:
        if name not in RULES:
            near = nearest(str(name), RULES)
            hint = f"Did you mean {near}?" if near else f"The rules are {', '.join(RULES)}."
            faults.append(f"There is no rule {name!r}. {hint}")
    return tuple(sorted({str(name) for name in names}))


def _content(value: object, faults: list[str]) -> tuple[tuple[str, float], ...]:
    if isinstance(value, Mapping):
        rows: list[tuple[object, object]] = list(value.items())
    else:
        given = (value,) if isinstance(value, str) else _pairs(value)
        rows = [_said(each) for each in given]
    if not rows:
        return ()
    from analysis.picture.content.words import words

    found: dict[str, float] = {}
    for word, share in rows:
        name = str(word).strip().replace(" ", "_")
        if name != OFF and name not in words():
            near = nearest(name, (*words(), OFF))
            hint = f"Did you mean {near}?" if near else f"The words are {', '.join(words())}."
            faults.append(f"There is no word {str(word)!r} for what a picture shows. {hint}")
            continue
        try:
            number = float(share)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            number = -1.0
        if isinstance(share, bool) or not 0 <= number <= 1:
            faults.append(f"{name} is to be a number from 0, not there, to 1, and not {share!r}.")
        elif name in found:
            faults.append(f"{name} is said twice.")
        else:
            found[name] = number
    return tuple(sorted(found.items()))


def _said(given: object) -> tuple[object, object]:
    """`weapon=0`, or `wedding`, which is there; or a pair of the two."""
    if isinstance(given, tuple | list) and len(given) == 2:
        return given[0], given[1]
    word, equals, value = str(given).partition("=")
    return word, value if equals else 1


def _seed(value: object, faults: list[str]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    faults.append(f"seed is to be a whole number from 0, and not {value!r}.")
    return 0


def _takes(value: object, faults: list[str]) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not (whole and 1 <= value <= MOST_TAKES):  # type: ignore[operator]
        faults.append(f"takes are to be a whole number from 1 to {MOST_TAKES}, and not {value!r}.")


def _one_of(name: str, value: object, choices: tuple[str, ...], faults: list[str]) -> None:
    if value not in choices:
        faults.append(f"{name} is to be {' or '.join(choices)}, and not {value!r}.")
