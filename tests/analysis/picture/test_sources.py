"""A picture is a path, bytes, an open file, a Pillow image or an array; it measures alike."""

import hashlib
import io
import os
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from analysis.errors import PictureError
from analysis.picture import afford, decode
from analysis.picture import load as loading
from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import load
from tests.analysis.picture.pictures import encoded, mountains, noise

# Some larger and some smaller than the measured copy.
PICTURES = {"large": np.kron(mountains()[0], np.ones((3, 3, 1), np.uint8)), "small": noise(90, 130)}
KINDS: dict[str, Callable[[Path], object]] = {
    "text": str,
    "path": lambda path: path,
    "bytes": Path.read_bytes,
    "bytearray": lambda path: bytearray(path.read_bytes()),
    "memoryview": lambda path: memoryview(path.read_bytes()),
    "file in memory": lambda path: io.BytesIO(path.read_bytes()),
    "file in drops": lambda path: Drops(path.read_bytes()),
    "image": Image.open,
    "decoded image": lambda path: Image.fromarray(np.array(Image.open(path))),
    "array": lambda path: np.array(Image.open(path)),
    "strided array": lambda path: np.array(Image.open(path))[:, ::-1][:, ::-1],
}


class Drops:
    """A stream that gives a few bytes at a time, as a pipe may."""

    def __init__(self, data: bytes) -> None:
        self.file = io.BytesIO(data)

    def read(self, size: int) -> bytes:
        return self.file.read(min(size, 1000))


def values(found: Analysis) -> tuple[object, ...]:
    """All that is measured, as what can be compared."""
    regions = [(r.name, r.share, r.x, r.y, r.box, r.hex, dict(r.features)) for r in found.regions]
    return dict(found.features), found.palette, regions, found.skyline, found.labels.tolist()


def measured(source: object) -> tuple[object, ...]:
    return values(analyse(load(source)))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("picture", PICTURES)
def test_the_same_pixels_measure_alike(tmp_path: Path, kind: str, picture: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded(Image.fromarray(PICTURES[picture]), "PNG"))
    assert measured(KINDS[kind](path)) == measured(path)


def test_an_open_file_is_read_from_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "holiday.png"
    path.write_bytes(b"before" + encoded(Image.fromarray(PICTURES["small"]), "PNG"))
    with path.open("rb") as file:
        file.seek(6)
        found = load(file)
        assert not file.closed
    assert (found.pixels == PICTURES["small"]).all()


def test_names(tmp_path: Path) -> None:
    path = tmp_path / "holiday.png"
    data = encoded(Image.fromarray(PICTURES["small"]), "PNG")
    path.write_bytes(data)
    assert load(path).name == load(str(path)).name == "holiday.png"
    with path.open("rb") as file:
        assert load(file).name == "holiday"
    with os.fdopen(os.open(path, os.O_RDONLY), "rb") as file:
        assert load(file).name == "picture"  # it is called by a number
    for source in (data, io.BytesIO(data), PICTURES["small"], Image.open(path)):
        assert load(source).name == "picture"
    for source in (path, data, io.BytesIO(data), PICTURES["small"], Image.open(path)):
        assert load(source, "ours").name == "ours"
    with pytest.raises(PictureError, match=r"^ours is empty"):
        load(b"", "ours")


def test_hashes(tmp_path: Path) -> None:
    """Of the bytes where there are any, else of the pixels."""
    rgb = PICTURES["large"]
    data = encoded(Image.fromarray(rgb), "PNG")
    assert load(data).sha256 == load(io.BytesIO(data)).sha256 == hashlib.sha256(data).hexdigest()
    pixels = hashlib.sha256(rgb.tobytes()).hexdigest()
    assert load(rgb).sha256 == load(Image.fromarray(rgb)).sha256 == pixels


def test_an_image_is_set_upright_laid_on_white_and_left_as_it_is() -> None:
    rgba = np.dstack([PICTURES["large"], np.full(PICTURES["large"].shape[:2], 128, np.uint8)])
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.fromarray(rgba), "PNG", exif=exif)
    image = Image.open(io.BytesIO(data))
    before = (image.mode, image.size, dict(image.info))
    found = load(image)
    assert (image.mode, image.size, dict(image.info)) == before
    assert np.array_equal(np.array(image), rgba)
    from_file = load(data)
    assert (found.width, found.height) == (from_file.width, from_file.height) == (900, 1200)
    assert np.array_equal(found.pixels, from_file.pixels)
    assert np.array_equal(found.view(700), decode.reduce(found.original, 700))
    assert found.pixels.min() > 120  # half of it is paper


def test_an_image_in_inks_keeps_its_profile() -> None:
    image = Image.new("CMYK", (40, 40), (0, 255, 255, 0))
    image.info["icc_profile"] = b"broken"
    assert load(image).pixels[20, 20, 0] > 200
    assert image.info["icc_profile"] == b"broken"


def test_no_picture_changes_when_its_owner_draws_on_it() -> None:
    for rgb in (PICTURES["small"].copy(), PICTURES["large"].copy()):
        found = load(rgb)
        before = found.pixels.copy()
        rgb[:] = 0
        assert np.array_equal(found.pixels, before)
        assert not found.pixels.flags.writeable


class Shut(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise io.UnsupportedOperation("not readable")


def closed() -> io.BytesIO:
    file = io.BytesIO(b"a")
    file.close()
    return file


def read_to_its_end() -> io.BytesIO:
    file = io.BytesIO()
    Image.fromarray(PICTURES["small"]).save(file, "PNG")
    return file


GIVEN: dict[str, tuple[Callable[[], object], str]] = {
    "nothing": (lambda: None, "A value of type NoneType is no picture; give a path"),
    "number": (lambda: 3, "A value of type int is no picture"),
    "list": (lambda: [[[1, 2, 3]]], "A value of type list is no picture"),
    "grey": (lambda: np.zeros((4, 5), np.uint8), r"uint8 with shape \(4, 5\) is no picture"),
    "alpha": (lambda: np.zeros((4, 5, 4), np.uint8), r"shape \(4, 5, 4\) is no picture; give one"),
    "floats": (lambda: np.zeros((4, 5, 3)), r"an array of float64 .* give one of uint8"),
    "none": (lambda: np.zeros((0, 5, 3), np.uint8), r"shape \(0, 5, 3\) is no picture"),
    "huge": (
        lambda: np.broadcast_to(np.uint8(0), (20_000, 6_000, 3)),
        "6000 × 20000 pixels, and the limit is 100 million",
    ),
    "text": (lambda: io.StringIO("text"), "no file of bytes; give one opened with"),
    "closed": (closed, "cannot be read .*; give a file opened with"),
    "shut": (Shut, r"cannot be read \(not readable\)"),
    "end": (read_to_its_end, r"read to its end; go back to its beginning with seek\(0\)"),
    "no bytes": (lambda: b"", "is empty; give a file that holds a picture"),
    "words": (lambda: b"sample:china", "holds no picture that can be read"),
    "empty image": (lambda: Image.new("RGB", (0, 7)), "has no pixels"),
    "deep image": (lambda: Image.new("F", (4, 4)), "more than 16 bits a pixel"),
}


@pytest.mark.parametrize("what", GIVEN)
def test_what_is_no_picture_is_one_sentence(what: str) -> None:
    make, message = GIVEN[what]
    with pytest.raises(PictureError, match=message) as caught:
        load(make())  # type: ignore[arg-type]
    text = str(caught.value)
    assert text.endswith(".")
    assert ";" in text  # what is wrong; what to do
    assert "\n" not in text


def test_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(Image.fromarray(noise(40, 50)), "PNG")
    monkeypatch.setattr(afford, "MAX_PIXELS", 1999)
    for source in (data, io.BytesIO(data), Image.open(io.BytesIO(data)), noise(40, 50)):
        with pytest.raises(PictureError, match=r"50 × 40 pixels"):
            load(source)
    monkeypatch.setattr(afford, "MAX_PIXELS", 2000)
    assert load(noise(40, 50)).width == 50
    monkeypatch.setattr(loading, "MAX_BYTES", 1000)
    for source in (data, io.BytesIO(data), Drops(data)):
        with pytest.raises(PictureError, match="the limit is 0 MB; save a smaller copy"):
            load(source)  # type: ignore[arg-type]


def test_a_large_picture_is_not_warned_of(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    """Pillow warns of 90 million pixels, of which a hundred are allowed."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1500)
    data = encoded(Image.fromarray(noise(40, 50)), "PNG")
    assert load(data).height == 40
    assert load(Image.open(io.BytesIO(data))).height == 40
    assert [str(each.message)[:10] for each in recwarn] == ["Image size"]  # the test's own opening


def test_nothing_of_the_process_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Warnings' filters, OpenCV's threads and its generator, numpy's manners; not for a while."""
    rgb = PICTURES["large"]
    data = encoded(Image.fromarray(rgb), "JPEG")

    def state() -> tuple[object, ...]:
        return cv2.getNumThreads(), list(warnings.filters), warnings.showwarning, np.geterr()

    def drawn() -> list[int]:
        return cv2.randu(np.zeros(8, np.int32), 0, 1000).ravel().tolist()

    before = state()
    cv2.setRNGSeed(7)
    expected = drawn()
    cv2.setRNGSeed(7)
    with monkeypatch.context() as forbidden:
        for module, name in (
            (warnings, "catch_warnings"),
            (warnings, "simplefilter"),
            (cv2, "setNumThreads"),
            (cv2, "setRNGSeed"),
            (np, "seterr"),
        ):
            forbidden.setattr(module, name, None)
        analyse(load(data))
        analyse(load(rgb))
    assert drawn() == expected
    assert state() == before


def test_two_threads_measure_what_each_would_alone() -> None:
    files = [encoded(Image.fromarray(noise(200, 300, seed)), "PNG") for seed in range(4)]
    alone = [measured(data) for data in files]
    together: dict[int, object] = {}
    filters = list(warnings.filters)
    threads = [
        threading.Thread(target=lambda n=n: together.update({n: measured(files[n % 4])}))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[n] for n in range(8)] == alone * 2
    assert warnings.filters == filters
