"""A lesson: two short examples that differ in one thing, and what the verifier says of each."""

from __future__ import annotations

from dataclasses import dataclass

from theory.chord import Chord
from theory.metre import METRES, Metre
from theory.pitch import Pitch
from theory.scale import Key
from theory.voices.voicing import Voicing

METRE: Metre = METRES["4/4"]
TEMPO = 84  # quarter notes a minute


@dataclass(frozen=True, slots=True)
class Span:
    """A chord in four voices, from and to a tick."""

    start: int
    end: int
    chord: Chord
    voicing: Voicing


@dataclass(frozen=True, slots=True)
class Tone:
    """A note of the tune, from and to a tick."""

    start: int
    end: int
    pitch: Pitch


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: at what tick, how, and which notes are at fault, as (voice, tick it begins).

    Voices are soprano, alto, tenor and bass, or tune.
    """

    rule: str
    tick: int
    sentence: str
    notes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One version of a lesson. Where there is a `tune`, it is sung instead of the soprano.

    `findings` are all the rules that it breaks: hard ones of its language, and the lesson's own.
    """

    title: str
    key: Key
    spans: tuple[Span, ...]
    tune: tuple[Tone, ...]
    findings: tuple[Finding, ...]

    @property
    def end(self) -> int:
        return self.spans[-1].end

    @property
    def bars(self) -> int:
        return self.end // METRE.bar


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is heard, in two sentences, and the pair: with it and without it."""

    kind: str  # mode, cadence, progression or rule
    name: str
    language: str
    says: tuple[str, str]
    source: str  # who says so; "" where nobody needs to
    pair: tuple[Example, Example]
