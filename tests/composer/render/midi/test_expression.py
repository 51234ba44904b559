"""Expression: held notes of bow and breath swell and die away, what is struck does not."""

import io
from dataclasses import replace

import mido
import numpy as np
import pytest

from composer.music.orchestra import load_orchestra
from composer.render.audio.coding import RATE
from composer.render.audio.soundfont import installed
from composer.render.audio.synth import by_samples
from composer.render.midi.mix import EVEN, expression, shaped
from composer.render.rendering import Rendering
from composer.values import Cause, Note, Part
from tests.composer.music.arrange import example
from theory.pitch import Pitch

CAUSE = Cause("melody", "chord tone", None, None, None, "", ())
BAR = 96


def line(instrument, *times):
    """A part with notes at (start, ticks)."""
    notes = tuple(Note(start, ticks, Pitch.parse("A4"), 80, CAUSE) for start, ticks in times)
    return Part("melody", load_orchestra().instruments[instrument], notes, 64, 100, 0.9)


def plan(**changed):
    """Four phrases under an even curve, at 96 beats a minute."""
    return replace(example.plan(), dynamics=((0, 70),), **changed)


def test_who_strikes_or_plucks_has_none():
    for name in ("piano", "harp", "church organ", "accordion", "vibraphone", "nylon guitar"):
        assert expression(line(name, (0, 2 * BAR)), plan()) == ()
        assert not shaped(line(name))
    assert expression(line("violin"), plan()) == ()


def test_short_notes_are_even():
    """A quaver and a crotchet at 96 beats a minute."""
    assert expression(line("flute", (0, 12), (12, 12), (24, 24)), plan()) == ((0, EVEN),)


def test_a_held_note_swells_and_comes_back():
    course = dict(expression(line("violin", (0, 2 * BAR), (2 * BAR, 12)), plan()))
    held = {tick: value for tick, value in course.items() if tick < 2 * BAR}
    crest = max(held, key=held.get)
    assert BAR * 0.9 < crest < BAR * 1.3
    assert held[0] < EVEN < held[crest]
    rising = [value for tick, value in held.items() if tick <= crest]
    falling = [value for tick, value in held.items() if tick >= crest]
    assert rising == sorted(rising)
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] <= held[0] + 2
    assert course[2 * BAR] == EVEN


def test_a_longer_note_swells_more():
    spans = []
    for ticks in (30, 36, 42, 96):
        values = [value for _, value in expression(line("oboe", (0, ticks), (96, 12)), plan())]
        spans.append(max(values) - min(values))
    assert spans == sorted(spans)
    assert spans[0] < spans[-1]


def test_it_follows_the_plan_s_curve_on_the_way():
    growing = replace(plan(), dynamics=((0, 60), (BAR, 90)))
    part = line("cello", (0, BAR), (BAR, 12))
    grown, even = (
        max(value for tick, value in expression(part, each) if tick < BAR)
        for each in (growing, plan())
    )
    assert grown > even


def test_the_last_note_dies_away():
    made = plan()
    last = dict(expression(line("choir", (made.end - BAR, BAR)), made))
    assert list(last.values())[-1] < 0.6 * EVEN


@pytest.mark.parametrize("name", ["violin", "flute", "choir", "warm pad"])
def test_all_values_are_a_controller_s(name):
    loud = replace(plan(), dynamics=((0, 28), (384, 118)))
    notes = [(start, BAR) for start in range(0, 1536, BAR)]
    assert all(1 <= value <= 127 for _, value in expression(line(name, *notes), loud))


def test_the_swell_is_heard_and_the_part_is_as_loud_as_without():
    from tests.composer.example import piece

    made = piece("4/4")
    part = replace(line("violin", (0, 2 * BAR)), volume=90)
    made = replace(made, parts=(part,), plan=replace(made.plan, dynamics=((0, 70),)))
    file = mido.MidiFile(file=io.BytesIO(Rendering(made).midi))
    sent = [m for m in file.tracks[1] if m.type == "control_change" and m.control == 11]
    assert len(sent) > 10
    sound = by_samples(Rendering(made).midi, installed())
    piano = replace(part.instrument, family="keyboard")
    plain = Rendering(replace(made, parts=(replace(part, instrument=piano),)))
    plain = by_samples(plain.midi, installed())

    def level(samples, start, end):
        return 10 * np.log10((samples[:, int(start * RATE) : int(end * RATE)] ** 2).sum())

    end = 8 * 60 / made.plan.tempo[0][1]
    swell = [level(sound, s, s + 0.2) - level(plain, s, s + 0.2) for s in (0.05, 0.5 * end)]
    assert swell[0] < -1 < 0 < swell[1]
    assert level(sound, 0, end) == pytest.approx(level(plain, 0, end), abs=1)
