"""Long computations kept in a folder, so that an interrupted run goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.whole import whole

Arrays = Mapping[str, NDArray[Any]]


def kept(path: Path, compute: Callable[[], Arrays]) -> Arrays:
    """The arrays of this file; computed and written, whole or not at all, where there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as beside, beside.open("wb") as file:
            np.savez(file, allow_pickle=False, **compute())
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}
