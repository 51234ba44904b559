"""Scores as they are read: voices, repeats, keys, numbers, containers, and what is refused."""

import tracemalloc
from fractions import Fraction

import pytest

from corpora.errors import ScoreError, Unreadable
from corpora.read.container import root_of
from corpora.read.order import BarSigns, order
from corpora.read.scores import MOST_BYTES, parse, read
from tests.corpora.read.sheets import (
    CHOIR,
    GOOD,
    attributes,
    note,
    packed,
    reading,
    score,
    sung,
    timewise,
)

FORWARD = '<barline location="left"><repeat direction="forward"/></barline>'
BACKWARD = '<barline location="right"><repeat direction="backward"/></barline>'


def ending(number, *, back=False):
    """What stands before and behind a bar that is an ending."""
    repeat = '<repeat direction="backward"/>' if back else ""
    return (
        f'<barline location="left"><ending number="{number}" type="start"/></barline>',
        f'<barline location="right"><ending number="{number}" type="stop"/>{repeat}</barline>',
    )


def sound(**said):
    (name, value), *_ = said.items()
    return (
        f'<direction><direction-type><words/></direction-type><sound {name}="{value}"/></direction>'
    )


def bars(value):
    return " ".join(str(bar.number) for bar in value.bars)


# --- repeats --------------------------------------------------------------------------------------


def test_endings_sound_one_after_the_other():
    (one, first), (two, second) = ending(1, back=True), ending(2)
    text = score(GOOD, before={1: FORWARD, 3: one, 4: two}, after={3: first, 4: second})
    assert bars(reading(text)) == "1 2 3 1 2 4"
    assert sung(reading(text))[0] == "G4 A4 G4 G4 A4 G4"
    assert bars(reading(text, once=True)) == "1 2 3 4"


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ({4: sound(dacapo="yes"), 2: sound(fine="yes")}, "1 2 3 4 1 2"),
        ({2: sound(segno="s"), 4: sound(dalsegno="s")}, "1 2 3 4 2 3 4"),
        ({2: sound(tocoda="c"), 3: sound(dacapo="yes"), 4: sound(coda="c")}, "1 2 3 1 2 4"),
        ({2: BACKWARD}, "1 2 1 2 3 4"),
        ({2: BACKWARD.replace("<repeat ", '<repeat times="3" ')}, "1 2 1 2 1 2 3 4"),
        ({2: BACKWARD, 4: BACKWARD}, "1 2 1 2 3 4 3 4"),
        ({2: BACKWARD, 4: sound(dacapo="yes"), 3: sound(fine="yes")}, "1 2 1 2 3 4 1 2 3"),
    ],
)
def test_jumps_sound_as_they_are_written(signs, expected):
    assert bars(reading(score(GOOD, after=signs))) == expected


@pytest.mark.parametrize("words", ["D.C. al Fine", "da capo", "D. C."])
def test_words_alone_are_followed_too(words):
    said = f"<direction><direction-type><words>{words}</words></direction-type></direction>"
    assert bars(reading(score(GOOD, after={4: said}))) == "1 2 3 4 1 2 3 4"


def test_a_jump_that_leads_nowhere_is_said():
    value = reading(score(GOOD, after={4: sound(dalsegno="x")}))
    assert bars(value) == "1 2 3 4"
    assert "lead nowhere" in value.left_out[0]


def test_repeats_come_to_an_end():
    """Signs set at random never keep a reader for ever."""
    from itertools import product

    for forward, back, jump in product((0, 1, 2), (0, 1, 2), ("", "capo", "$")):
        row = [
            BarSigns(
                forward=n == forward,
                backward=2 * (n == back),
                jump=jump * (n == 2),
                segno="" if n == 1 else None,
            )
            for n in range(3)
        ]
        assert len(order(row)) <= 12


# --- voices ---------------------------------------------------------------------------------------


def two_staves(bars):
    """A piano: of every bar the voices (number, staff, note or notes)."""
    rows = []
    for bar in bars:
        text = ""
        for voice, staff, names in bar:
            text += "<backup><duration>4</duration></backup>" if text else ""
            for place, name in enumerate(names.split()):
                text += note(name, voice=voice, staff=staff, chord=place > 0)
        rows.append(text)
    return score([rows], ("Piano",), first={"Piano": attributes(extra="<staves>2</staves>")})


def test_the_words_of_a_name_are_whole():
    value = reading(score(("C3 D3 E3 F3", *GOOD), ("Bassoon", *CHOIR)))
    assert sung(value)[3] == "C3 F3 G3 C3"
    assert value.left_out == ("the part Bassoon",)
    clarinet = reading(score((*GOOD, "C2 D2 E2 F2"), (*CHOIR, "Bass Clarinet")))
    assert sung(clarinet)[3] == "C3 F3 G3 C3"


def test_any_number_of_voices_is_read():
    five = reading(
        score((*GOOD[:1], "C5 F5 G5 C5", *GOOD[1:]), ("Soprano I", "Soprano II", *CHOIR[1:]))
    )
    assert five.names == ("soprano 1", "soprano 2", "alto", "tenor", "bass")
    two = reading(score(GOOD[::3], ("Violin", "Cello")))
    assert two.names == ("upper voice", "lower voice")
    layers = two_staves([[("1", "1", "G4"), ("2", "1", "E4"), ("3", "1", "C5"), ("5", "2", "C3")]])
    assert sung(reading(layers)) == ["C5", "G4", "E4", "C3"]


def test_each_note_of_a_chord_is_a_voice_while_there_are_as_many():
    chords = [
        [("1", "1", "C4 E4 G4"), ("2", "2", "C3 G3")],
        [("1", "1", "C4 F4 A4"), ("2", "2", "F2 C3")],
    ]
    assert sung(reading(two_staves(chords))) == ["G4 A4", "E4 F4", "C4 C4", "G3 C3", "C3 F2"]
    chords[1][0] = ("1", "1", "F4 A4")
    with pytest.raises(ScoreError, match="Bar 2 has more or fewer notes at once"):
        reading(two_staves(chords))


def test_a_voice_that_is_not_written_rests():
    whole = [("1", "1", "G4"), ("2", "1", "E4"), ("5", "2", "C4"), ("6", "2", "C3")]
    value = reading(two_staves([whole, [whole[0], *whole[2:]], whole]))
    assert [len(line) for line in value.voices] == [3, 2, 3, 3]
    assert [str(note.start) for note in value.voices[1]] == ["0", "8"]


def test_parts_of_unequal_length_rest_at_the_end():
    value = reading(score(("G4 A4 B4", "E4 C4", "C4", "C3")))
    assert [len(line) for line in value.voices] == [3, 2, 1, 1]


# --- what is written ------------------------------------------------------------------------------


def test_a_score_by_bars_is_the_same_score():
    text = score(GOOD)
    assert reading(timewise(text)).voices == reading(text).voices


def test_bars_are_called_as_they_are_printed():
    value = reading(score(GOOD, numbers={2: "12a"}))
    assert value.place(Fraction(5)) == ("12a", 2)
    assert value.place(Fraction(9)) == (3, 2)


def test_keys_change():
    change = "<attributes><key><fifths>3</fifths></key></attributes>"
    value = reading(score(GOOD, before={3: change}))
    assert [(sign.start, sign.sharps) for sign in value.signatures] == [(0, 0), (8, 3)]


@pytest.mark.parametrize(
    "transposed",
    [
        "<chromatic>0</chromatic><octave-change>-1</octave-change>",
        "<diatonic>0</diatonic><chromatic>0</chromatic><octave-change>-1</octave-change>",
        "<chromatic>-12</chromatic>",
        "<diatonic>-7</diatonic><chromatic>-12</chromatic>",
    ],
)
def test_an_octave_needs_no_letters(transposed):
    first = {"Bass": attributes(extra=f"<transpose>{transposed}</transpose>")}
    value = reading(score((*GOOD[:3], "C4 F4 G4 C4"), first=first))
    assert sung(value) == list(GOOD)


def test_a_clarinet_sounds_lower_and_so_does_its_key():
    down = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    first = {"Clarinet": attributes("<fifths>2</fifths>", extra=down)}
    value = reading(score(("A4 B4 A4 A4", GOOD[3]), ("Clarinet", "Cello"), first=first))
    assert sung(value)[0] == GOOD[0]
    assert value.signatures[0].sharps == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "<fifths>99</fifths>"}, "99 signs"),
        ({"key": "<key-step>F</key-step><key-alter>1</key-alter>"}, "signs of its own"),
        ({"key": "<fifths>x</fifths>"}, "no number"),
        ({"time": (128, 128)}, "128/128"),
        ({"time": (99999999, 4)}, "99999999/4"),
        ({"time": (0, 4)}, "0/4"),
        ({"time": ("four", 4)}, "no number"),
        ({"divisions": 0}, "0 divisions"),
        ({"divisions": "1e9"}, "no number"),
    ],
)
def test_what_no_score_can_have_is_a_sentence(change, said):
    with pytest.raises(ScoreError, match=said):
        reading(score(GOOD, first={"Alto": attributes(**change)}))


def test_a_part_without_pitches_is_no_voice():
    drum = ["<note><unpitched/><duration>4</duration></note>"] * 4
    with pytest.raises(ScoreError, match="The part Drum has no note with a pitch"):
        reading(score((*GOOD[:3], drum), ("a", "b", "c", "Drum")))
    assert reading(score((*GOOD, drum), (*CHOIR, "Drum"))).left_out == ("the part Drum",)


@pytest.mark.parametrize(
    ("duration", "said"),
    [("9" * 9, "longer than"), ("1e9", "no number"), ("-" + "9" * 30, "no num")],
)
def test_a_note_without_end_is_a_sentence(duration, said):
    with pytest.raises(ScoreError, match=said):
        reading(score((*GOOD[:3], [note("C3", duration)] * 4)))


@pytest.mark.parametrize(
    "inside", ["<numeral><numeral-root>1</numeral-root></numeral>", "<function>I</function>"]
)
def test_a_symbol_without_a_root_is_left_out_and_said(inside):
    symbol = f"<harmony>{inside}<kind>major</kind></harmony>"
    value = reading(score(GOOD, before={1: symbol}))
    assert len(value.voices) == 4
    assert value.left_out == ("the chord symbol in bar 1, which has no root",)


def test_a_symbol_may_be_written_before_what_stands_ahead_of_it():
    def symbol(step):
        return f"<harmony><root><root-step>{step}</root-step></root><kind>major</kind></harmony>"

    moved = "<{0}><duration>1</duration></{0}>"
    late = moved.format("forward") + symbol("G") + moved.format("backup") + symbol("C")
    value = reading(score(GOOD, before={1: late}))
    assert [(sign.start > 0, str(sign.root)) for sign in value.symbols] == [
        (False, "C"),
        (True, "G"),
    ]


# --- containers -----------------------------------------------------------------------------------

OTHER = score(GOOD[::-1])


def test_the_container_names_the_score(tmp_path):
    for files, rootfile in (
        ({"a.xml": OTHER, "b.xml": score(GOOD)}, "b.xml"),
        ({"__MACOSX/._score.xml": "\0\5\x16\7", "score.xml": score(GOOD)}, "score.xml"),
        ({"__MACOSX/._score.xml": "\0\5\x16\7", "score.xml": score(GOOD)}, None),
        # Some programs do not escape a title: such a container is no XML.
        ({'say "when".xml': score(GOOD)}, 'say "when".xml'),
    ):
        path = tmp_path / "packed.mxl"
        path.write_bytes(packed(files, rootfile))
        assert sung(read(parse(path))) == list(GOOD)


def test_a_container_that_names_nothing_is_refused(tmp_path):
    path = tmp_path / "packed.mxl"
    path.write_bytes(packed({"a.xml": OTHER}, "b.xml"))
    with pytest.raises(ScoreError, match="cannot be read as MusicXML"):
        parse(path)


def test_what_is_packed_is_bounded_unpacked(tmp_path):
    path = tmp_path / "bomb.mxl"
    path.write_bytes(packed({"a.xml": b"<a>" + b" " * 200_000_000 + b"</a>"}, "a.xml"))
    assert path.stat().st_size < 300_000
    tracemalloc.start()
    with pytest.raises(ScoreError, match="20 MB unpacked"):
        parse(path)
    assert tracemalloc.get_traced_memory()[1] < 3 * MOST_BYTES
    tracemalloc.stop()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\3\4" + b"\0" * 40,
        b"<a",
        b"\xff\xfe<\0",
        b"<?xml version='1.0' encoding='no'?><a/>",
    ],
)
def test_what_is_no_xml_is_said(data):
    with pytest.raises(Unreadable, match="not MusicXML"):
        root_of(data)
