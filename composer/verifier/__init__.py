"""Anybody's score, judged by the rules of part-writing and of melody."""

from __future__ import annotations

from composer.verifier.judge import Verdict, judge
from composer.verifier.slices import find_key, read_key

__all__ = ["Verdict", "judged"]


def judged(path: str, key: str | None, language: str) -> Verdict:
    """The verdict on a MusicXML file.

    key: as in "D dorian"; None asks the score.
    Raises ScoreError for a file that is no such score, UserError for a key that is none.
    """
    from corpora.read.scores import parse, read

    own = None if key is None else read_key(key)
    score = read(parse(path))
    return judge(score, own or find_key(score)[0], language)
