"""Pitches, scales, chords, harmony, voice leading and the rules of melody; pure values and functions."""
