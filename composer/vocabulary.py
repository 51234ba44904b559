"""The names that a table may use: features, the libraries' entries, what the composer reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from theory.metre import METRES

Facts = Mapping[str, object]
Libraries = Mapping[str, Mapping[str, Facts]]  # library -> entry -> its facts


@dataclass(frozen=True, slots=True)
class Need:
    """What the composer can carry out for a decision: numbers in `bounds`, or these `choices`
    (a table may offer fewer), or the entries of `library`."""

    bounds: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    library: str = ""

    @property
    def kind(self) -> str:
        return "number" if self.bounds else "choice"


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A file of entries for one of the libraries: `file` is how it is named in faults."""

    library: str
    file: str
    data: bytes


def _unopened(files: tuple[LibraryFile, ...]) -> Libraries:
    """No file can be opened where none is known."""
    raise AssertionError(files)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The known names.

    features: name -> (low, high), the range in the feature's own unit.
    libraries: the entries of each, in declared order. Of an entry's facts the mapping reads
      `only: {decision: [choices]}` and the one that a decision's `default` names.
    regional: the same for what a term can measure `in` a region of the picture.
    needs: what a table has to decide for the composer; empty to accept any table.
    open_to: the libraries that a table can add files of its own to, and `opened` the entries of
      all the libraries with such files added.
    """

    features: Mapping[str, tuple[float, float]]
    libraries: Libraries = field(default_factory=dict)
    needs: Mapping[str, Need] = field(default_factory=dict)
    regional: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    open_to: tuple[str, ...] = ()
    opened: Callable[[tuple[LibraryFile, ...]], Libraries] = _unopened


# The tonics and modes that the planner has progressions and cadences for.
TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MODES = ("lydian", "ionian", "mixolydian", "dorian", "aeolian", "harmonic minor", "phrygian")
NEEDS: Mapping[str, Need] = MappingProxyType(
    {
        "valence": Need(bounds=(-1, 1)),
        "arousal": Need(bounds=(-1, 1)),
        "mood": Need(),
        "tonic": Need(choices=TONICS),
        "mode": Need(choices=MODES),
        "melodic_scale": Need(choices=("heptatonic", "pentatonic")),
        "metre": Need(choices=tuple(METRES)),
        "form": Need(library="forms"),
        "bars": Need(bounds=(16, 64)),
        "tempo": Need(bounds=(50, 170)),
        "swing": Need(bounds=(0, 1)),
        "language": Need(choices=("strict", "modal", "popular")),
        "chords": Need(choices=("triads", "sevenths", "borrowed", "modal")),
        "progression": Need(library="progressions"),
        "middle_key": Need(choices=("home", "dominant", "subdominant", "relative")),
        "harmonic_rhythm": Need(bounds=(0.5, 2)),
        "dissonance": Need(bounds=(0, 1)),
        "cadence": Need(choices=("authentic", "plagal", "modal")),
        "upbeat": Need(choices=("none", "quaver", "beat")),
        "density": Need(bounds=(0.5, 3)),
        "register": Need(bounds=(64, 79)),
        "range": Need(bounds=(9, 17)),
        "articulation": Need(bounds=(0.4, 1)),
        "dynamics": Need(bounds=(40, 110)),
        "dynamic_range": Need(bounds=(0, 40)),
        "rubato": Need(bounds=(0, 1)),
        "ensemble": Need(library="ensembles"),
        "melody_instrument": Need(library="instruments"),
        "counter_instrument": Need(library="instruments"),
        "chord_instrument": Need(library="instruments"),
        "bass_instrument": Need(library="instruments"),
        "counter_melody": Need(choices=("none", "contrary")),
        "chord_pattern": Need(library="chord_patterns"),
        "bass_pattern": Need(library="bass_patterns"),
        "drum_pattern": Need(library="drum_patterns"),
    }
)
