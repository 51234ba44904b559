"""An independent check of a finished melody over its chords; it shares nothing with the automaton.

It reads what was written, note by note, and judges what a reader of the score would: intervals,
perfects against the bass at changes of chord, dissonance on strong beats and how it is left, and
the note on which each phrase ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from theory.chord import Chord
from theory.metre import Metre
from theory.pitch import Pitch
from theory.rules import RULES

STRONG = 3
SEVENTHS = (6,)  # letters in a seventh


@dataclass(frozen=True, slots=True)
class Sung:
    """A note of the melody, in ticks from the first barline."""

    start: int
    end: int
    pitch: Pitch


@dataclass(frozen=True, slots=True)
class Ground:
    """A chord in time over its bass. `ends` are the pitch classes on which a phrase that ends here
    may close; None within a phrase."""

    start: int
    end: int
    chord: Chord
    bass: Pitch
    ends: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule and the tick at which it shows."""

    rule: str
    tick: int
    sentence: str


def verify_melody(
    notes: Sequence[Sung],
    grounds: Sequence[Ground],
    metre: Metre,
    compass: tuple[Pitch, Pitch],
    language: str,
    off: Collection[str] = (),
) -> tuple[Fault, ...]:
    """Every violation of the melody's hard rules in a language, in order of time."""
    found = [
        *_compass(notes, compass),
        *_intervals(notes),
        *_perfects(notes, grounds),
        *_strong(notes, grounds, metre),
        *_cadences(notes, grounds),
        *_structure(notes, grounds),
    ]
    bound = [f for f in found if RULES[f.rule].binds(language) and f.rule not in off]
    return tuple(sorted(bound, key=lambda fault: fault.tick))


def _compass(notes: Sequence[Sung], compass: tuple[Pitch, Pitch]) -> Iterator[Fault]:
    low, high = compass
    for note in notes:
        if not low.midi <= note.pitch.midi <= high.midi:
            yield Fault("compass", note.start, f"{note.pitch} lies outside {low} to {high}")


def _intervals(notes: Sequence[Sung]) -> Iterator[Fault]:
    for index, (one, two) in enumerate(pairwise(notes)):
        leap = one.pitch.to(two.pitch)
        if leap.size > 12 or abs(leap.steps) in SEVENTHS:
            yield Fault("melodic-interval", two.start, f"{one.pitch} to {two.pitch}, {leap.name}")
        elif abs(leap.steps) > 1 and "A" in leap.quality:
            yield Fault("melodic-interval", two.start, f"an augmented leap, {leap.name}")
        elif abs(leap.steps) > 1 and "d" in leap.quality and index + 2 < len(notes):
            back = two.pitch.to(notes[index + 2].pitch)
            if back.steps * leap.steps > 0 or abs(back.steps) > 1:
                yield Fault("melodic-interval", two.start, f"{leap.name} that does not turn back")


def _perfects(notes: Sequence[Sung], grounds: Sequence[Ground]) -> Iterator[Fault]:
    """Parallels between the note that leads up to a change of chord and the one struck at it.

    A rest between the two parts them.
    """
    for old, new in pairwise(grounds):
        before = [note for note in notes if note.start < new.start]
        at = [note for note in notes if note.start == new.start]
        if not before or not at or old.bass.midi == new.bass.midi:
            continue
        if before[-1].end < new.start:
            continue
        one, two = before[-1].pitch, at[0].pitch
        if one.midi == two.midi:
            continue
        first, second = _simple(old.bass, one), _simple(new.bass, two)
        if first == second and first in ("P1", "P5"):
            what = "octaves" if first == "P1" else "fifths"
            yield Fault("perfects-with-bass", new.start, f"parallel {what} with the bass")


def _simple(low: Pitch, high: Pitch) -> str:
    found = low.to(high)
    return f"{found.quality}{abs(found.steps) % 7 + 1}"


def _strong(notes: Sequence[Sung], grounds: Sequence[Ground], metre: Metre) -> Iterator[Fault]:
    """A non-chord tone struck on a strong beat goes on by step, or is repeated until it does."""
    for index, note in enumerate(notes):
        ground = next((g for g in grounds if g.start <= note.start < g.end), None)
        if ground is None or note.pitch.note in ground.chord.tones:
            continue
        if metre.strength(note.start) < STRONG and note.start != ground.start:
            continue
        after = [later.pitch for later in notes[index + 1 :] if later.pitch != note.pitch]
        if not after or abs(note.pitch.to(after[0]).steps) != 1:
            sentence = f"{note.pitch} over {ground.chord.symbol} is not resolved by step"
            yield Fault("strong-beat-dissonance", note.start, sentence)


def _cadences(notes: Sequence[Sung], grounds: Sequence[Ground]) -> Iterator[Fault]:
    for ground in grounds:
        if ground.ends is None:
            continue
        last = [note for note in notes if note.start < ground.end]
        if not last or last[-1].pitch.note.name not in ground.ends:
            sentence = f"the phrase does not end on {', '.join(sorted(ground.ends))}"
            yield Fault("melodic-cadence", ground.start, sentence)


def _structure(notes: Sequence[Sung], grounds: Sequence[Ground]) -> Iterator[Fault]:
    for ground in grounds:
        heard = [n for n in notes if n.end > ground.start and n.start < ground.end]
        if not any(note.pitch.note in ground.chord.tones for note in heard):
            sentence = f"no note of {ground.chord.symbol} is sung over it"
            yield Fault("structural-note", ground.start, sentence)
