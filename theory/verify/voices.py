"""An independent reading of the rules of part-writing, for checking what has been written.

Nothing here is shared with the optimiser (`theory.voices`): each rule is read anew, note by
note, in terms of spelled intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations
from types import MappingProxyType
from typing import TypeAlias

from theory.chord import Chord
from theory.pitch import Interval, Note, Pitch
from theory.rules import RULES, check_language, check_rules
from theory.verify.values import Violation

VOICE_NAMES = ("soprano", "alto", "tenor", "bass")
INNER = ("alto", "tenor")
# Lowest and highest note of each voice.
COMPASS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        voice: (low, high)
        for voice, both in RULES["range"].parameters.items()
        for low, _, high in (str(both).partition(" "),)
    }
)
WIDEST_GAP = RULES["spacing"].number("widest")
MINOR = frozenset(str(RULES["unraised-leading-tone"].parameters["modes"]).split(", "))
WIDEST_LEAP = RULES["wide-leap"].number("widest")

Four: TypeAlias = tuple[Pitch, ...]
Found: TypeAlias = Iterator[tuple[tuple[str, ...], str]]


@dataclass(frozen=True, slots=True)
class VoicedChord:
    """A chord as sung, with the two before it, if there are any, and all that are sung after it."""

    chord: Chord
    notes: Four
    before: Chord | None
    notes_before: Four | None
    later: Sequence[Four]
    compass: Mapping[str, tuple[str, str]]
    earlier: Chord | None
    bass_earlier: Pitch | None


def verify_voices(
    chords: Sequence[Chord],
    voicings: Sequence[Iterable[Pitch]],
    language: str,
    *,
    off: Collection[str] = (),
    rules: Collection[str] | None = None,
    soprano_range: tuple[Pitch, Pitch] | None = None,
) -> tuple[Violation, ...]:
    """Every violation of the rules of part-writing that bind in a language, in order of time.

    `rules` names other rules to check instead, soft ones among them; `off` some to leave out. Each
    voicing gives four pitches, soprano first. Raises ValueError where there is not one voicing a
    chord or not four pitches a voicing, or for an unknown language or rule.
    """
    check_language(language)
    off = check_rules("off", off)
    sung = [tuple(voicing) for voicing in voicings]
    if len(sung) != len(chords) or any(len(notes) != 4 for notes in sung):
        raise ValueError("every chord needs one voicing of four pitches")
    if rules is None:
        named = tuple(n for n, r in RULES.items() if n in READINGS and r.binds(language))
    else:
        named = check_rules("rules", rules, "voices")
    compass = dict(COMPASS)
    if soprano_range is not None:
        compass["soprano"] = (soprano_range[0].name, soprano_range[1].name)
    found = []
    for index, (chord, notes) in enumerate(zip(chords, sung, strict=True)):
        place = VoicedChord(
            chord,
            notes,
            chords[index - 1] if index else None,
            sung[index - 1] if index else None,
            sung[index + 1 :],
            compass,
            chords[index - 2] if index > 1 else None,
            sung[index - 2][-1] if index > 1 else None,
        )
        for name in named:
            if name not in off:
                for voices, how in READINGS[name](place):
                    found.append(Violation(name, index, voices, f"chord {index + 1}: {how}"))
    return tuple(found)


# --- one chord ------------------------------------------------------------------------------------


def _range(place: VoicedChord) -> Found:
    for voice, pitch in zip(VOICE_NAMES, place.notes, strict=True):
        low, high = (Pitch.parse(name) for name in place.compass[voice])
        if not low.midi <= pitch.midi <= high.midi:
            yield (voice,), f"the {voice} sings {pitch}, outside {low} to {high}"


def _spacing(place: VoicedChord) -> Found:
    for upper, lower in (("soprano", "alto"), ("alto", "tenor")):
        gap = _sung(place.notes, lower).to(_sung(place.notes, upper))
        if gap.semitones > WIDEST_GAP:
            yield (upper, lower), f"{upper} and {lower} are a {gap.name} apart"


def _crossing(place: VoicedChord) -> Found:
    for upper, lower in pairwise(VOICE_NAMES):
        if _sung(place.notes, upper).midi < _sung(place.notes, lower).midi:
            yield (upper, lower), f"the {lower} is above the {upper}"


def _completeness(place: VoicedChord) -> Found:
    present = {pitch.note for pitch in place.notes}
    chord = place.chord
    needed = {"root": chord.root, "third": chord.third, "seventh": chord.seventh}
    for name, note in (*needed.items(), ("added note", chord.added)):
        if note is not None and note not in present:
            yield (), f"{place.chord} lacks its {name} {note}"


def _doubled(place: VoicedChord, note: Note | None, what: str) -> Found:
    voices = tuple(
        voice
        for voice, pitch in zip(VOICE_NAMES, place.notes, strict=True)
        if note is not None and pitch.note == note
    )
    if len(voices) > 1:
        yield voices, f"the {what} {note} of {place.chord} is doubled"


def _doubled_leading_tone(place: VoicedChord) -> Found:
    yield from _doubled(place, place.chord.leading, "leading tone")


def _doubled_seventh(place: VoicedChord) -> Found:
    yield from _doubled(place, place.chord.seventh, "seventh")


# --- two chords -----------------------------------------------------------------------------------


def _overlap(place: VoicedChord) -> Found:
    if place.notes_before is None:
        return
    for upper, lower in pairwise(VOICE_NAMES):
        if _sung(place.notes, lower).midi > _sung(place.notes_before, upper).midi:
            yield (upper, lower), f"the {lower} rises past the note the {upper} has left"
        if _sung(place.notes, upper).midi < _sung(place.notes_before, lower).midi:
            yield (upper, lower), f"the {upper} falls past the note the {lower} has left"


def _running(place: VoicedChord, simple: str, what: str, how: str) -> Found:
    for (upper, lower), first, second, (high, low) in _pairs(place):
        if _simple(first) == simple == _simple(second) and high.semitones and low.semitones:
            together = "parallel" if high.semitones * low.semitones > 0 else "contrary"
            if together == how:
                yield (upper, lower), f"{how} {what} between {upper} and {lower}"


def _parallel_fifths(place: VoicedChord) -> Found:
    yield from _running(place, "P5", "fifths", "parallel")


def _parallel_octaves(place: VoicedChord) -> Found:
    yield from _running(place, "P1", "octaves or unisons", "parallel")


def _contrary_fifths(place: VoicedChord) -> Found:
    yield from _running(place, "P5", "fifths", "contrary")


def _contrary_octaves(place: VoicedChord) -> Found:
    yield from _running(place, "P1", "octaves or unisons", "contrary")


def _direct(place: VoicedChord, simple: str, what: str) -> Found:
    for voices, first, second, (high, low) in _pairs(place):
        if voices != ("soprano", "bass") or _simple(second) != simple or _simple(first) == simple:
            continue
        if high.semitones * low.semitones > 0 and high.number > 2:
            yield voices, f"soprano and bass leap in one direction to {what}"


def _direct_fifths(place: VoicedChord) -> Found:
    yield from _direct(place, "P5", "a fifth")


def _direct_octaves(place: VoicedChord) -> Found:
    yield from _direct(place, "P1", "an octave")


def _leading_tone(place: VoicedChord) -> Found:
    if place.before is None or place.before.leading is None:
        return
    tone = place.before.leading
    goal = Note.from_fifths(tone.fifths - 5)
    if goal not in place.chord.tones or place.chord.leading == tone:
        return
    for voice, start, end, motion in _motions(place):
        if start.note != tone:
            continue
        to_goal = motion.name == "m2"
        held = start == end and tone in place.chord.tones
        to_fifth = (
            voice in INNER
            and place.chord.root == goal
            and end.note == place.chord.fifth
            and motion.steps == -2
        )
        to_seventh = motion == Interval(0, -1) and end.note == place.chord.seventh
        if not (to_goal or held or to_fifth or to_seventh):
            yield (voice,), f"the leading tone {tone} in the {voice} goes to {end}, not to {goal}"


def _resolves(place: VoicedChord, tone: Note | None, what: str, rises: bool) -> Found:
    if tone is None:
        return
    tones = place.chord.tones
    letters = [note for note in tones if note.step == (tone.step + 6) % 7]
    falls_to = [note for note in letters if (tone.chroma - note.chroma) % 12 in (1, 2)]
    if not falls_to and tone not in tones:
        return
    for voice, start, end, motion in _motions(place):
        allowed = ["P1", "-m2", "-M2"] + (["m2"] if rises else [])
        if start.note == tone and motion.name not in allowed:
            yield (voice,), f"the {what} {tone} in the {voice} goes to {end}, not down by step"


def _seventh(place: VoicedChord) -> Found:
    if place.before is not None and place.chord.seventh != place.before.seventh:
        major = place.before.quality.intervals[-1] == "M7"
        yield from _resolves(place, place.before.seventh, "seventh", major)


def _suspension(place: VoicedChord) -> Found:
    if place.before is not None and place.before.third.step == (place.before.root.step + 3) % 7:
        yield from _resolves(place, place.before.third, "suspended fourth", False)


def _augmented_sixth(place: VoicedChord) -> Found:
    tones = place.before.tones if place.before is not None else ()
    for low, high in permutations(tones, 2):
        wide = (high.step - low.step) % 7 == 5 and (high.chroma - low.chroma) % 12 == 10
        if not wide or Note.from_fifths(high.fifths - 5) not in place.chord.tones:
            continue
        for voice, start, end, motion in _motions(place):
            if (start.note == low and motion.name != "-m2") or (
                start.note == high and motion.name != "m2"
            ):
                yield (voice,), f"the augmented sixth's {start.note} in the {voice} goes to {end}"


def _neapolitan(place: VoicedChord) -> Found:
    before = place.before
    if before is None or before.target is not None:
        return
    lowered = Note.from_fifths(before.key.tonic.fifths - 5)
    triad = tuple(Note.from_fifths(lowered.fifths + fifths) for fifths in (0, 4, 1))
    after = place.chord
    cadential = after.root == before.key.tonic and after.bass == after.fifth
    if before.tones != triad or not (cadential or after.leading is not None):
        return
    for voice, start, end, motion in _motions(place):
        falls = motion.name in ("P1", "-m2", "-M2", "-d3")
        if voice != "bass" and start.note == lowered and not falls:
            yield (voice,), f"the lowered second degree in the {voice} goes to {end}, not down"


def _six_four(place: VoicedChord) -> Found:
    """Passing, pedal or cadential, and otherwise only an arpeggio."""
    old, now = place.before, place.chord
    if old is None or place.notes_before is None or old.root == now.root:
        if old is not None and _second_inversion(old):
            yield from _returning(place, old)
        return
    motion = place.notes_before[-1].to(place.notes[-1])
    leaps = motion.number != 2 and _simple(motion) != "P1"
    if _second_inversion(old):
        if leaps:
            yield ("bass",), f"the bass leaps by {motion.name} out of the six-four {old}"
        else:
            yield from _astray(place, old, motion)
    elif _second_inversion(now) and leaps:
        displaced = abs(motion.steps) % 7 in (1, 6)
        if now.root != now.key.tonic or displaced:
            yield ("bass",), f"the bass leaps by {motion.name} into the six-four {now}"


def _entry(place: VoicedChord, six_four: Chord) -> Interval | None:
    """How the bass came to the six-four before a place; None from its own root, or from nothing."""
    if place.earlier is None or place.bass_earlier is None or place.notes_before is None:
        return None
    if place.earlier.root == six_four.root:
        return None
    return place.bass_earlier.to(place.notes_before[-1])


def _returning(place: VoicedChord, six_four: Chord) -> Found:
    """A tonic six-four leapt to is cadential: no other chord of the tonic may follow it."""
    came = _entry(place, six_four)
    leapt = came is not None and came.number != 2 and _simple(came) != "P1"
    if leapt and six_four.root == six_four.key.tonic:
        yield ("bass",), f"the six-four {six_four} is leapt to and goes to {place.chord}"


def _astray(place: VoicedChord, six_four: Chord, left: Interval) -> Found:
    came = _entry(place, six_four)
    if came is None:
        return
    stays, stayed = _simple(left) == "P1", _simple(came) == "P1"
    leapt = not stayed and came.number != 2
    if leapt and six_four.root != six_four.key.tonic:
        return  # which is a fault already where it came
    cadential = stays and place.chord.root == six_four.bass
    passing = not stays and came.steps == left.steps
    if not (cadential or passing or (stays and stayed)):
        yield (
            ("bass",),
            f"the six-four {six_four} neither passes nor stays nor goes to a chord on its bass",
        )


def _second_inversion(chord: Chord) -> bool:
    plain = chord.seventh is None and chord.added is None and chord.pedal is None
    return plain and chord.bass == chord.fifth


def _unraised_leading_tone(place: VoicedChord) -> Found:
    before, now = place.before, place.chord
    if before is None or now.target is not None or now.key != before.key:
        return
    tonic = now.key.tonic
    dominant, subtonic = Note.from_fifths(tonic.fifths + 1), Note.from_fifths(tonic.fifths - 2)
    minor = now.key.mode.name in MINOR
    if (before.root, now.root) != (dominant, tonic) or not minor:
        return
    for voice, start, _, _ in _motions(place):
        if start.note == subtonic:
            yield (voice,), f"the {voice} sings {subtonic}, not raised, in {before} before {now}"


def _diminished_leap(place: VoicedChord) -> Found:
    for voice, start, end, motion in _motions(place):
        if motion.quality.startswith("d") and 2 < motion.number < 8:
            sung = (_sung(notes, voice) for notes in place.later)
            back = end.to(next((pitch for pitch in sung if pitch != end), end))
            if back.number != 2 or back.steps * motion.steps > 0:
                how = f"leaps by {motion.name}, from {start} to {end}, and does not turn back"
                yield (voice,), f"the {voice} {how}"


def _augmented_step(place: VoicedChord) -> Found:
    for voice, start, end, motion in _motions(place):
        if motion.quality.startswith("A") and 1 < motion.number < 8:
            yield (voice,), f"the {voice} moves by {motion.name}, from {start} to {end}"


def _wide_leap(place: VoicedChord) -> Found:
    for voice, start, end, motion in _motions(place):
        if voice != "bass" and (motion.number == 7 or motion.size > WIDEST_LEAP):
            yield (voice,), f"the {voice} leaps by {motion.name}, from {start} to {end}"


def _cross_relation(place: VoicedChord) -> Found:
    if place.notes_before is None:
        return
    old = list(zip(VOICE_NAMES, place.notes_before, strict=True))
    new = list(zip(VOICE_NAMES, place.notes, strict=True))
    for (a, one), (b, two) in ((x, y) for x in old for y in new):
        if a != b and one.note.step == two.note.step and one.note.alter != two.note.alter:
            yield (a, b), f"{one.note} in the {a} is followed by {two.note} in the {b}"


Reading: TypeAlias = Callable[[VoicedChord], Found]

# Rules that look at one chord as it is sung; all others look at what leads into it too.
ALONE: Mapping[str, Reading] = MappingProxyType(
    {
        "range": _range,
        "spacing": _spacing,
        "crossing": _crossing,
        "completeness": _completeness,
        "doubled-leading-tone": _doubled_leading_tone,
        "doubled-seventh": _doubled_seventh,
    }
)
READINGS: Mapping[str, Reading] = MappingProxyType(
    {
        **ALONE,
        "overlap": _overlap,
        "parallel-fifths": _parallel_fifths,
        "parallel-octaves": _parallel_octaves,
        "contrary-fifths": _contrary_fifths,
        "contrary-octaves": _contrary_octaves,
        "direct-fifths": _direct_fifths,
        "direct-octaves": _direct_octaves,
        "leading-tone": _leading_tone,
        "seventh": _seventh,
        "suspension": _suspension,
        "augmented-sixth": _augmented_sixth,
        "neapolitan": _neapolitan,
        "six-four": _six_four,
        "unraised-leading-tone": _unraised_leading_tone,
        "augmented-step": _augmented_step,
        "diminished-leap": _diminished_leap,
        "wide-leap": _wide_leap,
        "cross-relation": _cross_relation,
    }
)


def _sung(notes: Four, voice: str) -> Pitch:
    return notes[VOICE_NAMES.index(voice)]


def _motions(place: VoicedChord) -> Iterator[tuple[str, Pitch, Pitch, Interval]]:
    """Every voice with the note it leaves, the note it reaches and the interval between them."""
    if place.notes_before is not None:
        for voice, start, end in zip(VOICE_NAMES, place.notes_before, place.notes, strict=True):
            yield voice, start, end, start.to(end)


def _pairs(
    place: VoicedChord,
) -> Iterator[tuple[tuple[str, str], Interval, Interval, tuple[Interval, Interval]]]:
    """Every two voices with their interval before and after and how each moves."""
    for (a, a1, a2, moved), (b, b1, b2, moves) in combinations(_motions(place), 2):
        yield (a, b), b1.to(a1), b2.to(a2), (moved, moves)


def _simple(one: Interval) -> str:
    """The interval's name within the octave, from the lower note up whichever voice has it."""
    up = -one if one.steps < 0 else one
    octaves = up.steps // 7
    return Interval(up.steps - 7 * octaves, up.semitones - 12 * octaves).name
