"""Tunes with chords, read from collections of music: the learned melody's teachers."""
