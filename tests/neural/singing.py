"""What the shipped network sings over a random phrase, told figure by figure."""

from __future__ import annotations

from neural.guide import Guide
from neural.sample import Past, Singer
from tests.theory.melody.contexts import random_context
from theory.melody import Automaton
from theory.noise import Noise


def sing(singer: Singer, seed: int = 4) -> str:
    """Two phrases by the shipped network, and every figure of their traces."""
    context = random_context(seed)
    automaton, told, past = Automaton(context), [], []
    chords = tuple((span.start, span.end, span.chord) for span in context.spans)
    guide = Guide(context.key, context.metre, chords, ((context.start, context.end),))
    for number in range(2):
        offset = number * context.metre.bar * 8
        sung = singer.sing(automaton, guide, past, Noise(3), number, offset=offset)
        told.append(repr(sung))
        tick = context.start + offset
        for event in sung.events:
            past.append(Past(tick, event.ticks, event.pitch))
            tick += event.ticks
    return "\n".join(told)
