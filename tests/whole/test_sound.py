"""Pieces of varied pictures as sound and as notes: nothing clipped, silent, hung, out of range or
drowned, and every reader reads the same."""

import pytest

from analysis.picture.analyse import analyse
from analysis.picture.load import load
from composer.evaluate.sound import hear
from composer.music.vocabulary import vocabulary
from composer.pipeline import compose_decided
from composer.settings import Settings
from composer.table import decide, load_table, measured
from composer.vocabulary import SINGERS
from tests.pictures import varied
from tests.whole.readers import check_notes, check_score

FEW = 6


def composed(index):
    """The piece of a picture; the network sings every other one."""
    name, pixels = list(varied(index + 1))[-1]
    analysis = analyse(load(pixels, name))
    table = load_table(None, vocabulary())
    decisions = decide(table, measured(analysis))
    settings = Settings(seed=index, melody=("rules", "neural")[index % 2])
    return compose_decided(analysis, table, decisions, settings)


def check_sound(piece):
    heard = hear(piece)
    assert heard.faults == ()
    assert heard.loudness == pytest.approx(-16, abs=1)
    assert heard.peak < -1
    assert heard.silence < 2
    assert set(heard.leads) == {part.role for part in piece.parts} & {*SINGERS}
    # All keys are let go: what is left at the end has died away.
    assert 0 < heard.tail < 7


@pytest.mark.parametrize("index", range(FEW))
def test_a_piece_is_heard_and_read(index):
    piece = composed(index)
    check_notes(piece)
    check_sound(piece)


def test_a_score_is_read_by_all():
    check_score(composed(0))


@pytest.mark.slow
@pytest.mark.parametrize("index", range(FEW, 100))
def test_a_hundred_pieces_are_heard_and_read(index):
    piece = composed(index)
    check_notes(piece)
    check_sound(piece)
    check_score(piece)
