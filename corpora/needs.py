"""Libraries that some work needs, looked for before it begins, and the command that installs them.

Every room asks here, and raises an error of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from types import MappingProxyType

OURS = "promenade-music"  # the name of our distribution
# By the name under which a library is imported: the extra of ours that brings it ...
EXTRAS: Mapping[str, str] = MappingProxyType(
    {
        "av": "film",
        "distributed": "dask",
        "pillow_heif": "heic",
        "pillow_jxl": "jxl",
        "ray": "ray",
        "reportlab": "pdf",
        "safetensors": "train",
        "sklearn": "evaluate",
        "torch": "train",
        "transformers": "caption",
    }
)
# ... or its name in the index, where that is another.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "cv2": "opencv-python-headless",
        "fontTools": "fonttools",
        "jinja2": "Jinja2",
        "PIL": "pillow",
        "pillow_heif": "pillow-heif",
        "pillow_jxl": "pillow-jxl-plugin",
        "sklearn": "scikit-learn",
        "yaml": "PyYAML",
    }
)


def lacking(what: str, names: Iterable[str]) -> tuple[str, str] | None:
    """What is amiss and what to do, a sentence each, where libraries of these names are missing.

    >>> lacking("A film", ["sys", "no_such_library"])
    ('A film needs no_such_library, which is not installed.', 'Run: pip install no_such_library.')
    """
    missing = [name for name in names if not _there(name)]
    if not missing:
        return None
    told = " and ".join(NAMES.get(name, name) for name in missing)
    are = "is" if len(missing) == 1 else "are"
    return f"{what} needs {told}, which {are} not installed.", f"Run: {install(missing)}."


def install(names: Sequence[str]) -> str:
    """The command that installs libraries.

    >>> install(["av", "sklearn"])
    "pip install 'promenade-music[film,evaluate]'"
    """
    extras = ",".join(dict.fromkeys(EXTRAS[name] for name in names if name in EXTRAS))
    rest = [NAMES.get(name, name) for name in names if name not in EXTRAS]
    return " ".join(["pip install", *([f"'{OURS}[{extras}]'"] if extras else []), *rest])


def _there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):  # half of it is there
        return False
