"""The fast readers: ABC against its own definition and music21, lead sheets against a small one."""

from pathlib import Path

import pytest

from corpora.abc import read_abc
from corpora.folk import corpus, folk_tunes
from corpora.leadsheets import lead_sheets
from theory.pitch import Pitch


def sung(music, *, key="C", metre="4/4", unit="1/8"):
    (tune,) = read_abc(f"X:1\nT:t\nM:{metre}\nL:{unit}\nK:{key}\n{music}\n")
    return [(note.pitch.name, note.start, note.end) for note in tune.notes]


def test_octaves_lengths_and_rests():
    assert sung("C, C c c' | C2 z/ C/ C3/2 C/2") == [
        ("C3", -48, -36),
        ("C4", -36, -24),
        ("C5", -24, -12),
        ("C6", -12, 0),
        ("C4", 0, 24),
        ("C4", 30, 36),
        ("C4", 36, 54),
        ("C4", 54, 60),
    ]


def test_accidentals_last_the_bar_and_keys_have_modes():
    names = [name for name, _, _ in sung("F ^F F =F | F G ^G _B", key="G")]
    assert names == ["F#4", "F#4", "F#4", "F4", "F#4", "G4", "G#4", "Bb4"]
    assert [n for n, _, _ in sung("B E c", key="Ador")] == ["B4", "E4", "C5"]
    assert [n for n, _, _ in sung("B F c", key="Dm")] == ["Bb4", "F4", "C5"]
    assert [n for n, _, _ in sung("B F c", key="D mix")] == ["B4", "F#4", "C5"]


def test_dotted_pairs_triplets_and_ties():
    assert sung("A>B (3ABA A2-|A2") == [
        ("A4", -72, -54),
        ("B4", -54, -48),
        ("A4", -48, -40),
        ("B4", -40, -32),
        ("A4", -32, -24),
        ("A4", -24, 24),
    ]


def test_what_has_several_voices_or_no_known_metre_is_left_out():
    assert not list(read_abc("X:1\nM:none\nL:1/4\nK:C\nCDE\n"))
    assert not list(read_abc("X:1\nM:4/4\nL:1/4\nK:C\nV:1\nCDE\nV:2\nCDE\n"))


def test_music21_reads_the_same_pitches():
    pytest.importorskip("music21")
    from music21 import converter

    file = corpus() / "essenFolksong" / "testd.abc"
    ours = list(read_abc(file.read_text(encoding="utf-8")))
    theirs: dict[str, list[list[str]]] = {}
    for score in converter.parse(file).scores:
        # music21 writes flats as "-" and lists every note of a tie.
        names = [
            note.nameWithOctave.replace("-", "b")
            for note in score.flatten().notes
            if note.tie is None or note.tie.type == "start"
        ]
        theirs.setdefault(score.metadata.title, []).append(names)
    assert len(ours) > 5
    alike = [[note.pitch.name for note in tune.notes] in theirs[tune.title] for tune in ours]
    # In two of these tunes music21 ends an accidental before the bar does.
    assert sum(alike) >= len(ours) - 2


def test_a_folder_of_tunes(tmp_path):
    (tmp_path / "one.abc").write_text("X:1\nM:3/4\nL:1/4\nK:C\nCDE|\nX:2\nM:3/4\nL:1/4\nK:C\nE3|\n")
    assert [len(tune.notes) for tune in folk_tunes(tmp_path)] == [3, 1]


SHEET = """<score-partwise><part id="P1"><measure number="1">
<attributes><divisions>2</divisions><key><fifths>-1</fifths><mode>minor</mode></key>
<time><beats>2</beats><beat-type>4</beat-type></time></attributes>
<harmony><root><root-step>D</root-step></root><kind>minor</kind></harmony>
<note><pitch><step>A</step><octave>4</octave></pitch><duration>2</duration></note>
<harmony><root><root-step>A</root-step></root><kind>dominant</kind>
<bass><bass-step>C</bass-step><bass-alter>1</bass-alter></bass></harmony>
<note><pitch><step>B</step><alter>-1</alter><octave>4</octave></pitch><duration>2</duration>
<tie type="start"/></note></measure><measure number="2">
<note><pitch><step>B</step><alter>-1</alter><octave>4</octave></pitch><duration>1</duration>
<tie type="stop"/></note><note><rest/><duration>3</duration></note></measure></part>
</score-partwise>"""


def test_a_lead_sheet(tmp_path: Path):
    (tmp_path / "a.musicxml").write_text(SHEET)
    (sheet,) = lead_sheets(tmp_path)
    assert sheet.key.name == "D aeolian"
    assert [(n.pitch.name, n.start, n.end) for n in sheet.notes] == [("A4", 0, 24), ("Bb4", 24, 60)]
    first, second = sheet.chords
    assert (first.start, first.end, second.start, second.end) == (0, 24, 24, 96)
    assert [tone.name for tone in second.chord.tones] == ["A", "C#", "E", "G"]
    assert second.bass == Pitch.parse("C#2")
