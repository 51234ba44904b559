"""A piece as a MIDI file: format 1, a conductor's track, then one named track a part."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

from mido import MetaMessage, MidiFile, MidiTrack
from mido.messages import Message

from composer.render.midi.mix import EVEN, MOST_SWELL, expression, volumes
from composer.render.timeline import PULSES, SCALE, Timeline
from composer.values import Piece, Plan
from theory.scale import Key

DRUMS = 9  # General MIDI's percussion channel
CHANNELS = tuple(channel for channel in range(16) if channel != DRUMS)
VOLUME, PAN, EXPRESSION, PEDAL = 7, 10, 11, 64  # controllers
MAJOR = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
MINOR = ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")

# A message with its pulse, and its rank among those at the same pulse.
Timed = tuple[int, int, "Message | MetaMessage"]
Place = tuple[int, int]  # channel and volume


def encode(piece: Piece, timeline: Timeline, mix: Mapping[str, int] | None = None) -> bytes:
    """The bytes of a Standard MIDI File, 480 pulses to the quarter note.

    timeline: the piece's own. mix: the parts' volumes by role, where they are not those of this
    piece's own mix.
    """
    file = MidiFile(type=1, ticks_per_beat=PULSES, charset="utf-8")
    last = piece.plan.end * SCALE
    file.tracks.append(track(_conductor(piece.title, piece.plan, timeline), last))
    free = iter(CHANNELS)
    mix = volumes(piece.parts) if mix is None else mix
    for number, part in enumerate(piece.parts):
        channel = DRUMS if part.role == "drums" else next(free)
        rows = _part(number, piece, timeline, (channel, mix[part.role]))
        file.tracks.append(track(rows, last))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def signature(key: Key) -> str:
    """MIDI's name of a key signature: MIDI knows major and minor only, a mode goes with its third.

    The sharps or flats are the mode's own, so that D dorian has none and is written as A minor.
    """
    return f"{MINOR[key.signature + 7]}m" if key.mode.minor else MAJOR[key.signature + 7]


def _conductor(title: str, plan: Plan, timeline: Timeline) -> list[Timed]:
    metre = plan.metre
    rows: list[Timed] = [
        (0, 0, MetaMessage("track_name", name=title)),
        (
            0,
            1,
            MetaMessage(
                "time_signature",
                numerator=metre.numerator,
                denominator=metre.denominator,
                clocks_per_click=metre.beat,  # MIDI clocks are 24 to the quarter note too
            ),
        ),
        (0, 2, MetaMessage("key_signature", key=signature(plan.key))),
    ]
    for section in plan.sections:
        text = f"{section.name}: {section.region}"
        rows.append((section.start * SCALE, 3, MetaMessage("marker", text=text)))
    for pulse, tempo in timeline.tempi:
        rows.append((pulse, 4, MetaMessage("set_tempo", tempo=tempo)))
    return rows


def _part(number: int, piece: Piece, timeline: Timeline, place: Place) -> list[Timed]:
    part = piece.parts[number]
    channel, volume = place
    name = part.role.capitalize()
    course = expression(part, piece.plan)
    if course:
        # A part that is shaped has room above what it plays evenly.
        volume = min(127, round(volume * MOST_SWELL / EVEN))
    if part.role != "drums":
        name = f"{name}: {part.instrument.name}"
    rows: list[Timed] = [
        (0, 0, MetaMessage("track_name", name=name)),
        (0, 1, Message("control_change", channel=channel, control=VOLUME, value=volume)),
        (0, 2, Message("control_change", channel=channel, control=PAN, value=part.pan)),
        (0, 3, Message("program_change", channel=channel, program=part.instrument.program)),
    ]
    for one in timeline.parts[number]:
        key = {"channel": channel, "note": one.key}
        # Keys are released before others are struck at the same pulse.
        rows.append((one.end, 4, Message("note_off", velocity=64, **key)))
        rows.append((one.start, 5, Message("note_on", velocity=one.velocity, **key)))
    for tick, value in course:
        shape = {"channel": channel, "control": EXPRESSION}
        at = timeline.pulse(part.role, tick)
        rows.append((at, 4, Message("control_change", value=value, **shape)))
    for down, up in timeline.pedals[number]:
        pedal = {"channel": channel, "control": PEDAL}
        rows.append((up, 4, Message("control_change", value=0, **pedal)))
        rows.append((down, 6, Message("control_change", value=127, **pedal)))
    return rows


def track(rows: Iterable[Timed], last: int) -> MidiTrack:
    """The rows in order of time, with times from one to the next, ended at `last` or later."""
    made = MidiTrack()
    now = 0
    for pulse, _, message in sorted(rows, key=lambda row: row[:2]):
        message.time = pulse - now
        made.append(message)
        now = pulse
    made.append(MetaMessage("end_of_track", time=max(0, last - now)))
    return made
