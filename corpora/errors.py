"""What is wrong with a score that somebody gave, in a sentence."""


class ScoreError(Exception):
    """A score that cannot be used; `str()` says why and what would help."""
