"""The piano roll as a PNG file: every part in a colour, over form, chords and the skyline."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from types import MappingProxyType
from typing import Any

from composer.explanation.layout import music, roman
from composer.music.orchestra import DRUMS
from composer.values import Part, Piece
from composer.vocabulary import SINGERS
from theory.harmony.form import STATEMENT

# Colours that are told apart by those who see no red or no green, too (after Okabe and Ito).
COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "melody": "#D55E00",
        "second-melody": "#E69F00",
        "doubling": "#CC79A7",
        "counter-melody": "#009E73",
        "chords": "#56B4E9",
        "bass": "#0072B2",
        "drums": "#6F6F6F",
    }
)
# Bars in a row, inches of a row's width, and dots an inch.
BARS, WIDTH, DOTS = 16, 13.0, 110
# Inches for each semitone, and for what stands above the notes and between the rows.
SEMITONE, ABOVE, BETWEEN, HEAD = 0.055, 0.62, 0.36, 0.95
# Where the drawing begins, as a share of the width, and how broad it is.
LEFT, BROAD = 0.06, 0.925
BOLD = 0.09  # inches that a bold letter of a section's name takes, about
# Behind a colour in the legend, and between two of its entries.
GAPS = (0.005, 0.03)
SMALLER = 0.96
TENSION, SHADE = "tension", "#B9912B"
# Points of a chord's name, and how many semitones the second row of them is higher.
LARGEST, SMALLEST, HIGHER = 9.0, 6.0, 2.6
# Nothing is drawn closer to the top and the bottom than so many semitones.
AIR = 2
DRUM_LANE = 2.2  # semitones that a drum takes
DRUM_NAMES = {key: name for name, key in DRUMS.items()}


def encode(piece: Piece) -> bytes:
    """The bytes of the file, the same in every run."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    low, high = _compass(piece)
    drums = _drums(piece)
    tall = (high - low + DRUM_LANE * len(drums)) * SEMITONE
    rows = -(-piece.plan.bars // BARS)
    height = HEAD + rows * (tall + ABOVE + BETWEEN)
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS)
    FigureCanvasAgg(figure)
    _title(figure, piece, height)
    for row in range(rows):
        top = height - HEAD - row * (tall + ABOVE + BETWEEN) - ABOVE
        box = (LEFT, (top - tall) / height, BROAD, tall / height)
        _row(figure.add_axes(box), piece, row, (low, high), drums)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": "Promenade"})
    return buffer.getvalue()


def _compass(piece: Piece) -> tuple[int, int]:
    """The lowest and the highest MIDI number to draw."""
    keys = [
        note.key_number + 12 * part.octave
        for part in piece.parts
        if part.role != "drums"
        for note in part.notes
    ]
    heights = [height for phrase in contour(piece) for _, height in phrase]
    return round(min(keys + heights)) - AIR, round(max(keys + heights)) + AIR


def contour(piece: Piece) -> list[list[tuple[float, float]]]:
    """What the skyline asks of the melody, as it sounds: phrase by phrase the ticks in the middle
    of beats, and MIDI numbers in the octave of whoever sings there."""
    beat, found = piece.plan.metre.beat, []
    for phrase in piece.plan.phrases:
        if not phrase.sung:
            continue
        up = 12 * piece.octave(phrase)
        row = enumerate(phrase.contour)
        found.append([(phrase.start + (n + 0.5) * beat, height + up) for n, height in row])
    return found


def _drums(piece: Piece) -> tuple[int, ...]:
    """The keys of the drums that are struck, lowest first."""
    part = piece.part("drums")
    return tuple(sorted({note.key_number for note in part.notes})) if part is not None else ()


def _title(figure: Any, piece: Piece, height: float) -> None:
    """What the piece is, and which colour is whose."""
    plan = piece.plan
    figure.text(LEFT, 1 - 0.32 / height, piece.heading, fontsize=17, fontweight="bold", va="center")
    facts = (
        f"{music(plan.key.name)}, {plan.metre.name}, {piece.plan.mood.name}, "
        f"{plan.bars} bars, {round(piece.seconds)} seconds"
    )
    figure.text(LEFT + BROAD, 1 - 0.32 / height, facts, fontsize=11, va="center", ha="right")
    named = [(part.role, f"{part.role}: {part.instrument.name}") for part in piece.parts]
    named = [(role, name.removesuffix(": drums")) for role, name in named]
    tension = [(TENSION, "tension")] if plan.tension else []
    _legend(figure, [*named, ("", "the skyline"), *tension], 1 - 0.68 / height)


def _legend(figure: Any, named: Sequence[tuple[str, str]], y: float) -> None:
    """Which colour is whose, in one line, the smaller the more there is to name."""
    made = []
    for role, name in named:
        sign = figure.text(0, y, "■" if role else "╌╌", fontsize=11)
        sign.set_color(SHADE if role == TENSION else COLOURS.get(role, "black"))
        made.append((sign, figure.text(0, y, name, fontsize=10)))
    renderer = figure.canvas.get_renderer()

    def width(text: Any) -> float:
        return float(text.get_window_extent(renderer).width) / (WIDTH * DOTS)

    room = BROAD - GAPS[0] * len(made) - GAPS[1] * (len(made) - 1)
    # By steps, for letters do not grow evenly: they are fitted to dots.
    while sum(width(text) for row in made for text in row) > room:
        for row in made:
            for text in row:
                text.set_fontsize(text.get_fontsize() * SMALLER)
    x = LEFT
    for row in made:
        for text, gap in zip(row, GAPS, strict=True):
            text.set_x(x)
            x += width(text) + gap


def _row(
    axes: Any, piece: Piece, row: int, compass: tuple[int, int], drums: tuple[int, ...]
) -> None:
    """So many bars: their notes, over the form, the chords and the contour."""
    plan = piece.plan
    begin, end = row * BARS * plan.metre.bar, (row + 1) * BARS * plan.metre.bar
    low, high = compass
    floor = low - DRUM_LANE * len(drums)
    _frame(axes, piece, (begin, end), (floor, low, high), drums)
    _tension(axes, piece, (begin, end), (floor, high))
    for part in piece.parts:
        _notes(axes, part, (begin, end), low, drums)
    for phrase in contour(piece):
        line = [(tick, height) for tick, height in phrase if begin <= tick < end]
        if line:
            axes.plot(*zip(*line, strict=True), "--", color="black", linewidth=1.1, alpha=0.75)


def _tension(axes: Any, piece: Piece, span: tuple[int, int], lines: tuple[float, float]) -> None:
    """The line of tension as a shade behind the notes: nought at the bottom, 1 at the top."""
    plan, (low, high) = piece.plan, lines
    bar = plan.metre.bar
    bars = range(span[0] // bar, min(span[1] // bar, len(plan.tension)))
    ticks = [tick for number in bars for tick in (number * bar, (number + 1) * bar)]
    heights = [low + (high - low) * plan.tension[number] for number in bars for _ in range(2)]
    axes.fill_between(ticks, low, heights, color=SHADE, alpha=0.2, linewidth=0, zorder=0.3)


def _frame(
    axes: Any,
    piece: Piece,
    span: tuple[int, int],
    lines: tuple[float, int, int],
    drums: tuple[int, ...],
) -> None:
    """Sections, bars, octaves and chords."""
    plan = piece.plan
    (begin, end), (floor, low, high) = span, lines
    axes.set_xlim(begin, end)
    axes.set_ylim(floor, high)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    for number, section in enumerate(plan.sections):
        left, right = max(begin, section.start), min(end, section.end)
        if left >= right:
            continue
        axes.axvspan(left, right, color="#F3EEE4" if number % 2 == 0 else "#E7EDF1", zorder=0)
        name = section.name
        if left == section.start and section.kind == STATEMENT:
            whole = f"{name}  {section.region}"
            room = WIDTH * BROAD * (end - left) / (end - begin)
            name = whole if BOLD * len(whole) <= room else name
        axes.text(left, high + 6.6, name, fontsize=10, fontweight="bold", clip_on=False)
    for tick in range(begin, min(end, plan.end) + 1, plan.metre.bar):
        axes.axvline(tick, color="white", linewidth=1.4, zorder=0.5)
    for octave in range(-1, 10):
        if low <= 12 * (octave + 1) <= high:
            height = [12 * (octave + 1)] * 2
            axes.plot(
                [begin, min(end, plan.end)], height, color="#B9B3A6", linewidth=0.6, zorder=0.6
            )
    names = [octave for octave in range(-1, 10) if low <= 12 * (octave + 1) <= high]
    lanes = {_lane(key, low, drums): DRUM_NAMES.get(key, str(key)) for key in drums}
    axes.set_yticks(
        [*(12 * (octave + 1) for octave in names), *lanes],
        [*(f"C{octave}" for octave in names), *lanes.values()],
    )
    bars = range(begin, min(end, plan.end), plan.metre.bar)
    axes.set_xticks(list(bars), [str(tick // plan.metre.bar + 1) for tick in bars])
    axes.tick_params(length=0, labelsize=8)
    for label in numerals(piece, begin, end):
        axes.axvline(label.tick, color="#B9B3A6", linewidth=0.5, zorder=0.7)
        above = high + 1.2 + HIGHER * label.level
        axes.text(label.tick, above, f" {label.words}", fontsize=label.size, clip_on=False)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A chord's name in the roll: its place, its size in points, and its row above the notes."""

    tick: int
    words: str
    size: float
    level: int


def numerals(piece: Piece, begin: int, end: int) -> list[Numeral]:
    """The names of the chords that begin from one tick to another, none over another: set smaller
    where the next one comes soon, and where that is not enough, by turns in two rows."""
    points = WIDTH * BROAD * 72 / (BARS * piece.plan.metre.bar)  # a tick
    found: list[Numeral] = []
    free = [0.0, 0.0]  # points from which each row has room
    for span in piece.harmony.spans:
        if not begin <= span.start < end:
            continue
        words = roman(span.chord.roman)
        wide = _wide(f" {words} ")
        # Rounded down, so that what fits does.
        room = floor(10 * (span.end - span.start) * points / wide) / 10
        size = max(SMALLEST, min(LARGEST, room))
        left = (span.start - begin) * points
        level = 0 if free[0] <= left or free[0] <= free[1] else 1
        free[level] = left + size * wide
        found.append(Numeral(span.start, words, size, level))
    return found


def _wide(words: str) -> float:
    """How wide words are, in points, at a size of one point."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font: Any = get_font(findfont(FontProperties(family="DejaVu Sans")))
    font.set_size(100, 72)
    font.set_text(words)
    return float(font.get_width_height()[0]) / 64 / 100


def _lane(key: int, low: int, drums: tuple[int, ...]) -> float:
    """The height of a drum's lane."""
    return low - DRUM_LANE * (len(drums) - drums.index(key) - 0.5)


def _notes(axes: Any, part: Part, span: tuple[int, int], low: int, drums: tuple[int, ...]) -> None:
    """A part's notes as bars, the louder the fuller; drums in lanes of their own."""
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import to_rgba

    begin, end = span
    boxes, faces = [], []
    for note in part.notes:
        if not begin <= note.start < end:
            continue
        if part.role == "drums":
            middle = _lane(note.key_number, low, drums)
            left, right, half = note.start, note.start + 5, 0.5
        else:
            middle = float(note.key_number + 12 * part.octave)
            # Broader, so that it is seen behind a melody that it doubles at the unison.
            left, right = note.start, note.end - 1
            half = 0.7 if part.role == "doubling" else 0.44
        boxes.append(
            [
                (left, middle - half),
                (right, middle - half),
                (right, middle + half),
                (left, middle + half),
            ]
        )
        faces.append(to_rgba(COLOURS[part.role], 0.4 + 0.6 * note.velocity / 127))
    order = {**dict.fromkeys(SINGERS, 3), "doubling": 1.5}.get(part.role, 2)
    axes.add_collection(PolyCollection(boxes, facecolors=faces, edgecolors="none", zorder=order))
