"""A MIDI file as sound by FluidSynth, where it is installed: a program, not a library."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from composer.errors import UserError
from composer.render.audio.coding import FORMATS, RATE
from composer.render.audio.soundfont import BETTER, SoundFont, installed

if TYPE_CHECKING:
    from composer.render.audio.coding import Samples

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


SYNTHS = ("built-in", "fluidsynth")


@dataclass(frozen=True, slots=True)
class Sounding:
    """Who plays the MIDI file (one of SYNTHS), and on which SoundFont's instruments."""

    synth: str = "built-in"
    soundfont: str | None = None

    @property
    def path(self) -> Path:
        """The SoundFont's file. Raises UserError where there is none."""
        if self.soundfont is not None:
            return Path(self.soundfont)
        found = installed()
        if found is None:
            raise UserError(
                "There is no SoundFont to play with: the one that pretty_midi carries is missing.",
                f"Run: pip install --force-reinstall pretty_midi. {BETTER}",
            )
        return found


BUILT_IN = Sounding()


def check(sounding: Sounding, suffixes: Collection[str]) -> None:
    """Raises UserError, with what to install, where a file of these suffixes could not be made.

    suffixes: of FORMATS; with none of them there is nothing to check.
    """
    if not suffixes:
        return
    SoundFont(sounding.path)
    if sounding.synth == "fluidsynth" and shutil.which(PROGRAM) is None:
        raise UserError(
            "FluidSynth is not installed.",
            "On Debian or Ubuntu run: sudo apt install fluidsynth; on macOS: brew install "
            "fluid-synth. Or leave out --synth fluidsynth.",
        )
    try:
        import soundfile
    except OSError as error:
        raise UserError(
            f"soundfile cannot be loaded: {error}.",
            "Run: pip install --force-reinstall soundfile; on Debian or Ubuntu, where that is not "
            "enough: sudo apt install libsndfile1.",
        ) from None

    known = soundfile.available_formats()
    for suffix in suffixes:
        container, coding = FORMATS[suffix]
        if container not in known or coding not in soundfile.available_subtypes(container):
            raise UserError(
                f"The libsndfile installed here cannot write {suffix} files.",
                "Run: pip install --upgrade --force-reinstall soundfile; or write .wav.",
            )
