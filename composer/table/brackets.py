"""What people mistype in brackets: one that nothing closes, and what stands between the entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from composer.table.slip import Slip, short
from composer.table.text import Edit

_REMARK = re.compile(r"[ \t]#.*$")
_MINUS = re.compile(r"[:,\[{] *(-[ \t]+)(\.?\d[\d.]*)")
_TIGHT = re.compile(r"[\[{,][ \t]*([A-Za-z][\w.-]*):(?=[\[{\"'])")
_CLOSERS = {"[": "]", "{": "}"}


def closing(words: str) -> int:
    """Where the quotes that words begin with are closed; -1 where they are not."""
    mark, n = words[0], 1
    while n < len(words):
        if mark == '"' and words[n] == "\\":
            n += 1
        elif words[n] == mark:
            if mark == "'" and words[n + 1 : n + 2] == mark:
                n += 1
            else:
                return n
        n += 1
    return -1


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket of a line: where, whether it `fits`, and the closers wanted before and after it."""

    at: int
    fits: bool
    before: str
    after: str


def bracketed(words: str) -> Iterator[Bracket]:
    """Every bracket outside quotes, in order."""
    wanted, n = "", 0
    while n < len(words):
        letter, before, fits = words[n], wanted, True
        if letter in "\"'" and (n == 0 or words[n - 1] in " \t[{,:"):
            close = closing(words[n:])
            if close < 0:
                return
            n += close
        elif letter == "#" and n and words[n - 1] in " \t":
            return
        elif letter in _CLOSERS:
            wanted += _CLOSERS[letter]
            yield Bracket(n, True, before, wanted)
        elif letter in "]}":
            fits = wanted.endswith(letter)
            wanted = wanted[: wanted.rindex(letter)] if letter in wanted else wanted[:-1]
            yield Bracket(n, fits, before, wanted)
        n += 1


def balanced(words: str) -> int:
    """Where the bracket that words begin with is closed; -1 where it is not."""
    return next((each.at for each in bracketed(words) if not each.after), -1)


def brackets(line: str, at: int) -> Iterator[Slip]:
    """A bracket that nothing closes, that closes nothing, or that closes another kind."""
    starts: list[int] = []
    wanted = ""
    for each in bracketed(line):
        n, closer, wanted = each.at, line[each.at], each.after
        if len(each.after) > len(each.before):
            starts.append(n)
            continue
        if not each.fits and closer in each.before:
            lacking = each.before[each.before.rindex(closer) + 1 :][::-1]
            yield _lacking(line, at, starts[-1], n, lacking)
        elif not each.fits and each.before:
            said = (
                f"{closer} closes a bracket of the other kind",
                f"{each.before[-1]} in its place",
            )
            yield Slip(at, n, "open", said, ((Edit(at, n, n + 1, each.before[-1]),),))
        elif not each.fits:
            said = (f"this {closer} closes nothing", "the line without it")
            yield Slip(at, n, "open", said, ((Edit(at, n, n + 1, ""),),))
        del starts[len(each.after) :]
    if wanted and starts:
        remark = _REMARK.search(line, starts[-1])
        end = len((line[: remark.start()] if remark else line).rstrip())
        yield _lacking(line, at, starts[-1], end - (line[end - 1] == ","), wanted[::-1])


def _lacking(line: str, at: int, start: int, end: int, closers: str) -> Slip:
    """A bracket at `start` that has none to close it: that belongs at `end`."""
    said = f"this {line[start]} has no {closers[0]} that closes it"
    shown = short((line[:end] + closers + line[end:]).strip())
    ways = tuple((Edit(at, end, end, some),) for some in dict.fromkeys((closers, closers[:1])))
    return Slip(at, start, "open", (said, shown), ways)


def comma(line: str, at: int, column: int, problem: str) -> Iterator[Slip]:
    """Two entries of a list in brackets with no comma between them."""
    if "','" not in problem:
        return
    word = re.search(r"(\S)([ \t]+)([\w.#+-]+)[ \t]*$", line[:column])
    if line[column : column + 1] == ":" and word:
        place, name = word.end(1), word.group(3)
    elif column < len(line) and line[column] not in "]}#" and line[:column].strip():
        place, name = len(line[:column].rstrip()), line[column:].split()[0].rstrip(",]}")
    else:
        return
    said = (f"a comma is missing before {name}", f", {name}")
    if line[place - 1] == ";":
        said = ("a comma divides the entries of a bracket, not ;", f", {name}")
        yield Slip(at, place - 1, "open", said, ((Edit(at, place - 1, place, ","),),))
        return
    yield Slip(at, place, "open", said, ((Edit(at, place, place, ","),),))


def parted(line: str, at: int) -> Iterator[Slip]:
    """A minus apart from its number, or a key from its value by nothing."""
    if minus := _MINUS.search(line):
        start, end = minus.span(1)
        number = f"-{minus.group(2)}"
        said = ("a blank stands between the minus and the number", f"{number}, without the blank")
        yield Slip(at, start, "number", said, ((Edit(at, start, end, "-"),),))
    if tight := _TIGHT.search(line):
        end = tight.end()
        said = ("a blank belongs after the colon", f"{tight.group(1)}: {line[end]}")
        yield Slip(at, end - 1, "space", said, ((Edit(at, end, end, " "),),))
