"""Table 4 of `promenade evaluate melody`: melodies that were composed, and melodies of people.

The same plans are sung by the rules, by the network with plain masking and by the full sampler;
people's melodies are the held-out songs with chords, cut to as many bars as the pieces have. The
pieces are in the metres of these, as often as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.catalogue import CATALOGUE
from analysis.picture.load import load
from composer.evaluate.likeness import POOLED, SINGLE, Likeness, Line, compare, of_tune
from composer.music.harmony import harmonise
from composer.music.melody import sing_melody
from composer.music.melody.by_rules import RulesSinger
from composer.music.melody.learned import TEMPERATURE, LearnedSinger
from composer.music.plan import make_plan
from composer.music.vocabulary import vocabulary
from composer.table import Table as Rules
from composer.table import decide, load_table
from corpora import dataset
from corpora.progress import watched
from neural import weights
from neural.evaluate.tables import FigureRow, FigureTable
from neural.sample import Singer
from theory.noise import Noise

METRES = ("4/4", "3/4", "2/4", "6/8")  # those that people's held-out songs are in
BARS = 16  # of a piece, and of a line of people's
# People's stretches have neither beginning nor end.
SQUARE = {"introduction": "none", "coda": "none", "phrasing": "square"}


def generated(data: Path, pieces: int, file: Path | None = None) -> tuple[FigureTable, FigureTable]:
    """Compose so many melodies three ways, and hold them against held-out songs with chords: the
    overlaps of distributions, and the means of what is one number a melody.

    data: a dataset with chords that people wrote. file: weights; None are the shipped ones. Raises
    CorpusError or WeightsError for a faulty file.
    """
    people = [
        line
        for tune in dataset.read(data)
        if tune.chords and "chords" not in tune.inferred and dataset.split(tune) == "test"
        if tune.metre.name in METRES
        for line in of_tune(tune, BARS)
    ]
    read = weights.read(weights.SHIPPED if file is None else file)
    ways: dict[str, Singer | None] = {
        "rules": None,
        "masked": Singer(read, particles=1, temperature=TEMPERATURE),
        "sampler": Singer(read, temperature=TEMPERATURE),
    }
    analysis, rules = analyse(load("sample:china")), load_table(None, vocabulary())
    rows = []
    for name, singer in ways.items():
        lines = []
        for number in watched(range(pieces), f"composing, {name}"):
            metre = people[number % len(people)].metre.name
            lines.append(_line(analysis, rules, number, metre, singer))
        rows.append(compare(name, lines, people))
    return _overlaps(rows, len(people)), _means(rows, compare("people", people, people))


def _overlaps(rows: Sequence[Likeness], people: int) -> FigureTable:
    lines = [
        FigureRow(name, tuple(row.overlaps[name] for row in rows)) for name in (*POOLED, *SINGLE)
    ]
    mean = tuple(float(np.mean(list(row.overlaps.values()))) for row in rows)
    notes = (
        f"{rows[0].lines} composed melodies of {BARS} bars in people's metres, seeds 0 up; masked: "
        f"one particle; people: {people} stretches of {BARS} bars from held-out songs with chords.",
    )
    return FigureTable(
        "Overlap, 0 to 1, of distributions of what is sung with people's melodies",
        tuple(row.name for row in rows),
        (*lines, FigureRow("mean", mean)),
        notes,
    )


def _means(rows: Sequence[Likeness], people: Likeness) -> FigureTable:
    every = [*rows, people]
    lines = [FigureRow(name, tuple(row.means[name] for row in every)) for name in SINGLE]
    return FigureTable(
        "The means of the same a melody", tuple(row.name for row in every), tuple(lines)
    )


def _line(analysis: Analysis, rules: Rules, number: int, metre: str, singer: Singer | None) -> Line:
    """The melody of a number: its own features and seed."""
    rng = np.random.default_rng(number)
    drawn = {name: round(rng.uniform(f.low, f.high), 6) for name, f in CATALOGUE.items()}
    decisions = decide(rules, drawn, {"metre": metre, "bars": str(BARS), **SQUARE})
    noise = Noise(number)
    plan = make_plan(decisions, replace(analysis, features=drawn), frozenset())
    frame = harmonise(plan, noise)
    voice = (
        RulesSinger(plan, frame, noise)
        if singer is None
        else LearnedSinger(singer, plan, frame, noise)
    )
    tune = sing_melody(plan, frame, voice)
    return Line(
        plan.key.tonic.chroma,
        plan.metre,
        plan.end // plan.metre.bar,
        tuple((n.start, n.end, n.pitch.midi) for n in tune.notes if n.pitch and n.start >= 0),
        tuple(
            (span.start, span.end, tuple(tone.chroma for tone in span.chord.tones))
            for span in tune.harmony.spans
        ),
    )
