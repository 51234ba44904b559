"""What chords and keys are called in words, from mingus's tables; tests say where we differ.

mingus takes a few milliseconds to import, so it is asked only when a person wants to read words.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from theory.chord import Chord
from theory.pitch import NoteName
from theory.scale import Key

# Our suffixes, where mingus writes a chord's shorthand differently or words it confusingly.
SHORTHAND: Mapping[str, str] = MappingProxyType({"maj7": "M7", "m(maj7)": "mM7"})
# Qualities that mingus has no word for, or the wrong one; they are called by their own names.
OURS = frozenset(
    {"suspended seventh", "added ninth", "minor added ninth"}
    | {"Italian sixth", "French sixth", "German sixth"}
)
INVERSIONS = ("", "first inversion", "second inversion", "third inversion")


def spoken(chord: Chord) -> str:
    """A chord's name in words.

    >>> spoken(Chord.parse("ii65", Key.of("C", "ionian")))
    'D minor seventh, first inversion'
    """
    from mingus.core.chords import chord_shorthand_meaning

    quality = chord.quality
    suffix = SHORTHAND.get(quality.suffix, quality.suffix)
    meaning = f" {quality.name}" if quality.name in OURS else chord_shorthand_meaning[suffix]
    name = f"{chord.symbol_root.sign}{meaning}"
    if chord.pedal is not None:
        return f"{name} over a held {chord.pedal.sign}"
    if chord.augmented_sixth is not None or not chord.inversion:
        return name
    return f"{name}, {INVERSIONS[chord.inversion]}"


def symbol_notes(symbol: str) -> tuple[NoteName, ...]:
    """The notes of a chord symbol, from the root up, as mingus reads it.

    Raises ValueError for what is no chord symbol, and where a note needs three accidentals.

    >>> [note.name for note in symbol_notes("Ebm7b5")]
    ['Eb', 'Gb', 'Bbb', 'Db']
    """
    from mingus.core import chords, mt_exceptions

    try:
        names = chords.from_shorthand(symbol.replace("(maj7)", "M7"))
    except (mt_exceptions.FormatError, mt_exceptions.NoteFormatError, IndexError) as error:
        raise ValueError(f"{symbol!r} is no chord symbol") from error
    return tuple(NoteName.parse(name) for name in names)


def relative(key: Key) -> str:
    """The major or minor key with the same signature; for the church modes, the major key.

    >>> relative(Key.of("D", "dorian")), relative(Key.of("Eb", "ionian"))
    ('C major', 'C minor')
    """
    from mingus.core import keys

    flats_or_sharps = keys.get_key(key.signature)
    if key.mode.name == "ionian":
        minor: str = keys.relative_minor(key.tonic.name)
        return f"{minor[0].upper()}{minor[1:]} minor"
    return f"{flats_or_sharps[0]} major"
