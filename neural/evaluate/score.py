"""The network's distributions over an alphabet of chromatic pitches, under hypotheses of key.

The lower blocks of the network stay as they are when it is fine-tuned on a fold, so what they make
of a row is computed once and read by every fold's own upper blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from neural import vocabulary as words
from neural.evaluate.keys import Hypothesis, PieceEvents, columns, sounds, spelling
from neural.guide import COLUMNS, REALS, UNKNOWN
from neural.model import Events, MelodyModel
from neural.network import Single
from neural.train import mixed_precision
from neural.vocabulary import LENGTH_WORDS, PITCH_WORDS
from theory.metre import METRES

BATCH = 8192  # events at once
NOTHING = np.zeros((0, 0), np.float32)
LEAST = 1e-9  # probability below which none is told from another
Row = tuple[PieceEvents, Hypothesis]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """A row's logarithms, an entry an event.

    pitch: (events, alphabet + 1), the rest last; seen: (events,) of what was sung, its length
    included; length: (events, alphabet) of the length that was sung, were it that pitch's (empty
    where it was not asked for).
    """

    pitch: Single
    seen: Single
    length: Single


@dataclass(frozen=True, slots=True, eq=False)
class Lower:
    """Rows as the lower blocks have read them: (events, width) each."""

    rows: tuple[Row, ...]
    states: tuple[Tensor, ...]


def events_of(rows: Sequence[Row]) -> tuple[Events, Tensor]:
    """The network's input for rows that are padded to the longest, and each row's words."""
    longest = max(len(melody.ticks) for melody, _ in rows)
    pitches = np.full((len(rows), longest), words.REST)
    lengths = np.zeros((len(rows), longest), np.int64)
    ticks = np.zeros((len(rows), longest), np.int64)
    whole = np.full((len(rows), longest, len(COLUMNS)), UNKNOWN)
    real = np.zeros((len(rows), longest, REALS), np.float32)
    metres = [METRES[hypothesis.metre or "4/4"] for _, hypothesis in rows]
    for row, (melody, hypothesis) in enumerate(rows):
        count = len(melody.ticks)
        usual = spelling(hypothesis.tonic, hypothesis.mode)
        pitches[row, :count] = np.where(melody.midi >= 0, usual[melody.midi], words.REST)
        lengths[row, :count] = melody.lengths
        ticks[row, :count] = melody.ticks
        known = columns(melody.ticks, hypothesis)
        whole[row, :count], real[row, :count] = known.whole, known.real
    before = np.concatenate([np.full((len(rows), 1), words.START), pitches[:, :-1]], axis=1)
    lasted = np.concatenate([np.full((len(rows), 1), LENGTH_WORDS), lengths[:, :-1]], axis=1)
    events = Events(
        torch.from_numpy(before),
        torch.from_numpy(lasted),
        torch.from_numpy(ticks),
        torch.from_numpy(whole),
        torch.from_numpy(real),
        torch.tensor([float(metre.beat) for metre in metres]),
        torch.tensor([float(metre.bar) for metre in metres]),
    )
    return events, torch.from_numpy(pitches)


def lower(model: MelodyModel, rows: Sequence[Row], top: int) -> Lower:
    """Read rows with all but the `top` last blocks."""
    model.eval()
    found: dict[int, Tensor] = {}
    with torch.inference_mode(), mixed_precision(torch.device("cpu")):
        for held in _groups(rows):
            events, _ = events_of([rows[number] for number in held])
            x = model.pitch(events.pitches) + model.length(events.lengths)
            x = model.enter(x + model.conditions(events.whole, events.real))
            angles = model.angles(events)
            for block in model.blocks[: len(model.blocks) - top]:
                x = block(x, angles)
            for row, number in enumerate(held):
                found[number] = x[row, : len(rows[number][0].ticks)].bfloat16().clone()
    return Lower(tuple(rows), tuple(found[number] for number in range(len(rows))))


def upper(model: MelodyModel, held: Lower, numbers: Sequence[int], top: int) -> Tensor:
    """The network's states for some of the rows, (rows, events, width), padded."""
    events, _ = events_of([held.rows[number] for number in numbers])
    x = pad_sequence([held.states[number] for number in numbers], batch_first=True).float()
    angles = model.angles(events)
    for block in model.blocks[len(model.blocks) - top :]:
        x = block(x, angles)
    states: Tensor = model.leave(x)
    return states


def scores(
    model: MelodyModel, held: Lower, alphabet: Sequence[int], top: int, told: bool = True
) -> list[Scores]:
    """Every row's scores, in their order. told: with the lengths of every pitch, else of none."""
    model.eval()
    found: dict[int, Scores] = {}
    with torch.inference_mode():
        for numbers in _groups(held.rows):
            rows = [held.rows[number] for number in numbers]
            with mixed_precision(torch.device("cpu")):
                states = _states(model, held, numbers, top)
                logits = model.pitch_logits(states)
                every = _lengths(model, states, rows, alphabet) if told else None
                sung = _sung_lengths(model, states, rows)
            logs = _heard(logits.float().softmax(-1), rows, alphabet).clamp(min=LEAST).log()
            for row, (number, (melody, _)) in enumerate(zip(numbers, rows, strict=True)):
                events = np.arange(len(melody.ticks))
                symbols = np.where(
                    melody.midi >= 0, np.searchsorted(alphabet, melody.midi), len(alphabet)
                )
                pitch = logs[row, events].numpy()
                seen = pitch[events, symbols] + sung[row, events].numpy()
                length = every[row, events, :-1].numpy() if every is not None else NOTHING
                found[number] = Scores(pitch, seen, length)
    return [found[number] for number in range(len(held.rows))]


def _states(model: MelodyModel, held: Lower, numbers: Sequence[int], top: int) -> Tensor:
    """Of rows that the lower blocks have read, or of rows that nobody has."""
    if held.states:
        return upper(model, held, numbers, top)
    events, _ = events_of([held.rows[number] for number in numbers])
    states: Tensor = model(events)
    return states


def _groups(rows: Sequence[Row]) -> list[list[int]]:
    """Rows of like length together, `BATCH` events in a group."""
    groups: list[list[int]] = []
    for number in sorted(range(len(rows)), key=lambda number: len(rows[number][0].ticks)):
        if not groups or len(rows[number][0].ticks) * (len(groups[-1]) + 1) > BATCH:
            groups.append([])
        groups[-1].append(number)
    return groups


def _heard(chances: Tensor, rows: Sequence[Row], alphabet: Sequence[int]) -> Tensor:
    """Words summed into the alphabet's pitches, the rest last: (rows, events, alphabet + 1)."""
    maps: dict[tuple[int, str], Tensor] = {}
    for _, each in rows:
        if (each.tonic, each.mode) not in maps:
            table = np.zeros((PITCH_WORDS, len(alphabet) + 1), np.float32)
            pitches = sounds(each.tonic, each.mode)
            table[: words.PITCHES, :-1] = pitches[:, None] == np.array(alphabet)[None]
            table[words.REST, -1] = 1
            maps[each.tonic, each.mode] = torch.from_numpy(table)
    return torch.bmm(chances, torch.stack([maps[each.tonic, each.mode] for _, each in rows]))


def _lengths(
    model: MelodyModel, states: Tensor, rows: Sequence[Row], alphabet: Sequence[int]
) -> Tensor:
    """Logarithms of the lengths that were sung, for each pitch of the alphabet in its usual
    spelling and for the rest: (rows, events, alphabet + 1)."""
    sung = pad_sequence([torch.from_numpy(melody.lengths) for melody, _ in rows], batch_first=True)
    usual = np.stack([spelling(each.tonic, each.mode)[list(alphabet)] for _, each in rows])
    pitches = torch.from_numpy(np.pad(usual, ((0, 0), (0, 1)), constant_values=words.REST))
    # The network's own sum, with each of its two parts computed once.
    heard = model.length_state(states)
    own = model.length_pitch(model.pitch(pitches))
    parts = []
    for one in range(pitches.shape[1]):
        logits = model.length_out(functional.gelu(heard + own[:, one : one + 1]))
        parts.append(logits.float().log_softmax(-1).gather(2, sung[..., None]))
    return torch.cat(parts, dim=2)


def _sung_lengths(model: MelodyModel, states: Tensor, rows: Sequence[Row]) -> Tensor:
    """The same for what was sung alone: (rows, events)."""
    _, pitches = events_of(rows)
    sung = pad_sequence([torch.from_numpy(melody.lengths) for melody, _ in rows], batch_first=True)
    logs = model.length_logits(states, pitches).float().log_softmax(-1)
    return logs.gather(2, sung[..., None])[..., 0]
