"""`promenade corpus`: what is built, resumed, left out and counted; the same bytes however run."""

import io
import os
import signal
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given

from cli import promenade
from corpora import build as building
from corpora.build import build
from corpora.dataset import content, read, read_about, split
from corpora.engines import Workers
from corpora.errors import CorpusError
from corpora.near import near, runs
from corpora.read.melodies import folder
from corpora.sources import Sources
from tests.corpora.made import LINE, midi, sheet
from tests.corpora.strategies import tunes
from theory.pitch import interval
from theory.timed import TimedNote

DATA = Path(os.environ.get("PROMENADE_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture
def sheets(tmp_path):
    folder = tmp_path / "sheets"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.musicxml").write_text(sheet([number, *range(number + 2)]))
    (folder / "same.musicxml").write_text(sheet([3, *range(5)]))
    (folder / "broken.musicxml").write_text("<score")
    return folder


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(building, "CHUNK_FILES", 2)


def test_tunes_are_read_counted_and_written(sheets, tmp_path):
    built = build(Sources(musicxml=(sheets,)), tmp_path / "out.npz")
    assert read(tmp_path / "out.npz") == built.tunes
    assert [tune.source for tune in built.tunes] == [f"{n}.musicxml" for n in range(6)]
    assert read_about(tmp_path / "out.npz") == {
        "files": {"sheets": 8},
        "left out": {"sheets": {"not MusicXML": 1}},
        "duplicates": {"sheets": 1},
        "near": {},
    }
    assert not (tmp_path / "out.npz.parts").exists()


def test_an_archive_gives_the_same_tunes(sheets, tmp_path):
    with tarfile.open(tmp_path / "sheets.tar.xz", "w:xz") as archive:
        archive.add(sheets, "sheets")
        # A name that would lead out of the folder is not followed.
        outside = tarfile.TarInfo("../outside.musicxml")
        archive.addfile(outside, io.BytesIO())
    one = build(Sources(musicxml=(sheets,)), tmp_path / "one.npz")
    two = build(Sources(musicxml=(tmp_path / "sheets.tar.xz",)), tmp_path / "two.npz")
    assert one.tunes == two.tunes
    strange = {**one.left_out["sheets"], "a name that leads out of its archive": 1}
    assert two.left_out["sheets"] == strange
    assert not (tmp_path / "outside.musicxml").exists()


@pytest.mark.usefixtures("small")
def test_an_interrupted_build_goes_on(sheets, tmp_path, monkeypatch):
    output, sources = tmp_path / "out.npz", Sources(musicxml=(sheets,))
    whole = build(sources, tmp_path / "whole.npz").tunes
    chunks = building._read_chunk
    done = []

    def interrupted(chunk):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(chunk)
        return chunks(chunk)

    output.write_bytes(b"earlier")
    monkeypatch.setattr(building, "_read_chunk", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(sources, output)
    assert output.read_bytes() == b"earlier"
    parts = sorted((tmp_path / "out.npz.parts").glob("*.npz"))
    assert len(parts) == 2
    # One of the finished chunks is damaged, as by a full disk; it alone is read again.
    parts[0].write_bytes(b"PK")
    again = []
    monkeypatch.setattr(building, "_read_chunk", lambda c: (again.append(c), chunks(c))[1])
    progress = []
    assert build(sources, output, progress=progress.append).tunes == whole
    assert len(again) == 3
    assert (progress[0], sum(progress)) == (2, 8)
    assert output.read_bytes() == (tmp_path / "whole.npz").read_bytes()


@pytest.mark.usefixtures("small")
def test_a_changed_file_is_read_again(sheets, tmp_path, monkeypatch):
    output, sources = tmp_path / "out.npz", Sources(musicxml=(sheets,))
    monkeypatch.setattr(building, "_joined", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build(sources, output)
    monkeypatch.undo()
    (sheets / "5.musicxml").write_text(sheet([6, 5, 4, 3, 6]))
    tunes = {tune.source: tune for tune in build(sources, output).tunes}
    assert [note.pitch.name for note in tunes["5.musicxml"].notes[:2]] == ["B4", "A4"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "engine",
    ["local", *(pytest.param(each, marks=pytest.mark.slow) for each in ("ray", "dask"))],
)
def test_two_workers_write_the_same_bytes(sheets, tmp_path, engine, monkeypatch):
    pytest.importorskip({"local": "sys", "ray": "ray", "dask": "distributed"}[engine])
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    sources = Sources(musicxml=(sheets,))
    build(sources, tmp_path / "one.npz")
    build(sources, tmp_path / "two.npz", workers=Workers(2, engine))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_an_engine_that_is_not_installed(sheets, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(
        CorpusError, match=r"ray, which is not .*: pip install 'promenade-music\[ray\]'"
    ):
        build(Sources(musicxml=(sheets,)), tmp_path / "out.npz", workers=Workers(engine="ray"))


def test_what_is_near_is_kept_apart(sheets, tmp_path):
    # C C D E F G A, the sixth sheet, a fourth higher and twice as fast.
    midi(tmp_path / "apart" / "a.mid", (9, 0, 2, 4, 5, 7, 9, 11), ticks=96, low=65)
    built = build(Sources(musicxml=(sheets,)), tmp_path / "out.npz", apart_from=tmp_path / "apart")
    assert built.near == {"sheets": 1}
    assert "5.musicxml" not in {tune.source for tune in built.tunes}


def test_near_is_more_than_half_of_the_shorter_ones_runs():
    # Five runs of eight; with another ending three of them stay, with yet another two.
    assert near([[*LINE[:10], 12, 13]], [LINE]) == {0}
    assert near([[*LINE[:9], 12, 13, 14]], [LINE]) == set()
    assert near([[60 + step for step in LINE], [60] * 12], [LINE]) == {0}
    assert near([[]], [[60]]) == set()
    assert runs(LINE[:4]) == runs([9, 11, 13, 14])


@given(tunes())
def test_content_is_the_same_in_another_key_and_other_note_values(tune):
    if not tune.notes:
        return
    other = replace(
        tune,
        title="another",
        notes=tuple(
            TimedNote(2 * n.start + 9, 2 * n.end + 9, n.pitch.up(interval("M2")))
            for n in tune.notes
        ),
    )
    assert content(other) == content(tune)
    last = tune.notes[-1]
    higher = (*tune.notes[:-1], replace(last, pitch=last.pitch.up(interval("m2"))))
    assert len(tune.notes) == 1 or content(replace(tune, notes=higher)) != content(tune)
    if not tune.chords or "chords" in tune.inferred:
        assert split(replace(other, source="elsewhere")) == split(tune)


def test_a_song_goes_by_its_name(sheets, tmp_path):
    song = build(Sources(musicxml=(sheets,)), tmp_path / "out.npz").tunes[0]
    sides = [split(replace(song, source=f"{n:03}/{n:03}.mid")) for n in range(400)]
    assert sides == [split(replace(song, source=f"{n:03}/versions/b.mid")) for n in range(400)]
    assert {side: sides.count(side) > 8 for side in set(sides)} == dict.fromkeys(
        ("train", "valid", "test"), True
    )
    assert sides.count("train") > 340


def test_plain_melodies_are_in_ticks_of_ours(tmp_path):
    midi(tmp_path / "set" / "a.mid", LINE[:3], ticks=96)
    (tmp_path / "set" / "b.mid").write_bytes(b"MThd")
    assert folder(tmp_path / "set") == {"a.mid": ((0, 24, 60), (24, 48, 62), (48, 72, 64))}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say what to build from: --music21, --midi DIR or --musicxml DIR."),
        (["--midi", "nowhere"], "There is no folder or archive nowhere."),
        (["--midi", "empty"], "There are no .mid or .midi or .kar files in empty."),
        (["--midi", "cut.tar.xz"], "cut.tar.xz is no whole tar archive; give a folder"),
        (["--musicxml", "sheets", "--apart-from", "nowhere"], "There is no folder nowhere."),
        (["--musicxml", "sheets", "--apart-from", "empty"], "There are no MIDI melodies in empty."),
        (["--musicxml", "sheets", "--musicxml", "sheets"], "Two folders or archives of one name"),
    ],
)
def test_what_cannot_be_built_is_said(sheets, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "cut.tar.xz").write_bytes(b"\xfd7zXZ\x00\x00")
    (tmp_path / "out.npz").write_bytes(b"earlier")
    result = CliRunner().invoke(promenade, ["corpus", "build", *arguments, "-o", "out.npz"])
    assert result.exit_code == 2
    assert said in result.stderr
    assert (tmp_path / "out.npz").read_bytes() == b"earlier"


def test_the_commands(sheets, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = ["--musicxml", "sheets", "--jobs", "1"]
    built = CliRunner().invoke(promenade, ["corpus", "build", *arguments, "-o", "out.npz"])
    assert built.exit_code == 0, built.output
    printed = CliRunner().invoke(promenade, ["corpus", "stats", "out.npz"]).stdout
    assert built.stdout == f"{printed}\nWritten: out.npz\n"
    assert printed.splitlines()[1].split() == ["sheets", "8", "6", "33", "6", "0"]
    assert "metres:    2/4 6" in printed
    assert "modes:     aeolian 6" in printed
    assert "       1  not MusicXML (sheets)" in printed
    read_only = CliRunner().invoke(promenade, ["corpus", "stats", *arguments])
    assert read_only.stdout == printed
    assert CliRunner().invoke(promenade, ["corpus", "stats"]).exit_code == 2
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04")
    bad = CliRunner().invoke(promenade, ["corpus", "stats", "bad.npz"])
    assert bad.exit_code == 2
    assert "bad.npz is damaged" in bad.stderr


@pytest.mark.slow
def test_all_of_music21(tmp_path):
    pytest.importorskip("music21")
    if not (DATA / "melody8").is_dir():
        pytest.skip("the eight published sets are not beside the checkout")
    built = build(
        Sources(music21=True), tmp_path / "out.npz", workers=Workers(2), apart_from=DATA / "melody8"
    )
    assert len(built.tunes) > 11_500
    assert sum(built.files.values()) > 1_500
    # All of the set `kinder` is in Essen's kinder0, and nothing of that file is left.
    assert not any(tune.source.startswith("kinder0") for tune in built.tunes)
    assert read(tmp_path / "out.npz") == built.tunes


@pytest.fixture
def heard():
    """Ctrl-C is heard, whatever the tests were started with."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name != "posix", reason="interrupts by signal")
@pytest.mark.usefixtures("small", "heard")
def test_an_interrupt_ends_two_workers_and_the_build_goes_on(sheets, tmp_path):
    output, sources = tmp_path / "out.npz", Sources(musicxml=(sheets,))

    def interrupt(files):
        if files:
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        build(sources, output, workers=Workers(2), progress=interrupt)
    assert signal.getsignal(signal.SIGINT) is before
    assert len(list((tmp_path / "out.npz.parts").glob("*.npz"))) >= 1
    assert build(sources, output).tunes == build(sources, tmp_path / "whole.npz").tunes
