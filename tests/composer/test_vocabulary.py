"""The registry of decisions: each changes what the registry says that it shapes, and no more."""

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

import numpy as np
import pytest

from analysis.picture.analyse import analyse
from analysis.picture.load import load
from composer.music import vocabulary as known
from composer.music.arrange import arrange
from composer.music.harmony import harmonise
from composer.music.melody import sing_melody
from composer.music.melody.by_rules import RulesSinger
from composer.music.orchestra import load_orchestra
from composer.music.plan import make_plan
from composer.table import Decisions, decide, load_table, measured
from composer.values import ArrangementPlan, HarmonyPlan, MelodyPlan, Mood, Performance
from composer.vocabulary import DECISIONS, INSTRUMENTS, ROLES, Aspect, shaping
from theory.noise import Noise

BASE = {
    "tonic": "D",
    "mode": "ionian",
    "melodic_scale": "heptatonic",
    "metre": "4/4",
    "form": "ternary",
    "bars": 24,
    "phrasing": "square",
    "introduction": "none",
    "coda": "none",
    "tempo": 100,
    "swing": 0,
    "language": "popular",
    "chords": "triads",
    "progression": "bright pop",
    "middle_key": "home",
    "harmonic_rhythm": 1,
    "dissonance": 0,
    "cadence": "authentic",
    "upbeat": "none",
    "density": 1,
    "syncopation": 0,
    "register": 70,
    "range": 10,
    "articulation": 0.9,
    "dynamics": 70,
    "dynamic_range": 10,
    "rubato": 0,
    "ensemble": "solo piano",
    "melody_instrument": "piano",
    "counter_instrument": "piano",
    "chord_instrument": "piano",
    "bass_instrument": "piano",
    "counter_melody": "contrary",
    "chord_pattern": "block",
    "bass_pattern": "held",
    "drum_pattern": "none",
}
# A mood whose surprise is a borrowed chord, for which harmony has to leave room.
BORROWING = {"valence": -0.25, "arousal": -0.1}
# Another value for each decision, and what else is decided then, so that all it shapes is heard.
OTHER = {
    "valence": (0.9, {}),
    "arousal": (-0.9, {}),
    "mood": ("another", {}),
    "tonic": ("Eb", {}),
    "mode": ("mixolydian", {}),
    "melodic_scale": ("pentatonic", {}),
    "metre": ("3/4", {}),
    "form": ("period", {}),
    "bars": (48, {}),
    "phrasing": ("extended", {}),
    "introduction": ("vamp", {}),
    "coda": ("plagal", {}),
    "tempo": (80, {}),
    "swing": (1, {}),
    "language": ("strict", {}),
    "chords": ("borrowed", BORROWING),
    "progression": ("pastoral", {"harmonic_rhythm": 0.5, "form": "strophic", **BORROWING}),
    "middle_key": ("dominant", {}),
    "harmonic_rhythm": (0.5, {}),
    "dissonance": (1, {}),
    "cadence": ("plagal", {}),
    "upbeat": ("beat", {}),
    "density": (2.5, {}),
    "syncopation": (1, {}),
    "register": (74, {}),
    "range": (16, {}),
    "articulation": (0.5, {}),
    "dynamics": (90, {}),
    "dynamic_range": (40, {}),
    "rubato": (1, {}),
    "ensemble": ("full orchestra", {}),
    "melody_instrument": ("flute", {}),
    "counter_instrument": ("clarinet", {}),
    "chord_instrument": ("harp", {}),
    "bass_instrument": ("cello", {}),
    "counter_melody": ("none", {}),
    "chord_pattern": ("arpeggio up", {}),
    "bass_pattern": ("root fifth", {}),
    "drum_pattern": ("rock", {}),
}


@lru_cache(maxsize=1)
def sea():
    """A picture of sky, sea and sun, and what the default table decides for it."""
    rgb = np.zeros((60, 90, 3), np.uint8)
    rgb[:35] = (150, 190, 240)
    rgb[35:] = (20, 60, 120)
    rgb[10:25, 55:70] = (230, 60, 30)
    analysis = analyse(load(rgb, "sea.png"))
    return analysis, decide(load_table(None, known.vocabulary()), measured(analysis))


def decided(given):
    """Decisions of which some are given, none of them heard by another."""
    made = dict(sea()[1])
    for name, value in given.items():
        value = value if isinstance(value, str) else Decimal(str(value))
        made[name] = replace(made[name], value=value)
    return Decisions(made, {}, {})


def planned(plan):
    """Of a plan what each aspect is made of."""
    form = replace(
        plan,
        tempo=(),
        dynamics=(),
        mood=Mood(),
        harmony=HarmonyPlan(),
        melody=MelodyPlan(),
        arrangement=ArrangementPlan(),
        performance=Performance(),
    )
    parts = (plan.harmony, plan.melody, plan.arrangement, plan.performance)
    return dict(zip(Aspect, (form, *parts), strict=True))


def composed(plan):
    """What each aspect is in the end."""
    noise = Noise(0)
    frame = harmonise(plan, noise)
    tune = sing_melody(plan, frame, RulesSinger(plan, frame, noise))
    parts = arrange(plan, tune.harmony, tune.notes, noise, load_orchestra())
    written = [
        (one.role, one.instrument, one.octave, [replace(n, velocity=0) for n in one.notes])
        for one in parts
    ]
    form, played = planned(plan)[Aspect.FORM], (plan.performance, plan.tempo, plan.dynamics)
    return dict(zip(Aspect, (form, frame, tune, written, (played, parts)), strict=True))


@lru_cache(maxsize=4)
def made(given):
    plan = make_plan(decided({**BASE, **dict(given)}), sea()[0])
    return planned(plan), composed(plan)


def differing(before, after):
    return {aspect for aspect in Aspect if before[aspect] != after[aspect]}


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_changes_what_the_registry_says_and_no_more(name):
    value, given = OTHER[name]
    plan, piece = made(tuple(given.items()))
    other_plan, other_piece = made((*given.items(), (name, value)))
    shapes = set(DECISIONS[name].shapes)
    assert differing(plan, other_plan) == shapes
    changed = differing(piece, other_piece)
    assert bool(changed) == bool(shapes)
    for aspect in Aspect:
        if aspect in changed:
            assert name in shaping(aspect)
        if aspect in shapes:
            assert aspect in changed


def test_notes_name_the_decisions_that_shaped_them_and_hold_not_for_all():
    _, piece = made(())
    _, parts = piece[Aspect.PERFORMANCE]
    named = {part.role: {rule for n in part.notes for rule in n.cause.rules} for part in parts}
    melody = {name for name, need in DECISIONS.items() if Aspect.MELODY in need.shapes}
    assert named["melody"] & DECISIONS.keys() == melody
    for role in named.keys() - {"melody", "doubling"}:
        for name in named[role] & DECISIONS.keys():
            assert DECISIONS[name].shapes == (Aspect.ARRANGEMENT,)


def test_every_player_of_the_pitched_parts_is_decided():
    assert list(INSTRUMENTS) == ["melody", "counter-melody", "chords", "bass"]
    assert {part for need in DECISIONS.values() for part in need.holds} == set(ROLES)
