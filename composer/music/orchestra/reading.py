"""How the orchestra's files are read: words, whole numbers, pitches, and the figures of patterns.

A figure is a rhythm written as text, beat by beat: `1 3< | 2 3` is two beats of two equal notes
each. A sign is what to play (which signs there are, the kind of pattern says), `.` a rest, `-`
holds what sounds; `>` behind a sign makes it loud, `<` soft, `'` short.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from composer.errors import TableError
from composer.table.nodes import Listing, Mapped, Node, Scalar, parse
from composer.table.reader import YamlReader
from composer.table.text import UnreadableError
from theory.pitch import Pitch

BEATS = {"simple": 24, "compound": 36}
_TOKEN = re.compile(r"([A-Za-z0-9]+)([><]?)('?)")


@dataclass(frozen=True, slots=True)
class FigureSigns:
    """The letters that a kind of pattern is written with, and whether several sound at once."""

    letters: str
    several: bool = False

    def __str__(self) -> str:
        return " ".join((*self.letters, ".", "-"))


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a figure: `start` and `ticks` from the figure's start, `force` −1, 0 or 1."""

    start: int
    ticks: int
    signs: str
    force: int
    short: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of `beats` beats of `beat` ticks each."""

    beats: int
    beat: int
    strokes: tuple[Stroke, ...]

    @property
    def ticks(self) -> int:
        return self.beats * self.beat


@lru_cache(maxsize=1024)
def figure(text: str, beat: int, signs: FigureSigns) -> Figure:
    """Read a figure over beats of `beat` ticks whose strokes are made of `signs`.

    Raises ValueError with one sentence for anything else.

    >>> [(s.start, s.ticks, s.signs) for s in figure("1 3 | 2 -", 24, FigureSigns("123")).strokes]
    [(0, 12, '1'), (12, 12, '3'), (24, 24, '2')]
    """
    beats = text.split("|")
    strokes: list[Stroke] = []
    sounding = False
    for number, tokens in enumerate(part.split() for part in beats):
        if not tokens or beat % len(tokens):
            raise ValueError(
                f"beat {number + 1} of {text!r} has {len(tokens)} signs, which do not share "
                f"{beat} ticks equally"
            )
        ticks = beat // len(tokens)
        for place, token in enumerate(tokens):
            start = number * beat + place * ticks
            if token == "-":
                if not sounding:
                    raise ValueError(f"{text!r} holds a note where none sounds")
                last = strokes[-1]
                strokes[-1] = Stroke(
                    last.start, last.ticks + ticks, last.signs, last.force, last.short
                )
                continue
            sounding = token != "."
            if sounding:
                strokes.append(_step(text, token, start, ticks, signs))
    return Figure(len(beats), beat, tuple(strokes))


def _step(text: str, token: str, start: int, ticks: int, signs: FigureSigns) -> Stroke:
    match = _TOKEN.fullmatch(token)
    if match is None or not set(match[1]) <= set(signs.letters):
        raise ValueError(f"{token!r} in {text!r} is no sign of this pattern: write {signs}")
    if len(match[1]) > 1 and not signs.several:
        raise ValueError(f"{token!r} in {text!r} strikes {len(match[1])} at once: write one sign")
    force = {"": 0, ">": 1, "<": -1}[match[2]]
    return Stroke(start, ticks, match[1], force, bool(match[3]))


FOLDER = Path(__file__).parent
T = TypeVar("T")
Names = Mapping[str, Collection[str]]  # stock -> the names that an entry may mention
_TRUTHS = {"true": True, "false": False}


def text_of(stock: str) -> bytes:
    """The bytes of the package's file of one stock."""
    return (FOLDER / f"{stock}.yaml").read_bytes()


@contextmanager
def opened(data: bytes, file: str) -> Iterator[tuple[YamlReader, Node]]:
    """A file's reader and its tree; what the reader has noted at the end is raised together.

    Raises TableError.
    """
    try:
        tree = parse(data, file)
    except UnreadableError as error:
        raise TableError(error.faults) from None
    reader = YamlReader(file, tree)
    yield reader, tree.root
    if reader.faults:
        raise TableError(tuple(sorted(reader.faults, key=lambda f: (f.line, f.column))))


def plain(node: Node) -> Any:
    """A tree as data: words, whole numbers, true and false, lists and mappings."""
    if isinstance(node, Mapped):
        return {str(plain(key)): plain(value) for key, value in node.pairs}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    if node.plain and node.value in _TRUTHS:
        return _TRUTHS[node.value]
    whole = node.plain and node.value.removeprefix("-").isdecimal()
    return int(node.value) if whole else node.value


def entries(reader: YamlReader, node: Node, what: str) -> Iterator[tuple[str, Node]]:
    """The names and the trees of a file's entries."""
    for _, name, value in reader.entries(node, what) or ():
        yield name, value


def whole(reader: YamlReader, node: Node, what: str, low: int, high: int) -> int | None:
    """`node` as a whole number within low..high."""
    value = plain(node)
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    expected = f"a whole number from {low} to {high}"
    reader.fault(node, "range", f"{what} is {_shown(node)}", expected)
    return None


def truth(reader: YamlReader, node: Node, what: str) -> bool | None:
    """`node` as true or false."""
    value = plain(node)
    if isinstance(value, bool):
        return value
    reader.fault(node, "type", f"{what} is {_shown(node)}", "true or false")
    return None


def sentence(reader: YamlReader, node: Node, what: str) -> str | None:
    """`node` as a sentence with its full stop."""
    value = reader.sentence(node, what)
    if value is not None and not value.endswith("."):
        reader.fault(node, "sentence", f"{what} has no full stop", "a sentence that ends with one")
    return value


def pitch(reader: YamlReader, node: Node, what: str) -> Pitch | None:
    """`node` as a pitch that MIDI has, such as Bb3."""
    found = _read(reader, node, what, Pitch.parse, "a pitch with its octave, such as Bb3")
    if found is not None and not 0 <= found.midi <= 127:
        reader.fault(node, "range", f"{what} is {found}", "a pitch from C-1 to G9")
        return None
    return found


def bars(
    reader: YamlReader, node: Node, what: str, beat: int, beats: int | None, signs: FigureSigns
) -> tuple[Figure, ...]:
    """`node` as one figure, or a list of figures that take turns.

    `beats` is how many each has (None: any number).
    """
    texts = node.items if isinstance(node, Listing) else [node]
    read = [_figure(reader, text, what, beat, beats, signs) for text in texts]
    if not texts:
        reader.fault(node, "empty", f"{what} has no figure", "a figure, or a list of figures")
    return tuple(found for found in read if found is not None)


def _figure(
    reader: YamlReader, node: Node, what: str, beat: int, beats: int | None, signs: FigureSigns
) -> Figure | None:
    expected = f"beats parted by |, of signs from {signs}"
    found = _read(reader, node, what, lambda text: figure(text, beat, signs), expected)
    if found is not None and beats is not None and found.beats != beats:
        reader.fault(node, "beats", f"{what} has {found.beats} beats", f"{beats} beats")
        return None
    return found


def _read(
    reader: YamlReader, node: Node, what: str, read: Callable[[str], T], expected: str
) -> T | None:
    """A text that `read` can read; its ValueError says what is wrong."""
    text = reader.text(node, what)
    if text is None:
        return None
    try:
        return read(text)
    except ValueError as error:
        reader.fault(node, "value", f"{what} cannot be read: {error}", expected)
        return None


def _shown(node: Node) -> str:
    if isinstance(node, Scalar):
        return repr(node.value) if node.value else "empty"
    return "a list" if isinstance(node, Listing) else "a mapping"
