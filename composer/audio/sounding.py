"""How a piece is to sound, and whether all that this needs is there, before any work is done."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from composer.audio.coding import FORMATS
from composer.audio.fluid import PROGRAM
from composer.audio.soundfont import BETTER, SoundFont, installed
from composer.errors import UserError

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
