"""A piece as files: MIDI, MusicXML, the four voices, the explanation."""

from composer.render.outputs import Output, plan_outputs, write

__all__ = ["Output", "plan_outputs", "write"]
