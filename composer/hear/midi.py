"""A lesson as a MIDI file: both examples with a bar's silence between them, a track a voice."""

from __future__ import annotations

import io

from mido import MetaMessage, MidiFile, bpm2tempo
from mido.messages import Message

from composer.files.midi import Timed, signature, track
from composer.files.performance import PULSES, SCALE
from composer.hear.lines import faulty, line, voices
from composer.hear.values import METRE, TEMPO, Lesson
from composer.hear.verdict import TUNE

PIANO, FLUTE = 0, 73  # General MIDI's, counted from 0
LOUD, SOFT = 96, 62  # velocities of voices to listen to, and of the others
HELD = 0.94  # share of a note's length that sounds


def encode(lesson: Lesson) -> bytes:
    """The bytes of a Standard MIDI File, format 1."""
    starts = (0, lesson.pair[0].end + METRE.bar)
    last = (starts[1] + lesson.pair[1].end) * SCALE
    file = MidiFile(type=1, ticks_per_beat=PULSES, charset="utf-8")
    file.tracks.append(track(_conductor(lesson, starts), last))
    loud = faulty(lesson) or {voices(lesson)[0]}
    for channel, voice in enumerate(voices(lesson)):
        program = FLUTE if voice == TUNE else PIANO
        rows: list[Timed] = [
            (0, 0, MetaMessage("track_name", name=voice.capitalize())),
            (0, 1, Message("program_change", channel=channel, program=program)),
        ]
        for start, example in zip(starts, lesson.pair, strict=True):
            for sound in line(example, voice):
                key = {"channel": channel, "note": sound.pitch.midi}
                on = (start + sound.start) * SCALE
                off = on + round((sound.end - sound.start) * SCALE * HELD)
                velocity = LOUD if voice in loud else SOFT
                rows.append((off, 2, Message("note_off", velocity=64, **key)))
                rows.append((on, 3, Message("note_on", velocity=velocity, **key)))
        file.tracks.append(track(rows, last))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def _conductor(lesson: Lesson, starts: tuple[int, int]) -> list[Timed]:
    rows: list[Timed] = [
        (0, 0, MetaMessage("track_name", name=f"{lesson.kind}: {lesson.name}")),
        (
            0,
            1,
            MetaMessage("time_signature", numerator=METRE.numerator, denominator=METRE.denominator),
        ),
        (0, 2, MetaMessage("set_tempo", tempo=bpm2tempo(TEMPO))),
    ]
    for start, example in zip(starts, lesson.pair, strict=True):
        key = MetaMessage("key_signature", key=signature(example.key))
        rows.append((start * SCALE, 3, key))
        rows.append((start * SCALE, 4, MetaMessage("marker", text=example.title)))
    return rows
