"""A piece as files: MIDI, MusicXML, the four voices, the explanation."""

from composer.files.outputs import Output, plan_outputs, write

__all__ = ["Output", "plan_outputs", "write"]
