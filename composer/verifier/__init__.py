"""Anybody's score or piece, judged by the rules of part-writing and of melody: values, no words."""

from __future__ import annotations

from composer.verifier.findings import Finding, Verdict

__all__ = ["Finding", "Verdict", "judged"]


def judged(path: str, key: str | None, language: str) -> Verdict:
    """The verdict on a MusicXML file.

    key: as in "D dorian"; None asks the score.
    Raises ScoreError for a file that is no such score, UserError for a key that is none.
    """
    from composer.verifier.keys import find_key, read_key
    from composer.verifier.score import judge_score
    from corpora.read.scores import parse, read

    own = None if key is None else (read_key(key), "as you say")
    score = read(parse(path))
    found, how = own or find_key(score)
    return judge_score(score, found, language, how)
