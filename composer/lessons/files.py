"""A lesson as a MIDI file: both examples with a bar's silence between them, a track a voice."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mido import MetaMessage, MidiFile, bpm2tempo
from mido.messages import Message
from music21 import clef, expressions, layout, stream
from music21 import tempo as tempo21

from composer.lessons.lines import TUNE, faulty, line, plan, voices
from composer.lessons.values import METRE, TEMPO, Lesson, LessonExample
from composer.render.audio import BUILT_IN
from composer.render.audio.coding import FORMATS as AUDIO
from composer.render.midi.writer import Timed, signature, track
from composer.render.outputs import Output, put
from composer.render.score.musicxml import chord_symbol, encode_score, fill, new_bars, new_part
from composer.render.score.notation import WrittenChord, bars
from composer.render.timeline import PULSES, SCALE
from theory.metre import QUARTER

PIANO, FLUTE = 0, 73  # General MIDI's, counted from 0
LOUD, SOFT = 96, 62  # velocities of voices to listen to, and of the others
HELD = 0.94  # share of a note's length that sounds


def midi_file(lesson: Lesson) -> bytes:
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


RED = "#C00000"
CLEFS = {"tenor": clef.Treble8vbClef, "bass": clef.BassClef}


def score_file(lesson: Lesson) -> bytes:
    """The bytes of the file."""
    score = stream.Score(id="score")
    parts: list[Any] = []
    for number, voice in enumerate(voices(lesson), 1):
        part = new_part(voice.capitalize(), number, FLUTE if voice == TUNE else PIANO)
        first, second = (
            _measures(lesson, example, voice, top=number == 1) for example in lesson.pair
        )
        _goes_on(second[0], same_key=len({example.key for example in lesson.pair}) == 1)
        part.append([*first, *second])
        for count, measure in enumerate(part.getElementsByClass(stream.Measure), 1):
            measure.number = count
        parts.append(part)
        score.insert(0, part)
    head = parts[0].getElementsByClass(stream.Measure)[0]
    head.insert(0, tempo21.MetronomeMark(number=TEMPO))
    score.insert(0, layout.StaffGroup(parts, symbol="bracket", barTogether=True))
    return encode_score(score, f"{lesson.kind.capitalize()}: {lesson.name}")


def _goes_on(measure: Any, *, same_key: bool) -> None:
    """Begin the second example on a line of its own, without repeating what still holds."""
    for sign in (measure.clef, measure.timeSignature, measure.keySignature if same_key else None):
        if sign is not None:
            measure.remove(sign)
    measure.insert(0, layout.SystemLayout(isNew=True))


def _measures(lesson: Lesson, example: LessonExample, voice: str, *, top: bool) -> list[Any]:
    """One example's bars for one voice, titled above the top one, with numerals below the bass."""
    whole = plan(example, lesson.language, TEMPO)
    measures = new_bars(whole, CLEFS.get(voice, clef.TrebleClef)())
    sounds = line(example, voice)
    notes = [WrittenChord(sound.start, sound.end, (sound.pitch,)) for sound in sounds]
    (struck,) = fill(measures, [bars(notes, METRE, whole.bars)], whole)
    for sound in sounds:
        if sound.marked:
            struck[sound.start][0].style.color = RED
    for span in example.spans:
        if top:
            bar, place = divmod(span.start, METRE.bar)
            measures[bar].insert(Fraction(place, QUARTER), chord_symbol(span.chord))
        elif voice == "bass":
            struck[span.start][0].lyric = span.chord.roman
    if top:
        for number, text in enumerate((example.title, *(one.rule for one in example.findings))):
            words = expressions.TextExpression(text)
            words.placement = "above"
            words.style.fontWeight = "normal" if number else "bold"
            if number:
                words.style.color = RED
            tick = int(example.findings[number - 1].moment * QUARTER) if number else 0
            bar, place = divmod(tick, METRE.bar)
            measures[bar].insert(Fraction(place, QUARTER), words)
    return measures


if TYPE_CHECKING:
    from composer.render.audio.coding import Samples


# By suffix; each loads its library only when it is asked for.
ENCODERS: dict[str, Callable[[Lesson], bytes]] = {".musicxml": score_file, ".mid": midi_file}


SUFFIXES = (*ENCODERS, *AUDIO)
# What is written where nobody says: the notes and their sound.
DEFAULT = (".mid", ".wav")


def write(
    lesson: Lesson, outputs: Sequence[Output], stage: Callable[[str], None] = lambda name: None
) -> None:
    """Write the lesson to every file, or to none; it is played once.

    stage: told of each kind when it is made. Raises UserError where the system refuses.
    """
    made: list[tuple[Output, bytes]] = []
    sound: Samples | None = None
    for output in outputs:
        if output.suffix in AUDIO:
            from composer.render.audio import coding, perform

            sound = perform(midi_file(lesson), BUILT_IN) if sound is None else sound
            data = coding.encode(sound, output.suffix, lesson.name)
        else:
            data = ENCODERS[output.suffix](lesson)
        made.append((output, data))
        stage(f"made the {output.suffix}")
    put(made)


def default_outputs(lesson: Lesson) -> tuple[str, ...]:
    """The files that are written where none is named, as `parallel-fifths.mid`."""
    return tuple(f"{lesson.name.replace(' ', '-')}{suffix}" for suffix in DEFAULT)
