"""The dataset file: what is written comes back; what is no dataset is said to be none."""

import contextlib
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.dataset import VERSION, encoded, read, read_about, write
from corpora.errors import CorpusError
from tests.corpora.strategies import tunes


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("dataset") / "tunes.npz"


@given(st.lists(tunes(), max_size=4))
def test_what_is_written_comes_back(file, some):
    write(file, some, {"left out": {"no metre": 3}})
    assert read(file) == tuple(some)
    assert read_about(file) == {"left out": {"no metre": 3}}
    assert file.read_bytes() == encoded(some, {"left out": {"no metre": 3}})


def test_nothing_is_left_beside_the_file(tmp_path):
    write(tmp_path / "a.npz", [])
    assert [each.name for each in tmp_path.iterdir()] == ["a.npz"]
    with pytest.raises(CorpusError, match="cannot be written"):
        write(tmp_path / "nowhere" / "a.npz", [])


def test_a_missing_file():
    with pytest.raises(CorpusError, match=r"^There is no dataset nowhere.npz; build one"):
        read(Path("nowhere.npz"))


@pytest.mark.parametrize("data", [b"", b"MThd", b"[1, 2]", b"\x93NUMPY\x01\x00"])
def test_a_foreign_file(tmp_path, data):
    (tmp_path / "a.npz").write_bytes(data)
    with pytest.raises(CorpusError, match="is no dataset of Promenade's"):
        read(tmp_path / "a.npz")


def test_another_npz(tmp_path):
    import numpy as np

    np.savez(tmp_path / "a.npz", weights=np.zeros(3))
    with pytest.raises(CorpusError, match="is no dataset of Promenade's"):
        read(tmp_path / "a.npz")


@given(tunes(), st.data())
def test_a_truncated_file(file, tune, data):
    whole = encoded([tune], {})
    file.write_bytes(whole[: data.draw(st.integers(4, len(whole) - 1))])
    with pytest.raises(CorpusError, match="is damaged"):
        read(file)


@given(tunes(), st.data())
def test_a_changed_byte_is_never_another_error(file, tune, data):
    whole = bytearray(encoded([tune], {}))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    file.write_bytes(bytes(whole))
    with contextlib.suppress(CorpusError):
        read(file)


def test_another_version(tmp_path, monkeypatch):
    monkeypatch.setattr("corpora.dataset.VERSION", VERSION + 1)
    write(tmp_path / "a.npz", [])
    monkeypatch.undo()
    with pytest.raises(CorpusError, match=f"version {VERSION + 1}.*reads version {VERSION}"):
        read(tmp_path / "a.npz")


@pytest.mark.parametrize("claims", [6_000_000_000, 700_000_000])
def test_a_file_that_claims_more_than_it_holds(tmp_path, claims):
    """Room for the array would be made before anybody missed its bytes."""
    array = f"{{'descr': '<i8', 'fortran_order': False, 'shape': ({claims},), }}"
    header = array.ljust(117) + "\n"
    member = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.npy", member)
    tracemalloc.start()
    try:
        with pytest.raises(CorpusError, match="is damaged"):
            read(tmp_path / "a.npz")
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_that_unpacks_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("corpora.dataset.LARGEST", 500)
    write(tmp_path / "a.npz", [])
    with pytest.raises(CorpusError, match="is damaged"):
        read(tmp_path / "a.npz")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.npz")
    with pytest.raises(CorpusError, match="There is no dataset"):
        read(tmp_path / "a.npz")
