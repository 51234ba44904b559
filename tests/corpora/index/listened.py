"""Made-up music: a file's text is its pieces, a line each."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Piece:
    title: str
    features: dict[str, float]
    composer: str = ""
    part: str = ""
    source: str = "notes"


def measure(path: Path):
    """A file's text is its pieces, NAME VALUE a line; `!` alone is no music."""
    text = path.read_text(errors="replace")
    if text.startswith("!"):
        return (), (text[1:] or "no music in it",)
    rows = [line.split() for line in text.splitlines()]
    return tuple(Piece(path.stem, {name: float(value)}) for name, value in rows), ()
