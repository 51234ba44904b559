"""The plan becomes chords in time, led in four voices: the frame that the melody is sung to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from composer.mapping import Decisions
from composer.plan.changes import changes
from composer.plan.compass import HIGHEST, LOWEST
from composer.plan.surprise import BORROWED, strangers
from composer.values import ChordSpan, Harmony, Phrase, Plan
from theory import family, harmony
from theory.chord import Chord
from theory.frame import Frame, lead
from theory.metre import Metre
from theory.noise import Noise
from theory.pitch import Note, Pitch

TARGET_WEIGHT = 0.35  # points a semitone that the frame's soprano is away from the contour


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chord falls."""

    start: int
    end: int
    phrase: Phrase


def cadence_notes(cadence: str, chord: Chord) -> frozenset[Note]:
    """The notes on which a phrase may end: its chord's root after a full close, else any but a
    seventh; a half cadence hangs on the third or fifth as well."""
    if cadence == "authentic":
        return frozenset({chord.root})
    return frozenset(chord.tones[:3])


def harmonise(plan: Plan, decisions: Decisions, noise: Noise) -> Harmony:
    """Draw the chords phrase by phrase from the family's grammar and lead the frame exactly.

    Raises theory's NoVoicing where a table, an override or a switched rule leaves nothing legal.
    """
    grammar = family.families()[decisions.choice("progression")]
    colour = decisions.choice("chords")
    rate = decisions.number("harmonic_rhythm")
    chords: list[Chord] = []
    drawn_by_motif: dict[str, tuple[str, ...]] = {}
    places: list[Place] = []
    sopranos: list[frozenset[Pitch]] = []
    targets: list[float] = []
    for phrase in plan.phrases:
        ticks = changes(phrase.start, phrase.end, phrase.cadence, rate, plan.metre)
        borrows = phrase.surprise == BORROWED
        bounds = [*ticks[1:], phrase.end]
        drawn = harmony.progression(
            grammar,
            plan.key,
            phrase.cadence,
            len(ticks),
            colour="borrowed" if borrows else colour,
            noise=noise,
            place=_place(phrase, plan),
            before=chords[-1] if chords else None,
            opening=_heard_before(phrase, ticks, drawn_by_motif),
            including=strangers(grammar, plan.key, colour) if borrows else frozenset(),
        )
        drawn_by_motif.setdefault(phrase.slots[0].motif, tuple(chord.roman for chord in drawn))
        for chord, start, end in zip(drawn, ticks, bounds, strict=True):
            last = end == phrase.end
            notes = cadence_notes(phrase.cadence, chord) if last else frozenset(chord.tones)
            sopranos.append(pitches_between(notes, LOWEST, HIGHEST))
            targets.append(_wish(phrase, start, plan.metre))
            chords.append(chord)
            places.append(Place(start, end, phrase))
    frame = lead(
        chords,
        language=plan.language,
        soprano=sopranos,
        soprano_range=(LOWEST, HIGHEST),
        targets=targets,
        target_weight=TARGET_WEIGHT,
        off=plan.off,
    )
    return Harmony(
        family=grammar.name,
        spans=_spans(places, frame, grammar, colour),
        total=frame.total,
        runner_up=frame.runner_up,
    )


def _place(phrase: Phrase, plan: Plan) -> tuple[object, ...]:
    """What the harmony's noise is drawn for: a section that comes back has the same chords."""
    letter = next(s.letter for s in plan.sections if s.name == phrase.section)
    return "harmony", letter, phrase.name.rpartition(".")[2]


def _heard_before(
    phrase: Phrase, ticks: Sequence[int], drawn: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """The chords of the motif's first statement, where this phrase states or repeats the motif."""
    slot = phrase.slots[0]
    if slot.action not in ("state", "repeat"):
        return ()
    return drawn.get(slot.motif, ())[: sum(tick < slot.end for tick in ticks)]


def _wish(phrase: Phrase, tick: int, metre: Metre) -> float:
    beat = (tick - phrase.start) // metre.beat
    return phrase.contour[min(beat, len(phrase.contour) - 1)]


def pitches_between(notes: frozenset[Note], low: Pitch, high: Pitch) -> frozenset[Pitch]:
    """Every pitch of these notes from `low` to `high`, bounds included."""
    return frozenset(
        pitch
        for note in notes
        for octave in range(low.octave - 1, high.octave + 2)
        if low.midi <= (pitch := note.at(octave)).midi <= high.midi
    )


def _spans(
    places: Sequence[Place], frame: Frame, grammar: family.Family, colour: str
) -> tuple[ChordSpan, ...]:
    spans = []
    for index, place in enumerate(places):
        chord = frame.chords[index]
        before = frame.chords[index - 1] if index else None
        offered: Mapping[str, float] = harmony.alternatives(grammar, before, colour)
        spans.append(
            ChordSpan(
                start=place.start,
                end=place.end,
                chord=chord,
                voicing=frame.voicings[index],
                phrase=place.phrase.name,
                cadence=place.phrase.cadence if place.end == place.phrase.end else None,
                alternatives=offered,
                costs=frame.costs[index],
            )
        )
    return tuple(spans)
