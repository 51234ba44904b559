"""The programs `compose` and `promenade`; the first runs without the second's commands."""

from __future__ import annotations

import atexit
import gc
import warnings
from typing import TYPE_CHECKING, Any

from composer.commands.compose import compose as compose

if TYPE_CHECKING:
    from composer.commands.promenade import promenade as promenade

# Pillow warns of broken notes in a picture's file; who composes from it cannot mend them.
warnings.filterwarnings("ignore", module=r"PIL\.")

# At the end the memory goes back as a whole; nothing in it needs to be looked through.
atexit.register(gc.freeze)


def __getattr__(name: str) -> Any:
    if name != "promenade":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from composer.commands.promenade import promenade

    return promenade
