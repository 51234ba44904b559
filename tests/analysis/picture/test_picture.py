"""Reading pictures: what is right, and what is refused with a sentence."""

import contextlib
import hashlib
import os
import struct
import tempfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from analysis.errors import PictureError
from analysis.picture import average, codes
from analysis.picture import load as loading
from analysis.picture.decode import reduce
from analysis.picture.load import load
from tests.analysis.picture.pictures import checkerboard, encoded, gradient, noise, plain


def saved(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def of(folder: Path, name: str, image: Image.Image, kind: str, **options: object) -> np.ndarray:
    return load(saved(folder, name, encoded(image, kind, **options))).pixels


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 100) + b"IDAT"


def test_the_samples() -> None:
    china = load("sample:china")
    assert (china.name, china.width, china.height) == ("sample:china", 640, 427)
    assert china.pixels.shape == (342, 512, 3)
    assert not china.pixels.flags.writeable
    assert load("sample:flower").sha256 != china.sha256
    with pytest.raises(PictureError, match="sample:china and sample:flower"):
        load("sample:chian")


def test_a_file_keeps_its_name_size_and_hash(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(noise(30, 40)), "PNG")
    found = load(saved(tmp_path, "small.png", data))
    assert (found.name, found.width, found.height) == ("small.png", 40, 30)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.pixels == noise(30, 40)).all()


def test_stripes_average_in_linear_light() -> None:
    # Half the light of white is code 188; averaging the codes would say 128.
    assert np.abs(reduce(checkerboard(1024, 1)).astype(int) - 188).max() <= 1
    assert np.abs(reduce(checkerboard(1200, 2)).astype(int) - 188).max() <= 3


def test_reducing_keeps_the_whole_picture() -> None:
    large = np.kron(gradient(300, 500), np.ones((9, 9, 1), np.uint8))
    small = reduce(large)
    assert small.shape == (307, 512, 3)
    assert np.abs(small[0, :, 0].astype(int) - np.linspace(0, 255, 512)).max() < 3
    assert reduce(noise(2, 3000)).shape == (1, 512, 3)


@pytest.mark.parametrize("band", [1_000_000, 700])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, orientation: int, band: int
) -> None:
    """Also where it is read in bands of a few rows, and reduced."""
    monkeypatch.setattr(average, "BAND", band)
    upright = noise(60, 90)
    undo = {
        1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1], 5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1), 7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }[orientation]  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(np.ascontiguousarray(undo(upright)))
    found = load(saved(tmp_path, "a.png", encoded(image, "PNG", exif=exif)))
    assert (found.width, found.height) == (90, 60)
    assert (found.pixels == upright).all()
    assert (found.view(40) == reduce(upright, 40)).all()


def test_transparency_shows_white_paper(tmp_path: Path) -> None:
    clear = np.zeros((8, 8, 4), np.uint8)
    clear[:4] = (10, 20, 30, 255)
    found = of(tmp_path, "clear.png", Image.fromarray(clear), "PNG")
    assert (found[:4] == (10, 20, 30)).all()
    assert (found[4:] == 255).all()
    indexed = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    indexed.putpalette([200, 0, 0, 0, 0, 200])
    found = of(tmp_path, "indexed.png", indexed, "PNG", transparency=1)
    assert found[0].tolist() == [[200, 0, 0], [255, 255, 255]]


def test_grey_of_one_eight_and_sixteen_bits(tmp_path: Path) -> None:
    steps = np.linspace(0, 255, 60).astype(np.uint8)[None].repeat(4, axis=0)
    eight = of(tmp_path, "8.png", Image.fromarray(steps), "PNG")
    sixteen = of(tmp_path, "16.png", Image.fromarray(steps.astype(np.uint16) * 257), "PNG")
    assert (eight[:, :, 0] == steps).all()
    assert (sixteen == eight).all()
    bits = of(tmp_path, "1.png", Image.fromarray(steps > 100), "PNG")
    assert set(np.unique(bits)) == {0, 255}


def test_cmyk(tmp_path: Path) -> None:
    red = Image.new("CMYK", (40, 40), (0, 255, 255, 0))
    found = of(tmp_path, "red.jpg", red, "JPEG", quality=95)
    assert found[20, 20, 0] > 200
    assert found[20, 20, 1:].max() < 60


def test_a_colour_mode_without_a_way_to_rgb() -> None:
    with pytest.raises(PictureError, match="keeps its colours in a way that is not read"):
        codes.to_rgb(Stubborn(), codes.Meaning(), "odd.tif")


class Stubborn:
    """An image in a mode that this Pillow cannot convert; which those are changes by version."""

    mode = "ODD"
    has_transparency_data = False

    def convert(self, mode: str) -> None:
        raise ValueError(f"conversion to {mode} not supported")


def test_the_first_frame_of_an_animation(tmp_path: Path) -> None:
    frames = [Image.fromarray(plain(c, 20, 30)) for c in ((250, 0, 0), (0, 250, 0))]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert (load(saved(tmp_path, "two.gif", data)).pixels == (250, 0, 0)).all()


@pytest.mark.parametrize("kind", ["WEBP", "BMP", "TIFF", "PPM", "AVIF"])
def test_other_formats(tmp_path: Path, kind: str) -> None:
    if kind not in Image.registered_extensions().values():
        pytest.skip(f"this Pillow was built without {kind}")
    found = of(tmp_path, f"a.{kind.lower()}", Image.fromarray(plain((90, 140, 60))), kind)
    assert np.abs(found.astype(int) - (90, 140, 60)).max() < 6


def test_a_profile_is_honoured(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = of(tmp_path, "s.png", Image.fromarray(noise(20, 20)), "PNG", icc_profile=srgb)
    assert (same == noise(20, 20)).all()
    broken = of(tmp_path, "b.png", Image.fromarray(noise(20, 20)), "PNG", icc_profile=b"broken")
    assert (broken == noise(20, 20)).all()


def test_a_large_jpeg_is_decoded_small_and_measures_the_same(tmp_path: Path) -> None:
    image = Image.fromarray(load("sample:china").pixels).resize((4096, 2736))
    png = load(saved(tmp_path, "l.png", encoded(image, "PNG", compress_level=1)))
    jpeg = load(saved(tmp_path, "l.jpg", encoded(image, "JPEG", quality=95)))
    assert (jpeg.width, jpeg.height) == (png.width, png.height) == (4096, 2736)
    assert jpeg.pixels.shape == png.pixels.shape
    assert np.abs(jpeg.pixels.astype(int) - png.pixels).mean() < 1.5


NOT_A_PICTURE = {
    "text.png": (b"not a picture at all\n" * 20, "holds no picture"),
    "empty.png": (b"", "is empty"),
    "header.png": (png_header(30_000, 30_000), "the limit is 100 million"),
    "huge.png": (png_header(2_000_000, 2_000_000), "the limit is 100 million"),
    "head.png": (png_header(30, 30), "damaged or cut short"),
    "cut.png": (encoded(Image.fromarray(noise()), "PNG")[:3000], "damaged or cut short"),
    "cut.jpg": (encoded(Image.fromarray(noise()), "JPEG")[:3000], "damaged or cut short"),
    "vector.eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is a PostScript file"),
    "deep.tif": (
        encoded(Image.fromarray(np.full((4, 4), 0.5, np.float32)), "TIFF"),
        "more than 16 bits",
    ),
}


@pytest.mark.parametrize("name", NOT_A_PICTURE)
def test_what_is_no_picture_is_refused(
    tmp_path: Path, name: str, recwarn: pytest.WarningsRecorder
) -> None:
    data, message = NOT_A_PICTURE[name]
    with pytest.raises(PictureError, match=message) as caught:
        load(saved(tmp_path, name, data))
    text = str(caught.value)
    assert name in text
    assert text.endswith(".")
    assert ";" in text  # what is wrong; what to do
    assert "\n" not in text
    assert not recwarn.list


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of what is broken in the notes
@settings(max_examples=120, deadline=None)
@given(
    kind=st.sampled_from(["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP"]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=20),
    keep=st.floats(0.02, 1),
)
def test_damage_gives_a_picture_or_an_error(
    kind: str, changes: list[tuple[float, int]], keep: float
) -> None:
    data = bytearray(encoded(Image.fromarray(noise(20, 30)), kind))
    data = data[: max(1, int(keep * len(data)))]
    for place, value in changes:
        data[int(place * (len(data) - 1))] = value
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        with contextlib.suppress(PictureError):
            assert max(load(file.name).pixels.shape) <= 512


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="is a folder"):
        load(str(tmp_path))
    with pytest.raises(PictureError, match="There is no file"):
        load(str(tmp_path / "none.png"))
    with pytest.raises(PictureError, match="cannot be read"):
        load("nul\0byte.png")
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="not an ordinary file"):
        load(str(tmp_path / "pipe.png"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = Path(saved(tmp_path, "shut.png", encoded(Image.fromarray(noise()), "PNG")))
    path.chmod(0)
    with pytest.raises(PictureError, match="may not be read"):
        load(str(path))


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_BYTES", 1000)
    with pytest.raises(PictureError, match="smaller copy"):
        load(saved(tmp_path, "large.png", encoded(Image.fromarray(noise()), "PNG")))
