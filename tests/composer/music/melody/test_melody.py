"""What a teacher would ask of the melodies: motifs, climaxes, repeats, surprise and ending."""

from functools import lru_cache
from itertools import pairwise

import pytest

from composer import compose
from composer.music.plan import make_plan, surprise
from composer.values.plan import BORROWED, DECEPTIVE, LEAP
from composer.verifier.piece import check
from tests.composer.music.melody import measures
from tests.composer.music.melody.tunes import KINDS, SKYLINES, decisions, picture, sample, sung
from theory.chord import Chord

SEEDS = range(3)


@lru_cache(maxsize=1)
def samples():
    skylines = list(SKYLINES)
    return tuple(
        sample(kind, seed, skylines[(kind + seed) % len(skylines)])
        for kind in range(len(KINDS))
        for seed in SEEDS
    )


def test_no_hard_rule_is_broken():
    for one in samples():
        broken = check(one.plan, one.tune.harmony, one.tune.notes)
        assert [c for c in broken if c.hard and c.count] == []


@lru_cache(maxsize=1)
def kept():
    found = [k for one in samples() for k in measures.kept(one.plan, one.tune.notes)]
    return measures.by_action(found)


@pytest.mark.parametrize(
    ("action", "rhythm", "intervals", "contour"),
    [
        ("repeat", 0.97, 0.8, 0.85),
        ("sequence", 0.9, 0.62, 0.72),
        ("invert", 0.9, 0.62, 0.72),
        ("fragment", 0.9, 0.5, 0.6),
        ("new ending", 0.95, 0.65, 0.75),
    ],
)
def test_a_motif_is_heard_again_as_its_slot_says(action, rhythm, intervals, contour):
    _, of_rhythm, of_intervals, of_contour, _ = kept()[action]
    assert of_rhythm > rhythm
    assert of_intervals > intervals
    assert of_contour > contour


def test_a_sequence_begins_on_another_note():
    assert kept()["sequence"][4] > 0.85


def test_no_bar_and_no_slot_comes_more_than_twice_running():
    for one in samples():
        plan, notes = one.plan, one.tune.notes
        assert measures.longest_run(measures.bars(plan, notes)) <= 2
        assert measures.longest_run(measures.slots_sung(plan, notes)) <= 2


def test_most_pieces_have_one_highest_note_and_most_periods_theirs_where_it_was_planned():
    found = [c for one in samples() for c in measures.climaxes(one.plan, one.tune.notes)]
    highest = [(count, away) for whole, count, away in found if whole]
    assert sum(count == 1 for count, _ in highest) / len(highest) > 0.85
    assert sum(away < 96 for _, away in highest) / len(highest) > 0.85
    # The others keep under it, and may touch their top more than once.
    assert sum(away < 96 for _, _, away in found) / len(found) > 0.85


def test_no_pitch_is_sung_more_than_five_times_running():
    for one in samples():
        assert measures.longest_run([note.key_number for note in one.tune.notes]) <= 5


def test_melodies_move_by_step_more_than_not():
    moves = [m for one in samples() for m in measures.moves(one.plan, one.tune.notes)]
    steps = sum(abs(move) == 1 for move in moves) / len(moves)
    repeats = sum(move == 0 for move in moves) / len(moves)
    assert 0.45 < steps < 0.75
    assert repeats < 0.25


def test_a_piece_comes_to_rest_on_its_tonic_below_its_climax():
    for one in samples():
        last = one.tune.notes[-1]
        phrase = measures.in_phrases(one.plan, one.tune.notes)[-1]
        assert last.pitch.note == one.plan.key.tonic
        assert last.key_number < max(note.key_number for note in one.tune.notes)
        assert last.ticks >= max(note.ticks for note in phrase) / 2
        assert last.end == one.plan.end


def test_every_phrase_but_the_last_breathes():
    for one in samples():
        starts = {note.start for note in one.tune.notes}
        for phrase, following in zip(one.plan.phrases, one.plan.phrases[1:], strict=False):
            end = phrase.end - following.upbeat
            before = max(n.end for n in one.tune.notes if n.start < end)
            assert end in starts or following.upbeat == 0
            assert end - before == phrase.breath > 0


def test_there_is_one_surprise_and_not_in_the_last_phrase():
    for one in samples():
        kinds = [phrase.surprise for phrase in one.plan.phrases]
        assert sum(kind is not None for kind in kinds) == 1
        assert kinds[-1] is None


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("progression", ["pastoral", "folk", "hymn"])
def test_a_borrowed_chord_is_one_that_the_rest_of_the_piece_has_not(monkeypatch, progression, seed):
    monkeypatch.setattr(surprise, "PLACES", {BORROWED: (0.0, 0.0)})
    one = sung(seed, range=10, progression=progression)
    phrase = next(p for p in one.plan.phrases if p.surprise)
    assert phrase.surprise == "borrowed chord"
    spans = one.tune.harmony.spans
    there = {span.chord.roman for span in spans if span.phrase == phrase.name}
    rest = {span.chord.roman for span in spans if span.phrase != phrase.name}
    scale = set(one.plan.key.notes)
    assert any(set(Chord.parse(r, one.plan.key).tones) - scale for r in there - rest)


def test_a_deceptive_cadence_takes_the_place_of_a_full_one(monkeypatch):
    monkeypatch.setattr(surprise, "PLACES", {DECEPTIVE: (0.0, 0.0)})
    one = sung(0, form="binary", bars=24)
    phrase = next(p for p in one.plan.phrases if p.surprise)
    assert phrase.surprise == phrase.cadence + " cadence" == "deceptive cadence"
    last = [span for span in one.tune.harmony.spans if span.phrase == phrase.name][-1]
    assert last.chord.roman != "I"


def test_another_seed_sings_another_melody_over_the_same_plan():
    made = decisions()
    plans = {make_plan(made, picture()) for _ in range(2)}
    tunes = {tuple((n.start, n.key_number) for n in sung(seed).tune.notes) for seed in range(6)}
    assert len(plans) == 1
    assert len(tunes) == 6


@pytest.mark.parametrize(
    "other", [{"tempo": 60}, {"rubato": 0.0}, {"dynamics": 90}, {"dynamic_range": 5}, {"swing": 1}]
)
def test_what_is_not_the_melodys_changes_none_of_its_notes(other):
    assert sung(0, **other).tune.notes == sung(0).tune.notes


@pytest.mark.parametrize("metre", ["2/4", "3/4", "4/4", "5/4", "6/8", "9/8", "12/8"])
def test_density_is_heard(metre):
    calm, busy = (len(sung(1, metre=metre, density=d).tune.notes) for d in (0.7, 2.5))
    assert busy > 1.6 * calm


def test_popular_melodies_hold_notes_over_changes_of_chord():
    held = total = 0
    for seed in range(4):
        one = sung(seed, language="popular", progression="bright pop", harmonic_rhythm=2)
        for span in one.tune.harmony.spans:
            held += any(n.start < span.start < n.end for n in one.tune.notes)
            total += 1
    assert held / total > 0.05


def test_a_leap_of_register_is_often_the_widest_of_its_piece(monkeypatch):
    """Motif and climax may be stronger."""
    monkeypatch.setattr(surprise, "PLACES", {LEAP: (0.0, 0.0)})
    heard = []
    for kind in range(len(KINDS)):
        one = sung(0, **KINDS[kind])
        phrase = next((p for p in one.plan.phrases if p.surprise), None)
        if phrase is None:
            continue
        widest: dict[bool, int] = {True: 0, False: 0}
        lines = measures.in_phrases(one.plan, one.tune.notes)
        for other, line in zip(one.plan.phrases, lines, strict=True):
            for before, after in pairwise(line):
                size = abs(after.pitch.height - before.pitch.height)
                widest[other is phrase] = max(widest[other is phrase], size)
        heard.append(widest[True] >= 5 and widest[True] > widest[False])
    assert len(heard) > 10
    assert sum(heard) / len(heard) > 0.4


@pytest.mark.parametrize(
    "other",
    [{"tempo": "70"}, {"melody_instrument": "oboe"}, {"chord_instrument": "piano"}],
)
def test_another_tempo_or_instrument_changes_no_pitch_and_no_tick(other):
    def written(overrides):
        piece = compose("sample:china", overrides={"tempo": "110", **overrides}, melody="rules")
        return {p.role: [(n.start, n.ticks, n.key_number) for n in p.notes] for p in piece.parts}

    assert written(other) == written({})
