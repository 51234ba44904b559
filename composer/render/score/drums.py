"""How drums are written: each on a line or space of its own, cymbals with crosses.

After N. Weinberg, Guide to Standardized Drumset Notation (Percussive Arts Society, 1998), as far as
it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from music21 import clef, instrument, note, percussion, stream

from composer.render.score.musicxml import fill, new_bars
from composer.render.score.notation import VOICES, WrittenChord, bars
from composer.values import Note, Part, Plan
from theory.metre import Metre
from theory.pitch import NATURALS, Pitch

# By General MIDI key: name, place on the staff as in the treble clef, notehead.
PLACES: Mapping[int, tuple[str, str, str]] = MappingProxyType(
    {
        36: ("Bass drum", "F4", "normal"),
        37: ("Side stick", "C5", "x"),
        38: ("Snare drum", "C5", "normal"),
        42: ("Hi-hat", "G5", "x"),
        44: ("Hi-hat, by foot", "D4", "x"),
        45: ("Low tom", "A4", "normal"),
        46: ("Open hi-hat", "G5", "circle-x"),
        49: ("Crash cymbal", "A5", "x"),
        50: ("High tom", "E5", "normal"),
        51: ("Ride cymbal", "F5", "x"),
        54: ("Tambourine", "B4", "triangle"),
        57: ("Cymbal", "B5", "x"),
        60: ("High bongo", "F5", "normal"),
        61: ("Low bongo", "D5", "normal"),
        63: ("High conga", "B4", "normal"),
        64: ("Frame drum", "G4", "normal"),
        70: ("Shaker", "D5", "slash"),
        75: ("Claves", "B4", "x"),
        81: ("Triangle", "B5", "triangle"),
    }
)
CHANNEL = 9  # percussion's, counted from 0
FEET = frozenset({36, 44})
# Voices of the staff, counted from 0: those that hands take by turns, and the feet's.
HANDS, FOOT = (0, 2, 3), 1
ELSEWHERE = ("Percussion", "E4", "normal")


class DrumKit:
    """The drums of a part, as music21's instruments, and their strokes as its notes."""

    def __init__(self, number: int, keys: Iterable[int]) -> None:
        """number: the part's, from 1; keys: those that are struck."""
        self.instruments: dict[int, Any] = {}
        for index, key in enumerate(sorted(keys), 1):
            # music21 writes but one instrument of each class, and gives each a channel.
            own = {"autoAssignMidiChannel": lambda *_, **__: CHANNEL}
            drum = type(f"Drum{key}", (instrument.UnpitchedPercussion,), own)()
            drum.instrumentName = PLACES.get(key, ELSEWHERE)[0]
            drum.partId = f"P{number}"
            drum.partName = "Drums"
            drum.instrumentAbbreviation = None
            drum.instrumentId = f"P{number}-I{index}"
            drum.percMapPitch = key
            drum.midiChannel = CHANNEL
            drum.midiProgram = 0
            self.instruments[key] = drum

    def strike(self, pitches: Sequence[Pitch]) -> Any:
        """The drums of these MIDI keys, struck together."""
        strokes = [self._stroke(pitch.midi) for pitch in pitches]
        return strokes[0] if len(strokes) == 1 else percussion.PercussionChord(strokes)

    def _stroke(self, key: int) -> Any:
        _, place, head = PLACES.get(key, ELSEWHERE)
        stroke = note.Unpitched(displayName=place)
        stroke.notehead = head
        stroke.storedInstrument = self.instruments[key]
        return stroke


def strokes(notes: Sequence[Note], metre: Metre) -> tuple[tuple[WrittenChord, ...], ...]:
    """The strokes as written, in a voice for the feet and in up to three for the hands: each lasts
    to the next of hands or feet, and no longer than its beat. A chord's pitch is a MIDI key by any
    name.

    What hands strike together is written in voices of its own with their stems together, for not
    every reader knows a chord without pitches (partitura does not).
    """
    struck = sorted({(one.start, one.key_number) for one in notes})
    ends = {
        feet: _ends([start for start, key in struck if (key in FEET) == feet], metre)
        for feet in (False, True)
    }
    voices: list[dict[int, list[int]]] = [{} for _ in range(VOICES)]
    for start, key in struck:
        order = (FOOT,) if key in FEET else HANDS
        free = next((voice for voice in order if start not in voices[voice]), order[0])
        voices[free].setdefault(start, []).append(key)
    return tuple(
        tuple(
            WrittenChord(start, ends[number == FOOT][start], tuple(map(_pitch, keys)))
            for start, keys in voice.items()
        )
        for number, voice in enumerate(voices)
        if voice
    )


def _ends(starts: Sequence[int], metre: Metre) -> Mapping[int, int]:
    """When each stroke's value ends: with the next one, or with its beat."""
    following = [*starts[1:], starts[-1] + metre.bar] if starts else []
    return {
        start: min(after, (start // metre.beat + 1) * metre.beat)
        for start, after in zip(starts, following, strict=True)
        if after > start
    }


def stems(lines: Iterable[Iterable[Any]]) -> None:
    """Hands have their stems up, feet theirs down."""
    for line in lines:
        for stroke in line:
            inner = stroke.notes if isinstance(stroke, percussion.PercussionChord) else (stroke,)
            feet = inner[0].storedInstrument.percMapPitch in FEET
            stroke.stemDirection = "down" if feet else "up"


def hide_rests(measures: Iterable[Any]) -> None:
    """Print the first voice's rests only: what a drummer does not strike, he does not count."""
    for measure in measures:
        for voice in list(measure.voices)[1:]:
            for rest in voice.getElementsByClass(note.Rest):
                rest.style.hideObjectOnPrint = True


def drum_staff(part: Part, plan: Plan, number: int) -> Any:
    """The staff of a part of drums; `number` is its own in the score, from 1."""
    kit = DrumKit(number, {note.key_number for note in part.notes})
    staff = stream.Part(id=f"P{number}")
    staff.partName, staff.partAbbreviation = "Drums", "Dr."
    for drum in kit.instruments.values():
        staff.insert(0, drum)
    measures = new_bars(plan, clef.PercussionClef(), 0)
    rows = [bars(line, plan.metre, plan.bars) for line in strokes(part.notes, plan.metre)]
    struck = fill(measures, rows, plan, strike=kit.strike)
    stems(chain for line in struck for chain in line.values())
    hide_rests(measures)
    staff.append(measures)
    return staff


def _pitch(key: int) -> Pitch:
    """A pitch of this MIDI number."""
    octave, chroma = divmod(key, 12)
    step = max(step for step, natural in enumerate(NATURALS) if natural <= chroma)
    return Pitch(step, chroma - NATURALS[step], octave - 1)
