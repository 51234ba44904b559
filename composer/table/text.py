"""A table's file as text: what was typed, the mended lines that are read instead, and the faults.

Every fault is told at its place in the file as it was typed, wherever mending has moved the words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from composer.errors import Fault
from composer.table.codes import CODES

LONGEST = 1_000_000  # bytes of a file
MOST_UNSHOWN = 100  # signs that cannot be shown; what has more of them is no text
PLAIN = "a table as plain text, saved as such from an editor"
BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # where YAML ends a line
# What YAML 1.1 does not take for a character that can be shown (section 5.1).
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# How files begin that are no text, or text of another kind.
_KINDS = (
    (b"PK\x03\x04", "a document of a word processor or a spreadsheet, or another archive"),
    (b"\xd0\xcf\x11\xe0", "a document of a word processor or a spreadsheet"),
    (b"{\\rtf", "a document of a word processor"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"MThd", "a MIDI file"),
    (b"\x1f\x8b", "an archive"),
    (b"\x7fELF", "a program"),
)
_PAGE = re.compile(rb"\s*<(!doctype|html|\?xml|head|body|meta|p>|div)", re.IGNORECASE)
_WIDE = ((b"\xff\xfe", "utf-16-le", "UTF-16"), (b"\xfe\xff", "utf-16-be", "UTF-16"))


class UnreadableError(Exception):
    """Nothing can be made of the text; `faults` say where and why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(str(faults[0]))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Edit:
    """In a line (from 0) the signs `start` up to `end` are read as `new`."""

    line: int
    start: int
    end: int
    new: str


@dataclass(slots=True)
class Text:
    """The lines as they were `typed`, and as they are read `now`; `edits` are those of each line.

    `told` are the places, line and column from 0, of what is mended in such a way that no more is
    to be said of it; `spoilt` are names whose lines could not be read; `lost` says whether
    something that was written is left out.
    """

    file: str
    typed: list[str]
    now: list[str]
    faults: list[Fault] = field(default_factory=list)
    edits: dict[int, list[Edit]] = field(default_factory=dict)
    told: set[tuple[int, int]] = field(default_factory=set)
    spoilt: set[str] = field(default_factory=set)
    lost: bool = False

    def edit(self, *edits: Edit) -> None:
        for each in edits:
            line = self.now[each.line]
            self.now[each.line] = line[: each.start] + each.new + line[each.end :]
            self.edits.setdefault(each.line, []).append(each)

    def edited(self, *edits: Edit) -> str:
        """What would be read after these edits."""
        lines = list(self.now)
        for each in edits:
            line = lines[each.line]
            lines[each.line] = line[: each.start] + each.new + line[each.end :]
        return "\n".join(lines)

    def typed_at(self, line: int, column: int) -> int:
        """The column of what was typed that a column of what is read comes from."""
        for each in reversed(self.edits.get(line, ())):
            if column >= each.start:
                after = each.start + len(each.new)
                column = column - after + each.end if column >= after else each.start
        return column

    def fault(self, line: int, column: int, name: str, message: str, expected: str = "") -> Fault:
        """The fault of this code at a place of what is read; it is not noted."""
        line = min(line, len(self.typed) - 1)
        at = self.typed_at(line, column)
        return Fault(
            self.file, line + 1, at + 1, CODES[name].code, message, expected, "", self.typed[line]
        )


def opened(data: bytes, file: str) -> Text:
    """The text of a file's bytes, by whatever encoding they can be read.

    An encoding other than UTF-8, and signs that cannot be shown, are faults of it. Raises
    UnreadableError for what is no text at all.
    """
    if len(data) > LONGEST:
        message = f"the file has over {LONGEST:,} bytes"
        raise UnreadableError(_bare(file).fault(0, 0, "size", message, "a smaller table"))
    if kind := _foreign(data):
        raise UnreadableError(_bare(file).fault(0, 0, "alien", f"this is {kind}", PLAIN))
    words, encoding, at = _decoded(data)
    lines = BREAK.split(words)
    text = Text(file, lines, list(lines))
    if encoding is not None:
        line = len(BREAK.split(words[:at])) - 1
        column = at - max((each.end() for each in BREAK.finditer(words, 0, at)), default=0)
        message = f"the file is not UTF-8{encoding}"
        text.faults.append(text.fault(line, column, "encoding", message, "text in UTF-8"))
    for number, row in enumerate(lines):
        places = [found.start() for found in _UNPRINTABLE.finditer(row)]
        for place in places:
            said = f"a sign that cannot be shown, {sign(row[place])}, stands here"
            fault = text.fault(number, place, "unprintable", said, "the line without it")
            text.faults.append(fault)
        if len(text.faults) > MOST_UNSHOWN:
            raise UnreadableError(_bare(file).fault(0, 0, "alien", "this is no text", PLAIN))
        for place in reversed(places):
            text.edit(Edit(number, place, place + 1, ""))
    return text


def _bare(file: str) -> Text:
    """Of a file of which nothing is shown."""
    return Text(file, [""], [""])


def _foreign(data: bytes) -> str:
    """What a file that is no table's text is; "" where it may be one."""
    for begins, kind in _KINDS:
        if data.startswith(begins):
            return kind
    if _PAGE.match(data):
        return "a page of HTML, or XML"
    wide = any(data.startswith(mark) for mark, *_ in _WIDE)
    return "no text" if b"\0" in data and not wide else ""


def _decoded(data: bytes) -> tuple[str, str | None, int]:
    """The text; what to say of an encoding that is not UTF-8; and the place where that shows."""
    for mark, codec, name in _WIDE:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, errors="replace"), f", but {name}", 0
    try:
        return data.decode("utf-8-sig"), None, 0
    except UnicodeDecodeError as error:
        # One byte a sign, as Windows has it; what that lacks is shown as lacking.
        return data.decode("cp1252", errors="replace"), "", error.start


def sign(character: str) -> str:
    """A sign by its number and, where it has one, its name.

    >>> sign("\\x1b"), sign("\\xa0")
    ('U+001B', 'U+00A0, no-break space')
    """
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f", {name}" if name else "")
