"""Measures of what the composer does, against people's judgement."""
