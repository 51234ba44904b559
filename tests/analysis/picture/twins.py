"""One picture written in many formats, depths and profiles; each should measure as its twin."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageCms

from analysis.picture import decode
from analysis.picture.load import load
from tests.analysis.picture.pictures import encoded


def truth() -> np.ndarray:
    """(120, 160, 3) uint8: a photograph, of an odd size and colourful."""
    return decode.reduce(load("sample:flower").pixels[:384], 160)


def grey() -> np.ndarray:
    """(120, 160) uint8."""
    return np.asarray(Image.fromarray(truth()).convert("L"))


def inked() -> np.ndarray:
    """(120, 160, 3) uint8 of few colours, for palettes."""
    return np.asarray(Image.fromarray(truth()).quantize(16).convert("RGB"))


RGB, GREY = Image.fromarray(truth()), Image.fromarray(grey())
WHITE = np.full(grey().shape, 255, np.uint8)
H, W = grey().shape


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(codes: np.ndarray, *before: bytes, colour: int | None = None, bits: int = 0) -> bytes:
    """(h, w) or (h, w, n) codes of 8 or 16 bits as a PNG, with these chunks before the pixels.

    bits: of grey codes below 8, packed.
    """
    high, wide = codes.shape[:2]
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[codes[0, 0].size] if colour is None else colour
    depth = bits or 8 * codes.itemsize
    if bits:
        each = np.unpackbits(codes[:, :, None], axis=2)[:, :, 8 - bits :].reshape(high, -1)
        rows = np.packbits(each, axis=1)
    else:
        rows = np.ascontiguousarray(codes.astype(codes.dtype.newbyteorder(">"))).view(np.uint8)
        rows = rows.reshape(high, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, depth, kind, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(raw))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(before) + body + chunk(b"IEND", b"")


def tiff(
    planes: list[bytes], bits: tuple[int, ...], photometric: int, **more: tuple[int, ...]
) -> bytes:
    """A little-endian TIFF without packing; more than one plane is planar.

    more: by name ("palette", "extra", "format"), values of other tags.
    """
    numbers = {"palette": 320, "extra": 338, "format": 339, "order": 266}
    tags: dict[int, tuple[str, tuple[int, ...]]] = {
        256: ("I", (W,)), 257: ("I", (H,)), 258: ("H", bits), 259: ("H", (1,)),
        262: ("H", (photometric,)), 277: ("H", (len(bits),)), 278: ("I", (H,)),
        279: ("I", tuple(map(len, planes))), 284: ("H", (1 if len(planes) == 1 else 2,)),
        **{numbers[name]: ("H", value) for name, value in more.items()},
    }  # fmt: skip
    at = 8
    starts = []
    for plane in planes:
        starts.append(at)
        at += len(plane) + len(plane) % 2
    tags[273] = ("I", tuple(starts))
    table, beyond = struct.pack("<H", len(tags)), b""
    end = at + 2 + 12 * len(tags) + 4
    for tag, (kind, values) in sorted(tags.items()):
        body = struct.pack(f"<{len(values)}{kind}", *values)
        table += struct.pack("<HHI", tag, {"H": 3, "I": 4}[kind], len(values))
        if len(body) <= 4:
            table += body.ljust(4, b"\0")
        else:
            table += struct.pack("<I", end + len(beyond))
            beyond += body
    pixels = b"".join(plane + b"\0" * (len(plane) % 2) for plane in planes)
    return b"II*\0" + struct.pack("<I", at) + pixels + table + b"\0" * 4 + beyond


def twelve(codes: np.ndarray) -> bytes:
    """Two codes of 12 bits in three bytes."""
    pairs = codes.astype(np.uint16).reshape(-1, 2)
    one, two = pairs[:, 0], pairs[:, 1]
    return np.stack([one >> 4, (one & 15) << 4 | two >> 8, two & 255], 1).astype(np.uint8).tobytes()


def bmp(pixels: bytes, bits: int, masks: tuple[int, ...], compression: int = 3) -> bytes:
    """A bitmap of version 4, from the top down."""
    header = struct.pack("<IiiHHIIiiII", 108, W, -H, 1, bits, compression, len(pixels), 0, 0, 0, 0)
    header = (header + struct.pack("<4I", *masks)).ljust(108, b"\0")
    start = 14 + len(header)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + header + pixels


def tga(pixels: bytes, kind: int, bits: int, descriptor: int) -> bytes:
    return struct.pack("<BBBHHBHHHHBB", 0, 0, kind, 0, 0, 0, 0, 0, W, H, bits, descriptor) + pixels


def alpha(value: int, order: tuple[int, ...] = (0, 1, 2)) -> bytes:
    return np.dstack([truth()[:, :, order], np.full((H, W), value, np.uint8)]).tobytes()


def sixteen(codes: np.ndarray) -> np.ndarray:
    return codes.astype(np.uint16) * 257


def linear(codes: np.ndarray) -> np.ndarray:
    """Light, 0..1, of codes in sRGB (IEC 61966-2-1)."""
    part = codes / 255.0
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def rounded(values: np.ndarray) -> np.ndarray:
    return np.round(255 * np.clip(values, 0, 1)).astype(np.uint8)


def srgb(light: np.ndarray) -> np.ndarray:
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


# From linear sRGB to linear Display P3 and to Adobe RGB (1998): CSS Color 4, and Adobe's paper.
P3 = np.array(
    [[0.822462, 0.177538, 0.0], [0.033194, 0.966806, 0.0], [0.017083, 0.072397, 0.910520]]
)
ADOBE = np.array(
    [[0.715126, 0.284874, 0.0], [0.0, 1.0, 0.0], [0.0, 0.041163, 0.958838]]
)  # fmt: skip
# Colours seen in D50, as ICC profiles have them.
IN_D50 = {
    "sRGB": ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141)),
    "P3": ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)),
    "Adobe": ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)),  # noqa: E501
}  # fmt: skip


def profile(
    colours: str, curve: bytes, name: str = "ours", order: str = "rgb", version: int = 2
) -> bytes:
    """An ICC profile; `colours` "" is grey.  order: which colour each channel stands for."""

    def xyz(values: tuple[float, ...]) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(65536 * each) for each in values))

    words = name.encode()
    described = b"desc\0\0\0\0" + struct.pack(">I", len(words) + 1) + words + b"\0" * 80
    if version == 4:
        wide = name.encode("utf-16-be")
        described = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(wide), 28)
        described += wide
    tags = {b"desc": described, b"wtpt": xyz((0.9642, 1.0, 0.82491))}
    if colours:
        for channel, colour in zip("rgb", order, strict=True):
            tags[f"{channel}XYZ".encode()] = xyz(IN_D50[colours]["rgb".index(colour)])
            tags[f"{channel}TRC".encode()] = curve
    else:
        tags[b"kTRC"] = curve
    table, body, at = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for tag, data in tags.items():
        table += tag + struct.pack(">II", at + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    space = b"RGB " if colours else b"GRAY"
    head = struct.pack(
        ">I4sI4s4s4s12s4s28s3i", at + len(body), b"", version << 24, b"mntr", space, b"XYZ ",
        b"", b"acsp", b"", 63190, 65536, 54061,
    )  # fmt: skip
    return head.ljust(128, b"\0") + table + body


def gamma(exponent: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(256 * exponent)) + b"\0\0"


SRGB_CURVE = b"curv\0\0\0\0" + struct.pack(">I", 1024) + (
    np.round(65535 * linear(np.linspace(0, 255, 1024))).astype(">u2").tobytes()
)  # fmt: skip
# The same as a formula of version 4: (a x + b) ** g above d, c x below.
FORMULA = b"para\0\0\0\0" + struct.pack(
    ">HH5i", 3, 0, *(round(65536 * v) for v in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
)
STANDARD = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def iccp(icc: bytes) -> bytes:
    return chunk(b"iCCP", b"named\0\0" + zlib.compress(icc))


def gama(value: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(100_000 * value)))


def chrm(*values: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(100_000 * value) for value in values)))


def cicp(*values: int) -> bytes:
    return chunk(b"cICP", bytes(values))


SRGB_CHUNK = chunk(b"sRGB", b"\0")
P3_CORNERS = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
LINEAR = rounded(linear(truth()))
IN_P3 = rounded(srgb(linear(truth()) @ P3.T))
IN_ADOBE = rounded(np.maximum(linear(truth()) @ ADOBE.T, 0) ** (256 / 563))
LONG = b"Text of no use. " * 90_000


def palette_tiff(scale: int) -> bytes:
    image = Image.fromarray(inked()).quantize(16)
    table = np.array(image.getpalette(), np.uint16)[:48].reshape(16, 3).T
    full = np.zeros((3, 256), np.uint16)
    full[:, :16] = table * scale
    return tiff([image.tobytes()], (8,), 3, palette=tuple(full.ravel().tolist()))


def animated(kind: str) -> Callable[[], bytes]:
    other = Image.new("RGB", RGB.size, (255, 0, 0))
    return lambda: encoded(RGB, kind, save_all=True, append_images=[other], lossless=True)


def orientated(kind: str, **options: object) -> Callable[[], bytes]:
    """Lying on its side, with the note that says so."""

    def made() -> bytes:
        exif = Image.Exif()
        exif[0x0112] = 6
        return encoded(RGB.transpose(Image.Transpose.ROTATE_90), kind, exif=exif, **options)

    return made


def in_planes() -> list[bytes]:
    return [np.ascontiguousarray(truth()[:, :, n]).tobytes() for n in range(3)]


# By name: how the file is made, of which each is the same picture as ...
SAME: dict[str, Callable[[], bytes]] = {
    "png": lambda: png(truth()),
    "png of 16 bits": lambda: png(sixteen(truth())),
    "png with alpha": lambda: png(np.dstack([truth(), WHITE])),
    "png of 16 bits with alpha": lambda: png(sixteen(np.dstack([truth(), WHITE]))),
    "bmp": lambda: encoded(RGB, "BMP"),
    "bmp with unused alpha": lambda: bmp(
        alpha(0, (2, 1, 0)), 32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    ),
    "bmp with full alpha": lambda: bmp(
        alpha(255, (2, 1, 0)), 32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    ),
    "tga": lambda: encoded(RGB, "TGA"),
    "tga packed": lambda: encoded(RGB, "TGA", compression="tga_rle"),
    "tga without bits of alpha": lambda: tga(alpha(0, (2, 1, 0)), 2, 32, 0x20),
    "tga with dirt for alpha": lambda: tga(alpha(77, (2, 1, 0)), 2, 32, 0x20),
    "tga with unused alpha": lambda: tga(alpha(0, (2, 1, 0)), 2, 32, 0x28),
    "tiff": lambda: tiff([truth().tobytes()], (8, 8, 8), 2),
    "tiff in planes": lambda: tiff(in_planes(), (8, 8, 8), 2),
    "tiff of 16 bits": lambda: tiff([sixteen(truth()).tobytes()], (16, 16, 16), 2),
    "tiff with a fourth channel": lambda: tiff([alpha(0)], (8,) * 4, 2, extra=(0,)),
    "tiff packed": lambda: encoded(RGB, "TIFF", compression="tiff_lzw"),
    "tiff deflated": lambda: encoded(RGB, "TIFF", compression="tiff_adobe_deflate"),
    "tiff of pages": lambda: encoded(
        RGB, "TIFF", save_all=True, append_images=[Image.new("RGB", (9, 9))]
    ),
    "webp": lambda: encoded(RGB, "WEBP", lossless=True),
    "webp that moves": animated("WEBP"),
    "apng": animated("PNG"),
    "ppm": lambda: encoded(RGB, "PPM"),
    "ppm of 16 bits": lambda: (
        b"P6 %d %d 65535\n" % (W, H) + sixteen(truth()).astype(">u2").tobytes()
    ),
    "jpeg 2000": lambda: encoded(RGB, "JPEG2000"),
    "on its side, png": orientated("PNG"),
    "on its side, tiff": orientated("TIFF"),
    "on its side, webp": orientated("WEBP", lossless=True),
    "sRGB": lambda: png(truth(), SRGB_CHUNK),
    "sRGB's gamma": lambda: png(truth(), gama(0.45455)),
    "a profile of sRGB": lambda: png(truth(), iccp(STANDARD)),
    "a profile of sRGB, version 4": lambda: png(
        truth(), iccp(profile("sRGB", FORMULA, version=4))
    ),
    "a text that is long": lambda: png(truth(), chunk(b"zTXt", b"a\0\0" + zlib.compress(LONG))),
    "a foreign text that is long": lambda: png(
        truth(), chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(LONG))
    ),
    "texts under Pillow's names": lambda: png(
        truth(), *(chunk(b"tEXt", name + b"\0what") for name in
        (b"transparency", b"icc_profile", b"gamma", b"srgb", b"chromaticity", b"interlace"))
    ),
}  # fmt: skip
SAME_GREY: dict[str, Callable[[], bytes]] = {
    "png": lambda: png(grey()),
    "png of 16 bits": lambda: png(sixteen(grey())),
    "png of 16 bits with alpha": lambda: png(sixteen(np.dstack([grey(), WHITE]))),
    "png of 16 bits with a transparent code that none has": lambda: png(
        sixteen(grey()), chunk(b"tRNS", struct.pack(">H", 3))
    ),
    "bmp": lambda: encoded(GREY, "BMP"),
    "tga": lambda: encoded(GREY, "TGA"),
    "pgm": lambda: encoded(GREY, "PPM"),
    "pgm of 16 bits": lambda: (
        b"P5 %d %d 65535\n" % (W, H) + sixteen(grey()).astype(">u2").tobytes()
    ),
    "pgm of 10 bits": lambda: (
        b"P5 %d %d 1023\n" % (W, H)
        + np.round(grey() * (1023 / 255)).astype(">u2").tobytes()
    ),
    "tiff": lambda: tiff([grey().tobytes()], (8,), 1),
    "tiff, white is nought": lambda: tiff([(255 - grey()).tobytes()], (8,), 0),
    "tiff of 16 bits": lambda: tiff([sixteen(grey()).tobytes()], (16,), 1),
    "tiff of 16 bits, white is nought": lambda: tiff(
        [(65535 - sixteen(grey())).tobytes()], (16,), 0
    ),
    "tiff of 12 bits": lambda: tiff([twelve(np.round(grey() * (4095 / 255)))], (12,), 1),
    "tiff with alpha": lambda: tiff(
        [np.dstack([grey(), WHITE]).tobytes()], (8, 8), 1, extra=(2,)
    ),
    "tiff with alpha multiplied": lambda: tiff(
        [np.dstack([grey(), WHITE]).tobytes()], (8, 8), 1, extra=(1,)
    ),
    "sRGB's curve": lambda: png(grey(), iccp(profile("", SRGB_CURVE))),
}  # fmt: skip
# Coded in eight bits by other curves and primaries, from which the same codes come back but for
# those that eight bits cannot tell apart; by name, and what comes back.
OF_LINEAR = rounded(srgb(LINEAR / 255))
OF_P3 = rounded(srgb(np.clip(linear(IN_P3) @ np.linalg.inv(P3).T, 0, 1)))
OF_ADOBE = rounded(srgb(np.clip((IN_ADOBE / 255) ** (563 / 256) @ np.linalg.inv(ADOBE).T, 0, 1)))
GREY_LINEAR = rounded(linear(grey()))
OF_GREY = np.repeat(rounded(srgb(GREY_LINEAR / 255))[:, :, None], 3, axis=2)
NAMED = iccp(profile("sRGB", gamma(1), "sRGB IEC61966-2.1"))
SWAPPED = iccp(profile("sRGB", SRGB_CURVE, order="bgr"))
RECODED: dict[str, tuple[np.ndarray, Callable[[], bytes]]] = {
    "gAMA": (OF_LINEAR, lambda: png(LINEAR, gama(1))),
    "a broken profile before gAMA": (OF_LINEAR, lambda: png(LINEAR, iccp(b"broken"), gama(1))),
    "cICP before sRGB": (OF_LINEAR, lambda: png(LINEAR, SRGB_CHUNK, cicp(1, 8, 0, 1))),
    "linear under the name of sRGB": (OF_LINEAR, lambda: png(LINEAR, NAMED)),
    "gAMA and cHRM": (OF_P3, lambda: png(IN_P3, gama(0.45455), chrm(*P3_CORNERS))),
    "cICP": (OF_P3, lambda: png(IN_P3, cicp(12, 13, 0, 1))),
    "cICP before iCCP": (OF_P3, lambda: png(IN_P3, cicp(12, 13, 0, 1), NAMED)),
    "iCCP before sRGB and gAMA": (
        OF_P3, lambda: png(IN_P3, SRGB_CHUNK, gama(1), iccp(profile("P3", SRGB_CURVE))),
    ),
    "Display P3": (OF_P3, lambda: png(IN_P3, iccp(profile("P3", SRGB_CURVE)))),
    "Display P3, version 4": (OF_P3, lambda: png(IN_P3, iccp(profile("P3", FORMULA, version=4)))),
    "Display P3, a large profile": (
        OF_P3, lambda: png(IN_P3, iccp(profile("P3", SRGB_CURVE) + b"\0" * 3_000_000)),
    ),
    "Display P3, tiff": (OF_P3, lambda: encoded(
        Image.fromarray(IN_P3), "TIFF", icc_profile=profile("P3", SRGB_CURVE)
    )),
    "Display P3, webp": (OF_P3, lambda: encoded(
        Image.fromarray(IN_P3), "WEBP", lossless=True, icc_profile=profile("P3", SRGB_CURVE)
    )),
    "Adobe RGB": (OF_ADOBE, lambda: png(IN_ADOBE, iccp(profile("Adobe", gamma(563 / 256))))),
    "sRGB before gAMA": (truth(), lambda: png(truth(), SRGB_CHUNK, gama(1))),
    "channels swapped": (truth(), lambda: png(truth()[:, :, ::-1].copy(), SWAPPED)),
    "channels swapped, with alpha": (
        truth(), lambda: png(np.dstack([truth()[:, :, ::-1], WHITE]), SWAPPED),
    ),
    "grey profile": (OF_GREY, lambda: png(GREY_LINEAR, iccp(profile("", gamma(1))))),
    "grey, gAMA": (OF_GREY, lambda: png(GREY_LINEAR, gama(1))),
    "grey with the profile of colours": (OF_GREY, lambda: png(GREY_LINEAR, NAMED)),
    "grey of 16 bits, gAMA": (OF_GREY, lambda: png(sixteen(GREY_LINEAR), gama(1))),
    "grey profile of a tiff": (OF_GREY, lambda: encoded(
        Image.fromarray(GREY_LINEAR), "TIFF", icc_profile=profile("", gamma(1))
    )),
    "tiff in inks": (
        truth(), lambda: tiff([(255 - np.dstack([truth(), WHITE])).tobytes()], (8,) * 4, 5),
    ),
}  # fmt: skip
# By coders that lose a little.
LOSSY: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: encoded(RGB, "JPEG", quality=98, subsampling=0),
    "jpeg, progressive": lambda: encoded(
        RGB, "JPEG", quality=98, subsampling=0, progressive=True
    ),
    "jpeg on its side": orientated("JPEG", quality=98, subsampling=0),
    "jpeg of two pictures": lambda: encoded(
        RGB, "MPO", save_all=True, append_images=[Image.new("RGB", RGB.size)], quality=98,
        subsampling=0,
    ),
    "jpeg in inks": lambda: encoded(
        Image.fromarray(255 - np.dstack([truth(), WHITE]), "CMYK"), "JPEG", quality=98
    ),
    "tiff of a jpeg": lambda: encoded(RGB, "TIFF", compression="jpeg", quality=98),
    "avif": lambda: encoded(RGB, "AVIF", quality=98, subsampling="4:4:4"),
    "avif on its side": orientated("AVIF", quality=98, subsampling="4:4:4"),
}  # fmt: skip
SAME_INKED: dict[str, Callable[[], bytes]] = {
    "png": lambda: encoded(Image.fromarray(inked()).quantize(16), "PNG"),
    "gif": lambda: encoded(Image.fromarray(inked()).quantize(16), "GIF"),
    "bmp": lambda: encoded(Image.fromarray(inked()).quantize(16), "BMP"),
    "tga": lambda: encoded(Image.fromarray(inked()).quantize(16), "TGA"),
    "tiff": lambda: palette_tiff(257),
    "tiff with a table of 8 bits": lambda: palette_tiff(1),
}
