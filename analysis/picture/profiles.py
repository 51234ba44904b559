"""By which curves and primaries a picture's codes are meant, and what takes them to sRGB.

What a PNG, an AVIF or a HEIC file says in numbers becomes an ICC profile too, so that there is one
way for all.
"""

import io
import struct
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from PIL import Image

Convert = Callable[[Image.Image], Image.Image]
Points = tuple[int, int, bool]  # primaries, curve (ITU-T H.273), whether codes fill their range

# x and y of red, green, blue and white, by their number in ITU-T H.273 (2023), table 2.
_D65 = (0.3127, 0.3290)
_C = (0.310, 0.316)
_BT709 = (0.640, 0.330, 0.300, 0.600, 0.150, 0.060, *_D65)
_SMPTE170 = (0.630, 0.340, 0.310, 0.595, 0.155, 0.070, *_D65)
_PRIMARIES: Mapping[int, tuple[float, ...]] = MappingProxyType(
    {
        1: _BT709,
        4: (0.670, 0.330, 0.210, 0.710, 0.140, 0.080, *_C),
        5: (0.640, 0.330, 0.290, 0.600, 0.150, 0.060, *_D65),
        6: _SMPTE170,
        7: _SMPTE170,
        8: (0.681, 0.319, 0.243, 0.692, 0.145, 0.049, *_C),
        9: (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, *_D65),
        11: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351),
        12: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, *_D65),
        22: (0.630, 0.340, 0.295, 0.605, 0.155, 0.077, *_D65),
    }
)
_WHITE = 203.0  # cd/m² of white paper in pictures of high dynamic range (ITU-R BT.2408)
_HLG_WHITE = 0.75  # and its code in hybrid log-gamma
_NEAR = 0.05  # a gamma that differs less from that of sRGB means sRGB, as libpng has it
_GAMMA = 0.45455  # what a PNG in sRGB gives as its gamma
_SAME = 2  # codes by which a profile may differ from sRGB and still be sRGB

# From CIE XYZ seen by D65 and others to D50, by Bradford's cones (ICC.1:2022, annex E).
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
_D50 = np.array([0.9642, 1.0, 0.8249])
_SPACES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def meant(info: Mapping[Any, Any], points: Points | None = None) -> bytes | None:
    """The profile of an image with Pillow's `info`; None where it is sRGB or nothing is said.

    points: the numbers of its cICP chunk, or of its `nclx` box.
    In the order that PNG gives (third edition, 4.3): cICP, iCCP, sRGB, and gAMA with cHRM.
    """
    if points is not None and (numbered := _of_points(*points)) is not None:
        return numbered
    icc = info.get("icc_profile")
    if isinstance(icc, bytes) and icc and _space(icc):
        return icc
    # A text of a PNG may stand under the same name.
    if isinstance(info.get("srgb"), int):
        return None
    return _of_chunks(info.get("gamma"), info.get("chromaticity"))


@lru_cache(maxsize=8)
def converter(icc: bytes, mode: str) -> Convert | None:
    """What takes images of mode "L", "RGB" or "CMYK" by their profile to sRGB, in mode "RGB".

    None where the profile is broken, is of another kind of picture, or does nothing: a profile is
    judged by what it makes of colours, never by its name.
    """
    space = _space(icc)
    if space == "RGB" and mode == "L":
        coloured = converter(icc, "RGB")
        return None if coloured is None else lambda image: coloured(image.convert("RGB"))
    if space != mode:
        return None
    from PIL import ImageCms

    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(icc)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            # littleCMS may not shorten its way for grey, which would cost most of the darks.
            flags=ImageCms.Flags.NOOPTIMIZE if mode == "L" else ImageCms.Flags.NONE,
        )
        if mode != "CMYK" and _does_nothing(transform.apply, mode):
            return None
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    return transform.apply


def _space(icc: bytes) -> str:
    """Pillow's mode for the images that a profile is for; "" where it is broken or for others."""
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc)).profile
        return _SPACES.get(profile.xcolor_space.strip(), "")
    except (ImageCms.PyCMSError, OSError, ValueError, UnicodeError):
        return ""


def _does_nothing(convert: Convert, mode: str) -> bool:
    ramp = np.arange(256, dtype=np.uint8)
    if mode == "L":
        probe, expected = ramp[None], np.repeat(ramp[None, :, None], 3, axis=2)
    else:
        steps = np.append(np.arange(0, 255, 36), 255).astype(np.uint8)
        cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
        probe = expected = np.vstack([cube, np.repeat(ramp[:, None], 3, axis=1)])[None]
    found = np.asarray(convert(Image.fromarray(probe))).astype(int)
    return bool(np.abs(found - expected).max() <= _SAME)


def _of_points(primaries: int, curve: int, full: bool) -> bytes | None:
    codes = np.linspace(0.0, 1.0, 4096)
    if not full:
        codes = np.clip((255 * codes - 16) / 219, 0, 1)
    linear = _linear(curve, codes)
    if primaries not in _PRIMARIES or linear is None:
        return None
    return _profile(_PRIMARIES[primaries], linear)


def _linear(curve: int, codes: np.ndarray) -> np.ndarray | None:
    """Light, 0..1, of codes by a curve of ITU-T H.273 (2023), table 3; None for what has none.

    Brighter than white paper is white.
    """
    if curve in (1, 6, 13, 14, 15):  # video's too, for it is seen on the same screens
        return _srgb(codes)
    if curve in (4, 5, 8, 17):
        power: np.ndarray = codes ** {4: 2.2, 5: 2.8, 8: 1.0, 17: 2.6}[curve]
        return power
    if curve == 16:  # perceptual quantiser, SMPTE ST 2084
        root = codes ** (32 / 2523)
        light = np.maximum(root - 107 / 128, 0) / (2413 / 128 - 2392 / 128 * root)
        return np.clip(light ** (8192 / 1305) * 10_000 / _WHITE, 0, 1)
    if curve == 18:  # hybrid log-gamma, ITU-R BT.2100
        return np.asarray(np.clip(_hlg(codes) / _hlg(np.array([_HLG_WHITE])), 0, 1))
    return None


def _srgb(codes: np.ndarray) -> np.ndarray:
    return np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)


def _hlg(codes: np.ndarray) -> np.ndarray:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(codes <= 0.5, codes**2 / 3, (np.exp((codes - c) / a) + b) / 12)


def _of_chunks(gamma: object, chromaticity: object) -> bytes | None:
    """The profile that a PNG's gAMA and cHRM chunks make."""
    codes = np.linspace(0.0, 1.0, 4096)
    light, corners = _srgb(codes), _BT709
    if isinstance(gamma, float) and 0.1 <= gamma <= 10 and abs(gamma / _GAMMA - 1) > _NEAR:
        light = codes ** (1 / gamma)
    if isinstance(chromaticity, tuple) and len(chromaticity) == 8:
        corners = (*chromaticity[2:], *chromaticity[:2])
    elif gamma is None:
        return None
    return _profile(corners, light)


def _profile(corners: tuple[float, ...], light: np.ndarray) -> bytes | None:
    """An ICC profile (version 2.4) of a display; None for primaries that no colours have.

    corners: x and y of red, green, blue and white.  light: at equal steps of the code, 0..1.
    """
    x, y = np.array(corners[0::2]), np.array(corners[1::2])
    if y.min() <= 0:
        return None
    xyz = np.stack([x / y, np.ones(4), (1 - x - y) / y])  # (3, 4)
    try:
        colours = xyz[:, :3] * np.linalg.solve(xyz[:, :3], xyz[:, 3])
    except np.linalg.LinAlgError:
        return None
    cones = _BRADFORD @ xyz[:, 3]
    if np.abs(cones).min() < 1e-6:
        return None
    adapted = np.linalg.inv(_BRADFORD) @ np.diag(_BRADFORD @ _D50 / cones) @ _BRADFORD @ colours
    if np.abs(adapted).max() > 100:
        return None

    def fixed(values: np.ndarray) -> bytes:
        return struct.pack(">3i", *(round(65536 * float(value)) for value in values))

    curve = np.round(65535 * light).astype(">u2").tobytes()
    parts = {name: b"XYZ \0\0\0\0" + fixed(adapted[:, n]) for n, name in enumerate("rgb")}
    tags = [(f"{name}XYZ".encode(), parts[name]) for name in "rgb"]
    tags.append((b"wtpt", b"XYZ \0\0\0\0" + fixed(_D50)))
    tags += [
        (f"{name}TRC".encode(), b"curv\0\0\0\0" + struct.pack(">I", len(light)) + curve)
        for name in "rgb"
    ]
    table, body, at = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, data in tags:
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    header = struct.pack(
        ">I4sI4s4s4s12x4s28x12s", at + len(body), b"", 0x02400000, b"mntr", b"RGB ", b"XYZ ",
        b"acsp", fixed(_D50),
    )  # fmt: skip
    return header.ljust(128, b"\0") + table + body
