"""Plays a piece with what the system has."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from composer.errors import UserError
from composer.recommender.pool import PieceName

Command = Callable[[str], Sequence[str]]
# Programs that play, the better ones first: the command for a file, and whether it plays any kind
# of sound or only WAV.
PLAYERS: tuple[tuple[str, Command, bool], ...] = (
    ("ffplay", lambda file: ["-nodisp", "-autoexit", "-loglevel", "error", file], True),
    ("mpv", lambda file: ["--no-video", "--really-quiet", file], True),
    ("afplay", lambda file: [file], True),
    ("pw-play", lambda file: [file], False),
    ("paplay", lambda file: [file], False),
    ("aplay", lambda file: ["-q", file], False),
    (
        "powershell",
        lambda file: [
            "-NoProfile",
            "-Command",
            "(New-Object Media.SoundPlayer $args[0]).PlaySync()",
            file,
        ],
        False,
    ),
)


def play(piece: PieceName) -> None:
    """Plays a piece to its end. Raises UserError where nothing here can."""
    from composer.hearing.endings import SOUNDS
    from composer.recommender.sounding import file_of, sound_of

    found = next((each for each in PLAYERS if shutil.which(each[0])), None)
    if found is None:
        names = ", ".join(name for name, _, _ in PLAYERS[:2])
        raise UserError(
            "Nothing here can play sound.",
            f"Install {names} or another player; or write the answers: -o FOLDER/.",
        )
    name, command, any_kind = found
    path = file_of(piece)
    with tempfile.TemporaryDirectory() as folder:
        if path.suffix.lower() in SOUNDS and not any_kind:
            path = _as_wav(path, Path(folder))
        elif path.suffix.lower() not in SOUNDS:
            data = sound_of(piece, ".wav")
            path = Path(folder, "piece.wav")
            path.write_bytes(data)
        program = shutil.which(name) or name
        done = subprocess.run([program, *command(str(path.absolute()))], stdin=subprocess.DEVNULL)
    if done.returncode:
        raise UserError(f"{name} could not play {path.name}.", "Write the answers: -o FOLDER/.")


def _as_wav(path: Path, folder: Path) -> Path:
    import soundfile

    made = folder / "piece.wav"
    try:
        samples, rate = soundfile.read(path, dtype="int16")
    except soundfile.LibsndfileError:
        kind = "ffplay" if sys.platform != "darwin" else "afplay"
        raise UserError(f"{path} cannot be played here.", f"Install {kind}.") from None
    soundfile.write(made, samples, rate)
    return made
