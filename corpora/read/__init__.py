"""Readers of what people wrote: ABC, MusicXML and MIDI become tunes."""
