"""Progression families: weighted grammars of chords, one file a group of modes."""
