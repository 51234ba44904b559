"""What a fuzzer is made of: inputs with a structure, their reader, and its lines to be reached."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from hypothesis.strategies import SearchStrategy

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of thing that people hand us.

    inputs: its bytes. read: what our reader does with them, in an empty folder; it returns, or
    raises what a user is told in a sentence. header: are they of this kind at first sight?
    lines: the reader's modules, as globs from the root.
    """

    name: str
    inputs: SearchStrategy[bytes]
    read: Callable[[bytes, Path], None]
    header: Callable[[bytes], bool]
    lines: tuple[str, ...]

    def modules(self) -> list[Path]:
        """The files of the reader."""
        return sorted({path for each in self.lines for path in ROOT.glob(each)})


class Swallowed(Exception):  # noqa: N818 - what a caller made of an error, not an error of ours
    """A reader stumbled, and its caller counted it: no traceback, and no sentence either."""


def place(error: BaseException, *, inner: bool = True) -> str:
    """The line that raised it: the innermost, or the innermost of ours that reads, if there is."""
    frames = traceback.extract_tb(error.__traceback__)
    here = [each for each in frames if each.filename.startswith(str(ROOT))]
    here = [each for each in here if ".venv" not in each.filename]
    read = [each for each in here if "tests/fuzz" not in each.filename]
    last = (frames if inner else read or here or frames)[-1]
    return f"{last.filename.removeprefix(f'{ROOT}/')}:{last.lineno} {last.name}"


def executable(path: Path) -> set[int]:
    """The lines within functions of a module; what runs when it is loaded says nothing."""
    code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    return {line for each in _functions(code) for line in _lines(each)}


def _functions(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_flags & 2:  # it has locals of its own: a function, and no class's body
                yield inner
            yield from _functions(inner)


def _lines(code: CodeType) -> Iterator[int]:
    return (line for _, _, line in code.co_lines() if line and line != code.co_firstlineno)
