"""What holds for the parts: ranges, who plays, causes, ends, and the counter-melody's line."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.music.arrange.leadsheet import LeadSheet
from composer.music.arrange.melody import melody_notes
from composer.music.arrange.players import octaves_of, slurs
from composer.music.orchestra import load_orchestra
from composer.music.plan.sections import scored
from composer.values import Cause, ChordSpan, Note, Plan, Section
from composer.vocabulary import ROLES, SINGERS
from tests.composer.music.arrange.example import MINOR, arranged
from theory.metre import METRES
from theory.noise import Noise
from theory.pitch import Pitch
from theory.rules import RULES
from theory.timed import TimedChord as Chord
from theory.timed import TimedNote
from theory.verify import verify_melody

LIBRARY = load_orchestra()
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


@pytest.mark.parametrize("name", LIBRARY.instruments)
@pytest.mark.parametrize("role", COMPASS)
def test_every_instrument_can_play_every_role(role: str, name: str) -> None:
    instrument = LIBRARY.instruments[name]
    low, high = map(Pitch.parse, COMPASS[role])
    notes = (Note(0, 24, low, 64, CAUSE), Note(24, 24, high, 64, CAUSE))
    octave = octaves_of({role: (notes, instrument)}, {})[role]
    assert instrument.low.midi <= low.midi + 12 * octave
    assert high.midi + 12 * octave <= instrument.high.midi


@pytest.mark.parametrize("name", LIBRARY.instruments)
def test_with_another_instrument_every_pitch_and_tick_stays(name: str) -> None:
    _, _, piano = arranged(counter_melody="contrary", chord_pattern="arpeggio up")
    made = dict.fromkeys(PLAYER.values(), name)
    _, _, other = arranged(counter_melody="contrary", chord_pattern="arpeggio up", **made)
    for role, part in other.items():
        assert part.notes == piano[role].notes
        for note in part.notes:
            sounding = note.key_number + 12 * part.octave
            assert part.instrument.low.midi <= sounding <= part.instrument.high.midi


@pytest.mark.parametrize("name", LIBRARY.ensembles)
def test_an_ensemble_plays_with_its_bass_below_its_melody(name: str) -> None:
    players = {PLAYER[role]: player for role, player in LIBRARY.ensembles[name].players.items()}
    _, _, parts = arranged(ensemble=name, counter_melody="contrary", **players)
    octaves = {role: part.octave for role, part in parts.items()}
    assert octaves["bass"] <= octaves["chords"] <= octaves["melody"]
    assert octaves["bass"] <= octaves["counter-melody"] <= octaves["melody"]
    for part in parts.values():
        low, high = part.instrument.low.midi, part.instrument.high.midi
        assert all(low <= note.key_number + 12 * part.octave <= high for note in part.notes)


def test_the_parts_come_in_the_order_of_the_roles_with_a_cause_each() -> None:
    made = {"ensemble": "synth pads", "counter_melody": "contrary", "drum_pattern": "rock"}
    plan, _, parts = arranged(**made, densities=(1.0, 0.8, 1.0), phrases=6)
    assert tuple(parts) == ROLES
    regions = {section.region for section in plan.sections}
    for part in parts.values():
        for note in part.notes:
            assert note.cause.region in regions
            assert note.cause.label
            assert 12 <= note.velocity <= 124
            if part.role not in (*SINGERS, "doubling"):
                assert note.cause.slot is not None
                assert note.cause.rules


def sounding(part):
    return [(note.start, note.ticks, note.pitch) for note in part.notes]


def test_the_same_again_and_another_seed() -> None:
    made = {"bass_pattern": "walking", "counter_melody": "contrary", "drum_pattern": "soft"}
    assert arranged(**made) == arranged(**made)
    first, second = (arranged(**made, seed=seed)[2] for seed in (0, 1))
    assert sounding(first["chords"]) == sounding(second["chords"])
    assert sounding(first["bass"]) != sounding(second["bass"])


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
    melody = melody_notes(LeadSheet(even, harmony, parts["melody"].notes, Noise(0)))
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


def levels(*sections: Section) -> tuple[int, ...]:
    return tuple(one.level for one in scored(sections))


def test_the_first_section_plays_what_was_decided_and_the_others_contrast_and_grow() -> None:
    assert levels(section("A", 0.8)) == (0,)
    assert levels(section("A", 1.25), section("B", 0.8), section("A", 1.25)) == (0, -1, 1)
    assert levels(section("A"), section("B", 1.02), section("A")) == (0, 1, 1)
    assert levels(section("A"), section("B", 1.0, -2), section("C")) == (0, -1, 1)
    assert levels(section("A"), section("B", 0.8)) == (0, -1)
    assert levels(section("A"), section("A"), section("B", 1.0, 9)) == (0, 0, 1)
    _, _, parts = arranged(chord_pattern="alberti", densities=(1.0, 0.8, 1.0, 1.0), phrases=4)
    played: dict[str, None] = {}
    for note in parts["chords"].notes:
        played.setdefault(note.cause.label)
    assert list(played) == ["alberti", "broken", "block", "alberti wide"]


def test_who_joins_a_section_is_said_with_the_reason() -> None:
    """A A B A, where B's region is plainer than the rest."""
    found = scored([section("A"), section("A"), section("B", 0.8), section("A")])
    assert [one.joined for one in found] == [
        ("drums",),
        ("doubling", "counter-melody", "drums"),
        ("second-melody",),
        ("doubling", "counter-melody", "drums"),
    ]
    assert [one.scoring for one in found] == [
        "as decided: it opens the piece",
        "as decided: the beginning comes back",
        "thin: a plainer region than the first section's",
        "full: the beginning comes back to end the piece",
    ]


def test_sections_sound_with_those_who_join_them() -> None:
    made = {"counter_melody": "contrary", "drum_pattern": "rock", "ensemble": "full orchestra"}
    plan, _, parts = arranged(densities=(1.0, 0.8, 1.0), phrases=6, **made)
    for one in plan.sections:
        playing = {
            role
            for role, part in parts.items()
            if any(one.start <= note.start < one.end for note in part.notes)
        }
        assert playing - {"melody", "chords", "bass"} == set(one.joined)
        assert ("melody" in playing) == ("second-melody" not in one.joined)


def test_the_doubling_plays_the_melody_s_own_notes_softer() -> None:
    plan, _, parts = arranged(ensemble="full orchestra", melody_instrument="violin")
    tune, doubling = parts["melody"], parts["doubling"]
    assert (doubling.instrument.name, doubling.octave) == ("flute", tune.octave + 1)
    last = [note for note in tune.notes if note.start >= plan.sections[-1].start]
    assert [(n.start, n.ticks, n.pitch) for n in doubling.notes] == [
        (n.start, n.ticks, n.pitch) for n in last
    ]
    assert all(a.velocity < b.velocity for a, b in zip(doubling.notes, last, strict=True))
    assert {note.cause.origin for note in doubling.notes} == {"doubling"}


def test_nobody_doubles_himself_in_the_same_octave() -> None:
    assert "doubling" not in arranged(ensemble="choir and organ", melody_instrument="oboe")[2]


def test_a_pianist_plays_octaves_or_a_counter_melody() -> None:
    assert "doubling" in arranged(counter_melody="none")[2]
    assert "doubling" not in arranged(counter_melody="contrary")[2]
    made = {"counter_melody": "contrary", "ensemble": "piano and strings"}
    assert "doubling" in arranged(**made)[2]


def test_a_phrase_closes_with_the_pattern_s_own_close() -> None:
    plan, _, parts = arranged(chord_pattern="alberti", densities=(1.0,), phrases=2)
    bars = [
        {n.cause.label for n in parts["chords"].notes if n.start // plan.metre.bar == bar}
        for bar in range(plan.bars)
    ]
    assert bars == [{"alberti"}] * 3 + [{"broken"}] + [{"alberti"}] * 4


def test_a_legato_line_is_slurred_from_strong_beat_to_strong_beat() -> None:
    pitches = [Pitch.parse(name) for name in ("C4", "D4", "E4", "E4", "F4", "G4", "A4")]
    starts = (0, 24, 36, 48, 60, 84, 96)
    notes = tuple(
        Note(start, 12 if start in (24, 36, 48, 84) else 24, pitch, 64, CAUSE)
        for start, pitch in zip(starts, pitches, strict=True)
    )
    oboe = LIBRARY.instruments["oboe"]
    # A strong beat, a repeated note and a barline each begin a new one.
    assert slurs(notes, oboe, 0.9, METRES["4/4"]) == ((0, 48), (48, 96))
    assert slurs(notes, oboe, 0.7, METRES["4/4"]) == ()
    assert slurs(notes, LIBRARY.instruments["piano"], 0.9, METRES["4/4"]) == ()


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
    plan, harmony, parts = arranged(
        metre, key=key, lengths=lengths, densities=densities, counter_melody="contrary", **made
    )
    if "counter-melody" not in parts:
        return
    line, tune = parts["counter-melody"].notes, parts["melody"].notes
    # The verifier shares no code with the automaton. What lies under the melody is not the frame's
    # soprano, and owes it no structural notes.
    rules = [name for name, rule in RULES.items() if rule.kind == "melody" and rule.binds("strict")]
    faults = verify_melody(
        [TimedNote(note.start, note.end, note.pitch) for note in line],
        [
            Chord(s.start, s.end, s.chord, s.voicing.bass, closing(plan, s, line))
            for s in harmony.spans
        ],
        plan.metre,
        (Pitch.parse("D3"), Pitch.parse("C5")),
        "strict",
        rules=[name for name in rules if name != "structural-note"],
    )
    assert not faults

    def at(tick: int) -> int | None:
        return next((n.key_number for n in tune if n.start <= tick < n.end), None)

    for note in line:
        above = [n.key_number for n in tune if n.start < note.end and n.end > note.start]
        assert all(note.key_number < other for other in above)
    for one, two in itertools.pairwise(line):
        over = [at(one.start), at(two.start)]
        if one.end != two.start or one.pitch == two.pitch or None in over or over[0] == over[1]:
            continue
        before, after = (o - n.key_number for o, n in zip(over, (one, two), strict=True))
        assert not (before % 12 == after % 12 and before % 12 in {0, 7})


def closing(plan: Plan, span: ChordSpan, line: tuple[Note, ...]) -> frozenset[str] | None:
    """The notes on which a phrase of the line may end, where a chord ends one."""
    sung = span.end in {phrase.end for phrase in plan.phrases} & {note.end for note in line}
    return frozenset(tone.name for tone in span.chord.tones[:3]) if sung else None


def test_the_counter_melody_goes_against_the_melody() -> None:
    """Where both move at once, most often in contrary motion."""
    against = along = 0
    for metre, key in itertools.product(("3/4", "4/4"), KEYS):
        made = {"romans": KEYS[key]} if KEYS[key] else {}
        _, _, parts = arranged(metre, key=key, counter_melody="contrary", phrases=8, **made)
        tune = parts["melody"].notes
        for one, two in itertools.pairwise(parts["counter-melody"].notes):
            over = [n for t in (one, two) for n in tune if n.start <= t.start < n.end]
            if len(over) == 2 and one.end == two.start:
                motion = (two.key_number - one.key_number) * (
                    over[1].key_number - over[0].key_number
                )
                against, along = against + (motion < 0), along + (motion > 0)
    assert against > 3 * along > 0


def test_the_lead_sheet_reads_the_curve_straight_between_its_points() -> None:
    plan, harmony, parts = arranged()
    sheet = LeadSheet(plan, harmony, parts["melody"].notes, Noise(0))
    assert sheet.loudness(0) == 66
    assert sheet.loudness(plan.end // 4) == 75
    assert sheet.loudness(plan.end) == 60


def test_the_counter_melody_begins_where_the_melody_holds() -> None:
    """Where a chord begins with a note of the melody it rests for a quaver, and then answers."""
    plan, harmony, parts = arranged(phrases=2, densities=(1.0,), counter_melody="contrary")
    line, tune = parts["counter-melody"].notes, parts["melody"].notes
    own = [note for note in line if note.start < plan.end - plan.metre.bar]
    assert not {note.start for note in own} & {note.start for note in tune}
    changes = [span.start for span in harmony.spans if own[0].start < span.start <= own[-1].start]
    assert changes == [480, 576]
    for change in changes:
        assert change + plan.metre.pulse in {note.start for note in own}
        assert not any(note.start < change < note.end for note in own)
