"""Arrangement: melody, counter-melody, chords, bass and drums, from the frame and the melody."""

from __future__ import annotations

from collections.abc import Mapping

from composer.music.arrange.bass import bass_notes
from composer.music.arrange.breaks import general_pause, lifted, paused
from composer.music.arrange.chords import chord_notes, deepened, pedalled, upper_voices
from composer.music.arrange.counter import counter_notes
from composer.music.arrange.drums import drum_notes
from composer.music.arrange.layers import layered
from composer.music.arrange.leadsheet import LeadSheet
from composer.music.arrange.melody import doubling_notes, handed_over, melody_notes
from composer.music.arrange.players import (
    breaths,
    doubling_octave,
    fold,
    octaves_of,
    rolled,
    slurs,
    sounding_share,
)
from composer.music.orchestra import KIT, Ensemble, Orchestra
from composer.values import Harmony, Instrument, Note, Part, Plan
from composer.vocabulary import ROLES, SINGERS
from theory.noise import Noise

__all__ = ["arrange"]

LINES = (*SINGERS, "doubling", "counter-melody")
Played = tuple[tuple[Note, ...], Instrument]


def arrange(
    plan: Plan,
    harmony: Harmony,
    melody: tuple[Note, ...],
    noise: Noise,
    orchestra: Orchestra,
) -> tuple[Part, ...]:
    """The parts of a piece in the order of ROLES, those that have notes.

    `melody` is written notes with their causes; their velocities are set here. `orchestra` holds
    the entries that the plan names; KeyError for one that it has not. What is written depends on
    the plan's form and patterns, the frame and the melody, and not on who plays it: an instrument
    decides only its part's program and octave.
    """
    harmony = deepened(harmony, melody)
    sheet = LeadSheet(plan, harmony, melody, noise)
    voices = upper_voices(harmony.spans, melody)
    wanted = plan.arrangement
    pattern = orchestra.chord_patterns[wanted.chord_pattern]
    notes = {
        "melody": melody_notes(sheet),
        "counter-melody": (() if wanted.counter_melody == "none" else counter_notes(sheet, voices)),
        "chords": chord_notes(sheet, orchestra.chord_patterns, pattern.name, voices),
        "bass": bass_notes(sheet, orchestra.bass_patterns, wanted.bass_pattern, voices),
    }
    pause = general_pause(sheet)
    present = {
        role: layered(plan, role, written if role == "melody" else paused(written, pause))
        for role, written in notes.items()
    }
    players = {
        role: (written, orchestra.instruments[wanted.instruments[role]])
        for role, written in present.items()
        if written
    }
    ensemble = orchestra.ensembles[wanted.ensemble]
    joining = {role: orchestra.instruments[name] for role, name in ensemble.joining.items()}
    second = _second(sheet, joining.get("second-melody"), players)
    if second is not None:
        players["melody"], players["second-melody"] = second
    # An ensemble's octaves are meant for its own players.
    own = {**ensemble.players, **ensemble.joining}
    wished = {
        role: octave
        for role, octave in ensemble.octaves.items()
        if role in players and players[role][1].name == own[role]
    }
    octaves = octaves_of(players, wished)
    doubled = _doubling(sheet, ensemble, joining.get("doubling"), players, octaves)
    if doubled is not None:
        players["doubling"] = doubled[0]
        octaves["doubling"] = doubled[1]
    pedal = lifted(pedalled(sheet, orchestra.chord_patterns, pattern.name), pause)
    parts = {}
    for role, (written, instrument) in players.items():
        folded = fold(written, instrument, octaves[role])
        share = sounding_share(role, instrument, plan.performance.articulation, pattern)
        parts[role] = Part(
            role,
            instrument,
            folded,
            *ensemble.balance[role],
            share,
            octaves[role],
            # What sustains by itself would blur under a pedal.
            pedal if role == "chords" and not instrument.sustains else (),
            rolled(instrument, plan),
            slurs(folded, instrument, share, plan.metre) if role in LINES else (),
            breaths(folded, instrument, plan, sings=role in (*SINGERS, "doubling")),
        )
    drums = drum_notes(sheet, orchestra.drum_patterns, wanted.drum_pattern)
    strokes = layered(plan, "drums", paused(drums, pause))
    if strokes:
        parts["drums"] = Part("drums", KIT, strokes, *ensemble.balance["drums"], 1.0)
    return tuple(parts[role] for role in ROLES if role in parts)


def _second(
    sheet: LeadSheet, player: Instrument | None, players: Mapping[str, Played]
) -> tuple[Played, Played] | None:
    """Who sings the melody and who takes turns (`player`, or nobody), each with what he sings; None
    where it stays with one."""
    if player is None or "melody" not in players or players["melody"][1] == player:
        return None
    melody, leader = players["melody"]
    first, other = handed_over(sheet, melody)
    return ((first, leader), (other, player)) if first and other else None


def _doubling(
    sheet: LeadSheet,
    ensemble: Ensemble,
    player: Instrument | None,
    players: Mapping[str, Played],
    octaves: Mapping[str, int],
) -> tuple[Played, int] | None:
    """Who doubles the melody (`player`, or nobody), with what and in which octave."""
    if player is None or "melody" not in players:
        return None
    melody, leader = players["melody"]
    own = ensemble.players
    if "counter-melody" in players and player.name == own["melody"] == own["counter-melody"]:
        return None  # a hand that plays the counter-melody too has no reach for octaves
    notes = layered(sheet.plan, "doubling", doubling_notes(sheet, melody))
    octave = doubling_octave(notes, player, ensemble.octaves.get("doubling", 0)) if notes else None
    if octave is None or (player == leader and octave == octaves["melody"]):
        return None
    return (notes, player), octave
