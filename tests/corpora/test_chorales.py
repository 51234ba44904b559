"""Chorales: the soprano, its phrases and its harmony, against a known one and expert analyses."""

import itertools

import pytest

from corpora.chorales import read_chorale
from corpora.errors import Unreadable
from corpora.folk import corpus


@pytest.fixture(scope="module")
def aus_meines_herzens_grunde():
    pytest.importorskip("music21")
    file = corpus() / "bach" / "bwv269.mxl"
    return read_chorale(file.name, file.read_bytes(), "bach")


def test_the_soprano_with_its_upbeat(aus_meines_herzens_grunde):
    tune = aus_meines_herzens_grunde
    assert (tune.key.name, tune.metre.name, tune.upbeat) == ("G ionian", "3/4", 24)
    assert [note.pitch.name for note in tune.notes[:6]] == ["G4", "G4", "D5", "B4", "A4", "G4"]


def test_fermatas_end_phrases(aus_meines_herzens_grunde):
    # The six lines of the hymn, in bars of 72 ticks.
    assert aus_meines_herzens_grunde.phrases == (264, 480, 696, 984, 1272, 1488)


def test_the_harmony_of_the_opening_and_the_close(aus_meines_herzens_grunde):
    chords = aus_meines_herzens_grunde.chords
    assert chords[0].chord.symbol == "G"
    assert [each.chord.symbol for each in chords[-2:]] == ["D7", "G"]
    assert all(a.end <= b.start for a, b in itertools.pairwise(chords))


def test_what_is_no_chorale_is_refused_with_a_reason():
    with pytest.raises(Unreadable, match="not MusicXML"):
        read_chorale("a.xml", b"<score", "bach")
    with pytest.raises(Unreadable, match="not MusicXML"):
        read_chorale("a.mxl", b"PK no zip", "bach")
    with pytest.raises(Unreadable, match="no four voices"):
        read_chorale("a.xml", b"<score-partwise><part/></score-partwise>", "bach")
