"""A small piece made by hand: two phrases of two bars, every kind of part, in any metre and key."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.catalogue import CATALOGUE
from analysis.picture.load import load
from composer.table import Decisions, Table, decide, read_table
from composer.values import (
    Cause,
    Check,
    ChordSpan,
    Harmony,
    Instrument,
    Mood,
    Motif,
    Note,
    Part,
    Performance,
    Phrase,
    Piece,
    Plan,
    Section,
    Slot,
)
from composer.vocabulary import Vocabulary
from theory.chord import Chord
from theory.metre import METRES, Metre
from theory.pitch import NoteName, Pitch
from theory.scale import Key
from theory.voices.voicing import Voicing

TABLE = b"""
promenade: 2
name: example
terms:
  colourful: {feature: colour.colourfulness, from: 15, to: 75}
  dark: {feature: light.lightness, from: 45, to: 20}
  lively: {feature: arousal, from: 0, to: 1}
decisions:
  valence: {number: [-1, 1], start: 0, unit: standard score}
  arousal: {number: [-1, 1], start: 0, unit: standard score}
  mood: {choice: [serene, sombre]}
  mode: {choice: [ionian, dorian, aeolian]}
  tempo: {number: [50, 170], start: 96, unit: bpm, step: 1}
rules:
  - id: colourful-pleases
    when: colourful
    then: {valence: +0.45, mode: {ionian: 1.0}}
    because: People rate colourful pictures as more pleasant.
    evidence: {grade: B, effect: r = .21 on 900 photographs, source: kurdi2017}
  - id: dark-is-heavy
    when: dark
    then: {valence: -0.3, tempo: -20, mode: {aeolian: 0.8}}
    because: Dark pictures are felt as heavier.
    evidence: {grade: C, effect: a convention, source: kurdi2017}
  - id: lively-is-fast
    when: lively
    then: {tempo: +30}
    because: Lively music is fast.
    evidence: {grade: A, effect: replicated, source: kurdi2017}
sources:
  kurdi2017: Kurdi, Lozano & Banaji 2017, Behavior Research Methods 49:457
"""


def picture() -> np.ndarray:
    """Sky over sea, with a red sun."""
    rows, columns = np.mgrid[0:90, 0:120]
    rgb = np.zeros((90, 120, 3), np.uint8)
    rgb[rows < 50] = (150, 190, 240)
    rgb[rows >= 50] = (20, 60, 120)
    rgb[(rows - 25) ** 2 + (columns - 80) ** 2 < 150] = (230, 60, 30)
    return rgb


@lru_cache(maxsize=1)
def analysis() -> Analysis:
    return analyse(load(picture(), "sea.png"))


@lru_cache(maxsize=1)
def table() -> Table:
    ranges = {name: (feature.low, feature.high) for name, feature in CATALOGUE.items()}
    return read_table(TABLE, "example.yaml", Vocabulary(ranges))


def decisions(**overrides: str) -> Decisions:
    return decide(table(), analysis().features, overrides)


def piece(metre: str = "4/4", tonic: str = "C", mode: str = "ionian", swing: float = 0.0) -> Piece:
    """Four bars, I–IV–V7–I: a melody with a tie over the barline, chords, bass, drums."""
    beat = METRES[metre]
    key = Key.spelled(tonic, mode)
    minor = key.mode.minor
    romans = ("i", "iv", "V7", "i") if minor else ("I", "IV", "V7", "I")
    plan = _plan(beat, key, swing)
    harmony = _harmony(beat, key, romans)
    return Piece(
        title="sea",
        analysis=analysis(),
        table=table(),
        decisions=decisions(),
        plan=plan,
        harmony=harmony,
        motifs={"a": Motif("a", (beat.beat, beat.beat), (0, 1))},
        parts=(
            _melody(beat, harmony),
            _chords(beat, harmony),
            _bass(beat, harmony),
            _drums(beat),
        ),
        checks=(
            Check("parallel-fifths", True, 0, ()),
            Check("leap-answered", False, 1, ("bar 2 beat 1: melody",)),
        ),
        seconds=60.0 * 4 * beat.beats / 96,
        seed=0,
    )


def _plan(metre: Metre, key: Key, swing: float) -> Plan:
    half, end = 2 * metre.bar, 4 * metre.bar
    contour = (67.0,) * (2 * metre.beats)
    first = (
        Slot("A.1.1", 0, metre.bar, "a", "state", 0),
        Slot("A.1.2", metre.bar, half, "a", "sequence", 1),
    )
    second = (
        Slot("A.2.1", half, half + metre.bar, "a", "repeat", 0),
        Slot("A.2.2", half + metre.bar, end, "a", "cadence", 0),
    )
    return Plan(
        key=key,
        metre=metre,
        form="period",
        bars=4,
        language="strict",
        sections=(Section("A", "A", 0, end, "the sea", 0, 0, 1.0, "it is the largest"),),
        phrases=(
            Phrase("A.1", "A", 0, half, "half", first, contour, None, 0, 12, None),
            Phrase("A.2", "A", half, end, "authentic", second, contour, half, 0, 0, None),
        ),
        tempo=((0, 96.0), (end - metre.bar, 88.0)),
        dynamics=((0, 60), (half, 90), (end, 50)),
        off=frozenset(),
        mood=Mood("serene"),
        performance=Performance(swing=swing),
    )


def _voicing(chord: Chord) -> Voicing:
    """Root in the bass, the rest stacked above from tenor up."""
    root, third, fifth = chord.root, chord.third, chord.fifth
    return Voicing(_above(fifth, 67), _above(third, 60), _above(root, 50), _above(root, 40))


def _above(name: NoteName, lowest: int) -> Pitch:
    return next(p for p in (name.at(octave) for octave in range(1, 7)) if p.midi >= lowest)


def _harmony(metre: Metre, key: Key, romans: tuple[str, ...]) -> Harmony:
    spans = []
    for index, roman in enumerate(romans):
        chord = Chord.parse(roman, key)
        spans.append(
            ChordSpan(
                start=index * metre.bar,
                end=(index + 1) * metre.bar,
                chord=chord,
                voicing=_voicing(chord),
                phrase=f"A.{index // 2 + 1}",
                cadence="authentic" if index > 1 else None,
                alternatives={"vi": 0.25, roman: 0.75},
                costs={"motion": 4.0, "wide-leap": 8.0},
            )
        )
    return Harmony("folk", tuple(spans), 48.0, 49.5)


def _cause(origin: str, label: str, slot: str | None = None) -> Cause:
    motif, action = ("a", "state") if slot else (None, None)
    return Cause(origin, label, slot, motif, action, "the sea", ("mode", "register"))


def _melody(metre: Metre, harmony: Harmony) -> Part:
    """A quaver's rest, then quavers and a note held over each barline."""
    notes = []
    for index, span in enumerate(harmony.spans):
        last = index == len(harmony.spans) - 1
        tones = [span.voicing.soprano, _above(span.chord.third, 66), _above(span.chord.root, 66)]
        begin = span.start + (12 if index == 0 else 6)
        split = begin + metre.beat
        ends = span.end if last else span.end + 6
        for start, end, pitch in (
            (begin, begin + 12, tones[0]),
            (begin + 12, split, tones[1]),
            (split, ends, tones[2]),
        ):
            notes.append(
                Note(start, end - start, pitch, 80, _cause("melody", "chord tone", "A.1.1"))
            )
    flute = Instrument("flute", 73, Pitch.parse("C4"), Pitch.parse("C7"), True, clefs=("treble",))
    return Part("melody", flute, tuple(notes), 64, 110, 0.95)


def _chords(metre: Metre, harmony: Harmony) -> Part:
    """A chord of two notes a beat, so wide that it takes two staves."""
    notes = []
    for span in harmony.spans:
        for start in range(span.start, span.end, metre.beat):
            for pitch in (_above(span.chord.third, 72), span.voicing.tenor):
                notes.append(Note(start, metre.beat, pitch, 60, _cause("pattern", "pulse")))
    piano = Instrument("piano", 0, Pitch.parse("A0"), Pitch.parse("C8"), False, staves="two")
    return Part("chords", piano, tuple(notes), 50, 90, 0.8)


def _bass(metre: Metre, harmony: Harmony) -> Part:
    notes = tuple(
        Note(span.start, metre.bar, span.voicing.bass, 70, _cause("voicing", "bass"))
        for span in harmony.spans
    )
    clefs = ("bass", "tenor", "treble")
    cello = Instrument("cello", 42, Pitch.parse("C2"), Pitch.parse("C5"), True, clefs=clefs)
    return Part("bass", cello, notes, 78, 100, 1.0)


def _drums(metre: Metre) -> Part:
    notes = tuple(
        Note(start, 6, None, 64, _cause("drums", "closed hi-hat"), drum=42)
        for start in range(0, 4 * metre.bar, metre.beat)
    )
    kit = Instrument("drums", 0, Pitch.parse("C0"), Pitch.parse("C8"), False)
    return Part("drums", kit, notes, 64, 80, 0.5)
