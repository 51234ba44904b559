"""Every pattern in every metre that it fits, over chords of every length, and the last bar."""

import itertools

import pytest

from composer.music.arrange.chords import Hand
from composer.music.arrange.figuration import strokes
from composer.music.orchestra import load_orchestra
from tests.composer.music.arrange.example import MINOR, arranged
from theory.metre import METRES
from theory.pitch import Pitch

LIBRARY = load_orchestra()
FITTING = [
    (kind, name, metre)
    for kind in ("chord_patterns", "bass_patterns")
    for name, pattern in getattr(LIBRARY, kind).items()
    for metre in pattern.metres
]


@pytest.mark.parametrize(("kind", "name", "metre"), FITTING)
def test_strokes_lie_inside_chords_of_every_length_from_every_beat(
    kind: str, name: str, metre: str
) -> None:
    pattern = getattr(LIBRARY, kind)[name]
    beat, beats = METRES[metre].beat, METRES[metre].beats
    for first, length in itertools.product(range(beats), range(1, 2 * beats + 1)):
        start, end = first * beat, (first + length) * beat
        steps = strokes(pattern, METRES[metre], start, end)
        assert steps
        assert all(start <= step.start and step.start + step.ticks <= end for step in steps)
        assert all(step.ticks > 0 for step in steps)
        starts = [step.start for step in steps]
        assert starts == sorted(set(starts))


@pytest.mark.parametrize(("kind", "name", "metre"), FITTING)
def test_chords_change_with_the_frame_and_keep_its_bass(kind: str, name: str, metre: str) -> None:
    made = {"chord_pattern": "block", "bass_pattern": "held"}
    made["chord_pattern" if kind == "chord_patterns" else "bass_pattern"] = name
    beats = METRES[metre].beats
    lengths = {2: (2, 1, 1), 3: (3, 2, 1), 4: (4, 2, 2, 3, 1), 5: (5, 3, 2)}[beats]
    plan, harmony, parts = arranged(
        metre, romans=MINOR, key="A aeolian", lengths=lengths, phrases=2, **made
    )
    bass = parts["bass"].notes
    for span in harmony.spans:
        sounding = [n for n in bass if n.start <= span.start < n.end]
        assert [n.pitch for n in sounding] == [span.voicing.bass]
        chromas = {n.pitch.note for n in parts["chords"].notes if span.start <= n.start < span.end}
        assert chromas <= set(span.chord.tones)
    for role in ("chords", "bass"):
        notes = parts[role].notes
        assert all(0 <= n.start < n.end <= plan.end for n in notes)
        assert {n.end for n in notes if n.start >= harmony.spans[-1].start} == {plan.end}
        for a, b in itertools.combinations(notes, 2):
            assert a.pitch != b.pitch or a.end <= b.start


@pytest.mark.parametrize(
    ("name", "metre"), [(n, m) for n, p in LIBRARY.drum_patterns.items() for m in p.metres]
)
def test_drums_end_with_the_last_chord(name: str, metre: str) -> None:
    plan, harmony, parts = arranged(metre, phrases=2, drum_pattern=name)
    if name == "none":
        assert "drums" not in parts
        return
    notes = parts["drums"].notes
    last = harmony.spans[-1].start
    assert {n.start for n in notes if n.start >= last} == {last}
    assert all(n.pitch is None and 35 <= n.key_number <= 81 and n.end <= plan.end for n in notes)


@pytest.mark.parametrize("metre", METRES)
def test_every_metre_has_patterns_enough(metre: str) -> None:
    for name, least in (("chord_patterns", 8), ("bass_patterns", 6), ("drum_patterns", 3)):
        fitting = [
            entry
            for entry in LIBRARY.entries[name].values()
            if metre in entry.get("only", {"metre": [metre]})["metre"]
        ]
        assert len(fitting) >= least


def test_a_waltz_goes_oom_pah_pah() -> None:
    steps = strokes(LIBRARY.chord_patterns["waltz"], METRES["3/4"], 0, 72)
    assert [(step.start, step.signs) for step in steps] == [(24, "123"), (48, "123")]


def test_alberti_goes_low_high_middle_high() -> None:
    steps = strokes(LIBRARY.chord_patterns["alberti"], METRES["4/4"], 0, 48)
    assert [step.signs for step in steps] == ["1", "3", "2", "3"]


def test_a_figure_of_the_bar_keeps_to_the_bar_when_the_chord_changes_on_its_second_beat() -> None:
    steps = strokes(LIBRARY.chord_patterns["march"], METRES["4/4"], 24, 72)
    assert [step.start for step in steps] == [36, 60]


def test_a_chord_shorter_than_its_figures_rest_is_held() -> None:
    steps = strokes(LIBRARY.chord_patterns["waltz"], METRES["3/4"], 0, 24)
    assert [(step.start, step.ticks, step.signs) for step in steps] == [(0, 24, "123")]


def test_bars_in_a_list_take_turns_from_the_section_s_first_bar() -> None:
    pattern = LIBRARY.chord_patterns["bossa"]
    first, second = pattern.bars["4/4"]
    for origin, figures in ((0, (first, second)), (96, (second, first))):
        steps = strokes(pattern, METRES["4/4"], 0, 192, origin)
        starts = [
            96 * bar + stroke.start for bar, each in enumerate(figures) for stroke in each.strokes
        ]
        assert [step.start for step in steps] == starts


def test_a_bar_of_five_is_three_and_two() -> None:
    steps = strokes(LIBRARY.chord_patterns["pulse"], METRES["5/4"], 0, 120)
    assert [step.start for step in steps if step.force > 0] == [0, 72]


def test_an_arpeggio_climbs_the_chord_s_tones_and_turns_back_at_the_highest() -> None:
    tones = [Pitch.parse(name) for name in ("G3", "C4", "E4")]
    hand = Hand((*tones, tones[1]), tuple(tones))
    assert [hand.pitch(sign).name for sign in "abcdef"] == ["G3", "C4", "E4", "C4", "G3", "C4"]
    assert [hand.pitch(sign).name for sign in "1234"] == ["G3", "C4", "E4", "C4"]


@pytest.mark.parametrize("name", ["alberti", "arpeggio up", "arpeggio wide", "compound arpeggio"])
def test_broken_chords_do_not_strike_a_note_twice_running_within_a_chord(name: str) -> None:
    metre = "6/8" if name.startswith("compound") else "4/4"
    _, harmony, parts = arranged(metre, chord_pattern=name, romans=MINOR, key="G aeolian")
    for span in harmony.spans[:-1]:
        notes = [n for n in parts["chords"].notes if span.start <= n.start < span.end]
        assert all(a.pitch != b.pitch for a, b in itertools.pairwise(notes))
