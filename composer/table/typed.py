"""What a word or a number of a table was probably meant as, by how it is typed."""

from __future__ import annotations

import re

from composer.errors import LONGEST_WORD
from composer.table.slip import BLANKS, curly
from composer.table.text import sign

_ODD = re.compile(f"[{BLANKS}]")
_KEY = re.compile(r"([A-Za-z][\w -]*):(?=[^\s/\\\\])(.+)", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(\d{1,9}(\.\d{0,6})?|\.\d{1,6})")
_COMMA = re.compile(r"([-+]?\d{1,9}),(\d{1,6})")
_UNIT = re.compile(r"([-+]?\d{1,9}(?:\.\d{0,6})?)\s*([^\W\d_][^\d]*|\u00b0.*)")
_PAIR = re.compile(r"([A-Za-z]\w*)(?:\s*(?:=|->|\u2192|by)\s*|\s+)([-+]?\.?\d[\d.]*)")
_AND = re.compile(r"\s*(?:,|&|\band\b)\s*")
_OR = re.compile(r"\s*(?:\||/|\bor\b)\s*")
_COMPARED = re.compile(r"\s[<>=\u2264\u2265]")
_MINUS = re.compile("[\u2010-\u2015\u2212](?=[\\d.])")


def figure(typed: str, plain: bool) -> str:
    """How to write what was meant as a number; "" where none was.

    plain: it stands without quotes.

    >>> figure("-0,8", True), figure("-8", False), figure("80 bpm", True)
    ('-0.8, with a point', '-8, without quotes', '80 alone, without bpm')
    """
    inner = curly(typed)
    word, hints = (inner or typed).strip(), []
    if inner or not plain:
        hints.append("without quotes")
    if _MINUS.match(word):
        hints.append(f"with a hyphen for a minus, not {sign(word[0])}")
        word = "-" + word[1:]
    if comma := _COMMA.fullmatch(word):
        hints.append("with a point")
        word = f"{comma.group(1)}.{comma.group(2)}"
    if word.endswith("%") and _NUMBER.fullmatch(word[:-1].strip()):
        word = f"{float(word[:-1]) / 100:g}"
        hints.append("without %")
    elif unit := _UNIT.fullmatch(word):
        word = f"{unit.group(1)} alone"
        hints.append(f"without {unit.group(2).strip()[:20]}")
        return ", ".join([word, *hints])
    if not hints or not _NUMBER.fullmatch(word):
        return ""
    return ", ".join([word, *hints])


def oddity(typed: str) -> str:
    """What to add to a complaint of a name, for signs in it that look like others.

    >>> oddity("very\u00a0dark"), oddity("\u201cdark\u201d")
    (' (with U+00A0, no-break space)', ' (in curly quotation marks, which are letters to YAML)')
    """
    if curly(typed):
        return " (in curly quotation marks, which are letters to YAML)"
    found = _ODD.search(typed)
    return f" (with {sign(found.group())})" if found else ""


def split_key(typed: str) -> tuple[str, str] | None:
    """A key and its value, where no blank stands after the colon between them.

    >>> split_key("tempo:-8"), split_key("https://example.org")
    (('tempo', '-8'), None)
    """
    found = _KEY.fullmatch(typed)
    return (found.group(1), found.group(2)) if found else None


def pair(typed: str) -> tuple[str, str] | None:
    """A name and a number, with anything but a colon between them.

    >>> pair("tempo -8"), pair("tempo = .5"), pair("dark blue")
    (('tempo', '-8'), ('tempo', '.5'), None)
    """
    found = _PAIR.fullmatch(typed)
    return (found.group(1), found.group(2)) if found else None


def meant_condition(typed: str) -> str:
    """How to write what was meant as a condition of several terms, or of a feature; "" where
    nothing of the kind was.

    >>> meant_condition("dark, very warm"), meant_condition("dark or warm"), meant_condition("dark")
    ('{all: [dark, very warm]}, or any', '{any: [dark, warm]}', '')
    """
    if _COMPARED.search(typed):
        return "a term, which says of a feature from where it holds"
    for divider, word in ((_OR, "any"), (_AND, "all")):
        parts = divider.split(typed)
        if len(parts) > 1 and all(parts) and len(typed) <= LONGEST_WORD:
            more = ", or any" if word == "all" and "," in typed else ""
            return f"{{{word}: [{', '.join(parts)}]}}{more}"
    return ""
