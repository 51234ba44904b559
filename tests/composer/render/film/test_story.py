"""The upright film: its reasons come with bars and can be read, its roll is in step with notes."""

import io

import numpy as np
import pytest

from composer import compose
from composer.explanation.plain import sentences
from composer.render.film import mp4
from composer.render.film.film import Film
from composer.render.film.look import LIT, RATE
from composer.render.film.scene import frame_of
from composer.render.film.story import (
    HEIGHT,
    LARGER,
    LEAST,
    ROLL_TOP,
    WIDTH,
    WORDS_FOOT,
    WORDS_TOP,
    Story,
    captions,
)
from composer.render.rendering import Rendering

av = pytest.importorskip("av")


@pytest.fixture(scope="module")
def rendering():
    return Rendering(compose("sample:china", melody="rules", length="20s"))


@pytest.fixture(scope="module")
def story(rendering):
    return Story(rendering.piece, rendering.explanation, rendering.timeline)


def test_it_is_upright_and_as_long_as_the_film(rendering, story):
    assert story.frame(0).shape == (HEIGHT, WIDTH, 3) == (1920, 1080, 3)
    assert story.frames == Film(rendering.piece, rendering.timeline).frames


def test_reasons_begin_with_bars_in_order_and_stay_till_the_end(rendering, story):
    bars = story.scene.bars
    said = [one.text for one in sentences(rendering.explanation)]
    starts, ends, texts = zip(*story.captions, strict=True)
    assert set(starts) <= set(bars)
    assert list(texts) == said[: len(texts)]
    assert (starts[0], ends[-1]) == (bars[0], bars[-1])
    assert ends[:-1] == starts[1:]
    assert all(end - start > LEAST / 2 for start, end, _ in story.captions)


def test_a_long_piece_has_more_reasons_and_none_twice(rendering):
    bars = tuple(2.0 * bar for bar in range(121))
    texts = [text for _, _, text in captions(rendering.explanation, bars)]
    assert len(texts) > len(list(sentences(rendering.explanation)))
    assert len(texts) == len(set(texts))


def test_what_is_written_changes_when_its_reason_does(story):
    place = slice(WORDS_TOP, WORDS_FOOT)
    start = story.captions[1][0]
    before, after = frame_of(start) - 1, frame_of(start + 1)
    np.testing.assert_array_equal(story.frame(before)[place], story.words[0])
    np.testing.assert_array_equal(story.frame(after)[place], story.words[1])
    assert (story.words[0] != story.words[1]).any()


def test_notes_light_up_in_the_frame_in_which_they_sound(story):
    note = next(
        each
        for each in story.roll.notes
        if each.role == "melody" and each.start > 1 and each.end - each.start > 0.2
    )
    lit = np.array(LIT["melody"])

    def shines(frame):
        strip = story.frame(frame)[ROLL_TOP : ROLL_TOP + LARGER * 222]
        return (np.abs(strip.astype(int) - lit).sum(axis=2) < 12).sum()

    first = frame_of(note.start)
    assert shines(first) > shines(first - 1) + 40


def test_the_playhead_shines_with_the_tune(story, monkeypatch):
    loudest = int(np.argmax(story.melody))
    place = slice(ROLL_TOP, ROLL_TOP + LARGER * 222)
    shining = story.frame(loudest)[place]
    monkeypatch.setattr(story, "melody", np.zeros_like(story.melody))
    assert (story.frame(loudest)[place] != shining).any()


def test_it_is_a_film_of_its_own_size(story):
    few = [story.frame(number) for number in range(RATE // 2)]
    sound = np.zeros((2, 44100 // 2), np.float32)
    data = mp4.encode(few, sound, "China", lambda count: None, (WIDTH, HEIGHT))
    with av.open(io.BytesIO(data)) as file:
        video = file.streams.video[0]
        assert (video.width, video.height) == (1080, 1920)
        assert sum(1 for _ in file.decode(video)) == len(few)
