"""The programs `compose` and `promenade`; the first runs without the second's commands."""

from __future__ import annotations

import atexit
import gc
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

HOME = Path(__file__).resolve().parent


def _hiding() -> str:
    """What to say of another `composer`, or of another package that stands in the way of ours."""
    found = find_spec("composer")
    where = getattr(found, "origin", None)
    if where is not None and Path(where).resolve() != HOME / "composer" / "__init__.py":
        return (
            f"{where} hides Promenade's own package 'composer': rename it, or take it out of "
            "PYTHONPATH or of this environment (pip uninstall composer)."
        )
    from composer.shadow import check

    try:
        check()
    except ImportError as error:
        return str(error)
    return ""


if hiding := _hiding():
    sys.stderr.write(f"Error: {hiding}\n")
    sys.exit(2)

from composer.commands.compose import compose as compose  # noqa: E402

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
