"""By what each style is known: its marks, from what is written of it, each a test of a MIDI file.

They were written down before the tables of the styles were looked at, and know nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from composer.evaluate.styles.heard import HeardStyle, strikes

# Programs of General MIDI.
PIANO, BELLS, ORGAN = range(6), range(8, 15), range(16, 24)
GUITAR, BASSES, STRINGS = range(24, 32), range(32, 40), range(40, 52)
VOICES, BRASS, REEDS = range(52, 55), range(56, 64), range(64, 72)
PIPES, SYNTHS, HARP = range(72, 80), range(80, 96), range(46, 47)
KICK, SNARE, STICK, RIDE, SHAKER, LOW_TOM = 36, 38, 37, 51, 70, 45
CONGAS, CLAVES, FRAME = (62, 63, 64), 75, 64


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: what is heard, in words, and whether a file has it."""

    says: str
    has: Callable[[HeardStyle], bool]


@dataclass(frozen=True, slots=True)
class Known:
    """A style's marks, and where they are written of."""

    source: str
    marks: tuple[Mark, ...]

    def share(self, heard: HeardStyle) -> float:
        """Of its marks those that a file has, 0 to 1."""
        return sum(mark.has(heard) for mark in self.marks) / len(self.marks)


def _known(source: str, *marks: tuple[str, Callable[[HeardStyle], bool]]) -> Known:
    return Known(source, tuple(Mark(*mark) for mark in marks))


MARKS: Mapping[str, Known] = MappingProxyType(
    {
        "lullaby": _known(
            "Grove Music Online: Lullaby",
            ("it rocks, in compound time or in three", lambda h: h.compound or h.metre[0] == 3),
            ("it is slow", lambda h: h.pace <= 80),
            ("it is soft", lambda h: h.loudness <= 62),
            ("nobody drums", lambda h: not len(h.line("drums"))),
            (
                "bells, harp, guitar or piano accompany",
                lambda h: h.among("chords", BELLS, HARP, GUITAR, PIANO) > 0.5,
            ),
            ("no tune against the beat", lambda h: h.syncopated < 0.08),
            (
                "an accompaniment that goes to and fro between the beats",
                lambda h: h.on(h.chords, 0) < 0.8,
            ),
        ),
        "waltz": _known(
            "Grove Music Online: Waltz",
            ("three beats", lambda h: h.metre == (3, 4)),
            ("it turns quickly", lambda h: h.pace >= 105),
            ("the bass has the first beat", lambda h: h.bars(h.bass, 0) > 0.8),
            ("the chords have the second and third", lambda h: h.bars(h.chords, 1, 2) > 0.6),
            ("and not the first", lambda h: h.bars(h.chords, 1, 2, without=0) > 0.5),
            ("even quavers", lambda h: h.swung < 0.3),
        ),
        "march": _known(
            "Grove Music Online: March",
            ("two or four beats", lambda h: h.metre in ((2, 4), (4, 4), (2, 2))),
            ("the pace of a step", lambda h: 90 <= h.pace <= 130),
            ("brass play", lambda h: max(h.among("melody", BRASS), h.among("chords", BRASS)) > 0.5),
            ("the snare drum plays", lambda h: len(h.drum(SNARE)) > 0.5 * h.end / 2),
            ("the bass steps on the beat", lambda h: h.on(h.bass, 0) > 0.85),
            ("on the beat", lambda h: h.syncopated < 0.08),
            ("loud", lambda h: h.loudness > 74),
        ),
        "blues": _known(
            "Grove Music Online: Blues",
            ("four beats", lambda h: h.metre == (4, 4) or h.metre == (12, 8)),
            ("quavers long and short", lambda h: h.swung > 0.6),
            (
                "a bass that walks on the beats",
                lambda h: h.a_beat(h.bass) > 0.8 and h.on(h.bass, 0) > 0.6,
            ),
            ("a ride or a shuffle on the cymbals", lambda h: len(h.drum(RIDE)) > h.end / 2),
            ("a tune that leans against the beat", lambda h: h.syncopated > 0.08),
            ("it does not hurry", lambda h: 55 <= h.pace <= 140),
        ),
        "bossa": _known(
            "Grove Music Online: Bossa nova",
            ("even quavers", lambda h: h.swung < 0.3),
            ("a guitar has the chords", lambda h: h.among("chords", GUITAR) > 0.5),
            (
                "the stick on the rim, off the beat too",
                lambda h: 0.2 < h.on(h.drum(STICK), 0.5) < 0.9,
            ),
            (
                "the bass long and short, on the first beat and before the third",
                lambda h: h.bars(h.bass, 0, 1.5) > 0.3,
            ),
            ("chords before and after the beat", lambda h: h.on(h.chords, 0.5) > 0.3),
            ("soft", lambda h: h.loudness <= 74),
            ("a tune that leans against the beat", lambda h: h.syncopated > 0.08),
        ),
        "lo-fi": _known(
            "Winston & Saywood 2019: Beats to relax/study to",
            ("slow", lambda h: h.pace <= 95),
            ("four beats", lambda h: h.metre == (4, 4)),
            ("a heavy second and fourth beat", lambda h: h.on(h.drum(SNARE), 1, 3, of=4) > 0.7),
            (
                "an electric piano",
                lambda h: 4 in h.programs.get("chords", ()) or 5 in h.programs.get("chords", ()),
            ),
            ("quavers a little uneven", lambda h: h.swung > 0.3 or _between(h)),
            ("few notes of tune", lambda h: h.a_beat(h.tune) < 1.3),
            ("soft", lambda h: h.loudness <= 72),
        ),
        "minimal": _known(
            "Grove Music Online: Minimalism",
            ("nobody drums", lambda h: not len(h.line("drums"))),
            ("the same figure, bar after bar", lambda h: h.same_bars > 0.6),
            ("it hardly ever stops", lambda h: h.a_beat(h.chords) >= 1.5),
            ("quick and even", lambda h: h.pace >= (65 if h.compound else 100) and h.swung < 0.3),
            (
                "percussion of wood and metal, or a piano",
                lambda h: h.among("chords", BELLS, PIANO) > 0.5,
            ),
            (
                "a tune of a few notes near to one another",
                lambda h: len(h.tune) > 0 and float(np.ptp(h.tune.keys)) <= 13,
            ),
        ),
        "chorale": _known(
            "Grove Music Online: Chorale",
            ("all voices move together", lambda h: h.together > 0.6),
            ("voices or an organ", lambda h: h.among("chords", VOICES, ORGAN) > 0.5),
            ("nobody drums", lambda h: not len(h.line("drums"))),
            ("slow", lambda h: h.pace <= 85),
            ("about a note a beat", lambda h: h.a_beat(h.tune) <= 1.5),
            ("on the beat", lambda h: h.syncopated < 0.06),
            ("chords on the beat", lambda h: h.on(h.chords, 0) > 0.9),
        ),
        "cinematic": _known(
            "Lehman 2018: Hollywood harmony",
            ("an orchestra's strings have the chords", lambda h: h.among("chords", STRINGS) > 0.5),
            ("low drums", lambda h: len(h.drum(LOW_TOM, 41, 43, 47)) > h.end / 4),
            ("a figure that is repeated", lambda h: h.a_beat(h.chords) >= 1.4),
            ("long notes above it", lambda h: h.a_beat(h.tune) < 1.2 * (1.5 if h.compound else 1)),
            ("it grows", lambda h: h.grown > 1.8),
            (
                "horns, strings or voices sing",
                lambda h: h.among("melody", STRINGS, BRASS, VOICES) > 0.5,
            ),
        ),
        "chiptune": _known(
            "Collins 2008: Game sound",
            (
                "a synthesiser's voice or a bell's leads",
                lambda h: h.among("melody", SYNTHS, BELLS) > 0.5,
            ),
            ("quick", lambda h: h.pace >= 100),
            (
                "chords broken into quick notes, one at a time",
                lambda h: _single(h) > 0.7 and h.a_beat(h.chords) > 1.4,
            ),
            ("no louder and softer", lambda h: _spread(h) < 20),
            ("a bass that hops", lambda h: h.a_beat(h.bass) >= 0.8),
            (
                "no guitar, strings or reeds",
                lambda h: (
                    not any(h.among(role, GUITAR, STRINGS, REEDS) for role in ("melody", "chords"))
                ),
            ),
        ),
        "ragtime": _known(
            "Grove Music Online: Ragtime",
            ("a piano alone", lambda h: h.among("melody", PIANO) == h.among("chords", PIANO) == 1),
            ("nobody drums", lambda h: not len(h.line("drums"))),
            ("two or four beats", lambda h: h.metre in ((2, 4), (4, 4))),
            ("the bass on the strong beats", lambda h: h.on(h.bass, 0) > 0.85),
            (
                "the chord on the weak ones",
                lambda h: (
                    h.on(h.chords, *((1, 3) if h.metre[0] == 4 else (0.5, 1, 1.5)), of=h.beats)
                    > 0.6
                ),
            ),
            ("a tune between the beats", lambda h: h.syncopated > 0.08),
            ("not fast", lambda h: h.pace <= 125),
        ),
        "samba": _known(
            "Grove Music Online: Samba",
            ("two or four beats", lambda h: h.metre in ((2, 4), (4, 4))),
            ("semiquavers run through", lambda h: h.a_beat(h.drum(SHAKER)) > 1.8),
            (
                "a small drum between the beats",
                lambda h: h.on(h.drum(*CONGAS, 60, 61), 0.25, 0.5, 0.75) > 0.4,
            ),
            ("the deep drum on the second beat", lambda h: _second(h)),
            ("chords between the beats", lambda h: 1 - h.on(h.chords, 0) > 0.4),
            ("a tune against the beat", lambda h: h.syncopated > 0.08),
            ("loud and quick", lambda h: h.pace >= 85 and h.loudness > 70),
        ),
    }
)


def _between(heard: HeardStyle) -> bool:
    """Are there quavers that come between the half and two thirds of a beat?"""
    place = heard.drum(42).at % 1
    late = (place > 0.53) & (place < 0.66)
    return bool(len(place) and late.mean() > 0.2)


def _single(heard: HeardStyle) -> float:
    """Strikes of the chords for each of their notes: 1 where they are all single."""
    struck = strikes(heard.chords)
    return len(struck) / max(1, len(heard.chords))


def _spread(heard: HeardStyle) -> float:
    """From the softest to the loudest twentieth of the tune's velocities."""
    velocities = sorted(heard.tune.velocities)
    return float(velocities[int(0.95 * (len(velocities) - 1))] - velocities[len(velocities) // 20])


def _second(heard: HeardStyle) -> bool:
    """Is the deepest hand drum's loudest stroke on the second of two beats?"""
    low = heard.drum(FRAME)
    loud = low.velocities >= (low.velocities.max() - 8 if len(low) else 0)
    on = (low.at[loud] % 2 > 0.9) & (low.at[loud] % 2 < 1.1)
    return bool(len(on) and on.mean() > 0.6)
