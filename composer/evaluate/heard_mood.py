"""The mood that is heard in a MIDI file, by a linear model of people's ratings.

Seven properties are measured on the file itself, by mido, with no look at what it was made from;
each, in standard deviations of ordinary MIDI files, is weighted as ratings of 3,000 clips have it
(the bibliography's `midi3000`; R² .36 for valence and .70 for arousal).
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from mido import MidiFile

from composer.errors import UserError
from composer.evaluate.mood import AXES, Correlation, MoodReport, Rated, correlate, report
from composer.evaluate.sources import Tellers, clustered, sources
from composer.pipeline import compose_decided
from composer.render.rendering import Rendering
from composer.settings import Settings
from composer.table import Table, decide
from corpora.progress import watched

DRUMS = 9  # General MIDI's percussion channel
TOGETHER = 0.03  # seconds within which notes are heard to begin at once
MAJOR_THIRD, MINOR_THIRD = 4, 3

# Standardised weights of valence and of arousal, over 3,000 rated MIDI clips.
WEIGHTS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "valence": {
            "major": 0.28,
            "note_length": -0.27,
            "mean_pitch": 0.22,
            "tempo": 0.19,
            "onset_rate": 0.11,
            "pitch_range": 0.10,
            "velocity": 0.09,
        },
        "arousal": {
            "onset_rate": 0.55,
            "velocity": 0.29,
            "pitch_range": 0.17,
            "tempo": 0.13,
            "note_length": -0.09,
        },
    }
)
# A standard deviation of each property among MIDI files. Onset rate and velocity: of the rated
# clips. Of the others none is published: of 300 files of popular and classical music found on the
# web, from the 10th to the 90th percentile as of a normal distribution, since broken files hold
# some keys for minutes.
SPREADS: Mapping[str, float] = MappingProxyType(
    {
        "major": 0.49,
        "note_length": 0.26,
        "mean_pitch": 4.25,
        "tempo": 32.0,
        "onset_rate": 1.9,
        "pitch_range": 11.3,
        "velocity": 14.0,
    }
)


@dataclass(frozen=True, slots=True)
class HeardMood:
    """What is measured on a MIDI file: what the model of ratings listens to.

    `major` is 1 or 0, `note_length` in seconds, `mean_pitch` a MIDI number, `tempo` in quarter
    notes a minute, `onset_rate` in moments a second at which anything begins, `pitch_range` in
    semitones, `velocity` 1..127. Pitches leave drums out; times, onsets and velocity do not.
    """

    major: float
    note_length: float
    mean_pitch: float
    tempo: float
    onset_rate: float
    pitch_range: float
    velocity: float

    def mood(self, axis: str) -> float:
        """The valence or the arousal that the model hears, in standard deviations of its own; only
        differences between pieces mean anything."""
        values: Mapping[str, float] = asdict(self)
        return sum(weight * values[name] / SPREADS[name] for name, weight in WEIGHTS[axis].items())


@dataclass(frozen=True, slots=True)
class StruckNote:
    """A note in seconds."""

    start: float
    end: float
    key: int
    velocity: int
    drum: bool


def hear(data: bytes) -> HeardMood:
    """Measure a MIDI file's bytes. Raises ValueError for one with no pitched note."""
    file = MidiFile(file=io.BytesIO(data))
    notes, beats, seconds = _notes(file)
    pitched = [note for note in notes if not note.drum]
    if not pitched:
        raise ValueError("there is no note in it")
    starts = sorted(note.start for note in notes)
    moments = 1 + sum(later - one > TOGETHER for one, later in pairwise(starts))
    long = max(note.end for note in notes) - starts[0]
    keys = sorted(note.key for note in pitched)
    return HeardMood(
        major=_major(pitched),
        note_length=sum(note.end - note.start for note in pitched) / len(pitched),
        mean_pitch=sum(keys) / len(keys),
        tempo=60 * beats / seconds,
        onset_rate=moments / max(long, 1.0),
        pitch_range=float(keys[-1] - keys[0]),
        velocity=sum(note.velocity for note in notes) / len(notes),
    )


def struck(data: bytes) -> list[StruckNote]:
    """The notes of a MIDI file's bytes, in seconds."""
    return _notes(MidiFile(file=io.BytesIO(data)))[0]


def _notes(file: MidiFile) -> tuple[list[StruckNote], float, float]:
    """The notes as keys are struck and let go, and how long the file is in quarters and seconds."""
    held: dict[tuple[int, int], list[tuple[float, int]]] = {}
    notes: list[StruckNote] = []
    now, quarters, tempo = 0.0, 0.0, 500_000
    for message in file:
        now += message.time
        quarters += message.time * 1e6 / tempo
        if message.type == "set_tempo":
            tempo = message.tempo
        elif message.type == "note_on" and message.velocity:
            held.setdefault((message.channel, message.note), []).append((now, message.velocity))
        elif message.type in ("note_on", "note_off"):
            struck = held.get((message.channel, message.note))
            if struck:
                start, velocity = struck.pop(0)
                drum = message.channel == DRUMS
                notes.append(StruckNote(start, now, message.note, velocity, drum))
    return notes, quarters, max(now, 1e-9)


def _major(notes: list[StruckNote]) -> float:
    """Is the third above the last bass note major, by how long either third sounds?"""
    last = max(note.start for note in notes)
    tonic = min(note.key for note in notes if note.end > last)
    sounding: Counter[int] = Counter()
    for note in notes:
        sounding[(note.key - tonic) % 12] += round(1000 * (note.end - note.start))
    return float(sounding[MAJOR_THIRD] > sounding[MINOR_THIRD])


AIMS: Mapping[str, float] = {"valence": 0.6, "arousal": 0.7}


@dataclass(frozen=True, slots=True)
class MoodPair:
    """A picture's piece: the mood that the table decided, and what is measured on its MIDI."""

    file: str
    intended: Mapping[str, float]
    heard: HeardMood


@dataclass(frozen=True, slots=True)
class HeardMoodReport:
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
    """Pictures to people, as decided and as fitted out of fold, and pictures to sound.

    sound, rated: None where only numbers are at hand, of which nothing can be composed; `rated` is
    how well the mood heard in pieces follows people's ratings of their pictures, the moods being
    those that other families' fits decide.
    """

    people: MoodReport
    outside: Tellers | None
    sound: HeardMoodReport | None
    rated: Mapping[str, Correlation] | None

    def __str__(self) -> str:
        rows = [str(self.people), ""]
        if self.outside is None:
            rows.append("Too few subjects to fit the rules' weights and judge them on others.")
        else:
            rows.append(str(self.outside))
        if self.sound is not None:
            rows += ["", str(self.sound)]
        if self.rated is not None:
            rows += ["", "The mood heard, of moods decided out of fold, and people's ratings:"]
            rows += [f"  {axis:<8} {found}" for axis, found in self.rated.items()]
        return "\n".join(rows)


def evaluate(table: Table, rated: Sequence[Rated], melody: str) -> WholeReport:
    """Judge a table's mood on rated pictures both ways."""
    try:
        outside = sources(table, rated)
    except UserError:
        outside = None
    people = report(table, rated)
    if any(each.analysis is None for each in rated):
        return WholeReport(people, outside, None, None)
    made = compare_moods(pieces(table, rated, melody), melody)
    if outside is None:
        return WholeReport(people, None, made, None)
    apart = pieces(table, rated, melody, _decided(table, rated, outside))
    return WholeReport(people, outside, made, _followed(apart, rated))


def _decided(table: Table, rated: Sequence[Rated], outside: Tellers) -> Sequence[Mapping[str, str]]:
    """For each picture the mood that other families' fits say, in the table's scale, where 0 is the
    mean of the ratings."""
    moods: list[dict[str, str]] = [{} for _ in rated]
    for axis in AXES:
        mean = sum(each.ratings[axis] for each in rated) / len(rated)
        asked = table.decisions[axis]
        for mood, said in zip(moods, outside.outside[axis], strict=True):
            held = min(float(asked.high), max(float(asked.low), float(said) - mean))
            mood[axis] = f"{held:.3f}"
    return moods


def _followed(pairs: Sequence[MoodPair], rated: Sequence[Rated]) -> Mapping[str, Correlation]:
    """The mood heard against people's ratings; intervals over subjects."""
    found = {}
    for axis in AXES:
        heard = [pair.heard.mood(axis) for pair in pairs]
        ratings = [each.ratings[axis] for each in rated]
        low, high = clustered(np.array(heard), np.array(ratings), [e.subject for e in rated])
        found[axis] = Correlation(correlate(heard, ratings).r, low, high, len(pairs))
    return found


def pieces(
    table: Table,
    rated: Sequence[Rated],
    melody: str,
    moods: Sequence[Mapping[str, str]] | None = None,
) -> tuple[MoodPair, ...]:
    """Compose every picture, by the mood given if there is one, and measure its MIDI."""
    pairs = []
    for number, each in enumerate(watched(rated, "composing")):
        assert each.analysis is not None, each.file
        made = decide(table, each.features, None if moods is None else moods[number])
        piece = compose_decided(each.analysis, table, made, Settings(melody=melody))
        intended = {axis: made.number(axis) for axis in AXES}
        pairs.append(MoodPair(each.file, intended, hear(Rendering(piece).midi)))
    return tuple(pairs)


def compare_moods(pairs: Sequence[MoodPair], melody: str) -> HeardMoodReport:
    """Correlate what was intended with what is heard."""
    wished = {axis: [each.intended[axis] for each in pairs] for axis in AXES}
    values = [asdict(each.heard) for each in pairs]
    return HeardMoodReport(
        melody,
        {axis: correlate(wished[axis], [each.heard.mood(axis) for each in pairs]) for axis in AXES},
        {
            axis: {
                name: correlate(wished[axis], [row[name] for row in values]).r
                for name in WEIGHTS[axis]
            }
            for axis in AXES
        },
    )
