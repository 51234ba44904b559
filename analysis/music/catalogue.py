"""The catalogue of what is measured on music: name, unit, range, meaning, source, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analysis.picture.catalogue import Feature


@dataclass(frozen=True, slots=True)
class MusicFeature:
    """A feature of music, and how far it can be trusted by where it is measured.

    notes, sound: from 0 to 1; of notes 1 where it is counted and less where it is estimated, of
    sound the correlation with what the notes of the same music say, 0 where it is not measured.
    """

    feature: Feature
    notes: float
    sound: float


_KRUMHANSL = "Krumhansl & Kessler 1982, Psychological Review 89:334"
_OURS = "our definition"
_EEROLA = "Eerola, Friberg & Bresin 2013, Frontiers in Psychology 4:487"

_ROWS: tuple[tuple[str, str, float, float, str, str, float, float], ...] = (
    ("time.length", "seconds", 0, 86_400,
     "How long it lasts.", _OURS, 1, 1),
    ("time.tempo", "bpm", 10, 400,
     "Its tempo in quarter notes a minute, as it is written, a mean over its notes.",
     _EEROLA, 1, 0),
    ("time.onset_rate", "onsets/s", 0, 40,
     "How many moments a second at which anything begins.", "Dixon 2006, DAFx 9:133", 1, 0.89),
    ("time.density", "onsets/beat", 0, 24,
     "How many moments a quarter note at which anything begins.", _OURS, 1, 0),
    ("time.note_length", "seconds", 0, 60,
     "Mean length of its notes.", _EEROLA, 1, 0),
    ("time.articulation", "share", 0, 1,
     "How much of the time to its next note a note of its highest line sounds: 1 joined.",
     _EEROLA, 1, 0),
    ("time.evenness", "share", 0, 1,
     "How alike the times from one onset to the next are: 1 all the same.",
     "Grabe & Low 2002, of successive intervals (nPVI)", 1, 0.88),
    ("pitch.register", "MIDI number", 0, 127,
     "Mean pitch, by how long each sounds.", _EEROLA, 1, 0.69),
    ("pitch.melody", "MIDI number", 0, 127,
     "Mean pitch of its highest line.", _OURS, 1, 0),
    ("pitch.bass", "MIDI number", 0, 127,
     "Mean pitch of the lowest note that sounds.", _OURS, 1, 0),
    ("pitch.range", "semitones", 0, 127,
     "From its lowest to its highest twentieth.", _OURS, 1, 0),
    ("pitch.step", "semitones", 0, 60,
     "Mean interval from note to note of its highest line.",
     "Vos & Troost 1989, Music Perception 6:383", 1, 0),
    ("harmony.majorness", "score", -1, 1,
     "How much better its pitches fit a major key than a minor one; below 0 minor.",
     _KRUMHANSL, 0.9, 0.71),
    ("harmony.third", "score", -1, 1,
     "Which third stands above its basses: 1 always major, -1 always minor.", _OURS, 0.9, 0),
    ("harmony.tonic", "pitch class", 0, 12,
     "Its tonic: 0 C, 1 C sharp, up to 11 B.", _KRUMHANSL, 0.8, 0.68),
    ("harmony.key_certainty", "score", 0, 1,
     "How well its pitches fit the key that they fit best.", _KRUMHANSL, 0.9, 0.63),
    ("harmony.dissonance", "score", 0, 1,
     "Roughness of what sounds together: 0 octaves and fifths, 1 semitones.",
     "after Huron 1994, Music Perception 11:289", 0.9, 0),
    ("harmony.chromaticism", "share", 0, 1,
     "Share of the time that notes foreign to its scale sound.", _KRUMHANSL, 0.9, 0),
    ("texture.voices", "notes", 0, 100,
     "How many notes sound together, while any does.", _OURS, 1, 0),
    ("texture.silence", "share", 0, 1,
     "Share of the time in which nothing sounds.", _OURS, 1, 0),
    ("texture.repetition", "share", 0, 1,
     "Share of its melody's figures of four notes that were heard before.", _OURS, 1, 0),
    ("loudness.velocity", "velocity", 1, 127,
     "Mean velocity of its notes.", "MIDI 1.0; dynamics in " + _EEROLA, 1, 0),
    ("loudness.accent", "velocity", 0, 64,
     "Standard deviation of velocity from note to note.", "MIDI 1.0", 1, 0),
    ("sound.loudness", "dB", -100, 10,
     "Its loudness: a root mean square, weighted as ears are.", "ITU-R BS.1770, K weighting", 0, 1),
    ("sound.dynamics", "dB", 0, 60,
     "From its softest to its loudest tenth.", "EBU Tech 3342, loudness range", 0, 1),
    ("sound.brightness", "octaves", 0, 12,
     "Where the middle of its sound's power lies, in octaves above 20 Hz.",
     "spectral centroid, Grey & Gordon 1978, JASA 63:1493", 0, 1),
    ("sound.flux", "score", 0, 10,
     "How much its spectrum changes from moment to moment.", "Dixon 2006, DAFx 9:133", 0, 1),
)  # fmt: skip

MUSIC: Mapping[str, MusicFeature] = MappingProxyType(
    {row[0]: MusicFeature(Feature(*row[:6]), *row[6:]) for row in _ROWS}
)
# Raised whenever what is measured changes, so that what was measured before is measured again.
VERSION = 1
