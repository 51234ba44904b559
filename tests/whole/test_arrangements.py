"""Whole pieces as they are played: ranges, silences, hung notes, ends, a cause for every note."""

from itertools import groupby, pairwise

import pytest

from analysis.picture.analyse import analyse
from analysis.picture.load import load
from composer.music.vocabulary import vocabulary
from composer.pipeline import compose_decided
from composer.render.timeline import SCALE, play
from composer.settings import Settings
from composer.table import decide, load_table
from composer.vocabulary import SINGERS
from tests.pictures import varied
from theory.tempo import Clock

FEW = 6
SILENCE = 2.0  # seconds
SUNG = (*SINGERS, "doubling")  # whose upbeats belong to the section after them


def composed(index):
    name, pixels = list(varied(index + 1))[-1]
    analysis = analyse(load(pixels, name))
    table = load_table(None, vocabulary())
    decisions = decide(table, analysis.features)
    return compose_decided(analysis, table, decisions, Settings(seed=index, melody="rules"))


def judge(piece):
    plan = piece.plan
    heard = []
    for part in piece.parts:
        sounds = play(part, plan.metre, plan.performance.swing)
        low, high = part.instrument.low.midi, part.instrument.high.midi
        assert all(low <= sound.key <= high for sound in sounds), part.role
        assert all(0 <= s.start < s.end <= plan.end * SCALE for s in sounds), part.role
        # No key is struck again while it sounds, so every note-off ends its own note.
        by_key = groupby(sorted(sounds, key=lambda s: (s.key, s.start)), key=lambda s: s.key)
        for _, row in by_key:
            assert all(one.end <= two.start for one, two in pairwise(row)), part.role
        assert all(start < end <= plan.end for start, end in part.pedal)
        if part.role in SUNG:
            # Nobody breathes between an upbeat and what it leads to.
            assert not {one.start for one in plan.phrases if one.upbeat} & set(part.breaths)
        heard += [(sound.start, sound.end) for sound in sounds]
        for note in part.notes:
            assert note.cause.label, part.role
            assert note.cause.rules, part.role
            if part.role not in SUNG:
                assert note.cause.region == region(plan, note.start), part.role
    until = 0
    for start, end in sorted(heard):
        gap = at(plan, start) - at(plan, until)
        assert gap < SILENCE, f"{gap:.1f} s of silence before pulse {start}"
        until = max(until, end)
    held_together(piece)
    for section in plan.sections:
        playing = {
            part.role
            for part in piece.parts
            if part.role not in SUNG
            and any(section.start <= note.start < section.end for note in part.notes)
        }
        assert {"chords", "bass"} <= playing <= {"chords", "bass", *section.joined}
        assert section.scoring.partition(":")[0] in ("thin", "as decided", "full")


def at(plan, pulse):
    return Clock.at_rates(plan.tempo, plan.metre.beat).second(pulse / SCALE)


def region(plan, tick):
    """The region that a tick's section stands for."""
    return [section.region for section in plan.sections if section.start <= tick][-1]


def held_together(piece):
    """The last chord is struck once, held by all, and ends with the piece."""
    plan = piece.plan
    final = max(piece.harmony.spans[-1].start, plan.end - plan.metre.bar)
    for part in piece.parts:
        if part.role in SUNG:
            continue
        last = [note for note in part.notes if note.end > final]
        assert {note.start for note in last} <= {final}, part.role
        assert {note.end for note in last} <= {plan.end}, part.role
    assert {"chords", "bass"} <= {p.role for p in piece.parts if p.notes[-1].end == plan.end}


@pytest.mark.parametrize("index", range(FEW))
def test_a_piece_is_playable_and_ends(index):
    judge(composed(index))


@pytest.mark.slow
@pytest.mark.parametrize("index", range(FEW, 100))
def test_a_hundred_pieces_are_playable_and_end(index):
    judge(composed(index))


@pytest.mark.slow
def test_sections_of_a_hundred_pieces_contrast():
    """Of all neighbouring sections fewer than one pair in three is scored alike."""
    same = pairs = 0
    for index in range(100):
        piece = composed(index)
        told = []
        for section in piece.plan.sections:
            notes = [
                (part.role, note)
                for part in piece.parts
                for note in part.notes
                if section.start <= note.start < section.end
            ]
            labels = {n.cause.label for role, n in notes if role == "chords"}
            told.append(({role for role, _ in notes}, labels))
        pairs += len(told) - 1
        same += sum(one == two for one, two in pairwise(told))
    assert same < pairs / 3
