"""Small things that the text views are set with: bars, signs, numerals, columns, colours."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from click import style, unstyle

WIDTH = 80
EIGHTHS = " ▏▎▍▌▋▊▉█"
FRACTIONS = {"1/4": "¼", "1/3": "⅓", "1/2": "½", "2/3": "⅔", "3/4": "¾", "1/6": "⅙", "5/6": "⅚"}
COUNTS = ("never", "once", "twice")


def bold(text: str) -> str:
    return style(text, bold=True)


def heading(text: str) -> str:
    return style(text.upper(), bold=True)


def dim(text: str) -> str:
    return style(text, dim=True)


def value(text: str) -> str:
    return style(text, fg="cyan", bold=True)


def swatch(code: str) -> str:
    """A patch in the colour `#rrggbb`; without colours only a patch."""
    red, green, blue = (int(code[i : i + 2], 16) for i in (1, 3, 5))
    return style("██", fg=(red, green, blue))


def bar(amount: float, most: float, width: int = 8) -> str:
    """A bar whose length is the amount's size against `most`, at least a hair's breadth.

    >>> bar(0.5, 1.0, 4), bar(-1.0, 1.0, 4), bar(0.01, 1.0, 4)
    ('██  ', '████', '▏   ')
    """
    eighths = max(1, round(8 * width * abs(amount) / most)) if amount and most else 0
    full, rest = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[rest] if rest else "")).ljust(width)


def signed_bar(amount: float, most: float) -> str:
    """The bar, green where it adds and red where it takes away."""
    return style(bar(amount, most), fg="green" if amount >= 0 else "red")


def signed(amount: float) -> str:
    """A share's amount with its sign: two decimals, one from 10 on."""
    text = f"{amount:+.1f}" if abs(amount) >= 10 else f"{amount:+.2f}"
    return text.replace("-", "−")


def plain(number: float) -> str:
    """A number with about three figures and no exponent."""
    size = abs(number)
    places = 0 if size >= 100 or number == int(number) else 1 if size >= 10 else 2
    return f"{number:.{places}f}".replace("-", "−")


def music(text: str) -> str:
    """Signs for the letters that stand for them in the names of notes: ♭ and ♯ for b and #.

    >>> music("F#4"), music("Bb"), music("bright pop")
    ('F♯4', 'B♭', 'bright pop')
    """
    return re.sub(r"\b([A-G])b(?![a-z])", r"\1♭", text).replace("#", "♯")


def roman(text: str) -> str:
    """A Roman numeral with its signs.

    >>> roman("bVII"), roman("viio7/V"), roman("#ivø7")
    ('♭VII', 'vii°7/V', '♯ivø7')
    """
    return text.replace("b", "♭").replace("#", "♯").replace("o", "°")


def short(text: str, width: int) -> str:
    """The text if it fits, else cut at a word with an ellipsis."""
    return textwrap.shorten(text, max(width, 2), placeholder=" …")


def padded(text: str, width: int) -> str:
    """The text with blanks up to `width`, its colours not counted."""
    return text + " " * max(0, width - len(unstyle(text)))


def justified(left: str, right: str, width: int = WIDTH) -> str:
    """Two texts at the two ends of a line; what they measure is without their colours."""
    gap = width - len(unstyle(left)) - len(unstyle(right))
    return (left + " " * max(2, gap) + right).rstrip()


def wrapped(text: str, indent: int, width: int = WIDTH) -> list[str]:
    """Lines of the text, indented, up to column `width`."""
    blank = " " * indent
    return textwrap.wrap(text, width, initial_indent=blank, subsequent_indent=blank)


def listed(words: Sequence[str], joint: str = "and") -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def times(count: int) -> str:
    return COUNTS[count] if count < len(COUNTS) else f"{count} times"


def at(row: Mapping[str, Any]) -> str:
    """Where something is, by its bar and beat.

    >>> at({"bar": 3, "beat": 1}), at({"bar": 3, "beat": 2.6667}), at({"bar": 3, "beat": 2.0625})
    ('bar 3 beat 1', 'bar 3 beat 2⅔', 'bar 3 beat 2.0625')
    """
    whole, rest = divmod(float(row["beat"]), 1)
    sign = FRACTIONS.get(str(Fraction(rest).limit_denominator(6)))
    near = abs(Fraction(rest).limit_denominator(6) - rest) < 0.001
    beat = f"{int(whole)}{sign}" if rest and sign and near else f"{row['beat']:g}"
    return f"bar {row['bar']} beat {beat}"
