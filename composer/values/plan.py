"""The plan of a piece: everything that is decided before a note is written.

Ticks are counted from the first barline, 24 to the quarter note; bars and beats that people read
are counted from 1. What the harmony, the melody, the arrangement and the performance need of the
decisions stands in a part of its own for each, so that nobody reads a decision by its name again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from theory.harmony.form import HELD, STATEMENT
from theory.metre import Metre
from theory.pitch import Pitch
from theory.scale import Key
from theory.voices.voicing import SOPRANO_RANGE

OPEN = "open"  # a phrase that runs on into the next
# What may surprise in a phrase.
BORROWED, DECEPTIVE, LEAP = "borrowed chord", "deceptive cadence", "leap of register"
MEDIANT, HEMIOLA = "mediant", "hemiola"
PAUSE, DROP = "general pause", "texture drop"
EVEN = 0.5  # the tension of a plan that has no line of it


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the form for a motif: what is done with it there.

    `action` is one of state, repeat, sequence, invert, fragment, new ending, contrast, cadence.
    """

    name: str  # unique in the piece, as "A1.2.1": section, phrase, slot
    start: int
    end: int
    motif: str
    action: str
    shift: int  # diatonic steps by which a sequence moves the motif, and nought elsewhere


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase: its place, its cadence, its slots and the contour that it is to follow.

    One that has no slots is sung by nobody: those who accompany are alone. Its cadence may be
    `held`: the chord before it, or the tonic, goes on.
    """

    name: str  # "A1.2": the second phrase of section A1
    section: str
    start: int
    end: int
    cadence: str
    slots: tuple[Slot, ...]
    contour: tuple[float, ...]  # wished melody pitch (MIDI number), one a beat
    climax: int | None  # tick of the period's highest point, where it lies in this phrase
    upbeat: int  # ticks that its melody begins before the phrase's first barline
    breath: int  # ticks of rest at the phrase's end, before the next one's upbeat
    surprise: str | None  # one of the kinds above, or None
    key: Key | None = None  # the key that it closes in, where that is not the piece's
    period: int = 0  # the number of its period in the piece
    rhythm: float | None = None  # chords a bar, where not the piece's
    degrees: tuple[int, ...] = ()  # of the scale, from 1, of its chords, one a bar; none: drawn

    @property
    def sung(self) -> bool:
        """Is there a melody in it?"""
        return bool(self.slots)

    @property
    def given(self) -> bool:
        """Does it say which chords it has?"""
        return self.cadence == HELD or bool(self.degrees)

    def motivic_end(self, slot: Slot, metre: Metre) -> int:
        """Where a slot's motif ends, breath aside: the last bar is the cadence's, unless the phrase
        runs on. Where that is no later than the slot begins, its motif is not sung there."""
        return slot.end if self.cadence == OPEN else min(slot.end, self.end - metre.bar)

    def has(self, slot: str) -> bool:
        """Is a slot of this name one of its own?"""
        return slot.rpartition(".")[0] == self.name


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form and the region of the picture that it stands for.

    `kind` is introduction, statement, link or coda. `layers` are the roles (composer.vocabulary)
    that may play, a row a bar; all of them where there are no rows. A role of a row plays if it is
    in the piece and, where it joins section by section, among those `joined`.
    """

    name: str
    letter: str
    start: int
    end: int
    region: str
    register: int  # semitones by which its melody lies higher or lower than the piece's
    dynamics: int  # velocity by which it is louder or softer
    density: float  # factor on the melody's notes a beat
    why: str  # what in the region says so
    level: int = 0  # how fully it is scored against what was decided: −1 thin, 1 full
    joined: tuple[str, ...] = ()  # roles that join melody, chords and bass here, if they play
    scoring: str = ""  # why it is scored so
    kind: str = STATEMENT
    layers: tuple[tuple[str, ...], ...] = ()
    ceiling: int | None = None  # the highest note that its melody may have, a MIDI number
    outlined: bool = False  # does its melody follow the picture's outline from left to right?


@dataclass(frozen=True, slots=True)
class Mood:
    """What the piece is called for, and where it lies: standard scores from −1 to 1."""

    name: str = ""
    valence: float = 0.0
    arousal: float = 0.0


@dataclass(frozen=True, slots=True)
class HarmonyPlan:
    """What the chords are drawn from."""

    progression: str = "folk"  # the name of a family of theory.harmony
    chords: str = "triads"  # or sevenths, borrowed, modal
    rhythm: float = 1.0  # chords a bar


@dataclass(frozen=True, slots=True)
class MelodyPlan:
    """What the melody keeps to, besides its phrases and the chords."""

    scale: str = "heptatonic"  # or pentatonic
    density: float = 1.0  # notes a beat
    syncopation: float = 0.0  # 0 to 1: how readily a note begins against the beat
    register: float = 71.0  # the middle of its compass, a MIDI number
    range: float = 12.0  # semitones from its lowest note to its highest, a leap of register aside
    dissonance: float = 0.3  # 0 to 1: how readily a note lies outside its chord
    compass: tuple[Pitch, Pitch] = SOPRANO_RANGE  # beyond which neither it nor the frame goes


@dataclass(frozen=True, slots=True)
class ArrangementPlan:
    """Who plays, and by which patterns; all but the counter-melody by their names in the orchestra.

    `instruments` are by role: melody, counter-melody, chords and bass.
    """

    ensemble: str = "solo piano"
    instruments: Mapping[str, str] = field(default_factory=dict, hash=False)
    counter_melody: str = "none"  # or contrary
    chord_pattern: str = "block"
    bass_pattern: str = "held"
    drum_pattern: str = "none"


@dataclass(frozen=True, slots=True)
class Performance:
    """How the written notes are played; the plan's curves of tempo and loudness are made of it."""

    rate: float = 96.0  # beats of the metre a minute, from which the tempo departs
    rubato: float = 0.0  # 0 to 1: how far it does
    level: float = 72.0  # velocity, about which the loudness moves
    dynamic_range: float = 20.0  # velocity from the softest place to the loudest
    swing: float = 0.0  # 0 straight, 1 triplet
    articulation: float = 0.9  # share of the melody's notes that sounds


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is decided before a note is written; the seed has no part in it.

    A plan that is made by hand needs no more than what its readers read: the parts for harmony,
    melody, arrangement and performance are then plain ones.
    """

    key: Key
    metre: Metre
    form: str
    bars: int
    language: str
    sections: tuple[Section, ...]
    phrases: tuple[Phrase, ...]
    tempo: tuple[tuple[int, float], ...]  # (tick, beats of the metre a minute)
    dynamics: tuple[tuple[int, int], ...]  # (tick, velocity), straight in between
    off: frozenset[str]  # rules of theory that are switched off
    mood: Mood = Mood()
    harmony: HarmonyPlan = HarmonyPlan()
    melody: MelodyPlan = MelodyPlan()
    arrangement: ArrangementPlan = ArrangementPlan()
    performance: Performance = Performance()
    tension: tuple[float, ...] = ()  # 0 to 1 for each bar; none for a plan that has no such line
    introduction: str = "none"  # the kind of what stands before the form
    coda: str = "none"  # and behind it

    def key_of(self, phrase: Phrase) -> Key:
        """The key that a phrase closes in."""
        return phrase.key or self.key

    @property
    def end(self) -> int:
        """The last tick."""
        return self.bars * self.metre.bar

    def echoes(self, phrase: Phrase) -> bool:
        """Is it a bar within a section that holds what was sung before it?"""
        stated = self.section_at(phrase.start).kind == STATEMENT
        return stated and not phrase.sung and phrase.end - phrase.start == self.metre.bar

    def section_at(self, tick: int) -> Section:
        """The section that a tick lies in."""
        starts = [section.start for section in self.sections]
        return self.sections[max(0, bisect_right(starts, tick) - 1)]

    def tension_at(self, tick: int) -> float:
        """The tension of the bar that a tick lies in."""
        if not self.tension:
            return EVEN
        return self.tension[min(max(0, tick // self.metre.bar), len(self.tension) - 1)]

    @property
    def summit(self) -> int | None:
        """The number of the phrase in which the line of tension is highest; None without a line."""
        if not self.tension:
            return None
        tick = self.tension.index(max(self.tension)) * self.metre.bar
        starts = [phrase.start for phrase in self.phrases]
        return bisect_right(starts, tick) - 1

    def plays(self, role: str, tick: int) -> bool:
        """Is a role among the layers of the bar that a tick lies in?"""
        section = self.section_at(tick)
        rows = section.layers
        bar = max(0, tick - section.start) // self.metre.bar
        return not rows or role in rows[min(bar, len(rows) - 1)]
