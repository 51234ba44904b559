"""What the shipped network sings over a random phrase, told figure by figure."""

from __future__ import annotations

from neural.guide import Guide
from neural.sample import Past, Singer
from tests.theory.melody.grounds import random_ground
from theory.melody import Automaton
from theory.noise import Noise


def sing(singer: Singer, seed: int = 4) -> str:
    """Two phrases by the shipped network, and every figure of their traces."""
    ground = random_ground(seed)
    automaton, told, past = Automaton(ground), [], []
    chords = tuple((span.start, span.end, span.chord) for span in ground.spans)
    guide = Guide(ground.key, ground.metre, chords, ((ground.start, ground.end),))
    for number in range(2):
        offset = number * ground.metre.bar * 8
        sung = singer.sing(automaton, guide, past, Noise(3), number, offset=offset)
        told.append(repr(sung))
        tick = ground.start + offset
        for event in sung.events:
            past.append(Past(tick, event.ticks, event.pitch))
            tick += event.ticks
    return "\n".join(told)
