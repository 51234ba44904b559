"""What is wrong with a score, a collection or a dataset that somebody gave, in a sentence."""


class ScoreError(Exception):
    """A score that cannot be used; `str()` says why and what would help."""


class CorpusError(Exception):
    """A collection or a dataset file that cannot be used; `str()` says why and what would help."""


class Unreadable(Exception):  # noqa: N818 - a state of the piece, as callers count it
    """A piece that cannot be read into a tune; `reason` is a short phrase, so that it counts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
