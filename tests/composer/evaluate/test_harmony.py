"""What composed pieces do: chords read back from their files, successions counted, rules kept."""

import pytest

from composer.evaluate.harmony import (
    Counted,
    count,
    evaluate_harmony,
    head,
    successions,
    varied_piece,
)
from composer.render.score.score import four_voices
from composer.verifier.chords import harmonies
from composer.verifier.score import judge_score
from composer.verifier.slices import stretches
from corpora.read.scores import parse, read
from theory.chord import Chord
from theory.scale import Key

C, A = Key.of("C", "ionian"), Key.of("A", "aeolian")


def row(text, key=C):
    return [Chord.parse(roman, key) for roman in text.split()]


def test_successions_leave_out_sevenths_inversions_and_decorations():
    found = list(successions(row("I I6 ii65 I64 V V7 I")))
    assert found == [("major", "I", "ii"), ("major", "ii", "V"), ("major", "V", "I")]


def test_minor_is_counted_by_itself():
    assert list(successions(row("i iv V7 i", A)))[-1] == ("minor", "V", "i")


def test_an_applied_chord_is_named_with_its_goal():
    assert [head(chord) for chord in row("V65/V viio7/ii bVImaj7")] == ["V/V", "viio/ii", "bVI"]


def test_shares_are_of_all_that_follows_a_chord():
    counted = Counted()
    counted.follows.update([("major", "V", "I")] * 3 + [("major", "V", "vi")])
    assert counted.share("major", "V", "I") == (75, 4)


def written(piece, folder):
    path = folder / "x.voices.musicxml"
    path.write_bytes(four_voices(piece))
    return read(parse(path))


def check(index, folder):
    """The file of a piece breaks no hard rule, and its chords are those that were composed."""
    piece = varied_piece(index)
    score = written(piece, folder)
    verdict = judge_score(score, piece.plan.key, piece.plan.language)
    hard = [f for f in verdict.findings if f.hard and f.rule != "range"]  # the plan sets its own
    assert hard == [], index
    assert verdict.chords == verdict.moments, index
    (run,) = stretches(score)
    read_back = {piece.start: chord for piece, chord in harmonies(score, run, piece.plan.key)}
    for span in piece.harmony.spans:
        chord = read_back[span.start / 24]
        assert (set(chord.tones), chord.bass) == (set(span.chord.tones), span.chord.bass), index
    counted = count(piece)
    assert not counted.hard, index
    assert not counted.theirs, index


@pytest.mark.parametrize("index", range(0, 60, 5))
def test_a_piece_read_back_from_its_file_is_sound(index, tmp_path):
    check(index, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(50))
def test_a_thousand_pieces_read_back_are_sound(chunk, tmp_path):
    for index in range(chunk, 1000, 50):
        check(index, tmp_path)


def test_the_tables_are_printed():
    text = str(evaluate_harmony(4, 1))
    assert "major: V to I" in text
    assert "Hard rules broken in their own language, by music21: none." in text
