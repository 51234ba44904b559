"""Sentences about the notes are true, and a false one is found."""

import copy

import pytest

from composer.evaluate import sentences
from composer.evaluate.sentences import SENTENCES, of_notes, of_rules
from composer.explanation.stored import stored


def false(tried):
    return {claim for claim, holds, _ in tried if not holds}


def test_every_sentence_of_the_sample_is_true(china_document):
    tried = [*of_notes(china_document), *of_rules(china_document, stored(china_document))]
    assert [row for row in tried if not row[1]] == []
    assert {claim for claim, _, _ in tried} == SENTENCES.keys() - {"digits", "first choice"}


@pytest.mark.parametrize(
    ("old", "new", "claim"),
    [
        ("highest, ", "highest, A♭1 and not ", "highest"),
        ("repeated in bar", "inverted in bar", "motifs"),
        ("  highest", "  pentatonic but for 3 of 9 notes\n  highest", "pentatonic"),
    ],
)
def test_a_false_sentence_of_the_melody_is_found(china_document, monkeypatch, old, new, claim):
    lines = [line.replace(old, new) for line in sentences.melody(china_document)]
    monkeypatch.setattr(sentences, "melody", lambda document: lines)
    assert claim in false(of_notes(china_document))


def test_a_chord_that_was_not_offered_is_found(china_document):
    document = copy.deepcopy(china_document)
    span = next(span for span in document["harmony"] if span["alternatives"])
    del span["alternatives"][span["roman"]]
    assert "offered" in false(of_notes(document))


def test_a_number_that_is_not_another_than_itself_is_found():
    assert sentences._SAME.search("if it were darker (0.001500000 %, not 0.001500000 %)")
    assert sentences._SAME.search("2.3e-19 %")
    assert not sentences._SAME.search("if it were darker (24, not 31 L*)")


def test_who_settled_what_is_tried(china_document, monkeypatch):
    monkeypatch.setattr(sentences, "settled", lambda *_: ["  9 rules made the difference"])
    assert "settled" in false(of_rules(china_document, stored(china_document)))
