"""Names chords by their notes: which Roman numeral of a key four sounding pitches spell.

A small reading of its own for judging scores; what composes never uses it. A chord is named by its
spelling (C E G A♭ is no F minor chord, C E G B♭ no German sixth). Of several readings the plainest
is taken: complete before incomplete, of the key before applied, applied before borrowed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from theory.chord import NUMERALS, OTHERS, PEDALS, QUALITIES, SIXTHS, Chord
from theory.pitch import NoteName, Pitch, interval
from theory.scale import MODES, Key

# Root-position heads of every kind, by case and mark, and the figures of their inversions.
TRIADS = ("", "6", "64")
SEVENTHS = ("7", "65", "43", "42")
MAJOR_SEVENTHS = tuple(f"maj{figure}" for figure in SEVENTHS)
KINDS = (
    (str.upper, "", TRIADS),
    (str.lower, "", TRIADS),
    (str.lower, "o", TRIADS),
    (str.upper, "+", TRIADS),
    (str.upper, "", SEVENTHS),
    (str.lower, "", SEVENTHS),
    (str.upper, "", MAJOR_SEVENTHS),
    (str.lower, "", MAJOR_SEVENTHS),
    (str.lower, "ø", SEVENTHS),
    (str.lower, "o", SEVENTHS),
)
# What is written after a numeral for what is suspended or added, and its case.
SUFFIXES: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        quality: (suffix, upper == 1)
        for suffix, both in OTHERS.items()
        for upper, quality in enumerate(both)
    }
)
# Heads of applied chords, with their figures.
APPLIED = (
    ("V", TRIADS),
    ("V", SEVENTHS),
    ("viio", TRIADS),
    ("viiø", SEVENTHS),
    ("viio", SEVENTHS),
)
# How far-fetched a reading is.
COMPLETE, NO_FIFTH, NO_THIRD = 0, 4, 12
OF_KEY, TONICISING, BORROWED, CHROMATIC = range(4)
# What a chord of the key costs where the next chord is what an applied reading of it leads to.
RESOLVES = 2
# What a major triad costs as an applied chord where it does not lead on; ♭VII may be borrowed.
UNRESOLVED = 1


def named(rows: Sequence[Collection[Pitch]], key: Key) -> tuple[Chord | None, ...]:
    """The chord of each row of pitches, or None where they are no chord (a passing note, say).

    A dominant seventh is applied where the next chord is what it leads to; a root, fourth and fifth
    are a suspended chord where the next chord has the same root and bass.

    >>> sung = [[Pitch.parse(p) for p in row.split()] for row in ("C5 G4 D4 G3", "B4 G4 D4 G3")]
    >>> [chord.roman for chord in named(sung, Key.of("C", "ionian"))]
    ['Vsus4', 'V']
    """
    found: list[Chord | None] = [None] * len(rows)
    after: Chord | None = None
    for index in range(len(rows) - 1, -1, -1):
        chord = name(rows[index], key, after) or _suspended(rows[index], key, after)
        found[index] = chord
        after = chord or after
    return tuple(found)


def name(pitches: Collection[Pitch], key: Key, after: Chord | None = None) -> Chord | None:
    """The plainest chord that pitches spell in a key, before the chord `after`; None if none.

    A seventh chord may lack its fifth, a triad its fifth or (two notes a fifth apart) its third.

    >>> [name([Pitch.parse(p) for p in row.split()], Key.of("A", "aeolian")).roman
    ...  for row in ("A2 E3 C4 A4", "G#2 D3 B3 E4", "F3 A3 C4 F4")]
    ['i', 'V65', 'bVI']
    """
    if not pitches:
        return None
    bass = min(pitches).note
    readings = _readings(key).get((frozenset(pitch.note for pitch in pitches), bass), ())
    return _plainest(readings, after)


def symbol(
    root: NoteName, quality: str, bass: NoteName, key: Key, after: Chord | None
) -> Chord | None:
    """The chord that a chord symbol names; None where its bass is neither a tone of it nor held.

    >>> root, bass = NoteName.parse("D"), NoteName.parse("F#")
    >>> symbol(root, "dominant seventh", bass, Key.of("C", "ionian"), None).roman
    'V65/V'
    """
    # A German sixth's symbol is written as it sounds; it is known by going to the dominant.
    on_sixth = quality == "dominant seventh" and root == bass == key.major_degree(5, -1)
    if on_sixth and after is not None and after.bass == key.major_degree(4):
        return Chord.parse("Ger65", key)
    tones = {root.up(interval(step)) for step in QUALITIES[quality].intervals}
    if quality in SUFFIXES:
        plain = _other(root, quality, key)
    else:
        over = bass if bass in tones else root
        readings = _readings(key).get((frozenset(tones), over), ())
        plain = _plainest([one for one in readings if set(one[1].tones) == tones], after)
    if plain is None or plain.bass == bass:
        return plain
    held = next((mark for mark, step in PEDALS.items() if key.major_degree(step) == bass), None)
    return Chord.parse(f"{plain.roman}@{held}", key) if held else None


def _other(root: NoteName, quality: str, key: Key) -> Chord | None:
    """A chord with something suspended or added, on any degree."""
    suffix, upper = SUFFIXES[quality]
    for degree, numeral in enumerate(NUMERALS):
        for sign, alter in (("", 0), ("b", -1), ("#", 1)):
            if key.major_degree(degree, alter) == root:
                return Chord.parse(f"{sign}{numeral if upper else numeral.lower()}{suffix}", key)
    return None


def _plainest(readings: Sequence[tuple[int, Chord]], after: Chord | None) -> Chord | None:
    priced = [(_price(price, chord, after), chord) for price, chord in readings]
    return min(priced, key=lambda pair: pair[0])[1] if priced else None


def _price(price: int, chord: Chord, after: Chord | None) -> tuple[int, int, str]:
    """What a reading costs in its surroundings; ties go to the shortest numeral.

    A last chord on the tonic is the tonic, with a Picardy third if need be.
    """
    leads = after is not None and chord.target is not None and after.root == chord.target
    closes = after is None and chord.target is None and chord.root == chord.key.tonic
    if (closes and len(chord.tones) == 3) or (leads and len(chord.tones) > 3):
        price -= RESOLVES
    if chord.target is not None and not leads and chord.quality.name == "major":
        price += UNRESOLVED
    return price, len(chord.roman), chord.roman


def _suspended(pitches: Collection[Pitch], key: Key, after: Chord | None) -> Chord | None:
    """A fourth and fifth over the root and bass of the chord that follows."""
    if not pitches or after is None or after.inversion or min(pitches).note != after.root:
        return None
    chord = _other(after.root, "suspended fourth", key)
    notes = {pitch.note for pitch in pitches}
    return chord if chord is not None and notes == set(chord.tones) else None


@lru_cache(maxsize=64)
def _readings(
    key: Key,
) -> Mapping[tuple[frozenset[NoteName], NoteName], tuple[tuple[int, Chord], ...]]:
    """Every reading, with its price, of every set of notes over every bass."""
    found: dict[tuple[frozenset[NoteName], NoteName], list[tuple[int, Chord]]] = {}
    for chord in _vocabulary(key):
        tones, far = chord.tones, _far(chord, key)
        kept = [(COMPLETE, tones), (NO_FIFTH, (*tones[:2], *tones[3:]))]
        if len(tones) == 3 and chord.quality.intervals[2] == "P5":
            kept.append((NO_THIRD, (tones[0], tones[2])))
        for missing, notes in kept:
            if chord.bass in notes:
                found.setdefault((frozenset(notes), chord.bass), []).append((missing + far, chord))
    return {notes: tuple(readings) for notes, readings in found.items()}


def _vocabulary(key: Key) -> list[Chord]:
    chords = [
        Chord.parse(f"{sign}{case(numeral)}{mark}{figure}", key)
        for sign in ("", "b", "#")
        for numeral in NUMERALS
        for case, mark, figures in KINDS
        for figure in figures
    ]
    minor = key.mode.minor
    goals = ("i", "bIII", "iv", "V", "bVI", "bVII") if minor else ("I", "ii", "iii", "IV", "V")
    for goal in (*goals[1:], "v" if minor else "vi"):
        for head, figures in APPLIED:
            chords += [Chord.parse(f"{head}{figure}/{goal}", key) for figure in figures]
    chords += [Chord.parse(name, key) for name in SIXTHS]
    return [chord for chord in chords if all(abs(tone.alter) <= 2 for tone in chord.tones)]


def _far(chord: Chord, key: Key) -> int:
    """How far a chord lies from the key, from `OF_KEY` to `CHROMATIC`.

    Minor is composite: its raised sixth and seventh degrees belong to the key, the seventh in
    every mode with a lowered one that is not mixolydian's, but as a leading tone only.
    """
    tones = set(chord.tones)
    own = set(key.notes)
    if key.mode.minor:
        own |= set(Key(key.tonic, MODES["aeolian"]).notes)
    if chord.target is not None or chord.augmented_sixth is not None:
        return TONICISING
    if tones <= own:
        return OF_KEY
    leading = key.major_degree(6)
    if tones <= own | {leading} and chord.leading == leading:
        return OF_KEY
    if key.mode.minor:
        melodic = own | {key.major_degree(5), leading}
        return TONICISING if tones <= melodic else BORROWED if _of(tones, key, "ionian") else 3
    return BORROWED if _of(tones, key, "harmonic minor", "aeolian", "dorian") else CHROMATIC


def _of(tones: set[NoteName], key: Key, *modes: str) -> bool:
    return any(tones <= set(Key(key.tonic, MODES[mode]).notes) for mode in modes)
