"""The score's pages, engraved by verovio: how bars are shared out to systems and pages, as SVG."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from composer.values import Plan
from theory.metre import QUARTER

# The typeface of titles, names and chord symbols; `printing` says where it lies.
FAMILY = "STIXGeneral"

# What it costs to begin a system with a phrase that begins no section, with a part of a phrase, and
# elsewhere; as the square of the share of a system that is left empty.
PHRASE, SLOT, ELSEWHERE = 0.01, 0.02, 0.06
# What an overfull system costs for every part of it that is too much.
OVERFULL = 100.0

_MEASURE = re.compile(r'class="measure"')
_STAFF = re.compile(r'd="M(\d+) \d+ L(\d+) \d+"')
_TIME = re.compile(r'class="meterSig".*?translate\((\d+)', re.DOTALL)


def widths(row: str) -> tuple[tuple[int, ...], int, int]:
    """From verovio's SVG of a score in one row: the natural widths of the bars, the first one's
    with clef, key and time; where the first begins; and how wide clef and key are."""
    found = []
    for measure in _MEASURE.finditer(row):
        staff = _STAFF.search(row, measure.end())
        assert staff is not None
        found.append((int(staff[1]), int(staff[2])))
    begin = found[0][0]
    time = _TIME.search(row)
    assert time is not None
    return tuple(end - start for start, end in found), begin, int(time[1]) - begin


def systems(
    bars: Sequence[int], rooms: tuple[int, int], costs: Mapping[int, float]
) -> tuple[int, ...]:
    """The bars, from 0, with which systems begin.

    bars: their natural widths; rooms: of the first system and of the others; costs: of beginning a
    system with a bar, where it is not ELSEWHERE.

    >>> systems([10] * 8, (45, 45), {4: PHRASE})
    (0, 4)
    >>> systems([10] * 9, (45, 45), {})
    (0, 3, 6)
    """
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for end in range(1, len(bars) + 1):
        options = []
        for begin in range(end):
            cost, path = best[begin]
            full = sum(bars[begin:end]) / rooms[begin > 0]
            if full > 1:
                # A bar that is too wide for any system stands alone.
                cost += OVERFULL * full
            cost += (1 - full) ** 2 + costs.get(begin, ELSEWHERE)
            options.append((cost, (*path, begin)))
        best.append(min(options))
    return best[-1][1]


def evenly(counts: Sequence[int]) -> tuple[int, ...]:
    """The numbers of systems on the pages, from those that fill each but the last: the same pages,
    each about as full as the others, the first, with the title, not more than those after it.

    >>> evenly([4, 5, 1]), evenly([3]), evenly([2, 2, 2, 1])
    ((3, 3, 4), (3,), (1, 2, 2, 2))
    """
    total, pages = sum(counts), len(counts)
    return tuple((total + number) // pages for number in range(pages))


# A4, in tenths of a millimetre.
WIDTH, HEIGHT = 2100, 2970
MARGIN = 150
# Half a staff space in tenths of a millimetre, by the number of staves that it is enough for: a
# player's music is larger than a conductor's.
UNITS = ((2, 8.5), (4, 7.5), (99, 6.5))
# Width that the short names take before a system, in verovio's units.
NAME = 1000
OPTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "pageWidth": WIDTH,
        "pageHeight": HEIGHT,
        "pageMarginTop": MARGIN,
        "pageMarginBottom": MARGIN,
        "pageMarginLeft": MARGIN,
        "pageMarginRight": MARGIN,
        "scale": 40,
        "condense": "none",
        "harmDist": 2.0,
        "spacingStaff": 8,
        "spacingSystem": 8,
        "pedalLineThickness": 0.12,
        "justifyVertically": True,
        "footer": "none",
        "smuflTextFont": "none",
        "xmlIdSeed": 1,
    }
)
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
_TEMPO = re.compile(
    r"<tempo [^>]*\bstaff=.*?>\s*<rend [^>]*>([^<]*?)\s*</rend>\s*(<rend .*?)</tempo>", re.DOTALL
)
_NUMERAL = re.compile(
    r'<dir([^>]*)place="below"([^>]*)>\s*<rend [^>]*fontstyle="normal"[^>]*>([^<]*)</rend>\s*</dir>'
)
_NOTE = re.compile(r'<note xml:id="([^"]+)"')
_TIE = re.compile(r'<tie [^>]*startid="#([^"]+)" endid="#([^"]+)"')
_BAR = re.compile(r'<measure xml:id="([^"]+)"')
# Beside a text of this size (in verovio's units), by how much larger its music is set.
_LARGER = 405 / 720


@dataclass(frozen=True, slots=True)
class ScoreHead:
    """A note of the engraved score: the names of its heads, tied ones too; the tick at which it
    begins; and its pitch class (0–11), which a drum has none of."""

    names: tuple[str, ...]
    tick: int
    pitch_class: int | None


@dataclass(frozen=True, slots=True)
class Engraved:
    """The SVG of every page, and the notes on them, by time and from the top staff down."""

    pages: tuple[str, ...]
    heads: tuple[ScoreHead, ...]


def engraved(score: bytes, plan: Plan) -> Engraved:
    """A full score in MusicXML as pages, the same in every run.

    plan: the piece's, by whose sections and phrases systems begin.
    """
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    data = score.decode()
    staves = data.count("<part-abbreviation") + data.count("<staves>")
    toolkit.setOptions({**OPTIONS, "unit": next(unit for most, unit in UNITS if staves <= most)})
    _load(toolkit, data, "none")
    laid = _laid_out(toolkit, _reworked(toolkit.getMEI({})), plan)
    _load(toolkit, laid, "encoded")
    count = toolkit.getPageCount()
    pages = (_page(toolkit.renderToSVG(number), number) for number in range(1, count + 1))
    return Engraved(tuple(pages), _heads(toolkit))


def _heads(toolkit: Any) -> tuple[ScoreHead, ...]:
    """The notes of the score that is loaded."""
    data = toolkit.getMEI({})
    place = {match[1]: match.start() for match in _NOTE.finditer(data)}
    tied = {match[1]: match[2] for match in _TIE.finditer(data)}
    ends = set(tied.values())
    found = []
    for event in toolkit.renderToTimemap({}):
        begun = [name for name in event.get("on", []) if name in place and name not in ends]
        for name in sorted(begun, key=place.__getitem__):
            names = [name]
            while names[-1] in tied:
                names.append(tied[names[-1]])
            pitch = toolkit.getMIDIValuesForElement(name).get("pitch")
            drum = "pname=" not in data[place[name] : data.index(">", place[name])]
            tick = round(event["qstamp"] * QUARTER)
            found.append(ScoreHead(tuple(names), tick, None if drum else pitch % 12))
    return tuple(found)


def _load(toolkit: Any, data: str, breaks: str) -> None:
    toolkit.setOptions({"breaks": breaks})
    if not toolkit.loadData(data):
        raise ValueError("verovio cannot read the score")


def _reworked(data: str) -> str:
    """Verovio's own form of the score (MEI), with what it places badly called by another name: the
    tempo as a section's letter is, above the chord symbols; numerals as chord symbols are, in a
    row."""
    mark = r'<reh staff="1" tstamp="1"><rend halign="left" rend="none">\1  \2</rend></reh>'
    data = _TEMPO.sub(mark, data, count=1)
    return _NUMERAL.sub(r'<harm\1place="below"\2>\3</harm>', data)


def _laid_out(toolkit: Any, data: str, plan: Plan) -> str:
    """The score with the beginnings of systems and pages marked."""
    _load(toolkit, data, "none")
    bars, first, head = widths(toolkit.renderToSVG(1))
    room = 10 * (WIDTH - 2 * MARGIN)
    slots = [slot for phrase in plan.phrases for slot in phrase.slots]
    begins = ((SLOT, slots), (PHRASE, plan.phrases), (0.0, plan.sections))
    starts = systems(
        bars,
        (room - first, room - head - NAME),
        {place.start // plan.metre.bar: cost for cost, places in begins for place in places},
    )
    names = [match[1] for match in _BAR.finditer(data)]
    begun = _begun(data, dict.fromkeys((names[bar] for bar in starts[1:]), "sb"))
    _load(toolkit, begun, "line")
    on = Counter(toolkit.getPageWithElement(names[bar]) for bar in starts)
    counts = evenly([on[page] for page in sorted(on)])
    signs = dict.fromkeys(starts[1:], "sb")
    for last in list(accumulate(counts))[:-1]:
        signs[starts[last]] = "pb"
    return _begun(data, {names[bar]: sign for bar, sign in signs.items()})


def _begun(data: str, signs: Mapping[str, str]) -> str:
    """The score with a sign before each of these bars."""
    return _BAR.sub(lambda bar: f"<{signs[bar[1]]}/>{bar[0]}" if bar[1] in signs else bar[0], data)


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
    text = "".join(SIGNS.get(sign, sign) for sign in match[2] if sign != " ")
    return f'<tspan font-size="{size}px" font-weight="normal" font-style="normal">{text}</tspan>'
