"""Reads what a table says that every picture shows, in place of what is seen of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from analysis.picture.content.words import words
from composer.table.nodes import Node
from composer.table.reader import YamlReader, quoted

_NEVER, _SURE = Decimal(0), Decimal(1)


def read_content(
    reader: YamlReader, node: Node | None, inherited: Mapping[str, float]
) -> dict[str, float]:
    """The section `content`, word -> probability; what it names again takes the inherited one's
    place."""
    found = dict(inherited)
    if node is None:
        return found
    for key, name, value in reader.entries(node, "content") or []:
        word = reader.one_of(key, "word", words(), "content")
        share = reader.number(value, f"content {quoted(name)}", _NEVER, _SURE)
        if word is not None and share is not None:
            found[word] = float(share)
    return found
