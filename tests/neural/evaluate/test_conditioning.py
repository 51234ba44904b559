"""Table 2: chords of another song, the n-gram, and an LSTM beside the transformer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from corpora import dataset
from corpora.progress import Step, silent
from corpora.tune import Tune
from neural.batches import PLACES, plain
from neural.evaluate import conditioning
from neural.evaluate.baselines import Ngram, RecurrentConfig, RecurrentModel
from neural.evaluate.conditioning import network_bits, shuffled, songs
from neural.examples import examples_of
from neural.model import MelodyModel, parameters, save
from neural.weights import Config
from theory.chord import Chord
from theory.metre import METRES
from theory.pitch import Pitch
from theory.scale import Key
from theory.timed import TimedChord, TimedNote

TINY = Config(width=32, layers=2, heads=4, inner=32)
KEY = Key.of("C", "ionian")
TONES = {"I": ("C4", "E4", "G4", "E4"), "V": ("D4", "G4", "B4", "G4")}


def song(number: int, romans: list[str], collection: str = "POP909") -> Tune:
    """A bar of a chord's notes for every chord."""
    notes, chords = [], []
    for bar, roman in enumerate(romans):
        chord = Chord.parse(roman, KEY)
        chords.append(TimedChord(96 * bar, 96 * bar + 96, chord, Pitch(0, 0, 2)))
        for beat, name in enumerate(TONES[roman]):
            tick = 96 * bar + 24 * beat
            notes.append(TimedNote(tick, tick + 24, Pitch.parse(name)))
    return Tune(collection, f"{number}/x", "", KEY, METRES["4/4"], tuple(notes), tuple(chords))


def tunes(count: int, collection: str = "POP909") -> list[Tune]:
    noise = np.random.default_rng(0)
    return [
        song(number, noise.choice(["I", "V"], 6).tolist(), collection) for number in range(count)
    ]


def test_songs_with_inferred_chords_are_left_out() -> None:
    every = tunes(100)
    parts = [songs(every, part) for part in ("train", "valid", "test")]
    assert sum(map(len, parts)) == 100
    assert all(parts)
    assert not songs([replace(t, inferred=frozenset({"chords"})) for t in every], "train")


def test_shuffled_chords_are_another_songs() -> None:
    examples = [example for tune in tunes(4) for example in examples_of(tune)]
    other = shuffled(examples)
    root = PLACES["root"]
    for one, two in zip(examples, other, strict=True):
        np.testing.assert_array_equal(one.pitches, two.pitches)
        kept = [n for name, n in PLACES.items() if name not in ("root", "next", "until")]
        np.testing.assert_array_equal(one.columns.whole[:, kept], two.columns.whole[:, kept])
        assert any(
            np.array_equal(two.columns.whole[:, root], donor.columns.whole[:, root])
            for donor in examples
            if donor is not one
        )


def test_the_ngram_hears_chords() -> None:
    read = [
        (e.pitches.tolist(), e.lengths.tolist(), e.columns)
        for t in tunes(40)
        for e in examples_of(t)
    ]
    held = read[30:]
    bits = {}
    for chords in (True, False):
        gram = Ngram(chords)
        gram.learn(read[:30])
        bits[chords] = sum(gram.bits(each)["pitch"] for each in held)
        notes = sum(gram.bits(each)["notes"] for each in held)
        assert notes == 24 * len(held)
    assert bits[True] < bits[False]


def test_the_lstm_is_of_the_transformers_size_and_reads_no_future() -> None:
    assert parameters(RecurrentModel(RecurrentConfig())) == pytest.approx(
        parameters(MelodyModel(Config())), rel=0.15
    )
    torch.manual_seed(0)
    model = RecurrentModel(RecurrentConfig(32, 32, 1, 0.0)).eval()
    events, _, _ = plain([example for tune in tunes(1) for example in examples_of(tune)])
    with torch.no_grad():
        one = model(events)
        later = replace(events, pitches=events.pitches.clone())
        later.pitches[:, 10:] = 3
        torch.testing.assert_close(model(later)[:, :10], one[:, :10])


def test_bits_of_a_network_are_told_apart_by_hand() -> None:
    """With every logit nought all pitch words but the rest are alike: log2 of their number."""
    model = MelodyModel(TINY)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    examples = [example for tune in tunes(2) for example in examples_of(tune)]
    sums = network_bits(model, examples)
    assert sums.notes == sum(len(example.ticks) for example in examples)
    assert sums.pitch / sums.notes == pytest.approx(np.log2(215), rel=1e-2)


def watching(monkeypatch: pytest.MonkeyPatch, until: str = "never") -> list[str]:
    """The labels of the bars of training; an interrupt comes at the end of that of `until`."""
    labels: list[str] = []

    @contextmanager
    def progress(length: int, label: str) -> Iterator[Step]:
        labels.append(label)
        yield silent
        if until in label:
            raise KeyboardInterrupt

    monkeypatch.setattr(conditioning, "progress", progress)
    return labels


def test_the_table_is_computed_and_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditioning, "Config", lambda: TINY)
    monkeypatch.setattr(conditioning, "RecurrentConfig", lambda: RecurrentConfig(32, 32, 1, 0.0))
    monkeypatch.setattr(conditioning, "EPOCHS", 1)
    data, file = tmp_path / "d.npz", tmp_path / "w.safetensors"
    dataset.write(data, tunes(60) + tunes(60, "openewld.tar.xz"))
    torch.manual_seed(0)
    save(MelodyModel(TINY), file)
    bars = watching(monkeypatch)
    found = conditioning.evaluate(data, file, tmp_path / "out", jobs=1)
    assert len(found.lines) == 12
    assert all(figure is not None and figure > 0 for line in found.lines for figure in line.figures)
    assert sum("epoch 1 of 1" in label for label in bars) == 2
    bars.clear()
    again = conditioning.evaluate(data, file, tmp_path / "out", jobs=1)
    assert again == found
    assert bars == []


def test_an_interrupted_training_goes_on_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conditioning, "EPOCHS", 2)
    examples = [example for tune in tunes(6) for example in examples_of(tune)]

    def run(file: Path) -> dict[str, torch.Tensor]:
        torch.manual_seed(0)
        model = RecurrentModel(RecurrentConfig(32, 32, 2))
        return conditioning.trained(model, 1e-3, examples, file).state_dict()

    whole = run(tmp_path / "a.pt")
    with monkeypatch.context() as once:
        watching(once, "epoch 2")
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path / "b.pt")
    resumed = run(tmp_path / "b.pt")
    for name, value in whole.items():
        torch.testing.assert_close(resumed[name], value, rtol=0, atol=0)
