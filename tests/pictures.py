"""A hundred varied pictures, made here: gradients, noise, shapes, and the two samples changed."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from analysis.picture.load import load

HEIGHT, WIDTH = 120, 160
SAMPLES = ("sample:china", "sample:flower")


def varied(count: int = 100) -> Iterator[tuple[str, np.ndarray]]:
    """Yield (name, RGB array of shape (h, w, 3) in uint8); the same pictures at every call.

    The kinds take turns, so that the first few pictures are varied already.
    """
    kinds = (_gradient, _shapes, _changed_sample, _noise, _cropped_sample)
    for index in range(count):
        kind = kinds[index % len(kinds)]
        rng = np.random.default_rng(index)
        yield f"{kind.__name__.strip('_')}-{index}", kind(rng)


def _colour(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 256, 3).astype(float)


def _gradient(rng: np.random.Generator) -> np.ndarray:
    start, end = _colour(rng), _colour(rng)
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    along = x / WIDTH * np.cos(angle) + y / HEIGHT * np.sin(angle)
    along = (along - along.min()) / np.ptp(along)
    return np.rint(start + (end - start) * along[..., None]).astype(np.uint8)


def _shapes(rng: np.random.Generator) -> np.ndarray:
    picture = np.full((HEIGHT, WIDTH, 3), _colour(rng), np.uint8)
    for _ in range(int(rng.integers(1, 12))):
        colour = tuple(int(value) for value in _colour(rng))
        x, y = int(rng.integers(WIDTH)), int(rng.integers(HEIGHT))
        size = int(rng.integers(5, 50))
        kind = rng.integers(3)
        if kind == 0:
            cv2.circle(picture, (x, y), size, colour, -1)
        elif kind == 1:
            cv2.rectangle(picture, (x, y), (x + size, y + size // 2), colour, -1)
        else:
            corners = np.array([[x, y], [x + size, y + 5], [x + size // 3, y + size]])
            cv2.fillPoly(picture, [corners.astype(np.int32)], colour)
    return picture


def _noise(rng: np.random.Generator) -> np.ndarray:
    """Noise from pixel grain to clouds, tinted."""
    scale = int(rng.choice([1, 4, 16, 40]))
    small = rng.uniform(0, 1, (HEIGHT // scale + 1, WIDTH // scale + 1, 3)).astype(np.float32)
    field = cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    low, high = _colour(rng), _colour(rng)
    return np.rint(low + (high - low) * field).astype(np.uint8)


def _sample(rng: np.random.Generator) -> np.ndarray:
    return load(SAMPLES[int(rng.integers(2))]).pixels


def _cropped_sample(rng: np.random.Generator) -> np.ndarray:
    pixels = _sample(rng)
    height, width = pixels.shape[:2]
    h, w = int(rng.integers(40, height)), int(rng.integers(40, width))
    top, left = int(rng.integers(height - h)), int(rng.integers(width - w))
    return pixels[top : top + h, left : left + w].copy()


def _changed_sample(rng: np.random.Generator) -> np.ndarray:
    """A sample darkened, brightened, blurred, desaturated, turned in hue or mirrored."""
    pixels = _sample(rng)
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV).astype(np.int32)
    hsv[..., 0] = (hsv[..., 0] + int(rng.integers(180))) % 180
    hsv[..., 1] = (hsv[..., 1] * rng.uniform(0, 1.6)).clip(0, 255)
    hsv[..., 2] = (hsv[..., 2] * rng.uniform(0.25, 1.6)).clip(0, 255)
    changed = cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)
    if rng.uniform() < 0.3:
        changed = cv2.GaussianBlur(changed, (0, 0), float(rng.uniform(1, 12)))
    return changed[:, ::-1].copy() if rng.uniform() < 0.5 else changed
