"""Anybody's scores, judged: any number of voices, rests, repeats, keys; never a pass on nothing."""

from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import cli
from composer.verifier import judged_score
from tests.corpora.read.sheets import (
    CHOIR,
    FIFTHS,
    GOOD,
    attributes,
    note,
    reading,
    score,
    timewise,
)


def run(tmp_path, text, *args):
    path = tmp_path / "score.musicxml"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(cli.promenade, ["verify", str(path), *args])


def hard(text):
    found = judged_score(reading(text)).findings
    return [(f.rule, f.bar, f.voices) for f in found if f.hard]


def test_what_is_right_passes_and_what_is_wrong_does_not():
    assert hard(score(GOOD)) == []
    assert hard(score(FIFTHS)) == [("parallel-fifths", 2, ("soprano", "bass"))]
    assert hard(timewise(score(FIFTHS))) == hard(score(FIFTHS))


def test_outer_voices_are_judged_while_an_inner_one_rests():
    rests = (FIFTHS[0], "E4 r D4 E4", *FIFTHS[2:])
    assert ("parallel-fifths", 2, ("soprano", "bass")) in hard(score(rests))


def test_nothing_leads_over_a_rest():
    rests = ("G4 r A4 B4", "E4 C4 C4 D4", "C4 A3 A3 G3", "C3 F3 D3 G3")
    assert "parallel-fifths" not in [rule for rule, *_ in hard(score(rests))]


def test_a_voice_that_rests_is_in_no_unison():
    """The alto is silent where the soprano and the bass go on; nothing is parallel with it."""
    rows = ("C5 D5 C5 C5", "C5 r C5 C5", "E4 F4 E4 E4", "C4 B3 C4 C4")
    assert not [voices for _, _, voices in hard(score(rows)) if "alto" in voices]


@pytest.mark.parametrize(("count", "names"), [(2, ("upper voice", "lower voice")), (3, None)])
def test_fewer_voices_are_judged(count, names):
    outer = {2: (FIFTHS[0], FIFTHS[3]), 3: (FIFTHS[0], FIFTHS[1], FIFTHS[3])}[count]
    found = hard(score(outer, ("Violin", "Viola", "Cello")[:count]))
    names = names or ("upper voice", "lower voice")
    assert ("parallel-fifths", 2, names) in found


def test_two_voices_lack_no_third():
    text = score(("C5 G4 C5", "C4 G3 C4"), ("Violin", "Cello"))
    verdict = judged_score(reading(text))
    assert {"range", "completeness"} <= set(verdict.unjudged)


def test_five_voices_are_judged():
    rows = ("C5 F5 G5 C5", *GOOD)
    names = ("Soprano 1", "Soprano 2", *CHOIR[1:])
    assert ("parallel-octaves", 2, ("soprano 1", "bass")) in hard(score(rows, names))


def test_jumps_are_judged_as_they_sound():
    """The end of the first ending leads back, and not into the second."""
    forward = '<barline location="left"><repeat direction="forward"/></barline>'
    repeat = '<repeat direction="backward"/>'

    def ending(number, back):
        start = f'<barline location="left"><ending number="{number}" type="start"/></barline>'
        return start, start.replace("left", "right").replace("start", "stop").replace(
            "</barline>", f"{back}</barline>"
        )

    (one, first), (two, second) = ending(1, repeat), ending(2, "")
    # Between bars 3 and 4 lie parallel fifths that nobody hears; those from 3 to 1 sound.
    rows = ("G4 G4 A4 B4", "E4 D4 F4 D4", "C4 B3 C4 G3", "C3 G3 D3 E3")
    text = score(rows, before={1: forward, 3: one, 4: two}, after={3: first, 4: second})
    found = [(rule, bar) for rule, bar, voices in hard(text) if voices == ("soprano", "bass")]
    assert ("parallel-fifths", 1) in found
    assert ("parallel-fifths", 4) not in found
    assert len(found) == len(set(found)), "what is repeated is told once"


def test_keys_are_read_as_they_change():
    change = "<attributes><key><fifths>3</fifths></key></attributes>"
    rows = ("G4 G4 G#4 A4", "E4 D4 E4 E4", "C4 B3 B3 C#4", "C3 G3 E3 A2")
    verdict = judged_score(reading(score(rows, before={3: change})))
    assert [(bar, key.name) for bar, key in verdict.changes] == [(3, "A ionian")]
    # The leading tone of A, that falls.
    rows = ("G4 G4 G#4 E4", *rows[1:])
    assert ("leading-tone", 4, ("soprano",)) in hard(score(rows, before={3: change}))


def test_bars_are_told_as_they_are_printed(tmp_path):
    result = run(tmp_path, score(FIFTHS, numbers={2: "12a"}))
    assert "bar 12a beat 1: parallel fifths between soprano and bass" in result.output


def test_nothing_is_no_pass(tmp_path):
    hocket = ("G4 r r r", "r C4 r r", "r r G3 r", "r r r C3")
    result = run(tmp_path, score(hocket))
    assert result.exit_code == 2
    assert "nothing could be judged" in result.stderr


def symbol(kind, root="<root><root-step>C</root-step></root>"):
    return f"<harmony>{root}<kind>{kind}</kind></harmony>"


def chorded(kind, rows=("C5 B4 C5",), root="<root><root-step>C</root-step></root>"):
    return score(rows, ("Melody",), before={1: symbol(kind, root)})


def test_a_melody_over_no_known_chord_is_no_pass(tmp_path):
    result = run(tmp_path, chorded("dominant-ninth"))
    assert result.exit_code == 2, result.output
    assert "Nothing could be judged over chords" in result.output
    assert "Left out: the chord symbol in bar 1 (C dominant-ninth)." in result.output


def test_of_some_chords_those_that_are_not_known_are_said(tmp_path):
    known = "<harmony><root><root-step>G</root-step></root><kind>major</kind></harmony>"
    text = chorded("dominant-ninth", ("C5 B4 D5",)).replace(
        '<measure number="2">', f'<measure number="2">{known}'
    )
    result = run(tmp_path, text)
    assert result.exit_code == 0, result.output
    assert "Left out: the chord symbol in bar 1 (C dominant-ninth)." in result.output


@pytest.mark.parametrize(
    "root", ["<numeral><numeral-root>1</numeral-root></numeral>", "<function>I</function>"]
)
def test_a_melody_over_symbols_without_roots_is_judged_alone(tmp_path, root):
    result = run(tmp_path, chorded("major", root=root))
    assert result.exit_code == 2, result.output
    assert "which has no root" in result.output
    leap = run(tmp_path, chorded("major", ("C4 B4 C5",), root=root))
    assert leap.exit_code == 1, leap.output
    assert "melodic-interval" in leap.output


def test_a_marked_score_is_the_same_score_in_colours(tmp_path):
    marked = tmp_path / "marked.musicxml"
    for text in (score(FIFTHS), timewise(score(FIFTHS))):
        assert run(tmp_path, text, "-o", str(marked)).exit_code == 1
        root = ElementTree.fromstring(marked.read_bytes())
        coloured = [n for n in root.iter("note") if n.get("color")]
        assert [n.findtext("pitch/step") for n in coloured].count("G") == 1
        assert len(coloured) == 4
        assert [words.text for words in root.iter("words")] == ["parallel-fifths"]
        for element in root.iter("note"):
            element.attrib.pop("color", None)
        for home in list(root.iter()):
            for words in home.findall("direction"):
                home.remove(words)
        assert ElementTree.tostring(root) == ElementTree.tostring(ElementTree.fromstring(text))


@pytest.mark.parametrize(("count", "bars"), [(4, 12_000), (24, 1_000)])
def test_what_would_take_minutes_is_refused(tmp_path, count, bars):
    rows = [["".join(note(f"{'CDEF'[bar % 4]}4") for bar in range(bars // 100))] * 100] * count
    first = {f"v{n}": attributes() for n in range(count)}
    result = run(tmp_path, score(rows, tuple(first)))
    assert result.exit_code == 2, result.output[:200]
    assert "Give one movement" in result.stderr


def test_a_long_lead_sheet_is_refused(tmp_path):
    rows = [["".join(note(f"{'CDEF'[bar % 4]}4") for bar in range(100))] * 80]
    result = run(tmp_path, score(rows, ("Melody",), before={1: symbol("major")}))
    assert result.exit_code == 2, result.output[:200]
    assert "Give one movement" in result.stderr
