"""One fact of a piece's file made another, as somebody would who wants it to say something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

# Objects whose keys are names that the piece gives.
NAMED = frozenset(
    {
        "features", "terms", "decisions", "votes", "excluded", "rivals", "motifs", "alternatives",
        "costs", "struck", "strengths", "versions", "sources", "only", "means", "names", "then",
        "yours",
    }
)  # fmt: skip
Path = tuple[str | int, ...]


def leaves(part: Any, path: Path = (), kind: str = "") -> Iterator[tuple[str, Path, Any]]:
    """Every fact of a document: its kind, as `notes.*.tick`, its path, and its value."""
    if isinstance(part, Mapping) and part:
        named = bool(path) and path[-1] in NAMED
        for key, value in part.items():
            yield from leaves(value, (*path, key), f"{kind}.{'*' if named else key}".lstrip("."))
    elif isinstance(part, Sequence) and not isinstance(part, str) and part:
        for number, value in enumerate(part):
            yield from leaves(value, (*path, number), f"{kind}.*")
    else:
        yield kind, path, part


def others(value: Any, known: Sequence[Any], random: Random) -> Any:
    """Another value of the same kind: one that stands elsewhere in such a place, or one near."""
    else_ = [other for other in known if other != value and type(other) is type(value)]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + random.choice((-2, -1, 1, 2))
    if isinstance(value, float):
        return round(value + random.choice((-1, 1)) * random.choice((0.01, 0.1, 0.5)), 6)
    if value is None:
        filled = [other for other in known if other is not None]
        return random.choice(filled) if filled else "another"
    if isinstance(value, str) and else_ and random.random() < 0.8:
        return random.choice(else_)
    return f"{value} 2" if isinstance(value, str) else [0]


def changed(document: Any, path: Path, value: Any) -> Any:
    """The document with one value changed; what is not on the way is shared."""
    if not path:
        return value
    key, *rest = path
    if isinstance(document, Mapping):
        return {**document, key: changed(document[key], tuple(rest), value)}
    made = list(document)
    made[int(key)] = changed(document[int(key)], tuple(rest), value)
    return made
