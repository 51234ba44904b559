"""Whatever entries of one's own say that is no fault, it is played."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.music.arrange import arrange
from composer.music.orchestra import load_orchestra
from composer.music.orchestra.reading import BEATS
from composer.render.rendering import Rendering
from composer.vocabulary import OrchestraFile
from tests.composer.example import piece
from tests.composer.music.arrange import example
from theory.metre import METRES
from theory.noise import Noise

ROLES = ("melody_instrument", "counter_instrument", "chord_instrument", "bass_instrument")
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


def named(midi: int) -> str:
    return f"{NAMES[midi % 12]}{midi // 12 - 1}"


@st.composite
def figures(draw: st.DrawFn, letters: str, most: int, beat: int, beats: int) -> str:
    stroke = st.text(letters, min_size=1, max_size=most)
    sign = st.one_of(st.just("."), st.tuples(stroke, st.sampled_from(["", ">", "<", "'"])))
    shares = st.sampled_from([n for n in (1, 2, 3, 4, 6) if beat % n == 0])
    rows = []
    for _ in range(beats):
        size = draw(shares)
        signs = draw(st.lists(sign, min_size=size, max_size=size))
        rows.append(" ".join("".join(each) for each in signs))
    return f'"{" | ".join(rows)}"'


@st.composite
def patterns(draw: st.DrawFn, letters: str, most: int) -> str:
    """A pattern called mine: held, of cells, or of bars."""
    kind = draw(st.sampled_from(["whole", "cells", "bars"]))
    rows = ["mine:", "  about: Mine."]
    if kind == "whole":
        rows.append(f'  whole: "{draw(st.text(letters, min_size=1, max_size=most))}"')
    elif kind == "cells":
        for name, beat in BEATS.items():
            cells = [draw(figures(letters, most, beat, beats)) for beats in (1, 3)]
            rows.append(f"  {name}: [{', '.join(cells)}]")
    else:
        for metre in METRES.values():
            bars = [draw(figures(letters, most, metre.beat, metre.beats)) for _ in range(2)]
            rows.append(f"  {metre.name}: [{', '.join(bars)}]")
    return "\n".join(rows) + "\n"


@st.composite
def instruments(draw: st.DrawFn) -> str:
    low = draw(st.integers(24, 100))
    high = min(120, low + draw(st.integers(12, 60)))
    middle = draw(st.integers(low + 1, high - 1))
    ease = draw(st.integers(low, high - 1))
    sounds = named(60 + draw(st.integers(-7, 7)))
    staves = draw(st.sampled_from(["one", "two", "wide"]))
    return (
        f"mine: {{program: {draw(st.integers(0, 127))}, low: {named(low)}, high: {named(high)}, "
        f"ease: [{named(ease)}, {named(high)}], middle: {named(middle)}, family: winds, "
        f"sustains: {draw(st.sampled_from(['true', 'false']))}, sounds: {sounds}, "
        f"at once: {draw(st.integers(1, 16))}, breath: {draw(st.integers(0, 8))}, "
        f"roll: {draw(st.integers(0, 60))}, staves: {staves}}}\n"
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    instruments(),
    patterns("1234abcdef", 3),
    patterns("b58w", 1),
    st.sampled_from([*METRES]),
    st.sets(st.sampled_from(ROLES)),
)
def test_any_entries_are_played_within_the_player_s_compass(
    instrument: str, chords: str, bass: str, metre: str, roles: set[str]
) -> None:
    texts = {"instruments": instrument, "chord_patterns": chords, "bass_patterns": bass}
    files = (OrchestraFile(name, f"{name}.yaml", text.encode()) for name, text in texts.items())
    orchestra = load_orchestra(tuple(files))
    plan = example.decided(
        example.plan(metre),
        chord_pattern="mine",
        bass_pattern="mine",
        counter_melody="contrary",
        **dict.fromkeys(roles, "mine"),
    )
    harmony = example.harmony(plan, lengths=(2, 1, 3))
    tune = example.melody(plan, harmony)
    parts = arrange(plan, harmony, tune, Noise(0), orchestra)
    for part in parts:
        for note in part.notes:
            sounding = note.key_number + 12 * part.octave
            assert part.instrument.low.midi <= sounding <= part.instrument.high.midi
            assert 0 <= note.start < note.end <= plan.end
    assert Rendering(replace(piece(), plan=plan, harmony=harmony, parts=parts)).midi
