"""Small pieces to arrange: chords by Roman numerals, led in four voices, with a plain melody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from composer.music.arrange import arrange
from composer.music.orchestra import load_orchestra
from composer.music.plan.sections import scored
from composer.values import (
    ArrangementPlan,
    Cause,
    ChordSpan,
    Harmony,
    Note,
    Part,
    Phrase,
    Plan,
    Section,
    Slot,
)
from composer.vocabulary import INSTRUMENTS
from theory.chord import Chord
from theory.metre import METRES
from theory.noise import Noise
from theory.pitch import Pitch
from theory.scale import Key
from theory.voices.frame import lead

PHRASE = ("I", "vi", "IV", "V", "I", "IV", "V7", "I")
MINOR = ("i", "bVI", "iv", "V", "i", "iv", "V7", "i")
PIANOS = ArrangementPlan(instruments=dict.fromkeys(INSTRUMENTS, "piano"))


def decided(plan: Plan, **made: Any) -> Plan:
    """A plan that pianos play, block chords over a held bass, but for what is decided otherwise."""
    roles = {name: role for role, name in INSTRUMENTS.items()}
    players = {roles[name]: made.pop(name) for name in roles.keys() & made.keys()}
    played = {name: made.pop(name) for name in ("articulation", "dynamic_range") if name in made}
    return replace(
        plan,
        arrangement=replace(PIANOS, instruments={**PIANOS.instruments, **players}, **made),
        performance=replace(plan.performance, **played),
    )


def plan(
    metre: str = "4/4",
    phrases: int = 4,
    key: str = "C ionian",
    densities: Sequence[float] = (1.0, 1.0),
    language: str = "strict",
) -> Plan:
    """A plan of four-bar phrases, evenly shared among its sections."""
    bar = METRES[metre].bar
    end = phrases * 4 * bar
    length = end // len(densities)
    sections = scored(
        [
            Section(
                "AB"[n % 2] + "'" * (n // 2),
                "AB"[n % 2],
                n * length,
                (n + 1) * length,
                f"region {n}",
                0,
                0,
                d,
                "",
            )
            for n, d in enumerate(densities)
        ]
    )
    made = []
    for n in range(phrases):
        start = n * 4 * bar
        name = f"{sections[start // length].name}.{n + 1}"
        slots = tuple(
            Slot(f"{name}.{s + 1}", start + s * 2 * bar, start + (s + 1) * 2 * bar, "a", "state", 0)
            for s in range(2)
        )
        made.append(
            Phrase(
                name=name,
                section=sections[start // length].name,
                start=start,
                end=start + 4 * bar,
                cadence="half" if n % 2 == 0 else "authentic",
                slots=slots,
                contour=(69.0,) * (4 * METRES[metre].beats),
                climax=start + 2 * bar if n % 2 else None,
                upbeat=0,
                breath=METRES[metre].beat if n < phrases - 1 else 0,
                surprise=None,
            )
        )
    tonic, _, mode = key.partition(" ")
    return Plan(
        key=Key.of(tonic, mode),
        metre=METRES[metre],
        form="period",
        bars=phrases * 4,
        language=language,
        sections=sections,
        phrases=tuple(made),
        tempo=((0, 96.0),),
        dynamics=((0, 66), (end // 2, 84), (end - 1, 60)),
        off=frozenset(),
    )


def harmony(
    plan: Plan, romans: Sequence[str] = PHRASE, lengths: Sequence[int] | None = None
) -> Harmony:
    """Chords over the whole plan: `lengths` in beats, again and again (None: a bar)."""
    spans: list[tuple[int, int, str]] = []
    tick = number = 0
    while tick < plan.end:
        beats = lengths[number % len(lengths)] if lengths else plan.metre.beats
        stop = min(plan.end, tick + beats * plan.metre.beat)
        roman = romans[0] if stop == plan.end else romans[number % len(romans)]
        spans.append((tick, stop, roman))
        tick, number = stop, number + 1
    chords = [Chord.parse(roman, plan.key) for _, _, roman in spans]
    targets = [(72.0, 69.0, 66.0, 70.0, 74.0)[n % 5] for n in range(len(chords))]
    frame = lead(chords, language=plan.language, targets=targets)
    return Harmony(
        "test",
        tuple(
            ChordSpan(start, stop, chord, voicing, "A.1", None, {}, {})
            for (start, stop, _), chord, voicing in zip(
                spans, frame.chords, frame.voicings, strict=True
            )
        ),
        frame.total,
        frame.runner_up,
    )


def melody(plan: Plan, harmony: Harmony) -> tuple[Note, ...]:
    """The frame's soprano in beats, with steps in between, a rest before each phrase's end."""
    cause = Cause("melody", "chord tone", None, "a", "state", "region 0", ())
    notes: list[Note] = []
    spans = harmony.spans
    for number, span in enumerate(spans):
        after = spans[number + 1].voicing.soprano if number + 1 < len(spans) else None
        phrase = next(p for p in plan.phrases if p.start <= span.start < p.end)
        stop = min(span.end, phrase.end - phrase.breath)
        ticks = stop - span.start
        half = ticks // 2 // plan.metre.pulse * plan.metre.pulse
        pitch = span.voicing.soprano
        if after is not None and half and abs(after.height - pitch.height) == 2:
            height = (after.height + pitch.height) // 2
            octave, step = divmod(height, 7)
            note = next(n for n in plan.key.notes if n.step == step)
            notes.append(Note(span.start, half, pitch, 0, cause))
            notes.append(
                Note(span.start + half, ticks - half, Pitch(step, note.alter, octave), 0, cause)
            )
        elif ticks > 0:
            notes.append(Note(span.start, ticks, pitch, 0, cause))
    return tuple(notes)


def arranged(
    metre: str = "4/4",
    *,
    romans: Sequence[str] = PHRASE,
    lengths: Sequence[int] | None = None,
    key: str = "C ionian",
    phrases: int = 4,
    densities: Sequence[float] = (1.0, 1.0),
    language: str = "strict",
    seed: int = 0,
    **made: Any,
) -> tuple[Plan, Harmony, Mapping[str, Part]]:
    """A plan, its harmony, and its arranged parts by role."""
    planned = decided(plan(metre, phrases, key, densities, language), **made)
    chords = harmony(planned, romans, lengths)
    tune = melody(planned, chords)
    parts = arrange(planned, chords, tune, Noise(seed), load_orchestra())
    return planned, chords, {part.role: part for part in parts}
