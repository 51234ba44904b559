"""What a player reads beside his notes, in the file and read again by music21."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from music21 import articulations, converter, expressions, spanner

from composer.music.orchestra import DRUMS, load_orchestra
from composer.render.score.drums import PLACES
from composer.render.score.players import MIDDLE_C, clefs_of, shared
from composer.render.score.score import full_score
from tests.composer.example import piece
from theory.pitch import Pitch


def changed(role, **values):
    made = piece()
    return replace(
        made,
        parts=tuple(replace(part, **values) if part.role == role else part for part in made.parts),
    )


def written(made):
    return ElementTree.fromstring(full_score(made))


def read(made):
    return converter.parse(full_score(made).decode(), format="musicxml")


def test_a_slur_goes_from_its_first_note_to_all_of_its_last():
    """The last note is held over the barline: the slur ends where it does."""
    made = piece()
    first, third = made.parts[0].notes[0], made.parts[0].notes[2]
    again = read(changed("melody", slurs=((first.start, third.end),))).parts[0]
    (slur,) = again[spanner.Slur]
    begin, end = slur.getFirst(), slur.getLast()
    assert begin.getOffsetInHierarchy(again) == first.start / 24
    assert end.getOffsetInHierarchy(again) + end.quarterLength == third.end / 24
    assert end.tie.type == "stop"


def test_a_slur_is_parted_where_a_breath_is_taken():
    """A breath within it; no slur is left over a note alone."""
    notes = piece().parts[0].notes
    made = changed("melody", slurs=((notes[0].start, notes[2].end),), breaths=(notes[1].end,))
    again = read(made).parts[0]
    assert [len(list(slur)) for slur in again[spanner.Slur]] == [2]
    (breath,) = [
        note
        for note in again.flatten().notes
        if any(isinstance(mark, articulations.BreathMark) for mark in note.articulations)
    ]
    assert breath.getOffsetInHierarchy(again) == notes[1].start / 24


def test_short_notes_have_dots_and_long_ones_none():
    again = read(changed("melody", articulation=0.5)).parts[0]
    dotted = [
        note.quarterLength
        for note in again.flatten().notes
        if any(isinstance(mark, articulations.Staccato) for mark in note.articulations)
    ]
    assert dotted
    assert max(dotted) <= 1
    assert not written(piece()).findall(".//staccato")


@pytest.mark.parametrize(
    ("name", "signs", "words"),
    [("piano", 6, []), ("harp", 0, ["l.v."]), ("celesta", 0, [])],
)
def test_what_rings_on_is_said_as_its_player_knows_it(name, signs, words):
    """A piano's pedal goes down with each chord and up with the next; a harp has none."""
    bar = piece().plan.metre.bar
    spans = tuple((k * bar, (k + 1) * bar) for k in (0, 1, 3))
    root = written(changed("chords", pedal=spans, instrument=load_orchestra().instruments[name]))
    assert [sign.get("type") for sign in root.iter("pedal")] == ["start", "stop"] * (signs // 2)
    said = [word.text for word in root.iter("words")]
    assert [word for word in said if word in ("l.v.", "let ring")] == words


def test_a_held_chord_that_is_rolled_has_a_wavy_line():
    made = changed("chords", instrument=load_orchestra().instruments["harp"], roll=20)
    assert not written(made).findall(".//arpeggiate")  # chords of two notes, a beat long
    whole = made.plan.metre.bar
    chord = tuple(
        replace(made.parts[1].notes[0], ticks=whole, pitch=Pitch.parse(name))
        for name in ("C5", "E5", "G5")
    )
    held = replace(made.parts[1], notes=chord)
    root = written(replace(made, parts=(made.parts[0], held, *made.parts[2:])))
    assert len(root.findall(".//arpeggiate")) == 3
    again = read(replace(made, parts=(made.parts[0], held, *made.parts[2:])))
    assert any(
        isinstance(mark, expressions.ArpeggioMark)
        for part in again.parts
        for note in part.flatten().notes
        for mark in note.expressions
    )


def test_two_hands_have_one_dynamic_between_their_staves():
    root = written(piece())
    piano = root.findall("part")[1]
    marks = [one for one in piano.iter("direction") if one.find(".//dynamics") is not None]
    assert [mark.findtext("staff") for mark in marks] == ["1"] * len(marks)
    assert {mark.get("placement") for mark in marks} == {"below"}


def test_what_stands_within_a_bar_is_written_there():
    """No offsets, which MuseScore does not follow: a way there and back instead."""
    root = written(piece())
    assert not [one for one in root.iter("direction") if one.find("offset") is not None]
    for part in root.findall("part"):
        for measure in part.findall("measure"):
            forth = sum(int(one.findtext("duration")) for one in measure.iter("forward"))
            back = sum(int(one.findtext("duration")) for one in measure.iter("backup"))
            length = int(root.findtext(".//divisions")) * 4
            sounding = sum(
                int(one.findtext("duration"))
                for one in measure.iter("note")
                if one.find("chord") is None
            )
            assert sounding + forth - back == length


def test_drums_struck_together_are_each_named():
    """Two hands at once have a voice each, their stems up and those of feet down."""
    made = piece()
    snare = tuple(replace(one, drum=38) for one in made.parts[-1].notes[::2])
    kick = tuple(replace(one, drum=36) for one in made.parts[-1].notes[::4])
    kit = replace(made.parts[-1], notes=(*made.parts[-1].notes, *snare, *kick))
    root = written(replace(made, parts=(*made.parts[:-1], kit)))
    keys = {
        one.get("id"): int(one.findtext("midi-unpitched")) - 1
        for one in root.findall("part-list/score-part")[-1].findall("midi-instrument")
    }
    struck = [one for one in root.findall("part")[-1].iter("note") if one.find("rest") is None]
    named = [keys[one.find("instrument").get("id")] for one in struck]
    assert sorted(named) == sorted(note.drum for note in kit.notes)
    assert not any(one.find("chord") is not None for one in struck)
    assert {one.findtext("voice") for one in struck} == {"1", "2", "3"}
    feet = [one.findtext("stem") == "down" for one in struck]
    assert feet == [key == 36 for key in named]


def test_every_drum_is_known_by_its_place_and_notehead():
    assert PLACES.keys() >= set(DRUMS.values())
    assert len({place[1:] for place in PLACES.values()}) == len(PLACES)


def test_every_instrument_has_a_short_name():
    for name, player in load_orchestra().instruments.items():
        assert 0 < len(player.short) <= len(name)


def rows(*names, ticks=12):
    return [
        (number * ticks, (number + 1) * ticks, Pitch.parse(name))
        for number, name in enumerate(names)
    ]


@pytest.mark.parametrize(
    ("names", "right"),
    [
        (("A3", "C4", "E4", "C4"), 0),  # one hand, though it passes middle C
        (("G4", "B3", "G4", "D5"), 4),
        (("C3", "G3", "E5", "G5"), 2),  # too wide for one
    ],
)
def test_a_figure_stays_in_one_hand_where_it_can(names, right):
    upper, lower = shared(rows(*names), 48)
    assert (len(upper), len(lower)) == (right, len(names) - right)


def test_chords_that_reach_far_are_parted_at_middle_c():
    line = [(0, 96, Pitch.parse(name)) for name in ("C3", "G3", "E4", "C5")]
    upper, lower = shared(line, 96)
    assert min(row[2].midi for row in upper) >= MIDDLE_C > max(row[2].midi for row in lower)


def test_a_clef_changes_where_it_spares_more_than_it_costs():
    low, high = Pitch.parse("C3").height, Pitch.parse("C6").height
    many = [[low] * 8, *[[high] * 8] * 3, [low] * 8]
    assert clefs_of(many, ["bass", "treble"]) == ("bass", *["treble"] * 3, "bass")
    assert clefs_of([[low] * 8, [high], [low] * 8], ["bass", "treble"]) == ("bass",) * 3
    assert clefs_of(many, ["bass"]) == ("bass",) * 5
