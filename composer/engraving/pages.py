"""The pages of a score as verovio engraves them, one SVG a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from composer.engraving.fonts import FAMILY
from composer.files import score
from composer.values import Piece

# A4, in tenths of a millimetre.
WIDTH, HEIGHT = 2100, 2970
MARGIN = 150
# Half a staff space in tenths of a millimetre, by the number of staves that it is enough for: a
# player's music is larger than a conductor's.
UNITS = ((2, 8.5), (4, 7.5), (99, 6.5))
# SMuFL's signs within text, as Unicode has them: verovio would need its own font to show them.
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "\ueca5": "♩",
        "\uecb7": ".",
        "\uea63": "♭♭",
        "\uea64": "♭",
        "\uea65": "♮",
        "\uea66": "♯",
        "\uea67": "♯♯",
        "\ued60": "♭",
        "\ued61": "♮",
        "\ued62": "♯",
        "\ued63": "♯♯",
        "\ued64": "♭♭",
    }
)
_MUSIC = re.compile(r'<tspan font-family="Leipzig" font-size="(\d+)px">([^<]*)</tspan>')
_ID = re.compile(r'<svg [^>]*\bid="([^"]+)"')
_HEAD = re.compile(r"<g [^>]*\bpgHead\b.*?</text>", re.DOTALL)
_ANY_ID = re.compile(r' id="[^"]*"')
# Beside a text of this size (in verovio's units), by how much larger its music is set.
_LARGER = 405 / 720


def pages(piece: Piece) -> tuple[str, ...]:
    """The SVG of every page, the same in every run."""
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    data = score.encode(piece).decode()
    staves = data.count("<clef")
    toolkit.setOptions(
        {
            "pageWidth": WIDTH,
            "pageHeight": HEIGHT,
            "pageMarginTop": MARGIN,
            "pageMarginBottom": MARGIN,
            "pageMarginLeft": MARGIN,
            "pageMarginRight": MARGIN,
            "scale": 40,
            "unit": next(unit for most, unit in UNITS if staves <= most),
            "spacingStaff": 8,
            "spacingSystem": 8,
            "justifyVertically": True,
            "footer": "none",
            "smuflTextFont": "none",
            "xmlIdSeed": 1,
        }
    )
    if not toolkit.loadData(data):
        raise ValueError("verovio cannot read the score")
    count = toolkit.getPageCount()
    return tuple(_page(toolkit.renderToSVG(number), number) for number in range(1, count + 1))


def _page(page: str, number: int) -> str:
    """The page with its text in our typeface, the signs of music among it too.

    What verovio calls by the document's id (glyphs, the page itself) is called by the page's.
    """
    root = _ID.search(page)
    assert root is not None
    page = page.replace(root[1], f"page{number}")
    # So that an id stands once in all: the head of later pages repeats the first's.
    page = _HEAD.sub(lambda head: _ANY_ID.sub("", head[0]), page)
    page = page.replace('font-family="Times, serif"', f'font-family="{FAMILY}, Times, serif"')
    return _MUSIC.sub(_sign, page)


def _sign(match: re.Match[str]) -> str:
    size = round(int(match[1]) * _LARGER)
    text = "".join(SIGNS.get(sign, sign) for sign in match[2])
    return f'<tspan font-size="{size}px" font-weight="normal" font-style="normal">{text}</tspan>'
