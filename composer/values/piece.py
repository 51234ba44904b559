"""The piece: its chords in four voices, its motifs, and its parts with a cause for every note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING

from composer.table import Decisions, Table
from composer.values.outline import followed
from composer.values.plan import Phrase, Plan, Section
from composer.vocabulary import SINGERS
from theory.chord import Chord
from theory.pitch import NoteName, Pitch
from theory.voices.frame import Rival
from theory.voices.voicing import Voicing

if TYPE_CHECKING:  # the libraries that read pictures are slow to load, and no value needs them
    from analysis.picture.analyse import Analysis

MIDDLE_C = Pitch.parse("C4")


@dataclass(frozen=True, slots=True)
class Motif:
    """What the seed gives the melody to remember: a rhythm and a diatonic contour.

    `steps[i]` is the i-th note's height against the first, in letters.
    """

    name: str
    rhythm: tuple[int, ...]  # ticks, filling its slot's first statement exactly
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """A chord in time with its four voices, and what else the grammar offered."""

    start: int
    end: int
    chord: Chord
    voicing: Voicing
    phrase: str
    cadence: str | None  # the cadence that this chord belongs to
    alternatives: Mapping[str, float]  # Roman numerals the grammar offered here, with weights
    costs: Mapping[str, float]  # the voice leading into it, by rule
    pattern: str | None = None  # the sequence or pedal point that it is part of
    pivot: Chord | None = None  # what it is in the key that the phrase goes to
    rival: Rival | None = None  # the next best voicing here


def cadence_notes(chord: Chord) -> frozenset[NoteName]:
    """The notes on which a phrase may end: its last chord's, but a seventh."""
    return frozenset(chord.tones[:3])


@dataclass(frozen=True, slots=True)
class Harmony:
    """The chords of the piece and their voices."""

    family: str
    spans: tuple[ChordSpan, ...]
    total: float
    runner_up: float | None


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument: its General MIDI program (0–127), its sounding range, and how it is played."""

    name: str
    program: int
    low: Pitch
    high: Pitch
    sustains: bool  # does its tone last while the note is held?
    family: str = ""
    middle: Pitch = MIDDLE_C  # the heart of its best register
    comfortable: tuple[Pitch, Pitch] | None = None  # where it plays with ease; None: all over
    sounds: Pitch = MIDDLE_C  # what a written C4 sounds: B♭3 for a clarinet in B♭
    at_once: int = 16  # notes that one player sounds at once
    breath: int = 0  # seconds that a player can go on without a breath; 0: as long as he likes
    roll: int = 0  # milliseconds from one note of a chord to the next, as fingers pluck them
    clefs: tuple[str, ...] = ()  # that its player reads, the usual one first; none: by its compass
    staves: str = "one"  # "two" for two hands, or "wide": two only where one is too narrow
    level: float | None = None  # decibels, from instruments.yaml; None: unknown
    short: str = ""  # its name from the second system of a score on; "": the same as on the first


@dataclass(frozen=True, slots=True)
class Weighed:
    """How rules weighed a note of the melody: its costs by name, and the best other pitch there,
    with how much dearer the best melody with it is (None where there is no other)."""

    costs: Mapping[str, float]
    runner_up: Pitch | None
    margin: float | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the network proposed for a note of the melody; shares are probabilities.

    `wanted` is its own first choice, allowed or not, a pitch (None: a rest) and its ticks; `share`
    that of what was sung; `allowed` the share of all that the rules left open; `runner_up` the
    best other note of those.
    """

    wanted: tuple[Pitch | None, int]
    wanted_share: float
    share: float
    allowed: float
    runner_up: tuple[Pitch | None, int] | None
    runner_up_share: float


@dataclass(frozen=True, slots=True)
class Trace:
    """How a note of the melody was found: the pitches that each hard rule struck out for its
    place and length, the pitch that the skyline's contour wished for (a MIDI number), and who
    weighed what was left."""

    struck: Mapping[str, tuple[Pitch, ...]]
    contour: float
    by: Weighed | Proposed


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a note is there."""

    origin: str  # melody, doubling, voicing, pattern, counter-melody, drums
    label: str  # "chord tone", "passing", "suspension", …; a pattern's name; a drum's name
    slot: str | None
    motif: str | None
    action: str | None
    region: str
    rules: tuple[str, ...]  # decisions and rules of theory that shaped it
    trace: Trace | None = None  # of a note of the melody


@dataclass(frozen=True, slots=True)
class Note:
    """A note as written; how it is played (articulation, swing) the MIDI writer derives."""

    start: int
    ticks: int
    pitch: Pitch | None  # None for a drum
    velocity: int
    cause: Cause
    drum: int | None = None  # General MIDI percussion key

    @property
    def end(self) -> int:
        return self.start + self.ticks

    @property
    def key_number(self) -> int:
        """The MIDI key: the pitch's number, or the drum's."""
        if self.pitch is not None:
            return self.pitch.midi
        assert self.drum is not None
        return self.drum


@dataclass(frozen=True, slots=True)
class Part:
    """One player: a role, an instrument, notes in order of time."""

    role: str  # one of ROLES
    instrument: Instrument
    notes: tuple[Note, ...]
    pan: int  # 0 left … 127 right
    volume: int  # 0 … 127
    articulation: float  # share of a note's length, up to a beat, that sounds
    octave: int = 0  # octaves by which it sounds higher than written, as with a clef with an 8
    pedal: tuple[tuple[int, int], ...] = ()  # ticks from and to which all that is struck rings on
    roll: int = 0  # MIDI pulses (1/480 quarter note) from one note of a chord to the next
    slurs: tuple[tuple[int, int], ...] = ()  # ticks from and to which a line goes on one bow
    breaths: tuple[int, ...] = ()  # ticks before which the player takes breath

    @property
    def players(self) -> int:
        """How many it takes to play all that sounds at once."""
        ends: list[int] = []
        most = 1
        for note in sorted(self.notes, key=lambda note: note.start):
            ends = [end for end in ends if end > note.start] + [note.end]
            most = max(most, len(ends))
        return -(-most // self.instrument.at_once)


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of checking one rule on the finished piece."""

    rule: str
    hard: bool  # may nothing break it here? Never so where it is switched off.
    count: int
    places: tuple[str, ...]  # "bar 3 beat 2: soprano and bass"
    off: bool = False  # was it switched off?


@dataclass(frozen=True, slots=True)
class SungBy:
    """Who proposed the melody's notes: "rules", or "neural" and the SHA-256 of its weights."""

    name: str
    weights: str | None


RULES_SUNG = SungBy("rules", None)


@dataclass(frozen=True, slots=True)
class Piece:
    """A finished piece with all that led to it."""

    title: str
    analysis: Analysis
    table: Table
    decisions: Decisions
    plan: Plan
    harmony: Harmony
    motifs: Mapping[str, Motif]
    parts: tuple[Part, ...]
    checks: tuple[Check, ...]
    seconds: float
    seed: int
    singer: SungBy = RULES_SUNG
    timing: str = "played"  # as people time it, or "strict"
    chosen: str = ""  # of which takes it is the best, in a sentence; "" where there was one

    def __repr__(self) -> str:
        players = dict.fromkeys(part.instrument.name for part in self.parts)
        facts = (
            f"{self.plan.key.tonic.sign} {self.plan.key.mode.name}",
            self.plan.metre.name,
            f"{self.plan.bars} bars",
            f"{self.seconds:g} s",
            self.plan.mood.name,
        )
        return f"<Piece {self.title!r}: {', '.join(facts)}; {', '.join(players)}>"

    def _repr_html_(self) -> str:
        """What a notebook shows. The door knows the rooms above, and is asked when it is open."""
        found: str = import_module("composer.api").notebook(self)
        return found

    @property
    def heading(self) -> str:
        """The title as it stands over a score: the picture's name, without what only a file needs.

        `China` of `sample:china`, `Holiday by the sea` of `holiday by the sea.jpg`.
        """
        name = PurePath(self.title.removeprefix("sample:")).stem.lstrip(".")
        return name[:1].upper() + name[1:]

    def part(self, role: str) -> Part | None:
        return next((part for part in self.parts if part.role == role), None)

    @property
    def melody(self) -> tuple[Note, ...]:
        """The melody's notes in order of time, whoever sings them."""
        sung = (note for part in self.parts if part.role in SINGERS for note in part.notes)
        return tuple(sorted(sung, key=lambda note: note.start))

    def followed(self, section: Section) -> float | None:
        """How closely the tune follows the picture's outline in a section that is planned to show
        it, r from −1 to 1; None for another, and for a tune that hardly moves."""
        if not section.outlined:
            return None
        sung = [(note.start, note.end, note.key_number) for note in self.melody]
        return followed(sung, section.start, section.end, self.analysis.skyline.heights)

    def octave(self, phrase: Phrase) -> int:
        """Octaves by which the melody sounds higher in a phrase than it is written."""
        own = (
            part.octave
            for part in self.parts
            if part.role in SINGERS
            and any(note.cause.slot and phrase.has(note.cause.slot) for note in part.notes)
        )
        return next(own, 0)
