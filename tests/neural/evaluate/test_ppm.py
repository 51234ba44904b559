"""PPM: counts, orders, escapes, and that nothing is told of the future."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural.evaluate.ppm import VIEWPOINTS, Ppm, PpmMelody, ViewpointReader, geometric

ALPHABET = (60, 62, 64, 65, 67)
PITCH, INTERVAL, TIMED = VIEWPOINTS


def melody(*pitches: int) -> PpmMelody:
    return PpmMelody(pitches, (0, *[12] * (len(pitches) - 1)))


melodies = st.lists(st.sampled_from(ALPHABET), min_size=1, max_size=20).map(lambda p: melody(*p))


def test_a_model_that_has_read_nothing_knows_nothing() -> None:
    reader = ViewpointReader(PITCH, ALPHABET)
    first = Ppm(reader).predictions(reader.read(melody(60)))
    np.testing.assert_allclose(first, [[0.2] * 5])


def test_escape_method_c_by_hand() -> None:
    """Two kinds in four notes: an order escapes by kinds / (notes + kinds)."""
    reader = ViewpointReader(PITCH, (0, 1), order=0)
    ppm = Ppm(reader)
    ppm.learn(reader.read(PpmMelody((0, 1, 0, 0), (0, 1, 1, 1))))
    found = ppm.predictions(reader.read(PpmMelody((1,), (0,))))
    # 3 of 4 notes were the first: 3/6 + 2/6 · 1/2.
    np.testing.assert_allclose(found, [[3 / 6 + 1 / 6, 1 / 6 + 1 / 6]])


def test_what_followed_before_is_expected_again() -> None:
    for viewpoint in VIEWPOINTS:
        reader = ViewpointReader(viewpoint, ALPHABET)
        found = Ppm(reader).predictions(reader.read(melody(*[60, 62, 64, 62] * 6)))
        sung = [ALPHABET.index(pitch) for pitch in [60, 62, 64, 62] * 6]
        assert found[20, sung[20]] > 0.6
        assert found[1, sung[1]] <= 0.2


def test_intervals_know_a_tune_in_another_key() -> None:
    alphabet = range(55, 80)
    tune, moved = melody(60, 62, 64, 60, 67, 65, 64), melody(63, 65, 67, 63, 70, 68, 67)
    chances = {}
    for viewpoint in (PITCH, INTERVAL):
        reader = ViewpointReader(viewpoint, list(alphabet))
        ppm = Ppm(reader)
        ppm.learn(reader.read(tune))
        rows = ppm.predictions(reader.read(moved))
        chances[viewpoint.name] = np.prod(
            [row[p - 55] for row, p in zip(rows, moved.pitches, strict=True)]
        )
    assert chances["interval"] > 100 * chances["pitch"]


@given(st.lists(melodies, min_size=1, max_size=4), melodies)
def test_distributions_do_not_know_the_future(read: list[PpmMelody], tune: PpmMelody) -> None:
    for viewpoint in VIEWPOINTS:
        reader = ViewpointReader(viewpoint, ALPHABET)
        ppm = Ppm(reader)
        for each in read:
            ppm.learn(reader.read(each))
        whole = ppm.predictions(reader.read(tune))
        np.testing.assert_allclose(whole.sum(axis=1), 1)
        half = len(tune.pitches) // 2 + 1
        other = PpmMelody((*tune.pitches[: half - 1], 67), tune.waits[:half])
        np.testing.assert_allclose(ppm.predictions(reader.read(other)), whole[:half])


@given(st.lists(melodies, min_size=2, max_size=4))
def test_forgetting_undoes_learning(read: list[PpmMelody]) -> None:
    reader = ViewpointReader(TIMED, ALPHABET)
    readings = [reader.read(each) for each in read]
    one, other = Ppm(reader), Ppm(reader)
    for reading in readings:
        one.learn(reading)
    one.predictions(readings[0])
    one.forget(readings[-1])
    for reading in readings[:-1]:
        other.learn(reading)
    assert one.counts == other.counts


def test_the_surer_of_two_is_believed_more() -> None:
    sure, even = np.array([[0.94, 0.03, 0.03]]), np.full((1, 3), 1 / 3)
    mixed = geometric([sure, even], bias=2.0)
    np.testing.assert_allclose(mixed.sum(), 1)
    assert mixed[0, 0] > geometric([sure, even], bias=0.0)[0, 0]


def test_a_pitch_outside_of_the_alphabet_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        ViewpointReader(PITCH, ALPHABET).read(melody(59))
