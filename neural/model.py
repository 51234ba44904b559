"""The melody model: a small decoder that reads a melody event by event and proposes the next one.

One position is one event, a note or a rest. Its input is the event before it and what is known at
its onset (see `neural.guide`); its output is a distribution over pitch words and, for each pitch,
over durations: p(pitch, duration) = p(pitch) · p(duration | pitch). So the joint matrix that the
melody automaton masks costs one step of the network.

Published ideas: a decoder of pre-normalised blocks (Vaswani et al. 2017; Xiong et al. 2020), gated
feed-forward layers (Shazeer 2020), root mean square norms (Zhang & Sennrich 2019), rotary positions
(Su et al. 2021), dropout locked in time (Gal & Ghahramani 2016). Music's own: like the relative
attention of Music Transformer (Huang et al. 2018) and the metrical positions of REMI and compound
words (Huang & Yang 2020; Hsiao et al. 2021), heads measure distance in what music is periodic in.
Half of them count events, a quarter beats, a quarter bars: "two bars ago" is one angle whatever
happened between. Left out: absolute positions, several instruments, velocities, tempo, pre-training
on other tasks, and any trick of sampling: what may be sung is the automaton's business.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import save as encoded
from torch import Tensor, nn
from torch.nn import functional

from corpora.whole import write
from neural import vocabulary as words
from neural.guide import COLUMNS, REALS
from neural.network import speeds
from neural.vocabulary import LENGTH_WORDS, PITCH_WORDS
from neural.weights import FORMAT, HEADER, SHIPPED, Config, Weights, read


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """A batch of melodies, (batch, events) each: words of what was sung, and what was known.

    whole: (batch, events, len(COLUMNS)), −1 for what is not told; real: (batch, events, REALS);
    ticks: onsets; beat, bar: (batch,) ticks a beat and a bar.
    """

    pitches: Tensor
    lengths: Tensor
    ticks: Tensor
    whole: Tensor
    real: Tensor
    beat: Tensor
    bar: Tensor


class PitchEmbedding(nn.Module):
    """A pitch word is its letter above the tonic, its degree and its alteration."""

    def __init__(self, width: int) -> None:
        super().__init__()
        count = words.PITCHES + 2  # with the rest and the start
        self.word = nn.Embedding(count, width)
        self.degree = nn.Embedding(7 * words.ALTERS + 2, width)
        number = torch.arange(words.PITCHES)
        steps, alters = number // words.ALTERS + words.LOWEST, number % words.ALTERS
        degrees = (steps % 7) * words.ALTERS + alters
        special = torch.tensor([7 * words.ALTERS, 7 * words.ALTERS + 1])
        self.degrees: Tensor
        self.register_buffer("degrees", torch.cat([degrees, special]), persistent=False)

    def table(self) -> Tensor:
        """(words, width)"""
        degrees: Tensor = self.degree(self.degrees)
        return self.word.weight + degrees

    def forward(self, pitches: Tensor) -> Tensor:
        found: Tensor = functional.embedding(pitches, self.table())
        return found


class Conditions(nn.Module):
    """What is known at an onset, as one vector: a sum, with nothing added for what is not told."""

    def __init__(self, width: int, pitch: PitchEmbedding) -> None:
        super().__init__()
        self.names = list(COLUMNS)
        plain = {name: size for name, size in COLUMNS.items() if name not in ("motif", "after")}
        self.tables = nn.ModuleDict(
            {name: nn.Embedding(size + 1, width, padding_idx=0) for name, size in plain.items()}
        )
        self.real = nn.Linear(REALS, width, bias=False)
        self.motif = nn.Linear(width, width, bias=False)
        self.after = nn.Linear(width, width, bias=False)
        self.pitch = [pitch]  # shared, and not registered twice

    def forward(self, whole: Tensor, real: Tensor) -> Tensor:
        found: Tensor = self.real(real)
        table = self.pitch[0].table()
        for number, name in enumerate(self.names):
            column = whole[..., number]
            if name in self.tables:
                found = found + self.tables[name](column + 1)
            else:
                moved = getattr(self, name)(table)
                known = (column >= 0).unsqueeze(-1)
                found = found + functional.embedding(column.clamp(min=0), moved) * known
        return found


class Locked(nn.Module):
    """Dropout of the same features at every event of a melody (Gal & Ghahramani 2016).

    Its noise is one number a feature and not one an event, which on a processor without a GPU
    costs a quarter of the training time.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.share:
            return x
        ones = torch.ones(x.shape[0], 1, x.shape[2], dtype=x.dtype, device=x.device)
        kept: Tensor = functional.dropout(ones, self.share)
        return x * kept


class Block(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        width = config.width
        self.heads = config.heads
        self.norm = nn.RMSNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.inner_norm = nn.RMSNorm(width)
        self.gate = nn.Linear(width, 2 * config.inner, bias=False)
        self.back = nn.Linear(config.inner, width, bias=False)
        self.drop = Locked(config.dropout)

    def forward(self, x: Tensor, angles: tuple[Tensor, Tensor]) -> Tensor:
        batch, length, width = x.shape
        size = width // self.heads
        qkv = self.qkv(self.norm(x)).view(batch, length, 3, self.heads, size)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        q, k = _turned(q, angles), _turned(k, angles)
        bias = torch.full((length, length), -torch.inf, device=x.device).triu(1)
        mixed = _attended(q, k, v, bias.to(q.dtype))
        x = x + self.drop(self.out(mixed.transpose(1, 2).reshape(batch, length, width)))
        value, gate = self.gate(self.inner_norm(x)).chunk(2, dim=-1)
        fed: Tensor = self.drop(self.back(functional.silu(gate) * value))
        return x + fed


def _attended(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    """Attention written out: on processors without a GPU several times as fast, forward and
    backward, as the fused kernel. bias: 0 or −∞, (queries, keys)."""
    batch, heads, length, size = q.shape
    bias = bias.expand(batch * heads, length, length)
    scores = torch.baddbmm(bias, q.flatten(0, 1), k.flatten(0, 1).transpose(1, 2), alpha=size**-0.5)
    return torch.bmm(scores.softmax(-1), v.flatten(0, 1)).view(batch, heads, length, size)


def _turned(x: Tensor, angles: tuple[Tensor, Tensor]) -> Tensor:
    """Rotate pairs of features by their positions' angles; x: (batch, heads, events, size)."""
    cos, sin = angles
    one, other = x.chunk(2, dim=-1)
    return torch.cat([one * cos - other * sin, one * sin + other * cos], dim=-1).to(x.dtype)


class MelodyModel(nn.Module):
    """The network. Its words are those of `neural.vocabulary`, its conditions `neural.guide`'s."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.pitch = PitchEmbedding(width)
        self.length = nn.Embedding(LENGTH_WORDS + 1, width)
        self.conditions = Conditions(width, self.pitch)
        self.enter = nn.RMSNorm(width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.leave = nn.RMSNorm(width)
        self.pitch_out = nn.Linear(width, width, bias=False)
        self.pitch_bias = nn.Parameter(torch.zeros(PITCH_WORDS))
        self.length_state = nn.Linear(width, width)
        self.length_pitch = nn.Linear(width, width, bias=False)
        self.length_out = nn.Linear(width, LENGTH_WORDS)
        self.drop = Locked(config.dropout)
        self.speeds: Tensor
        self.register_buffer(
            "speeds", torch.from_numpy(speeds(width // config.heads)), persistent=False
        )
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                deep = name.endswith(("out.weight", "back.weight")) and "blocks" in name
                scale = 0.02 / (2 * config.layers) ** 0.5 if deep else 0.02
                nn.init.normal_(parameter, std=scale)

    def forward(self, events: Events) -> Tensor:
        """States (batch, events, width), one for each event to be proposed.

        The input of event t is what was sung at t − 1: `pitches` and `lengths` are those of the
        events *before*, the first START.
        """
        x = self.pitch(events.pitches) + self.length(events.lengths)
        x = self.drop(self.enter(x + self.conditions(events.whole, events.real)))
        angles = self.angles(events)
        for block in self.blocks:
            x = block(x, angles)
        states: Tensor = self.leave(x)
        return states

    def pitch_logits(self, states: Tensor) -> Tensor:
        """(…, PITCH_WORDS), the rest last."""
        table = self.pitch.table()[:PITCH_WORDS]
        return functional.linear(self.pitch_out(states), table) + self.pitch_bias

    def length_logits(self, states: Tensor, pitches: Tensor) -> Tensor:
        """(…, LENGTH_WORDS) for durations of the pitches that are to be sung in these states."""
        mixed = self.length_state(states) + self.length_pitch(self.pitch(pitches))
        logits: Tensor = self.length_out(functional.gelu(mixed))
        return logits

    def angles(self, events: Events) -> tuple[Tensor, Tensor]:
        """Cosines and sines, (batch, heads, events, half a head): distances as each head counts."""
        ticks = events.ticks.float()
        index = torch.arange(ticks.shape[1], device=ticks.device).expand_as(ticks)
        clocks = torch.stack(
            [index.float(), ticks / events.beat[:, None], ticks / events.bar[:, None]], dim=1
        )
        heads = self.config.heads
        kinds = torch.tensor(
            [0] * (heads // 2) + [1] * (heads // 4) + [2] * (heads - heads // 2 - heads // 4),
            device=ticks.device,
        )
        turns = clocks[:, kinds].unsqueeze(-1) * self.speeds[kinds][None, :, None, :]
        return turns.cos(), turns.sin()


def parameters(model: nn.Module) -> int:
    """How many numbers are learned."""
    return sum(parameter.numel() for parameter in model.parameters())


def weights_of(model: MelodyModel) -> Weights:
    """A model as data, for singing; a copy in single precision."""
    state = model.state_dict()
    return Weights(
        model.config, {n: each.float().cpu().numpy().copy() for n, each in state.items()}
    )


def load(path: Path = SHIPPED) -> MelodyModel:
    """The model of a weights file, not in training. Raises WeightsError for any other file."""
    weights = read(path)
    model = MelodyModel(weights.config)
    arrays = weights.arrays.items()
    model.load_state_dict({name: torch.from_numpy(each.copy()).float() for name, each in arrays})
    return model.eval()


def save(model: MelodyModel, path: Path) -> None:
    """Write a model's weights in half precision, whole or not at all."""
    tensors = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    # One entry: several would be written in any order, and equal weights have equal bytes.
    header = {HEADER: json.dumps({"format": FORMAT, "config": asdict(model.config)})}
    write(path, encoded(tensors, header))
