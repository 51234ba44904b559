"""An independent reading of the rules of part-writing, for checking what has been written.

Nothing here is shared with the optimiser (`theory.voices`): each rule is read anew, note by
note, in terms of spelled intervals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from theory.chord import Chord
from theory.pitch import NoteName, Pitch
from theory.rules import RULES, check_language, check_rules
from theory.verify.resolutions import (
    augmented_sixth,
    leading_tone,
    neapolitan,
    seventh,
    six_four,
    suspension,
)
from theory.verify.voiced import (
    VOICE_NAMES,
    Found,
    Reading,
    Violation,
    VoicedChord,
    motions,
    neighbours,
    pairs,
    within_octave,
)

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


def verify_voices(
    chords: Sequence[Chord],
    voicings: Sequence[Iterable[Pitch | None]],
    language: str,
    *,
    off: Collection[str] = (),
    rules: Collection[str] | None = None,
    soprano_range: tuple[Pitch, Pitch] | None = None,
    names: tuple[str, ...] = VOICE_NAMES,
) -> tuple[Violation, ...]:
    """Every violation of the rules of part-writing that bind in a language, in order of time.

    `rules` names other rules to check instead, soft ones among them; `off` some to leave out. Each
    voicing gives a pitch for each of the voices, the highest first, or None where one rests; over a
    rest a voice leads nowhere. `names` are the voices'; one that is no voice of a choir (`alto`,
    `alto 2`) has no range. Raises ValueError where there is not one voicing a chord or not as many
    pitches as voices, or for an unknown language or rule.
    """
    check_language(language)
    off = check_rules("off", off)
    rows = [tuple(voicing) for voicing in voicings]
    if len(rows) != len(chords) or any(len(notes) != len(names) for notes in rows):
        count = {4: "four"}.get(len(names), len(names))
        raise ValueError(f"every chord needs one voicing of {count} pitches")
    if rules is None:
        named = tuple(n for n, r in RULES.items() if n in READINGS and r.binds(language))
    else:
        named = check_rules("rules", rules, "voices")
    compass = dict(COMPASS)
    if soprano_range is not None:
        compass["soprano"] = (soprano_range[0].name, soprano_range[1].name)
    found = []
    for index, (chord, notes) in enumerate(zip(chords, rows, strict=True)):
        place = VoicedChord(
            chord,
            notes,
            chords[index - 1] if index else None,
            rows[index - 1] if index else None,
            rows,
            index,
            compass,
            chords[index - 2] if index > 1 else None,
            rows[index - 2][-1] if index > 1 else None,
            names,
        )
        for name in named:
            if name not in off:
                for voices, how in READINGS[name](place):
                    found.append(Violation(name, index, voices, f"chord {index + 1}: {how}"))
    return tuple(found)


# --- one chord ------------------------------------------------------------------------------------


def _range(place: VoicedChord) -> Found:
    for voice, pitch in place.sung:
        if voice.split()[0] not in place.compass:
            continue
        low, high = (Pitch.parse(name) for name in place.compass[voice.split()[0]])
        if not low.midi <= pitch.midi <= high.midi:
            yield (voice,), f"the {voice} sings {pitch}, outside {low} to {high}"


def _spacing(place: VoicedChord) -> Found:
    sung = dict(place.sung)
    for (upper, lower), _ in neighbours(place):
        if lower == place.names[-1] or upper not in sung or lower not in sung:
            continue  # the bass may be far away
        gap = sung[lower].to(sung[upper])
        if gap.semitones > WIDEST_GAP:
            yield (upper, lower), f"{upper} and {lower} are a {gap.name} apart"


def _crossing(place: VoicedChord) -> Found:
    for voices, (upper, lower) in neighbours(place):
        high, low = place.notes[upper], place.notes[lower]
        if high is not None and low is not None and high.midi < low.midi:
            yield voices, f"the {voices[1]} is above the {voices[0]}"


def _completeness(place: VoicedChord) -> Found:
    if not place.whole:
        return
    present = {pitch.note for _, pitch in place.sung}
    chord = place.chord
    needed = {"root": chord.root, "third": chord.third, "seventh": chord.seventh}
    for name, note in (*needed.items(), ("added note", chord.added)):
        if note is not None and note not in present:
            yield (), f"{place.chord} lacks its {name} {note}"


def _doubled(place: VoicedChord, note: NoteName | None, what: str) -> Found:
    voices = tuple(voice for voice, pitch in place.sung if note is not None and pitch.note == note)
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
    for voices, (upper, lower) in neighbours(place):
        left_high, left_low = place.notes_before[upper], place.notes_before[lower]
        high, low = place.notes[upper], place.notes[lower]
        if left_high is None or left_low is None or high is None or low is None:
            continue
        if low.midi > left_high.midi:
            yield voices, f"the {voices[1]} rises past the note the {voices[0]} has left"
        if high.midi < left_low.midi:
            yield voices, f"the {voices[0]} falls past the note the {voices[1]} has left"


def _running(place: VoicedChord, simple: str, what: str, how: str) -> Found:
    for (upper, lower), first, second, (high, low) in pairs(place):
        if (
            within_octave(first) == simple == within_octave(second)
            and high.semitones
            and low.semitones
        ):
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
    for voices, first, second, (high, low) in pairs(place):
        if (
            voices != (place.names[0], place.names[-1])
            or within_octave(second) != simple
            or within_octave(first) == simple
        ):
            continue
        if high.semitones * low.semitones > 0 and high.number > 2:
            yield voices, f"{' and '.join(voices)} leap in one direction to {what}"


def _direct_fifths(place: VoicedChord) -> Found:
    yield from _direct(place, "P5", "a fifth")


def _direct_octaves(place: VoicedChord) -> Found:
    yield from _direct(place, "P1", "an octave")


def _unraised_leading_tone(place: VoicedChord) -> Found:
    before, now = place.before, place.chord
    if before is None or now.target is not None or now.key != before.key:
        return
    tonic = now.key.tonic
    dominant, subtonic = (
        NoteName.from_fifths(tonic.fifths + 1),
        NoteName.from_fifths(tonic.fifths - 2),
    )
    minor = now.key.mode.name in MINOR
    if (before.root, now.root) != (dominant, tonic) or not minor:
        return
    for voice, start, _, _ in motions(place):
        if start.note == subtonic:
            yield (voice,), f"the {voice} sings {subtonic}, not raised, in {before} before {now}"


def _diminished_leap(place: VoicedChord) -> Found:
    for voice, start, end, motion in motions(place):
        if motion.quality.startswith("d") and 2 < motion.number < 8:
            back = end.to(next((pitch for pitch in place.later(voice) if pitch != end), end))
            if back.number != 2 or back.steps * motion.steps > 0:
                how = f"leaps by {motion.name}, from {start} to {end}, and does not turn back"
                yield (voice,), f"the {voice} {how}"


def _augmented_step(place: VoicedChord) -> Found:
    for voice, start, end, motion in motions(place):
        if motion.quality.startswith("A") and 1 < motion.number < 8:
            yield (voice,), f"the {voice} moves by {motion.name}, from {start} to {end}"


def _wide_leap(place: VoicedChord) -> Found:
    for voice, start, end, motion in motions(place):
        if voice != place.names[-1] and (motion.number == 7 or motion.size > WIDEST_LEAP):
            yield (voice,), f"the {voice} leaps by {motion.name}, from {start} to {end}"


def _cross_relation(place: VoicedChord) -> Found:
    if place.notes_before is None:
        return
    old = list(zip(place.names, place.notes_before, strict=True))
    for (a, one), (b, two) in ((x, y) for x in old for y in place.sung):
        if (
            one is not None
            and a != b
            and one.note.step == two.note.step
            and one.note.alter != two.note.alter
        ):
            yield (a, b), f"{one.note} in the {a} is followed by {two.note} in the {b}"


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
        "leading-tone": leading_tone,
        "seventh": seventh,
        "suspension": suspension,
        "augmented-sixth": augmented_sixth,
        "neapolitan": neapolitan,
        "six-four": six_four,
        "unraised-leading-tone": _unraised_leading_tone,
        "augmented-step": _augmented_step,
        "diminished-leap": _diminished_leap,
        "wide-leap": _wide_leap,
        "cross-relation": _cross_relation,
    }
)
