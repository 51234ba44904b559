"""A piece as sound: who plays it, on which instruments; played, in a room, mastered, coded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from composer.errors import UserError
from composer.render.audio.coding import check_formats

if TYPE_CHECKING:
    from composer.render.audio.coding import Samples
    from composer.render.audio.room import Room


@dataclass(frozen=True, slots=True)
class Sounding:
    """Who plays the MIDI file (one of `settings.SYNTHS`), and on which SoundFont's instruments."""

    synth: str = "built-in"
    soundfont: str | None = None

    @property
    def path(self) -> Path:
        """The SoundFont's file. Raises UserError where there is none."""
        if self.soundfont is not None:
            return Path(self.soundfont)
        from composer.render.audio.soundfont import BETTER, installed

        found = installed()
        if found is None:
            raise UserError(
                "There is no SoundFont to play with: Promenade's own is missing.",
                f"Run: pip install --force-reinstall promenade-music. {BETTER}",
            )
        return found


BUILT_IN = Sounding()


def check(sounding: Sounding, suffixes: Collection[str]) -> None:
    """Raises UserError, with what to install, where a file of these suffixes could not be made.

    suffixes: of `coding.FORMATS`; with none of them there is nothing to check.
    """
    if not suffixes:
        return
    from composer.render.audio.soundfont import SoundFont

    SoundFont(sounding.path)
    if sounding.synth == "fluidsynth":
        from composer.render.audio.synth import check_fluidsynth

        check_fluidsynth()
    check_formats(suffixes)


def perform(midi: bytes, sounding: Sounding, room: Room | None = None) -> Samples:
    """A MIDI file as finished sound, shape (2, n), 44,100 samples a second.

    room: where it is played; the usual one unless given. FluidSynth plays in its own.
    """
    from composer.render.audio.master import master
    from composer.render.audio.room import USUAL, in_room
    from composer.render.audio.synth import by_fluidsynth, by_samples

    if sounding.synth == "fluidsynth":
        return master(by_fluidsynth(midi, sounding.path))
    return master(in_room(by_samples(midi, sounding.path), room or USUAL))
