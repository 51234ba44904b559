"""The film: its frames are drawn from what sounds, and picture and sound are in step."""

import io

import numpy as np
import pytest
from click.testing import CliRunner

import cli
from analysis.picture.view import corner, ground, through
from composer import compose
from composer.render.film import mp4
from composer.render.film.camera import _lit
from composer.render.film.film import Film
from composer.render.film.look import (
    ABOVE,
    CROSSING,
    HEIGHT,
    LABELS,
    LIT,
    PLAYHEAD,
    RATE,
    ROLL,
    STEP,
    SUN,
    WIDTH,
    cut,
    width,
    wrapped,
)
from composer.render.film.panels import HEAD, ROW
from composer.render.film.scene import MOST, frame_of, light
from composer.render.rendering import Rendering
from theory.harmony.form import STATEMENT

av = pytest.importorskip("av")


@pytest.fixture(scope="module")
def piece():
    return compose("sample:china", melody="rules", overrides={"bars": "16", "rubato": "1"})


@pytest.fixture(scope="module")
def rendering(piece):
    return Rendering(piece)


@pytest.fixture(scope="module")
def film(rendering):
    return Film(rendering.piece, rendering.timeline)


def test_light_is_there_in_the_very_frame_of_a_stroke_and_goes_out(film):
    numbers = [n for n, each in enumerate(film.notes) if each.role == "melody"]
    glow = light(film.notes, numbers, film.frames)
    for number in numbers:
        assert glow[frame_of(film.notes[number].start)] > 0.95
    assert glow[-1] < 0.01
    assert light(film.notes, [], film.frames).max() == 0


def roll_line(film, number):
    """The colours of the roll as near behind its line as a note of this frame may begin."""
    return film.frame(number)[ROLL[1] + LABELS : ROLL[3], PLAYHEAD + STEP + 1].astype(int)


def test_a_note_is_lit_on_the_line_from_its_frame_on_and_not_before(film):
    before = None
    for note in [each for each in film.notes if each.role == "melody"][:12]:
        first = frame_of(note.start)
        if before is not None and before.end < note.start - 2 / RATE:
            assert not (roll_line(film, first - 1) == LIT["melody"]).all(axis=1).any()
        assert (roll_line(film, first) == LIT["melody"]).all(axis=1).any()
        before = note


def test_a_rule_is_lit_while_notes_that_name_it_sound(film):
    width = film.panel.width
    for part, rules in zip(film.scene.shots, film.scene.rules, strict=True):
        for row, rule in enumerate(rules):
            assert all(rule.name in film.notes[number].note.cause.rules for number in rule.notes)
            top = ABOVE[1] + HEAD + row * ROW
            edge = (slice(top, top + 20), slice(ABOVE[2] - width, ABOVE[2] - width + 3))
            begun = [film.notes[number].start for number in rule.notes]
            here = sorted(each for each in begun if part.start + CROSSING < each < part.end)
            bright = [film.frame(frame_of(each))[edge].mean() for each in here[:3]]
            dark = film.frame(film.frames - 30)[edge].mean()
            assert min(bright) > 2 * dark


def test_in_each_section_the_rules_are_shown_that_its_notes_name(rendering, film):
    for part, rules in zip(rendering.piece.plan.sections, film.scene.rules, strict=True):
        assert (3 if part.kind == STATEMENT else 1) <= len(rules) <= MOST
        for rule in rules:
            begun = [film.notes[number].note.start for number in rule.notes]
            assert any(part.start <= each < part.end for each in begun)


def test_sound_that_rings_on_is_shown_to_its_end(rendering, film):
    """Longer than the last chord takes to pass out of the roll at the left."""
    longer = Film(rendering.piece, rendering.timeline, film.frames / RATE + 5)
    assert longer.frames >= film.frames + 5 * RATE - 1
    assert longer.frame(longer.frames - 45).shape == (HEIGHT, WIDTH, 3)


def test_words_fit_their_room():
    text = "The number of notes a second is what people hear as excitement before all else."
    for room in (120, 200, 300, 510, 700):
        lines = wrapped(text, 13, room)
        assert len(lines) <= 2
        assert all(width(line, 13) <= room for line in lines)
    two = [width(line, 13) for line in wrapped(text, 13, 510)]
    assert max(two) < 1.3 * min(two)
    assert wrapped("A\u2003all over", 15, 300) == ["A\u2003all over"]
    assert cut("Incomprehensibilities", 15, 60).endswith("…")


def test_what_is_dark_in_the_picture_is_seen_when_it_is_in_play(piece):
    plain = np.full((20, 30, 3), 30, np.uint8)
    plain[:, 15:] = (240, 220, 40)
    share = np.zeros((20, 30), np.float32)
    share[:, :15] = 1
    shown = _lit(plain, share)
    assert shown[:, :15].mean() > 1.5 * 30
    # Outside a dim yellow is nearly grey, or it would look green.
    outside = shown[0, -1]
    assert outside.max() < 0.5 * 240
    assert np.ptp(outside) < 0.5 * outside.max()


def test_a_region_in_play_is_brighter_than_the_rest(film, piece):
    """Within a section whose region leaves some of the picture out."""
    from analysis.picture.view import light as shares

    part = film.scene.shots[0]
    share = shares(piece.analysis, film.camera.ground_size)[part.region]
    resting, lit = (
        each.astype(float).mean(axis=2)
        for each in (film.camera.resting, film.camera.lit[part.region])
    )
    inside, outside = share > 0.95, share < 0.05
    assert lit[inside].mean() > resting[inside].mean()
    assert lit[outside].mean() < 0.6 * resting[outside].mean()


def test_the_point_is_on_the_skyline_where_the_melody_is(film):
    """A quarter of a period gone, a quarter of the skyline gone."""
    start, end = film.scene.passes[0]
    heights = film.camera.heights
    for gone in (0.25, 0.5, 0.75):
        second = start + gone * (end - start)
        seen = film.camera.frame(second, 1.0, 1.0).astype(int)
        x, y = film.camera._seen_at(gone, film.camera._look(second))
        assert np.abs(seen[round(y), round(x)] - SUN).max() < 40
        height = heights[int(gone * len(heights))]
        # The move shifts it a little; a tenth of the picture is more than it ever does.
        assert y / seen.shape[0] == pytest.approx(1 - height, abs=0.1)


def test_frames_are_the_same_for_the_same_piece(film, piece):
    again = Film(piece, Rendering(piece).timeline)
    for number in (0, film.frames // 2, film.frames - 1):
        frame = film.frame(number)
        assert frame.shape == (HEIGHT, WIDTH, 3)
        assert frame.dtype == np.uint8
        assert np.array_equal(frame, again.frame(number))


def test_the_window_keeps_to_the_picture_and_shows_all_of_it_at_first():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (54, 96, 3), np.uint8)
    assert np.array_equal(through(pixels, (96, 54), 1.0, 0.5, 0.5), pixels)
    for zoom, x, y in ((1.2, 0.0, 0.0), (1.2, 1.0, 1.0), (2.0, 0.5, 0.5)):
        left, top = corner((96, 54), zoom, x, y)
        assert 0 <= left <= 96 - 96 / zoom + 1e-9
        assert 0 <= top <= 54 - 54 / zoom + 1e-9
    near = through(pixels, (96, 54), 2.0, 0.5, 0.5)
    assert abs(near.mean() - pixels[13:41, 24:72].mean()) < 4


def test_the_ground_has_the_size_that_is_asked_for(piece):
    assert ground(piece.analysis.picture, (300, 200)).shape == (200, 300, 3)


def decoded(data):
    """The brightness of every frame's middle, and the sound, from an MP4 file's bytes."""
    with av.open(io.BytesIO(data)) as file:
        video = file.streams.video[0]
        assert (video.codec_context.name, video.width, video.height) == ("h264", WIDTH, HEIGHT)
        times, bright = [], []
        for frame in file.decode(video=0):
            times.append(float(frame.pts * frame.time_base))
            bright.append(frame.to_ndarray(format="gray")[300:420, 580:700].mean())
    with av.open(io.BytesIO(data)) as file:
        sound = np.zeros(round((times[-1] + 1) * 44_100), np.float32)
        for frame in file.decode(audio=0):
            start = round(float(frame.pts * frame.time_base) * 44_100)
            block = frame.to_ndarray()[0]
            begin = max(0, -start)
            sound[start + begin : start + len(block)] = block[begin:]
    return np.array(times), np.array(bright), sound


def test_picture_and_sound_of_the_file_are_in_step_within_a_frame():
    """Flashes and clicks that fall together go in, and come out together."""
    frames, flashes = 60, (7, 22, 41)
    sound = np.zeros((2, 2 * 44_100), np.float32)
    images = []
    for number in range(frames):
        image = np.full((HEIGHT, WIDTH, 3), 20, np.uint8)
        if number in flashes:
            image[260:460, 540:740] = 235
            at = number * 44_100 // RATE
            sound[:, at : at + 400] = 0.8 * np.sin(np.arange(400) / 3)
        images.append(image)
    data = mp4.encode(images, sound, "clap", lambda count: None)
    times, bright, out = decoded(data)
    assert len(times) == frames
    seen = times[np.flatnonzero(bright > 120)]
    loud = np.flatnonzero(np.abs(out) > 0.3) / 44_100
    for flash in flashes:
        click = loud[(loud > flash / RATE - 0.2)].min()
        assert min(abs(seen - flash / RATE)) < 1e-3
        assert abs(click - flash / RATE) < 1 / RATE


def test_a_note_is_heard_in_the_frame_in_which_it_lights_up(rendering, film):
    """The sound that the film is given begins where its clock says that a note is struck."""
    sound = np.abs(rendering.sound).max(axis=0)
    first = min(note.start for note in film.notes)
    began = np.flatnonzero(sound > 0.02 * sound[:44_100].max())[0] / 44_100
    assert abs(began - first) < 1 / RATE


def test_the_command_writes_a_film(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        Film, "__iter__", lambda self: (self.frame(n) for n in range(0, self.frames, 60))
    )
    how = ["--melody", "rules", "--set", "bars=16"]
    result = CliRunner().invoke(cli.compose, ["sample:flower", "-o", "x.mp4", "-o", "x.wav", *how])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Wrote x.mp4 and x.wav.")
    with av.open("x.mp4") as file:
        assert [stream.codec_context.name for stream in file.streams] == ["h264", "aac"]
        assert file.metadata["title"] == "Flower"
