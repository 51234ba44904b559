"""Whole films as they are seen and heard: every onset against the MIDI file, within a frame."""

import io
from itertools import islice

import numpy as np
import pytest
import soundfile
from PIL import Image

from composer import compose
from composer.render.audio.coding import encode as encode_sound
from composer.render.film import mp4
from composer.render.film.film import Film, encode
from composer.render.film.look import RATE
from composer.render.rendering import Rendering
from composer.render.timeline import SCALE
from tests.pictures import varied

pytest.importorskip("av")
from tests.composer.render.film.watching import (
    SAMPLES,
    around,
    crossed,
    crossings,
    lag,
    listen,
    lit_late,
    rule_late,
    watch,
)

FRAME = 1 / RATE


def told(name, seconds):
    """A line for whoever wants to see how far it is: pytest -s."""
    values = 1000 * np.abs(np.array(seconds))
    print(f"{name:8} {len(values):4}: at most {values.max():5.1f} ms, mean {values.mean():5.1f} ms")


def in_step(source, seconds=None):
    """Compose, film, decode and compare; returns how many changes of region were seen.

    seconds: how much of the film; all of it unless given.
    """
    piece = compose(source, melody="rules")
    rendering = Rendering(piece)
    midi, sound = rendering.midi, rendering.sound
    film = Film(piece, rendering.timeline, sound.shape[1] / SAMPLES)
    if seconds is None:
        count, data = film.frames, encode(piece, rendering.timeline, sound)
    else:
        count, sound = seconds * RATE, sound[:, : seconds * SAMPLES]
        data = mp4.encode(islice(film, count), sound, "x", lambda drawn: None)
    starts = {
        number: start
        for number, start in crossings(
            film, midi, [s.start for s in piece.plan.sections], SCALE
        ).items()
        if around(start)[-1] < count
    }
    seen = watch(data, film, {n for start in starts.values() for n in around(start)})
    assert len(seen.times) == count
    assert np.allclose(seen.times, np.arange(count) / RATE, atol=1e-4)

    wave = soundfile.read(io.BytesIO(encode_sound(sound, ".wav", "x")), dtype="float32")[0].T
    heard = listen(data)
    end = wave.shape[1] / SAMPLES
    lags = [lag(wave, heard, at) / SAMPLES for at in np.linspace(0.75, end - 0.75, 12)]
    told("sound", lags)
    assert max(map(abs, lags)) < FRAME / 10

    late = lit_late(film, seen, midi)
    told("notes", late)
    sung = [note for note in film.notes if note.role == "melody" and note.start < seen.end]
    assert len(late) > 0.9 * len(sung)
    assert np.abs(late).max() < 0.51 * FRAME

    late = rule_late(film, seen, midi)
    told("rules", late)
    assert len(late) > 3
    assert np.abs(late).max() < 0.51 * FRAME

    found = [crossed(film, seen, number, start) for number, start in starts.items()]
    for before, after, late in found:
        assert before < 0.05
        assert after > 0.95
        assert abs(late) < FRAME
    if found:
        told("regions", [late for *_, late in found])
    return len(found)


def test_the_beginning_of_a_film_is_in_step():
    in_step("sample:china", seconds=12)


@pytest.mark.slow
def test_a_whole_film_is_in_step():
    in_step("sample:china")


@pytest.mark.slow
def test_a_whole_film_of_a_made_picture_with_drums_is_in_step(tmp_path):
    """Of those with drums the first that has sections of different regions."""
    for name, pixels in varied(20):
        path = tmp_path / f"{name}.png"
        Image.fromarray(pixels).save(path)
        piece = compose(str(path), melody="rules")
        regions = [section.region for section in piece.plan.sections]
        if any(part.role == "drums" for part in piece.parts) and len(set(regions)) > 1:
            break
    assert in_step(str(path))
