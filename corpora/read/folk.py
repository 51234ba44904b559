"""Where music21 keeps its tunes, and the folk tunes among them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from corpora.errors import CorpusError
from corpora.needs import lacking
from corpora.read.abc import read_abc
from corpora.tune import Tune

FOLDERS = (
    "airdsAirs",
    "essenFolksong",
    "miscFolk",
    "nottingham-dataset",
    "oneills1850",
    "ryansMammoth",
)
CHORALES = "bach"
# In these collections each line of music is a phrase, and no key names its mode.
BY_LINES = frozenset({"essenFolksong"})


def corpus() -> Path:
    """The folder of music21's corpus. Raises CorpusError where music21 is not installed."""
    missing = lacking("This", ["music21"])
    if missing is not None:
        raise CorpusError(" ".join(missing))
    found = find_spec("music21")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "corpus"


def folk_tunes(folder: Path | None = None) -> Iterator[Tune]:
    """Every tune of one voice in the ABC files of music21's corpus, or of another folder."""
    folders = [folder] if folder is not None else [corpus() / name for name in FOLDERS]
    for each in folders:
        for file in sorted(each.rglob("*.abc")):
            text = file.read_text(encoding="utf-8", errors="replace")
            yield from read_abc(text, file.name, each.name, lines=each.name in BY_LINES)
