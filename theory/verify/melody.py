"""An independent check of a finished melody over its chords; it shares nothing with the automaton.

It reads what was written, note by note, and judges what a reader of the score would. Non-chord
tones are read in `theory.verify.figures`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from theory.metre import Metre
from theory.pitch import Pitch
from theory.rules import RULES, check_language, check_rules
from theory.timed import TimedChord, TimedNote
from theory.verify.figures import (
    SAYS,
    JudgedNote,
    MelodyViolation,
    approaches,
    chord_at,
    composite,
    figures,
    hear,
    outside,
    strong_places,
)

SEVENTH = 6  # letters in a seventh
WIDEST = RULES["melodic-interval"].number("widest")
WIDE = RULES["leap-answered"].number("letters")
MOST = RULES["repetition"].number("most")


@dataclass(frozen=True, slots=True)
class WrittenMelody:
    """All that a rule of melody may look at."""

    notes: Sequence[TimedNote]
    chords: Sequence[TimedChord]
    metre: Metre
    compass: tuple[Pitch, Pitch]
    heard: Sequence[JudgedNote]


def verify_melody(
    notes: Sequence[TimedNote],
    chords: Sequence[TimedChord],
    metre: Metre,
    compass: tuple[Pitch, Pitch],
    language: str,
    off: Collection[str] = (),
    *,
    rules: Collection[str] | None = None,
) -> tuple[MelodyViolation, ...]:
    """Every violation of the melody's hard rules in a language, in order of time.

    `rules` names other rules to check instead, soft ones among them; `off` some that are switched
    off, by which nothing is judged. Each chord brings its key, and with it the scale. Raises
    ValueError where notes or chords overlap or last no time, for an empty compass, and for an
    unknown language or rule.
    """
    check_language(language)
    off = check_rules("off", off)
    _check_times("notes", [(note.start, note.end) for note in notes])
    _check_times("chords", [(chord.start, chord.end) for chord in chords])
    if compass[0].midi > compass[1].midi:
        raise ValueError(f"compass: {compass[0]} is above {compass[1]}")
    if rules is None:
        named = {name for name in MELODY_READINGS if RULES[name].binds(language)}
    else:
        named = set(check_rules("rules", rules, "melody"))
    melody = WrittenMelody(notes, chords, metre, compass, hear(notes, chords, metre, language, off))
    readings = {MELODY_READINGS[name]: None for name in RULES if name in named}
    found = [fault for reading in readings for fault in reading(melody)]
    bound = [f for f in found if f.rule in named and f.rule not in off]
    return tuple(sorted(bound, key=lambda fault: fault.tick))


def _check_times(argument: str, times: Sequence[tuple[int, int]]) -> None:
    for start, end in times:
        if end <= start:
            raise ValueError(f"{argument}: one at tick {start} ends at {end}")
    for (_, end), (start, _) in pairwise(times):
        if start < end:
            raise ValueError(f"{argument}: two of them overlap at tick {start}")


def _compass(melody: WrittenMelody) -> Iterator[MelodyViolation]:
    low, high = melody.compass
    for note in melody.notes:
        if not low.midi <= note.pitch.midi <= high.midi:
            yield MelodyViolation(
                "compass", note.start, f"{note.pitch} lies outside {low} to {high}"
            )


def _scale(melody: WrittenMelody) -> Iterator[MelodyViolation]:
    """Of the chord; or of its key's scale, on a letter the chord does not alter.

    In popular language a chromatic note may lead to a chord tone.
    """
    for one in melody.heard:
        note = one.note
        if one.role in ("chromatic", "leaning") and approaches(one):
            continue
        later = strong_places(melody.chords, melody.metre, note.start + 1, note.end)
        for tick in (note.start, *later):
            chord = chord_at(melody.chords, tick)
            directed = tick == note.start and composite(chord, note.pitch.note)
            if chord is not None and not directed and outside(chord, note.pitch.note):
                sentence = f"{note.pitch} is not in {chord.key.name} over {chord.symbol}"
                yield MelodyViolation("scale", note.start, sentence)
                break


def _intervals(melody: WrittenMelody) -> Iterator[MelodyViolation]:
    """Of the melody's lines: where others play alone between two notes, a new one begins."""
    alone = [span.start for span in melody.chords if not span.sung]
    for one, two in pairwise(melody.heard):
        if any(one.note.end <= tick < two.note.start for tick in alone):
            continue
        leap = one.pitch.to(two.pitch)
        if leap.size > WIDEST or abs(leap.steps) == SEVENTH:
            sentence = f"{one.pitch} to {two.pitch}, {leap.name}"
            yield MelodyViolation("melodic-interval", two.note.start, sentence)
        elif abs(leap.steps) > 1 and "A" in leap.quality:
            yield MelodyViolation(
                "melodic-interval", two.note.start, f"an augmented leap, {leap.name}"
            )
        elif abs(leap.steps) == 1 and leap.quality not in ("m", "M"):
            yield MelodyViolation("melodic-interval", two.note.start, f"a step of {leap.name}")
        elif abs(leap.steps) > 1 and "d" in leap.quality:
            turned = two.left * leap.steps < 0
            plain = leap.number in (3, 4, 5) and leap.quality == "d"
            if not plain or (two.role == "tone" and not turned):
                sentence = f"{leap.name} that does not turn back"
                yield MelodyViolation("melodic-interval", two.note.start, sentence)


def _perfects(melody: WrittenMelody) -> Iterator[MelodyViolation]:
    """Perfects between the note that leads up to a change of chord and the one struck at it.

    A rest between the two parts them.
    """
    for old, new in pairwise(melody.chords):
        at = next((one for one in melody.heard if one.note.start == new.start), None)
        if at is None or at.before is None or old.bass.midi == new.bass.midi:
            continue
        one, two = at.before.pitch, at.pitch
        second = _simple(new.bass, two)
        if one.midi == two.midi or second not in ("P1", "P5"):
            continue
        what = "octaves" if second == "P1" else "fifths"
        similar = (two.midi - one.midi) * (new.bass.midi - old.bass.midi) > 0
        if _simple(old.bass, one) == second:
            yield MelodyViolation("perfects-with-bass", new.start, f"parallel {what} with the bass")
        elif similar and one.to(two).number > 2:
            yield MelodyViolation("perfects-with-bass", new.start, f"direct {what} with the bass")


def _simple(low: Pitch, high: Pitch) -> str:
    found = low.to(high)
    return f"{found.quality}{abs(found.steps) % 7 + 1}"


def _figures(melody: WrittenMelody) -> Iterator[MelodyViolation]:
    yield from figures(melody.heard)


def _cadences(melody: WrittenMelody) -> Iterator[MelodyViolation]:
    for span in melody.chords:
        if span.closes is None:
            continue
        last = [note for note in melody.notes if note.start < span.end]
        if not last or last[-1].pitch.note.name not in span.closes:
            sentence = f"the phrase does not end on {', '.join(sorted(span.closes))}"
            yield MelodyViolation("melodic-cadence", span.start, sentence)


def _structure(melody: WrittenMelody) -> Iterator[MelodyViolation]:
    for span in melody.chords:
        if not span.sung:
            continue
        heard = [n for n in melody.notes if n.end > span.start and n.start < span.end]
        if not any(note.pitch.note in span.chord.tones for note in heard):
            sentence = f"no note of {span.chord.symbol} is sung over it"
            yield MelodyViolation("structural-note", span.start, sentence)


def _leaps(melody: WrittenMelody) -> Iterator[MelodyViolation]:
    for one, two, three in zip(melody.notes, melody.notes[1:], melody.notes[2:], strict=False):
        leap, back = one.pitch.to(two.pitch), two.pitch.to(three.pitch)
        answered = abs(back.steps) == 1 and back.steps * leap.steps < 0
        if abs(leap.steps) >= WIDE and not answered:
            yield MelodyViolation(
                "leap-answered", three.start, f"after {leap.name} comes {back.name}"
            )


def _repetition(melody: WrittenMelody) -> Iterator[MelodyViolation]:
    running = 0
    for one, two in pairwise(melody.notes):
        running = running + 1 if one.pitch == two.pitch else 0
        if running >= MOST:
            yield MelodyViolation(
                "repetition", two.start, f"{two.pitch} for the {running + 1}th time"
            )


MELODY_READINGS: Mapping[str, Callable[[WrittenMelody], Iterator[MelodyViolation]]] = (
    MappingProxyType(
        {
            "compass": _compass,
            "scale": _scale,
            "melodic-interval": _intervals,
            "perfects-with-bass": _perfects,
            "melodic-cadence": _cadences,
            "structural-note": _structure,
            "leap-answered": _leaps,
            "repetition": _repetition,
            **dict.fromkeys(SAYS, _figures),
        }
    )
)
