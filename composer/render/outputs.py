"""Writes files whole or not at all: planned before any work, replaced together at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from errno import ENAMETOOLONG
from pathlib import Path

from composer.errors import UserError
from corpora.whole import beside, real

# Held around every moment in which files are put in their places; of this thread and task alone.
Hold = Callable[[], AbstractContextManager[None]]
_HOLD: ContextVar[Hold] = ContextVar("hold", default=nullcontext)


@contextmanager
def holding(hold: Hold) -> Iterator[None]:
    """Has `hold` keep interrupts back, within the block, while files are put in their places.

    For a program that answers for its whole process: without it an interrupt half-way puts back
    what was there.
    """
    before = _HOLD.set(hold)
    try:
        yield
    finally:
        _HOLD.reset(before)


class NameTooLongError(UserError):
    """A name that the file system does not take."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file to be written, and whether it takes another's place."""

    path: Path
    suffix: str
    replaces: bool


def plan_outputs(paths: Iterable[str], suffixes: Collection[str]) -> tuple[Output, ...]:
    """The files to be written, in order; `suffixes` are those that can be, the longer before the
    shorter.

    Raises UserError, before any work is done, for a suffix that is none of them, a folder that does
    not exist or cannot be written, a path that is a folder, a pipe, a device or a link to itself,
    or one that is given twice.
    """
    outputs: list[Output] = []
    seen: set[str] = set()
    for text in paths:
        path = Path(text)
        suffix = next((known for known in suffixes if path.name.lower().endswith(known)), None)
        if suffix is None or path.name.lower() == suffix:
            known = ", ".join(sorted(suffixes, key=len))
            raise UserError(
                f"{text} does not say what to write.", f"Let its name end in one of: {known}."
            )
        if os.path.isdir(path):
            raise UserError(f"{text} is a folder.", "Give the name of a file in it.")
        if not os.path.isdir(path.parent):
            raise UserError(f"There is no folder {path.parent}.", "Make it, or choose another.")
        _check_writable(path)
        whole = os.path.normcase(real(path))
        if whole in seen:
            raise UserError(f"{text} is to be written twice.", "Give each file a name of its own.")
        seen.add(whole)
        outputs.append(Output(path, suffix, os.path.exists(path)))
    return tuple(outputs)


def put(made: Sequence[tuple[Output, bytes]]) -> None:
    """Put bytes in their places, all or none.

    All are laid beside their places before the first is put there; a full disk, a refusal or an
    interrupt half-way leaves every file as it was. Raises UserError where the system refuses.
    """
    try:
        with _HOLD.get()():
            _replace_all([(real(output.path), data) for output, data in made])
    except OSError as error:
        name = Path(error.filename2 or error.filename or made[0][0].path).name
        kind = NameTooLongError if error.errno == ENAMETOOLONG else UserError
        raise kind(
            f"{name} cannot be written: {error.strerror}.", "Choose another place with -o."
        ) from None


def _replace_all(made: Sequence[tuple[Path, bytes]]) -> None:
    """Put every file in its place; on any failure put back what was there."""
    with ExitStack() as undo:
        waiting = [(path, undo.enter_context(beside(path, data))) for path, data in made]
        with ExitStack() as restore:
            for path, temporary in waiting:
                if path.exists():
                    kept = undo.enter_context(beside(path, path.read_bytes()))
                    restore.callback(os.replace, kept, path)
                else:
                    restore.callback(path.unlink, missing_ok=True)
                os.replace(temporary, path)
            restore.pop_all()


def _check_writable(path: Path) -> None:
    """Raises UserError where the system would refuse the file or its folder."""
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise UserError(
            f"Nothing can be written in the folder {path.parent}.", "Choose another with -o."
        )
    if os.path.islink(path) and os.path.islink(real(path)):
        raise UserError(
            f"{path} is a link to itself.", "Remove it, or choose another name with -o."
        )
    # Pipes and devices would be waited for, or lose their place to a file.
    if os.path.exists(path) and not os.path.isfile(path):
        raise UserError(f"{path} is not an ordinary file.", "Choose another name with -o.")
    if os.path.exists(path) and not os.access(path, os.W_OK):
        raise UserError(f"{path} is write-protected.", "Choose another name with -o.")
