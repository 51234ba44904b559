"""Do wishes do what they say? Measured on the MIDI of a folder's pictures, wish by wish.

What is measured knows nothing of what a wish moves: gladness and energy are heard by a model of
people's ratings, brightness is how high the highest notes are, and so on: each a number that is to
rise or fall.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType

from mido import MidiFile

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import load
from composer.asking import ask
from composer.errors import UserError, nothing_legal
from composer.evaluate.heard_mood import StruckNote, hear, struck
from composer.evaluate.sound import PICTURES
from composer.pipeline import compose_decided
from composer.render.rendering import Rendering
from composer.settings import Settings
from composer.table import Table
from composer.values import Piece
from composer.vocabulary import SINGERS
from composer.wishes import axes
from corpora.progress import watched

AIM = 0.95  # the share of pictures on which a wish is to move what it says
LENGTHS = ("20s", "45s", "90s", "2min", "4min")
NEAR, SAME_TEMPO = 0.08, 0.03  # of the seconds, unless half a bar; and of the tempo
MOST_LITERAL = 0.35  # of the melody's bars may be earlier ones again
MAJOR = (0, 2, 4, 5, 7, 9, 11)
# Programs of General MIDI: vibraphone, electric pianos, jazz guitars, plucked basses, saxophones;
# and strings, winds, brass.
BAND = frozenset({4, 5, 11, 26, 27, 32, 33, 34, 35, 64, 65, 66, 67})
ORCHESTRA = frozenset({*range(40, 48), *range(56, 62), *range(68, 75)})
DRUMS = 9
COMMON = (0, 5)  # degrees of the major scale whose modes are in every ear: major and minor


@dataclass(frozen=True, slots=True)
class WishedPiece:
    """A piece's MIDI, and its notes in seconds."""

    data: bytes
    notes: tuple[StruckNote, ...]
    seconds: float

    @property
    def pitched(self) -> list[StruckNote]:
        return [note for note in self.notes if not note.drum]


def _sounding(notes: Sequence[StruckNote]) -> list[tuple[float, frozenset[int]]]:
    """For each span between two changes its seconds and the keys that sound."""
    times = sorted({note.start for note in notes} | {note.end for note in notes})
    held: list[set[int]] = [set() for _ in times]
    for note in notes:
        for at in range(bisect_right(times, note.start) - 1, len(times)):
            if times[at] >= note.end:
                break
            held[at].add(note.key)
    return [
        (later - one, frozenset(keys))
        for one, later, keys in zip(times, times[1:], held, strict=False)
    ]


def fullness(piece: WishedPiece) -> float:
    """Notes a second times the keys that sound at once, in the mean over the time."""
    spans = [(length, len(keys)) for length, keys in _sounding(piece.pitched) if keys]
    at_once = sum(length * count for length, count in spans) / sum(length for length, _ in spans)
    return at_once * len(piece.notes) / piece.seconds


def height(piece: WishedPiece) -> float:
    """The highest key that sounds, a MIDI number, in the mean over the time."""
    spans = [(length, max(keys)) for length, keys in _sounding(piece.pitched) if keys]
    return sum(length * key for length, key in spans) / sum(length for length, _ in spans)


def jazz(piece: WishedPiece) -> float:
    """Notes at two thirds of a beat and not at its half, four pitch classes at once, drums, and
    instruments of a band rather than of an orchestra."""
    file = MidiFile(file=io.BytesIO(piece.data))
    offbeat: Counter[str] = Counter()
    played: Counter[str] = Counter()
    for track in file.tracks:
        tick, program = 0, 0
        for message in track:
            tick += message.time
            if message.type == "program_change":
                program = message.program
            if message.type == "note_on" and message.velocity:
                share = tick % file.ticks_per_beat / file.ticks_per_beat
                offbeat["late"] += 0.58 < share < 0.72
                offbeat["even"] += 0.45 < share < 0.55
                if message.channel != DRUMS:
                    played["all"] += 1
                    played["band"] += program in BAND
                    played["orchestra"] += program in ORCHESTRA
    who = (played["band"] - played["orchestra"]) / max(1, played["all"])
    swing = offbeat["late"] / max(1, offbeat["late"] + offbeat["even"])
    spans = _sounding(piece.pitched)
    whole = sum(length for length, _ in spans)
    full = sum(length for length, keys in spans if len({key % 12 for key in keys}) >= 4) / whole
    return swing + 2 * full + 0.5 * any(note.drum for note in piece.notes) + who


def strangeness(piece: WishedPiece) -> float:
    """Notes outside the major scale that fits best, steps and tritones at once, a mode that is
    neither major nor minor, a bar that is neither of two, three, four nor six."""
    weight: Counter[int] = Counter()
    for note in piece.pitched:
        weight[note.key % 12] += round(1000 * (note.end - note.start))
    fits = {root: sum(weight[(root + step) % 12] for step in MAJOR) for root in range(12)}
    root = max(fits, key=lambda one: fits[one])
    foreign = 1 - fits[root] / sum(weight.values())
    last = max(note.start for note in piece.pitched)
    final = min(note.key for note in piece.pitched if note.end > last)
    step = (final - root) % 12
    rare = step not in MAJOR or MAJOR.index(step) not in COMMON
    spans = _sounding(piece.pitched)
    rough = 0.0
    for length, keys in spans:
        classes = sorted({key % 12 for key in keys})
        gaps = [(b - a) % 12 for n, a in enumerate(classes) for b in classes[n + 1 :]]
        rough += length * (sum(gap in (1, 2, 6, 10, 11) for gap in gaps) / max(1, len(gaps)))
    rough /= sum(length for length, _ in spans)
    signs = [m for m in MidiFile(file=io.BytesIO(piece.data)) if m.type == "time_signature"]
    uneven = any(sign.numerator in (5, 7) for sign in signs)
    return 2 * foreign + rough + 0.3 * rare + 0.3 * uneven


# What each line of wishes is measured by; it rises towards the line's first end.
MEASURES: Mapping[str, Callable[[WishedPiece], float]] = MappingProxyType(
    {
        "gladness": lambda piece: hear(piece.data).mood("valence"),
        "energy": lambda piece: hear(piece.data).mood("arousal"),
        "brightness": height,
        "speed": lambda piece: hear(piece.data).tempo,
        "length": lambda piece: piece.seconds,
        "fullness": fullness,
        "style": jazz,
        "strangeness": strangeness,
        "loudness": lambda piece: hear(piece.data).velocity,
    }
)


@dataclass(frozen=True, slots=True)
class WishRow:
    """A wish over some pictures: on how many it moved what it says, and how far in the median; on
    how many "much" moved no less than "a little"; and the pictures that it missed."""

    wish: str
    of: int
    moved: int
    change: float
    more: int
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LengthRow:
    """A length over some pictures: how many landed near it, kept the tempo, and did not repeat
    themselves too often."""

    length: str
    of: int
    landed: int
    kept: int
    fresh: int


@dataclass(frozen=True, slots=True)
class WishReport:
    """All wishes and lengths, on how many pictures opposite wishes gave the same bytes, and of how
    many the rules left no piece."""

    rows: tuple[WishRow, ...]
    lengths: tuple[LengthRow, ...]
    cancelled: tuple[int, int]
    unmade: int = 0

    @property
    def failures(self) -> int:
        """How many rows fall short."""
        short = sum(row.moved < AIM * row.of for row in self.rows)
        short += sum(min(row.landed, row.kept) < row.of for row in self.lengths)
        return short + (self.cancelled[0] < self.cancelled[1])

    def __str__(self) -> str:
        lines = [
            "Wishes, measured on the MIDI: pictures on which what is wished for moved that way,",
            "by how much in the median, and on which much moved it as far as a little, or farther:",
        ]
        for row in self.rows:
            share = f"{row.moved} of {row.of}"
            lines.append(
                f"  {row.wish:<15} {share:<12} {row.change:+8.2f}   {row.more} of {row.of}"
                f"{'' if row.moved >= AIM * row.of else '   missed'}"
            )
        same, of = self.cancelled
        lines.append(f"Opposite wishes gave the same bytes of MIDI {same} of {of} times.")
        lines.append("Lengths: landed within 8 % or half a bar, tempo within 3 %, not too literal:")
        for each in self.lengths:
            lines.append(
                f"  {each.length:<15} {each.landed:>4} {each.kept:>4} {each.fresh:>4}  of {each.of}"
            )
        if self.unmade:
            lines.append(f"Of {self.unmade} pictures the rules left no piece at all.")
        return "\n".join(lines)


def evaluate_wishes(table: Table, directory: str, wishes: Sequence[str] = ()) -> WishReport:
    """Compose every picture of a folder with every wish (or only some), and at some lengths."""
    folder = Path(directory)
    if not folder.is_dir():
        raise UserError(f"There is no folder {directory}.", "Name one with pictures.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
    if not paths:
        raise UserError(f"There is no picture in {directory}.", "Name another folder.")
    poles = [
        (name, n, pole.word) for name, axis in axes().items() for n, pole in enumerate(axis.poles)
    ]
    asked = [row for row in poles if not wishes or row[2] in wishes]
    moved: dict[str, list[tuple[str, float, float, float]]] = {word: [] for *_, word in asked}
    lengths: dict[str, list[tuple[bool, bool, bool]]] = {length: [] for length in LENGTHS}
    same: list[bool] = []
    unmade = 0
    for path in watched(paths, "wishing"):
        analysis = analyse(load(str(path)))
        plain = _compose(table, analysis, Settings(melody="rules"))
        if plain is None:
            unmade += 1
            continue
        usual = _heard(plain)
        for name, end, word in asked:
            sign = -1 if end else 1
            before = MEASURES[name](usual)
            by, little, much = (
                _moved(_compose(table, analysis, _wishing(text)), MEASURES[name], before, sign)
                for text in (word, f"a little {word}", f"much {word}")
            )
            moved[word].append((path.name, by, little, much))
        for axis in axes().values() if not wishes else ():
            one, other = axis.poles
            both = _compose(table, analysis, _wishing(one.word, other.word))
            same.append(both is not None and Rendering(both).midi == usual.data)
        for length in LENGTHS if not wishes else ():
            lengths[length].append(_lasts(table, analysis, plain, length))
    return WishReport(
        tuple(_row(word, found) for word, found in moved.items()),
        tuple(LengthRow(key, len(got), *_counts(got)) for key, got in lengths.items() if got),
        (sum(same), len(same)),
        unmade,
    )


def _moved(
    piece: Piece | None, measure: Callable[[WishedPiece], float], before: float, sign: int
) -> float:
    """How far a piece moved the right way; not at all where the rules left none."""
    return 0.0 if piece is None else sign * (measure(_heard(piece)) - before)


def _counts(rows: Iterable[tuple[bool, bool, bool]]) -> tuple[int, int, int]:
    landed, kept, fresh = zip(*rows, strict=True)
    return sum(landed), sum(kept), sum(fresh)


def _row(word: str, found: Sequence[tuple[str, float, float, float]]) -> WishRow:
    return WishRow(
        word,
        len(found),
        sum(by > 0 for _, by, _, _ in found),
        median(by for _, by, _, _ in found),
        sum(much >= little for _, _, little, much in found),
        tuple(name for name, by, _, _ in found if by <= 0),
    )


def _wishing(*words: str) -> Settings:
    return Settings(make=words, melody="rules")


def _compose(table: Table, analysis: Analysis, settings: Settings) -> Piece | None:
    """The piece; None where the rules leave none."""
    asked = ask(table, analysis, settings)
    try:
        return compose_decided(analysis, asked.table, asked.decisions, settings, exact=asked.exact)
    except Exception as error:
        if nothing_legal(error):
            return None
        raise


def _heard(piece: Piece) -> WishedPiece:
    data = Rendering(piece).midi
    return WishedPiece(data, tuple(struck(data)), piece.seconds)


def _lasts(table: Table, analysis: Analysis, plain: Piece, length: str) -> tuple[bool, bool, bool]:
    """Did it land, keep the tempo, and not repeat itself too often?"""
    settings = Settings(length=length, melody="rules")
    wished = settings.wished_length
    assert wished is not None
    assert wished.seconds is not None
    piece = _compose(table, analysis, settings)
    if piece is None:
        return False, False, False
    rate = piece.plan.performance.rate
    bar = piece.plan.metre.beats * 60 / rate
    over = abs(piece.seconds - float(wished.seconds))
    landed = over <= max(NEAR * float(wished.seconds), bar / 2)
    kept = abs(rate / plain.plan.performance.rate - 1) <= SAME_TEMPO
    return landed, kept, literal(piece) <= MOST_LITERAL


def literal(piece: Piece) -> float:
    """The share of the melody's bars that are an earlier bar again, note for note."""
    bar = piece.plan.metre.bar
    bars: dict[int, list[tuple[int, int, int]]] = {}
    for part in piece.parts:
        if part.role in SINGERS:
            for note in part.notes:
                row = bars.setdefault(note.start // bar, [])
                row.append((note.start % bar, note.end - note.start, note.key_number))
    seen: set[tuple[tuple[int, int, int], ...]] = set()
    again = 0
    for _, row in sorted(bars.items()):
        content = tuple(sorted(row))
        again += content in seen
        seen.add(content)
    return again / max(1, len(bars))
