"""The two scores, read again by music21: the same notes, and all that stands beside them."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from music21 import chord, converter, dynamics, expressions, harmony, meter, note, tempo

from composer.explanation.layout import roman
from composer.music.orchestra import players
from composer.render.score.musicxml import name21
from composer.render.score.players import CLEFS, best_clef
from composer.render.score.score import CLEFS21, four_voices, full_score
from tests.composer.example import piece
from tests.composer.render.score.read_again import CASES, INSTRUMENTS, parsed, played_on, said, sung
from theory.pitch import Pitch

ROOT = Path(__file__).resolve().parents[4]


def written(part):
    return sorted((n.start / 24, n.ticks / 24, name21(n.pitch)) for n in part.notes)


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def pair(request):
    made = piece(*request.param)
    return made, converter.parse(full_score(made).decode(), format="musicxml")


def test_the_same_notes_are_read_again(pair):
    made, read = pair
    pitched = [part for part in made.parts if part.role != "drums"]
    rows = {}
    for staff in read.parts[:-1]:  # the piano has two, and the drums are no pitches
        rows[staff.partName] = sorted(rows.get(staff.partName, []) + sung(staff))
    assert rows == {part.instrument.name.capitalize(): written(part) for part in pitched}


def test_every_bar_is_full(pair):
    made, read = pair
    for part in read.parts:
        measures = part.getElementsByClass("Measure")
        assert len(measures) == made.plan.bars
        for measure in measures:
            assert measure.duration.quarterLength == made.plan.metre.bar / 24
            assert measure.paddingLeft == 0


def test_names_key_time_and_instruments(pair):
    made, read = pair
    names = dict.fromkeys(part.partName for part in read.parts)
    assert list(names) == ["Flute", "Piano", "Cello", "Drums"]
    for part in read.parts[:-1]:
        assert part[meter.TimeSignature].first().ratioString == made.plan.metre.name
        assert part["KeySignature"].first().sharps == made.plan.key.signature


def test_tempo_is_marked_in_the_beat_of_the_metre(pair):
    made, read = pair
    mark = read[tempo.MetronomeMark].first()
    assert (mark.number, mark.referent.quarterLength) == (96, made.plan.metre.beat / 24)


def test_chord_symbols_stand_over_the_melody(pair):
    made, read = pair
    symbols = list(read.parts[0][harmony.ChordSymbol])
    assert [float(s.getOffsetInHierarchy(read)) for s in symbols] == [
        span.start / 24 for span in made.harmony.spans
    ]
    assert [s.root().name for s in symbols] == [
        name21(span.chord.root) for span in made.harmony.spans
    ]
    assert [{p.name for p in s.pitches} for s in symbols] == [
        {name21(tone) for tone in span.chord.tones} for span in made.harmony.spans
    ]


def test_dynamics_sections_and_slowing(pair):
    read = pair[1]
    assert [mark.value for mark in read.parts[0][dynamics.Dynamic]] == ["mp", "f"]
    assert len(read[dynamics.Crescendo]) == 1
    assert len(read[dynamics.Diminuendo]) == 1
    assert read[expressions.RehearsalMark].first().content == "A"
    assert said(read.parts[0]) == ["Serene", "rit."]


def test_title_and_composer(pair):
    meta = pair[1].metadata
    assert (meta.bestTitle, meta.composer) == ("Sea", "Promenade")


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_four_voices(case):
    made = piece(*case)
    read = converter.parse(four_voices(made).decode(), format="musicxml")
    assert [part.partName for part in read.parts] == ["Soprano", "Alto", "Tenor", "Bass"]
    spans = made.harmony.spans
    for part, index in zip(read.parts, range(4), strict=True):
        assert sung(part) == [
            (span.start / 24, (span.end - span.start) / 24, name21(tuple(span.voicing)[index]))
            for span in spans
        ]
    lyrics = [n.lyric for n in read.parts[3].flatten().notes if n.lyric]
    assert [text.rpartition(": ")[2] for text in lyrics] == [span.chord.roman for span in spans]


def test_numerals_stand_below_the_bass(pair):
    made, read = pair
    bass = read.parts[-2]
    assert said(bass) == [roman(span.chord.roman) for span in made.harmony.spans]
    assert {words.placement for words in bass[expressions.TextExpression]} == {"below"}


@pytest.mark.parametrize(
    ("name", "sharps", "interval", "clef"),
    [
        ("clarinet", 2, "M-2", "TrebleClef"),
        ("soprano sax", 2, "M-2", "TrebleClef"),
        ("trumpet", 2, "M-2", "TrebleClef"),
        ("french horn", 1, "P-5", "TrebleClef"),
        ("recorder", 0, "P8", "TrebleClef"),
        ("nylon guitar", 0, "P-8", "TrebleClef"),
        ("flute", 0, None, "TrebleClef"),
    ],
)
def test_a_player_reads_what_he_is_used_to(name, sharps, interval, clef):
    made = played_on(piece("4/4", "C", "ionian"), melody=name)
    part = parsed(made).parts[0]
    assert part["KeySignature"].first().sharps == sharps
    assert part["Clef"].first().classes[0] == clef
    moved = part["Instrument"].first().transposition
    assert (moved and moved.directedName) == interval
    symbols = [s.root().name for s in part[harmony.ChordSymbol]]
    moved_by = INSTRUMENTS[name].sounds.to(Pitch.parse("C4"))
    assert symbols[0] == name21(made.harmony.spans[0].chord.root.up(moved_by))
    if interval:
        part.toSoundingPitch(inPlace=True)
    assert sung(part) == written(made.parts[0])


@pytest.mark.parametrize(
    ("name", "low", "high", "clef"),
    [
        ("viola", "C3", "A4", "alto"),
        ("viola", "C5", "E6", "treble"),
        ("cello", "C2", "E4", "bass"),
        ("cello", "A3", "G4", "tenor"),
        ("cello", "A4", "E5", "treble"),
        ("bassoon", "E4", "A4", "tenor"),
        ("violin", "G3", "B3", "treble"),
    ],
)
def test_the_clef_spares_ledger_lines_but_is_one_that_the_player_reads(name, low, high, clef):
    heights = range(Pitch.parse(low).height, Pitch.parse(high).height + 1)
    assert best_clef(list(heights), INSTRUMENTS[name].clefs) == clef


def test_every_clef_that_an_instrument_may_have_is_known_to_the_score():
    assert set(players.CLEFS) == CLEFS.keys() == CLEFS21.keys()
    assert {clef for one in INSTRUMENTS.values() for clef in one.clefs} == CLEFS.keys()


def test_an_instrument_is_named_by_the_key_that_it_is_read_in():
    sax = replace(INSTRUMENTS["soprano sax"], name="alto sax", sounds=Pitch.parse("Eb3"))
    made = piece("4/4", "C", "ionian")
    alto = replace(made.parts[0], instrument=sax)
    part = parsed(replace(made, parts=(alto, *made.parts[1:]))).parts[0]
    assert part.partName == "Alto sax in E♭"
    assert part["KeySignature"].first().sharps == 3


def test_a_low_part_is_read_in_the_bass_clef():
    made = played_on(piece("4/4", "C", "ionian"), bass="contrabass")
    part = parsed(made).parts[-2]
    assert part["Clef"].first().classes[0] == "BassClef"
    assert part["Instrument"].first().transposition.directedName == "P-8"
    assert sung(part.toSoundingPitch()) == written(made.parts[2])


def test_no_key_has_more_than_seven_sharps():
    made = played_on(piece("4/4", "F#", "ionian"), melody="clarinet")
    assert made.plan.key.signature == 6
    part = parsed(made).parts[0]
    assert part["KeySignature"].first().sharps == -4
    assert sung(part.toSoundingPitch()) == written(made.parts[0])


def test_one_pianist_plays_all_roles_on_two_staves():
    made = played_on(piece("4/4", "C", "ionian"), melody="piano", bass="piano")
    read = parsed(made)
    assert [part.partName for part in read.parts] == ["Piano", "Piano", "Drums"]
    heard = sorted(sung(read.parts[0]) + sung(read.parts[1]))
    assert heard == sorted({row for part in made.parts[:3] for row in written(part)})
    # The melody is the upper staff's first voice throughout.
    led = [
        element
        for measure in read.parts[0].getElementsByClass("Measure")
        for element in (measure.voices[0] if measure.voices else measure).notes
        if not isinstance(element, harmony.ChordSymbol)
    ]
    assert {pitch.midi for element in led for pitch in element.pitches} == {
        note.pitch.midi for note in made.parts[0].notes
    }


def test_drums_are_written_and_named():
    made = piece("4/4", "C", "ionian")
    root = ElementTree.fromstring(full_score(made))
    drums = root.findall("part")[-1]
    struck = [one for one in drums.iter("note") if one.find("unpitched") is not None]
    assert len(struck) == len(made.parts[-1].notes)
    assert {one.findtext("notehead") for one in struck} == {"x"}
    sounds = root.findall("part-list/score-part")[-1]
    assert sounds.findtext("score-instrument/instrument-name") == "Hi-hat"
    # MusicXML counts from 1.
    assert sounds.findtext("midi-instrument/midi-unpitched") == "43"
    assert sounds.findtext("midi-instrument/midi-channel") == "10"


def test_the_tempo_is_heard_and_the_slowing_too():
    made = piece("6/8", "C", "ionian")
    root = ElementTree.fromstring(full_score(made))
    heard = [float(sound.get("tempo")) for sound in root.iter("sound") if sound.get("tempo")]
    assert heard == [pytest.approx(1.5 * rate) for _, rate in made.plan.tempo]


def shown(measure):
    return [
        pitch.accidental is not None and bool(pitch.accidental.displayStatus)
        for element in measure.recurse().notes
        if isinstance(element, note.Note | chord.Chord)
        and not isinstance(element, harmony.ChordSymbol)
        for pitch in element.pitches
    ]


def test_parts_on_one_instrument_are_told_apart():
    made = piece()
    flutes = tuple(replace(part, instrument=made.parts[0].instrument) for part in made.parts[:2])
    read = parsed(replace(made, parts=flutes))
    assert [part.partName for part in read.parts] == ["Flute 1 (melody)", "Flute 2 (chords)"]


@pytest.mark.parametrize(("metre", "said"), [("4/4", "Serene, swung quavers"), ("6/8", "Serene")])
def test_swing_is_asked_for(metre, said):
    made = piece(metre, swing=0.5)
    read = converter.parse(full_score(made).decode(), format="musicxml")
    assert read[expressions.TextExpression].first().content == said


def test_a_keyboard_that_reaches_across_middle_c_has_two_staves():
    read = converter.parse(full_score(piece("4/4", "C", "ionian")).decode(), format="musicxml")
    upper, lower = (part for part in read.parts if part.partName == "Piano")
    assert [staff["Clef"].first().sign for staff in (upper, lower)] == ["G", "F"]
    assert min(pitch.midi for pitch in upper.pitches) >= 60 > max(p.midi for p in lower.pitches)


def test_accidentals_are_shown_where_the_signature_does_not_say_so():
    # C minor: the raised seventh of V7, B natural, is sung in the third bar, and only it is marked.
    read = converter.parse(full_score(piece("4/4", "C", "aeolian")).decode(), format="musicxml")
    melody = read.parts[0].getElementsByClass("Measure")
    assert not any(shown(melody[0]))
    marked = {
        pitch.name
        for measure in melody
        for element in measure.recurse().notes
        for pitch in element.pitches
        if pitch.accidental is not None and pitch.accidental.displayStatus
    }
    assert marked == {"B"}


SCRIPT = """
import hashlib, sys
from composer.render.rendering import Rendering
from tests.composer.example import piece
made = Rendering(piece("3/4", "Eb", "dorian"))
for data in (made.midi, made.musicxml, made.voices, made.json):
    print(hashlib.sha256(data).hexdigest())
"""


def test_the_same_bytes_in_another_process():
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 4
