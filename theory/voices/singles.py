"""Rules of one voice going from chord to chord: what is bound to move where, and how far.

As in `voicing` one definition serves for numbers and for numpy arrays: every predicate is
given a voice, its move, and the chords it goes from and to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from theory.chord import Chord
from theory.pitch import Note, interval
from theory.rules import RULES
from theory.voices.six_four import is_six_four
from theory.voices.voicing import ALTO, BASS, TENOR, Value, sings

SEMITONE = interval("m2")
# Semitones above each letter's natural note: perfect or major intervals by letters less one.
PURE = (0, 2, 4, 5, 7, 9, 11)
MINOR = str(RULES["unraised-leading-tone"].parameters["modes"]).split(", ")
WIDEST = RULES["wide-leap"].number("widest")


class Move(NamedTuple):
    """One voice going from a pitch to a pitch: MIDI numbers and diatonic heights."""

    midi: Value
    height: Value
    to_midi: Value
    to_height: Value

    @property
    def semitones(self) -> Value:
        return self.to_midi - self.midi

    @property
    def steps(self) -> Value:
        return self.to_height - self.height


def leading_tone(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """A leading tone rises where its goal comes.

    It may stay where the next chord has it too, fall from an inner voice to the fifth of the chord
    on its goal, and slip down a semitone to the next chord's seventh (V7/V–V7).
    """
    tone = before.leading
    if tone is None or after.leading == tone:
        return False
    goal = tone.up(SEMITONE)
    if goal not in after.tones:
        return False
    fine = (move.steps == 1) & (move.semitones == 1)
    if tone in after.tones:
        fine = fine | (move.semitones == 0)
    if voice in (ALTO, TENOR) and after.root == goal:
        falls = (move.steps == -2) & (move.semitones < 0)
        fine = fine | (falls & sings(move.to_midi, move.to_height, after.fifth))
    if after.seventh is not None:
        slips = (move.steps == 0) & (move.semitones == -1)
        fine = fine | (slips & sings(move.to_midi, move.to_height, after.seventh))
    return sings(move.midi, move.height, tone) & (fine ^ True)


def seventh(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """A seventh falls by step, or stays, where the next chord allows either.

    It passes to another voice where the next chord has the same seventh, and the major seventh of a
    major seventh chord may rise a semitone as a leading tone does.
    """
    tone = before.seventh
    if tone is None or after.seventh == tone:
        return False
    fine = falls_or_stays(tone, move, after)
    if fine is None:
        return False
    if before.quality.intervals[3] == "M7":
        fine = fine | ((move.steps == 1) & (move.semitones == 1))
    return sings(move.midi, move.height, tone) & (fine ^ True)


def suspension(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """The fourth of a suspended chord falls by step or stays, where the next chord has either."""
    if before.quality.intervals[1] != "P4":
        return False
    fine = falls_or_stays(before.third, move, after)
    if fine is None:
        return False
    return sings(move.midi, move.height, before.third) & (fine ^ True)


def augmented_sixth(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """An augmented sixth opens outwards by a semitone each way, where its goal comes."""
    if before.augmented_sixth is None:
        return False
    lower, upper = before.augmented_sixth
    if upper.up(SEMITONE) not in after.tones:
        return False
    opens_down = (move.steps == -1) & (move.semitones == -1)
    opens_up = (move.steps == 1) & (move.semitones == 1)
    return (sings(move.midi, move.height, lower) & (opens_down ^ True)) | (
        sings(move.midi, move.height, upper) & (opens_up ^ True)
    )


def neapolitan(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """The lowered second degree falls, by step or by a diminished third, or stays, where a chord
    with a leading tone or the tonic six-four comes."""
    if voice == BASS or not before.neapolitan:
        return False
    six_four = after.root == before.key.tonic and after.inversion == 2
    if after.leading is None and not six_four:
        return False
    stays = (move.steps == 0) & (move.semitones == 0)
    by_step = (move.steps == -1) & (move.semitones >= -2) & (move.semitones <= -1)
    by_third = (move.steps == -2) & (move.semitones == -2)
    return sings(move.midi, move.height, before.root) & ((stays | by_step | by_third) ^ True)


def falls_or_stays(tone: Note, move: Move, after: Chord) -> Value | None:
    """Does a dissonance fall by step or stay? None where the next chord lets it do neither."""
    below = any(
        (tone.step - other.step) % 7 == 1 and (tone.chroma - other.chroma) % 12 in (1, 2)
        for other in after.tones
    )
    if not below and tone not in after.tones:
        return None
    falls = (move.steps == -1) & (move.semitones >= -2) & (move.semitones <= -1)
    return falls | (move.semitones == 0)


def augmented_step(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """An augmented second, fourth, fifth …; the chromatic semitone is no such step."""
    return augmented(move)


def augmented(move: Move) -> Value:
    letters, size = abs(move.steps), abs(move.semitones)
    found: Value = False
    for number in range(1, 7):
        found = found | ((letters == number) & (size > PURE[number]))
    return found


def diminished(move: Move) -> Value:
    """A diminished second, third, fourth …: narrower than the minor or perfect interval."""
    letters, size = abs(move.steps), abs(move.semitones)
    found: Value = False
    for number in range(1, 8):
        narrow = PURE[number % 7] + 12 * (number // 7) - (number not in (3, 4, 7))
        found = found | ((letters == number) & (size < narrow))
    return found


def wide_leap(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """A seventh, or more than an octave, in an upper voice."""
    if voice == BASS:
        return False
    return (abs(move.steps) == 6) | (abs(move.semitones) > WIDEST)


def diminished_leap(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """A diminished third, fourth, fifth … up to a seventh."""
    letters = abs(move.steps)
    return diminished(move) & (letters > 1) & (letters < 7)


def six_four(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """The bass leaps into a six-four chord that is not the tonic's, or out of any; or what should
    be a step into the tonic's is a seventh or a ninth.

    The octave counts as staying: a cadential bass likes to fall by one. What the chords on both
    sides have to be, `theory.voices.six_four` says.
    """
    if voice != BASS or before.root == after.root:
        return False
    if not is_six_four(before) and not is_six_four(after):
        return False
    stays = (move.steps % 7 == 0) & (move.semitones % 12 == 0)
    leaps = (stays | (abs(move.steps) == 1)) ^ True
    if is_six_four(before) or after.root != after.key.tonic:
        return leaps
    return leaps & ((move.steps % 7 == 1) | (move.steps % 7 == 6))


def unraised_leading_tone(voice: int, move: Move, before: Chord, after: Chord) -> Value:
    """The natural seventh degree in a dominant of minor that goes to its tonic."""
    key = before.key
    home = after.key == key and after.root == key.tonic and after.target is None
    if not (key.mode.name in MINOR and home and before.root == key.major_degree(4)):
        return False
    return sings(move.midi, move.height, key.major_degree(6, -1))


SINGLE: Mapping[str, Callable[[int, Move, Chord, Chord], Value]] = MappingProxyType(
    {
        "leading-tone": leading_tone,
        "seventh": seventh,
        "suspension": suspension,
        "augmented-sixth": augmented_sixth,
        "neapolitan": neapolitan,
        "six-four": six_four,
        "unraised-leading-tone": unraised_leading_tone,
        "augmented-step": augmented_step,
        "diminished-leap": diminished_leap,
        "wide-leap": wide_leap,
    }
)
