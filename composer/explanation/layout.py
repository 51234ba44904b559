"""How text for a terminal is laid out: columns, bars, signs, numerals, and colours as ANSI codes.

Colours are always there; whoever prints takes them out where nobody sees them (`unstyle`).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from fractions import Fraction

from composer.explanation.format import PlaceJson
from theory.metre import QUARTER

WIDTH = 80
EIGHTHS = " ▏▎▍▌▋▊▉█"
FRACTIONS = {"1/4": "¼", "1/3": "⅓", "1/2": "½", "2/3": "⅔", "3/4": "¾", "1/6": "⅙", "5/6": "⅚"}
COUNTS = ("never", "once", "twice")
# Ticks → how long a note is; others are told in ticks.
LENGTHS = {
    QUARTER // 4: "semiquaver",
    QUARTER // 3: "triplet quaver",
    QUARTER // 2: "quaver",
    3 * QUARTER // 4: "dotted quaver",
    QUARTER: "crotchet",
    3 * QUARTER // 2: "dotted crotchet",
    2 * QUARTER: "minim",
    3 * QUARTER: "dotted minim",
    4 * QUARTER: "semibreve",
}
# ECMA-48, "select graphic rendition".
BOLD, DIM, RED, GREEN, CYAN = 1, 2, 31, 32, 36
ANSI = re.compile("\033\\[[;?0-9]*[a-zA-Z]")


def style(text: str, *codes: int | str) -> str:
    """The text between the codes and a reset.

    >>> style("dorian", CYAN, BOLD)
    '\\x1b[36m\\x1b[1mdorian\\x1b[0m'
    """
    return "".join(f"\033[{code}m" for code in codes) + text + "\033[0m"


def unstyle(text: str) -> str:
    """The text without its colours."""
    return ANSI.sub("", text)


def bold(text: str) -> str:
    return style(text, BOLD)


def heading(text: str) -> str:
    return bold(text.upper())


def dim(text: str) -> str:
    return style(text, DIM)


def value(text: str) -> str:
    return style(text, CYAN, BOLD)


def swatch(code: str) -> str:
    """A patch in the colour `#rrggbb`; without colours only a patch."""
    red, green, blue = (int(code[i : i + 2], 16) for i in (1, 3, 5))
    return style("██", f"38;2;{red};{green};{blue}")


def bar(amount: float, most: float, width: int = 8) -> str:
    """A bar whose length is the amount's size against `most`, at least a hair's breadth and at
    most the whole width.

    >>> bar(0.5, 1.0, 4), bar(-1.0, 1.0, 4), bar(0.01, 1.0, 4), bar(9.0, 1.0, 4)
    ('██  ', '████', '▏   ', '████')
    """
    share = min(1.0, abs(amount) / most) if amount and most > 0 else 0
    eighths = max(1, round(8 * width * share)) if share else 0
    full, rest = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[rest] if rest else "")).ljust(width)


def signed_bar(amount: float, most: float) -> str:
    """The bar, green where it adds and red where it takes away."""
    return style(bar(amount, most), GREEN if amount >= 0 else RED)


def signed(amount: float) -> str:
    """A share's amount with its sign: two decimals, one from 10 on."""
    text = f"{amount:+.1f}" if abs(amount) >= 10 else f"{amount:+.2f}"
    return text.replace("-", "−")


def plain(number: float) -> str:
    """A number with about three figures and no exponent."""
    size = abs(number)
    places = 0 if size >= 100 or number == int(number) else 1 if size >= 10 else 2
    return f"{number:.{places}f}".replace("-", "−")


def percent(share: float) -> str:
    """A share in per cent with two figures, and never an exponent.

    >>> percent(0.123), percent(0.0123), percent(1.3)
    ('12 %', '1.2 %', '130 %')
    """
    amount = 100 * share
    return f"{amount:.0f} %" if abs(amount) >= 9.95 else f"{amount:.2g} %"


def shown(value: float | str) -> str:
    """A decision's value: a number as `plain` has it, a choice with its signs."""
    return music(value) if isinstance(value, str) else plain(value)


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


def length(ticks: int) -> str:
    """How long a written note is, in words.

    >>> length(36), length(31)
    ('dotted crotchet', '31 ticks')
    """
    return LENGTHS.get(ticks, f"{ticks} ticks")


def at(place: PlaceJson) -> str:
    """Where something is, by its bar and beat.

    >>> at({"bar": 3, "beat": 1}), at({"bar": 3, "beat": 2.6667}), at({"bar": 3, "beat": 2.0625})
    ('bar 3 beat 1', 'bar 3 beat 2⅔', 'bar 3 beat 2.0625')
    """
    whole, rest = divmod(float(place["beat"]), 1)
    sign = FRACTIONS.get(str(Fraction(rest).limit_denominator(6)))
    near = abs(Fraction(rest).limit_denominator(6) - rest) < 0.001
    beat = f"{int(whole)}{sign}" if rest and sign and near else f"{place['beat']:g}"
    return f"bar {place['bar']} beat {beat}"
