"""Chorales: the soprano, its phrases and its harmony, against a known one and expert analyses."""

import itertools
import re

import pytest

from corpora.errors import Unreadable
from corpora.read.chorales import harmony, read_chorale
from corpora.sources import corpus
from theory.metre import METRES
from theory.pitch import Pitch
from theory.scale import Key
from theory.timed import TimedNote


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
    # Jones's analysis begins I, IV6, V6, I, V, vi and ends V, I.
    chords = aus_meines_herzens_grunde.chords
    assert [each.chord.symbol for each in chords[:3]] == ["G", "C/E", "D/F#"]
    assert [each.chord.symbol for each in chords[-2:]] == ["D", "G"]
    assert all(a.end <= b.start for a, b in itertools.pairwise(chords))


def test_a_passing_note_makes_no_chord_and_a_sounding_seventh_does():
    def line(*names):
        step = 24 // len(names)
        return tuple(
            TimedNote(n * step, (n + 1) * step, Pitch.parse(name)) for n, name in enumerate(names)
        )

    def heard(*lines):
        (only,) = harmony(lines, METRES["4/4"], Key.of("C", "ionian"))
        return only.chord.symbol

    assert heard(line("E5", "D5"), line("G4"), line("C4"), line("C3")) == "C"
    assert heard(line("D5"), line("F4"), line("B3"), line("G2")) == "G7"
    assert heard(line("C5"), line("G4"), line("E4"), line("E3", "D3")) == "C/E"


def test_what_is_no_chorale_is_refused_with_a_reason():
    with pytest.raises(Unreadable, match="not MusicXML"):
        read_chorale("a.xml", b"<score", "bach")
    with pytest.raises(Unreadable, match="not MusicXML"):
        read_chorale("a.mxl", b"PK no zip", "bach")
    with pytest.raises(Unreadable, match="no four voices"):
        read_chorale("a.xml", b"<score-partwise><part/></score-partwise>", "bach")


def analysed(number):
    """((bar, beat), root, has a seventh) of an analysis of music21's corpus, and its BWV number."""
    from music21 import key as keys
    from music21 import roman

    text = (corpus() / "bach/choraleAnalyses" / f"riemenschneider{number:03}.rntxt").read_text()
    key, rows = None, []
    for bar, numerals in re.findall(r"(?m)^m(\d+) (.*)", text):
        beat = 1.0
        for token in numerals.split():
            if re.fullmatch(r"b[\d.]+", token):
                beat = float(token[1:])
            elif re.fullmatch(r"[A-Ga-g][b#]?:", token):
                key = keys.Key(token[0] + token[1:-1].replace("b", "-"))
            elif "|" not in token:
                numeral = roman.RomanNumeral(token.replace("/o", "ø"), key)
                root = numeral.root().name.replace("-", "b")
                rows.append(((int(bar), beat), root, numeral.seventh is not None))
    return re.search(r"BWV: *([\d.]+)", text)[1], rows


@pytest.mark.slow
def test_roots_and_sevenths_are_the_analysts():
    pytest.importorskip("music21")
    hits = sevenths = total = 0
    # Analyses that the costs were not chosen on, but for those of another key than the score's.
    for number in (2, 4, 6, 10, 12, 16, 20):
        bwv, rows = analysed(number)
        file = corpus() / "bach" / f"bwv{bwv}.mxl"
        tune = read_chorale(file.name, file.read_bytes(), "bach")
        for (bar, beat), root, seventh in rows:
            tick = (bar - 1) * tune.metre.bar + int((beat - 1) * 24)
            found = [each.chord for each in tune.chords if each.start <= tick < each.end]
            if beat == int(beat) and found:
                total += 1
                hits += found[0].root.name == root
                sevenths += (found[0].seventh is not None) == seventh
    assert total > 250
    assert hits / total > 0.93
    assert sevenths / total > 0.93
