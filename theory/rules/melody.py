"""The rules of melody over a harmony."""

from __future__ import annotations

from theory.rules.entry import (
    AS,
    EVERYWHERE,
    FUX,
    LEARNED,
    NOWHERE,
    PISTON,
    STYLED,
    Example,
    Rule,
)

HALVES = "I:96 V:96"
BASS = "C3 G3"

MELODY: tuple[Rule, ...] = (
    Rule(
        "compass",
        "melody",
        "The melody stays in its compass.",
        f"{AS}, ch. 5",
        EVERYWHERE,
        right=Example("It stays under the high A.", HALVES, "E5:48 G5:24 E5:24 D5:96", bass=BASS),
        wrong=Example("It rises to a C above.", HALVES, "E5:48 C6:48 B5:96", bass=BASS),
        parameters={"example": "C4 A5"},
    ),
    Rule(
        "scale",
        "melody",
        "The melody sings notes of the scale or of the sounding chord; in popular language also "
        "another one that goes on by a minor second to a chord tone.",
        f"{PISTON}, ch. 7",
        EVERYWHERE,
        right=Example("F is in the scale.", HALVES, "E5:24 F5:24 E5:48 D5:96", bass=BASS),
        wrong=Example("F♯ is not.", HALVES, "E5:24 F#5:24 E5:48 D5:96", bass=BASS),
    ),
    Rule(
        "strong-beat-dissonance",
        "melody",
        "A strong beat, or a change of chord, takes a chord tone, or a suspension or appoggiatura "
        "that something prepares. In popular language the major sixth and ninth of a chord, where "
        "the scale has them, are as good as its own notes.",
        f"{AS}, ch. 20–21",
        STYLED,
        weight=2.0,
        right=Example("The first note is of the chord.", HALVES, "E5:48 E5:48 D5:96", bass=BASS),
        wrong=Example("D, on nothing, over C major.", HALVES, "D5:48 E5:48 D5:96", bass=BASS),
        parameters={"strength": 3, "added": "M6 M2"},
        figures=("melodic-suspension", "appoggiatura"),
    ),
    Rule(
        "melodic-suspension",
        "melody",
        "A note held, or struck again, into a chord to which it is foreign falls by step, or rises "
        "by a semitone.",
        f"{AS}, ch. 21; {FUX}, lesson 4",
        STYLED,
        weight=2.0,
        right=Example(
            "A four–three: F falls to E.", "IV:48 I:48", "F5:72 E5:24", metre="2/4", bass="F3 C3"
        ),
        wrong=Example("F rises to G.", "IV:48 I:48", "F5:72 G5:24", metre="2/4", bass="F3 C3"),
    ),
    Rule(
        "appoggiatura",
        "melody",
        "A non-chord tone struck on a strong beat goes on by step to a chord tone.",
        f"{AS}, ch. 21; {PISTON}, ch. 8",
        STYLED,
        weight=2.0,
        right=Example("F leans on E.", HALVES, "C5:48 F5:24 E5:24 D5:96", bass=BASS),
        wrong=Example("F leaps away to C.", HALVES, "C5:48 F5:24 C5:24 D5:96", bass=BASS),
    ),
    Rule(
        "dissonance-left-by-step",
        "melody",
        "A weak non-chord tone is one of the figures that have a name; it is not broken off by a "
        "rest, struck twice, or reached by a diminished leap.",
        f"{AS}, ch. 20",
        STYLED,
        weight=2.0,
        right=Example("A passing D.", HALVES, "E5:24 D5:12 C5:60 D5:96", bass=BASS),
        wrong=Example("D goes nowhere.", HALVES, "E5:24 D5:12 -:12 C5:48 D5:96", bass=BASS),
        figures=("passing-note", "neighbour-note", "cambiata", "anticipation", "escape-tone"),
    ),
    Rule(
        "passing-note",
        "melody",
        "A passing note, reached by step, goes on by step the same way; so does a second one after "
        "it. In minor the raised sixth passes up to the raised seventh, the natural seventh down.",
        f"{AS}, ch. 20; {FUX}, lesson 2",
        STYLED,
        weight=1.5,
        right=Example("D passes from E to C.", HALVES, "E5:24 D5:12 C5:60 D5:96", bass=BASS),
        wrong=Example("D leaps on to G.", HALVES, "E5:24 D5:12 G4:60 B4:96", bass=BASS),
    ),
    Rule(
        "neighbour-note",
        "melody",
        "A neighbour goes back by step to a chord tone; of two neighbours the second goes back by "
        "step between them.",
        f"{AS}, ch. 20",
        STYLED,
        weight=1.5,
        right=Example("F, D and back to E.", HALVES, "E5:24 F5:12 D5:12 E5:48 D5:96", bass=BASS),
        wrong=Example("F, D, and a leap away.", HALVES, "E5:24 F5:12 D5:12 G4:48 D5:96", bass=BASS),
    ),
    Rule(
        "cambiata",
        "melody",
        "A cambiata leaps on by a third to a chord tone and then steps back.",
        f"{FUX}, lesson 3; {AS}, ch. 20",
        STYLED,
        weight=1.5,
        right=Example(
            "B leaps on to G; A fills in.", HALVES, "C5:24 B4:12 G4:12 A4:12 G4:36 B4:96", bass=BASS
        ),
        wrong=Example(
            "After B and G it leaps back.", HALVES, "C5:24 B4:12 G4:12 C5:48 D5:96", bass=BASS
        ),
    ),
    Rule(
        "anticipation",
        "melody",
        "An anticipation is struck again as a chord tone; only an anticipation may be reached by a "
        "leap or after a rest.",
        f"{AS}, ch. 20",
        STYLED,
        weight=1.5,
        right=Example("D comes early, and comes.", HALVES, "E5:72 D5:24 D5:96", bass=BASS),
        wrong=Example(
            "F is leapt to and not struck again.", HALVES, "C5:24 F5:12 E5:60 D5:96", bass=BASS
        ),
    ),
    Rule(
        "escape-tone",
        "melody",
        "An escape tone, reached by step, leaps back by a third or a fourth to a chord tone.",
        f"{AS}, ch. 20; {PISTON}, ch. 8",
        STYLED,
        weight=1.5,
        right=Example("F leaps back to C.", HALVES, "E5:24 F5:12 C5:60 D5:96", bass=BASS),
        wrong=Example("D falls back by a fifth.", HALVES, "C5:24 D5:12 G4:60 B4:96", bass=BASS),
    ),
    Rule(
        "melodic-interval",
        "melody",
        "Nothing wider than an octave, no sevenths, no augmented or diminished leaps but a "
        "diminished one that turns back by step; where others play alone between, a line begins.",
        f"{FUX}, lesson 1; {AS}, ch. 5",
        STYLED,
        weight=2.5,
        right=Example(
            "B to F, and back to E.", "V7:96 I:96", "D5:24 B4:24 F5:24 E5:24 E5:96", bass="G3 C3"
        ),
        wrong=Example("A seventh.", "V7:96 I:96", "G4:48 F5:48 E5:96", bass="G3 C3"),
        parameters={"widest": 12},
    ),
    Rule(
        "perfects-with-bass",
        "melody",
        "At a change of chord melody and bass do not move from fifth to fifth or octave to octave, "
        "nor both the same way into one with a leap in the melody.",
        f"{FUX}, lesson 1; {AS}, ch. 5",
        LEARNED,
        weight=6.0,
        right=Example("Third to fifth.", "I:48 ii6:48", "E5:48 D5:48", metre="2/4", bass="C3 F3"),
        wrong=Example("Octave to octave.", "I:48 ii:48", "C5:48 D5:48", metre="2/4", bass="C3 D3"),
    ),
    Rule(
        "melodic-cadence",
        "melody",
        "A phrase ends on the note that its cadence asks for.",
        f"{AS}, ch. 7",
        EVERYWHERE,
        right=Example(
            "It closes on the tonic.", "V:96 I:96", "D5:48 B4:48 C5:96", bass="G3 C3", final="C"
        ),
        wrong=Example(
            "It stops on the third.", "V:96 I:96", "D5:96 E5:96", bass="G3 C3", final="C"
        ),
    ),
    Rule(
        "structural-note",
        "melody",
        "Every chord hears one of its own notes in the melody, with which the lower voices can be "
        "led, unless the melody has fallen silent for half a bar or more.",
        f"{AS}, ch. 5",
        EVERYWHERE,
        right=Example("E over C major, D over G.", HALVES, "E5:96 D5:96", bass=BASS),
        wrong=Example("Nothing is sung over C major.", HALVES, "-:96 D5:96", bass=BASS),
    ),
    Rule(
        "leap-answered",
        "melody",
        "A leap of a fifth or more is answered by a step back.",
        f"{FUX}, lesson 1",
        NOWHERE,
        weight=1.5,
        right=Example(
            "C leaps to G, which steps back.", HALVES, "C5:48 G5:24 F5:12 E5:12 D5:96", bass=BASS
        ),
        wrong=Example("C leaps to G, which leaps.", HALVES, "C5:48 G5:48 D5:96", bass=BASS),
        parameters={"letters": 4},
    ),
    Rule(
        "repetition",
        "melody",
        "The same pitch is not sung more than three times running.",
        f"{FUX}, lesson 1",
        NOWHERE,
        weight=2.0,
        right=Example("Three times E.", HALVES, "E5:24 E5:24 E5:48 D5:96", bass=BASS),
        wrong=Example("Four times E.", HALVES, "E5:24 E5:24 E5:24 E5:24 D5:96", bass=BASS),
        parameters={"most": 3},
    ),
)
