"""Time as people keep it: a tune that leads, chords that spread, drift and breath, by the seed."""

import io
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from statistics import mean, median

import mido
import numpy as np
import pytest

from composer import compose
from composer.evaluate.heard_mood import hear
from composer.render.rendering import Rendering
from composer.render.timeline import SCALE, Timeline, swung
from composer.render.timing import MOST, SNARES, Timing
from composer.settings import Settings
from composer.vocabulary import SINGERS
from corpora.read.midi import read
from tests.composer import example

SOURCES = {
    "china": {"source": "sample:china", "bars": "16"},
    "a swing band": {
        "source": "sample:flower",
        "bars": "16",
        "metre": "4/4",
        "ensemble": "jazz trio",
    },
    "a march": {
        "source": "sample:flower",
        "bars": "16",
        "ensemble": "full orchestra",
        "metre": "4/4",
        "drum_pattern": "march",
    },
}
MS = 1000.0


def composed(source, seed=0, timing="played", **decided):
    return compose(source, Settings(melody="rules", seed=seed, timing=timing), **decided)


@pytest.fixture(scope="module", params=SOURCES)
def piece(request):
    return composed(**SOURCES[request.param])


def deviations(piece):
    """Milliseconds after its written place by (role, written tick, key) of every stroke."""
    line = Timeline(piece)
    return {
        (part.role, one.note.start, one.key): MS
        * (line.second(one.start) - line.second(swung(one.note.start, line.swing)))
        for part, played in zip(piece.parts, line.parts, strict=True)
        for one in played
    }


def test_most_strokes_are_off_the_grid_and_none_far(piece):
    found = np.abs(list(deviations(piece).values()))
    rolled = max(part.instrument.roll for part in piece.parts) * 8
    assert np.mean((found >= 2) & (found <= 30)) >= 0.6
    assert found.max() <= MS * MOST + 17 + rolled


def test_strictly_kept_time_is_that_of_the_page(piece):
    """All but what is bent and rolled lies on the score's grid, as before."""
    strict = Rendering(replace(piece, timing="strict"))
    for part, played in zip(piece.parts, strict.timeline.parts, strict=True):
        if not part.roll:
            swing = strict.timeline.swing
            assert all(one.start == swung(one.note.start, swing) for one in played)
    assert strict.midi != Rendering(piece).midi


def test_the_tune_leads_by_15_to_25_ms():
    """Against what others strike at the same written place; its very first note cannot."""
    leads = []
    for seed in range(4):
        rows = defaultdict(lambda: ([], []))
        for (role, tick, _), late in deviations(composed("sample:china", seed)).items():
            if tick and role in SINGERS:
                rows[tick][0].append(late)
            elif tick and role in ("bass", "chords"):
                rows[tick][1].append(late)
        leads += [min(others) - mean(tune) for tune, others in rows.values() if tune and others]
    assert 15 <= median(leads) <= 25
    assert np.mean(np.asarray(leads) > 0) > 0.99


def test_the_keys_of_a_chord_are_struck_one_after_the_other_from_below():
    timing = Timing(0, [])
    steps = [timing.spread("chords", tick, 4) for tick in range(0, 960, 24)]
    assert 0.002 <= min(steps) < max(steps) <= 0.006
    made = replace(example.piece(), seed=3)
    rows = defaultdict(list)
    for (role, tick, key), late in sorted(deviations(made).items()):
        if role == "chords":
            rows[tick].append((key, late))
    chords = [row for row in rows.values() if len(row) > 1]
    assert chords
    for row in chords:
        times = [late for _, late in sorted(row)]
        assert times == sorted(times)
        assert 0 < times[-1] - times[0] <= 17


def test_a_backbeat_s_snare_is_lazy():
    timing = Timing(0, [])
    ticks = range(0, 4800, 24)
    (snare,) = {38} & SNARES
    gap = [timing.late("drums", tick, snare) - timing.late("drums", tick, 36) for tick in ticks]
    assert 0.007 < mean(gap) < 0.013


def test_a_phrase_breathes_and_the_breath_is_a_drift():
    """Where phrases meet all are late, and one stroke's deviation tells the next one's."""
    late = {"inside": [], "meeting": [], "pairs": []}
    for seed in range(40):
        timing = Timing(seed, [384, 768])
        row = [timing.late("chords", tick) for tick in range(0, 1152, 12)]
        late["pairs"] += list(pairwise(row))
        late["meeting"] += [row[32], row[64]]
        late["inside"] += [row[16], row[48], row[80]]
    assert 0.004 < mean(late["meeting"]) - mean(late["inside"]) < 0.011
    before, after = np.asarray(late["pairs"]).T
    # Of white noise this would be nought.
    assert np.corrcoef(before, after)[0, 1] > 0.6


def test_another_tempo_leaves_every_deviation_and_the_score_alone():
    slow, quick = (composed("sample:china", tempo=tempo, bars="16") for tempo in ("60", "150"))
    one, other = deviations(slow), deviations(quick)
    # A roll of fingers lasts as long at any tempo, but takes another share of the chord.
    rolled = {part.role for part in slow.parts if part.roll or part.role == "chords"}
    same = [key for key in one if key in other and key[0] not in rolled and key[1]]
    assert len(same) > 40
    pulse = MS * 60 / 60 / 480
    assert all(abs(one[key] - other[key]) <= 2 * pulse for key in same)


def test_another_instrument_leaves_every_deviation_alone():
    usual = composed("sample:china", bars="16", melody_instrument="flute")
    other = composed("sample:china", bars="16", melody_instrument="violin")
    one, two = deviations(usual), deviations(other)
    drawn = {key for key in one if key in two}
    assert len(drawn) > 60
    assert {key: one[key] for key in drawn} == {key: two[key] for key in drawn}


def test_another_seed_times_anew_and_the_same_one_the_same():
    made = example.piece()
    again, other = Rendering(made).midi, Rendering(replace(made, seed=made.seed + 1)).midi
    assert Rendering(made).midi == again != other


def test_the_score_and_the_roll_know_nothing_of_it():
    made = example.piece()
    played, strict = (Rendering(replace(made, timing=t)) for t in ("played", "strict"))
    assert played.musicxml == strict.musicxml
    assert played.png == strict.png


def test_strokes_keep_their_order_and_end_after_they_begin(piece):
    line = Timeline(piece)
    for part, played in zip(piece.parts, line.parts, strict=True):
        rows = defaultdict(list)
        for one in played:
            assert 0 <= one.start < one.end <= max(piece.plan.end * SCALE, one.start + 10)
            rows[one.note.start].append(one.start)
        for before, after in pairwise(sorted(rows)):
            assert min(rows[before]) < min(rows[after]), part.role


def test_no_key_of_the_old_chord_is_caught_by_the_new_pedal():
    made = example.piece("4/4")
    chords = next(part for part in made.parts if part.role == "chords")
    spans = tuple((96 * bar, 96 * (bar + 1)) for bar in range(4))
    legato = replace(chords, pedal=spans, articulation=1.0)
    made = replace(made, parts=(legato,))
    line = Timeline(made)
    downs = [down for down, _ in line.pedals[0]]
    for down, (start, _) in zip(downs, spans, strict=True):
        assert all(one.end <= down for one in line.parts[0] if one.note.end == start)
        assert all(one.start <= down for one in line.parts[0] if one.note.start == start)
    file = mido.MidiFile(file=io.BytesIO(Rendering(made).midi))
    sent = [m.value for m in file.tracks[1] if m.type == "control_change" and m.control == 64]
    assert sent == [127, 0] * 4


def test_a_mood_is_heard_alike_in_both():
    """The pieces' onsets are as many moments, however they are timed."""
    for seed in range(3):
        made = composed("sample:flower", seed)
        played, strict = (
            hear(Rendering(replace(made, timing=t)).midi) for t in ("played", "strict")
        )
        assert played.onset_rate == pytest.approx(strict.onset_rate, rel=0.03)
        assert played.note_length == pytest.approx(strict.note_length, rel=0.03)
        assert (played.tempo, played.major) == (pytest.approx(strict.tempo, 0.01), strict.major)


def test_who_quantises_reads_the_same_tune_in_both(piece, tmp_path):
    """Whoever builds a corpus of our files gets what is written, not what is played.

    Straight: between quavers and triplets lies swing, which is read as either, however it is timed.
    """
    straight = replace(piece.plan.performance, swing=0.0)
    piece = replace(piece, plan=replace(piece.plan, performance=straight))
    tunes = []
    for timing in ("played", "strict"):
        path = tmp_path / f"{timing}.mid"
        path.write_bytes(Rendering(replace(piece, timing=timing)).midi)
        tunes.append(read(path, collection="ours"))
    played, strict = tunes
    assert (played.key, played.metre) == (strict.key, strict.metre)
    rows = [{(note.start, note.pitch) for note in tune.notes} for tune in tunes]
    assert len(rows[0] & rows[1]) >= 0.98 * len(rows[0] | rows[1])
