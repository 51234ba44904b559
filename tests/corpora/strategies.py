"""Tunes of all kinds, for Hypothesis."""

from hypothesis import strategies as st

from corpora.tune import Tune
from theory.chord import Chord
from theory.metre import METRES
from theory.pitch import Pitch
from theory.scale import MODES, Key
from theory.timed import TimedChord, TimedNote

ROMANS = ("I", "ii65", "bVI", "viio7", "V7/V", "Vsus4", "Ger65", "IV@1", "iadd9")
pitches = st.builds(Pitch, st.integers(0, 6), st.integers(-2, 2), st.integers(-1, 9))
keys = st.builds(Key.of, st.sampled_from(["C", "F#", "Bb", "E"]), st.sampled_from([*MODES]))


@st.composite
def times(draw):
    """(start, end) one after the other, with gaps."""
    at, found = draw(st.integers(-96, 0)), []
    for gap, length in draw(
        st.lists(st.tuples(st.integers(0, 30), st.integers(1, 100)), max_size=12)
    ):
        found.append((at + gap, at + gap + length))
        at += gap + length
    return found


@st.composite
def tunes(draw):
    key = draw(keys)
    chords = st.sampled_from(ROMANS).map(lambda roman: Chord.parse(roman, key))
    return Tune(
        draw(st.sampled_from(["essenFolksong", "pop909"])),
        draw(st.text(max_size=8)),
        draw(st.text(max_size=8)),
        key,
        draw(st.sampled_from([*METRES.values()])),
        tuple(TimedNote(start, end, draw(pitches)) for start, end in draw(times())),
        tuple(TimedChord(start, end, draw(chords), draw(pitches)) for start, end in draw(times())),
        tuple(sorted(draw(st.sets(st.integers(-96, 5000), max_size=4)))),
        draw(st.frozensets(st.sampled_from(["key", "mode", "metre", "chords"]))),
    )
