"""Errors that a user can mend: one clear sentence, and a way out."""

from __future__ import annotations

from dataclasses import dataclass


class UserError(Exception):
    """Something the user gave cannot be used. `str()` is one sentence; `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a YAML file, with where it is and what was expected there.

    `line` and `column` count from 1; `text` is the whole line; `nearest` is the known name that
    looks most like the one found, or "".
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
        rows = [f"{self.file}:{self.line}:{self.column}: {self.message} [{self.code}]"]
        if self.text.strip():
            rows.append(f"    {self.text}")
            rows.append(f"    {_under(self.text[: self.column - 1])}^")
        if self.expected:
            rows.append(f"    expected: {self.expected}")
        if self.nearest:
            rows.append(f"    did you mean {self.nearest!r}?")
        return "\n".join(rows)


class TableError(UserError):
    """A table, or a library beside it, is wrong; `faults` are all its faults in order of place."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def _under(before: str) -> str:
    """Blanks as wide as `before`, its tabs kept, so that the caret stands under its column."""
    return "".join("\t" if sign == "\t" else " " for sign in before)
