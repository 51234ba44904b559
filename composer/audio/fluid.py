"""A MIDI file as sound by FluidSynth, where it is installed: a program, not a library."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from composer.audio.values import RATE
from composer.errors import UserError

if TYPE_CHECKING:
    from composer.audio.values import Samples

PROGRAM = "fluidsynth"
GAIN = "0.4"  # leaves room above: what is too soft is made louder later, what is cut off is lost
SILENT: float = 10 ** (-75 / 20)  # below this nothing is heard


def render(midi: bytes, soundfont: Path) -> Samples:
    """A MIDI file's sound, shape (2, n) at RATE, with FluidSynth's own room.

    Raises UserError where FluidSynth refuses, with its words.
    """
    import numpy as np
    import soundfile

    with tempfile.TemporaryDirectory() as folder:
        score, sound = Path(folder) / "piece.mid", Path(folder) / "piece.wav"
        score.write_bytes(midi)
        options = ["-ni", "-q", "-g", GAIN, "-r", str(RATE), "-O", "float", "-F", str(sound)]
        command = [PROGRAM, *options, str(soundfont), str(score)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or not sound.is_file():
            said = (done.stderr or done.stdout).strip().splitlines()
            raise UserError(
                f"FluidSynth failed: {said[-1] if said else 'it said nothing'}.",
                "Try without --synth fluidsynth.",
            )
        samples = np.asarray(soundfile.read(sound, dtype="float32", always_2d=True)[0].T)
    heard = np.flatnonzero(np.abs(samples).max(axis=0) > SILENT)
    return samples[:, : heard[-1] + 1] if len(heard) else samples[:, :1]
