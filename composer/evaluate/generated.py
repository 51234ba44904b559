"""Table 4 of `promenade evaluate melody`: melodies that were composed, and melodies of people.

The same plans are sung by the rules, by the network with plain masking and by the full sampler;
people's melodies are the held-out songs with chords, cut to as many bars as the pieces have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from analysis.analyse import Analysis, analyse
from analysis.catalogue import CATALOGUE
from analysis.picture import load
from composer.evaluate.likeness import POOLED, SINGLE, Likeness, Line, compare, of_tune
from composer.harmonise import harmonise
from composer.mapping import Table, decide, load_table
from composer.melody.by_rules import RulesVoice
from composer.melody.learned import TEMPERATURE, LearnedVoice
from composer.melody.melody import sing_melody
from composer.plan import make_plan
from composer.vocabulary import vocabulary
from corpora import dataset
from neural import weights
from neural.sample import Singer
from theory.noise import Noise

METRES = ("4/4", "3/4", "2/4", "6/8")  # those that people's held-out songs are in
BARS = 16  # of a line of people's


@dataclass(frozen=True, slots=True)
class Generated:
    """The table: a row for each way to sing, a column for each thing compared."""

    people: int
    rows: tuple[Likeness, ...]
    means: dict[str, float]

    def __str__(self) -> str:
        columns = [*POOLED, *SINGLE]
        wide = max(map(len, columns))
        head = f"{'':{wide}}" + "".join(f"{row.name:>12}" for row in self.rows)
        lines = [
            "Overlap with people's melodies, 0 to 1, of distributions of what is sung",
            f"(composed: {self.rows[0].lines} pieces, seeds 0 up; people: {self.people} stretches "
            f"of {BARS} bars from held-out songs of POP909 and OpenEWLD)",
            "",
            head,
        ]
        for name in columns:
            cells = "".join(f"{row.overlaps[name]:12.2f}" for row in self.rows)
            lines.append(f"{name:{wide}}{cells}")
        average = [np.mean(list(row.overlaps.values())) for row in self.rows]
        lines.append(f"{'mean':{wide}}" + "".join(f"{each:12.2f}" for each in average))
        lines += ["", f"{'means a melody':{wide}}" + head[wide:] + f"{'people':>12}"]
        for name in SINGLE:
            cells = "".join(f"{row.means[name]:12.2f}" for row in self.rows)
            lines.append(f"{name:{wide}}{cells}{self.means[name]:12.2f}")
        return "\n".join(lines)


def generated(data: Path, pieces: int, file: Path | None = None) -> Generated:
    """Compose so many melodies three ways, and hold them against held-out songs with chords.

    data: a dataset with chords that people wrote. file: weights; None are the shipped ones.
    Raises CorpusError or WeightsError for a faulty file.
    """
    people = [
        line
        for tune in dataset.read(data)
        if tune.chords and "chords" not in tune.inferred and dataset.split(tune) == "test"
        if tune.metre.name in METRES
        for line in of_tune(tune, BARS)
    ]
    model = weights.load(weights.SHIPPED if file is None else file)
    ways: dict[str, Singer | None] = {
        "rules": None,
        "masked": Singer(model, particles=1, temperature=TEMPERATURE),
        "sampler": Singer(model, temperature=TEMPERATURE),
    }
    analysis, table = analyse(load("sample:china")), load_table(None, vocabulary())
    rows = []
    for name, singer in ways.items():
        lines = [_line(analysis, table, number, singer) for number in range(pieces)]
        rows.append(compare(name, lines, people))
    means = compare("people", people, people).means
    return Generated(len(people), tuple(rows), dict(means))


def _line(analysis: Analysis, table: Table, number: int, singer: Singer | None) -> Line:
    """The melody of a number: its own features and seed, the next metre in turn."""
    rng = np.random.default_rng(number)
    drawn = {name: round(rng.uniform(f.low, f.high), 6) for name, f in CATALOGUE.items()}
    decisions = decide(table, drawn, {"metre": METRES[number % len(METRES)]})
    noise = Noise(number)
    plan = make_plan(decisions, replace(analysis, features=drawn), frozenset())
    frame = harmonise(plan, decisions, noise)
    voice = (
        RulesVoice(plan, frame, decisions, noise)
        if singer is None
        else LearnedVoice(singer, plan, frame, decisions, noise)
    )
    tune = sing_melody(plan, frame, decisions, voice)
    return Line(
        plan.key.tonic,
        plan.metre,
        plan.end // plan.metre.bar,
        tuple((n.start, n.end, n.pitch.midi) for n in tune.notes if n.pitch and n.start >= 0),
        tuple((span.start, span.end, span.chord) for span in tune.harmony.spans),
    )
