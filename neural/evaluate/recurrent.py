"""An LSTM with the transformer's own input, conditions and outputs, to compare it with."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from neural.model import Conditions, Events, Locked, PitchEmbedding
from neural.vocabulary import LENGTH_WORDS, PITCH_WORDS


@dataclass(frozen=True, slots=True)
class RecurrentConfig:
    """The size: of embeddings and of the LSTM's states. As it is, about as many parameters as the
    shipped transformer has."""

    width: int = 256
    hidden: int = 448
    layers: int = 3
    dropout: float = 0.1


class RecurrentModel(nn.Module):
    """Reads the event before and what is known at an onset, like `neural.model.MelodyModel`, with
    LSTM layers (Hochreiter & Schmidhuber 1997) where that has blocks of attention: each is normed
    before and added to what it read, without which it learns several times as slowly."""

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.pitch = PitchEmbedding(width)
        self.length = nn.Embedding(LENGTH_WORDS + 1, width)
        self.conditions = Conditions(width, self.pitch)
        self.enter = nn.RMSNorm(width)
        hidden = config.hidden
        self.widen = nn.Linear(width, hidden, bias=False)
        self.norms = nn.ModuleList(nn.RMSNorm(hidden) for _ in range(config.layers))
        self.layers = nn.ModuleList(
            nn.LSTM(hidden, hidden, batch_first=True) for _ in range(config.layers)
        )
        self.drop = Locked(config.dropout)
        self.leave = nn.RMSNorm(config.hidden)
        self.pitch_out = nn.Linear(config.hidden, width, bias=False)
        self.pitch_bias = nn.Parameter(torch.zeros(PITCH_WORDS))
        self.length_state = nn.Linear(config.hidden, width)
        self.length_pitch = nn.Linear(width, width, bias=False)
        self.length_out = nn.Linear(width, LENGTH_WORDS)
        for parameter in (*self.pitch.parameters(), *self.conditions.parameters()):
            nn.init.normal_(parameter, std=0.02)
        for name, parameter in self.layers.named_parameters():
            if "bias" in name:
                nn.init.zeros_(parameter)
            if "bias_ih" in name:
                # It begins by remembering (Jozefowicz, Zaremba & Sutskever 2015).
                nn.init.ones_(parameter[hidden : 2 * hidden])

    def forward(self, events: Events) -> Tensor:
        """States (batch, events, hidden), one for each event to be proposed."""
        x = self.pitch(events.pitches) + self.length(events.lengths)
        x = self.widen(self.enter(x + self.conditions(events.whole, events.real)))
        for norm, layer in zip(self.norms, self.layers, strict=True):
            heard, _ = layer(norm(x))
            x = x + self.drop(heard)
        states: Tensor = self.leave(x)
        return states

    def pitch_logits(self, states: Tensor) -> Tensor:
        """(…, PITCH_WORDS), the rest last."""
        table = self.pitch.table()[:PITCH_WORDS]
        return functional.linear(self.pitch_out(states), table) + self.pitch_bias

    def length_logits(self, states: Tensor, pitches: Tensor) -> Tensor:
        """(…, LENGTH_WORDS) for durations of the pitches that are sung."""
        mixed = self.length_state(states) + self.length_pitch(self.pitch(pitches))
        logits: Tensor = self.length_out(functional.gelu(mixed))
        return logits
