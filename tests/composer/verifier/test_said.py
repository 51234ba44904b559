"""What `compose` says of a piece, `verify` finds in its scores, finding by finding."""

from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import cli
from composer import compose
from composer.render.score.score import four_voices, full_score
from composer.verifier import judged_score
from composer.verifier.piece import judge_piece
from corpora.errors import ScoreError
from corpora.read.said import PREFIX
from corpora.read.scores import read
from tests.composer.verifier.agreement import agree, told
from tests.pictures import varied

FIELD = f".//miscellaneous-field[@name='{PREFIX}{{}}']"
# What differs in what is composed and in who plays it, by the number of the picture.
FEW = (
    (5, {"language": "popular", "mode": "harmonic minor", "ensemble": "full orchestra"}),
    (1, {"language": "strict", "ensemble": "solo piano", "upbeat": "beat"}),
    (2, {"language": "modal", "mode": "phrygian", "ensemble": "chamber winds"}),
    (3, {"table": "film"}),
    (4, {"without": ["parallel-fifths", "strong-beat-dissonance"], "ensemble": "string sextet"}),
    (0, {"language": "free", "mode": "octatonic", "progression": "dread"}),
    (1, {"language": "free", "mode": "harmonic minor", "progression": "menace"}),
    (2, {"mode": "whole-tone"}),
    (3, {"mode": "locrian", "language": "popular"}),
    (4, {"mode": "blues", "form": "twelve bars"}),
    (5, {"mode": "melodic minor", "language": "strict"}),
)
PACKS = (None, "film", "scriabin", "chiptune", "plain")


def composed(index, wishes):
    _, pixels = list(varied(index + 1))[-1]
    return compose(pixels, seed=index, melody="rules", **wishes)


@pytest.fixture(scope="module")
def pieces():
    return [composed(*row) for row in FEW]


@pytest.mark.parametrize("index", range(len(FEW)))
def test_compose_and_verify_agree(pieces, index):
    agree(pieces[index])


def test_the_few_differ_in_what_matters(pieces):
    """A melody that passes to a second player and languages of their own are among them."""
    assert {piece.plan.language for piece in pieces} == {"strict", "modal", "popular", "free"}
    players = [
        {row.split()[1] for row in field.text.split("; ")}
        for piece in pieces
        for field in ElementTree.fromstring(full_score(piece)).findall(FIELD.format("melody"))
    ]
    assert len(players) == len(pieces)
    assert max(map(len, players)) > 1
    assert any(judge_piece(piece).findings for piece in pieces)


@pytest.mark.slow
@pytest.mark.parametrize("index", range(100))
def test_compose_and_verify_agree_on_a_hundred(index):
    language = (None, "strict", "modal", "popular")[index % 4]
    wishes = {"table": PACKS[index // 4 % len(PACKS)]} | (
        {"language": language} if language else {}
    )
    agree(composed(index, wishes))


def test_the_notes_are_judged_and_not_what_is_said_of_them(pieces):
    """A note of the melody is moved in the file: a fault is found that was not composed."""
    piece = pieces[1]
    root = ElementTree.fromstring(full_score(piece))
    before = told(judged_score(read(root)), "melody")
    number = read(root).voices[0][4].numbers[0]
    octave = list(root.iter("note"))[number].find("pitch/octave")
    octave.text = str(int(octave.text) + 2)
    after = judged_score(read(root))
    assert told(after, "melody") - before
    assert after.broken


def test_the_command_needs_no_options(tmp_path):
    """As anybody does it, with a photograph."""
    files = [tmp_path / "v.musicxml", tmp_path / "v.voices.musicxml"]
    args = ["sample:china", "--set", "language=popular", "--set", "mode=harmonic minor"]
    made = CliRunner().invoke(cli.compose, [*args, "-o", str(files[0]), "-o", str(files[1])])
    assert made.exit_code == 0, made.output
    for path in files:
        result = CliRunner().invoke(cli.promenade, ["verify", str(path)])
        assert result.exit_code == 0, result.output
        assert "D harmonic minor (as the file says), language popular" in result.output


def test_who_asks_otherwise_is_answered(pieces):
    root = ElementTree.fromstring(four_voices(pieces[0]))
    assert judged_score(read(root), language="strict").language == "strict"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("language", "baroque"),
        ("compass", "C4"),
        ("compass", "H4 C5"),
        ("melody", "0-4 P1 1 +0"),
        ("melody", "4-0 P1 1 +0 highest"),
        ("bass", "0 C3; x D3"),
        ("phrase-ends", "1/0-2"),
        ("rules-off", "no-such-rule"),
    ],
)
def test_fields_that_somebody_spoilt_are_said(pieces, name, text):
    root = ElementTree.fromstring(full_score(pieces[1]))
    field = root.find(FIELD.format(name))
    if field is None:
        home = root.find("identification/miscellaneous")
        field = ElementTree.SubElement(home, "miscellaneous-field", name=PREFIX + name)
    field.text = text
    with pytest.raises(ScoreError, match="says of itself"):
        read(root)
