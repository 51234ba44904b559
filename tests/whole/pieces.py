"""Whole pieces: of random features, checked, and compared by their notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.picture.catalogue import CATALOGUE


def random_analysis(analysis, index):
    """The analysis with features drawn evenly from the catalogue's ranges."""
    rng = np.random.default_rng(index)
    features = {name: rng.uniform(f.low, f.high) for name, f in CATALOGUE.items()}
    return replace(analysis, features={name: round(v, 6) for name, v in features.items()})


def check_piece(piece):
    assert 16 <= piece.plan.bars <= 96
    # What is decided lasts 20 to 120 seconds; introduction, coda and a ritardando come to that.
    longer = piece.plan.bars / piece.decisions.number("bars")
    assert 20 <= piece.seconds <= 1.1 * 120 * max(1, longer)
    assert [check for check in piece.checks if check.hard and check.count] == []
    melody = piece.part("melody")
    assert len(melody.notes) > piece.plan.bars
    assert max(note.end for part in piece.parts for note in part.notes) <= piece.plan.end


def written(piece):
    """What is written: every pitch and tick of every part."""
    return {
        part.role: [(n.start, n.ticks, n.pitch or n.drum) for n in part.notes]
        for part in piece.parts
    }
