"""What words mean: the glossary for a terminal, for pages and as a page of docs/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from composer.errors import UserError, nearest
from composer.explanation.layout import bold, dim, listed, wrapped


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """What a word means, in a sentence or two, and words that help."""

    word: str
    says: str
    see: tuple[str, ...]


@cache
def glossary() -> Mapping[str, GlossaryEntry]:
    """Every word with its meaning, in the order of the alphabet."""
    text = (files("composer") / "explanation" / "glossary.yaml").read_text(encoding="utf-8")
    rows = sorted(yaml.safe_load(text).items())
    return MappingProxyType(
        {word: GlossaryEntry(word, row["says"], tuple(row.get("see", ()))) for word, row in rows}
    )


def meaning(word: str) -> str:
    """What a word means, for a terminal. Raises UserError for one that is not known."""
    typed = " ".join(word.lower().replace("_", " ").split())
    known = glossary()
    found = known.get(typed) or known.get(typed.removesuffix("s"))
    if found is None:
        near = nearest(typed, known)
        hint = f"Did you mean {near}?" if near else "promenade glossary lists them."
        raise UserError(f"{word!r} is not in the glossary.", hint)
    see = f"See {listed(found.see, 'or')}." if found.see else ""
    lines = [bold(found.word), *wrapped(found.says, 2), *map(dim, wrapped(see, 2))]
    return "\n".join(lines)


def all_words() -> str:
    """Every word that is known, for a terminal."""
    return "\n".join(wrapped(", ".join(glossary()), 0))


def glossary_page() -> str:
    """docs/glossary.md."""
    lines = [
        "# Glossary",
        "",
        "What the words mean that reasons, pages and scores use. `promenade glossary WORD` says",
        "the same. Written by `python -m composer.commands.pages docs`.",
        "",
    ]
    for found in glossary().values():
        see = f" See {listed(found.see)}." if found.see else ""
        lines.append(f"- **{found.word}**: {found.says}{see}")
    return "\n".join(lines) + "\n"
