"""Who reads what of an arrangement: every note stands on somebody's staff, and each has a name."""

from collections import Counter

import pytest

from composer.music.orchestra import load_orchestra
from composer.render.score.players import players
from tests.composer.music.arrange.example import arranged

ENSEMBLES = load_orchestra().ensembles
PLAYER = {
    "melody": "melody_instrument",
    "counter-melody": "counter_instrument",
    "chords": "chord_instrument",
    "bass": "bass_instrument",
}


def parts_of(ensemble):
    made = {PLAYER[role]: player for role, player in ENSEMBLES[ensemble].players.items()}
    return arranged(ensemble=ensemble, counter_melody="contrary", **made)[2]


@pytest.mark.parametrize("ensemble", ENSEMBLES)
def test_every_note_stands_on_a_staff(ensemble):
    """Where one player has a note twice at once, in two roles, it may stand there twice."""
    parts = parts_of(ensemble)
    sounding = {
        (note.start, note.end, note.key_number + 12 * part.octave)
        for part in parts.values()
        for note in part.notes
    }
    rows = {
        (start, end, pitch.midi)
        for player in players(tuple(parts.values()))
        for staff in player.staves
        for line in staff.lines
        for start, end, pitch in line
    }
    assert rows == sounding


@pytest.mark.parametrize("ensemble", ENSEMBLES)
def test_no_two_players_have_one_name(ensemble):
    names = Counter(player.name for player in players(tuple(parts_of(ensemble).values())))
    assert set(names.values()) == {1}


def test_a_chord_of_horns_is_shared_and_read_in_f():
    names = [player.name for player in players(tuple(parts_of("chamber winds").values()))]
    assert names == ["Oboe", "Flute", "Clarinet in B♭", "3 French horns in F", "Bassoon"]
