"""A piece as a MIDI file."""
