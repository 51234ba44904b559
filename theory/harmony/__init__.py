"""Progressions from families of harmony, and the forms that they fill."""
