"""The figures of many pieces beside people's, as a table and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from composer.evaluate.likeness import FEWEST, Line, compare
from composer.evaluate.music import outline
from composer.evaluate.music.figures import Estimate, Range, estimate, people_range
from composer.evaluate.music.measures import MEASURES, of_piece
from composer.evaluate.music.notes import CHORDS, MELODY, PICTURE, Music, classes
from composer.evaluate.music.people import NAMES
from composer.evaluate.music.rows import (
    BY_CONTOUR,
    BY_MUSIC,
    DARKER,
    FOLLOWED,
    INSIDE,
    OVERLAP,
    Aim,
    Row,
    rows,
    thirds,
)

LINE = 16  # bars of a line that is compared
SHARP = "semitones and tritones at once"


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A line of the table: a figure, people's by source, their range, and what was asked."""

    name: str
    unit: str
    ours: Estimate | None
    people: Mapping[str, Estimate]
    between: Range | None = None
    aim: Aim | None = None

    @property
    def outside(self) -> bool:
        """Does our figure lie outside people's tenth to ninetieth percentile?"""
        return self.ours is not None and not (
            self.between is None or self.between.holds(self.ours.value)
        )

    @property
    def met(self) -> bool | None:
        """Is what was asked so? None where nothing was."""
        if self.aim is None or self.ours is None:
            return None
        return self.aim.met(round(self.ours.value, 3))


@dataclass(frozen=True, slots=True)
class MusicReport:
    """What was measured. `heading` says on what; `left_out` why files could not be read."""

    heading: str
    lines: tuple[FigureLine, ...]
    pieces: Mapping[str, Mapping[str, float]]
    left_out: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """The figures as plain data; `pieces` has each piece's own."""
        return {
            "heading": self.heading,
            "figures": [
                {
                    "name": line.name,
                    "unit": line.unit,
                    "ours": line.ours and asdict(line.ours),
                    "people": {source: asdict(each) for source, each in line.people.items()},
                    "people_10_90": line.between and [line.between.tenth, line.between.ninetieth],
                    "outside": line.outside,
                    "aim": line.aim and [line.aim.low, line.aim.high],
                    "met": line.met,
                }
                for line in self.lines
            ],
            "pieces": {name: dict(found) for name, found in self.pieces.items()},
            "left_out": dict(self.left_out),
        }

    def __str__(self) -> str:
        from composer.evaluate.music.text import table

        return table(self)


def report(
    heading: str,
    pieces: Sequence[Music],
    people: Mapping[str, Sequence[Music]],
    left_out: Mapping[str, int],
) -> MusicReport:
    """Measure everything. people: by source."""
    ours = [(piece, of_piece(piece)) for piece in pieces]
    theirs = {
        source: [(piece, of_piece(piece)) for piece in found] for source, found in people.items()
    }
    lines = [line for row in rows(pieces) if (line := _line(row, ours, theirs))]
    lines += _dark(ours)
    lines += _picture([piece for piece in pieces if PICTURE in piece.known])
    lines += _together(ours, theirs)
    return MusicReport(heading, tuple(lines), _named(ours), left_out)


Measured = Sequence[tuple[Music, Mapping[str, float]]]


def _named(ours: Measured) -> dict[str, Mapping[str, float]]:
    """Each piece's figures by its title; a second of a title is counted on."""
    found: dict[str, Mapping[str, float]] = {}
    for piece, values in ours:
        name, number = piece.title, 2
        while name in found:
            name, number = f"{piece.title} ({number})", number + 1
        found[name] = values
    return found


def _line(row: Row, ours: Measured, theirs: Mapping[str, Measured]) -> FigureLine | None:
    """None where nobody has such a figure."""
    measure = MEASURES.get(row.measure)
    yes_or_no = measure is not None and measure.yes_or_no
    own = [v[row.measure] for piece, v in ours if row.measure in v and row.ours(piece)]
    by_source = {
        source: [v[row.measure] for piece, v in found if row.measure in v and row.theirs(piece)]
        if row.theirs is not None
        else []
        for source, found in theirs.items()
    }
    people = {s: each for s, v in by_source.items() if (each := estimate(v, yes_or_no))}
    if not own and not people:
        return None
    return FigureLine(
        row.name,
        measure.unit if measure is not None else "dB",
        estimate(own, yes_or_no),
        people,
        None if yes_or_no else people_range(by_source),
        row.aim,
    )


def _dark(ours: Measured) -> Iterator[FigureLine]:
    """The medians' difference: the third of the pieces decided darkest, less the brightest."""
    darkest, brightest = thirds([piece for piece, _ in ours])
    both = [
        [values[SHARP] for piece, values in ours if id(piece) in chosen and SHARP in values]
        for chosen in (darkest, brightest)
    ]
    if all(both):
        draw = np.random.default_rng(0)
        dark, bright = (
            np.median(draw.choice(values, (1000, len(values))), axis=1) for values in both
        )
        low, high = np.percentile(dark - bright, [2.5, 97.5])
        value = float(np.median(both[0]) - np.median(both[1]))
        found = Estimate(value, float(low), float(high), len(both[0]) + len(both[1]))
        yield FigureLine(f"{SHARP}, dark less bright", "share", found, {}, aim=DARKER)


def _picture(pieces: Sequence[Music]) -> Iterator[FigureLine]:
    """What of its picture is heard in a piece."""
    followed = [outline.followed(piece) for piece in pieces]
    first = [each[0] for each in followed if each]
    every = [r for each in followed for r in each]
    for name, values, aim in (
        ("skyline to melody, first section that shows it", first, FOLLOWED),
        ("skyline to melody, all that show it", every, None),
    ):
        if values:
            yield FigureLine(name, "r", estimate(values), {}, aim=aim)
    if len(pieces) < outline.AMONG:
        return
    for name, values, aim in (
        ("picture found among ten, contour alone", outline.found_by_contour(pieces), BY_CONTOUR),
        ("picture found among ten, all music", outline.found_by_music(pieces), BY_MUSIC),
    ):
        yield FigureLine(name, "share", estimate(values, yes_or_no=True), {}, aim=aim)


def _together(ours: Measured, theirs: Mapping[str, Measured]) -> Iterator[FigureLine]:
    """How like people's pieces are altogether: measures inside their range, and distributions."""
    ranges = {
        name: between
        for name, measure in MEASURES.items()
        if not measure.yes_or_no
        and (
            between := people_range(
                {s: [v[name] for _, v in found if name in v] for s, found in theirs.items()}
            )
        )
    }
    inside = [
        float(
            np.mean([ranges[name].holds(value) for name, value in values.items() if name in ranges])
        )
        for _, values in ours
        if any(name in ranges for name in values)
    ]
    if inside:
        name = "measures inside people's 10–90 %, piece by piece"
        yield FigureLine(name, "share", estimate(inside), {}, aim=INSIDE)
    lines = [line for piece, _ in ours for line in cut(piece)]
    people = [line for found in theirs.values() for piece, _ in found for line in cut(piece)]
    if lines and people:
        overlaps = list(compare("ours", lines, people).overlaps.values())
        name = "overlap with people's distributions, ten features"
        mean = float(np.mean(overlaps))
        yield FigureLine(name, "0 to 1", Estimate(mean, None, None, len(lines)), {}, aim=OVERLAP)


def cut(music: Music, bars: int = LINE) -> Iterator[Line]:
    """Its melody over chords, cut into lines of so many bars; none where either is unknown."""
    if not {MELODY, CHORDS} <= music.known:
        return
    length = bars * music.metre.bar
    line = music.melody
    for begin in range(0, music.bars * music.metre.bar - length + 1, length):
        notes = [
            (start - begin, min(end - begin, length), pitch)
            for start, end, pitch in line[["start", "end", "pitch"]].tolist()
            if begin <= start < begin + length
        ]
        chords = [
            (max(0, start - begin), min(length, end - begin), classes(tones))
            for start, end, tones in music.chords[["start", "end", "tones"]].tolist()
            if end > begin and start < begin + length
        ]
        if len(notes) >= max(FEWEST, bars) and chords:
            tonic = int(music.facts["tonic"])
            yield Line(tonic, music.metre, bars, tuple(notes), tuple(chords))


def by_source(people: Sequence[Music]) -> dict[str, list[Music]]:
    """People's pieces by their source, in the order in which sources are shown."""
    return {
        name: found
        for name in NAMES
        if (found := [piece for piece in people if piece.source == name])
    }
