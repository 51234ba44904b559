"""What a phrase's melody is sung in: its time, its chords and their frame, its compass and end."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from theory.chord import Chord
from theory.metre import Metre
from theory.pitch import Interval, NoteName, Pitch, interval
from theory.rules import POPULAR, RULES, check_language, check_rules
from theory.scale import MODES, Key
from theory.voices.voicing import SOPRANO_RANGE, Voicing

# The metrical strength from which a place asks for a chord tone.
STRONG = RULES["strong-beat-dissonance"].number("strength")
# The intervals above a chord's root that popular language hears as chord tones.
ADDED = tuple(map(interval, str(RULES["strong-beat-dissonance"].parameters["added"]).split()))
BELOW = interval("-m2")
# The chromatic scale on a tonic, as letters and semitones above it.
CHROMATIC = (
    (1, 1),
    (1, 2),
    (2, 3),
    (2, 4),
    (3, 5),
    (3, 6),
    (4, 7),
    (5, 8),
    (5, 9),
    (6, 10),
    (6, 11),
)
# With the rule "compass" off the melody may go so far beyond it, in semitones.
BEYOND = 7


@dataclass(frozen=True, slots=True)
class Event:
    """A sung pitch, or a rest where `pitch` is None, lasting `ticks` (1/24 quarter note)."""

    pitch: Pitch | None
    ticks: int


@dataclass(frozen=True, slots=True)
class Span:
    """A chord and its voicing in the frame, from `start` to `end` in ticks.

    Ticks count from the phrase's first barline; an upbeat's are negative.
    """

    start: int
    end: int
    chord: Chord
    voicing: Voicing


def _start(span: Span) -> int:
    return span.start


@dataclass(frozen=True, slots=True)
class PhraseEntry:
    """What stands before a phrase: the last pitch sung (None if none), the last span's structural
    note and chord, and the voicings of it that the melody has left possible.

    Within a piece it is `Automaton.leave` of the phrase before.
    """

    pitch: Pitch | None
    structural: Pitch
    chord: Chord
    voicings: tuple[Voicing, ...]


@dataclass(frozen=True, slots=True)
class HarmonicContext:
    """Everything that a phrase's melody has to obey.

    The spans follow each other without a gap up to `end`; what lies before the first one is the
    upbeat, which still belongs to the chord of `before`, or is free of harmony where there is
    none. `scale` are the notes that may be sung besides chord tones, `final` the notes on one of
    which the phrase must end, `durations` the vocabulary of note lengths, `off` the names of
    rules switched off. `after`, the chord and voicing that open the next phrase, keeps the way
    to it open: with it every phrase of a chain can be sung. `soprano` is the range that the frame
    was led in; structural notes stay in it. With `keep_strict`, wherever the frame's own voices
    keep the rules of strict language, those led again under the melody can keep them too, though
    the language does not ask for it.

    Raises ValueError, naming the field, where the spans leave a gap or the times do not fit, and
    for an empty compass or an unknown language or rule.
    """

    key: Key
    metre: Metre
    start: int
    end: int
    spans: tuple[Span, ...]
    compass: tuple[Pitch, Pitch]
    scale: tuple[NoteName, ...]
    final: frozenset[NoteName]
    language: str
    durations: tuple[int, ...]
    off: frozenset[str] = frozenset()
    before: PhraseEntry | None = None
    after: tuple[Chord, Voicing] | None = None
    soprano: tuple[Pitch, Pitch] = SOPRANO_RANGE
    keep_strict: bool = False

    def __post_init__(self) -> None:
        if not self.spans or self.spans[-1].end != self.end or self.spans[0].start < self.start:
            raise ValueError("spans: they must end with the phrase and not begin before it")
        for one, next_ in zip(self.spans, self.spans[1:], strict=False):
            if one.end != next_.start or one.start >= one.end:
                raise ValueError(f"spans: they leave a gap or overlap at tick {one.end}")
        if not self.durations or min(self.durations) <= 0:
            raise ValueError("durations: they must be positive, and at least one")
        if self.compass[0].midi > self.compass[1].midi:
            raise ValueError(f"compass: {self.compass[0]} is above {self.compass[1]}")
        check_language(self.language)
        check_rules("off", self.off)

    def span_at(self, tick: int) -> int:
        """The number of the span that sounds at `tick`; −1 in the upbeat."""
        return bisect_right(self.spans, tick, key=_start) - 1

    def chord_at(self, tick: int) -> Chord | None:
        """The chord that sounds at `tick`; None in an upbeat free of harmony."""
        index = self.span_at(tick)
        if index >= 0:
            return self.spans[index].chord
        return self.before.chord if self.before else None

    def bass_before(self, index: int) -> Pitch | None:
        """The bass that sounds before span `index` begins."""
        if index:
            return self.spans[index - 1].voicing.bass
        return self.before.voicings[0].bass if self.before else None


@dataclass(frozen=True, slots=True)
class Palette:
    """The notes that a melody may use over one chord.

    `tones` are consonant: the chord's own, in popular language the added ones too. `rising` is the
    raised sixth degree, sung only upward from the fifth to the raised seventh; `falling` the
    natural seventh of the harmonic minor scale, only downward from tonic to sixth. `plain` are the
    notes that chord and key leave unaltered: in popular language any other is a chromatic one;
    where it is None there are no chromatic notes.
    """

    tones: frozenset[NoteName]
    notes: frozenset[NoteName]
    rising: NoteName | None
    falling: NoteName | None
    plain: frozenset[NoteName] | None = None

    @property
    def every(self) -> frozenset[NoteName]:
        return self.notes | {note for note in (self.rising, self.falling) if note is not None}

    def chromatic(self, note: NoteName) -> bool:
        """Is a note chromatic here, so that it has to go on by a minor second?"""
        return self.plain is not None and note not in self.plain | self.every


@lru_cache(maxsize=4096)
def palette(
    chord: Chord | None, key: Key, scale: tuple[NoteName, ...], popular: bool = False
) -> Palette:
    """The notes over a chord: its own, and those of the scale whose letter it does not alter.

    Minor is composite: over a chord with the raised seventh degree, the raised sixth may pass
    upward between fifth and seventh; where the scale's own seventh is raised and the chord has
    none, the natural seventh may pass downward between tonic and sixth. Free of harmony (None),
    the scale's notes all count as chord tones. Over a chord of another key, where the phrase has
    modulated, the scale is that key's. In popular language the sixth and the ninth of a chord count
    as chord tones where the key has them, and chromatic notes are to be had.
    """
    if chord is None:
        return Palette(frozenset(scale), frozenset(scale), None, None)
    if chord.key != key:
        scale, key = moved_to(scale, key, chord.key), chord.key
    tones = frozenset(chord.tones)
    letters = {tone.step for tone in tones}
    notes = tones | {note for note in scale if note.step not in letters}
    rising = falling = None
    sixth, raised = key.major_degree(5, -1), key.major_degree(6)
    if key.mode.minor and sixth in scale:
        if raised in tones and key.major_degree(5).step not in letters:
            rising = key.major_degree(5)
        if raised in scale and raised.step not in letters and sixth in notes:
            falling = key.major_degree(6, -1)
    if not popular:
        return Palette(tones, frozenset(notes), rising, falling)
    plain = tones | {note for note in key.notes if note.step not in letters}
    heard = tones | plain.intersection(chord.root.up(each) for each in ADDED)
    return Palette(heard, frozenset(notes), rising, falling, plain)


def moved_to(scale: tuple[NoteName, ...], key: Key, other: Key) -> tuple[NoteName, ...]:
    """The same degrees in another key; a pentatonic scale becomes that of the key's own mode."""
    if scale == key.notes:
        return other.notes
    degrees = tuple(degree for degree in range(7) if key.degree(degree) in scale)
    if len(degrees) == 5 and key.mode.minor != other.mode.minor:
        name = "minor pentatonic" if other.mode.minor else "major pentatonic"
        degrees = MODES[name].degrees
    return tuple(other.degree(degree) for degree in degrees)


def pitches_of(context: HarmonicContext) -> tuple[Pitch, ...]:
    """Every pitch that the phrase may use somewhere, from low to high."""
    chords: list[Chord | None] = [span.chord for span in context.spans]
    if context.start < context.spans[0].start:
        chords.append(context.chord_at(context.start))
    notes: set[NoteName] = set()
    for chord in chords:
        notes |= palette(chord, context.key, context.scale).every
    spelled: list[NoteName] = []
    if context.language == POPULAR:  # the lower neighbour, a semitone away, of every degree
        spelled = [note.up(BELOW) for note in context.key.notes]
    elif "scale" in context.off:
        spelled = [context.key.tonic.up(Interval(step, semi)) for step, semi in CHROMATIC]
    chromas = {note.chroma for note in notes}
    notes |= {note for note in spelled if note.chroma not in chromas}
    low, high = (pitch.midi for pitch in context.compass)
    if "compass" in context.off:
        low, high = low - BEYOND, high + BEYOND
    found = (note.at(octave) for note in notes for octave in range(-1, 10))
    return tuple(sorted(pitch for pitch in found if low <= pitch.midi <= high))
