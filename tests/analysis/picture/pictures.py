"""Pictures made for the tests, and the strategies that draw them."""

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image


def plain(colour: tuple[int, int, int], height: int = 90, width: int = 120) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def checkerboard(squares: int = 8, size: int = 24) -> np.ndarray:
    cells = (np.indices((squares, squares)).sum(axis=0) % 2 * 255).astype(np.uint8)
    return np.repeat(np.kron(cells, np.ones((size, size), np.uint8))[:, :, None], 3, axis=2)


def gradient(height: int = 192, width: int = 192) -> np.ndarray:
    return np.tile(np.linspace(0, 255, width).astype(np.uint8)[None, :, None], (height, 1, 3))


def noise(height: int = 120, width: int = 160, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def circle() -> np.ndarray:
    return cv2.circle(plain((255, 255, 255), 300, 300), (150, 150), 100, (0, 0, 0), -1, cv2.LINE_AA)


def triangle() -> np.ndarray:
    corners = np.array([[150, 40], [50, 240], [260, 220]])
    return cv2.fillPoly(plain((255, 255, 255), 300, 300), [corners], (0, 0, 0), cv2.LINE_AA)


def mountains(height: int = 300, width: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """A dark ridge before a light sky, and the ridge's heights (0..1) at 64 places."""
    x = np.arange(width) / width
    ridge = 0.45 + 0.2 * np.sin(5 * x) + 0.08 * np.sin(17 * x + 1)
    y = 1 - (np.arange(height) + 0.5) / height
    dark = y[:, None] < ridge[None]
    picture = np.where(dark[:, :, None], np.array([40, 50, 45]), np.array([190, 210, 240]))
    at = ((np.arange(64) + 0.5) / 64 * width).astype(int)
    return picture.astype(np.uint8), ridge[at]


def arrays() -> st.SearchStrategy[np.ndarray]:
    """Small pictures of any shape: noise from Hypothesis, or a few flat stripes made large."""
    any_noise = hnp.arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24), st.just(3)))
    stripes = st.builds(
        lambda small, tall, wide: np.repeat(np.repeat(small, tall, axis=0), wide, axis=1),
        hnp.arrays(np.uint8, st.tuples(st.integers(1, 5), st.integers(1, 5), st.just(3))),
        st.integers(1, 50),
        st.integers(1, 50),
    )
    return any_noise | stripes


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


Save = Callable[..., Path]
