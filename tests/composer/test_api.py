"""The door: what `import composer` offers, in any order, twice, from two threads, and its cost."""

import io
import itertools
import json
import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import composer
from composer import Piece, Settings, UserError

ROOT = Path(__file__).resolve().parents[2]
SHORT = {"melody": "rules", "bars": 16, "form": "sentence", "ensemble": "solo piano"}


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    """A small photograph-like picture as a PNG file."""
    rng = np.random.default_rng(4)
    ramp = np.linspace(0, 200, 96)[:, None, None] + np.zeros((96, 128, 3))
    pixels = (ramp + rng.integers(0, 40, ramp.shape)).astype(np.uint8)
    path = tmp_path_factory.mktemp("door") / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture(scope="module")
def piece(photo):
    return composer.compose(photo, **SHORT)


def music(piece):
    """All that is heard of a piece."""
    return [(part.role, part.notes) for part in piece.parts], piece.plan.tempo


def test_everything_that_is_offered_is_there():
    for name in composer.__all__:
        assert getattr(composer, name) is getattr(composer, name)
    assert set(composer.__all__) <= set(dir(composer))
    with pytest.raises(AttributeError, match="no attribute 'compsoe'"):
        composer.compsoe  # noqa: B018


def calls(piece, photo, folder):
    return {
        "measure": lambda: composer.measure(photo)["light.lightness"],
        "features_table": lambda: composer.features_table([photo]),
        "decide": lambda: composer.decide(photo, mode="dorian")["mode"].value,
        "load_table": lambda: composer.load_table("plain").name,
        "explain": lambda: composer.explain(piece, "mode"),
        "save": lambda: composer.save(piece, folder / "x.mid")[0].read_bytes(),
        "lesson": lambda: composer.lesson("rule", "parallel-fifths").name,
        "verify": lambda: composer.verify(folder / "x.voices.musicxml").judged,
    }


def test_every_function_works_twice_in_any_order(piece, photo, tmp_path):
    composer.save(piece, tmp_path / "x.voices.musicxml")
    found = calls(piece, photo, tmp_path)
    once = {name: call() for name, call in found.items()}
    order = list(itertools.chain(found, found))
    random.Random(7).shuffle(order)
    for name in order:
        assert callable(getattr(composer, name))
        assert found[name]() == once[name], name


@pytest.mark.parametrize("last", ["compose", "explain", "verify", "lesson", "decide", "measure"])
def test_a_loaded_room_never_stands_where_a_function_stood(last):
    rooms = "explanation verifier lessons pipeline table render album workbench commands evaluate"
    code = (
        f"import importlib, composer\nfor room in {rooms.split()}: "
        "importlib.import_module('composer.' + room)\n"
        f"assert callable(composer.{last}), composer.{last}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_picture_is_a_path_bytes_a_file_an_image_or_an_array(photo):
    image = Image.open(photo).convert("RGB")
    forms = [str(photo), photo.read_bytes(), io.BytesIO(photo.read_bytes()), image]
    with photo.open("rb") as file:
        forms += [np.asarray(image), file, composer.measure(photo)]
        found = [dict(composer.measure(form)) for form in forms]
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        3,
        b"",
        b"no picture",
        np.zeros((4, 4)),
        np.zeros((4, 4, 3)),
        np.zeros((0, 4, 3), np.uint8),
    ],
    ids=repr,
)
def test_what_is_no_picture_is_said(wrong):
    with pytest.raises(UserError) as error:
        composer.measure(wrong)
    assert str(error.value)


def test_two_threads_compose_what_each_would_alone(photo):
    wishes = [{**SHORT, "seed": 1}, {**SHORT, "seed": 2, "mode": "phrygian"}]
    alone = [music(composer.compose(photo, **each)) for each in wishes]
    found: dict[int, object] = {}

    def run(index):
        found[index] = [music(composer.compose(photo, **wishes[index])) for _ in range(2)]

    threads = [threading.Thread(target=run, args=(index,)) for index in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {index: [alone[index]] * 2 for index in (0, 1)}


def test_the_network_sings_the_same_in_two_threads(photo):
    wishes = {**SHORT, "melody": "neural"}
    alone = music(composer.compose(photo, **wishes))
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(music(composer.compose(photo, **wishes))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone, alone]


def test_nothing_of_the_process_is_changed():
    code = """
import gc, os, random, signal, threading, locale, sys
import numpy, cv2
import music21.musicxml.m21ToXml, symusic  # what they do when they are imported is theirs
def state():
    return (gc.isenabled(), gc.get_threshold(), dict(os.environ), os.getcwd(), list(sys.path),
            [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)], sys.excepthook,
            locale.setlocale(locale.LC_ALL), random.getstate(), str(numpy.random.get_state()),
            cv2.getNumThreads(), numpy.geterr(), sys.getswitchinterval(),
            threading.active_count(), sys.getrecursionlimit())
before = state()
import composer
piece = composer.compose("sample:flower", melody="neural", bars=16)
composer.save(piece, *sys.argv[1:])
composer.explain(piece, "mode")
after = state()
names = [index for index, (a, b) in enumerate(zip(before, after)) if a != b]
assert not names, names
"""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        files = [f"{folder}/x{suffix}" for suffix in (".mid", ".musicxml", ".json", ".wav", ".png")]
        subprocess.run([sys.executable, "-c", code, *files], check=True, cwd=ROOT)


def test_the_import_is_light():
    code = "import sys, composer; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    heavy = {"numpy", "cv2", "music21", "torch", "yaml", "click", "mido", "PIL", "sklearn"}
    assert not heavy & set(loaded)
    assert "composer.api" not in loaded


def test_a_piece_is_one_line_at_a_prompt_and_a_page_in_a_notebook(piece):
    assert "\n" not in repr(piece)
    assert len(repr(piece)) < 200
    assert piece.title in repr(piece)
    html = piece._repr_html_()
    assert all(part in html for part in ("data:audio/mpeg;base64,", "data:image/svg+xml", "MELODY"))
    assert "<script" not in html
    for value in (composer.decide("sample:flower"), composer.measure("sample:flower"), Settings()):
        assert "\n" not in repr(value)
        assert len(repr(value)) < 200


def test_a_row_of_features_a_picture(photo):
    rows = composer.features_table([photo, "sample:flower"])
    assert [row["picture"] for row in rows] == ["photo.png", "sample:flower"]
    assert rows[0].keys() == rows[1].keys()
    assert rows[0]["light.lightness"] == composer.measure(photo)["light.lightness"]


def test_wishes_become_settings_and_a_wish_outranks_them(photo):
    base = Settings(
        seed=3,
        melody="rules",
        overrides={"mode": "dorian", "bars": 16, "introduction": "none", "coda": "none"},
    )
    piece = composer.compose(photo, base, mode="phrygian", tempo=80)
    assert (piece.seed, piece.plan.key.mode.name, piece.plan.bars) == (3, "phrygian", 16)
    assert piece.decisions.number("tempo") == 80


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"sede": 3}, "There is no decision or setting 'sede'. Did you mean seed?"),
        ({"tmepo": 80}, "There is no decision or setting 'tmepo'. Did you mean tempo?"),
        ({"mode": "dorain"}, "dorian"),
        ({"seed": -1}, "seed is to be a whole number from 0, and not -1."),
        ({"without": ["paralel-fifths"]}, "Did you mean parallel-fifths?"),
        ({"table": "none.yaml"}, "none.yaml"),
        ({"melody": "birds"}, "melody is to be rules or neural, and not 'birds'."),
    ],
)
def test_a_wish_that_cannot_be_is_said(photo, wishes, said):
    with pytest.raises(UserError) as error:
        composer.compose(photo, **wishes)
    assert said in str(error.value)


def test_wishes_that_leave_no_music_are_the_users_to_mend(photo, monkeypatch):
    from composer import pipeline
    from theory.melody.results import NoMelody

    def refuse(*args):
        raise NoMelody(0, (), "There is no melody.")

    monkeypatch.setattr(pipeline, "harmonise", refuse)
    with pytest.raises(UserError, match=r"There is no melody. This comes of mode='dorian'"):
        composer.compose(photo, mode="dorian", melody="rules")
    with pytest.raises(NoMelody):
        composer.compose(photo, melody="rules")


def test_an_answer_has_no_colours_and_is_read_from_a_piece_data_or_a_file(piece, tmp_path):
    path = tmp_path / "x.json"
    composer.save(piece, path)
    text = composer.explain(piece, "mode")
    assert "\x1b" not in text
    assert composer.explain(path, "mode") == composer.explain(str(path), "mode") == text
    assert composer.explain(json.loads(path.read_text("utf-8")), "mode") == text
    assert composer.explain(piece, bar=1, beat=1) != text
    with pytest.raises(UserError, match="no rule 'xyz'"):
        composer.explain(piece, rule="xyz")


def test_nothing_is_written_where_one_name_is_wrong(piece, tmp_path):
    with pytest.raises(UserError, match="does not say what to write"):
        composer.save(piece, tmp_path / "x.mid", tmp_path / "x.doc")
    with pytest.raises(UserError, match="Nothing is named"):
        composer.save(piece)
    assert not list(tmp_path.iterdir())


def test_a_piece_is_judged_as_its_own_checks_say_and_as_its_file_is(piece, tmp_path):
    verdict = composer.verify(piece)
    assert not verdict.broken
    assert verdict.what == "piece"
    assert "\n" not in repr(verdict)
    counts = Counter(one.rule for one in verdict.findings)
    assert counts == Counter({one.rule: one.count for one in piece.checks if one.count})
    composer.save(piece, tmp_path / "x.voices.musicxml")
    written = composer.verify(tmp_path / "x.voices.musicxml", language=piece.plan.language)
    assert not written.broken
    assert written.key == verdict.key
    strict = composer.verify(piece, language="strict")
    assert [one.rule for one in strict.findings] == [one.rule for one in verdict.findings]
    with pytest.raises(UserError, match="in its own key"):
        composer.verify(piece, key="C major")
    with pytest.raises(UserError, match="no language 'baroque'"):
        composer.verify(piece, language="baroque")


def test_a_lesson_is_saved_like_a_piece(tmp_path):
    pair = composer.lesson("mode", "dorian")
    paths = composer.save(pair, tmp_path / "d.mid", tmp_path / "d.musicxml")
    assert all(path.stat().st_size for path in paths)


def test_progress_is_told(photo):
    told: list[str] = []
    piece = composer.compose(photo, **SHORT, step=told.append)
    assert len(told) >= 5
    assert isinstance(piece, Piece)


@pytest.mark.parametrize("name", ["analysis", "theory", "corpora", "neural"])
def test_a_module_of_the_users_that_hides_ours_is_named(tmp_path, name):
    (tmp_path / f"{name}.py").write_text("x = 1\n")
    code = "import composer\ncomposer.measure('sample:china')"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(1, {str(ROOT)!r})\n{code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    last = run.stderr.strip().splitlines()[-1]
    assert f"{name}.py hides Promenade's own package '{name}'" in last
    assert "rename it" in last
