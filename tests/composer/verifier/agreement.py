"""Whether the verifier finds in a piece's scores what the piece itself says."""

from collections import Counter
from xml.etree import ElementTree

from composer.render.score.score import four_voices, full_score
from composer.verifier import judged_score
from composer.verifier.piece import judge_piece
from corpora.read.scores import read
from theory.rules import RULES


def told(verdict, kind):
    """The findings of a kind, with all that a reader is told."""
    return Counter(
        (one.rule, one.hard, one.bar, one.beat, one.voices, one.sentence, tuple(sorted(one.notes)))
        for one in verdict.findings
        if RULES[one.rule].kind == kind
    )


def agree(piece):
    """Do both scores of a piece say of it what the piece itself says?"""
    own = judge_piece(piece)
    for write, kind in ((full_score, "melody"), (four_voices, "voices")):
        found = judged_score(read(ElementTree.fromstring(write(piece))))
        assert (found.key, found.language) == (piece.plan.key, piece.plan.language)
        assert (found.unjudged, found.left_out) == ((), ())
        assert told(found, kind) == told(own, kind)
        if kind == "melody":
            assert found.moments == len(piece.melody)
            assert found.chords == len(piece.harmony.spans)
