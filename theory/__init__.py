"""Pitches, scales, chords, harmony, voice leading and melody: pure values and functions."""
