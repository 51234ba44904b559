"""The table of rules: what part-writing and melody may and may not do, and who says so.

One entry a rule. Generators and explanations name rules from here; a rule's `hard` names the
scopes (the decision `language`) in which nothing may break it, and elsewhere it costs its weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

STRICT, MODAL, POPULAR = LANGUAGES = ("strict", "modal", "popular")
EVERYWHERE = frozenset(LANGUAGES)
LEARNED = frozenset({STRICT, MODAL})
NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of part-writing (`kind` "voices") or of melody (`kind` "melody").

    `weight` is the cost of breaking it once where it is soft, in points; a semitone of motion in
    one voice costs one point.
    """

    name: str
    kind: str
    sentence: str
    source: str
    hard: frozenset[str]
    weight: float = 0.0

    def binds(self, language: str) -> bool:
        """Is the rule hard in this language?"""
        return language in self.hard


AS = "Aldwell & Schachter, Harmony and Voice Leading"
PISTON = "Piston, Harmony"
FUX = "Fux, Gradus ad Parnassum"

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            Rule("range", "voices", "Each voice stays in its range.", f"{AS}, ch. 5", EVERYWHERE),
            Rule(
                "spacing",
                "voices",
                "Soprano and alto, and alto and tenor, stay within an octave of each other.",
                f"{AS}, ch. 5",
                EVERYWHERE,
            ),
            Rule(
                "crossing",
                "voices",
                "No voice goes above the voice over it.",
                f"{AS}, ch. 5",
                EVERYWHERE,
            ),
            Rule(
                "overlap",
                "voices",
                "No voice moves past the note that its neighbour has just left.",
                f"{AS}, ch. 5",
                LEARNED,
                4.0,
            ),
            Rule(
                "parallel-fifths",
                "voices",
                "Two voices a perfect fifth apart do not move to another perfect fifth.",
                f"{AS}, ch. 5; {FUX}, book I",
                LEARNED,
                6.0,
            ),
            Rule(
                "parallel-octaves",
                "voices",
                "Two voices an octave or unison apart do not move to another octave or unison.",
                f"{AS}, ch. 5; {FUX}, book I",
                LEARNED,
                12.0,
            ),
            Rule(
                "direct-fifths",
                "voices",
                "Outer voices do not reach a fifth in similar motion with a leap in the soprano.",
                f"{AS}, ch. 5",
                LEARNED,
                2.0,
            ),
            Rule(
                "direct-octaves",
                "voices",
                "Outer voices do not reach an octave in similar motion with a leap in the soprano.",
                f"{AS}, ch. 5",
                LEARNED,
                3.0,
            ),
            Rule(
                "completeness",
                "voices",
                "A chord has its root, third, seventh and added note; only a fifth may be missing.",
                f"{AS}, ch. 5",
                EVERYWHERE,
                3.0,
            ),
            Rule(
                "doubled-leading-tone",
                "voices",
                "The leading tone is not doubled.",
                f"{AS}, ch. 6",
                EVERYWHERE,
            ),
            Rule(
                "doubled-seventh",
                "voices",
                "The seventh of a chord is not doubled.",
                f"{AS}, ch. 8",
                EVERYWHERE,
            ),
            Rule(
                "leading-tone",
                "voices",
                "A leading tone rises to its goal where the next chord has it; in an inner voice "
                "it may fall to the fifth, and it may slip down a semitone to a seventh.",
                f"{AS}, ch. 6; {PISTON}, ch. 15",
                LEARNED,
                5.0,
            ),
            Rule(
                "seventh",
                "voices",
                "A chord's seventh falls by step or stays where the next chord allows it.",
                f"{AS}, ch. 8",
                LEARNED,
                4.0,
            ),
            Rule(
                "suspension",
                "voices",
                "A suspended fourth falls by step or stays where the next chord allows it.",
                f"{AS}, ch. 21",
                LEARNED,
                2.0,
            ),
            Rule(
                "augmented-sixth",
                "voices",
                "An augmented sixth opens outwards: its lower note falls a semitone, its upper one "
                "rises a semitone.",
                f"{AS}, ch. 29; {PISTON}, ch. 26",
                LEARNED,
                6.0,
            ),
            Rule(
                "neapolitan",
                "voices",
                "The lowered second degree of a Neapolitan falls to the leading tone or by step, "
                "or stays, before a dominant or the tonic six-four.",
                f"{AS}, ch. 28; {PISTON}, ch. 25",
                LEARNED,
                4.0,
            ),
            Rule(
                "cross-relation",
                "voices",
                "A note and its chromatic alteration follow one another in the same voice.",
                f"{AS}, ch. 25; {PISTON}, ch. 15",
                NOWHERE,
                1.5,
            ),
            Rule(
                "augmented-step",
                "voices",
                "No voice moves by an augmented second, fourth or other augmented leap; the "
                "chromatic semitone is free.",
                f"{AS}, ch. 5",
                LEARNED,
                6.0,
            ),
            Rule(
                "wide-leap",
                "voices",
                "No upper voice leaps by a seventh or by more than an octave.",
                f"{AS}, ch. 5",
                EVERYWHERE,
                8.0,
            ),
            Rule(
                "compass",
                "melody",
                "The melody stays in its compass.",
                f"{AS}, ch. 5",
                EVERYWHERE,
            ),
            Rule(
                "scale",
                "melody",
                "The melody sings notes of the scale or of the sounding chord.",
                f"{PISTON}, ch. 7",
                EVERYWHERE,
            ),
            Rule(
                "strong-beat-dissonance",
                "melody",
                "A strong beat, or a change of chord, takes a chord tone, or a suspension or "
                "appoggiatura that resolves by step.",
                f"{AS}, ch. 20–21",
                EVERYWHERE,
            ),
            Rule(
                "dissonance-left-by-step",
                "melody",
                "A weak non-chord tone is a passing note, a neighbour or one of two, a cambiata, "
                "an anticipation or an escape tone.",
                f"{AS}, ch. 20",
                EVERYWHERE,
            ),
            Rule(
                "melodic-interval",
                "melody",
                "Nothing wider than an octave, no sevenths, no augmented or diminished leaps but "
                "a diminished one that turns back by step.",
                f"{FUX}, book I; {AS}, ch. 5",
                EVERYWHERE,
            ),
            Rule(
                "perfects-with-bass",
                "melody",
                "At a change of chord melody and bass do not move from fifth to fifth or octave to "
                "octave, nor both the same way into one with a leap in the melody.",
                f"{FUX}, book I; {AS}, ch. 5",
                LEARNED,
                6.0,
            ),
            Rule(
                "melodic-cadence",
                "melody",
                "A phrase ends on the note that its cadence asks for.",
                f"{AS}, ch. 7",
                EVERYWHERE,
            ),
            Rule(
                "structural-note",
                "melody",
                "Every chord hears one of its own notes in the melody, with which the lower voices "
                "can be led.",
                f"{AS}, ch. 5",
                EVERYWHERE,
            ),
            Rule(
                "leap-answered",
                "melody",
                "A leap of a fifth or more is answered by a step back.",
                f"{FUX}, book I",
                NOWHERE,
                1.5,
            ),
            Rule(
                "repetition",
                "melody",
                "The same pitch is not sung more than three times running.",
                f"{FUX}, book I",
                NOWHERE,
                2.0,
            ),
        )
    }
)
