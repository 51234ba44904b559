"""Is what Python finds by our packages' names really ours? Another file of the name may hide it."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

OURS = ("analysis", "theory", "corpora", "neural")


@cache
def check() -> None:
    """Raises ImportError, with what to do, where another module stands in the way of ours."""
    home = Path(__file__).resolve().parent.parent
    for name in OURS:
        try:
            spec = find_spec(name)
        except (ImportError, ValueError):  # a module that was made by hand
            spec = None
        where = _place(name) if spec is None else spec.origin
        if where is None or Path(where).resolve() == home / name / "__init__.py":
            continue
        raise ImportError(
            f"{where} hides Promenade's own package {name!r}: rename it, or run Python in another "
            "folder.",
            name=name,
        )


def _place(name: str) -> str | None:
    return getattr(sys.modules.get(name), "__file__", None)
