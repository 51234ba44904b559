"""The plain reasons: short, narrow, easy, and true of the document sentence by sentence."""

from __future__ import annotations

import json
import re

import pytest

from analysis.picture.content.words import words as known_things
from composer.asking import ask
from composer.errors import UserError
from composer.evaluate.readable import missing, reading_ease, syllables
from composer.explanation.chosen import decided
from composer.explanation.clauses import held_by, words
from composer.explanation.document import explanation, to_json
from composer.explanation.glossary import glossary, meaning
from composer.explanation.layout import unstyle
from composer.explanation.plain import (
    plain_text,
    plain_view,
    sentences,
    standing_out,
)
from composer.explanation.replay.changes import comparatives
from composer.explanation.shown import said_of
from composer.explanation.text import view
from composer.pipeline import compose_decided
from composer.settings import Settings

# Terms of music that a reader without theory would stop at.
JARGON = """\
aeolian arousal articulation cadence chord coda deceptive dissonance dominant dorian
harmonic harmony ionian key locrian lydian major melodic metre minor mixolydian mode motif octave
pentatonic phrase phrygian pitch plagal progression register rondo rubato scale sevenths strophic
subdominant swing syncopation tempo ternary tonic triad triads valence velocity voice voices"""


def document_of(table, analysis, **given):
    settings = Settings(melody="rules", **given)
    asked = ask(table, analysis, settings)
    piece = compose_decided(analysis, asked.table, asked.decisions, settings, exact=asked.exact)
    return json.loads(to_json(explanation(piece)))


ASKED = (
    {},
    {"make": ["much happier", "softer"]},
    {"length": "2min"},
    {"overrides": {"mood": "sombre", "metre": "5/4"}},
)


@pytest.fixture(scope="module", params=ASKED, ids=str)
def plain_document(request, default_table, china_analysis):
    return document_of(default_table, china_analysis, **request.param)


def test_every_fact_of_every_sentence_is_in_the_document(plain_document):
    said = [*sentences(plain_document), *decided(plain_document), *standing_out(plain_document)]
    assert missing(plain_document, said) == []
    assert all(sentence.facts for sentence in said[1:])
    assert sum(len(sentence.facts) for sentence in said) > 20


def test_a_fact_that_is_not_so_is_found(plain_document):
    said = sentences(plain_document)
    other = json.loads(json.dumps(plain_document))
    other["decisions"]["mode"]["value"] = "locrian"
    other["plan"]["seconds"] += 1
    assert len(missing(other, said)) == 2


def test_five_sentences_open_it_within_a_screen(plain_document):
    rows = unstyle(plain_view(plain_document)).split("\n")
    assert len(rows) <= 45
    assert max(map(len, rows)) <= 80
    assert len(sentences(plain_document)) in (6, 7)
    assert rows[2] == plain_document["picture"]["content"]["caption"]
    assert rows[3].startswith(("The picture", "You asked", "You set", "Nothing"))


def test_it_reads_easily(plain_document):
    assert reading_ease(plain_text(plain_document)) >= 60


def test_no_term_is_outside_the_glossary(plain_document):
    used = {*re.findall(r"[a-z]+", plain_text(plain_document).lower())} & {*JARGON.split()}
    known = {word for entry in glossary() for word in entry.split()}
    assert {
        word for word in used if word not in known and word.removesuffix("s") not in known
    } == set()


def test_what_you_asked_for_is_said_first_and_no_reason_puts_it_on_the_picture(
    default_table, china_analysis
):
    text = unstyle(plain_view(document_of(default_table, china_analysis, make=["much happier"])))
    assert "You asked for much happier." in text
    mode = text[text.index("  key") : text.index("  beat")]
    assert "leasant pictures" not in mode
    set_ = unstyle(
        plain_view(document_of(default_table, china_analysis, overrides={"mode": "lydian"}))
    )
    assert "You set mode (lydian)." in set_


def test_of_alternatives_the_one_that_held_is_named():
    document = {
        "terms": {"rounded": 0.1, "smooth": 0.8, "calm": 0.9},
        "features": {"texture.roughness": {}},
        "decisions": {},
        "rules": {
            "table": {
                "terms": {
                    "rounded": {"feature": "texture.roughness"},
                    "smooth": {"feature": "texture.roughness"},
                    "calm": {"feature": "arousal"},
                }
            }
        },
    }
    assert held_by({"any": ["rounded", "smooth"]}, document) == [("smooth", True)]
    assert held_by({"all": [{"any": ["rounded", "smooth"]}, "calm"]}, document) == [
        ("smooth", True)
    ]
    assert held_by({"not": "rounded"}, document) == [("rounded", False)]


def test_every_term_of_the_default_table_has_plain_words(default_table):
    own = {
        name for name, term in default_table.terms.items() if "." in term.feature and not term.made
    }
    things = {word.feature for word in known_things().values()}
    own -= {name for name in own if default_table.terms[name].feature in things}
    assert {*words()["terms"]} >= {name for name in own if " of " not in name}


@pytest.mark.parametrize(
    ("text", "ease"),
    [("The cat sat on the mat.", 116.1), ("This sentence is a little longer.", 75.2)],
)
def test_reading_ease_by_hand(text, ease):
    assert reading_ease(text) == pytest.approx(ease, abs=15)
    assert syllables("sat") == 1


def test_the_glossary_answers_and_refuses():
    assert "mild minor" in unstyle(meaning("Dorian"))
    assert "plain chord" in unstyle(meaning("triads"))
    with pytest.raises(UserError, match="Did you mean dorian"):
        meaning("dorain")
    for entry in glossary().values():
        assert entry.says.endswith(".")
        assert {*entry.see} <= glossary().keys()
        assert reading_ease(entry.says) > 25, entry.word


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.9, "shows a weapon"),
        (0.4, "may show a weapon"),
        (0.1, "has faint signs of a weapon"),
    ],
)
def test_a_thing_is_named_as_surely_as_it_is_seen(plain_document, probability, said):
    document = json.loads(json.dumps(plain_document))
    document["features"]["content.weapon"]["value"] = probability
    assert said_of({"feature": "content.weapon"}, document) == said
    assert said_of({"feature": "content.weapon"}, document, False).startswith("has no clear sign")
    assert said_of({"feature": "colour.warmth"}, document) == ""


@pytest.mark.parametrize("seed", range(6))
def test_the_tune_is_highest_where_it_is_said_to_be(default_table, china_analysis, seed):
    """By the piece's own notes, and not by what was planned."""
    settings = Settings(melody="rules", seed=seed)
    asked = ask(default_table, china_analysis, settings)
    piece = compose_decided(china_analysis, asked.table, asked.decisions, settings)
    top = max(note.pitch.midi for note in piece.melody if note.pitch)
    sung = [note.start // piece.plan.metre.bar for note in piece.melody if note.pitch.midi == top]
    bars = [str(bar + 1) for bar in dict.fromkeys(sung)]
    document = json.loads(to_json(explanation(piece)))
    (line,) = [line for line in view(document).split("\n") if "  highest, " in line]
    assert re.findall(r"\d+", line.partition(" in bar")[2]) == bars
    assert f"highest in bar{'s' * (len(bars) > 1)} {bars[0]}" in plain_text(document)


def test_whatever_stands_out_is_compared_in_words_that_compare() -> None:
    """So that "than 95 in 100 photographs" can follow."""
    for name, phrases in comparatives().items():
        if name in ("colour.hue", "content.seen"):  # which stand out in no direction
            continue
        for phrase in phrases:
            assert re.search(r"\b(more|less|fewer|better|[a-z]+er)\b", phrase), (name, phrase)
