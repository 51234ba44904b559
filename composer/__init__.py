"""Promenade composes music from a picture and says why every note is there.

>>> import composer
>>> piece = composer.compose("sample:china", mode="dorian", melody="rules")
>>> piece.plan.key.mode.name
'dorian'

What is offered is in `__all__`; each loads when it is first used. docs/api.md shows all of it.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from composer.version import __version__ as __version__

if TYPE_CHECKING:
    from composer.api import (
        compose,
        decide,
        explain,
        features_table,
        lesson,
        load_table,
        measure,
        recommend,
        save,
        verify,
    )
    from composer.errors import UserError
    from composer.features import Features
    from composer.recommender.library import Library
    from composer.settings import Settings
    from composer.table import Decisions
    from composer.values import Piece

__all__ = [
    "Decisions",
    "Features",
    "Library",
    "Piece",
    "Settings",
    "UserError",
    "compose",
    "decide",
    "explain",
    "features_table",
    "lesson",
    "load_table",
    "measure",
    "recommend",
    "save",
    "verify",
]
# Where each is kept.
_ROOMS = MappingProxyType(
    {
        "Decisions": "composer.table",
        "Features": "composer.features",
        "Library": "composer.recommender.library",
        "Piece": "composer.values",
        "Settings": "composer.settings",
        "UserError": "composer.errors",
    }
)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from composer.shadow import check

    check()
    found = getattr(import_module(_ROOMS.get(name, "composer.api")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
