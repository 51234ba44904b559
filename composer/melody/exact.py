"""The exact singer at work: of all legal notes on a rhythm, those nearest to what is wished for."""

from __future__ import annotations

from collections.abc import Sequence

from composer.melody import costs
from composer.melody.repeats import third_time
from composer.melody.slots import Stage, Wish
from composer.values import Note
from theory.melody import Automaton, Song, State, sing
from theory.noise import Noise

THIRD_TIME_PRICE = 6.0  # points a note for a bar that comes a third time running


def nearest(
    stage: Stage,
    automaton: Automaton,
    wanted: Sequence[Wish],
    dissonance: float,
    before: Sequence[Note],
    noise: Noise,
    start: State | None = None,
) -> Song:
    """The best notes for the wishes; where a bar would come a third time running, the best without.

    The wishes fill the phrase, or a part of it that follows the state `start`; before: what was
    sung up to there. Raises NoMelody where nothing on their rhythm is legal.
    """
    prices = costs.pitch_costs(wanted, automaton.pitches, stage, dissonance, noise)
    steps = costs.step_costs(wanted, automaton.pitches)
    rhythm = [(wish.ticks, True) for wish in wanted]
    part = start is not None
    song = sing(automaton, rhythm, prices, steps, start=start, part=part)
    for _ in stage.phrase.slots:
        stale = third_time(before, wanted[0].start, song.events, stage.metre)
        if not stale:
            break
        sung = [e.pitch for e in song.events if e.pitch is not None]
        for row, (wish, pitch) in enumerate(zip(wanted, sung, strict=True)):
            if wish.start in stale:
                prices[row, automaton.number[pitch]] += THIRD_TIME_PRICE
        song = sing(automaton, rhythm, prices, steps, start=start, part=part)
    return song
