"""Words of the glossary in a text of the page, each with what it means to hover or to focus."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup, escape

from composer.explanation.glossary import glossary

# Words of every day, which mean in music what they mean elsewhere.
PLAIN = frozenset(
    {
        *("beat", "beats", "bar", "edges", "form", "highlight", "loudness", "melody", "mood"),
        *("note", "outline", "pattern", "period", "players", "range", "region", "rule", "section"),
        *("seed", "sentence", "share", "surprise", "tune", "voice"),
    }
)


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted((word for word in glossary() if word not in PLAIN), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, words))})(?:s)?\b", re.IGNORECASE)


def glossed(text: str) -> Markup:
    """The text as HTML, its words of the glossary marked; each where it comes first."""
    seen: set[str] = set()

    def marked(found: re.Match[str]) -> str:
        word = found.group(1).lower()
        if word in seen:
            return found.group()
        seen.add(word)
        says = escape(glossary()[word].says)
        return f'<abbr tabindex="0" title="{says}">{found.group()}</abbr>'

    return Markup(_pattern().sub(marked, str(escape(text))))
