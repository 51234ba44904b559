"""The one surprise: its kinds, that each is heard as it is named, and that none is usual."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from composer.music.arrange import arrange
from composer.music.harmony import harmonise
from composer.music.melody import sing_melody
from composer.music.melody.by_rules import RulesSinger
from composer.music.orchestra import load_orchestra
from composer.music.plan import make_plan, surprise
from composer.values.plan import DECEPTIVE, DROP, HEMIOLA, LEAP, MEDIANT, PAUSE
from composer.verifier.piece import check
from composer.verifier.surprise import heard
from tests.composer.music.melody.tunes import KINDS as KINDS_OF_TUNE
from tests.composer.music.melody.tunes import decisions, picture
from theory.noise import Noise


def piece(monkeypatch, kind, **made):
    """A plan whose surprise is of a kind, and what is sung and played of it."""
    monkeypatch.setattr(surprise, "PLACES", {kind: (0.0, 0.0)})
    plan = make_plan(decisions(**{"bars": 16, **made}), picture())
    frame = harmonise(plan, Noise(0))
    tune = sing_melody(plan, frame, RulesSinger(plan, frame, Noise(0)))
    parts = arrange(plan, tune.harmony, tune.notes, Noise(0), load_orchestra(None))
    assert [c for c in check(plan, tune.harmony, tune.notes) if c.hard and c.count] == []
    return plan, tune.harmony, parts


CASES = {
    "borrowed chord": {"progression": "folk"},
    MEDIANT: {"progression": "festive", "mode": "ionian"},
    DECEPTIVE: {"form": "binary", "bars": 24},
    PAUSE: {},
    DROP: {},
    HEMIOLA: {"metre": "3/4"},
}


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("language", ["strict", "popular"])
def test_a_surprise_is_heard_as_it_is_named(monkeypatch, kind, language):
    plan, harmony, parts = piece(monkeypatch, kind, language=language, **CASES[kind])
    phrase = next(p for p in plan.phrases if p.surprise)
    assert phrase.surprise == kind
    assert heard(plan, harmony, parts, phrase)
    # And what is not there is not heard.
    other = next(p for p in plan.phrases if p.sung and not p.surprise)
    if kind not in (DECEPTIVE, LEAP):
        assert not heard(plan, harmony, parts, replace(other, surprise=kind))


def test_a_leap_is_heard_only_where_it_lands_on_the_beat_is_held_and_stays(monkeypatch):
    found = []
    for kind in KINDS_OF_TUNE:
        plan, harmony, parts = piece(monkeypatch, LEAP, **kind)
        phrase = next((p for p in plan.phrases if p.surprise), None)
        if phrase is None:
            continue
        found.append(heard(plan, harmony, parts, phrase))
        if not found[-1]:
            continue
        line = sorted(
            (n for part in parts if part.role == "melody" for n in part.notes),
            key=lambda note: note.start,
        )
        line = [n for n in line if phrase.start <= n.start < phrase.end]
        landed = [b for a, b in pairwise(line) if b.key_number - a.key_number >= 7]
        held = [n for n in landed if n.ticks >= plan.metre.beat]
        assert any(plan.metre.strength(note.start) >= 3 for note in held)
    assert 2 * sum(found) >= len(found)


def test_the_mood_decides_and_no_kind_is_taken_for_most():
    kinds = Counter()
    for valence in (-0.4, -0.2, 0.0, 0.2, 0.4):
        for arousal in (-0.4, -0.2, 0.0, 0.2, 0.4):
            plan = make_plan(decisions(bars=16, valence=valence, arousal=arousal), picture())
            kinds[next(p.surprise for p in plan.phrases if p.surprise)] += 1
    assert len(kinds) >= 4
    assert max(kinds.values()) <= 0.4 * kinds.total()
