"""A piece for a notebook: score, player and reasons as one fragment of HTML, without a script."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from composer.render.rendering import Rendering

SCORE, SOUND = ".svg", ".mp3"


def page(rendering: Rendering, reasons: str) -> str:
    """The fragment: the engraved score (a frame of its own height scrolls), the sound, the text."""
    score, sound = (b64encode(rendering.file(suffix)).decode() for suffix in (SCORE, SOUND))
    title = escape(rendering.piece.title)
    return (
        f'<figure aria-label="{title}" style="margin:0">'
        f"<figcaption><strong>{title}</strong></figcaption>"
        f'<audio controls preload="metadata" style="width:100%" '
        f'src="data:audio/mpeg;base64,{sound}"></audio>'
        '<div style="max-height:28em;overflow:auto;background:white">'
        f'<img alt="The score of {title}" style="width:100%" '
        f'src="data:image/svg+xml;base64,{score}"></div>'
        f'<details open><summary>Why</summary><pre style="white-space:pre-wrap">'
        f"{escape(reasons)}</pre></details></figure>"
    )
