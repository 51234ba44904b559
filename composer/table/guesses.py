"""What people mistype in a line of YAML: each kind by how it looks, with the mended line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from composer.table.brackets import balanced, bracketed, brackets, closing, comma, parted
from composer.table.margin import at_beginning, moved_in
from composer.table.shapes import SHAPES
from composer.table.slip import USE, WORDS, Slip, curly, in_quotes, quoted, short
from composer.table.text import Edit, sign

_LEAD = r"([ \t]*(?:-[ \t]+)*)"
_TIGHT_COLON = re.compile(_LEAD + r"([A-Za-z][\w.-]*(?: [\w.-]+)*)(:|\uff1a *)(?=[^\s:/\\])")
_NO_COLON = re.compile(_LEAD + rf"(?:({'|'.join(WORDS)})( +)(?=[^\s:=])|([\w .-]*\w)( *= *))")
_ALONE = re.compile(_LEAD + rf"({'|'.join(WORDS)})[ \t]*$")
_VALUE = re.compile(_LEAD + r"([^\s#:'\"\[\]{},&*!|>%@`-][^:#\[\]{}\"',]*?)[ \t]*:[ \t]+(?=\S)")
_ITEM = re.compile(r"[ \t]*(?:-[ \t]+)+(?=\S)")
_BLOCK = re.compile(r"[|>][-+]?\d?[-+]?[ \t]*(#.*)?$")
_REMARK = re.compile(r"[ \t]#.*$")
_COLON = re.compile(r":(?=[ \t]|$)")
_EATEN = re.compile(r"(?:^|[\s\[{,:])([A-G]) #")
# The keys whose value is a mapping, as a line may hold it in braces.
_BRACED = {
    name
    for shape in SHAPES.values()
    for name, key in shape.keys.items()
    if key.holds in ("condition", "default", "evidence", "only", "remove", "then", "votes")
}


def slips_of(
    lines: Sequence[str], near: Sequence[int], column: int, problem: str
) -> Iterator[Slip]:
    """The slips that the lines `near` (from 0) may have, the surer kinds first.

    YAML gave up at `column` of the first of them, saying `problem`.
    """
    first = near[0]
    for at in near:
        line = lines[at]
        yield from at_beginning(lines, at)
        yield from _sharp(line, at)
        yield from _missing(line, at, problem)
        yield from parted(line, at)
        yield from _value(line, at)
    for at in near:
        yield from brackets(lines[at], at)
    yield from comma(lines[first], first, column, problem)
    yield from _token(lines[first], first, column)
    yield from moved_in(lines, first)


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
        yield Slip(at, start, "space", (said, short(f"{word}: {line[end:]}")), ((edit,),))
    if "':'" in problem and (alone := _ALONE.match(line)):
        word, end = alone.group(2), alone.end(2)
        said = f"a colon is missing after {word!r}"
        yield Slip(at, end, "space", (said, f"{word}:"), ((Edit(at, end, end, ":"),),))
    if "':'" in problem and (bare := _NO_COLON.match(line)):
        group = 2 if bare.group(2) else 4
        word, (start, end) = bare.group(group), bare.span(group + 1)
        said = f"a colon is missing after {word!r}"
        if group == 4:
            said = f"a colon belongs after {word!r}, not ="
        edit = Edit(at, start, end, ": ")
        yield Slip(at, start, "space", (said, short(f"{word}: {line[end:]}")), ((edit,),))


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
    ways: tuple[tuple[Edit, ...], ...] = ((Edit(at, start, end, quoted(words)),),)
    if first in "\"'":
        close = closing(words)
        if close < 0:
            yield from _unclosed(at, start, end, words, before)
            return
        if close == len(words) - 1:
            return
        place, said = start + close, f"the text ends at this {first}, and more follows"
        words = words[1:-1] if words.endswith(first) and len(words) > 1 else words
        ways = ((Edit(at, start, end, quoted(words)),),)
    elif first in "[{":
        close = balanced(words)
        if close < 0 or close == len(words) - 1 or words[close + 1] in "]},:":
            return
        said = f"{USE} {first}"
    elif first in "!&*%@`>|,?]}" and not _BLOCK.match(words):
        said = f"{USE} {first}"
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
    closers = [each for each in bracketed(words) if not each.fits and not each.before]
    if closers and closers[-1].at == len(words) - 1:
        opener = "{" if words[-1] == "}" else "["
        said = f"a {opener} is missing before this"
        shown = short(f"{before}{opener}{words}")
        yield Slip(at, start, "open", (said, shown), ((Edit(at, start, start, opener),),))
    way = ((Edit(at, start, end, quoted(words)),),)
    if word in WORDS and colon > start + len(word):
        begin = colon - len(word)
        said = f"{word!r} belongs in a line of its own, or the sentence in quotes"
        slip = (said, short(before + line[start:begin].rstrip(" ,")) + f" and below it {word}:")
        yield Slip(at, begin, "quotes", slip, way, start, lost=True)
        return
    if before.partition(":")[0] in _BRACED:
        inner = words[1:-1].strip() if words[0] + words[-1] == "()" else words
        said, braced = "what stands in one line with its key is put in braces", f"{{{inner}}}"
        way = ((Edit(at, start, end, braced),),)
        yield Slip(at, start, "open", (said, short(before + braced)), way)
        return
    said = "a colon and a blank make what stands before them a key"
    if inner := curly(words):
        said = "curly quotation marks are letters to YAML"
        yield Slip(at, start, "quotes", (said, before + in_quotes(inner)), way, start)
        return
    yield Slip(at, colon, "quotes", (said, before + in_quotes(words)), way, start)


def _unclosed(at: int, start: int, end: int, words: str, before: str) -> Iterator[Slip]:
    mark, rest = words[0], words[1:]
    # A comment at the line's end would have been within the quotes.
    said = f"this {mark} has no second one that closes it"
    edit = Edit(at, end, end, mark)
    if rest.endswith(mark):  # as an escaped one
        edit = Edit(at, start, end, quoted(rest[:-1]))
    yield Slip(at, start, "open", (said, before + in_quotes(rest)), ((edit,),), start)


def _token(line: str, at: int, column: int) -> Iterator[Slip]:
    """A word in brackets that begins with a sign which YAML has a use for."""
    token = re.compile(r"[@`%*!&][^,\[\]{}#]*").match(line, column)
    if token and token.group().strip():
        words = token.group().rstrip()
        said = f"{USE} {words[0]}"
        edit = Edit(at, column, column + len(words), quoted(words))
        yield Slip(at, column, "quotes", (said, in_quotes(words)), ((edit,),), column)
