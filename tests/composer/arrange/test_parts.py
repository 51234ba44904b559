"""What holds for the parts: ranges, who plays, causes, ends, and the counter-melody's line."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.arrange.ground import Ground, levels
from composer.arrange.melody import melody_notes
from composer.arrange.octaves import place
from composer.library import instruments, library
from composer.values import ROLES, Cause, Note, Section
from tests.composer.arrange.example import MINOR, arranged
from theory.metre import METRES
from theory.noise import Noise
from theory.pitch import Pitch

CAUSE = Cause("melody", "chord tone", None, None, None, "", ())
# The written compass of every role: what an arrangement may use at most.
COMPASS = {
    "melody": ("C4", "A5"),
    "counter-melody": ("D3", "C5"),
    "chords": ("C3", "C5"),
    "bass": ("E2", "E4"),
}
PLAYER = {
    "melody": "melody_instrument",
    "counter-melody": "counter_instrument",
    "chords": "chord_instrument",
    "bass": "bass_instrument",
}


@pytest.mark.parametrize("name", instruments())
@pytest.mark.parametrize("role", COMPASS)
def test_every_instrument_can_play_every_role(role: str, name: str) -> None:
    instrument = instruments()[name]
    low, high = map(Pitch.parse, COMPASS[role])
    notes = (Note(0, 24, low, 64, CAUSE), Note(24, 24, high, 64, CAUSE))
    octave = place({role: (notes, instrument)}, {})[role]
    assert instrument.low.midi <= low.midi + 12 * octave
    assert high.midi + 12 * octave <= instrument.high.midi


@pytest.mark.parametrize("name", instruments())
def test_with_another_instrument_every_pitch_and_tick_stays(name: str) -> None:
    _, _, piano = arranged(counter_melody="contrary", chord_pattern="arpeggio up")
    made = dict.fromkeys(PLAYER.values(), name)
    _, _, other = arranged(counter_melody="contrary", chord_pattern="arpeggio up", **made)
    for role, part in other.items():
        assert part.notes == piano[role].notes
        for note in part.notes:
            sounding = note.key_number + 12 * part.octave
            assert part.instrument.low.midi <= sounding <= part.instrument.high.midi


@pytest.mark.parametrize("name", library("ensembles"))
def test_an_ensemble_plays_with_its_bass_below_its_melody(name: str) -> None:
    entry = library("ensembles")[name]
    players = {
        "melody_instrument": entry["melody"],
        "counter_instrument": entry["counter"],
        "chord_instrument": entry["chords"],
        "bass_instrument": entry["bass"],
    }
    _, _, parts = arranged(ensemble=name, counter_melody="contrary", **players)
    octaves = {role: part.octave for role, part in parts.items()}
    assert octaves["bass"] <= octaves["chords"] <= octaves["melody"]


def test_the_parts_come_in_the_order_of_the_roles_with_a_cause_each() -> None:
    plan, _, parts = arranged(counter_melody="contrary", drum_pattern="rock")
    assert tuple(parts) == ROLES
    regions = {section.region for section in plan.sections}
    for part in parts.values():
        for note in part.notes:
            assert note.cause.region in regions
            assert note.cause.label
            assert 12 <= note.velocity <= 124
            if part.role != "melody":
                assert note.cause.slot is not None
                assert note.cause.rules


def test_the_same_again_and_another_seed() -> None:
    made = {"bass_pattern": "walking", "counter_melody": "contrary", "drum_pattern": "soft"}
    assert arranged(**made) == arranged(**made)
    first, second = (arranged(**made, seed=seed)[2] for seed in (0, 1))
    assert first["chords"] == second["chords"]
    assert first["bass"] != second["bass"]


def test_the_chords_stay_between_bass_and_melody() -> None:
    for metre, pattern in itertools.product(METRES, ("block", "alberti", "arpeggio wide")):
        _, harmony, parts = arranged(metre, chord_pattern=pattern, romans=MINOR, key="D aeolian")
        for span in harmony.spans:
            chords = [n for n in parts["chords"].notes if span.start <= n.start < span.end]
            above = [n for n in parts["melody"].notes if n.start < span.end and n.end > span.start]
            assert all(n.key_number > span.voicing.bass.midi for n in chords)
            assert all(a.key_number < b.key_number for a in chords for b in above)


def test_all_stop_together_on_the_last_chord() -> None:
    plan, _, parts = arranged(
        counter_melody="contrary", drum_pattern="rock", chord_pattern="alberti"
    )
    for part in parts.values():
        ends = {note.end for note in part.notes if note.start >= plan.end - plan.metre.bar}
        assert ends == {plan.end}


def test_under_an_even_curve_the_melody_still_swells_to_its_climax() -> None:
    planned, harmony, parts = arranged(phrases=2, densities=(1.0,))
    even = replace(planned, dynamics=((0, 70),))
    melody = melody_notes(Ground.of(even, harmony, parts["melody"].notes, Noise(0), 20))
    phrase = [note for note in melody if note.start >= even.phrases[1].start]
    assert max(phrase, key=lambda note: note.velocity).start == even.phrases[1].climax
    assert phrase[-1].velocity < phrase[-2].velocity


def test_a_pattern_that_rings_is_pedalled_chord_by_chord_where_the_tone_dies_away() -> None:
    _, harmony, parts = arranged(chord_pattern="arpeggio wide", densities=(1.0,))
    assert parts["chords"].pedal == tuple((s.start, s.end) for s in harmony.spans[:-1])
    assert parts["bass"].pedal == ()
    made = {"chord_pattern": "arpeggio wide", "chord_instrument": "church organ"}
    assert arranged(**made)[2]["chords"].pedal == ()


def section(letter: str, density: float = 1.0, dynamics: int = 0) -> Section:
    return Section(letter, letter, 0, 96, "", 0, dynamics, density, "")


def test_the_first_section_plays_what_was_decided_and_the_others_contrast_and_grow() -> None:
    assert levels((section("A", 0.8),)) == (0,)
    assert levels((section("A", 1.25), section("B", 0.8), section("A", 1.25))) == (0, -1, 1)
    assert levels((section("A"), section("B", 1.02), section("A"))) == (0, 1, 1)
    assert levels((section("A"), section("B", 1.0, -2), section("C"))) == (0, -1, 1)
    assert levels((section("A"), section("B", 0.8))) == (0, -1)
    assert levels((section("A"), section("A"), section("B", 1.0, 9))) == (0, 0, 1)
    _, _, parts = arranged(chord_pattern="alberti", densities=(1.0, 0.8, 1.0, 1.0), phrases=4)
    labels = [note.cause.label for note in parts["chords"].notes]
    assert list(dict.fromkeys(labels)) == ["alberti", "broken", "alberti wide"]


KEYS = {"C ionian": None, "G mixolydian": None, "A aeolian": MINOR, "E aeolian": MINOR}


@settings(max_examples=25, deadline=None)
@given(
    metre=st.sampled_from(sorted(METRES)),
    key=st.sampled_from(sorted(KEYS)),
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=4),
    densities=st.sampled_from([(1.0,), (1.0, 1.2), (1.2, 0.8)]),
)
def test_the_counter_melody_is_legal(
    metre: str, key: str, lengths: list[int], densities: tuple[float, ...]
) -> None:
    made = {"romans": KEYS[key]} if KEYS[key] else {}
    _, harmony, parts = arranged(
        metre, key=key, lengths=lengths, densities=densities, counter_melody="contrary", **made
    )
    if "counter-melody" not in parts:
        return
    line, tune = parts["counter-melody"].notes, parts["melody"].notes

    def at(tick: int) -> int | None:
        return next((n.key_number for n in tune if n.start <= tick < n.end), None)

    def span(tick: int):
        return next(s for s in harmony.spans if s.start <= tick < s.end)

    for note in line:
        above = [n.key_number for n in tune if n.start < note.end and n.end > note.start]
        assert all(note.key_number < other for other in above)
        assert note.key_number > span(note.start).voicing.bass.midi
        assert note.end <= span(note.start).end
    for one, two in itertools.pairwise(line):
        if one.end != two.start or one.key_number == two.key_number:
            continue
        assert abs(two.key_number - one.key_number) in {1, 2, 3, 4, 5, 7, 8, 9, 12}
        bass = [span(n.start).voicing.bass.midi for n in (one, two)]
        over = [at(one.start), at(two.start)]
        for other in (bass, over):
            if None in other or other[0] == other[1]:
                continue
            before, after = (
                (o - n.key_number) % 12 for o, n in zip(other, (one, two), strict=True)
            )
            assert not (before == after and before in {0, 7, 5 if other is bass else 7})
    for one, two, three in zip(line, line[1:], line[2:], strict=False):
        if two.pitch.note not in span(two.start).chord.tones and one.end == two.start:
            assert abs(two.key_number - one.key_number) in {1, 2}
            assert abs(three.key_number - two.key_number) in {1, 2}


def test_the_ground_reads_the_curve_straight_between_its_points() -> None:
    plan, harmony, parts = arranged()
    ground = Ground.of(plan, harmony, parts["melody"].notes, Noise(0), 0)
    assert ground.loudness(0) == 66
    assert ground.loudness(plan.end // 4) == 75
    assert ground.loudness(plan.end) == 60
