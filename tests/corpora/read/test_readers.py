"""The fast readers: ABC against its own definition and music21, lead sheets against a small one."""

import re
from pathlib import Path

import pytest

from corpora.read.abc import read_abc
from corpora.read.leadsheets import lead_sheets
from corpora.read.printed import key_on
from corpora.sources import FOLDERS, corpus, folk_tunes
from tests.corpora.made import SHEET
from theory.pitch import NoteName, Pitch
from theory.scale import Key


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


def test_double_stops_give_their_highest_note():
    assert sung("[G,DB]2 |[CE] z [EC]/") == [
        ("B4", -24, 0),
        ("E4", 0, 12),
        ("E4", 24, 30),
    ]


def test_a_tie_carries_an_accidental_over_the_bar():
    assert [name for name, _, _ in sung("^F8-|F4 F4|")] == ["F#4", "F4"]


def test_of_several_endings_the_last_is_read():
    names = [name for name, _, _ in sung("|: C4 D4 |1 E8 :|2 F8 || G8 |")]
    assert names == ["C4", "D4", "F4", "G4"]


def test_a_section_begins_in_its_place_in_the_bar():
    # The first section ends a quaver early, and the next has no upbeat.
    assert sung("C4 D4 | E4 F3 || G8 |")[-2:] == [("F4", 144, 180), ("G4", 192, 288)]
    # The last note of a full bar makes room for an upbeat that the bar did not leave.
    assert sung("C4 D4 | E4 F4 || A | G8 |")[-3:] == [
        ("F4", 144, 180),
        ("A4", 180, 192),
        ("G4", 192, 288),
    ]


def test_a_metre_that_does_not_hold_is_marked():
    (tune,) = read_abc("X:1\nM:4/4\nL:1/4\nK:C\nCDEF|CDE|CDE|CDE|CDE|\n")
    assert tune.inferred == {"metre"}


def test_metres_of_other_values_are_written_in_ours():
    def metre(written):
        (tune,) = read_abc(f"X:1\nM:{written}\nL:1/4\nK:C\nC4|C2 C2|\n")
        return tune.metre.name, tune.notes[-1].end - tune.notes[-1].start

    assert metre("3/8") == ("3/4", 96)
    assert metre("6/4") == ("6/8", 24)
    assert metre("C|") == ("4/4", 48)


def test_what_is_left_out_has_a_reason():
    def reason(header, music="CDE"):
        left = []
        assert not list(read_abc(f"X:1\n{header}\n{music}\n", left_out=left.append))
        return left

    assert reason("M:none\nK:C") == ["no metre"]
    assert reason("M:7/8\nK:C") == ["a metre that is not known"]
    assert reason("M:4/4\nK:H") == ["a key that is not known"]
    assert reason("M:4/4\nL:1/0\nK:C") == ["a unit of length that is not known"]
    assert reason("M:4/4\nK:C", "C\nK:G\nD") == ["the key changes"]
    assert reason("M:4/4\nK:C", "C [M:3/4] D") == ["the metre changes"]
    assert reason("M:4/4\nK:C", "C & E") == ["several voices"]
    assert reason("M:4/4\nK:C", "z4") == ["no notes"]


def test_in_essen_a_line_is_a_phrase_and_the_mode_is_heard():
    text = "X:1\nM:2/4\nL:1/4\nK:E\n| E =F | =G2\n| =c B | E2 |\n"
    (tune,) = read_abc(text, "a.abc", "essenFolksong", lines=True)
    assert tune.key.name == "E phrygian"
    assert tune.phrases == (96, 192)
    assert (tune.source, tune.inferred) == ("a.abc#1", {"mode"})


@pytest.mark.parametrize(
    ("mode", "names"),
    [(mode, Key.of("D", mode).names) for mode in ("ionian", "dorian", "phrygian", "lydian")]
    + [(mode, Key.of("D", mode).names) for mode in ("mixolydian", "aeolian")]
    + [("aeolian", ["D", "E", "F", "G", "A", "Bb", "C#"])],
)
def test_a_scale_tells_its_mode(mode, names):
    key = key_on(NoteName.parse("D"), [(NoteName.parse(name), 1) for name in names])
    assert key.mode.name == mode


def sample(tunes):
    """Some files of every folder, and how many tunes of each."""
    files = [
        file
        for name in FOLDERS
        for file in sorted((corpus() / name).rglob("*.abc"))
        if name != "ryansMammoth" or file.name[0] in "BS"
    ]
    return [file for file in files if file.stat().st_size < 400_000][:: 24 // tunes]


def compare(file, most):
    """How many of a file's first tunes have music21's notes, and how many there are.

    Left out are first endings, chords and tuplets of nine, which music21 reads otherwise; and as it
    ends an accidental before the bar does, only letters and octaves are compared where one is.
    """
    from music21 import converter

    text = file.read_text(encoding="utf-8", errors="replace")
    same = total = 0
    for block in re.split(r"(?m)^(?=X:)", text)[1:]:
        ours = list(read_abc(block))
        music = re.sub(
            r'"[^"]*"|(?m:^[A-Za-z]:.*)', "", block.partition("K:")[2].partition("\n")[2]
        )
        if not ours or total == most or re.search(r"\|\s*\[?1|\[|\(9|=\d", music):
            continue
        altered = re.search(r"[_^=]", music)

        def name(letters, octave, altered=altered):
            return (letters[0] if altered else letters.replace("-", "b")) + str(octave)

        theirs, before = [], None
        for note in converter.parse(block, format="abc").flatten().getElementsByClass("Note"):
            if not note.duration.isGrace:
                tied = note.tie is not None and note.tie.type != "start"
                if not (tied and before == note.pitch):
                    theirs.append(name(note.name, note.octave))
                before = note.pitch
        total += 1
        same += theirs == [name(n.pitch.note.name, n.pitch.octave) for n in ours[0].notes]
    return same, total


def test_music21_reads_the_same_pitches():
    pytest.importorskip("music21")
    same, total = compare(corpus() / "essenFolksong" / "testd.abc", 12)
    assert (same, total) == (8, 8)


@pytest.mark.slow
def test_music21_reads_the_same_pitches_everywhere():
    pytest.importorskip("music21")
    found = [compare(file, 4) for file in sample(12)]
    same, total = (sum(column) for column in zip(*found, strict=True))
    assert total >= 200
    assert same / total > 0.94


def test_a_folder_of_tunes(tmp_path):
    (tmp_path / "one.abc").write_text("X:1\nM:3/4\nL:1/4\nK:C\nCDE|\nX:2\nM:3/4\nL:1/4\nK:C\nE3|\n")
    assert [len(tune.notes) for tune in folk_tunes(tmp_path)] == [3, 1]


def test_a_lead_sheet(tmp_path: Path):
    (tmp_path / "a.musicxml").write_text(SHEET)
    (sheet,) = lead_sheets(tmp_path)
    assert sheet.key.name == "D aeolian"
    assert [(n.pitch.name, n.start, n.end) for n in sheet.notes] == [("A4", 0, 24), ("Bb4", 24, 60)]
    first, second = sheet.chords
    assert (first.start, first.end, second.start, second.end) == (0, 24, 24, 96)
    assert [tone.name for tone in second.chord.tones] == ["A", "C#", "E", "G"]
    assert second.bass == Pitch.parse("C#2")
