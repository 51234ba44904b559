"""A page of verovio's SVG as what is to be drawn: shapes and texts in the page's own units.

Of SVG only what verovio writes is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import cos, radians, sin
from xml.etree import ElementTree

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
# What verovio's style sheet says of the groups' classes.
BOLD = frozenset({"ending", "fing", "reh", "tempo"})
ITALIC = frozenset({"dir", "dynam", "mNum"})
HIDDEN = frozenset({"placeholder"})
_MOVE = re.compile(
    r"(translate|scale|rotate)\(([-\d.e]+)(?:[, ]+([-\d.e]+))?(?:[, ]+([-\d.e]+))?\)"
)
_BLANK = re.compile(r"\s+")

# SVG's matrix: where (x, y) is drawn, at (a x + c y + e, b x + d y + f).
Place = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class PathItem:
    """A path (SVG's `d`), filled or not, with a pen of some width (0: none)."""

    place: Place
    path: str
    filled: bool
    pen: float
    glyph: str = ""  # the name of the sign that it is, where it is one that comes again


@dataclass(frozen=True, slots=True)
class TextRun:
    text: str
    size: float
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class TextItem:
    """Runs one behind the other; anchor: start, middle or end of them all lies at the place."""

    place: Place
    anchor: str
    runs: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn on a page of `width` and `height`."""

    width: float
    height: float
    items: tuple[PathItem | TextItem, ...]


@dataclass(frozen=True, slots=True)
class _Style:
    place: Place = (1, 0, 0, 1, 0, 0)
    size: float = 0
    bold: bool = False
    italic: bool = False


def drawn(page: str) -> Drawing:
    """The items of a page, in the order in which they are drawn."""
    root = ElementTree.fromstring(page)
    inner = root.find(f".//{SVG}svg")
    assert inner is not None
    _, _, width, height = (float(number) for number in inner.get("viewBox", "").split())
    glyphs = {
        one.get("id", ""): path.get("d", "")
        for one in root.iter(f"{SVG}g")
        if (path := one.find(f"{SVG}path")) is not None and path.get("transform") == "scale(1,-1)"
    }
    return Drawing(width, height, tuple(_items(inner, _Style(), glyphs)))


def _items(
    node: ElementTree.Element, style: _Style, glyphs: Mapping[str, str]
) -> Iterator[PathItem | TextItem]:
    for child in node:
        tag = child.tag.removeprefix(SVG)
        classes = frozenset(child.get("class", "").split())
        if classes & HIDDEN or child.get("visibility") == "hidden":
            continue
        own = replace(
            style,
            place=_moved(style.place, child.get("transform", "")),
            bold=style.bold or bool(classes & BOLD),
            italic=style.italic or bool(classes & ITALIC),
        )
        if tag in ("g", "svg"):
            yield from _items(child, own, glyphs)
        elif tag == "use":
            name = child.get(LINK, "").removeprefix("#")
            # A glyph's y grows upwards.
            yield PathItem(_scaled(own.place, 1, -1), glyphs[name], True, 0, name)
        elif tag == "text":
            yield from _texts(child, own)
        elif path := _path(tag, child):
            filled = child.get("fill") != "none" and child.get("fill-opacity") not in ("0", "0.0")
            yield PathItem(own.place, path, filled, _pen(tag, child))


def _path(tag: str, node: ElementTree.Element) -> str:
    """The path of a shape; "" of what is none."""
    if tag == "path":
        return node.get("d", "")
    if tag in ("polygon", "polyline"):
        return f"M{node.get('points')}{'Z' if tag == 'polygon' else ''}"
    if tag == "rect":
        x, y, width, height = (float(node.get(name, 0)) for name in ("x", "y", "width", "height"))
        return f"M{x},{y}h{width}v{height}h{-width}Z"
    if tag == "ellipse":
        x, y, rx, ry = (float(node.get(name, 0)) for name in ("cx", "cy", "rx", "ry"))
        return f"M{x - rx},{y}a{rx},{ry} 0 1 0 {2 * rx},0a{rx},{ry} 0 1 0 {-2 * rx},0Z"
    return ""


def _pen(tag: str, node: ElementTree.Element) -> float:
    width = node.get("stroke-width", "0" if tag in ("ellipse", "polygon") else "1")
    return 0 if node.get("stroke") == "none" else float(width.removesuffix("px"))


def _texts(node: ElementTree.Element, style: _Style) -> Iterator[TextItem]:
    """A text; where a span within has a place of its own, a new one begins there."""
    place = _at(node, style.place)
    anchor, runs = node.get("text-anchor", "start"), list[TextRun]()
    for span, run in _runs(node, style):
        if span.get("x") is not None or span.get("y") is not None:
            if runs:
                yield TextItem(place, anchor, tuple(runs))
            place, runs = _at(span, place, style.place), []
            anchor = span.get("text-anchor", anchor)
        if run is not None:
            runs.append(run)
    if runs:
        yield TextItem(place, anchor, tuple(runs))


def _runs(
    node: ElementTree.Element, style: _Style
) -> Iterator[tuple[ElementTree.Element, TextRun | None]]:
    size = node.get("font-size")
    weight, slant = node.get("font-weight"), node.get("font-style")
    style = replace(
        style,
        size=float(size.removesuffix("px")) if size else style.size,
        bold=weight == "bold" if weight else style.bold,
        italic=slant == "italic" if slant else style.italic,
    )
    text = _BLANK.sub(" ", node.text or "")
    visible = bool(text.strip()) and style.size > 0
    yield node, TextRun(text, style.size, style.bold, style.italic) if visible else None
    for child in node:
        yield from _runs(child, style)


def _at(node: ElementTree.Element, before: Place, frame: Place | None = None) -> Place:
    """The place of an element's x and y; what it does not name stays as before."""
    a, b, c, d, x, y = frame or before
    own_x, own_y = node.get("x"), node.get("y")
    return (
        *(a, b, c, d),
        before[4] if own_x is None else x + a * float(own_x),
        before[5] if own_y is None else y + d * float(own_y),
    )


def _moved(place: Place, transform: str) -> Place:
    for match in _MOVE.finditer(transform):
        one, two, three = (float(number or 0) for number in match.groups()[1:])
        if match[1] == "translate":
            place = _shifted(place, one, two)
        elif match[1] == "scale":
            place = _scaled(place, one, two if match[3] else one)
        else:
            place = _shifted(place, two, three)
            (a, b, c, d, x, y), turn = place, radians(one)
            place = (
                a * cos(turn) + c * sin(turn),
                b * cos(turn) + d * sin(turn),
                c * cos(turn) - a * sin(turn),
                d * cos(turn) - b * sin(turn),
                *(x, y),
            )
            place = _shifted(place, -two, -three)
    return place


def _shifted(place: Place, right: float, down: float) -> Place:
    a, b, c, d, x, y = place
    return a, b, c, d, x + a * right + c * down, y + b * right + d * down


def _scaled(place: Place, across: float, along: float) -> Place:
    a, b, c, d, x, y = place
    return a * across, b * across, c * along, d * along, x, y
