"""What mingus, another library of theory, calls what is heard; where it differs, that too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from composer.explanation.layout import listed, music, roman
from theory.chord import Chord
from theory.lore import chord_names, relative, rising_names, scale_names, spoken
from theory.scale import Key

WHO = "mingus, another library,"


def lore(key: Key | None, chords: Iterable[Chord]) -> str:
    """What it calls a scale, if one is asked about, and chords.

    >>> key = Key.of("C", "ionian")
    >>> lore(None, [Chord.parse(roman, key) for roman in ("IV", "I")])
    'mingus, another library, calls these chords F major triad and C major triad.'
    """
    said = [] if key is None else [*of_scale(key)]
    said += of_chords(chords)
    return " ".join(f"{'It' if number else WHO} {each}" for number, each in enumerate(said))


def of_scale(key: Key) -> Iterator[str]:
    """What it says of a key's scale."""
    names, rising = scale_names(key), rising_names(key)
    calls = f"calls this scale {listed(names, 'or')}" if names else "has no name for this scale"
    yield f"{calls}; its signature is that of {relative(key)}."
    if rising:
        yield f"has {listed(rising, 'and')} going up by these notes and down by others."


def of_chords(chords: Iterable[Chord]) -> Iterator[str]:
    """What it says of chords, each once: what it calls them, and for which it has no name."""
    named: list[str] = []
    unknown: list[str] = []
    for chord in dict.fromkeys(chords):
        theirs, ours = _theirs(chord), spoken(chord)
        if not theirs:
            unknown.append(music(roman(chord.roman)))
        elif ours not in theirs:
            named.append(f"{theirs[0]} (we say {ours})")
        elif theirs[0] != ours:
            named.append(f"{ours} (but takes it first for {theirs[0]})")
        else:
            named.append(ours)
    if named:
        comma = any("," in name for name in named)
        yield f"calls these chords {'; '.join(named) if comma else listed(named)}."
    if unknown:
        yield f"has no name for {listed(unknown, 'or')}."


def _theirs(chord: Chord) -> Sequence[str]:
    """Its names for a chord; it hears nothing of what is held under it."""
    held = "" if chord.pedal is None else f" over a held {chord.pedal.sign}"
    return [f"{name}{held}" for name in chord_names(chord)]
