"""Anybody's score or piece, judged by the rules of part-writing and of melody: values, no words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from composer.verifier.findings import Finding, Verdict

if TYPE_CHECKING:
    from corpora.read.scores import Score
    from theory.scale import Key

__all__ = ["Finding", "Verdict", "judged", "judged_score"]

# Whose rules are hard where neither the score nor anybody says it.
USUAL = "strict"


def judged(path: str, key: str | None, language: str | None) -> Verdict:
    """The verdict on a MusicXML file.

    key: as in "D dorian"; None asks the score. language: None asks the score, too.
    Raises ScoreError for a file that is no such score, UserError for a key that is none.
    """
    from composer.verifier.keys import read_key
    from corpora.read.scores import parse, read

    given = None if key is None else read_key(key)
    return judged_score(read(parse(path)), given, language)


def judged_score(score: Score, key: Key | None = None, language: str | None = None) -> Verdict:
    """The verdict on a score in its own key and language, unless others are given.

    Raises ScoreError where nothing in it could be judged.
    """
    from composer.verifier.keys import find_key
    from composer.verifier.score import judge_score

    own = score.said.language if score.said else USUAL
    found, how = (key, "as you say") if key else find_key(score)
    return judge_score(score, found, language or own, how)
