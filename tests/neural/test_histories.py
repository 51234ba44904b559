"""What many particles are told about the motif is what one melody is told."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from neural import vocabulary as words
from neural.guide import COLUMNS, REALS, UNKNOWN, Columns, History, tell_motif
from neural.histories import PLACES, Histories, Motifs
from neural.slots import ROLES, GuideSlot

NOTES = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 30), st.integers(0, words.PITCHES - 1)),
    max_size=12,
)


@st.composite
def slots(draw: st.DrawFn) -> tuple[GuideSlot, ...]:
    found, tick = [], draw(st.integers(-24, 48))
    for _ in range(draw(st.integers(0, 4))):
        end = tick + draw(st.integers(1, 200))
        source = draw(st.none() | st.integers(-24, 200))
        role = draw(st.integers(0, len(ROLES) - 1))
        length = draw(st.integers(1, 200)) if source is not None else 0
        found.append(GuideSlot(tick, end, role, source, length, draw(st.integers(-9, 9))))
        tick = end + draw(st.integers(0, 20))
    return tuple(found)


@settings(max_examples=150, deadline=None)
@given(slots(), st.lists(NOTES, min_size=1, max_size=5), st.data())
def test_rows_are_told_what_one_melody_is_told(
    plan: tuple[GuideSlot, ...], melodies: list[list[tuple[int, int, int]]], data: st.DataObject
) -> None:
    histories = Histories((), len(melodies), 12)
    alone = []
    for row, notes in enumerate(melodies):
        tick, starts, ends, pitches = 0, [], [], []
        for length, gap, pitch in notes:
            starts.append(tick)
            ends.append(tick + length)
            pitches.append(pitch)
            one = (np.array([each]) for each in (row, tick, tick + length, pitch))
            histories.add(*one)
            tick += length + gap
        alone.append(History(np.array(starts, int), np.array(ends, int), np.array(pitches, int)))
    ticks = np.array([data.draw(st.integers(-30, 900)) for _ in melodies])
    found = Motifs(plan).columns(ticks, histories.starts, histories.ends, histories.pitches)
    for row, sung in enumerate(alone):
        columns = Columns(np.full((1, len(COLUMNS)), UNKNOWN), np.zeros((1, REALS), np.float32))
        tell_motif(columns, plan, ticks[row : row + 1], sung)
        assert found[row].tolist() == columns.whole[0, PLACES].tolist()
