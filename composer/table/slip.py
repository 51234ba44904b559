"""What people mistype in a line of YAML: each kind by how it looks, with the mended line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from composer.errors import LONGEST_WORD
from composer.table.shapes import SHAPES
from composer.table.text import Edit, sign

# Blanks that are none to YAML: no-break, of other widths, and of no width at all.
BLANKS = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_ODD = re.compile(f"[{BLANKS}]")
_BEFORE = re.compile(f"[ \t{BLANKS}]*(?:-[ \t{BLANKS}]*)?")
_AFTER = re.compile(f"[:,\\[{{][ \t]*([{BLANKS}][ \t{BLANKS}]*)")
_DASH = re.compile(r"([ \t]*)([\u2010-\u2015\u2212\u2022\u00b7\u25cf\u25aa]|\*(?= ))([ \t]*)(?=\S)")
_TIGHT_DASH = re.compile(r"([ \t]*)-(?=[A-Za-z\"'\[{])")
_TAB = re.compile(r" *\t[ \t]*")
_LEAD = r"([ \t]*(?:-[ \t]+)*)"
_TIGHT_COLON = re.compile(_LEAD + r"([A-Za-z][\w.-]*(?: [\w.-]+)*)(:|\uff1a *)(?=[^\s:/\\])")
_WORDS = sorted(
    {word for shape in SHAPES.values() for word in shape.words(1)}
    | {word for shape in SHAPES.values() for word in shape.words(2)}
)
_NO_COLON = re.compile(_LEAD + rf"(?:({'|'.join(_WORDS)})( +)(?=[^\s:=])|([\w .-]*\w)( *= *))")
_VALUE = re.compile(_LEAD + r"([^\s#:'\"\[\]{},&*!|>%@`-][^:#\[\]{}\"',]*?)[ \t]*:[ \t]+(?=\S)")
_ITEM = re.compile(r"[ \t]*(?:-[ \t]+)+(?=\S)")
_BLOCK = re.compile(r"[|>][-+]?\d?[-+]?[ \t]*(#.*)?$")
_REMARK = re.compile(r"[ \t]#.*$")
_COLON = re.compile(r":(?=[ \t]|$)")
_EATEN = re.compile(r"(?:^|[\s\[{,:])([A-G]) #")
_FOREIGN = re.compile(r"[ \t]*(```|~~~|<{5,}|={5,}|>{5,}|//|;|/\*)")
_CLOSERS = {"[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Slip:
    """A likely slip at a line and column (from 0): its code, message and what was expected.

    `ways` are the edits by which it may be mended, the likelier first; `told` is the column of a
    value of which no more is to be said, and `lost` whether the mended line lacks something. It is
    no `whole` line that is mended unless YAML gets past all of it.
    """

    line: int
    column: int
    code: str
    said: tuple[str, str]
    ways: tuple[tuple[Edit, ...], ...]
    told: int | None = None
    lost: bool = False
    whole: bool = False


def in_quotes(words: str) -> str:
    """Words as YAML has them in quotes; very long ones are cut short.

    >>> in_quotes("It's slow."), in_quotes('the "blue" hour')
    ('"It\\'s slow."', '\\'the "blue" hour\\'')
    """
    shown = words if len(words) <= LONGEST_WORD else words[: LONGEST_WORD - 1] + "…"
    return _quoted(shown)


def _quoted(words: str) -> str:
    if '"' in words or "\\" in words:
        return "'" + words.replace("'", "''") + "'"
    return f'"{words}"'


def slips_of(
    lines: Sequence[str], near: Sequence[int], column: int, problem: str
) -> Iterator[Slip]:
    """The slips that the lines `near` (from 0) may have, the surer kinds first.

    YAML gave up at `column` of the first of them, saying `problem`.
    """
    first = near[0]
    for at in near:
        line = lines[at]
        yield from _blanks(lines, at)
        yield from _tab(lines, at)
        yield from _marks(line, at)
        yield from _sharp(line, at)
        yield from _missing(line, at, problem)
        yield from _value(line, at)
    for at in near:
        yield from _brackets(lines[at], at)
    yield from _comma(lines[first], first, column, problem)
    yield from _token(lines[first], first, column)
    yield from _indent(lines, first)


def _blanks(lines: Sequence[str], at: int) -> Iterator[Slip]:
    """Blanks that YAML takes for letters, where only a blank can stand."""
    line = lines[at]
    before = _BEFORE.match(line)
    spans = [before.span()] if before else []
    spans += [found.span(1) for found in _AFTER.finditer(line)]
    places = [n for start, end in spans for n in range(start, end) if _ODD.match(line[n])]
    if places:
        edits = tuple(Edit(at, n, n + 1, " ") for n in places)
        said = f"a blank that YAML takes for a letter ({sign(line[places[0]])}) stands here"
        ways = (edits, *_begun(lines, at, len(line) - len(line.lstrip(f" \t{BLANKS}"))))
        yield Slip(at, places[0], "blank", (said, "a blank from the space bar"), ways)


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


def _marks(line: str, at: int) -> Iterator[Slip]:
    """Lists marked by other dashes, or with none of the blank that belongs to them."""
    if dash := _DASH.match(line):
        start, end = dash.span(2)
        said = f"an item of a list begins with a hyphen and a blank, not with {sign(dash.group(2))}"
        edit = Edit(at, start, end, "-" if dash.group(3) else "- ")
        yield Slip(at, start, "dash", (said, "a hyphen, -, and a blank"), ((edit,),))
    if tight := _TIGHT_DASH.match(line):
        end = tight.end()
        said = "a blank belongs after the hyphen"
        shown = f"- {_short(line[end:])}"
        yield Slip(at, end - 1, "space", (said, shown), ((Edit(at, end, end, " "),),))
    if foreign := _FOREIGN.match(line):
        said = f"{foreign.group(1)} begins nothing that YAML knows"
        edit = Edit(at, 0, len(line), "")
        expected = "this line left out, or after # as a comment"
        yield Slip(at, foreign.start(1), "yaml", (said, expected), ((edit,),))


def _sharp(line: str, at: int) -> Iterator[Slip]:
    if eaten := _EATEN.search(line):
        note, (start, end) = eaten.group(1), eaten.span(1)
        said = f"the # after {note} begins a comment"
        edit = Edit(at, start, end + 2, f'"{note}#"')
        expected = f'"{note}#", without the blank, in quotes'
        yield Slip(at, start, "sharp", (said, expected), ((edit,),))


def _missing(line: str, at: int, problem: str) -> Iterator[Slip]:
    """A key with no blank after its colon, or no colon at all."""
    if tight := _TIGHT_COLON.match(line):
        start, end = tight.span(3)
        said, word = "a blank belongs after the colon", tight.group(2)
        if tight.group(3) != ":":
            said = f"this is a colon of another kind ({sign(line[start])})"
        edit = Edit(at, start, end, ": ")
        yield Slip(at, start, "space", (said, _short(f"{word}: {line[end:]}")), ((edit,),))
    if "':'" in problem and (bare := _NO_COLON.match(line)):
        group = 2 if bare.group(2) else 4
        word, (start, end) = bare.group(group), bare.span(group + 1)
        said = f"a colon is missing after {word!r}"
        if group == 4:
            said = f"a colon belongs after {word!r}, not ="
        edit = Edit(at, start, end, ": ")
        yield Slip(at, start, "space", (said, _short(f"{word}: {line[end:]}")), ((edit,),))


def _value(line: str, at: int) -> Iterator[Slip]:
    """A text that needs quotes, or whose quotes do not fit."""
    found = _VALUE.match(line) or _ITEM.match(line)
    if found is None:
        return
    start = found.end()
    remark = _REMARK.search(line, start)
    end = remark.start() if remark else len(line.rstrip())
    words, key = line[start:end].rstrip(), found.re is _VALUE and found.group(2)
    end = start + len(words)
    first = words[:1]
    before = f"{key}: " if key else "- "
    place, said = start, ""
    ways: tuple[tuple[Edit, ...], ...] = ((Edit(at, start, end, _quoted(words)),),)
    if first in "\"'":
        close = _closing(words)
        if close < 0:
            yield from _unclosed(at, start, end, words, before)
            return
        if close == len(words) - 1:
            return
        place, said = start + close, f"the text ends at this {first}, and more follows"
        words = words[1:-1] if words.endswith(first) and len(words) > 1 else words
        ways = ((Edit(at, start, end, _quoted(words)),),)
    elif first in "[{":
        close = _balanced(words)
        if close < 0 or close == len(words) - 1 or words[close + 1] in "]},:":
            return
        said = f"YAML has a use of its own for a text that begins with {first}"
    elif first in "!&*%@`>|,?]}" and not _BLOCK.match(words):
        said = f"YAML has a use of its own for a text that begins with {first}"
    elif first == "-" and words[1:2] in " \t":
        said = "a list cannot begin in the line of its key"
    elif colon := _COLON.search(words):
        yield from _second(line, at, start, end, start + colon.start(), before)
        return
    if said:
        expected = before + in_quotes(words)
        yield Slip(at, place, "quotes", (said, expected), ways, start)


def _second(line: str, at: int, start: int, end: int, colon: int, before: str) -> Iterator[Slip]:
    """A second colon in a line: of a sentence, or of a key that belongs in a line of its own."""
    word = re.split(r"[\s,]", line[start:colon])[-1]
    words = line[start:end]
    closers = [each for each in _bracketed(words) if not each.fits and not each.before]
    if closers and closers[-1].at == len(words) - 1:
        opener = "{" if words[-1] == "}" else "["
        said = f"a {opener} is missing before this"
        shown = _short(f"{before}{opener}{words}")
        yield Slip(at, start, "open", (said, shown), ((Edit(at, start, start, opener),),))
    way = ((Edit(at, start, end, _quoted(words)),),)
    if word in _WORDS and colon > start + len(word):
        begin = colon - len(word)
        said = f"{word!r} belongs in a line of its own, or the sentence in quotes"
        slip = (said, _short(before + line[start:begin].rstrip(" ,")) + f" and below it {word}:")
        yield Slip(at, begin, "quotes", slip, way, start, lost=True)
        return
    said = "a colon and a blank make what stands before them a key"
    yield Slip(at, colon, "quotes", (said, before + in_quotes(words)), way, start)


def _unclosed(at: int, start: int, end: int, words: str, before: str) -> Iterator[Slip]:
    mark, rest = words[0], words[1:]
    # A comment at the line's end would have been within the quotes.
    said = f"this {mark} has no second one that closes it"
    edit = Edit(at, end, end, mark)
    if rest.endswith(mark):  # as an escaped one
        edit = Edit(at, start, end, _quoted(rest[:-1]))
    yield Slip(at, start, "open", (said, before + in_quotes(rest)), ((edit,),), start)


def _closing(words: str) -> int:
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
class _Bracket:
    """A bracket of a line: where, whether it `fits`, and the closers wanted before and after it."""

    at: int
    fits: bool
    before: str
    after: str


def _bracketed(words: str) -> Iterator[_Bracket]:
    """Every bracket outside quotes, in order."""
    wanted, n = "", 0
    while n < len(words):
        letter, before, fits = words[n], wanted, True
        if letter in "\"'" and (n == 0 or words[n - 1] in " \t[{,:"):
            close = _closing(words[n:])
            if close < 0:
                return
            n += close
        elif letter == "#" and n and words[n - 1] in " \t":
            return
        elif letter in _CLOSERS:
            wanted += _CLOSERS[letter]
            yield _Bracket(n, True, before, wanted)
        elif letter in "]}":
            fits = wanted.endswith(letter)
            wanted = wanted[: wanted.rindex(letter)] if letter in wanted else wanted[:-1]
            yield _Bracket(n, fits, before, wanted)
        n += 1


def _balanced(words: str) -> int:
    """Where the bracket that words begin with is closed; -1 where it is not."""
    return next((each.at for each in _bracketed(words) if not each.after), -1)


def _brackets(line: str, at: int) -> Iterator[Slip]:
    """A bracket that nothing closes, that closes nothing, or that closes another kind."""
    starts: list[int] = []
    wanted = ""
    for each in _bracketed(line):
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
    shown = _short((line[:end] + closers + line[end:]).strip())
    ways = tuple((Edit(at, end, end, some),) for some in dict.fromkeys((closers, closers[:1])))
    return Slip(at, start, "open", (said, shown), ways)


def _comma(line: str, at: int, column: int, problem: str) -> Iterator[Slip]:
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
    yield Slip(at, place, "open", said, ((Edit(at, place, place, ","),),))


def _token(line: str, at: int, column: int) -> Iterator[Slip]:
    """A word in brackets that begins with a sign which YAML has a use for."""
    token = re.compile(r"[@`%*!&][^,\[\]{}#]*").match(line, column)
    if token and token.group().strip():
        words = token.group().rstrip()
        said = f"YAML has a use of its own for a text that begins with {words[0]}"
        edit = Edit(at, column, column + len(words), _quoted(words))
        yield Slip(at, column, "quotes", (said, in_quotes(words)), ((edit,),), column)


def _indent(lines: Sequence[str], at: int) -> Iterator[Slip]:
    """A line that begins with other blanks than its neighbours."""
    line = lines[at]
    own = len(line) - len(line.lstrip(" "))
    keys, items = _open(lines, at)
    likely = items if line[own : own + 2] == "- " else keys
    depths = {*keys, *items} - {own}
    for depth in sorted(depths, key=lambda n: (n not in likely, abs(n - own), -n)):
        said = f"this line begins with {_count(own)}, which fits none of those above it"
        way = (Edit(at, 0, own, " " * depth),)
        yield Slip(at, own, "indent", (said, _count(depth)), (way,), whole=True)


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


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_WORD else words[: LONGEST_WORD - 1] + "…"
