"""The names that a table may use, and the registry of what there is to decide.

The registry says of every decision what the composer can carry out for it and what it shapes. All
that has to know this reads it here: the table's reader what is possible, the report which notes a
decision holds for, `--watch` whether the melody has to be sung again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType

from theory.harmony.form import NONE
from theory.harmony.phrasing import PHRASINGS, SQUARE
from theory.metre import METRES
from theory.rules import LANGUAGES

Facts = Mapping[str, object]
Stocks = Mapping[str, Mapping[str, Facts]]  # stock -> entry -> its facts


# The parts of a piece, and those of them that sing the melody, one at a time.
ROLES = ("melody", "second-melody", "doubling", "counter-melody", "chords", "bass", "drums")
SINGERS = ("melody", "second-melody")
PITCHED = tuple(role for role in ROLES if role != "drums")


class Aspect(IntEnum):
    """What there is to a piece, in the order in which it is made: each is made of those before it.

    FORM: key, metre, sections, and phrases with their cadences, contours and breaths. HARMONY: the
    chords and the four voices of the frame. MELODY: the tune. ARRANGEMENT: who plays what.
    PERFORMANCE: how it is played, with every pitch and tick as it is: tempo, loudness, swing,
    length of notes.
    """

    FORM = 1
    HARMONY = 2
    MELODY = 3
    ARRANGEMENT = 4
    PERFORMANCE = 5


@dataclass(frozen=True, slots=True)
class Need:
    """A decision that the composer needs: what it can carry out for it, and what that shapes.

    It can carry out numbers in `bounds`, or these `choices` (a table may offer fewer), or the
    entries of `stock`; any choices at all where none of these is given.

    shapes: the aspects that it shapes at first hand; those that are made of them follow.
    holds: the parts of whose every note it is true, as the metre is. The notes that any other
      decision shaped name it in their cause.
    else_: what holds where a table of one's own does not decide it; None where it has to.
    """

    bounds: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    stock: str = ""
    shapes: tuple[Aspect, ...] = ()
    holds: tuple[str, ...] = ()
    else_: str | float | None = None

    @property
    def kind(self) -> str:
        return "number" if self.bounds else "choice"


@dataclass(frozen=True, slots=True)
class OrchestraFile:
    """A file of entries for one of the stocks: `file` is how it is named in faults."""

    stock: str
    file: str
    data: bytes


def _unopened(files: tuple[OrchestraFile, ...]) -> Stocks:
    """No file can be opened where none is known."""
    raise AssertionError(files)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The known names.

    features: name -> (low, high), the range in the feature's own unit.
    stocks: the entries of each, in declared order. Of an entry's facts the mapping reads
      `only: {decision: [choices]}` and the one that a decision's `default` names.
    regional: the same for what a term can measure `in` a region of the picture.
    needs: what a table has to decide for the composer; empty to accept any table.
    open_to: the stocks that a table can add files of its own to, and `opened` the entries of
      all the stocks with such files added.
    of_music: are these music's features, and not a picture's?
    """

    features: Mapping[str, tuple[float, float]]
    stocks: Stocks = field(default_factory=dict)
    needs: Mapping[str, Need] = field(default_factory=dict)
    regional: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    open_to: tuple[str, ...] = ()
    opened: Callable[[tuple[OrchestraFile, ...]], Stocks] = _unopened
    of_music: bool = False


# The tonics and modes that the planner has progressions and cadences for.
TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MODES = (
    "lydian",
    "ionian",
    "mixolydian",
    "dorian",
    "aeolian",
    "melodic minor",
    "harmonic minor",
    "phrygian",
    "locrian",
    "octatonic",
    "whole-tone",
    "blues",
)

_FORM, _HARMONY, _MELODY, _ARRANGEMENT, _PERFORMANCE = Aspect


def _player(role: str) -> Need:
    """A decision for the instrument that plays a part."""
    return Need(stock="instruments", shapes=(_ARRANGEMENT,), holds=(role,))


# Every decision. Valence, arousal and mood shape no note by themselves: later decisions listen to
# them. What colours the harmony has a say in the form too: the phrase that surprises is one that
# can borrow a chord.
DECISIONS: Mapping[str, Need] = MappingProxyType(
    {
        "valence": Need(bounds=(-1, 1)),
        "arousal": Need(bounds=(-1, 1)),
        "mood": Need(),
        "tonic": Need(choices=TONICS, shapes=(_FORM,), holds=PITCHED),
        "mode": Need(choices=MODES, shapes=(_FORM,), holds=PITCHED),
        "melodic_scale": Need(choices=("heptatonic", "pentatonic"), shapes=(_MELODY,)),
        "metre": Need(choices=tuple(METRES), shapes=(_FORM,), holds=ROLES),
        "form": Need(stock="forms", shapes=(_FORM,), holds=ROLES),
        "bars": Need(bounds=(12, 80), shapes=(_FORM,), holds=ROLES),
        "phrasing": Need(choices=PHRASINGS, shapes=(_FORM,), holds=ROLES, else_=SQUARE),
        "introduction": Need(stock="introductions", shapes=(_FORM,), holds=ROLES, else_=NONE),
        "coda": Need(stock="codas", shapes=(_FORM,), holds=ROLES, else_=NONE),
        "tempo": Need(bounds=(50, 170), shapes=(_PERFORMANCE,), holds=ROLES),
        "swing": Need(bounds=(0, 1), shapes=(_PERFORMANCE,), holds=ROLES),
        "language": Need(choices=LANGUAGES, shapes=(_FORM,), holds=PITCHED),
        "chords": Need(
            choices=("triads", "sevenths", "borrowed", "modal"),
            shapes=(_FORM, _HARMONY),
            holds=PITCHED,
        ),
        "progression": Need(stock="progressions", shapes=(_FORM, _HARMONY), holds=PITCHED),
        "middle_key": Need(
            choices=("home", "dominant", "subdominant", "relative"), shapes=(_FORM,), holds=PITCHED
        ),
        "harmonic_rhythm": Need(bounds=(0.5, 2), shapes=(_FORM, _HARMONY), holds=PITCHED),
        "dissonance": Need(bounds=(0, 1), shapes=(_MELODY,)),
        "cadence": Need(choices=("authentic", "plagal", "modal"), shapes=(_FORM,), holds=PITCHED),
        "upbeat": Need(choices=("none", "quaver", "beat"), shapes=(_FORM,), holds=SINGERS),
        "density": Need(bounds=(0.5, 3), shapes=(_MELODY,)),
        "syncopation": Need(bounds=(0, 1), shapes=(_MELODY,), else_=0.0),
        "register": Need(bounds=(64, 79), shapes=(_FORM, _MELODY)),
        "range": Need(bounds=(9, 17), shapes=(_FORM, _MELODY)),
        "articulation": Need(bounds=(0.4, 1), shapes=(_PERFORMANCE,), holds=PITCHED),
        "dynamics": Need(bounds=(40, 110), shapes=(_PERFORMANCE,), holds=ROLES),
        "dynamic_range": Need(bounds=(0, 40), shapes=(_PERFORMANCE,), holds=ROLES),
        "rubato": Need(bounds=(0, 1), shapes=(_PERFORMANCE,), holds=ROLES),
        "ensemble": Need(stock="ensembles", shapes=(_ARRANGEMENT,), holds=ROLES),
        "melody_instrument": _player("melody"),
        "counter_instrument": _player("counter-melody"),
        "chord_instrument": _player("chords"),
        "bass_instrument": _player("bass"),
        "counter_melody": Need(choices=("none", "contrary"), shapes=(_ARRANGEMENT,)),
        "chord_pattern": Need(stock="chord_patterns", shapes=(_ARRANGEMENT,)),
        "bass_pattern": Need(stock="bass_patterns", shapes=(_ARRANGEMENT,)),
        "drum_pattern": Need(stock="drum_patterns", shapes=(_ARRANGEMENT,), holds=("drums",)),
    }
)
# What is decided of a piece that is heard.
MOOD: Mapping[str, Need] = MappingProxyType(
    {name: DECISIONS[name] for name in ("valence", "arousal", "mood")}
)
# The decision that names each part's instrument.
INSTRUMENTS: Mapping[str, str] = MappingProxyType(
    {need.holds[0]: name for name, need in DECISIONS.items() if need.stock == "instruments"}
)


def shaping(aspect: Aspect) -> tuple[str, ...]:
    """The decisions that shape an aspect, or one that it is made of: where all of these are as
    they were, so is it.

    >>> "tempo" in shaping(Aspect.MELODY), "harmonic_rhythm" in shaping(Aspect.MELODY)
    (False, True)
    """
    return tuple(
        name for name, need in DECISIONS.items() if need.shapes and min(need.shapes) <= aspect
    )
