"""What people mistype at a line's beginning: blanks, tabs, dashes, and how far it is moved in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from composer.table.slip import BLANKS, WORDS, Slip, short
from composer.table.text import Edit, Text, sign

MOST = 1_000  # faults that are noted
_ODD = re.compile(f"[{BLANKS}]")
_BEFORE = re.compile(f"[ \t{BLANKS}]*(?:-[ \t{BLANKS}]*)?")
_AFTER = re.compile(f"[:,\\[{{][ \t]*([{BLANKS}][ \t{BLANKS}]*)")
_DASHES = "\u2010-\u2015\u2212\u2022\u00b7\u25cf\u25aa"
_DASH = re.compile(rf"([ \t]*)([{_DASHES}]|(?:\*|--)(?= ))([ \t]*)(?=\S)")
_TIGHT_DASH = re.compile(r"([ \t]*)-(?=[A-Za-z\"'\[{])")
_TAB = re.compile(r" *\t[ \t]*")
_FOREIGN = re.compile(r"[ \t]*(```|~~~|<{5,}|={5,}|>{5,}|//|;|/\*)")
# A key of a table after blanks or a dash of a word processor.
_PASTED = re.compile(
    rf"(?=[ \t]*[{BLANKS}{_DASHES}])[ \t{BLANKS}]*(?:[-{_DASHES}][ \t{BLANKS}]*)?"
    rf"(?:{'|'.join(WORDS)})[ \t]*:(?:[ \t]|$)"
)
_BLOCK = re.compile(r":[ \t]+[|>][-+\d]*[ \t]*$")
_KEY = re.compile(r"([A-Za-z]\w*)[ \t]*:(?:[ \t]|$)")
_COLON = re.compile(r":(?=[ \t]|$)")


def unpaste(text: Text) -> None:
    """Mends the lines that a word processor has begun in its own way.

    YAML takes its blanks and dashes for letters and reads on, so that they would show only in what
    is made of them.
    """
    block = -1  # the blanks before a text in lines of its own, if one is open
    for at, line in enumerate(text.now):
        own = len(line) - len(line.lstrip(" "))
        if 0 <= block < own:
            continue
        block = own if _BLOCK.search(line) else -1
        if not _PASTED.match(line):
            continue
        for slip in (*_blanks(line, at), *_dash(line, at)):
            if len(text.faults) < MOST:
                text.faults.append(text.fault(at, slip.column, slip.code, *slip.said))
            text.edit(*slip.ways[0])


def at_beginning(lines: Sequence[str], at: int) -> Iterator[Slip]:
    """The slips at a line's beginning by which YAML may have been misled."""
    line = lines[at]
    for slip in _blanks(line, at):
        typed = len(line) - len(line.lstrip(f" \t{BLANKS}"))
        yield replace(slip, ways=(*slip.ways, *_begun(lines, at, typed)))
    yield from _tab(lines, at)
    yield from _marks(lines[at], at)


def _blanks(line: str, at: int) -> Iterator[Slip]:
    """Blanks that YAML takes for letters, where only a blank can stand."""
    before = _BEFORE.match(line)
    spans = [before.span()] if before else []
    spans += [found.span(1) for found in _AFTER.finditer(line)]
    places = [n for start, end in spans for n in range(start, end) if _ODD.match(line[n])]
    if places:
        edits = tuple(Edit(at, n, n + 1, " ") for n in places)
        said = f"a blank that YAML takes for a letter ({sign(line[places[0]])}) stands here"
        yield Slip(at, places[0], "blank", (said, "a blank from the space bar"), (edits,))


def _begun(lines: Sequence[str], at: int, end: int) -> Iterator[tuple[Edit, ...]]:
    """The ways of putting so many signs at a line's beginning right."""
    keys, items = _open(lines, at)
    depths = sorted({*keys, *items}, reverse=True)
    above = next((line for line in reversed(lines[:at]) if line.strip()), "")
    within = [keys[-1] + 2]
    for n in (*within, *depths) if above.endswith(":") else (*depths, *within):
        yield (Edit(at, 0, end, " " * n),)


def _tab(lines: Sequence[str], at: int) -> Iterator[Slip]:
    tab = _TAB.match(lines[at])
    if tab:
        first = lines[at].index("\t")
        ways = tuple(_begun(lines, at, tab.end()))
        yield Slip(at, first, "tab", ("a tab stands at the line's beginning", "blanks"), ways)


def _dash(line: str, at: int) -> Iterator[Slip]:
    """An item of a list that is marked by something else."""
    if dash := _DASH.match(line):
        start, end = dash.span(2)
        mark = dash.group(2)
        shown = mark if len(mark) > 1 else sign(mark)
        said = f"an item of a list begins with a hyphen and a blank, not with {shown}"
        edit = Edit(at, start, end, "-" if dash.group(3) else "- ")
        yield Slip(at, start, "dash", (said, "a hyphen, -, and a blank"), ((edit,),))


def _marks(line: str, at: int) -> Iterator[Slip]:
    """Lists marked by other dashes, or with none of the blank that belongs to them."""
    yield from _dash(line, at)
    if tight := _TIGHT_DASH.match(line):
        end = tight.end()
        said = "a blank belongs after the hyphen"
        shown = f"- {short(line[end:])}"
        yield Slip(at, end - 1, "space", (said, shown), ((Edit(at, end, end, " "),),))
    if foreign := _FOREIGN.match(line):
        said = f"{foreign.group(1)} begins nothing that YAML knows"
        edit = Edit(at, 0, len(line), "")
        expected = "this line left out, or after # as a comment"
        yield Slip(at, foreign.start(1), "yaml", (said, expected), ((edit,),))


def moved_in(lines: Sequence[str], at: int) -> Iterator[Slip]:
    """A line that begins with other blanks than its neighbours."""
    line = lines[at]
    bare = line.lstrip(" ")
    own = len(line) - len(bare)
    keys, items = _open(lines, at)
    if own in items and _begins_entry(lines, at, own):
        edit = Edit(at, own, own, "- ")
        said = "a hyphen and a blank are missing before this entry"
        yield Slip(at, own, "dash", (said, f"- {short(bare)}"), ((edit,),), whole=True)
    above = next((each for each in reversed(lines[:at]) if each.strip()), "")
    if _KEY.match(above.lstrip(" -")) and not _COLON.search(bare) and not bare.startswith("- "):
        said = "this line goes on with the one above, and begins with too few blanks"
        edit = Edit(at, 0, own, " " * (keys[-1] + 2))
        expected = f"{_count(keys[-1] + 1)} or more"
        yield Slip(at, own, "indent", (said, expected), ((edit,),), whole=True)
    likely = items if line[own : own + 2] == "- " else keys
    depths = {*keys, *items} - {own}
    for depth in sorted(depths, key=lambda n: (n not in likely, abs(n - own), -n)):
        said = f"this line begins with {_count(own)}, which fits none of those above it"
        way = (Edit(at, 0, own, " " * depth),)
        yield Slip(at, own, "indent", (said, _count(depth)), (way,), whole=True)


def _begins_entry(lines: Sequence[str], at: int, own: int) -> bool:
    """Does a line begin with the key by which the list's entry above it begins?"""
    key = _KEY.match(lines[at], own)
    for line in reversed(lines[max(0, at - 400) : at]):
        if line.startswith(" " * own + "- "):
            first = _KEY.match(line[own + 2 :].lstrip(" "))
            return bool(key and first and key.group(1) == first.group(1))
    return False


def _open(lines: Sequence[str], at: int) -> tuple[list[int], list[int]]:
    """The columns of the keys, and of the items of lists, that a line may go on with."""
    stack = [(0, False)]
    for line in lines[max(0, at - 400) : at]:
        bare = line.lstrip(" ")
        if not bare or bare[0] in "#\t":
            continue
        own = len(line) - len(bare)
        while stack and stack[-1][0] >= own:
            stack.pop()
        while bare.startswith("- "):
            stack.append((own, True))
            inner = bare[1:].lstrip(" ")
            own += len(bare) - len(inner)
            bare = inner
        stack.append((own, False))
    return [n for n, item in stack if not item] or [0], [n for n, item in stack if item]


def _count(blanks: int) -> str:
    return "no blank" if not blanks else "1 blank" if blanks == 1 else f"{blanks} blanks"
