"""Table 2: does a model of melody hear the chords? Bits a note with the true ones, with another
song's, and with none, on held-out songs whose chords people wrote."""

from __future__ import annotations

import argparse
import io
import json
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from corpora import dataset
from corpora.progress import progress, watched
from corpora.tune import Tune
from corpora.whole import write
from neural import vocabulary as words
from neural import weights
from neural.batches import GROUPS, IGNORED, PLACES, batches, plain
from neural.evaluate.baselines import Melody, Ngram, RecurrentConfig, RecurrentModel
from neural.evaluate.tables import FigureRow, FigureTable, ending
from neural.examples import MelodyExample, guide_of
from neural.guide import Columns, fixed_columns
from neural.model import MelodyModel, load, parameters
from neural.train import Losses, mixed_precision, prepared
from neural.weights import Config

# How the names of collections with written chords begin, and what the table calls them.
SONGS = {"pop909": "POP909", "openewld": "OpenEWLD"}
CHORDS = ("true chords", "shuffled chords", "no chords")
# What is not told besides.
UNTOLD = ("phrases", "contour", "density", "slots")
ESCAPES = (1.0, 2.0, 4.0, 8.0, 16.0)  # of the n-gram, chosen on the validation songs
EPOCHS, EVENTS = 2, 1024  # of the networks that are trained here, in many steps


@dataclass(frozen=True, slots=True)
class Sums:
    """Bits in all, and notes."""

    pitch: float = 0.0
    rhythm: float = 0.0
    notes: float = 0.0

    def plus(self, other: Sums) -> Sums:
        return Sums(self.pitch + other.pitch, self.rhythm + other.rhythm, self.notes + other.notes)


def songs(tunes: Sequence[Tune], part: str) -> list[Tune]:
    """The songs with written chords of one part of the fixed split."""
    return [
        tune
        for tune in tunes
        if tune.collection.lower().startswith(tuple(SONGS))
        and tune.chords
        and "chords" not in tune.inferred
        and dataset.split(tune) == part
    ]


def shuffled(examples: Sequence[MelodyExample]) -> list[MelodyExample]:
    """Every example with the chords of the next song in its collection, metre and mode.

    They are told relative to that song's own tonic, so that they fit the key; a shorter song's
    begin again at its end. Where no other song is alike, one of the same metre gives them.
    """
    alike: dict[tuple[str, ...], list[MelodyExample]] = defaultdict(list)
    for each in examples:
        for kind in _kinds(each.tune):
            alike[kind].append(each)
    found = []
    for each in examples:
        donor = each
        for kind in _kinds(each.tune):
            others = [o for o in alike[kind] if o.tune.source != each.tune.source]
            if others:
                place = next(n for n, o in enumerate(alike[kind]) if o is each)
                donor = others[place % len(others)]
                break
        found.append(_with_chords(each, donor))
    return found


def _kinds(tune: Tune) -> tuple[tuple[str, ...], ...]:
    """What songs must share to lend each other chords, the closest first."""
    metre = tune.metre.name
    return (tune.collection, metre, tune.key.mode.name), (metre,), ()


def _with_chords(example: MelodyExample, donor: MelodyExample) -> MelodyExample:
    bar = donor.tune.metre.bar
    length = -(-donor.tune.chords[-1].end // bar) * bar
    guide = guide_of(donor.tune, donor.tune.notes)
    other = fixed_columns(guide, np.mod(example.ticks, length))
    whole, real = example.columns.whole.copy(), example.columns.real.copy()
    names, numbers = GROUPS["chords"]
    at = [PLACES[name] for name in names]
    whole[:, at] = other.whole[:, at]
    real[:, list(numbers)] = other.real[:, list(numbers)]
    return replace(example, columns=Columns(whole, real))


def network_bits(model: nn.Module, examples: Sequence[MelodyExample], *without: str) -> Sums:
    """A network's bits of pitch and rhythm, told everything but these groups."""
    model.eval()
    total = Sums()
    with torch.inference_mode():
        for begin in watched(range(0, len(examples), 16), "judging"):
            events, pitches, lengths = plain(examples[begin : begin + 16], *without)
            kept = pitches != IGNORED
            with mixed_precision(torch.device("cpu")):
                states: Tensor = model(events)[kept]
                pitches, lengths = pitches[kept], lengths[kept]
                logs = model.pitch_logits(states).float().log_softmax(-1)  # type: ignore[operator]
                lasting = model.length_logits(states, pitches).float().log_softmax(-1)  # type: ignore[operator]
            note = pitches != words.REST
            none = logs[:, words.REST]
            begins = torch.log1p(-none.exp().clamp(max=1 - 1e-6))
            own = logs.gather(1, pitches[:, None])[:, 0]
            length = lasting.gather(1, lengths[:, None])[:, 0]
            pitch = (own - begins)[note].sum()
            rhythm = length.sum() + begins[note].sum() + none[~note].sum()
            nats = Sums(-float(pitch), -float(rhythm), float(note.sum()) * math.log(2))
            total = total.plus(nats)
    return Sums(*(value / math.log(2) for value in (total.pitch, total.rhythm, total.notes)))


def counted_bits(model: Ngram, examples: Sequence[MelodyExample]) -> Sums:
    """The n-gram's."""
    total = Sums()
    for example in watched(examples, "judging"):
        total = total.plus(Sums(**model.bits(_melody(example))))
    return total


def _joint(examples: Sequence[MelodyExample], model: Ngram) -> float:
    sums = counted_bits(model, examples)
    return (sums.pitch + sums.rhythm) / sums.notes


def _melody(example: MelodyExample) -> Melody:
    return example.pitches.tolist(), example.lengths.tolist(), example.columns


def trained(
    model: nn.Module,
    rate: float,
    training: Sequence[MelodyExample],
    file: Path,
) -> nn.Module:
    """The model, trained by the shipped weights' own loss and conditions; a checkpoint an epoch."""
    losses = Losses(model)  # type: ignore[arg-type]
    optimiser = torch.optim.AdamW(model.parameters(), rate, (0.9, 0.98), weight_decay=0.02)
    dealt = batches(training, EVENTS, np.random.default_rng(0))
    steps = sum(1 for _ in watched(dealt, "counting steps"))
    begin = 0
    if file.exists():
        state = torch.load(file, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        begin = state["epochs"]
    for epoch in range(begin, EPOCHS):
        # What is dropped depends on the epoch alone, so that a run can go on where it stopped.
        torch.manual_seed(epoch)
        model.train()
        total = count = 0.0
        dealt = batches(training, EVENTS, np.random.default_rng([0, epoch]))
        with progress(steps, f"{file.stem}, epoch {epoch + 1} of {EPOCHS}") as step:
            for number, (events, pitches, lengths) in enumerate(dealt):
                done = (epoch * steps + number) / (EPOCHS * steps)
                for group in optimiser.param_groups:
                    group["lr"] = rate * min(1.0, 20 * done + 0.05) * (1 - 0.98 * done)
                with mixed_precision(torch.device("cpu")):
                    pitch, length = losses(events, pitches, lengths)
                heard = int((pitches != IGNORED).sum())
                ((pitch + length) / heard).backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimiser.step()
                optimiser.zero_grad(set_to_none=True)
                total, count = total + float(pitch.detach() + length.detach()), count + heard
                step(f"{total / count / np.log(2):.3f} bits an event")
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
        made = io.BytesIO()
        torch.save({**state, "epochs": epoch + 1}, made)
        write(file, made.getbuffer())
    return model.eval()


def evaluate(data: Path, file: Path, output: Path, jobs: int = 2) -> FigureTable:
    """The table, written into the output folder too; networks that were trained are read."""
    output.mkdir(parents=True, exist_ok=True)
    tunes = dataset.read(data)
    training = [e for each in prepared(songs(tunes, "train"), jobs) for e in each]
    held = [e for each in prepared(songs(tunes, "test"), jobs) for e in each]
    versions = {"true chords": held, "shuffled chords": shuffled(held), "no chords": held}
    found: dict[str, dict[str, dict[str, Sums]]] = {}
    about: dict[str, str] = {}

    def judged(name: str, bits: Callable[[list[MelodyExample], str], Sums], text: str) -> None:
        about[name] = text
        path = output / f"{name.replace(' ', '-')}.json"
        found[name] = {
            shown: {c: bits(_of(versions[c], collection), c) for c in CHORDS}
            for collection, shown in SONGS.items()
        }
        rows = {s: {c: _row(sums) for c, sums in each.items()} for s, each in found[name].items()}
        write(path, json.dumps(rows, indent=1) + "\n")

    grams = {chords: Ngram(chords) for chords in (True, False)}
    for gram in grams.values():
        gram.learn(_melody(example) for example in watched(training, "counting"))
    count = sum(len(example.ticks) for example in training)
    sung = len({example.tune.source for example in training})
    budget = f"trained on {sung} training songs, {count} events"
    valid = [e for each in prepared(songs(tunes, "valid"), jobs) for e in each]
    for chords, gram in grams.items():
        grams[chords] = min(
            (gram.escaping(factor) for factor in ESCAPES), key=partial(_joint, valid)
        )
    judged("n-gram", lambda e, c: counted_bits(grams[c != "no chords"], e), budget)

    def network(model: nn.Module) -> Callable[[list[MelodyExample], str], Sums]:
        def bits(examples: list[MelodyExample], chords: str) -> Sums:
            return network_bits(
                model, examples, *UNTOLD, *(["chords"] if chords == "no chords" else [])
            )

        return bits

    shipped = load(file)
    text = f"{parameters(shipped)} parameters, weights {weights.fingerprint(file)[:12]}"
    judged("transformer", network(shipped), f"{text}, all training tunes")
    makers: Mapping[str, tuple[Callable[[], nn.Module], float]] = {
        "LSTM": (lambda: RecurrentModel(RecurrentConfig()), 3e-3),
        "transformer, the LSTM's budget": (lambda: MelodyModel(Config()), 1e-3),
    }
    for name, (make, rate) in makers.items():
        stem = name.partition(",")[0].lower()
        torch.manual_seed(0)
        model = trained(make(), rate, training, output / f"{stem}-songs-{EPOCHS}.pt")
        judged(
            name,
            network(model),
            f"{parameters(model)} parameters, {budget}, {EPOCHS} epochs of {EVENTS} events a step "
            f"at {rate:g}",
        )
    table = _table(found, about, held)
    table.write(output, "chords")
    return table


def _of(examples: Sequence[MelodyExample], collection: str) -> list[MelodyExample]:
    return [e for e in examples if e.tune.collection.lower().startswith(collection)]


def _row(sums: Sums) -> Mapping[str, float]:
    return {"pitch": sums.pitch / sums.notes, "rhythm": sums.rhythm / sums.notes}


def _table(
    found: Mapping[str, Mapping[str, Mapping[str, Sums]]],
    about: Mapping[str, str],
    held: Sequence[MelodyExample],
) -> FigureTable:
    columns = tuple(f"{s} {what}" for s in SONGS.values() for what in ("pitch", "rhythm"))
    lines = [
        FigureRow(
            f"{name}: {chords}",
            tuple(
                _row(found[name][shown][chords])[what]
                for shown in SONGS.values()
                for what in ("pitch", "rhythm")
            ),
            about[name] if chords == CHORDS[0] else "",
        )
        for name in found
        for chords in CHORDS
    ]
    counts = {
        shown: f"{len({e.tune.source for e in _of(held, c)})} songs, "
        f"{sum(int((e.pitches != words.REST).sum()) for e in _of(held, c))} notes"
        for c, shown in SONGS.items()
    }
    return FigureTable(
        "Bits a note on held-out songs, told metre, mode, tonic and chords",
        columns,
        tuple(lines),
        (
            f"Held out by song: {', '.join(f'{n} {text}' for n, text in counts.items())}.",
            "Pitch: the spelled pitch of a note, given that one begins; rhythm: durations and "
            "where rests are. Shuffled: the chords of another song in the same metre and mode.",
        ),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Compute and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--weights", type=Path, default=weights.SHIPPED)
    parser.add_argument("--output", "-o", type=Path, default=Path("chords"))
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args(arguments)
    torch.set_num_threads(asked.threads)
    print(evaluate(asked.dataset, asked.weights, asked.output))


if __name__ == "__main__":
    ending(main)
