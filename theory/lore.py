"""What chords and scales are called in words: by us, and by mingus, another library of theory.

mingus names chords and scales from their notes alone, by tables of its own, so that its word is an
outside reference for ours. It takes some milliseconds to import, and is asked only when a person
wants to read words.
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
    | {"added flat ninth", "minor added flat ninth"}
    | {"added sharp eleventh", "minor added sharp eleventh"}
    | {"Italian sixth", "French sixth", "German sixth"}
)
INVERSIONS = ("", "first inversion", "second inversion", "third inversion")
# mingus's scales that begin on a tonic and nothing else.
SCALES = (
    "Ionian",
    "Dorian",
    "Phrygian",
    "Lydian",
    "Mixolydian",
    "Aeolian",
    "Locrian",
    "Major",
    "HarmonicMajor",
    "NaturalMinor",
    "HarmonicMinor",
    "MelodicMinor",
    "Bachian",
    "MinorNeapolitan",
)


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


def chord_names(chord: Chord) -> tuple[str, ...]:
    """What mingus calls a chord's notes from its lowest one up, its first thought first.

    A held note is left out, and so are names of two chords at once; there may be none.

    >>> chord_names(Chord.parse("ii65", Key.of("C", "ionian")))
    ('F major sixth', 'D minor seventh, first inversion')
    """
    from mingus.core import chords

    names = [tone.name for tone in chord.tones]
    lowest = 0 if chord.pedal is not None else chord.inversion
    found = chords.determine([*names[lowest:], *names[:lowest]])
    return tuple(_signed(name) for name in found if "|" not in name)


def scale_names(key: Key) -> tuple[str, ...]:
    """The scales on a key's tonic that to mingus go up and down by its notes; there may be none.

    >>> scale_names(Key.of("A", "aeolian")), scale_names(Key.of("A", "melodic minor"))
    (('A aeolian', 'A natural minor'), ('A Bachian',))
    """
    return tuple(name for name, falls in _rising(key) if falls)


def rising_names(key: Key) -> tuple[str, ...]:
    """The scales that to mingus go up by a key's notes and come down by others.

    >>> rising_names(Key.of("A", "melodic minor"))
    ('A melodic minor',)
    """
    return tuple(name for name, falls in _rising(key) if not falls)


def _rising(key: Key) -> list[tuple[str, bool]]:
    """The names of the scales that go up by a key's notes; does each come down by them too?

    Of a major or minor key that would need more than seven accidentals it has no scales.
    """
    from mingus.core import mt_exceptions, scales

    up = [*key.names, key.names[0]]
    found = []
    for name in SCALES:
        try:
            scale = getattr(scales, name)(key.tonic.name)
            rises, falls = scale.ascending() == up, scale.descending() == up[::-1]
        except mt_exceptions.NoteFormatError:
            continue
        if rises:
            found.append((_signed(scale.name), falls))
    return found


def relative(key: Key) -> str:
    """The major or minor key with the same signature; for the church modes, the major key.

    >>> relative(Key.of("D", "dorian")), relative(Key.of("Eb", "ionian"))
    ('C major', 'C minor')
    """
    from mingus.core import keys

    flats_or_sharps = keys.get_key(key.signature)
    if key.mode.name == "ionian":
        minor: str = keys.relative_minor(key.tonic.name)
        return f"{_signed(f'{minor[0].upper()}{minor[1:]}')} minor"
    return f"{_signed(flats_or_sharps[0])} major"


def _signed(name: str) -> str:
    """A name that begins with a note, with the note's signs: B♭ for Bb, F𝄪 for F##."""
    note, blank, rest = name.partition(" ")
    return f"{NoteName.parse(note).sign}{blank}{rest}"
