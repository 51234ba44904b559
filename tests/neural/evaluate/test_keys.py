"""Keys as hypotheses: spelling, what is worth reading, and Bayes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from corpora.tune import Tune
from neural import vocabulary as words
from neural.evaluate.keys import KEYS, MODE_NAMES, Hypothesis, sounds, spelling, sung
from neural.evaluate.networks import Judged, known, predictions, prior_of, rows_of
from neural.evaluate.score import lower, scores
from neural.evaluate.scout import Scout, counted_scout
from neural.evaluate.sets import SetPiece
from neural.model import MelodyModel
from neural.weights import Config
from theory.metre import METRES
from theory.pitch import Pitch
from theory.scale import Key
from theory.timed import TimedNote

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)
TINY = Config(width=32, layers=2, heads=4, inner=32)


def piece(midi: tuple[int, ...] = SCALE, length: int = 12) -> SetPiece:
    starts = np.arange(len(midi)) * 24
    return SetPiece("a", starts, starts + length, np.array(midi))


def tune(tonic: str, up: int) -> Tune:
    names = ["C4", "D4", "E4", "F4", "G4", "F4", "E4", "D4", "C4"]
    notes = tuple(
        TimedNote(24 * n, 24 * n + 24, pitch)
        for n, pitch in enumerate(_moved(name, up) for name in names)
    )
    return Tune("x", tonic, "", Key.of(tonic, "ionian"), METRES["4/4"], notes)


def _moved(name: str, up: int) -> Pitch:
    key = Key.of("C" if up == 0 else "D", "ionian")
    word = words.word_of(Pitch.parse(name), Key.of("C", "ionian"))
    assert word is not None
    return words.pitch_of(word, key)


@pytest.fixture(scope="module")
def counted() -> Scout:
    return counted_scout([tune("C", 0), tune("D", 2)])


@pytest.mark.parametrize("mode", MODE_NAMES)
def test_every_pitch_of_a_voice_is_spelled_in_every_key(mode: str) -> None:
    for tonic in range(12):
        usual = spelling(tonic, mode)
        assert (usual[48:90] >= 0).all()
        np.testing.assert_array_equal(sounds(tonic, mode)[usual[48:90]], np.arange(48, 90))


def test_usual_spellings() -> None:
    def names(tonic: int, mode: str) -> list[str]:
        key = Hypothesis(tonic, mode).key
        return [words.pitch_of(int(word), key).name for word in spelling(tonic, mode)[60:72]]

    assert names(0, "ionian")[6] == "F#4"
    assert names(0, "ionian")[10] == "Bb4"
    assert names(9, "aeolian")[8] == "G#4"


def test_rests_between_notes_are_events() -> None:
    events = sung(piece(length=12))
    assert len(events.ticks) == 2 * len(SCALE) - 1
    np.testing.assert_array_equal(events.midi[:4], [60, -1, 62, -1])
    np.testing.assert_array_equal(words.DURATIONS[events.lengths], 12)


def test_the_scout_finds_the_key(counted: Scout) -> None:
    melody = sung(piece((62, 64, 66, 67, 69, 67, 66, 64, 62), 24))
    active = counted.active(melody)
    late = [hypothesis for hypothesis, when in active.items() if when[-1]]
    assert all(each.tonic == 2 for each in late)
    assert all(each.metre for each in late)


def test_what_is_read_does_not_depend_on_what_follows(counted: Scout) -> None:
    whole = sung(piece((62, 64, 66, 67, 69, 67, 66, 64, 62), 24))
    short = sung(piece((62, 64, 66, 67, 61), 24))
    one, other = counted.active(whole), counted.active(short)
    for hypothesis in {*one, *other}:
        before = np.zeros(5, bool)
        np.testing.assert_array_equal(
            one.get(hypothesis, before)[:5], other.get(hypothesis, before)
        )


def judged(model: MelodyModel, melody: SetPiece, counted: Scout, alphabet: list[int]) -> Judged:
    events = sung(melody)
    active = counted.active(events)
    rows = rows_of(events, active)
    found = scores(model, lower(model, rows, 1), alphabet, 1)
    return Judged(events, active, {h: each for (_, h), each in zip(rows, found, strict=True)})


def test_predictions_are_distributions_that_do_not_know_the_future(counted: Scout) -> None:
    torch.manual_seed(0)
    model = MelodyModel(TINY).eval()
    alphabet = list(range(58, 76))
    prior = prior_of([Hypothesis(2, "ionian", "4/4")])
    notes = (62, 64, 66, 67, 69, 67, 66, 64, 62)
    whole = predictions(judged(model, piece(notes, 24), counted, alphabet), prior)
    assert whole.shape == (2, len(notes), len(alphabet))
    np.testing.assert_allclose(whole.sum(axis=2), 1, rtol=1e-4)
    short = predictions(judged(model, piece((*notes[:5], 75), 24), counted, alphabet), prior)
    np.testing.assert_allclose(short[0], whole[0, :6], rtol=0.1)
    np.testing.assert_allclose(short[1, :5], whole[1, :5], rtol=0.1)


def test_the_prior_counts_keys_and_metres() -> None:
    prior = prior_of([Hypothesis(7, "ionian", "3/4")] * 9 + [Hypothesis(2, "dorian", "4/4")])
    assert np.exp([prior.keys[k.tonic, k.mode] for k in KEYS]).sum() == pytest.approx(1)
    assert np.exp(list(prior.metres.values())).sum() == pytest.approx(1)
    assert max(KEYS, key=prior.of) == Hypothesis(7, "ionian")


def test_the_whole_piece_tells_its_key(counted: Scout) -> None:
    torch.manual_seed(0)
    model = MelodyModel(TINY).eval()
    found = judged(
        model, piece((62, 64, 66, 67, 69, 67, 66, 64, 62), 24), counted, [*range(60, 71)]
    )
    assert known(found, prior_of([])).tonic == 2
