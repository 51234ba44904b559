"""The rated photographs, where they lie beside the checkout: different pictures, other music."""

import os
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from composer import compose

DATA = Path(os.environ.get("PROMENADE_DATA", "../shared/data")) / "pictures"
MODES = {"lydian", "ionian", "mixolydian", "dorian", "aeolian", "harmonic minor", "phrygian"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the rated photographs are not beside the checkout"
    ),
]


@pytest.fixture(scope="module")
def pieces():
    return [compose(str(path)) for path in sorted(DATA.glob("*.jpg"))]


def test_every_mode_and_at_least_four_metres_occur(pieces):
    assert {piece.plan.key.mode.name for piece in pieces} == MODES
    assert len({piece.plan.metre.name for piece in pieces}) >= 4


def test_no_mode_tempo_and_ensemble_covers_a_tenth(pieces):
    kinds = [
        (p.decisions.choice("mode"), p.decisions.choice("ensemble"), p.decisions.number("tempo"))
        for p in pieces
    ]
    for mode, ensemble, tempo in kinds:
        near = sum((m, e) == (mode, ensemble) and abs(t - tempo) <= 5 for m, e, t in kinds)
        assert near <= len(pieces) / 10


def test_melodies_differ(pieces):
    """No two photographs are sung the same tune, whatever its key; few even begin alike."""
    tunes, openings = Counter(), Counter()
    for piece in pieces:
        notes = piece.part("melody").notes
        moves = [(b.pitch.height - a.pitch.height, a.ticks) for a, b in pairwise(notes)]
        tunes[tuple(moves)] += 1
        openings[tuple(moves[:8])] += 1
    assert max(tunes.values()) == 1
    assert len(openings) >= 0.95 * len(pieces)


def test_no_hard_rule_is_broken_and_lengths_are_kept(pieces):
    for piece in pieces:
        assert not [check for check in piece.checks if check.hard and check.count]
        assert 16 <= piece.plan.bars <= 64
        assert 25 <= piece.seconds <= 90
