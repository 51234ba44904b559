"""The orchestra: right programs, whole entries, and faults that name file, entry and key."""

import pytest
from music21 import instrument as m21

from composer.errors import TableError
from composer.music.orchestra import STOCKS, load_orchestra
from composer.music.orchestra.reading import FigureSigns, figure
from composer.vocabulary import OrchestraFile

PACKAGE = load_orchestra()
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
    program = PACKAGE.instruments[name].program
    assert type(m21.instrumentFromMidiProgram(program)).__name__ == CLASSES[name]


def test_what_music21_has_no_class_for_agrees_with_general_midi_s_own_numbers() -> None:
    assert PACKAGE.instruments["music box"].program + 1 == 11
    assert PACKAGE.instruments["synth lead"].program + 1 == 82  # Lead 2 (sawtooth)
    assert PACKAGE.instruments["warm pad"].program + 1 == 90  # Pad 2 (warm)


@pytest.mark.parametrize("name", ["violin", "viola", "cello", "oboe", "bassoon", "flute"])
def test_the_lowest_notes_agree_with_music21(name: str) -> None:
    known = m21.instrumentFromMidiProgram(PACKAGE.instruments[name].program)
    assert known.lowestNote.midi == PACKAGE.instruments[name].low.midi


def test_there_is_enough_to_choose_from() -> None:
    least = {
        "instruments": 28,
        "ensembles": 12,
        "chord_patterns": 20,
        "bass_patterns": 8,
        "drum_patterns": 8,
    }
    assert {name: len(PACKAGE.entries[name]) >= n for name, n in least.items()} == dict.fromkeys(
        STOCKS, True
    )
    assert next(iter(PACKAGE.drum_patterns)) == "none"


def test_a_pattern_that_does_not_fit_every_metre_says_which_it_fits() -> None:
    chords = PACKAGE.entries["chord_patterns"]
    assert chords["stride"]["only"] == {"metre": ["2/4", "4/4", "5/4", "12/8"]}
    assert "only" not in chords["alberti"]


BASE = (
    "piano: {program: 0, low: A0, high: C8, ease: [A1, C7], middle: C4, "
    "sustains: false, family: keyboard}"
)
CHORDS, DRUMS = "chord_patterns", "drum_patterns"
PATTERN = "drone:\n  about: A drone.\n"


def faults(stock: str, text: str) -> list[str]:
    """Every fault of a file of one's own."""
    with pytest.raises(TableError) as caught:
        load_orchestra((OrchestraFile(stock, "mine.yaml", text.encode()),))
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("stock", "text", "said"),
    [
        ("instruments", "- piano", "1:1: P205 the instruments is a list"),
        ("instruments", "piano: [1, 2", "1:8: P116 this [ has no ] that closes it"),
        ("instruments", f"{BASE}\n{BASE}", "2:1: P202 'piano' stands twice, first in line 1"),
        ("instruments", "piano: 3", "1:8: P205 instrument 'piano' is '3'"),
        (
            "instruments",
            BASE.replace("program: 0", "program: 128"),
            "P402 program of piano is '128'",
        ),
        ("instruments", BASE.replace("low: A0", "low: H0"), "low of piano cannot be read: 'H0'"),
        ("instruments", BASE.replace("family", "familly"), "did you mean 'family'?"),
        ("instruments", BASE.replace(", family: keyboard", ""), "lacks 'family'"),
        ("instruments", BASE.replace("middle: C4", "middle: C9"), "a pitch between A0 and C8"),
        ("instruments", BASE.replace("A1, C7", "A1"), "ease of piano has 1 items"),
        ("instruments", BASE.replace("A1, C7", "A1, D8"), "has its ease outside its range"),
        ("instruments", BASE.replace("false", "no"), "sustains of piano is 'no'"),
        ("instruments", BASE.replace("high: C8", "high: C10"), "a pitch from C-1 to G9"),
        (
            "instruments",
            BASE.replace("C8", "A1").replace("[A1", "[A0"),
            "a pitch between A0 and A1",
        ),
        ("instruments", BASE.replace("A0", "B3").replace("C8", "E4"), "spans 5 semitones"),
        ("instruments", BASE.replace("}", ", sounds: C6}"), "is written from A-2 to C6"),
        ("instruments", BASE.replace("}", ", at once: 0}"), "a whole number from 1 to 16"),
        ("instruments", BASE.replace("}", ", level: 3}"), "a number from -60 to 0"),
        ("instruments", BASE.replace("}", ", clefs: [bas]}"), "did you mean 'bass'?"),
        (
            "instruments",
            BASE.replace("}", ", clefs: [bass, bass]}"),
            "P314 clefs of piano has 'bass'",
        ),
        ("instruments", BASE.replace("}", ", clefs: []}"), "P204 clefs of piano is empty"),
        ("instruments", BASE.replace("}", ", staves: too}"), "did you mean 'two'?"),
        ("ensembles", "duo: {about: Two., melody: pianno}", "did you mean 'piano'?"),
        (DRUMS, 'beat: {about: A beat., 4/4: {cowbell: "x | x | x | x"}}', "has no 'cowbell'"),
        (DRUMS, "beat: {about: A beat., land: krash}", "did you mean 'crash'?"),
        (DRUMS, "beat: {about: A beat.}", "pattern 'beat' has no figures"),
        (
            DRUMS,
            "beat: {about: A beat., 2/4: {kick: xX | .}}",
            "'xX' in 'xX | .' strikes 2 at once",
        ),
        ("bass_patterns", PATTERN + "  whole: b5", "'b5' in 'b5' strikes 2 at once"),
        (CHORDS, PATTERN, "pattern 'drone' has no figures"),
        (
            CHORDS,
            PATTERN + '  simple: ["1 5"]',
            "3:12: L1 simple of drone cannot be read: '5' in",
        ),
        (
            CHORDS,
            PATTERN + '  simple: ["1 2 3 1 2"]',
            "has 5 signs, which do not share 24 ticks",
        ),
        (CHORDS, PATTERN + '  simple: ["- 1"]', "holds a note where none sounds"),
        (CHORDS, PATTERN + '  simple: ["1 | 2"]', "has figures of 2 beats"),
        (
            CHORDS,
            PATTERN + '  whole: "1 2"',
            "3:10: L2 whole of drone is more or less than one stroke",
        ),
        (CHORDS, PATTERN + '  whole: ["1"]', "L2 whole of drone is more or less than one stroke"),
        (CHORDS, PATTERN + '  whole: "."', "L2 whole of drone is more or less than one stroke"),
        (CHORDS, PATTERN + '  simple: "1"', "simple of drone is no list"),
        (CHORDS, PATTERN + '  3/4: "1 | 2"', "3:8: L2 3/4 of drone has 2 beats"),
        (CHORDS, PATTERN + '  whole: "1"\n  thinner: dron', "did you mean 'drone'?"),
        (
            CHORDS,
            'drone:\n  about: A drone\n  whole: "1"',
            "about drone has no full stop",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(stock: str, text: str, said: str) -> None:
    found = faults(stock, text)
    assert any(said in fault for fault in found), found
    assert all(fault.startswith("mine.yaml:") for fault in found)


def test_all_faults_of_a_file_are_told_at_once_in_order() -> None:
    text = PATTERN + '  simple: ["1 5"]\n  3/4: "1 | 2"\n  fuler: drone\nharp:\n  whole: "1"\n'
    assert [fault.splitlines()[0] for fault in faults(CHORDS, text)] == [
        "mine.yaml:3:12: L1 simple of drone cannot be read: '5' in '1 5' is no sign of this "
        "pattern: write 1 2 3 4 a b c d e f . -",
        "mine.yaml:4:8: L2 3/4 of drone has 2 beats",
        "mine.yaml:5:3: P201 pattern 'drone' has no 'fuler'",
        "mine.yaml:7:3: P203 pattern 'harp' lacks 'about'",
    ]


def test_a_fault_shows_its_line_and_what_was_expected() -> None:
    (fault,) = faults(CHORDS, PATTERN + '  whole: "1"\n  fuler: drone')
    assert fault.splitlines()[1:] == [
        "      fuler: drone",
        "      ^",
        "    expected: one of about, whole, simple, compound, 2/4, 3/4, 4/4, 5/4, 6/8, 9/8, 12/8, "
        "tie, ring, thinner, fuller, close",
        "    did you mean 'fuller'?",
        "    see promenade rules why P201",
    ]


def test_transposing_instruments_agree_with_music21() -> None:
    """What a written C4 sounds, for those that music21 knows to transpose."""
    for name, one in PACKAGE.instruments.items():
        known = m21.instrumentFromMidiProgram(one.program)
        if name in CLASSES and known.transposition is not None:
            assert known.transposition.semitones == one.sounds.midi - 60, name


@pytest.mark.parametrize("name", PACKAGE.instruments)
def test_an_instrument_is_at_ease_about_the_middle_of_its_range(name: str) -> None:
    one = PACKAGE.instruments[name]
    low, high = one.comfortable
    assert one.low.midi <= low.midi < one.middle.midi < high.midi <= one.high.midi
    assert high.midi - low.midi >= 12


def test_blown_instruments_and_voices_need_breath_and_no_others() -> None:
    breathing = {"winds", "brass", "voices"}
    assert all(
        bool(one.breath) == (one.family in breathing) for one in PACKAGE.instruments.values()
    )
    single = {"winds", "brass", "strings"}
    solo = [one for name, one in PACKAGE.instruments.items() if name != "string ensemble"]
    assert all(one.at_once == 1 for one in solo if one.family in single)


def test_a_figure_s_signs_share_their_beat() -> None:
    read = figure("12> . 3<' | - 1", 36, FigureSigns("123", several=True))
    assert [(s.start, s.ticks, s.signs, s.force, s.short) for s in read.strokes] == [
        (0, 12, "12", 1, False),
        (24, 30, "3", -1, True),
        (54, 18, "1", 0, False),
    ]


def test_one_s_own_entries_come_after_the_package_s_or_in_their_places() -> None:
    text = 'alberti:\n  about: Held.\n  3/4: "123 | - | -"\nlullaby:\n  about: Held too.\n'
    text += '  whole: "1"\n  thinner: alberti\n'
    orchestra = load_orchestra((OrchestraFile(CHORDS, "mine.yaml", text.encode()),))
    assert [*orchestra.chord_patterns] == [*PACKAGE.chord_patterns, "lullaby"]
    assert [*orchestra.entries[CHORDS]] == [*orchestra.chord_patterns]
    assert orchestra.chord_patterns["alberti"].about == "Held."
    assert orchestra.entries[CHORDS]["alberti"]["only"] == {"metre": ["3/4"]}
    assert orchestra.bass_patterns == PACKAGE.bass_patterns
    assert "lullaby" not in load_orchestra().chord_patterns


def test_the_faults_of_all_files_are_told_at_once_and_none_for_naming_what_is_faulty() -> None:
    ensemble = (
        "duo: {about: Two., melody: lute, counter: lute, chords: lute, bass: lute, "
        "chord_pattern: drone, bass_pattern: held, drums: none, balance: [1]}"
    )
    files = (
        OrchestraFile("ensembles", "a.yaml", ensemble.encode()),
        OrchestraFile(CHORDS, "b.yaml", PATTERN.encode()),
        OrchestraFile("instruments", "c.yaml", b"lute: {program: 24}"),
    )
    with pytest.raises(TableError) as caught:
        load_orchestra(files)
    assert [str(fault).splitlines()[0] for fault in caught.value.faults] == [
        *(
            f"c.yaml:1:7: P203 instrument 'lute' lacks {key!r}"
            for key in ("low", "high", "ease", "middle", "sustains", "family")
        ),
        "b.yaml:2:3: P203 pattern 'drone' has no figures",
        "a.yaml:1:139: P205 balance of duo is a list",
    ]


def test_an_instrument_that_was_not_measured_is_as_loud_as_one_of_its_program() -> None:
    text = f"""{BASE.replace("piano", "upright").replace("program: 0", "program: 4")}
{BASE.replace("piano", "spinet").replace("program: 0", "program: 6")}
{BASE.replace("piano", "grand").replace("program: 0", "program: 4, level: -9.5")}
{BASE}
"""
    added = load_orchestra((OrchestraFile("instruments", "mine.yaml", text.encode()),)).instruments
    assert added["upright"].level == PACKAGE.instruments["electric piano"].level
    assert added["spinet"].level is None
    assert added["grand"].level == -9.5
    assert added["piano"].level == PACKAGE.instruments["piano"].level != -23
