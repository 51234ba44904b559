"""Every measure on an example so small that its figure is worked out by hand, as is said there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.evaluate.music import form, harmony, rhythm, texture, tune
from composer.evaluate.music.composed import side_to_mid
from composer.evaluate.music.measures import MEASURES, SIDE, of_piece
from composer.evaluate.music.notes import MELODY, off_grid
from tests.composer.evaluate.music.made import line, music, quarters

BAR = 96  # ticks of 4/4
ROOT = Path(__file__).resolve().parents[4]


def bars(count: int, *starts: int) -> list[tuple[int, ...]]:
    """The same onsets in so many bars of 4/4."""
    return line(*(BAR * bar + start for bar in range(count) for start in starts))


# --- the melody's rhythm --------------------------------------------------------------------------


def test_notes_a_bar_and_how_they_vary() -> None:
    # Four notes and two: three in the mean, one off it either way.
    found = music(line(0, 24, 48, 72, 96, 144))
    assert rhythm.notes_a_bar(found) == 3
    assert rhythm.density_variation(found) == pytest.approx(1 / 3)


def test_bars_before_and_after_the_melody_are_not_its_own() -> None:
    # Its upbeat belongs to no bar; it sings in the third and the fourth.
    found = music(line(2 * BAR - 12, 2 * BAR, 3 * BAR), bass=[(0, 576, 40)])
    assert list(rhythm.singing(found)) == [2, 3]
    assert rhythm.notes_a_bar(found) == 1


def test_distinct_rhythms_of_sixteen_bars() -> None:
    two = bars(15, 0, 48) + line(15 * BAR, 15 * BAR + 12)
    assert rhythm.bar_rhythms(music(two)) == 2
    assert rhythm.bar_rhythms(music(bars(15, 0, 48))) is None


@pytest.mark.parametrize(
    ("metre", "starts", "levels"),
    [
        ("4/4", (0, 24, 48, 72, 96), 0),  # on the beats
        ("4/4", (0, 12, 36, 60, 96), 4),  # over beat 2: 1, over beat 3: 2, over beat 4: 1
        ("4/4", (0, 84, 108), 3),  # a quaver before the downbeat, held over it
        ("4/4", (0, 90, 102), 4),  # a semiquaver before it
        ("4/4", (0, 24, 72, 96), 1),  # held from beat 2 over beat 3
        ("4/4", (0, 8, 16, 24), 0),  # triplets
        ("4/4", (0, 8, 16, 32), 1),  # the last of them, as deep as a quaver, held over the beat
        ("3/4", (0, 48, 96), 1),  # from beat 3 over the downbeat: beats lie one level deep
        ("6/8", (0, 36, 60, 84), 2),  # a quaver, two levels deep, over the downbeat
    ],
)
def test_syncopation_by_longuet_higgins_and_lee(
    metre: str, starts: tuple[int, ...], levels: int
) -> None:
    found = music(line(*starts), metre=metre)
    assert rhythm.syncopation(found) * len(rhythm.singing(found)) == levels


def test_bars_without_an_onset_on_beat_one() -> None:
    # One on it, one held into, one of rest that does not count, one off it.
    found = music([(0, 120, 60), (144, 168, 60), (3 * BAR + 24, 3 * BAR + 48, 60)])
    assert rhythm.without_downbeat(found) == pytest.approx(2 / 3)


# --- the melody's pitches -------------------------------------------------------------------------


def test_range_and_leaps() -> None:
    found = music(quarters(60, 64, 69, 67))
    assert tune.compass(found) == 9
    # Of 4, 5 and −2 semitones one is more than four.
    assert tune.leaps(found) == pytest.approx(1 / 3)


def test_new_trigrams() -> None:
    # Seven equal steps are five trigrams, all alike; a turn at the end is a sixth, and new.
    assert tune.novelty(music(quarters(*range(60, 68)))) == pytest.approx(1 / 5)
    assert tune.novelty(music(quarters(*range(60, 68), 60))) == pytest.approx(2 / 6)


def test_bars_repeated() -> None:
    one, other = (60, 62, 64, 65), (60, 62, 64, 67)
    assert tune.repeated_bars(music(quarters(*one, *other, *one, *one))) == 0.5


def test_contrast_of_height() -> None:
    low, high = [60, 62] * 8, [66, 68] * 8
    assert tune.height_contrast(music(quarters(*low, *high))) == 6


@pytest.mark.parametrize(
    ("pitches", "length", "spiked"),
    [
        ((60, 67, 60), 24, 1),
        ((60, 67, 60), 48, 0),  # held
        ((60, 67, 62), 24, 0),  # left by less
        ((60, 66, 59), 24, 0),  # reached by less
        ((67, 60, 67), 24, 0),  # downward
    ],
)
def test_a_spike(pitches: tuple[int, ...], length: int, spiked: int) -> None:
    rows = [(n * length, (n + 1) * length, pitch) for n, pitch in enumerate(pitches)]
    assert tune.spike(music(rows)) == spiked


def test_a_climax() -> None:
    at_three_quarters = quarters(60, 62, 64, 65, 60, 62, 72, 60)
    assert tune.highest_at(music(at_three_quarters)) == 0.75
    assert tune.climax(music(at_three_quarters)) == 1
    assert tune.climax(music(quarters(60, 62, 72, 65, 60, 62, 64, 60))) == 0
    assert tune.climax(music(quarters(60, 62, 72, 65, 60, 62, 72, 60))) == 0


# --- form -----------------------------------------------------------------------------------------


def test_introduction_and_coda() -> None:
    under = [(BAR * bar, BAR * bar + BAR, 40) for bar in range(8)]
    inside = line(2 * BAR, 6 * BAR, end=7 * BAR)
    both = music(inside, bass=under)
    assert (form.introduction(both), form.coda(both), form.begun_and_ended(both)) == (1, 1, 1)
    # One bar before it is none; neither are two in which nobody plays.
    assert form.introduction(music(line(BAR, 2 * BAR), bass=under)) == 0
    assert form.introduction(music(inside, bass=under[2:])) == 0
    # The melody sounds to the end, or nobody begins anything after it.
    assert form.coda(music(line(0, 7 * BAR, end=8 * BAR), bass=under)) == 0
    assert form.coda(music(inside, bass=under[:7])) == 0


def test_density_of_the_opening() -> None:
    # One note a bar in two bars, then three a bar in two: 1 over 2.
    found = music(line(0, BAR, *(2 * BAR + 32 * n for n in range(6))))
    assert form.opening_density(found) == 0.5


def test_phrases_and_sections_that_are_not_square() -> None:
    found = replace(
        music(quarters(60)),
        phrases=((0, 4 * BAR), (4 * BAR, 9 * BAR)),
        sections=((0, 8 * BAR), (8 * BAR, 16 * BAR), (16 * BAR, 20 * BAR), (20 * BAR, 28 * BAR)),
    )
    assert form.unsquare_phrases(found) == 0.5
    assert form.unsquare_sections(found) == 0.25


def test_contrast_of_density() -> None:
    # Four notes, none, twelve: 3, for where it does not sing it is not thin.
    rows = bars(4, 0) + [(8 * BAR + s, 8 * BAR + s + 12, 60) for s, *_ in bars(4, 0, 24, 48)]
    assert form.density_contrast(music(rows)) == 3
    assert form.density_contrast(music(bars(4, 0))) is None


def test_loudness_explained_by_the_place() -> None:
    loud = [(BAR * n, BAR * n + BAR, 60, 60 + 10 * (n % 4)) for n in range(8)]
    assert form.square_loudness(music(loud)) == pytest.approx(1)
    rising = [(BAR * n, BAR * n + BAR, 60, 60 + 10 * (n // 4)) for n in range(8)]
    assert form.square_loudness(music(rising)) == pytest.approx(0)
    # Places −5, 5 and groups −5, 5 added: half of the variance is the place's.
    mixed = [(BAR * n, BAR * n + BAR, 60, 60 + 10 * (n % 2) + 10 * (n // 4)) for n in range(8)]
    assert form.square_loudness(music(mixed)) == pytest.approx(0.5)
    assert form.square_loudness(music(bars(8, 0))) is None


# --- chords ---------------------------------------------------------------------------------------

C, F, G, D = (0, (0, 4, 7)), (5, (5, 9, 0)), (7, (7, 11, 2)), (2, (2, 6, 9))


def test_changes_of_chords() -> None:
    # C, C again (none), F off the beat, G on it: two changes in four bars, one off beat 1.
    chords = [(0, 96, *C), (96, 144, *C), (144, 192, *F), (192, 384, *G)]
    found = music(quarters(60), chords=chords)
    assert harmony.changes_a_bar(found) == 0.5
    assert harmony.off_downbeat(found) == 0.5
    assert harmony.off_downbeat(music(quarters(60), chords=chords[:2])) is None


def test_distinct_chords_in_sixteen_bars() -> None:
    chords = [(BAR * n, BAR * (n + 1), *(C, F, G)[n % 3]) for n in range(16)]
    assert harmony.distinct_chords(music(quarters(60), chords=[*chords, (1536, 1600, *D)])) == 3
    assert harmony.distinct_chords(music(quarters(60), chords=chords[:15])) is None


def test_time_outside_one_scale() -> None:
    # C, F and G lie in C major; D major's F♯ does not. No scale holds C, F, G and D.
    chords = [(0, 96, *C), (96, 192, *F), (192, 288, *G), (288, 384, *D)]
    assert harmony.outside_scale(music(quarters(60), chords=chords)) == 0.25
    # Without F they are all in G major.
    assert harmony.outside_scale(music(quarters(60), chords=[*chords[:1], *chords[2:]])) == 0


# --- all parts ------------------------------------------------------------------------------------


def test_distinct_rhythms_of_whole_bars() -> None:
    # Beats 1 and 3 together, whoever plays which; then beat 1 alone.
    found = music([(0, 24, 60), (144, 168, 60)], bass=[(48, 72, 40), (96, 120, 40), (192, 240, 40)])
    assert texture.whole_rhythms(found) == pytest.approx(2 / 3)


def test_the_commonest_bar_of_drums() -> None:
    kick = [(BAR * n, BAR * n + 6, 36) for n in range(4)]
    found = music(quarters(60), drums=[*kick, (3 * BAR + 48, 3 * BAR + 54, 38)])
    assert texture.commonest_drum_bar(found) == 0.75
    assert texture.commonest_drum_bar(music(quarters(60))) is None


def test_onsets_of_a_counter_melody() -> None:
    found = music(quarters(60, 62, 64), counter_melody=[(0, 12, 55), (12, 24, 57), (36, 48, 55)])
    assert texture.counter_onsets(found) == pytest.approx(2 / 3)
    assert texture.counter_onsets(music(quarters(60))) is None


def test_steps_of_the_bass() -> None:
    # Stays, a tone up, a fifth down: one step of two moves.
    found = music(quarters(72), bass=quarters(45, 45, 47, 40))
    assert texture.bass_steps(found) == 0.5
    assert texture.bass_steps(music(quarters(72), bass=quarters(45, 45))) is None


def test_the_gap_over_the_bass() -> None:
    # Fifteen semitones at the first beat, twelve at the second; the melody between is no chord.
    bass = [(0, 96, 40)]
    found = music(quarters(47, 47), bass=bass, chord=[(0, 24, 55), (0, 24, 60), (24, 48, 52)])
    assert texture.gap_over_bass(found) == 13.5
    assert texture.gap_over_bass(music(quarters(72), bass=bass)) is None


def test_semitones_and_tritones_at_once() -> None:
    # C, E, G at one beat: none of three. C, F♯, G an octave higher at the next: two of three.
    under = [(0, 24, 64), (0, 24, 67), (24, 48, 66), (24, 48, 79)]
    found = music([(0, 24, 60), (24, 48, 60)], chord=under)
    assert texture.sharp_intervals(found) == pytest.approx(2 / 6)
    assert texture.sharp_intervals(music(quarters(60))) is None


def test_notes_at_once() -> None:
    # Three at the first beat, one at the second; at the others silence.
    found = music([(0, 48, 60)], bass=[(0, 24, 40), (0, 24, 52)])
    assert texture.at_once(found) == 2


def test_spread_of_velocity() -> None:
    rows = [(24 * n, 24 * n + 24, 60, n) for n in range(1, 102)]
    assert texture.velocity_spread(music(rows)) == 90


def test_silence_of_all_parts() -> None:
    # A beat of eight in which nobody sounds; half a quaver between two notes is none.
    found = music([(0, 90, 60), (96, 120, 60)], bass=[(144, 192, 40)])
    assert texture.silence(found) == pytest.approx(1 / 8)
    assert texture.silent(found) == 1
    assert texture.silent(music(quarters(60, 62))) == 0
    # A stroke sounds for a quaver: of the beat half is left.
    struck = music([(0, 90, 60), (96, 120, 60)], drums=[(120, 121, 36)], bass=[(144, 192, 40)])
    assert texture.silence(struck) == pytest.approx(0.5 / 8)


def test_notes_off_the_grid() -> None:
    # At 120 a minute a quarter note has 500 ms: on it, 10 ms late, 10 ms before a triplet, 1 ms.
    at = np.array([1.0, 1.02, 1 / 3 - 0.02, 2.502])
    assert off_grid(at, np.full(4, 0.5)) == pytest.approx([0, 10, -10, 1])
    found = music(quarters(60, 62, 64, 65))
    found.notes["off"] = [0, 10, -10, 1]
    assert texture.off_grid(found) == 0.5
    found.notes["off"] = [31, 30, 2, 1.9]
    assert texture.off_grid(found) == 0.5


def test_how_wide_a_sound_is() -> None:
    wave = np.sin(np.arange(1000) / 10)
    assert side_to_mid(np.array([wave, wave])) == -60
    # All of it on one side: the difference is as strong as the sum.
    assert side_to_mid(np.array([wave, 0 * wave])) == pytest.approx(0)
    assert side_to_mid(np.array([wave, 0.5 * wave])) == pytest.approx(20 * np.log10(0.5 / 1.5))


# --- all of them ----------------------------------------------------------------------------------


def test_what_is_not_known_is_not_measured() -> None:
    found = of_piece(music(bars(20, 0, 36), known=frozenset({MELODY}), bass=[(0, 96, 40)]))
    assert "melody range" in found
    assert not {"bass steps", "simultaneous notes", "chord changes a bar", SIDE} & found.keys()


def test_a_melody_of_a_few_notes_is_not_measured() -> None:
    assert "melody range" not in of_piece(music(quarters(*range(60, 67))))
    assert "melody range" in of_piece(music(quarters(*range(60, 68))))


@given(st.lists(st.integers(55, 80), min_size=8, max_size=40), st.integers(-6, 6))
def test_in_another_key_every_figure_is_the_same(pitches: list[int], up: int) -> None:
    chords = [(0, 96, *C), (96, 192, *D)]
    moved = [
        (s, e, (root + up) % 12, tuple((t + up) % 12 for t in ts)) for s, e, root, ts in chords
    ]
    one = music(quarters(*pitches), bass=quarters(40, 43), chords=chords)
    other = music(
        quarters(*(p + up for p in pitches)), bass=quarters(40 + up, 43 + up), chords=moved
    )
    assert of_piece(one) == pytest.approx(of_piece(other))


def test_every_measure_is_on_the_page() -> None:
    page = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| \*\*(.+?)\*\* \|", page, re.MULTILINE)
    assert {*MEASURES, SIDE} <= {*named}
    assert len(named) == len({*named})
