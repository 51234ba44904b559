"""The library: right programs, whole entries, and faults that name file, entry and key."""

import pytest
from music21 import instrument as m21

from composer.library import LIBRARIES, LibraryError, instruments, library
from composer.library.figures import figure
from composer.library.instruments import check_ensembles, check_instruments
from composer.library.patterns import check_drums, check_patterns
from composer.library.reading import parse

# music21's class for the program, where its table of General MIDI has one of its own.
CLASSES = {
    "piano": "Piano",
    "electric piano": "ElectricPiano",
    "celesta": "Celesta",
    "vibraphone": "Vibraphone",
    "marimba": "Marimba",
    "church organ": "PipeOrgan",
    "accordion": "Accordion",
    "nylon guitar": "AcousticGuitar",
    "acoustic bass": "AcousticBass",
    "electric bass": "ElectricBass",
    "violin": "Violin",
    "viola": "Viola",
    "cello": "Violoncello",
    "contrabass": "Contrabass",
    "harp": "Harp",
    "string ensemble": "StringInstrument",
    "choir": "Choir",
    "trumpet": "Trumpet",
    "trombone": "Trombone",
    "french horn": "Horn",
    "soprano sax": "SopranoSaxophone",
    "oboe": "Oboe",
    "bassoon": "Bassoon",
    "clarinet": "Clarinet",
    "flute": "Flute",
    "recorder": "Recorder",
}


@pytest.mark.parametrize("name", CLASSES)
def test_programs_agree_with_music21(name: str) -> None:
    program = instruments()[name].program
    assert type(m21.instrumentFromMidiProgram(program)).__name__ == CLASSES[name]


def test_what_music21_has_no_class_for_agrees_with_general_midi_s_own_numbers() -> None:
    assert instruments()["music box"].program + 1 == 11
    assert instruments()["synth lead"].program + 1 == 82  # Lead 2 (sawtooth)
    assert instruments()["warm pad"].program + 1 == 90  # Pad 2 (warm)


@pytest.mark.parametrize("name", ["violin", "viola", "cello", "oboe", "bassoon", "flute"])
def test_the_lowest_notes_agree_with_music21(name: str) -> None:
    known = m21.instrumentFromMidiProgram(instruments()[name].program)
    assert known.lowestNote.midi == instruments()[name].low.midi


def test_there_is_enough_to_choose_from() -> None:
    least = {
        "instruments": 28,
        "ensembles": 12,
        "chord_patterns": 14,
        "bass_patterns": 8,
        "drum_patterns": 8,
    }
    assert {name: len(library(name)) >= count for name, count in least.items()} == dict.fromkeys(
        LIBRARIES, True
    )
    assert next(iter(library("drum_patterns"))) == "none"


def test_a_pattern_that_does_not_fit_every_metre_says_which_it_fits() -> None:
    assert library("chord_patterns")["stride"]["only"] == {"metre": ["2/4", "4/4", "5/4", "12/8"]}
    assert "only" not in library("chord_patterns")["alberti"]


def test_an_unknown_library_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        library("harps")


BASE = "piano: {program: 0, low: A0, high: C8, middle: C4, sustains: false, family: keyboard}"
PATTERN = "drone:\n  about: A drone.\n"


@pytest.mark.parametrize(
    ("text", "checker", "said"),
    [
        ("- piano", check_instruments, "the top level must map names to entries"),
        ("piano: [1, 2", check_instruments, "cannot be read as YAML"),
        (f"{BASE}\n{BASE}", check_instruments, "'piano' is written twice"),
        ("piano: 3", check_instruments, "'piano': expected a mapping of keys to values, found 3"),
        (
            BASE.replace("program: 0", "program: 128"),
            check_instruments,
            "key 'program': expected a whole number from 0 to 127, found 128",
        ),
        (
            BASE.replace("low: A0", "low: H0"),
            check_instruments,
            "key 'low': expected text that can be read ('H0' is no pitch",
        ),
        (BASE.replace("family", "familly"), check_instruments, "did you mean 'family'?"),
        (BASE.replace(", family: keyboard", ""), check_instruments, "key 'family': expected a"),
        (
            BASE.replace("middle: C4", "middle: C9"),
            check_instruments,
            "key 'middle': expected a pitch between low and high, found 'C9'",
        ),
        (
            "duo: {about: Two., melody: pianno}",
            check_ensembles,
            "did you mean 'piano'?",
        ),
    ],
)
def test_a_wrong_instrument_or_ensemble_is_named(text: str, checker, said: str) -> None:
    with pytest.raises(LibraryError) as caught:
        checker(parse(text, "mine.yaml"), "mine.yaml")
    assert "mine.yaml" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'drone': expected figures: whole, simple, compound or a metre's"),
        ('  simple: ["1 5"]', "'5' in '1 5' is no sign of this pattern: write 1 2 3 4 a b"),
        ('  simple: ["1 2 3 1 2"]', "has 5 signs, which do not share 24 ticks equally"),
        ('  simple: ["- 1"]', "holds a note where none sounds"),
        ('  simple: ["1 | 2"]', "expected one figure a number of beats, one of 1 beat"),
        ('  3/4: "1 | 2"', "has 2 beats; 3/4 has 3"),
        ("  whole: 123", "key 'whole': expected text, found 123"),
        ('  whole: "1"\n  thinner: dron', "did you mean 'drone'?"),
    ],
)
def test_a_wrong_pattern_is_named(text: str, said: str) -> None:
    with pytest.raises(LibraryError) as caught:
        check_patterns("chord_patterns", parse(PATTERN + text, "mine.yaml"), "mine.yaml")
    assert str(caught.value).startswith("mine.yaml, 'drone'")
    assert said in str(caught.value)


def test_a_wrong_drum_is_named() -> None:
    text = 'beat: {about: A beat., 4/4: {cowbell: "x | x | x | x"}}'
    with pytest.raises(LibraryError, match=r"'cowbell' is none of them"):
        check_drums(parse(text, "mine.yaml"), "mine.yaml")


def test_a_figure_s_signs_share_their_beat() -> None:
    read = figure("12> . 3<' | - 1", 36, "123")
    assert [(s.start, s.ticks, s.signs, s.force, s.short) for s in read.steps] == [
        (0, 12, "12", 1, False),
        (24, 30, "3", -1, True),
        (54, 18, "1", 0, False),
    ]
