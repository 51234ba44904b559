"""The score by others: valid by the schemas, and the same notes to music21, verovio, partitura."""

import base64
import io
import warnings
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import mido
import partitura
import pytest
import verovio
import xmlschema
from music21 import converter, dynamics, harmony, spanner, tempo
from music21.musicxml.m21ToXml import GeneralObjectExporter

from composer.render.score.score import four_voices, full_score
from tests.composer.example import piece
from tests.composer.render.score.read_again import CASES, parsed, played_on, said, sung
from theory.pitch import Pitch


def with_marks(made):
    """The piece with all that can stand beside notes: slurs, breath, dots, pedal, rolled chords."""
    melody, chords, *others = made.parts
    notes, bar = melody.notes, made.plan.metre.bar
    slurs = ((notes[0].start, notes[2].end), (notes[3].start, notes[4].end))
    held = tuple(
        replace(chords.notes[0], ticks=bar, pitch=Pitch.parse(name)) for name in ("C5", "E5", "G5")
    )
    return replace(
        made,
        parts=(
            replace(melody, slurs=slurs, breaths=(notes[2].end,), articulation=0.5),
            replace(
                chords,
                notes=(*held, *(note for note in chords.notes if note.start >= bar)),
                roll=20,
                pedal=((0, bar), (bar, 2 * bar)),
            ),
            *others,
        ),
    )


SCHEMAS = {
    # What a later version than music21's 2.0 allows.
    "music21/musicxml/musicxml.xsd": (
        "'measure' attribute",
        "'sign' attribute",
        "circle-x",
        "slash",
    ),
    "partitura/assets/musicxml.xsd": (),  # 3.1
    "musicxml/generate_classes/musicxml_4_0.xsd": (),
}


@pytest.mark.parametrize("path", SCHEMAS)
def test_the_schema_of_musicxml_holds(path):
    package, _, inside = path.partition("/")
    schema = xmlschema.XMLSchema(str(Path(find_spec(package).origin).parent / inside))
    pieces = [
        played_on(piece(*case), melody=name)
        for case, name in zip(CASES, ("clarinet", "piano", "viola", "celesta"), strict=True)
    ]
    pieces.append(with_marks(piece("6/8", "D", "dorian")))
    for data in [full_score(made) for made in pieces] + [four_voices(pieces[0])]:
        faults = [
            fault.reason
            for fault in schema.iter_errors(io.BytesIO(data))
            if not any(later in (fault.reason or "") for later in SCHEMAS[path])
        ]
        assert not faults


@pytest.mark.parametrize("marks", [False, True])
def test_written_again_by_music21_it_is_the_same(marks):
    made = played_on(piece("3/4", "Eb", "dorian"), melody="clarinet")
    made = with_marks(made) if marks else made
    once = parsed(made)
    again = converter.parse(GeneralObjectExporter(once).parse().decode(), format="musicxml")

    def all_of(stream):
        return [
            (
                part.partName,
                sung(part),
                [str(s.figure) for s in part[harmony.ChordSymbol]],
                said(part),
                [mark.value for mark in part[dynamics.Dynamic]],
                [m.number for m in part[tempo.MetronomeMark]],
                [[note.offset for note in slur] for slur in part[spanner.Slur]],
                [
                    (note.offset, [type(mark) for mark in (*note.articulations, *note.expressions)])
                    for note in part.flatten().notes
                ],
            )
            for part in stream.parts
        ]

    assert all_of(once) == all_of(again)


@pytest.mark.parametrize("name", ["flute", "clarinet", "piano"])
def test_verovio_and_partitura_read_the_same_notes(name, tmp_path):
    made = played_on(piece("4/4", "C", "aeolian"), melody=name)
    path = tmp_path / "x.musicxml"
    path.write_bytes(full_score(made))
    higher = {"clarinet": 2}.get(name, 0)

    toolkit = verovio.toolkit()
    assert toolkit.loadData(path.read_text())
    midi = mido.MidiFile(file=io.BytesIO(base64.b64decode(toolkit.renderToMIDI())))
    heard = set()
    for track in midi.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity and message.channel != 9:
                heard.add((now / midi.ticks_per_beat, message.note))
    assert heard == {(n.start / 24, n.pitch.midi) for p in made.parts[:3] for n in p.notes}

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = partitura.load_musicxml(str(path)).note_array()
    read = {
        (float(r["onset_quarter"]), float(r["duration_quarter"]), int(r["pitch"])) for r in rows
    }
    assert read == {
        # partitura gives what is written.
        (n.start / 24, n.ticks / 24, n.pitch.midi + higher * (part is made.parts[0]))
        for part in made.parts[:3]
        for n in part.notes
    }
