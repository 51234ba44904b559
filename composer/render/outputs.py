"""Writes files whole or not at all: planned before any work, replaced together at the end."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from composer.errors import UserError
from composer.needs import check_installed
from composer.render.audio import BUILT_IN, Sounding
from composer.render.audio import check as check_audio
from composer.render.audio.coding import FORMATS as AUDIO
from composer.render.heading import heading

# Paths are refused before anything heavy is loaded.
if TYPE_CHECKING:
    from composer.render.audio.coding import Samples
    from composer.values import Piece

Encoder = Callable[["Piece"], bytes]


def _midi(piece: Piece) -> bytes:
    from composer.render.midi.writer import encode

    return encode(piece)


def _score(piece: Piece) -> bytes:
    from composer.render.score.score import encode

    return encode(piece)


def _voices(piece: Piece) -> bytes:
    from composer.render.score.voices import encode

    return encode(piece)


def _json(piece: Piece) -> bytes:
    from composer.explanation.document import explanation, to_json

    return to_json(explanation(piece)).encode()


def _report(piece: Piece) -> bytes:
    from composer.render.report.page import encode

    return encode(piece)


def _pages(piece: Piece) -> bytes:
    from composer.render.score.svg import encode

    return encode(piece)


def _print(piece: Piece) -> bytes:
    from composer.render.score.pdf import encode

    return encode(piece)


def _roll(piece: Piece) -> bytes:
    from composer.render.roll import encode

    return encode(piece)


# By suffix, the longer before the shorter; each loads its library only when it is asked for.
ENCODERS: dict[str, Encoder] = {
    ".voices.musicxml": _voices,
    ".musicxml": _score,
    ".mid": _midi,
    ".svg": _pages,
    ".pdf": _print,
    ".png": _roll,
    ".json": _json,
    ".html": _report,
}
FILM = ".mp4"
SUFFIXES = (*ENCODERS, *AUDIO, FILM)
# What is written of a picture where nobody says: the notes and their sound.
DEFAULT = (".mid", ".wav")


@dataclass(frozen=True, slots=True)
class Output:
    """A file to be written, and whether it takes another's place."""

    path: Path
    suffix: str
    replaces: bool


def plan_outputs(
    paths: Iterable[str],
    suffixes: Collection[str] = SUFFIXES,
    sounding: Sounding = BUILT_IN,
) -> tuple[Output, ...]:
    """The files to be written, in order; `suffixes` are those that can be.

    Raises UserError, before any work is done, for a suffix that no writer knows, a folder that
    does not exist or cannot be written, a path that is a folder, or one that is given twice, and
    for a library, a SoundFont, a program or a codec that is needed and not there.
    """
    outputs: list[Output] = []
    seen: set[Path] = set()
    for text in paths:
        path = Path(text)
        suffix = next((known for known in suffixes if path.name.lower().endswith(known)), None)
        if suffix is None or path.name.lower() == suffix:
            known = ", ".join(sorted(suffixes, key=len))
            raise UserError(
                f"{text} does not say what to write.", f"Let its name end in one of: {known}."
            )
        if path.is_dir():
            raise UserError(f"{text} is a folder.", "Give the name of a file in it.")
        if not path.parent.is_dir():
            raise UserError(f"There is no folder {path.parent}.", "Make it, or choose another.")
        _check_writable(path)
        whole = path.resolve()
        if whole in seen:
            raise UserError(f"{text} is to be written twice.", "Give each file a name of its own.")
        seen.add(whole)
        outputs.append(Output(path, suffix, path.exists()))
    check_needs([output.suffix for output in outputs], sounding)
    return tuple(outputs)


def check_needs(suffixes: Collection[str], sounding: Sounding = BUILT_IN) -> None:
    """Raises UserError, with what to install, where something that these need is not there."""
    for suffix in suffixes:
        check_installed(suffix)
    check_audio(sounding, [suffix for suffix in suffixes if suffix in AUDIO])
    if FILM in suffixes:
        from composer.render.film.coding import check as check_film

        check_audio(sounding, [".wav"])
        check_film()


def write(
    piece: Piece,
    outputs: Sequence[Output],
    sounding: Sounding = BUILT_IN,
    stage: Callable[[str], None] = lambda name: None,
) -> None:
    """Write the piece to every file, or to none; `sounding` says how it sounds.

    stage: see `encoded`. Raises UserError where the system refuses.
    """
    made = encoded(piece, [output.suffix for output in outputs], sounding, stage)
    put([(output, made[output.suffix]) for output in outputs])


def encoded(
    piece: Piece,
    suffixes: Iterable[str],
    sounding: Sounding = BUILT_IN,
    stage: Callable[[str], None] = lambda name: None,
) -> dict[str, bytes]:
    """The piece's files by suffix; of several with sound it is played once.

    stage: told of each kind when it is made, and of each of a film's PORTIONS; see `steps`.
    """
    made: dict[str, bytes] = {}
    sound: Samples | None = None
    for suffix in dict.fromkeys(suffixes):
        if suffix in AUDIO or suffix == FILM:
            from composer.render.audio import coding, perform

            sound = perform(_midi(piece), sounding) if sound is None else sound
        if suffix in AUDIO:
            assert sound is not None
            made[suffix] = coding.encode(sound, suffix, heading(piece.title))
        elif suffix == FILM:
            from composer.render.film.film import encode

            assert sound is not None
            made[suffix] = encode(piece, _midi(piece), sound, stage)
        else:
            made[suffix] = ENCODERS[suffix](piece)
        stage(f"made the {suffix}")
    return made


def steps(suffixes: Iterable[str]) -> int:
    """How often `encoded` tells its `stage` for these."""
    from composer.render.film.coding import PORTIONS

    return sum(1 + (PORTIONS if suffix == FILM else 0) for suffix in dict.fromkeys(suffixes))


def put(made: Sequence[tuple[Output, bytes]]) -> None:
    """Put bytes in their places, all or none.

    All are laid beside their places before the first is put there; a full disk or a refusal
    half-way leaves every file as it was, and an interrupt waits until all are there. Raises
    UserError where the system refuses.
    """
    try:
        with unbroken():
            _replace_all([(output.path.resolve(), data) for output, data in made])
    except OSError as error:
        name = Path(error.filename2 or error.filename or made[0][0].path).name
        raise UserError(
            f"{name} cannot be written: {error.strerror}.", "Choose another place with -o."
        ) from None


def _replace_all(made: Sequence[tuple[Path, bytes]]) -> None:
    """Put every file in its place; on any failure put back what was there."""
    with ExitStack() as undo:
        waiting = [(path, _lay_beside(path, data, undo)) for path, data in made]
        with ExitStack() as restore:
            for path, temporary in waiting:
                if path.exists():
                    kept = _lay_beside(path, path.read_bytes(), undo)
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
    if path.exists() and not os.access(path, os.W_OK):
        raise UserError(f"{path} is write-protected.", "Choose another name with -o.")


def _lay_beside(path: Path, data: bytes, undo: ExitStack) -> Path:
    """Write `data` to a temporary file beside `path`; `undo` removes it if it is still there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    undo.callback(temporary.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


WAITING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def unbroken() -> Iterator[None]:
    """Has an interrupt wait until the block is done, and answers it then as it would have been.

    Only a program's main thread hears signals, so elsewhere there is nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, note) for number in WAITING}
    try:
        yield
    finally:
        for number, answer in before.items():
            signal.signal(number, signal.SIG_DFL if answer is None else answer)
        for each in came:
            signal.raise_signal(each)
