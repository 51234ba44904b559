"""Errors that a user can mend: one clear sentence, and a way out; anything else is a bug."""

from __future__ import annotations

import errno
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

OURS = ("analysis", "cli", "composer", "corpora", "neural", "theory")
SHOWN = 50  # faults that are printed; the rest are counted
WIDEST = 100  # characters of a line that are shown, with the place in view

LONGEST_WORD = 60  # of a name that is quoted whole, or compared with known ones


# Controls of a terminal (ECMA-48), of the direction of writing, of lines; signs of no width, but
# for the two by which letters are joined or kept apart; and halves of characters.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The text with signs in place of what would command a terminal; one sign for each.

    Ends of lines and tabs stay.

    >>> visible("a\x1b[31mb\x9bc\u202e")
    'a␛[31mb�c�'
    """
    return _UNSAFE.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    number = ord(found.group())
    if number < 0x20:
        return chr(0x2400 + number)
    return "\u2421" if number == 0x7F else "\ufffd"


class UserError(Exception):
    """Something the user gave cannot be used. `str()` is one sentence; `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return visible(f"{self.message} {self.hint}".rstrip())


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a YAML file, with where it is and what was expected there.

    `line` and `column` count from 1; `code` is one of `composer.table.codes`; `text` is the whole
    line; `nearest` is the known name that looks most like the one found, or "".
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    expected: str
    nearest: str
    text: str

    def __str__(self) -> str:
        rows = [f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}"]
        if self.text.strip():
            shown, before = _view(self.text, self.column - 1)
            rows += [f"    {shown}", f"    {_under(before)}^"]
        if self.expected:
            rows.append(f"    expected: {self.expected}")
        if self.nearest:
            rows.append(f"    did you mean {self.nearest!r}?")
        rows.append(f"    see promenade rules why {self.code}")
        return visible("\n".join(rows))


class TableError(UserError):
    """A table or its orchestra is wrong; `faults` are all its faults, in order of place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(listed(faults))
        self.faults = tuple(faults)


def listed(faults: Sequence[Fault]) -> str:
    """Faults one below the other; of very many the first, and how many more there are."""
    rows = [str(fault) for fault in faults[:SHOWN]]
    if len(faults) > SHOWN:
        rows.append(f"... and {len(faults) - SHOWN} more.")
    return "\n".join(rows)


def mendable(error: Exception, own: Sequence[str] = ()) -> str | None:
    """What to say of an error that the user can mend; None of any other, which is a bug.

    own: what the user has changed of the rules, as it was typed; if this leaves no legal music,
    that is the user's to mend too.
    """
    from analysis.errors import CaptionerError, PictureError, UnreadError
    from corpora.errors import CorpusError, ScoreError
    from neural.errors import NeuralError

    if isinstance(error, UnreadError):
        from corpora.needs import install

        return visible(f"{error} Or run: {install([error.library])}.")
    known = CaptionerError | CorpusError | NeuralError | PictureError | ScoreError | UserError
    if isinstance(error, known):
        return visible(str(error))
    if own and nothing_legal(error):
        return f"{error} This comes of {' and '.join(own)}: change or leave out one of them."
    return _broken(error) if isinstance(error, ImportError) else refused(error)


# What the system says where there is no room, or no more of something: not ours to mend.
_SCARCE = ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN")
_NO_MEMORY = ("can't allocate memory", "not enough memory", "can't start new thread")


def refused(error: Exception) -> str | None:
    """What to say where the system gives no room, no memory or no folder; None of other errors."""
    text = str(error)
    if isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and any(each in text for each in _NO_MEMORY)
    ):
        return "There is not enough memory. Close other programs, or give --jobs 1 or less to do."
    if not isinstance(error, OSError):
        return None
    if errno.errorcode.get(error.errno or 0) in _SCARCE:
        what = error.filename or "A file, or what is printed,"
        return f"{what} cannot be used: {error.strerror}. Make room, or choose another place."
    if isinstance(error, FileNotFoundError) and not _somewhere():
        return "The folder that this runs in is not there any more. Go to another one."
    return None


def _somewhere() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def nothing_legal(error: Exception) -> bool:
    """Did the rules of part-writing or of melody leave no way?"""
    from theory.melody.results import NoMelody
    from theory.voices.frame import NoVoicing

    return isinstance(error, NoVoicing | NoMelody)


def _broken(error: ImportError) -> str | None:
    """What to do about a package that is missing or cannot be loaded; None where it is our own."""
    from corpora.needs import NAMES, install

    name = (error.name or "").partition(".")[0]
    if name in OURS or not name or name in sys.stdlib_module_names:
        return None
    if isinstance(error, ModuleNotFoundError):
        return f"{NAMES.get(name, name)} is not installed. Run: {install([name])}."
    return (
        f"{NAMES.get(name, name)} cannot be loaded: {error}. "
        f"Run: pip install --force-reinstall {NAMES.get(name, name)}."
    )


def _view(line: str, at: int) -> tuple[str, str]:
    """What is shown of a line, and the part of it that lies before the place `at`."""
    if len(line) <= WIDEST:
        return line, line[:at]
    left = max(0, min(at - WIDEST // 2, len(line) - WIDEST))
    before, after = "…" if left else "", "…" if left + WIDEST < len(line) else ""
    return before + line[left : left + WIDEST] + after, before + line[left:at]


def _under(before: str) -> str:
    """Blanks as wide as `before` on a terminal, its tabs kept: the caret stands where it ends."""
    return "".join("\t" if sign == "\t" else " " * _columns(sign) for sign in before)


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf") and visible(sign) == sign:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def nearest(got: str, names: Iterable[str], alike: float = 0.6) -> str:
    """The known name most like `got`, or "" where none is at least so much alike (0 to 1)."""
    from difflib import get_close_matches

    if len(got) > LONGEST_WORD:
        return ""
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(got.lower(), list(by_lower), n=1, cutoff=alike)
    return by_lower[close[0]] if close else ""
