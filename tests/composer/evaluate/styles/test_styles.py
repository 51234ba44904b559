"""The marks of styles: measured on MIDI made here, and on pieces of every style."""

import io

import pytest
from click.testing import CliRunner
from mido import Message, MetaMessage, MidiFile, MidiTrack

import cli
from analysis.picture.load import load
from analysis.picture.view import jpeg
from composer import compose
from composer.evaluate.styles.heard import hear
from composer.evaluate.styles.marks import MARKS
from composer.evaluate.styles.told import taken_for
from composer.render.rendering import Rendering
from composer.table import STYLES

BEAT = 480


def midi(metre, bpm, lines):
    """lines: track's name -> (program, [(beat, beats, key, velocity), ...])."""
    file = MidiFile(ticks_per_beat=BEAT)
    head = MidiTrack([MetaMessage("time_signature", numerator=metre[0], denominator=metre[1])])
    head.append(MetaMessage("set_tempo", tempo=round(60e6 / bpm)))
    file.tracks.append(head)
    for name, (program, notes) in lines.items():
        track = MidiTrack([MetaMessage("track_name", name=name)])
        track.append(Message("program_change", program=program))
        events = [(at, 1, key, velocity) for at, _, key, velocity in notes]
        events += [(at + lasts, 0, key, 0) for at, lasts, key, _ in notes]
        now = 0
        for at, on, key, velocity in sorted(events):
            kind = "note_on" if on else "note_off"
            tick = round(at * BEAT)
            track.append(Message(kind, note=key, velocity=velocity, time=tick - now))
            now = tick
        file.tracks.append(track)
    made = io.BytesIO()
    file.save(file=made)
    return made.getvalue()


def waltz(chords=(1, 2), bass=0):
    bars = range(8)
    return midi(
        (3, 4),
        150,
        {
            "Melody: violin": (40, [(3 * b, 2.5, 72 + b % 3, 80) for b in bars]),
            "Chords: piano": (
                0,
                [(3 * b + at, 0.5, key, 60) for b in bars for at in chords for key in (60, 64, 67)],
            ),
            "Bass: cello": (42, [(3 * b + bass, 1, 48, 70) for b in bars]),
        },
    )


def test_a_waltz_is_heard_as_one_and_not_where_its_parts_change_places():
    heard = hear(waltz())
    assert heard.metre == (3, 4)
    assert heard.pace == pytest.approx(150, abs=0.1)
    assert MARKS["waltz"].share(heard) == 1
    assert taken_for(heard) == "waltz"
    turned = MARKS["waltz"].share(hear(waltz(chords=(0,), bass=1)))
    assert turned == pytest.approx(3 / 6)


def test_strikes_are_counted_by_place():
    heard = hear(waltz())
    assert heard.on(heard.chords, 1, 2, of=3) == 1
    assert heard.on(heard.chords, 0, of=3) == 0
    assert heard.bars(heard.bass, 0) == 1
    assert heard.bars(heard.chords, 1, 2, without=1) == 0
    assert heard.a_beat(heard.bass) == pytest.approx(8 / 22)
    assert heard.same_bars == 1
    assert heard.together == 0
    assert heard.syncopated == 0


def test_a_swung_and_a_syncopated_line():
    long_short = [(b + off, 0.3, 60, 80) for b in range(8) for off in (0, 2 / 3)]
    heard = hear(midi((4, 4), 100, {"Melody: flute": (73, long_short)}))
    assert heard.swung == 1
    assert heard.syncopated == 0
    before = [(b + 0.5, 1, 60, 80) for b in range(8)]
    heard = hear(midi((4, 4), 100, {"Melody: flute": (73, before)}))
    assert heard.syncopated == 1
    assert heard.swung == 0


def test_compound_time_is_felt_by_threes():
    line = [(1.5 * b, 1, 60, 80) for b in range(8)]
    heard = hear(midi((6, 8), 90, {"Bass: cello": (42, line)}))
    assert (heard.compound, heard.beats) == (True, 2)
    assert heard.pace == pytest.approx(60, abs=0.1)
    assert heard.on(heard.bass, 0) == 1


@pytest.mark.parametrize("style", STYLES)
def test_a_piece_of_each_style_is_taken_for_it(style):
    piece = compose("sample:flower", style=style, melody="rules", timing="strict")
    heard = hear(Rendering(piece).midi)
    assert taken_for(heard) == style
    assert MARKS[style].share(heard) > 0.7


def test_the_command_prints_who_was_taken_for_whom(tmp_path):
    (tmp_path / "a.jpg").write_bytes(jpeg(load("sample:china"), 200))
    line = ["evaluate", "styles", str(tmp_path), "--style", "waltz", "--melody", "rules"]
    done = CliRunner().invoke(cli.promenade, line)
    assert done.exit_code == 0, done.output
    assert "waltz         100%" in done.output
    assert "100%  three beats" in done.output
    unknown = CliRunner().invoke(cli.promenade, [*line[:3], "--style", "polka"])
    assert unknown.exit_code == 2
    assert "There is no style polka." in unknown.output
