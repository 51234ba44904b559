"""The mood that a table intends for pictures against the mood that is heard in their pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from composer.compose import compose_decided
from composer.errors import UserError
from composer.evaluate.fit import fit
from composer.evaluate.mood import AXES, Correlation, MoodReport, Rated, correlate, report
from composer.evaluate.sound import WEIGHTS, Heard, hear
from composer.files.midi import encode
from composer.mapping import Table, decide
from corpora.progress import watched

AIMS: Mapping[str, float] = {"valence": 0.6, "arousal": 0.7}


@dataclass(frozen=True, slots=True)
class Told:
    """A picture's piece: the mood that the table decided, and what is measured on its MIDI."""

    file: str
    intended: Mapping[str, float]
    heard: Heard


@dataclass(frozen=True, slots=True)
class SoundReport:
    """How well the mood that is heard follows the mood that was intended, over some pictures.

    `properties` has, for each axis, the correlation of what was intended with each property that
    the model weighs.
    """

    melody: str
    moods: Mapping[str, Correlation]
    properties: Mapping[str, Mapping[str, float]]

    def __str__(self) -> str:
        count = self.moods["valence"].n
        rows = [
            f"The mood intended and the mood heard in {count} pieces composed from them, melody by "
            f"{self.melody}, seed 0",
            "(measured on the MIDI; weighed as people's ratings of 3,000 clips are):",
        ]
        for axis in AXES:
            found = self.moods[axis]
            verdict = "met" if found.r >= AIMS[axis] else "missed"
            rows.append(f"  {axis:<8} {found}  (aim {AIMS[axis]}: {verdict})")
            known = self.properties[axis].items()
            said = ", ".join(f"{name.replace('_', ' ')} {r:+.2f}" for name, r in known)
            rows.append(f"           with {said}")
        return "\n".join(rows)


@dataclass(frozen=True, slots=True)
class WholeReport:
    """Pictures to people, as decided and as fitted out of fold, and pictures to sound."""

    people: MoodReport
    outside: Mapping[str, Correlation]
    sound: SoundReport

    def __str__(self) -> str:
        rows = [str(self.people), ""]
        if self.outside:
            rows.append("The same rules with weights fitted to other subjects' photographs:")
            rows += [f"  {axis:<8} {found}" for axis, found in self.outside.items()]
        else:
            rows.append("Too few subjects to fit the rules' weights and judge them on others.")
        return "\n".join([*rows, "", str(self.sound)])


def evaluate(table: Table, rated: Sequence[Rated], melody: str) -> WholeReport:
    """Judge a table's mood on rated pictures both ways."""
    try:
        outside = {axis: fit(table, rated, axis).outside for axis in AXES}
    except UserError:
        outside = {}
    return WholeReport(report(table, rated), outside, sound(pieces(table, rated, melody), melody))


def pieces(table: Table, rated: Sequence[Rated], melody: str) -> tuple[Told, ...]:
    """Compose every picture and measure its MIDI."""
    told = []
    for each in watched(rated, "composing"):
        assert each.analysis is not None, each.file
        made = decide(table, each.features)
        piece = compose_decided(each.analysis, table, made, 0, melody=melody)
        intended = {axis: made.number(axis) for axis in AXES}
        told.append(Told(each.file, intended, hear(encode(piece))))
    return tuple(told)


def sound(told: Sequence[Told], melody: str) -> SoundReport:
    """Correlate what was intended with what is heard."""
    wished = {axis: [each.intended[axis] for each in told] for axis in AXES}
    values = [asdict(each.heard) for each in told]
    return SoundReport(
        melody,
        {axis: correlate(wished[axis], [each.heard.mood(axis) for each in told]) for axis in AXES},
        {
            axis: {
                name: correlate(wished[axis], [row[name] for row in values]).r
                for name in WEIGHTS[axis]
            }
            for axis in AXES
        },
    )
