"""The same on every processor: with and without what the newer ones can, and in how much memory."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.analysis.picture.pictures import checkerboard, circle, gradient, mountains, noise, plain

ROOT = Path(__file__).resolve().parents[3]
BESIDE = ROOT.parent / "shared" / "data"
FOLDER = Path(os.environ.get("PROMENADE_DATA", BESIDE)) / "pictures"

# Everything that is measured on the pictures named, one a line: the analysis, every map's hash, and
# the features before they are rounded. First whether this processor, as OpenCV is told, has AVX2.
MEASURE = """
import hashlib, json, sys
from dataclasses import asdict, fields
import cv2
from analysis.picture import colour, layout, maps, texture
from analysis.picture.analyse import analyse
from analysis.picture.load import load
print(cv2.checkHardwareSupport(11))
for name in sys.argv[1:]:
    picture = load(name)
    found, measured = analyse(picture), maps.measure(picture.pixels)
    soft = maps.blurred(measured.lab((96, 72)), 1.0)
    made = [soft, *(getattr(measured, field.name) for field in fields(measured))]
    print(json.dumps({
        "name": name,
        "analysis": [
            dict(found.features), [asdict(swatch) for swatch in found.palette],
            [[r.name, r.share, r.x, r.y, r.box, r.hex, dict(r.features)] for r in found.regions],
            asdict(found.skyline), found.labels.tolist(),
        ],
        "maps": [hashlib.sha256(each.tobytes()).hexdigest() for each in made],
        "exact": {
            **colour.of_pixels(measured), **colour.gradients(measured.lightness),
            **texture.of_pixels(measured), **texture.of_picture(measured),
            **layout.measure(measured, picture.width, picture.height),
        },
    }))
"""
# numpy's own ways for newer processors.
NEWER = " ".join(np.show_config("dicts")["SIMD Extensions"].get("found", []))
PLAINER = {
    "OPENCV_CPU_DISABLE": "AVX2,AVX512F",
    "OPENCV_IPP": "disabled",
    "NPY_DISABLE_CPU_FEATURES": NEWER,
    "OPENBLAS_CORETYPE": "Prescott",
}


def start(names: list[str], **changed: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", MEASURE, *names],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={**os.environ, **changed},
    )


def both(names: list[str]) -> list[tuple[Any, Any]]:
    """What is measured on each picture, here and on a plainer processor."""
    usual, plainer = start(names), start(names, **PLAINER)
    able, *one = usual.communicate()[0].splitlines()
    unable, *other = plainer.communicate()[0].splitlines()
    assert usual.returncode == plainer.returncode == 0
    if able == "False":
        pytest.skip("this processor is a plainer one")
    assert unable == "False"
    assert len(one) == len(other) == len(names)
    return [(json.loads(a), json.loads(b)) for a, b in zip(one, other, strict=True)]


def assert_alike(names: list[str]) -> None:
    for one, other in both(names):
        assert one["maps"] == other["maps"], one["name"]
        for name, value in one["exact"].items():
            # Rounded to six decimals these cannot differ but by the rarest chance.
            assert other["exact"][name] == pytest.approx(value, rel=0, abs=1e-9), (
                name,
                one["name"],
            )
        assert one["analysis"] == other["analysis"], one["name"]


def test_a_handful_of_pictures_measure_alike_on_a_plainer_processor(tmp_path: Path) -> None:
    made = {
        "noise": noise(600, 700),
        "clouds": np.array(
            Image.fromarray(noise(9, 12)).resize((640, 480), Image.Resampling.BICUBIC)
        ),
        "ridge": mountains(900, 1300)[0],
        "disc": circle(),
        "board": checkerboard(),
        "ramp": gradient(),
        "plain": plain((70, 110, 160)),
    }
    for name, rgb in made.items():
        Image.fromarray(rgb).save(tmp_path / f"{name}.png")
    large = Image.open(tmp_path / "clouds.png").resize((3001, 2003), Image.Resampling.BICUBIC)
    large.save(tmp_path / "large.jpg")
    paths = [str(path) for path in sorted(tmp_path.iterdir())]
    assert_alike(["sample:china", "sample:flower", *paths])


@pytest.mark.slow
@pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the rated photographs are not here (set PROMENADE_DATA)"
)
def test_every_rated_photograph_measures_alike_on_a_plainer_processor() -> None:
    paths = sorted(str(path) for path in FOLDER.glob("*.jpg"))
    assert len(paths) > 100
    assert_alike(paths)


PEAK = """
import resource, sys
from analysis.picture.load import load
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
picture = load(sys.argv[1])
picture.view(1024)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in other units")
def test_a_large_picture_is_never_whole_in_memory_twice(tmp_path: Path) -> None:
    """Pillow holds four bytes a pixel; beside them there are bands and copies."""
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", (8000, 5000), (90, 120, 150))
    image.save(tmp_path / "large.png", compress_level=1, exif=exif)
    command = [sys.executable, "-c", PEAK, str(tmp_path / "large.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert float(done.stdout) < 1.3 * 4 * 40


# All of it, as Linux tells it; `ru_maxrss` would begin with that of the process that forked.
WHOLE = """
import re, sys
from pathlib import Path
from analysis.picture.load import load
picture = load(sys.argv[1])
for side in (1920, 3840):
    picture.view(side)
status = Path("/proc/self/status").read_text()
print(picture.width, int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024)
"""


def peak(path: Path) -> tuple[int, float]:
    """A picture's width, and megabytes of a process that reads it and looks at it."""
    command = [sys.executable, "-c", WHOLE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    width, megabytes = done.stdout.split()
    return int(width), float(megabytes)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in other units")
def test_a_jpeg_far_beyond_the_limit_is_read_at_a_part_of_its_size(tmp_path: Path) -> None:
    Image.new("RGB", (12_000, 9_000), (90, 120, 150)).save(tmp_path / "large.jpg")
    width, megabytes = peak(tmp_path / "large.jpg")
    assert width == 12_000
    assert megabytes < 300


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in other units")
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "TGA", "JPEG2000", "JPEG", "WEBP"])
def test_a_hundred_megapixels_are_held_in_600_megabytes(tmp_path: Path, kind: str) -> None:
    """Of WebP, which OpenCV decodes at twice the size, seventy-five."""
    side = 8_660 if kind == "WEBP" else 9_990
    mode = "RGBA" if kind in ("PNG", "TGA") else "RGB"
    more = {
        "PNG": {"compress_level": 1},
        "TIFF": {"compression": "tiff_lzw"},
        "TGA": {"compression": "tga_rle"},
    }
    image = Image.new(mode, (side, side), (90, 120, 150, 200)[: len(mode)])
    image.save(tmp_path / "large", kind, **more.get(kind, {}))
    assert peak(tmp_path / "large")[1] < 600
