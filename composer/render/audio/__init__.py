"""A piece as sound: played by a SoundFont's samples, in a room, mastered, coded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from composer.render.audio.sounding import BUILT_IN, SYNTHS, Sounding, check

if TYPE_CHECKING:
    from composer.render.audio.coding import Samples

__all__ = ["BUILT_IN", "SYNTHS", "Sounding", "check", "perform"]


def perform(midi: bytes, sounding: Sounding) -> Samples:
    """A MIDI file as finished sound, shape (2, n), 44,100 samples a second."""
    from composer.render.audio import sounding as fluid
    from composer.render.audio import synth
    from composer.render.audio.master import in_room, master

    if sounding.synth == "fluidsynth":
        return master(fluid.render(midi, sounding.path))
    return master(in_room(synth.render(midi, sounding.path)))
