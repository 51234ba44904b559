"""What is read and what is not, by kind; and what is said."""

import io
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from analysis.errors import PictureError, UnreadError
from analysis.picture import afford, decode, formats, jxl
from analysis.picture.load import load
from composer.errors import mendable
from tests.analysis.picture import twins
from tests.analysis.picture.pictures import encoded, noise, plain


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def icon(kind: int) -> bytes:
    """One image of 16 × 16, as its own bitmap."""
    pixels = struct.pack("<IiiHHIIiiII", 40, 16, 32, 1, 32, 0, 0, 0, 0, 0, 0) + bytes(1100)
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(pixels), 22)
    return struct.pack("<HHH", 0, kind, 1) + entry + pixels


HEIC = box(b"ftyp", b"heic", bytes(4), b"mif1", b"heic") + bytes(99)
SAID = {
    "an icon": (icon(1), "is a Windows icon, and this kind is not read; save it as"),
    "a cursor": (icon(2), "is a Windows icon, and this kind is not read"),
    "a bitmap of 4 bits a colour": (
        twins.bmp(bytes(2 * twins.W * twins.H), 16, (0xF00, 0xF0, 0xF, 0)),
        "is of a kind that is not read",
    ),
    "a JPEG in a bitmap": (
        twins.bmp(bytes(99), 24, (0, 0, 0, 0), 4), "is of a kind that is not read",
    ),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\n", "is a PDF document, .* export the page as a PNG"),
    "PDF behind rubbish": (b"\n" * 90 + b"%PDF-1.4", "is a PDF document"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing, .* as a PNG"),
    "SVG with a head": (
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- made -->\n<svg/>", "is an SVG drawing",
    ),
    "PostScript": (b"%!PS-Adobe-3.0\n", "is a PostScript file"),
    "Photoshop": (b"8BPS\0\1" + bytes(30), "is a Photoshop document"),
    "a web page": (b"\n<!DOCTYPE html><html></html>", "is a web page"),
    "XML": (b"<?xml version='1.0'?><score/>", "holds no picture"),
    "planes of 16 bits": (
        twins.tiff([twins.sixteen(np.frombuffer(p, np.uint8)).tobytes()
                    for p in twins.in_planes()], (16, 16, 16), 2),
        "keeps each colour in a plane of its own",
    ),
    "12 bits from white": (
        twins.tiff([twins.twelve(twins.grey())], (12,), 0), "is of a kind that is not read",
    ),
    "32 bits": (
        twins.tiff([twins.grey().astype("<u4").tobytes()], (32,), 1), "more than 16 bits a pixel",
    ),
    "signs": (
        twins.tiff([twins.grey().astype("<i2").tobytes()], (16,), 1, format=(2,)),
        "more than 16 bits a pixel, or a sign",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(name: str) -> None:
    data, message = SAID[name]
    with pytest.raises(PictureError, match=message) as caught:
        load(data)
    text = str(caught.value)
    assert text.endswith(".")
    assert ";" in text  # what is wrong; what to do
    assert "\n" not in text


@pytest.mark.parametrize(
    ("data", "kind", "package", "extra"),
    [
        (HEIC, "HEIC", "pillow_heif", "heic"),
        (box(b"ftyp", b"mif1", bytes(4), b"mif1", b"heic"), "HEIC", "pillow_heif", "heic"),
        (b"\xff\x0a" + bytes(40), "JPEG XL", "pillow_jxl", "jxl"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40), "JPEG XL", "pillow_jxl", "jxl"),
    ],
)
def test_what_a_library_would_read_names_its_extra(
    monkeypatch: pytest.MonkeyPatch, data: bytes, kind: str, package: str, extra: str
) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    with pytest.raises(UnreadError, match=f"is a {kind} picture") as caught:
        load(data, "photo")
    assert caught.value.library == package
    assert mendable(caught.value) == (
        f"photo is a {kind} picture, and the library that reads it is not installed; save it as a "
        f"JPEG and try again. Or run: pip install 'promenade-music[{extra}]'."
    )


def test_heic() -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    pillow_heif.from_pillow(twins.RGB.transpose(Image.Transpose.ROTATE_90)).save(
        file, quality=-1, chroma=444, exif=exif.tobytes()
    )
    assert np.abs(load(file.getvalue()).pixels.astype(int) - twins.truth()).mean() < 2


def test_jpeg_xl() -> None:
    pytest.importorskip("pillow_jxl")
    data = encoded(twins.RGB, "JXL", lossless=True)
    assert jxl.size(data) == twins.RGB.size
    assert (load(data).pixels == twins.truth()).all()


@pytest.mark.parametrize(
    ("start", "size"),
    [
        # Nought for a side of any length, two bits for its width, the side less one; no ratio.
        (0 | 2 << 1 | 29_999 << 3 | 0 << 21 | 2 << 24 | 19_999 << 26, "20000 × 30000"),
        (0 | 1 << 1 | 8_191 << 3 | 7 << 16, "16384 × 8192"),  # twice as wide as high
    ],
)
@pytest.mark.parametrize("boxed", [False, True])
def test_a_jpeg_xl_is_measured_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch, start: int, size: str, boxed: bool
) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda name: True)
    stream = b"\xff\x0a" + start.to_bytes(18, "little")
    if boxed:
        signature = b"\0\0\0\x0cJXL \r\n\x87\n"
        stream = signature + box(b"ftyp", b"jxl ", bytes(4)) + box(b"jxlc", stream)
    with pytest.raises(PictureError, match=f"{size} pixels, and the limit is 100 million"):
        load(stream)


def test_a_transparent_code_of_16_bits() -> None:
    """Black there, white paper where it is clear; of colours Pillow keeps the upper half."""
    grey = np.full((8, 8), 0x1234, np.uint16)
    grey[:4] = 0x1200
    found = load(twins.png(grey, twins.chunk(b"tRNS", b"\x12\x34"))).pixels
    assert (found[:4] == 18).all()
    assert (found[4:] == 255).all()
    colours = np.full((8, 8, 3), 0x0105, np.uint16)
    colours[:4] = 0x9900
    found = load(twins.png(colours, twins.chunk(b"tRNS", b"\x01\x05" * 3))).pixels
    assert (found[:4] == 0x99).all()
    assert (found[4:] == 255).all()


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_transparent_code_of_few_bits(bits: int) -> None:
    top = 2**bits - 1
    codes = np.zeros((8, 8), np.uint8)
    codes[:4] = top
    data = twins.png(codes, twins.chunk(b"tRNS", struct.pack(">H", 0)), bits=bits)
    assert (load(data).pixels == 255).all()
    data = twins.png(codes, twins.chunk(b"tRNS", struct.pack(">H", top)), bits=bits)
    found = load(data).pixels
    assert (found[:4] == 255).all()
    assert (found[4:] == 0).all()


def test_a_clear_picture_is_paper_but_not_in_bitmaps() -> None:
    """Nobody writes a bitmap that cannot be seen."""
    clear = Image.fromarray(np.dstack([plain((10, 20, 30)), np.zeros((90, 120), np.uint8)]))
    assert (load(encoded(clear, "PNG")).pixels == 255).all()
    assert (load(encoded(clear, "TGA")).pixels == (10, 20, 30)).all()


def test_a_text_of_a_png_that_tells_which_way_is_up_is_kept() -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:li tiff:Orientation="6"/></x:xmpmeta>'
    lying = np.rot90(twins.truth()).copy()
    for text in (b"\0\0\0\0" + xmp, b"\1\0\0\0" + zlib.compress(xmp)):
        data = twins.png(lying, twins.chunk(b"iTXt", b"XML:com.adobe.xmp\0" + text))
        assert (load(data).pixels == twins.truth()).all()


def test_large_jpegs_are_read_at_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afford, "MAX_PIXELS", 20_000)
    image = Image.fromarray(noise(480, 640))
    for kind, more in (("JPEG", {}), ("MPO", {"save_all": True, "append_images": [image]})):
        found = load(encoded(image, kind, **more))
        assert (found.width, found.height) == (640, 480)
        assert found.pixels.shape == (120, 160, 3)
        assert found.view(1000).shape == (120, 160, 3)
    with pytest.raises(PictureError, match="640 × 480 pixels, and the limit is 0 million"):
        load(encoded(image, "PNG"))


def test_what_would_need_too_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    image = Image.fromarray(plain((9, 99, 200), 400, 500))
    plainly = encoded(image, "PNG")
    monkeypatch.setattr(afford, "MAX_MEMORY", 4 * 400 * 500 + 40_000)
    load(plainly)
    load(encoded(image, "TIFF", compression="tiff_lzw", tiffinfo={278: 8}))
    exif = Image.Exif()
    exif[0x0112] = 6
    for data in (
        encoded(image, "TIFF", compression="tiff_lzw", tiffinfo={278: 400}),
        encoded(image, "TIFF", compression="tiff_lzw", exif=exif),
        encoded(image, "AVIF"),
    ):
        with pytest.raises(PictureError, match=r"pixels\) needs \d MB of memory"):
            load(data)
    # A JPEG in several scans is kept whole until the last, so it is made smaller.
    assert load(encoded(image, "JPEG", progressive=True)).pixels.shape == (200, 250, 3)
    assert load(encoded(image, "JPEG")).pixels.shape == (400, 500, 3)
    assert load(encoded(image, "JPEG2000")).pixels.shape == (200, 250, 3)
    monkeypatch.setattr(afford, "MAX_MEMORY", 300_000)
    with pytest.raises(PictureError, match="needs 1 MB of memory"):
        load(encoded(image, "JPEG", progressive=True, subsampling=0))


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("lossless", [False, True])
def test_a_large_webp_is_the_same(
    monkeypatch: pytest.MonkeyPatch, alpha: bool, lossless: bool
) -> None:
    rgb = twins.truth()
    rows = np.linspace(0, 255, len(rgb)).astype(np.uint8)[:, None] + np.zeros_like(twins.WHITE)
    image = Image.fromarray(np.dstack([rgb, rows]) if alpha else rgb)
    exif = Image.Exif()
    exif[0x0112] = 8
    icc = twins.profile("P3", twins.SRGB_CURVE)
    data = encoded(image, "WEBP", lossless=lossless, exif=exif, icc_profile=icc)
    usual = load(data)
    monkeypatch.setattr(decode, "_WEBP", 10**9)
    large = load(data)
    assert (large.width, large.height) == (usual.width, usual.height)
    assert np.abs(large.pixels.astype(int) - usual.pixels).max() <= 1


def test_an_animated_webp_that_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "_WEBP", 10**9)
    assert (load(twins.animated("WEBP")()).pixels == twins.truth()).all()


def test_a_copy_made_in_strips_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.picture import average

    for seed in range(30):
        rng = np.random.default_rng(seed)
        height, width, side = rng.integers(1, 400, 3).tolist()
        rgb = noise(height, width, seed)
        with monkeypatch.context() as changed:
            whole = decode.reduce(rgb, side).astype(int)
            changed.setattr(average, "WHOLE", -1)
            changed.setattr(average, "BAND", int(rng.integers(1, 20_000)))
            assert np.abs(decode.reduce(rgb, side) - whole).max() <= 1


def test_nothing_is_warned_of(recwarn: pytest.WarningsRecorder, tmp_path: Path) -> None:
    warnings.simplefilter("always")
    for make in (*twins.SAME.values(), *twins.SAME_GREY.values(), *twins.SAME_INKED.values()):
        load(make())
    assert not recwarn.list
