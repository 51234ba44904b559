"""`promenade verify`: what it finds, where, what it marks, and what it refuses."""

import re

import pytest
from click.testing import CliRunner
from music21 import chord, converter, harmony, stream

import cli
from composer.errors import UserError
from composer.verifier.keys import find_key, read_key
from composer.verifier.score import judge_score
from corpora.read.scores import parse, read
from tests.composer.verifier.scores import four_parts, lead_sheet, saved, tree, two_staves

GOOD = ("E4 C4 G3 C3", "D4 B3 G3 G2", "E4 C4 G3 C3", "F4 C4 A3 F2", "E4 C4 G3 C3")
FIFTHS = ("E4 C4 G3 C3", "F4 D4 A3 D3", "E4 C4 G3 C3")  # and octaves between alto and bass


def run(*args):
    return CliRunner().invoke(cli.promenade, ["verify", *(str(arg) for arg in args)])


def faults(score, key=None, language="strict"):
    value = read(tree(score))
    verdict = judge_score(value, read_key(key) if key else find_key(value)[0], language)
    return [(f.rule, f.bar, str(f.beat), f.voices) for f in verdict.findings if f.hard]


def test_a_good_exercise_passes(tmp_path):
    result = run(saved(four_parts(GOOD), tmp_path / "good.musicxml"))
    assert result.exit_code == 0, result.output
    assert "No hard rule is broken" in result.output
    assert "C ionian" in result.output


def test_parallels_are_found_by_bar_beat_and_voices(tmp_path):
    result = run(saved(four_parts(FIFTHS), tmp_path / "bad.musicxml"))
    assert result.exit_code == 1
    assert "bar 1 beat 3: parallel fifths between tenor and bass" in result.output
    assert "bar 1 beat 3: parallel octaves or unisons between alto and bass" in result.output
    assert "bar 2 beat 1: parallel fifths between tenor and bass" in result.output


@pytest.mark.parametrize("as_chords", [False, True])
def test_two_staves_are_four_voices(as_chords):
    found = faults(two_staves(FIFTHS, as_chords))
    assert ("parallel-fifths", 2, "1", ("tenor", "bass")) in found
    assert faults(two_staves(GOOD, as_chords)) == []


def test_an_unmarked_file_in_the_language_of_popular_songs_is_free_of_parallels(tmp_path):
    path = saved(four_parts(FIFTHS), tmp_path / "bad.musicxml")
    result = run(path, "--language", "popular")
    assert result.exit_code == 0
    assert "SOFT RULES" in result.output


@pytest.mark.parametrize(
    ("rows", "key", "expected"),
    [
        # The leading tone in the soprano falls.
        (("D4 B3 G3 G2", "B4 D4 G3 G2", "G4 E4 C4 C3"), "C major", "leading-tone"),
        # The seventh rises.
        (("C5 G4 E4 C3", "F4 D4 B3 G2", "G4 C4 C4 C3"), "C major", "seventh"),
        # In A minor the raised seventh is the leading tone; here two voices have it.
        (("C5 E4 A3 A2", "G#4 E4 G#3 E3"), "A minor", "doubled-leading-tone"),
        # F to G♯.
        (("F4 D4 A3 D3", "G#4 B3 E3 E3"), "A minor", "augmented-step"),
        # The root alone with its fifth.
        (("C5 G4 G3 C3", "C5 G4 G3 C3"), "C major", "completeness"),
        (("C5 G4 E4 C3", "B4 G4 F4 G2", "C5 G4 E4 C3"), "G mixolydian", None),
    ],
)
def test_chords_are_recognised_and_judged(rows, key, expected):
    names = [fault[0] for fault in faults(four_parts(rows), key)]
    assert (expected in names) if expected else not {"leading-tone", "seventh"} & set(names)


def test_a_passing_note_makes_no_fault():
    """The alto's B is no leading tone that fails to rise, though it sounds in a chord."""
    rows = ("E4 C4 G3 C3", "E4 B3 G3 C3", "C4 A3 A3 A2")
    assert faults(four_parts(rows, lengths=[1, 1, 2])) == []


def test_nothing_leads_over_a_fermata():
    from music21 import expressions

    rows = ("D4 B3 G3 G2", "E4 B3 G3 E3", "B4 G4 D4 G3", "G4 E4 C4 C3")
    assert ("leading-tone", 2, "3", ("soprano",)) in faults(four_parts(rows))
    score = four_parts(rows)
    score.parts[0].flatten().notes[2].expressions.append(expressions.Fermata())
    assert "leading-tone" not in [fault[0] for fault in faults(score)]


def test_chord_symbols_are_believed(tmp_path):
    good = lead_sheet("E4 D4 C4 E4 D4 C4 B3 D4 C4 C4 C4 C4", {0: "C", 4: "G", 8: "C"})
    assert faults(good) == []
    bad = lead_sheet("E4 D4 C4 E4 A4 C4 B3 D4 C4 C4 C4 C4", {0: "C", 4: "G", 8: "C"})
    assert ("appoggiatura", 2, "1", ("melody",)) in faults(bad)
    result = run(saved(bad, tmp_path / "sheet.musicxml"))
    assert result.exit_code == 1
    assert "Not judged" in result.output


def test_two_hands_at_a_piano_are_no_four_voices():
    """Two layers on each staff, but one of them strikes chords: a melody with chord symbols."""
    hands = two_staves(GOOD)
    measures = [list(part.getElementsByClass(stream.Measure)) for part in hands.parts]
    for measure, figure in zip(measures[0], ("C", "G", "C", "F", "C"), strict=True):
        measure.insert(0, harmony.ChordSymbol(figure))
    assert len(read(tree(hands)).voices) == 4
    first = measures[1][0].voices[0]
    first.replace(first.notes[0], chord.Chord(["E3", "G3"], quarterLength=2))
    assert len(read(tree(hands)).voices) == 1


def test_the_notes_are_marked(tmp_path):
    path, marked = saved(four_parts(FIFTHS), tmp_path / "bad.musicxml"), tmp_path / "m.musicxml"
    result = run(path, "-o", marked)
    assert "Wrote m.musicxml." in result.output
    again = converter.parse(marked, forceSource=True)
    colours = [[n.style.color for n in part.flatten().notes] for part in again.parts]
    assert colours[0] == [None] * 3  # the soprano did nothing
    assert all(set(row) == {"#D00000"} for row in colours[1:])
    assert "parallel-fifths" in marked.read_text(encoding="utf-8")
    first = marked.read_bytes()
    run(path, "-o", marked)
    assert marked.read_bytes() == first


def test_what_can_be_mended_is_a_sentence(tmp_path):
    good = saved(four_parts(GOOD), tmp_path / "good.musicxml")
    (tmp_path / "text.musicxml").write_text("no score")
    (tmp_path / "text.txt").write_text("no score")
    one = saved(four_parts(GOOD, names=("A",)), tmp_path / "one.musicxml")
    cases = {
        (tmp_path / "none.musicxml",): "There is no file",
        (tmp_path / "text.musicxml",): "cannot be read as MusicXML",
        (tmp_path / "text.txt",): "is no MusicXML",
        (one,): "one voice and no chord symbols",
        (good, "--key", "H major"): "is no tonic",
        (good, "--key", "D dorain"): "Did you mean 'dorian'?",
        (good, "-o", tmp_path / "x.mid"): "Let it end in .musicxml",
        (good, "-o", tmp_path / "no" / "x.musicxml"): "There is no folder",
        (good, "--language", "baroque"): "strict",
    }
    for args, said in cases.items():
        result = run(*args)
        assert (result.exit_code, result.stdout) == (2, ""), (args, result.output)
        assert said in result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("text", "name"),
    [("D dorian", "D dorian"), ("bb minor", "Bb aeolian"), ("F♯ major", "F# ionian")],
)
def test_keys_are_read_as_people_write_them(text, name):
    assert read_key(text).name == name


@pytest.mark.parametrize("text", ["", "dorian", "D", "D dur"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(UserError, match="is no key"):
        read_key(text)


@pytest.mark.parametrize(
    ("signature", "last", "name"),
    [(0, "C3", "C ionian"), (0, "A2", "A aeolian"), (0, "D3", "D dorian"), (-1, "G2", "G dorian")],
)
def test_the_key_is_found_by_signature_and_last_bass(signature, last, name):
    rows = (f"G4 D4 B3 {last}", f"G4 D4 B3 {last}")
    assert find_key(read(tree(four_parts(rows, signature))))[0].name == name


@pytest.mark.parametrize("mode", ["dorian", "ionian"])
def test_our_own_files_pass(tmp_path, mode):
    files = [tmp_path / "x.musicxml", tmp_path / "x.voices.musicxml"]
    args = ["sample:china", "--set", f"mode={mode}", "--set", "language=strict"]
    CliRunner().invoke(cli.compose, [*args, "-o", str(files[0]), "-o", str(files[1])])
    for path in files:
        result = run(path)
        assert result.exit_code == 0, result.output
        assert re.search(rf"D {mode}", result.output)


def test_ties_are_one_note_and_an_upbeat_counts_from_the_bar(tmp_path):
    from music21 import corpus

    score = read(parse(saved(corpus.parse("bach/bwv66.6"), tmp_path / "bach.musicxml")))
    assert [len(voice) for voice in score.voices] == [36, 42, 44, 41]
    assert score.place(score.voices[0][0].start) == (0, 4)
    assert any(note.pause for note in score.voices[0])
