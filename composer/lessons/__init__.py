"""Minimal pairs that a teacher plays: a mode, cadence, progression or rule, with and without."""
