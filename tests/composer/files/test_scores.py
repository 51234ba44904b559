"""The two scores, read again by music21: the same notes, and all that stands beside them."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from music21 import chord, converter, dynamics, expressions, harmony, meter, note, tempo

from composer.files import score, voices
from composer.files.engrave import name21
from tests.composer.example import piece

ROOT = Path(__file__).resolve().parents[3]
CASES = [
    ("4/4", "C", "ionian"),
    ("3/4", "Eb", "dorian"),
    ("6/8", "F#", "aeolian"),
    ("5/4", "Ab", "lydian"),
]


def sung(part):
    """(offset in quarters, length in quarters, pitch) of every note, ties joined.

    music21's own stripTies mistakes one voice's ties for another's.
    """
    done, held = [], {}
    for element in part.flatten().notes:
        if isinstance(element, harmony.ChordSymbol):
            continue
        start, length = float(element.offset), float(element.quarterLength)
        for name in (pitch.nameWithOctave for pitch in element.pitches):
            if element.tie is not None and element.tie.type != "start":
                begun, so_far = held.pop(name)
                assert begun + so_far == start
                start_of_all, length_of_all = begun, so_far + length
            else:
                start_of_all, length_of_all = start, length
            if element.tie is not None and element.tie.type != "stop":
                held[name] = (start_of_all, length_of_all)
            else:
                done.append((start_of_all, length_of_all, name))
    assert not held
    return sorted(done)


def written(part):
    return sorted((n.start / 24, n.ticks / 24, name21(n.pitch)) for n in part.notes)


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def pair(request):
    made = piece(*request.param)
    return made, converter.parse(score.encode(made).decode(), format="musicxml")


def test_the_same_notes_are_read_again(pair):
    made, read = pair
    pitched = [part for part in made.parts if part.role != "drums"]
    rows = {}
    for staff in read.parts:  # the piano may have two
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
    assert list(names) == ["Flute", "Piano", "Cello"]
    for part in read.parts:
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
    assert [words.content for words in read[expressions.TextExpression]] == [
        "Serene",
        "rit.",
    ]


def test_title_and_composer(pair):
    meta = pair[1].metadata
    assert (meta.bestTitle, meta.composer) == ("sea", "Promenade")


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_four_voices(case):
    made = piece(*case)
    read = converter.parse(voices.encode(made).decode(), format="musicxml")
    assert [part.partName for part in read.parts] == ["Soprano", "Alto", "Tenor", "Bass"]
    spans = made.harmony.spans
    for part, index in zip(read.parts, range(4), strict=True):
        assert sung(part) == [
            (span.start / 24, (span.end - span.start) / 24, name21(tuple(span.voicing)[index]))
            for span in spans
        ]
    lyrics = [n.lyric for n in read.parts[3].flatten().notes if n.lyric]
    assert [text.rpartition(": ")[2] for text in lyrics] == [span.chord.roman for span in spans]


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
    read = converter.parse(score.encode(replace(made, parts=flutes)).decode(), format="musicxml")
    assert [part.partName for part in read.parts] == ["Flute (melody)", "Flute (chords)"]


@pytest.mark.parametrize(("metre", "said"), [("4/4", "Serene, swung quavers"), ("6/8", "Serene")])
def test_swing_is_asked_for(metre, said):
    made = piece(metre, swing=0.5)
    read = converter.parse(score.encode(made).decode(), format="musicxml")
    assert read[expressions.TextExpression].first().content == said


def test_a_keyboard_that_reaches_across_middle_c_has_two_staves():
    read = converter.parse(score.encode(piece("4/4", "C", "ionian")).decode(), format="musicxml")
    upper, lower = (part for part in read.parts if part.partName == "Piano")
    assert [staff["Clef"].first().sign for staff in (upper, lower)] == ["G", "F"]
    assert min(pitch.midi for pitch in upper.pitches) >= 60 > max(p.midi for p in lower.pitches)


def test_accidentals_are_shown_where_the_signature_does_not_say_so():
    # C minor: the raised seventh of V7, B natural, is sung in the third bar, and only it is marked.
    read = converter.parse(score.encode(piece("4/4", "C", "aeolian")).decode(), format="musicxml")
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
from composer.files import midi, score, voices
from composer.explain.document import explanation, to_json
from tests.composer.example import piece
made = piece("3/4", "Eb", "dorian")
for data in (midi.encode(made), score.encode(made), voices.encode(made),
             to_json(explanation(made)).encode()):
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
