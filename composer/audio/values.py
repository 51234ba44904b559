"""Sound as a value: samples of two channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    # Of shape (2, n) or (n,), −1 to 1 full scale.
    Samples = NDArray[np.float32]

RATE = 44_100  # samples a second
