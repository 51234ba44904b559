"""How drums are written: each on a line or space of its own, cymbals with crosses.

After N. Weinberg, Guide to Standardized Drumset Notation (Percussive Arts Society, 1998), as far as
it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from music21 import instrument, note, percussion

from composer.files.notation import Chord
from composer.values import Note
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
_NOTE = re.compile(rb"<note\b.*?</note>", re.DOTALL)
_PLACE = re.compile(rb"<display-step>(\w)</display-step>\s*<display-octave>(\d)<")
_HEAD = re.compile(rb"<notehead[^>]*>([\w-]+)<")
_INSTRUMENT = re.compile(rb'(<instrument id=")[^"]*')
CHANNEL = 9  # percussion's, counted from 0
FEET = frozenset({36, 44})
ELSEWHERE = ("Percussion", "E4", "normal")


class Kit:
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

    def named(self, data: bytes) -> bytes:
        """A MusicXML file in which every stroke names its drum, which is known by its place and
        notehead: music21 names one for all that are struck together."""
        drums = {PLACES.get(key, ELSEWHERE)[1:]: drum for key, drum in self.instruments.items()}

        def name(note: re.Match[bytes]) -> bytes:
            place = _PLACE.search(note[0])
            if place is None:
                return note[0]
            head = _HEAD.search(note[0])
            drum = drums[
                (place[1] + place[2]).decode(), head[1].decode() if head is not None else "normal"
            ]
            return _INSTRUMENT.sub(rb"\g<1>" + drum.instrumentId.encode(), note[0])

        return _NOTE.sub(name, data)

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


def strokes(notes: Sequence[Note], metre: Metre) -> tuple[tuple[Chord, ...], ...]:
    """The strokes as written, in a voice for the hands and one for the feet: each lasts to the
    voice's next, and no longer than its beat. A chord's pitches are MIDI keys by any name.
    """
    voices: tuple[dict[int, list[int]], ...] = ({}, {})
    for start, key in sorted({(one.start, one.key_number) for one in notes}):
        voices[key in FEET].setdefault(start, []).append(key)
    return tuple(_line(struck, metre) for struck in voices if struck)


def _line(struck: Mapping[int, Sequence[int]], metre: Metre) -> tuple[Chord, ...]:
    """One voice."""
    starts = sorted(struck)
    found = []
    for start, after in zip(starts, [*starts[1:], starts[-1] + metre.bar], strict=True):
        beat = (start // metre.beat + 1) * metre.beat
        found.append(Chord(start, min(after, beat), tuple(_pitch(key) for key in struck[start])))
    return tuple(found)


def hide_rests(measures: Iterable[Any]) -> None:
    """Print the first voice's rests only: what a drummer does not strike, he does not count."""
    for measure in measures:
        for voice in list(measure.voices)[1:]:
            for rest in voice.getElementsByClass(note.Rest):
                rest.style.hideObjectOnPrint = True


def _pitch(key: int) -> Pitch:
    """A pitch of this MIDI number."""
    octave, chroma = divmod(key, 12)
    step = max(step for step, natural in enumerate(NATURALS) if natural <= chroma)
    return Pitch(step, chroma - NATURALS[step], octave - 1)
