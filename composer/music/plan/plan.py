"""Decisions and the measured picture become the plan of a piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.picture.analyse import Analysis
from analysis.picture.skyline import Skyline
from composer.music.plan import compass, curves, keys, surprise
from composer.music.plan import curves as contour
from composer.music.plan.sections import Character, character, regions_by_letter, scored
from composer.table import Decisions
from composer.values import (
    ArrangementPlan,
    HarmonyPlan,
    MelodyPlan,
    Mood,
    Performance,
    Phrase,
    Plan,
    Section,
    Slot,
)
from composer.vocabulary import INSTRUMENTS
from theory.harmony import forms
from theory.metre import METRES, Metre
from theory.scale import Key

# A sequence takes its motif a step higher in an opening and a step lower in a continuation.
SEQUENCE_STEPS = (1, -1)
HOME_BELOW = 2  # semitones below the middle of the compass at which a melody is at home
FALL = 0.5  # how far a phrase with a full close falls home; the last one comes all the way


def make_plan(decisions: Decisions, analysis: Analysis, off: frozenset[str] = frozenset()) -> Plan:
    """Lay out the form, give its sections their regions, its phrases their contour and cadences.

    This is where decisions are read by name; whatever comes after reads the plan.
    """
    metre = METRES[decisions.choice("metre")]
    layout = forms.layout(decisions.choice("form"), round(decisions.number("bars")))
    language = decisions.choice("language")
    key = Key.spelled(decisions.choice("tonic"), decisions.choice("mode"))
    harmony, melody = _harmony(decisions), _melody(decisions)
    performance = _performance(decisions)
    sections = scored(_sections(layout, analysis, metre))
    phrases = _phrases(
        layout,
        sections,
        melody,
        key,
        metre,
        analysis.skyline,
        final=decisions.choice("cadence"),
        upbeat=_upbeat(decisions.choice("upbeat"), metre),
    )
    phrases = keys.modulated(phrases, sections, key, decisions.choice("middle_key"))
    phrases = _surprised(phrases, language, harmony, melody, key, metre)
    bars = layout.bars
    end = bars * metre.bar
    return Plan(
        key=key,
        metre=metre,
        form=decisions.choice("form"),
        bars=bars,
        language=language,
        sections=sections,
        phrases=tuple(phrases),
        tempo=curves.tempo_curve(performance.rate, performance.rubato, phrases, metre, end),
        dynamics=curves.dynamics_curve(
            performance.level, performance.dynamic_range, sections, phrases
        ),
        off=off,
        mood=_mood(decisions),
        harmony=harmony,
        melody=melody,
        arrangement=_arrangement(decisions),
        performance=performance,
    )


def _mood(decisions: Decisions) -> Mood:
    return Mood(
        name=decisions.choice("mood"),
        valence=decisions.number("valence"),
        arousal=decisions.number("arousal"),
    )


def _harmony(decisions: Decisions) -> HarmonyPlan:
    return HarmonyPlan(
        progression=decisions.choice("progression"),
        chords=decisions.choice("chords"),
        rhythm=decisions.number("harmonic_rhythm"),
    )


def _melody(decisions: Decisions) -> MelodyPlan:
    return MelodyPlan(
        scale=decisions.choice("melodic_scale"),
        density=decisions.number("density"),
        register=decisions.number("register"),
        range=decisions.number("range"),
        dissonance=decisions.number("dissonance"),
        compass=(compass.LOWEST, compass.HIGHEST),
    )


def _arrangement(decisions: Decisions) -> ArrangementPlan:
    return ArrangementPlan(
        ensemble=decisions.choice("ensemble"),
        instruments={role: decisions.choice(name) for role, name in INSTRUMENTS.items()},
        counter_melody=decisions.choice("counter_melody"),
        chord_pattern=decisions.choice("chord_pattern"),
        bass_pattern=decisions.choice("bass_pattern"),
        drum_pattern=decisions.choice("drum_pattern"),
    )


def _performance(decisions: Decisions) -> Performance:
    return Performance(
        rate=decisions.number("tempo"),
        rubato=decisions.number("rubato"),
        level=decisions.number("dynamics"),
        dynamic_range=decisions.number("dynamic_range"),
        swing=decisions.number("swing"),
        articulation=decisions.number("articulation"),
    )


def _sections(layout: forms.Layout, analysis: Analysis, metre: Metre) -> list[Section]:
    letters = [section.letter for section in layout.sections]
    regions = regions_by_letter(letters, analysis)
    sections: list[Section] = []
    tick = 0
    for index, section in enumerate(layout.sections):
        region = regions[section.letter]
        returns = section.letter in letters[:index]
        found: Character = character(region, analysis, returns)
        end = tick + section.bars * metre.bar
        sections.append(
            Section(
                name=section.name,
                letter=section.letter,
                start=tick,
                end=end,
                region=found.region,
                register=found.register,
                dynamics=found.dynamics,
                density=found.density,
                why=found.why,
            )
        )
        tick = end
    return sections


def _phrases(
    layout: forms.Layout,
    sections: Sequence[Section],
    melody: MelodyPlan,
    key: Key,
    metre: Metre,
    skyline: Skyline,
    *,
    final: str,
    upbeat: int,
) -> list[Phrase]:
    """The phrases in order; the last cadence is the piece's `final` one, and an upbeat of so many
    ticks leads to each but the first."""
    half_range = melody.range / 2
    phrases: list[Phrase] = []
    tick = 0
    for section, laid in zip(sections, layout.sections, strict=True):
        number = 0
        middle = compass.middle(melody.register + section.register, 2 * half_range)
        home = _home(key, middle) - middle
        for period in laid.periods:
            free = [_climax_places(phrase, metre) for phrase in period]
            curve, (where, beat) = contour.period_contour(skyline, free, half_range)
            for index, (phrase, wished) in enumerate(zip(period, curve, strict=True)):
                number += 1
                name = f"{section.name}.{number}"
                end = tick + phrase.bars * metre.bar
                climax = beat if index == where else None
                fall = _fall(phrase, end == layout.bars * metre.bar)
                wished = contour.falling(wished, home, fall, climax, metre.beats)
                phrases.append(
                    Phrase(
                        name=name,
                        section=section.name,
                        start=tick,
                        end=end,
                        cadence=final if phrase.cadence == "final" else phrase.cadence,
                        slots=_slots(phrase, name, tick, metre),
                        contour=tuple(round(middle + value, 2) for value in wished),
                        climax=None if climax is None else tick + climax * metre.beat,
                        upbeat=upbeat if tick else 0,
                        breath=_breath(phrase, metre),
                        surprise=None,
                    )
                )
                tick = end
    phrases[-1] = replace(phrases[-1], breath=0)
    return phrases


def _climax_places(phrase: forms.Phrase, metre: Metre) -> list[bool]:
    """At which beats a climax may lie: not in a bar that the period sings twice, nor in the last,
    where the phrase comes to rest."""
    free = [
        slot.action not in ("state", "repeat") for slot in phrase.slots for _ in range(slot.bars)
    ]
    free[-1] = False
    if not any(free):
        free = [True] * (phrase.bars - 1) + [False]
    return [place for place in free for _ in range(metre.beats)]


def _home(key: Key, middle: float) -> int:
    """The tonic nearest to just below the middle of the compass."""
    octaves = [key.tonic.at(octave).midi for octave in range(3, 7)]
    return min(octaves, key=lambda midi: abs(midi - (middle - HOME_BELOW)))


def _fall(phrase: forms.Phrase, last: bool) -> float:
    """How far a phrase's contour falls home."""
    if last:
        return 1.0
    return FALL if phrase.cadence in ("authentic", "final") else 0.0


def _breath(phrase: forms.Phrase, metre: Metre) -> int:
    """Ticks of rest at a phrase's end: a beat, a quaver in short bars or where it runs on."""
    return metre.beat if metre.beats > 2 and phrase.cadence != "open" else metre.pulse


def _upbeat(kind: str, metre: Metre) -> int:
    """Ticks of an upbeat: a quaver, or a beat of the metre."""
    return {"none": 0, "quaver": metre.pulse, "beat": metre.beat}[kind]


def _slots(phrase: forms.Phrase, name: str, start: int, metre: Metre) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    tick = start
    sequences = 0
    for number, slot in enumerate(phrase.slots, 1):
        end = tick + slot.bars * metre.bar
        shift = 0
        if slot.action == "sequence":
            shift = SEQUENCE_STEPS[min(sequences, 1)]
            sequences += 1
        slots.append(Slot(f"{name}.{number}", tick, end, slot.motif, slot.action, shift))
        tick = end
    return tuple(slots)


def _surprised(
    phrases: Sequence[Phrase],
    language: str,
    harmony: HarmonyPlan,
    melody: MelodyPlan,
    key: Key,
    metre: Metre,
) -> list[Phrase]:
    """The phrases with one surprise among them."""
    found = list(phrases)
    place, kind = surprise.choose(found, language, harmony, melody.range, key, metre)
    phrase = replace(found[place], surprise=kind)
    if kind == surprise.DECEPTIVE:
        phrase = replace(phrase, cadence="deceptive")
    if kind == surprise.LEAP:
        # The leap is its period's climax.
        at = phrase.slots[1].start
        middle = sum(phrase.contour) / len(phrase.contour)
        low, high = compass.bounds(middle, melody.range, True)
        leap = contour.leaping(
            len(phrase.contour), (at - phrase.start) // metre.beat, (high - low) / 2
        )
        wished = tuple(round((low + high) / 2 + value, 2) for value in leap)
        phrase = replace(phrase, contour=wished, climax=at)
        for index, other in enumerate(found):
            if other.section == phrase.section and other.climax is not None:
                found[index] = replace(other, climax=None)
    found[place] = phrase
    return found
