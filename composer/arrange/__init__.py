"""Arrangement: melody, counter-melody, chords, bass and drums, from the frame and the melody."""

from __future__ import annotations

from composer.arrange.bass import bass_notes
from composer.arrange.chords import chord_notes, pedalled
from composer.arrange.counter import counter_notes
from composer.arrange.drums import drum_notes
from composer.arrange.ground import Ground
from composer.arrange.melody import melody_notes
from composer.arrange.octaves import fold, place
from composer.arrange.upper import upper_voices
from composer.library import DECISIONS, KIT, PLAYERS, instruments, library, patterns
from composer.mapping import Decisions
from composer.values import ROLES, Harmony, Instrument, Note, Part, Plan
from theory.noise import Noise

__all__ = ["arrange"]


def arrange(
    plan: Plan, harmony: Harmony, melody: tuple[Note, ...], decisions: Decisions, noise: Noise
) -> tuple[Part, ...]:
    """The parts of a piece in the order of ROLES, those that have notes.

    `melody` is written notes with their causes; their velocities are set here. What is written
    depends on the plan, the frame, the melody and the decided patterns, and not on who plays it:
    an instrument decides only its part's program and octave.
    """
    ground = Ground.of(plan, harmony, melody, noise, decisions.number("dynamic_range"))
    voices = upper_voices(harmony.spans, melody)
    notes = {
        "melody": melody_notes(ground),
        "counter-melody": (
            () if decisions.choice("counter_melody") == "none" else counter_notes(ground, voices)
        ),
        "chords": chord_notes(ground, decisions.choice("chord_pattern"), voices),
        "bass": bass_notes(ground, decisions.choice("bass_pattern"), voices),
    }
    players = {
        role: (written, instruments()[decisions.choice(DECISIONS[role])])
        for role, written in notes.items()
        if written
    }
    ensemble = library("ensembles")[decisions.choice("ensemble")]
    # An ensemble's octaves are meant for its own players.
    wishes = {
        role: octave
        for role, octave in ensemble.get("octave", {}).items()
        if role in players and players[role][1].name == ensemble[PLAYERS[role]]
    }
    octaves = place(players, wishes)
    pedal = pedalled(ground, decisions.choice("chord_pattern"))
    parts = {
        role: Part(
            role,
            instrument,
            fold(written, instrument, octaves[role]),
            ensemble["balance"][role][0],
            ensemble["balance"][role][1],
            _articulation(role, instrument, decisions),
            octaves[role],
            # What sustains by itself would blur under a pedal.
            pedal if role == "chords" and not instrument.sustains else (),
        )
        for role, (written, instrument) in players.items()
    }
    strokes = drum_notes(ground, decisions.choice("drum_pattern"))
    if strokes:
        pan, volume = ensemble["balance"]["drums"]
        parts["drums"] = Part("drums", KIT, strokes, pan, volume, 1.0)
    return tuple(parts[role] for role in ROLES if role in parts)


def _articulation(role: str, instrument: Instrument, decisions: Decisions) -> float:
    """The share of a note's length that sounds: the melody's as decided, the others' longer.

    What rings or is tied over is never cut short.
    """
    share = decisions.number("articulation")
    if role == "chords":
        pattern = patterns("chord_patterns")[decisions.choice("chord_pattern")]
        if pattern.ring or pattern.tie or (pattern.whole and instrument.sustains):
            return 1.0
    return share if role == "melody" else round((share + 1) / 2, 3)
