"""Bars of written values as music21 streams, and streams as MusicXML bytes that never vary.

The streams are built finished (bars, voices, ties, beams), so that music21 has nothing to guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from statistics import mean
from types import MappingProxyType
from typing import Any

from music21 import (
    bar,
    duration,
    harmony,
    instrument,
    key,
    metadata,
    meter,
    note,
    pitch,
    stream,
    tie,
)
from music21 import chord as chord21
from music21.musicxml.m21ToXml import GeneralObjectExporter

from composer.render.score.notation import Beaming, NoteValue, bracket
from composer.values import Plan
from theory.chord import Chord
from theory.metre import QUARTER, Metre
from theory.pitch import Interval, NoteName, Pitch

Strike = Callable[[Sequence[Pitch]], Any]
# By the tick at which it is struck, a note or chord with all that is tied to it, as music21's.
Struck = dict[int, list[Any]]
UNISON = Interval(0, 0)

# music21 writes the flat as a minus sign.
ALTERS = {-2: "--", -1: "-", 0: "", 1: "#", 2: "##"}
# MusicXML's kind of chord for each of our qualities, under music21's names.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "major": "major",
        "minor": "minor",
        "diminished": "diminished",
        "augmented": "augmented",
        "suspended fourth": "suspended-fourth",
        "suspended second": "suspended-second",
        "dominant seventh": "dominant-seventh",
        "major seventh": "major-seventh",
        "minor seventh": "minor-seventh",
        "minor-major seventh": "minor-major-seventh",
        "half-diminished seventh": "half-diminished-seventh",
        "diminished seventh": "diminished-seventh",
        "suspended seventh": "suspended-fourth",
        "added sixth": "major-sixth",
        "minor added sixth": "minor-sixth",
        "added ninth": "major",
        "minor added ninth": "minor",
        "added flat ninth": "major",
        "minor added flat ninth": "minor",
        "added sharp eleventh": "major",
        "minor added sharp eleventh": "minor",
        # Augmented sixths are named as they sound, from the bass.
        "Italian sixth": "dominant-seventh",
        "French sixth": "dominant-seventh",
        "German sixth": "dominant-seventh",
    }
)
# Degrees that the kind leaves out, and by how many semitones they are altered.
DEGREES: Mapping[str, tuple[str, int, int]] = MappingProxyType(
    {
        "suspended seventh": ("add", 7, 0),
        "added ninth": ("add", 9, 0),
        "minor added ninth": ("add", 9, 0),
        "added flat ninth": ("add", 9, -1),
        "minor added flat ninth": ("add", 9, -1),
        "added sharp eleventh": ("add", 11, 1),
        "minor added sharp eleventh": ("add", 11, 1),
        "French sixth": ("alter", 5, -1),
    }
)
# What music21 writes that differs from day to day.
_DATE = re.compile(rb"\s*<encoding-date>[^<]*</encoding-date>")
# A section's letter: above its staff, and without what no version of MusicXML allows there.
_LETTER = re.compile(
    rb'<direction>(\s*<direction-type>\s*<rehearsal[^>]*?)(?: halign="\w+" valign="\w+")?>'
)
# What stands at another place than the one that is reached: not every program moves it there.
_ELSEWHERE = re.compile(
    rb"(\s*)(<direction\b(?:(?!</direction>).)*?)\s*<offset[^>]*>(-?)(\d+)</offset>(.*?</direction>)",
    re.DOTALL,
)
_TEMPO = re.compile(rb'(<sound tempo=")([\d.]+)')
_METRONOME = re.compile(rb"(\s*)<direction-type>\s*<metronome")
# The pedal, which music21 writes from its tenth version on only, stands in words of this kind.
_PEDAL = re.compile(rb"<words[^>]*>pedal (start|stop)</words>")


def name21(tone: NoteName | Pitch) -> str:
    """A note's or a pitch's name in music21's spelling."""
    letter = "CDEFGAB"[tone.step] + ALTERS[tone.alter]
    return f"{letter}{tone.octave}" if isinstance(tone, Pitch) else letter


def notes21(pitches: Sequence[Pitch]) -> Any:
    """A note, or a chord of several."""
    if len(pitches) == 1:
        return note.Note(pitch.Pitch(name21(pitches[0])))
    return chord21.Chord([pitch.Pitch(name21(one)) for one in pitches])


def new_part(
    name: str, number: int, program: int, *, short: str = "", two_staves: bool = False
) -> Any:
    """An empty part, or one of its two staves.

    `number` (from 1) makes its ids, so that they are the same in every run; `program` is General
    MIDI's, counted from 0; `short` is its name on every system but the first.
    """
    part = (stream.PartStaff if two_staves else stream.Part)(id=f"P{number}")
    part.partName = name
    part.partAbbreviation = short or None
    player = instrument.Instrument(name)
    player.partId = f"P{number}"
    player.partName = name
    player.instrumentName = name
    player.instrumentId = f"P{number}-I1"
    player.midiProgram = program
    # Channel 10 is percussion's.
    player.midiChannel = number - 1 if number < 10 else number
    part.insert(0, player)
    return part


def new_bars(plan: Plan, sign: Any, signature: int | None = None) -> list[Any]:
    """Empty measures for the whole piece, with clef, key and time in the first.

    signature: sharps (flats below nought) where they are not the plan's key's.
    """
    measures = []
    for index in range(plan.bars):
        measure = stream.Measure(number=index + 1)
        if index == 0:
            measure.clef = sign
            sharps = plan.key.signature if signature is None else signature
            measure.keySignature = key.KeySignature(sharps)
            measure.timeSignature = meter.TimeSignature(plan.metre.name)
        measures.append(measure)
    measures[-1].rightBarline = bar.Barline("final")
    return measures


def fill(
    measures: Sequence[Any],
    voices: Sequence[Sequence[Sequence[NoteValue]]],
    plan: Plan,
    *,
    strike: Strike = notes21,
    leads: bool = False,
) -> list[Struck]:
    """Put each voice's bars into the measures; of several voices, those that sound in the bar.

    A voice keeps its number, so that its ties reach over barlines. Returns what each voice
    strikes, for what is hung on it.

    strike: makes a note or chord of pitches. leads: the first voice is written where it rests, too.
    """
    metre = plan.metre
    beaming = Beaming(metre)
    signs = Accidentals(measures[0].keySignature.sharps)
    struck: list[Struck] = [{} for _ in voices]
    for index, measure in enumerate(measures):
        rows = [(number, voice[index]) for number, voice in enumerate(voices)]
        sounding = [row for row in rows if any(value.pitches for value in row[1])]
        if leads and sounding and sounding[0][0]:
            sounding.insert(0, rows[0])
        for number, row in sounding or rows[:1]:
            home = measure
            if len(voices) > 1:
                home = stream.Voice(id=str(number + 1))
                measure.insert(0, home)
            for value, element in zip(row, _row(row, beaming, metre, strike), strict=True):
                home.insert(Fraction(value.start, QUARTER), element)
                if value.tied:
                    struck[number][max(struck[number])].append(element)
                elif value.pitches:
                    struck[number][index * metre.bar + value.start] = [element]
        if len(sounding) > 1 and strike is notes21:
            _stems(measure)
        signs.bar(measure)
    return struck


def _stems(measure: Any) -> None:
    """Of several voices the highest has its stems up and the others theirs down, whatever their
    numbers: programs number a left hand's voices in their own ways."""
    voices = [voice for voice in measure.voices if voice.notes]
    heights = [
        mean(p.diatonicNoteNum for one in voice.notes for p in one.pitches) for voice in voices
    ]
    for voice, height in zip(voices, heights, strict=True):
        for one in voice.notes:
            one.stemDirection = "up" if height == max(heights) else "down"


class Accidentals:
    """Shows the accidentals that a reader needs on one staff, bar by bar.

    One is shown where a note differs from what the signature or an earlier note of the bar says,
    and where the bar before altered it (a courtesy); never on a note that is tied over.
    """

    def __init__(self, signature: int) -> None:
        order = "FCGDAEB" if signature > 0 else "BEADGCF"
        alter = 1 if signature > 0 else -1
        self.signature = dict.fromkeys(order[: abs(signature)], alter)
        self.before: dict[tuple[str, int], int] = {}

    def bar(self, measure: Any) -> None:
        """Decide for every note of a measure."""
        now: dict[tuple[str, int], int] = {}
        for element in measure.recurse().notes.stream().sorted():
            tied = element.tie is not None and element.tie.type != "start"
            for one in element.pitches:
                place, alter = (one.step, one.octave), int(one.alter)
                due = now.get(place, self.signature.get(one.step, 0))
                doubtful = place not in now and self.before.get(place, due) != alter
                show = not tied and (alter != due or doubtful)
                if show and one.accidental is None:
                    one.accidental = pitch.Accidental("natural")
                if one.accidental is not None:
                    one.accidental.displayStatus = show
                now[place] = alter
        self.before = now


def chord_symbol(chord: Chord, up: Interval = UNISON) -> Any:
    """The chord symbol, spelled, with the bass where it is not the root.

    up: how much higher the staff is written on which it stands.
    """
    # Made without root and kind, from which music21 would work out pitches that nobody asks for, by
    # numbers drawn at random.
    symbol = harmony.ChordSymbol()
    symbol.root(pitch.Pitch(name21(chord.symbol_root.up(up))))
    symbol.bass(pitch.Pitch(name21(chord.bass.up(up))), allow_add=True)
    symbol.inversion(_inversion(chord), transposeOnSet=False)
    symbol.chordKind = KINDS[chord.quality.name]
    if chord.quality.name in DEGREES:
        symbol.addChordStepModification(
            harmony.ChordStepModification(*DEGREES[chord.quality.name]), updatePitches=False
        )
    symbol.chordKindStr = chord.quality.suffix
    symbol.writeAsChord = False
    return symbol


def _inversion(chord: Chord) -> int:
    """The thirds that the bass lies above the root, as MusicXML counts inversions: 1 for the third
    of the chord, 3 for its seventh, 4 for a ninth that is held below it."""
    steps = (chord.bass.step - chord.symbol_root.step) % 7
    return steps // 2 if steps % 2 == 0 else (steps + 7) // 2


def encode_score(score: Any, title: str, mood: str = "") -> bytes:
    """The bytes of a MusicXML file: the same for the same score, without dates or chance ids.

    mood: words that stand before the metronome's mark.
    """
    score.metadata = metadata.Metadata(title=title, composer="Promenade")
    exporter = GeneralObjectExporter(score)
    exporter.makeNotation = False
    data = _DATE.sub(b"", exporter.parse())
    data = _LETTER.sub(rb'<direction placement="above">\1>', data)
    data = _PEDAL.sub(rb'<pedal type="\1" line="yes" sign="yes" />', data)
    data = _ELSEWHERE.sub(_moved, data)
    data = _TEMPO.sub(lambda tempo: tempo[1] + b"%g" % round(float(tempo[2]), 2), data)
    if not mood:
        return data
    words = f'\\1<direction-type><words font-weight="bold">{mood} </words></direction-type>\\g<0>'
    return _METRONOME.sub(words.encode(), data, count=1)


def _moved(direction: re.Match[bytes]) -> bytes:
    """What was written with an offset, with a way to its place and back instead."""
    blank, before, sign, ticks, after = direction.groups()
    if not int(ticks):
        return blank + before + after
    there, back = (b"backup", b"forward") if sign else (b"forward", b"backup")
    return (
        b"%b<%b><duration>%b</duration></%b>" % (blank, there, ticks, there)
        + (blank + before + after)
        + b"%b<%b><duration>%b</duration></%b>" % (blank, back, ticks, back)
    )


def _row(row: Sequence[NoteValue], beaming: Beaming, metre: Metre, strike: Strike) -> list[Any]:
    """The values of one voice in one bar as music21 notes, with ties, tuplets and beams."""
    made = [_element(value, metre, strike) for value in row]
    bracket(row, made)
    beaming.beam(row, made)
    return made


def _element(value: NoteValue, metre: Metre, strike: Strike) -> Any:
    element: Any
    if not value.pitches:
        element = note.Rest()
        if value.ticks == metre.bar:
            element.fullMeasure = True
    else:
        element = strike(value.pitches)
    element.duration = duration.Duration(Fraction(value.ticks, QUARTER))
    if value.tied or value.ties:
        kind = "continue" if value.tied and value.ties else "stop" if value.tied else "start"
        element.tie = tie.Tie(kind)
    return element
