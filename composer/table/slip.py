"""A likely slip in a line of YAML, and how words are shown that are to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from composer.errors import LONGEST_WORD
from composer.table.shapes import FORMATS, SHAPES
from composer.table.text import Edit

# Blanks that are none to YAML: no-break, of other widths, and of no width at all.
BLANKS = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
WORDS = sorted(
    {word for shape in SHAPES.values() for version in FORMATS for word in shape.words(version)}
)  # that may be keys of a table
_CURLY = re.compile(
    "[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb\u2039\u203a](.+)"
    "[\u201c\u201d\u2018\u2019\u00ab\u00bb\u2039\u203a]"
)
USE = "YAML has a use of its own for a text that begins with"


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
    return quoted(shown)


def quoted(words: str) -> str:
    """Words as YAML has them in quotes, whole."""
    if '"' in words or "\\" in words:
        return "'" + words.replace("'", "''") + "'"
    return f'"{words}"'


def short(words: str) -> str:
    """Words that are shown, cut short where they are very long."""
    return words if len(words) <= LONGEST_WORD else words[: LONGEST_WORD - 1] + "…"


def curly(typed: str) -> str:
    """What stands within curly quotation marks; "" where there are none around it.

    >>> curly("\u201cF#\u201d"), curly("dorian")
    ('F#', '')
    """
    found = _CURLY.fullmatch(typed)
    return found.group(1) if found else ""
