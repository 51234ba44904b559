"""Files are whole or not there, under names nobody can guess; only the dead's leftovers go."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpora import whole
from corpora.whole import BEGINNING, scratch, write

ROOT = Path(__file__).resolve().parents[2]
HOLDING = """
import sys
from pathlib import Path
from corpora.whole import beside
with beside(Path(sys.argv[1]), b"half"):
    print("held", flush=True)
    sys.stdin.read()
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def holder(tmp_path):
    """A run that is just about to put a file in its place."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path / "x.mid")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_what_a_killed_run_left_is_cleared_by_the_next(tmp_path, holder):
    holder.kill()
    holder.wait()
    (left,) = names(tmp_path)
    assert left.startswith(BEGINNING)
    write(tmp_path / "y.mid", b"whole")
    assert names(tmp_path) == ["y.mid"]


def test_what_a_living_run_holds_stays(tmp_path, holder):
    (held,) = names(tmp_path)
    write(tmp_path / "y.mid", b"whole")
    assert names(tmp_path) == [held, "y.mid"]


def test_a_name_that_fills_the_folders_limit_is_written(tmp_path):
    name = "n" * 251 + ".mid"
    write(tmp_path / name, b"whole")
    assert names(tmp_path) == [name]


def test_no_planted_link_is_followed_but_the_files_own(tmp_path, monkeypatch):
    victim, target = tmp_path / "victim", tmp_path / "target.npz"
    victim.write_bytes(b"mine")
    (tmp_path / f".a.npz.{os.getpid()}").symlink_to(victim)
    monkeypatch.setattr(os, "urandom", lambda count: dealt.pop(0) * count)
    dealt = [b"\0", b"\1"]
    (tmp_path / f"{BEGINNING}{'00' * 6}").symlink_to(victim)
    with pytest.raises(FileExistsError):
        write(tmp_path / "a.npz", b"data")
    (tmp_path / "a.npz").symlink_to(target)
    write(tmp_path / "a.npz", b"data")
    assert (victim.read_bytes(), target.read_bytes()) == (b"mine", b"data")
    assert (tmp_path / "a.npz").is_symlink()


def test_a_disk_that_is_full_leaves_what_was_there(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    (tmp_path / "a.npz").write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        write(tmp_path / "a.npz", b"data")
    assert caught.value.filename == str(tmp_path / "a.npz")
    assert names(tmp_path) == ["a.npz"]
    assert (tmp_path / "a.npz").read_bytes() == b"before"


def test_permissions_are_kept_and_a_new_file_has_the_usual_ones(tmp_path):
    (tmp_path / "old").touch()
    (tmp_path / "old").chmod(0o604)
    write(tmp_path / "old", b"data")
    before = os.umask(0o027)
    try:
        write(tmp_path / "new", b"data")
    finally:
        os.umask(before)
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("old", "new")]
    assert modes == [0o604, 0o640]


def test_a_file_of_ones_own_is_gone_after_its_use(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch() as path:
        path.write_bytes(b"film")
        assert names(tmp_path) == [path.name]
        assert path.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == []


def test_where_files_have_no_locks_what_is_old_is_cleared(tmp_path, monkeypatch):
    monkeypatch.setattr(whole, "LOCKS", False)
    new, old = tmp_path / f"{BEGINNING}new", tmp_path / f"{BEGINNING}old"
    new.touch()
    old.touch()
    os.utime(old, (0, 0))
    write(tmp_path / "a", b"data")
    assert names(tmp_path) == [new.name, "a"]
