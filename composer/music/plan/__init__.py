"""The plan: decisions and the measured picture become sections, phrases, contour, tempo, dynamics.

Here, and nowhere else, decisions are read by name.
"""

from __future__ import annotations

from analysis.picture.analyse import Analysis
from composer.music.plan.contour import HIGHEST, LOWEST
from composer.music.plan.departures import modulated
from composer.music.plan.layers import layered
from composer.music.plan.outline import outlined
from composer.music.plan.performance import dynamics_curve, tempo_curve
from composer.music.plan.phrases import closed, phrases_of
from composer.music.plan.sections import sections_of
from composer.music.plan.surprise import Circumstances, surprised
from composer.music.plan.tension import paced, peak_of, strung, tension_curve
from composer.table import Decisions
from composer.values import ArrangementPlan, HarmonyPlan, MelodyPlan, Mood, Performance, Plan
from composer.vocabulary import DECISIONS, INSTRUMENTS
from theory.harmony import forms
from theory.harmony.form import FormBook, Layout
from theory.harmony.lengths import exactly
from theory.harmony.phrasing import phrased
from theory.metre import METRES
from theory.scale import Key

ITS_OWN = "its own"  # an introduction or a coda that is the form's
__all__ = ["make_plan"]


def make_plan(
    decisions: Decisions,
    analysis: Analysis,
    off: frozenset[str] = frozenset(),
    book: FormBook | None = None,
    *,
    exact: bool = False,
) -> Plan:
    """Lay out the form, give its sections their regions, its phrases their contour and cadences.

    off: rules of theory that are switched off. book: the forms there are (None: the package's).
    exact: the form has just so many bars as were decided, and not those of the nearest layout.
    """
    metre = METRES[decisions.choice("metre")]
    own, layout = _layouts(decisions, book or forms.book(), exact)
    language, final = decisions.choice("language"), decisions.choice("cadence")
    key = Key.spelled(decisions.choice("tonic"), decisions.choice("mode"))
    harmony, melody = _harmony(decisions), _melody(decisions)
    performance = _performance(decisions)
    peak = peak_of(layout, metre)
    sections = sections_of(layout, analysis, metre)
    places = phrases_of(layout, sections, melody, key, metre, analysis.skyline, peak)
    tension = tension_curve(sections, places, peak.start, metre)
    sections = strung(sections, tension, peak.start, melody, metre)
    phrases = phrases_of(layout, sections, melody, key, metre, analysis.skyline, peak)
    phrases = outlined(phrases, sections, metre)
    phrases = paced(phrases, tension, harmony, metre)
    phrases = closed(phrases, final, decisions.choice("upbeat"), metre)
    phrases = modulated(phrases, sections, key, decisions.choice("middle_key"))
    within = Circumstances(language, harmony, melody, _mood(decisions), key, metre, peak.period)
    phrases = surprised(phrases, within)
    # A leap into another register moves the climax within its phrase, and the line with it.
    top = next(p.climax for p in phrases if p.period == peak.period and p.climax is not None)
    tension = tension_curve(sections, phrases, top, metre)
    sections = layered(sections, phrases, tension, top - top % metre.bar, metre)
    return Plan(
        key=key,
        metre=metre,
        form=decisions.choice("form"),
        bars=layout.bars,
        language=language,
        sections=sections,
        phrases=tuple(phrases),
        tempo=tempo_curve(performance, phrases, metre),
        dynamics=dynamics_curve(performance, sections, phrases, tension, metre),
        off=off,
        mood=_mood(decisions),
        harmony=harmony,
        melody=melody,
        arrangement=_arrangement(decisions),
        performance=performance,
        tension=tension,
        introduction=_framing(decisions, "introduction", own),
        coda=_framing(decisions, "coda", own),
    )


def _layouts(decisions: Decisions, book: FormBook, exact: bool) -> tuple[Layout, Layout]:
    """The form at its length, its phrases long or short; and the same with what stands before and
    behind it."""
    bars, form = round(decisions.number("bars")), decisions.choice("form")
    phrasing = _choice(decisions, "phrasing")
    if exact:
        layout = exactly(book, form, bars, phrasing)
    else:
        layout = phrased(book.layout(form, bars), phrasing)
    introduction, coda = _choice(decisions, "introduction"), _choice(decisions, "coda")
    return layout, book.framed(layout, introduction, coda)


def _framing(decisions: Decisions, kind: str, own: Layout) -> str:
    """What stands before the form, or behind it: what was chosen, or what the form has itself."""
    return ITS_OWN if own.has(kind) else _choice(decisions, kind)


def _choice(decisions: Decisions, name: str) -> str:
    """What was chosen, or what holds where the table does not decide it."""
    return decisions.choice(name) if name in decisions.made else str(DECISIONS[name].else_)


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
        syncopation=decisions.number("syncopation") if "syncopation" in decisions.made else 0.0,
        register=decisions.number("register"),
        range=decisions.number("range"),
        dissonance=decisions.number("dissonance"),
        compass=(LOWEST, HIGHEST),
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
