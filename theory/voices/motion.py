"""Rules of one voice, or of two, going from a chord to the next: what a step of the frame breaks.

Every rule of part-writing that looks at two chords looks at one voice or at two, so the optimiser
can tabulate it over pairs of pitches and not over pairs of voicings (`transitions`). As in
`voicing` one definition serves for numbers and for numpy arrays: a predicate is given which voices
they are, the motion of each, and, of one voice, the chords it goes from and to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from theory.chord import Chord
from theory.pitch import NoteName, interval
from theory.rules import RULES
from theory.voices.six_four import is_six_four
from theory.voices.voicing import ALTO, BASS, SOPRANO, TENOR, Value, Voicing, sings

SEMITONE = interval("m2")
# Semitones above each letter's natural note: perfect or major intervals by letters less one.
PURE = (0, 2, 4, 5, 7, 9, 11)
MINOR = str(RULES["unraised-leading-tone"].parameters["modes"]).split(", ")
WIDEST = RULES["wide-leap"].number("widest")


class Motion(NamedTuple):
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


# --- one voice ------------------------------------------------------------------------------------


def leading_tone(voice: int, motion: Motion, before: Chord, after: Chord) -> Value:
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
    fine = (motion.steps == 1) & (motion.semitones == 1)
    if tone in after.tones:
        fine = fine | (motion.semitones == 0)
    if voice in (ALTO, TENOR) and after.root == goal:
        falls = (motion.steps == -2) & (motion.semitones < 0)
        fine = fine | (falls & sings(motion.to_midi, motion.to_height, after.fifth))
    if after.seventh is not None:
        slips = (motion.steps == 0) & (motion.semitones == -1)
        fine = fine | (slips & sings(motion.to_midi, motion.to_height, after.seventh))
    return sings(motion.midi, motion.height, tone) & (fine ^ True)


def seventh(voice: int, motion: Motion, before: Chord, after: Chord) -> Value:
    """A seventh falls by step, or stays, where the next chord allows either.

    It passes to another voice where the next chord has the same seventh, and the major seventh of a
    major seventh chord may rise a semitone as a leading tone does.
    """
    tone = before.seventh
    if tone is None or after.seventh == tone:
        return False
    fine = falls_or_stays(tone, motion, after)
    if fine is None:
        return False
    if before.quality.intervals[3] == "M7":
        fine = fine | ((motion.steps == 1) & (motion.semitones == 1))
    return sings(motion.midi, motion.height, tone) & (fine ^ True)


def suspension(voice: int, motion: Motion, before: Chord, after: Chord) -> Value:
    """The fourth of a suspended chord falls by step or stays, where the next chord has either."""
    if before.quality.intervals[1] != "P4":
        return False
    fine = falls_or_stays(before.third, motion, after)
    if fine is None:
        return False
    return sings(motion.midi, motion.height, before.third) & (fine ^ True)


def augmented_sixth(voice: int, motion: Motion, before: Chord, after: Chord) -> Value:
    """An augmented sixth opens outwards by a semitone each way, where its goal comes."""
    if before.augmented_sixth is None:
        return False
    lower, upper = before.augmented_sixth
    if upper.up(SEMITONE) not in after.tones:
        return False
    opens_down = (motion.steps == -1) & (motion.semitones == -1)
    opens_up = (motion.steps == 1) & (motion.semitones == 1)
    return (sings(motion.midi, motion.height, lower) & (opens_down ^ True)) | (
        sings(motion.midi, motion.height, upper) & (opens_up ^ True)
    )


def neapolitan(voice: int, motion: Motion, before: Chord, after: Chord) -> Value:
    """The lowered second degree falls, by step or by a diminished third, or stays, where a chord
    with a leading tone or the tonic six-four comes."""
    if voice == BASS or not before.neapolitan:
        return False
    six_four = after.root == before.key.tonic and after.inversion == 2
    if after.leading is None and not six_four:
        return False
    stays = (motion.steps == 0) & (motion.semitones == 0)
    by_step = (motion.steps == -1) & (motion.semitones >= -2) & (motion.semitones <= -1)
    by_third = (motion.steps == -2) & (motion.semitones == -2)
    return sings(motion.midi, motion.height, before.root) & ((stays | by_step | by_third) ^ True)


def falls_or_stays(tone: NoteName, motion: Motion, after: Chord) -> Value | None:
    """Does a dissonance fall by step or stay? None where the next chord lets it do neither."""
    below = any(
        (tone.step - other.step) % 7 == 1 and (tone.chroma - other.chroma) % 12 in (1, 2)
        for other in after.tones
    )
    if not below and tone not in after.tones:
        return None
    falls = (motion.steps == -1) & (motion.semitones >= -2) & (motion.semitones <= -1)
    return falls | (motion.semitones == 0)


def augmented_step(voice: int, motion: Motion, before: Chord, after: Chord) -> Value:
    """An augmented second, fourth, fifth …; the chromatic semitone is no such step."""
    return augmented(motion)


def augmented(motion: Motion) -> Value:
    letters, size = abs(motion.steps), abs(motion.semitones)
    found: Value = False
    for number in range(1, 7):
        found = found | ((letters == number) & (size > PURE[number]))
    return found


def diminished(motion: Motion) -> Value:
    """A diminished second, third, fourth …: narrower than the minor or perfect interval."""
    letters, size = abs(motion.steps), abs(motion.semitones)
    found: Value = False
    for number in range(1, 8):
        narrow = PURE[number % 7] + 12 * (number // 7) - (number not in (3, 4, 7))
        found = found | ((letters == number) & (size < narrow))
    return found


def wide_leap(voice: int, motion: Motion, before: Chord, after: Chord) -> Value:
    """A seventh, or more than an octave, in an upper voice."""
    if voice == BASS:
        return False
    return (abs(motion.steps) == 6) | (abs(motion.semitones) > WIDEST)


def diminished_leap(voice: int, motion: Motion, before: Chord, after: Chord) -> Value:
    """A diminished third, fourth, fifth … up to a seventh."""
    letters = abs(motion.steps)
    return diminished(motion) & (letters > 1) & (letters < 7)


def six_four(voice: int, motion: Motion, before: Chord, after: Chord) -> Value:
    """The bass leaps into a six-four chord that is not the tonic's, or out of any; or what should
    be a step into the tonic's is a seventh or a ninth.

    The octave counts as staying: a cadential bass likes to fall by one. What the chords on both
    sides have to be, `theory.voices.six_four` says.
    """
    if voice != BASS or before.root == after.root:
        return False
    if not is_six_four(before) and not is_six_four(after):
        return False
    stays = (motion.steps % 7 == 0) & (motion.semitones % 12 == 0)
    leaps = (stays | (abs(motion.steps) == 1)) ^ True
    if is_six_four(before) or after.root != after.key.tonic:
        return leaps
    return leaps & ((motion.steps % 7 == 1) | (motion.steps % 7 == 6))


def unraised_leading_tone(voice: int, motion: Motion, before: Chord, after: Chord) -> Value:
    """The natural seventh degree in a dominant of minor that goes to its tonic."""
    key = before.key
    home = after.key == key and after.root == key.tonic and after.target is None
    if not (key.mode.name in MINOR and home and before.root == key.major_degree(4)):
        return False
    return sings(motion.midi, motion.height, key.major_degree(6, -1))


SINGLE: Mapping[str, Callable[[int, Motion, Chord, Chord], Value]] = MappingProxyType(
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


# --- two voices -----------------------------------------------------------------------------------

PAIRS = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))


def fifth_apart(high_midi: Value, high: Value, low_midi: Value, low: Value) -> Value:
    """A fifth from the lower note up: where the voices are crossed, a fourth is none."""
    return (abs(high - low) % 7 == 4) & (abs(high_midi - low_midi) % 12 == 7)


def octave_apart(high_midi: Value, high: Value, low_midi: Value, low: Value) -> Value:
    return ((high - low) % 7 == 0) & ((high_midi - low_midi) % 12 == 0)


def fifths(high: Motion, low: Motion) -> Value:
    """Are two voices a perfect fifth apart before and after?"""
    return fifth_apart(high.midi, high.height, low.midi, low.height) & fifth_apart(
        high.to_midi, high.to_height, low.to_midi, low.to_height
    )


def octaves(high: Motion, low: Motion) -> Value:
    """Are two voices an octave or unison apart before and after?"""
    return octave_apart(high.midi, high.height, low.midi, low.height) & octave_apart(
        high.to_midi, high.to_height, low.to_midi, low.to_height
    )


def parallel_fifths(upper: int, lower: int, high: Motion, low: Motion) -> Value:
    return fifths(high, low) & similar(high, low)


def parallel_octaves(upper: int, lower: int, high: Motion, low: Motion) -> Value:
    return octaves(high, low) & similar(high, low)


def contrary_fifths(upper: int, lower: int, high: Motion, low: Motion) -> Value:
    return fifths(high, low) & contrary(high, low)


def contrary_octaves(upper: int, lower: int, high: Motion, low: Motion) -> Value:
    return octaves(high, low) & contrary(high, low)


def similar(high: Motion, low: Motion) -> Value:
    """Do two voices move in the same direction?"""
    return ((high.semitones > 0) & (low.semitones > 0)) | (
        (high.semitones < 0) & (low.semitones < 0)
    )


def contrary(high: Motion, low: Motion) -> Value:
    """Do two voices move in opposite directions?"""
    return ((high.semitones > 0) & (low.semitones < 0)) | (
        (high.semitones < 0) & (low.semitones > 0)
    )


def direct_fifths(upper: int, lower: int, high: Motion, low: Motion) -> Value:
    if (upper, lower) != (SOPRANO, BASS):
        return False
    return (
        fifth_apart(high.to_midi, high.to_height, low.to_midi, low.to_height)
        & (fifth_apart(high.midi, high.height, low.midi, low.height) ^ True)
        & similar(high, low)
        & (abs(high.steps) > 1)
    )


def direct_octaves(upper: int, lower: int, high: Motion, low: Motion) -> Value:
    if (upper, lower) != (SOPRANO, BASS):
        return False
    return (
        octave_apart(high.to_midi, high.to_height, low.to_midi, low.to_height)
        & (octave_apart(high.midi, high.height, low.midi, low.height) ^ True)
        & similar(high, low)
        & (abs(high.steps) > 1)
    )


def overlap(upper: int, lower: int, high: Motion, low: Motion) -> Value:
    if lower - upper != 1:
        return False
    return (low.to_midi > high.midi) | (high.to_midi < low.midi)


def cross_relation(upper: int, lower: int, high: Motion, low: Motion) -> Value:
    """A letter in one voice and, altered, in the other voice of the next chord."""
    rising = ((low.height - high.to_height) % 7 == 0) & ((low.midi - high.to_midi) % 12 != 0)
    falling = ((high.height - low.to_height) % 7 == 0) & ((high.midi - low.to_midi) % 12 != 0)
    return rising | falling


PAIR: Mapping[str, Callable[[int, int, Motion, Motion], Value]] = MappingProxyType(
    {
        "parallel-fifths": parallel_fifths,
        "parallel-octaves": parallel_octaves,
        "contrary-fifths": contrary_fifths,
        "contrary-octaves": contrary_octaves,
        "direct-fifths": direct_fifths,
        "direct-octaves": direct_octaves,
        "overlap": overlap,
        "cross-relation": cross_relation,
    }
)


# --- both -----------------------------------------------------------------------------------------

MOTION_RULES = (*SINGLE, *PAIR)


def motions(before: Voicing, after: Voicing) -> tuple[Motion, ...]:
    """How each voice goes, soprano first."""
    return tuple(
        Motion(a.midi, a.height, b.midi, b.height) for a, b in zip(before, after, strict=True)
    )


def breaks(name: str, going: tuple[Motion, ...], before: Chord, after: Chord) -> int:
    """How often a step breaks a rule."""
    if name in SINGLE:
        return sum(int(SINGLE[name](v, going[v], before, after)) for v in range(4))
    return sum(int(PAIR[name](u, w, going[u], going[w])) for u, w in PAIRS)
