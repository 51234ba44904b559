"""A library's file: what is new is read once, and nothing that was said to be there is lost."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from corpora.engines import Workers
from corpora.errors import CorpusError
from corpora.index import file as index_file
from corpora.index import schema
from corpora.index.file import IndexFile
from corpora.index.sync import absolute, sync
from tests.corpora.index.listened import measure

ENDINGS = (".tune",)


def brought(index, folder, extractor=1, reader=measure, workers=None):
    return sync(index, absolute(str(folder)), ENDINGS, reader, extractor, workers or Workers())


@pytest.fixture
def music(tmp_path):
    folder = tmp_path / "music"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "a.tune").write_text("speed 1")
    (folder / "deep" / "b.tune").write_text("speed 2\nheight 3")
    (folder / "deep" / "er" / "c.tune").write_text("!broken")
    (folder / "other.txt").write_text("speed 1")
    return folder


def no_reading(path):
    raise AssertionError(f"{path} is read again")


def test_only_what_is_new_or_changed_is_read(tmp_path, music):
    with IndexFile(tmp_path / "l.sqlite", writing=True) as index:
        first = brought(index, music)
        assert (first.read, first.pieces, dict(first.left)) == (2, 3, {"broken": 1})
        again = brought(index, music, reader=no_reading)
        assert (again.read, again.same, again.gone, again.moved) == (0, 3, 0, 0)
        (music / "a.tune").write_text("speed 17")
        names, _, _, vectors = index.vectors()
        assert (names, vectors.shape) == (["speed", "height"], (3, 2))
        assert brought(index, music).read == 1
        _, _, _, vectors = index.vectors()
        assert sorted(vectors[:, 0][~np.isnan(vectors[:, 0])].tolist()) == [2, 17]
        assert np.isnan(vectors).sum() == 3


def test_a_file_that_moved_keeps_its_row_and_one_that_is_gone_does_not(tmp_path, music):
    with IndexFile(tmp_path / "l.sqlite", writing=True) as index:
        brought(index, music)
        before = {row.title: row.id for row in index.all_pieces()}
        (music / "a.tune").rename(music / "deep" / "z.tune")
        os.utime(music / "deep" / "b.tune", (1, 1))  # touched, not changed
        done = brought(index, music, reader=no_reading)
        assert (done.moved, done.gone, done.read) == (1, 0, 0)
        rows = {row.path.replace(os.sep, "/"): row.id for row in index.all_pieces()}
        assert rows["deep/z.tune"] == before["a"]
        (music / "deep" / "b.tune").unlink()
        assert brought(index, music).gone == 1
        assert [row.path for row in index.all_pieces()] == [str(Path("deep", "z.tune"))]


def test_a_later_version_of_what_measures_reads_all_again(tmp_path, music):
    with IndexFile(tmp_path / "l.sqlite", writing=True) as index:
        brought(index, music)
        assert brought(index, music, extractor=2).read == 2
        assert brought(index, music, extractor=2, reader=no_reading).same == 3


def test_folders_are_taken_out_with_all_that_is_in_them(tmp_path, music):
    with IndexFile(tmp_path / "l.sqlite", writing=True) as index:
        brought(index, music)
        index.remove_folder(index.folders()[absolute(str(music))])
        for table in ("folders", "files", "pieces", "vectors"):
            assert index.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
@pytest.mark.parametrize(
    "name", [b"caf\xe9", b"a'b\"; DROP", "é♭ \u202e".encode(), b"a\nb", b"%_*"]
)
def test_any_name_a_file_can_have(tmp_path, name):
    folder = os.path.join(os.fsencode(tmp_path), b"m" + name)
    os.mkdir(folder)
    Path(os.fsdecode(os.path.join(folder, name + b".tune"))).write_text("speed 1")
    with IndexFile(tmp_path / "l.sqlite", writing=True) as index:
        assert brought(index, os.fsdecode(folder)).pieces == 1
        (row,) = index.all_pieces()
        assert os.fsencode(row.path) == name + b".tune"
        assert Path(row.folder, row.path).read_text() == "speed 1"
        assert brought(index, os.fsdecode(folder), reader=no_reading).same == 1


def test_a_file_that_vanishes_meanwhile_and_what_is_no_file(tmp_path, music):
    def vanishing(path):
        path.unlink()
        return (), ("cannot be opened",)

    os.mkdir(music / "folder.tune")
    os.symlink(tmp_path / "nowhere", music / "link.tune")
    if hasattr(os, "mkfifo"):
        os.mkfifo(music / "pipe.tune")
    with IndexFile(tmp_path / "l.sqlite", writing=True) as index:
        done = brought(index, music, reader=vanishing)
        assert done.pieces == 0
        assert "cannot be opened" in done.left


def test_what_is_no_library_a_later_one_and_none(tmp_path):
    with pytest.raises(CorpusError, match="There is no library"):
        IndexFile(tmp_path / "none.sqlite")
    text = tmp_path / "a.txt"
    text.write_text("A letter of more than sixteen letters.\n" * 40)
    for writing in (False, True):
        with pytest.raises(CorpusError, match="is no library"):
            IndexFile(text, writing=writing)
    assert text.read_text().startswith("A letter")
    foreign = tmp_path / "foreign.sqlite"
    with sqlite3.connect(foreign) as other:
        other.execute("CREATE TABLE mine (x)")
    other.close()
    with pytest.raises(CorpusError, match="is no library"):
        IndexFile(foreign, writing=True)
    path = tmp_path / "later.sqlite"
    IndexFile(path, writing=True).close()
    with sqlite3.connect(path) as later:
        later.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    later.close()
    for writing in (False, True):
        with pytest.raises(CorpusError, match="written by a later version"):
            IndexFile(path, writing=writing)
    with pytest.raises(CorpusError, match="cannot be used"):
        IndexFile(text / "l.sqlite", writing=True)


def test_an_upgrade_keeps_what_was_there(tmp_path, music, monkeypatch):
    path = tmp_path / "l.sqlite"
    with IndexFile(path, writing=True) as index:
        brought(index, music)
    later = MappingProxyType(
        {schema.VERSION: "ALTER TABLE pieces ADD COLUMN year INTEGER; CREATE TABLE more (x)"}
    )
    monkeypatch.setattr(index_file, "VERSION", schema.VERSION + 1)
    monkeypatch.setattr(index_file, "UPGRADES", later)
    with pytest.raises(CorpusError, match="of an earlier version"):
        IndexFile(path)
    with IndexFile(path, writing=True) as index:
        assert len(list(index.all_pieces())) == 3
        assert brought(index, music, reader=no_reading).same == 3
        assert index.connection.execute("SELECT year FROM pieces").fetchone() == (None,)


@pytest.mark.skipif(os.name == "nt", reason="permissions of a folder")
def test_a_library_that_can_only_be_read_is_searched(tmp_path, music):
    place = tmp_path / "shelf"
    place.mkdir()
    path = place / "l.sqlite"
    with IndexFile(path, writing=True) as index:
        brought(index, music)
    path.chmod(0o444)
    place.chmod(0o555)
    try:
        with IndexFile(path) as index:
            assert len(index.vectors()[1]) == 3
            with pytest.raises(CorpusError, match="cannot be used"):
                index.add_folder("/elsewhere")
    finally:
        place.chmod(0o755)


PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from corpora.index.file import IndexFile
from corpora.index.sync import sync
from tests.corpora.index.listened import measure
from corpora.progress import listening
from contextlib import contextmanager

@contextmanager
def telling(length, label):
    def step(name="", count=1):
        print(name, flush=True)
    yield step

with listening(telling), IndexFile(Path({library!r}), writing=True) as index:
    print("ready", flush=True)
    sync(index, {folder!r}, (".tune",), measure, 1)
    print("done", flush=True)
"""


def started(library, folder):
    root = str(Path(__file__).parents[3])
    text = PROGRAM.format(root=root, library=str(library), folder=str(folder))
    return subprocess.Popen(
        [sys.executable, "-c", text], stdout=subprocess.PIPE, text=True, cwd=root
    )


@pytest.fixture
def many(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number:03}.tune").write_text(f"speed {number}")
    return folder.resolve()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_at_any_moment_it_loses_nothing_that_was_written(tmp_path, many):
    library = tmp_path / "l.sqlite"
    chance = random.Random(0)
    held = 0
    for _ in range(10):
        process = started(library, many)
        for _ in range(chance.randrange(1, 60)):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if library.is_file():
            with IndexFile(library, writing=True) as index:
                now = len(index.vectors()[1])
                assert now >= held
                held = now
                assert index.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with IndexFile(library, writing=True) as index:
        assert held > 0
        brought(index, many)
        _, _, _, vectors = index.vectors()
        assert sorted(vectors[:, 0].tolist()) == list(range(300))


def test_two_processes_at_once_both_end_well(tmp_path, many):
    library = tmp_path / "l.sqlite"
    both = [started(library, many) for _ in range(2)]
    for process in both:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert out.endswith("done\n")
    with IndexFile(library) as index:
        assert sorted(index.vectors()[3][:, 0].tolist()) == list(range(300))
