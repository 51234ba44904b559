"""Where a note is bound to go: leading tones, sevenths, sixths and six-fours, read off two chords.

Sources: Aldwell & Schachter, Harmony and Voice Leading; Piston, Harmony.
"""

from __future__ import annotations

from itertools import permutations

from theory.chord import Chord
from theory.pitch import Interval, NoteName
from theory.verify.voiced import Found, VoicedChord, motions, within_octave


def leading_tone(place: VoicedChord) -> Found:
    if place.before is None or place.before.leading is None:
        return
    tone = place.before.leading
    goal = NoteName.from_fifths(tone.fifths - 5)
    if goal not in place.chord.tones or place.chord.leading == tone:
        return
    for voice, start, end, motion in motions(place):
        if start.note != tone:
            continue
        to_goal = motion.name == "m2"
        held = start == end and tone in place.chord.tones
        to_fifth = (
            voice in place.names[1:-1]
            and place.chord.root == goal
            and end.note == place.chord.fifth
            and motion.steps == -2
        )
        to_seventh = motion == Interval(0, -1) and end.note == place.chord.seventh
        if not (to_goal or held or to_fifth or to_seventh):
            yield (voice,), f"the leading tone {tone} in the {voice} goes to {end}, not to {goal}"


def _resolves(place: VoicedChord, tone: NoteName | None, what: str, rises: bool) -> Found:
    if tone is None:
        return
    tones = place.chord.tones
    letters = [note for note in tones if note.step == (tone.step + 6) % 7]
    falls_to = [note for note in letters if (tone.chroma - note.chroma) % 12 in (1, 2)]
    if not falls_to and tone not in tones:
        return
    for voice, start, end, motion in motions(place):
        allowed = ["P1", "-m2", "-M2"] + (["m2"] if rises else [])
        if start.note == tone and motion.name not in allowed:
            yield (voice,), f"the {what} {tone} in the {voice} goes to {end}, not down by step"


def seventh(place: VoicedChord) -> Found:
    if place.before is not None and place.chord.seventh != place.before.seventh:
        major = place.before.quality.intervals[-1] == "M7"
        yield from _resolves(place, place.before.seventh, "seventh", major)


def suspension(place: VoicedChord) -> Found:
    if place.before is not None and place.before.third.step == (place.before.root.step + 3) % 7:
        yield from _resolves(place, place.before.third, "suspended fourth", False)


def augmented_sixth(place: VoicedChord) -> Found:
    tones = place.before.tones if place.before is not None else ()
    for low, high in permutations(tones, 2):
        wide = (high.step - low.step) % 7 == 5 and (high.chroma - low.chroma) % 12 == 10
        if not wide or NoteName.from_fifths(high.fifths - 5) not in place.chord.tones:
            continue
        for voice, start, end, motion in motions(place):
            if (start.note == low and motion.name != "-m2") or (
                start.note == high and motion.name != "m2"
            ):
                yield (voice,), f"the augmented sixth's {start.note} in the {voice} goes to {end}"


def neapolitan(place: VoicedChord) -> Found:
    before = place.before
    if before is None or before.target is not None:
        return
    lowered = NoteName.from_fifths(before.key.tonic.fifths - 5)
    triad = tuple(NoteName.from_fifths(lowered.fifths + fifths) for fifths in (0, 4, 1))
    after = place.chord
    cadential = after.root == before.key.tonic and after.bass == after.fifth
    if before.tones != triad or not (cadential or after.leading is not None):
        return
    for voice, start, end, motion in motions(place):
        falls = motion.name in ("P1", "-m2", "-M2", "-d3")
        if voice != place.names[-1] and start.note == lowered and not falls:
            yield (voice,), f"the lowered second degree in the {voice} goes to {end}, not down"


def six_four(place: VoicedChord) -> Found:
    """Passing, pedal or cadential, and otherwise only an arpeggio."""
    old, now = place.before, place.chord
    if old is None or place.notes_before is None or old.root == now.root:
        if old is not None and _second_inversion(old):
            yield from _returning(place, old)
        return
    left, reached = place.notes_before[-1], place.notes[-1]
    if left is None or reached is None:
        return
    motion = left.to(reached)
    leaps = motion.number != 2 and within_octave(motion) != "P1"
    if _second_inversion(old):
        if leaps:
            yield (
                place.names[-1:],
                f"the {place.names[-1]} leaps by {motion.name} out of the six-four {old}",
            )
        else:
            yield from _astray(place, old, motion)
    elif _second_inversion(now) and leaps:
        displaced = abs(motion.steps) % 7 in (1, 6)
        if now.root != now.key.tonic or displaced:
            yield (
                place.names[-1:],
                f"the {place.names[-1]} leaps by {motion.name} into the six-four {now}",
            )


def _entry(place: VoicedChord, six_four: Chord) -> Interval | None:
    """How the bass came to the six-four before a place; None from its own root, or from nothing."""
    if place.earlier is None or place.bass_earlier is None or place.notes_before is None:
        return None
    if place.earlier.root == six_four.root:
        return None
    left = place.notes_before[-1]
    return None if left is None else place.bass_earlier.to(left)


def _returning(place: VoicedChord, six_four: Chord) -> Found:
    """A tonic six-four leapt to is cadential: no other chord of the tonic may follow it."""
    came = _entry(place, six_four)
    leapt = came is not None and came.number != 2 and within_octave(came) != "P1"
    if leapt and six_four.root == six_four.key.tonic:
        yield place.names[-1:], f"the six-four {six_four} is leapt to and goes to {place.chord}"


def _astray(place: VoicedChord, six_four: Chord, left: Interval) -> Found:
    came = _entry(place, six_four)
    if came is None:
        return
    stays, stayed = within_octave(left) == "P1", within_octave(came) == "P1"
    leapt = not stayed and came.number != 2
    if leapt and six_four.root != six_four.key.tonic:
        return  # which is a fault already where it came
    cadential = stays and place.chord.root == six_four.bass
    passing = not stays and came.steps == left.steps
    if not (cadential or passing or (stays and stayed)):
        yield (
            place.names[-1:],
            f"the six-four {six_four} neither passes nor stays nor goes to a chord on its bass",
        )


def _second_inversion(chord: Chord) -> bool:
    plain = chord.seventh is None and chord.added is None and chord.pedal is None
    return plain and chord.bass == chord.fifth
