"""How pitches are spelled in a key: its own notes as they are, chromatic ones by where they go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from theory.chord import QUALITIES, Chord
from theory.pitch import NATURALS, NoteName, Pitch, interval
from theory.scale import Key
from theory.timed import TimedChord

# On the line of fifths, counted from the major tonic of the signature (0): a key's own notes lie
# from −1 to 5. A note that rises by a semitone is a raised one, one that falls a lowered one but
# for the first and fourth degrees, which people write raised all the same; else three lie flat.
USUAL, RISING, FALLING = -3, -1, -4
# Chords stand on lowered degrees, but diminished ones on raised.
ROOTS, LEADING_ROOTS = -5, -2


@lru_cache(maxsize=1024)
def names(key: Key, lowest: int) -> tuple[NoteName, ...]:
    """The twelve notes from `lowest` up the line of fifths, counted from the key's signature's
    major tonic, by pitch class from C."""
    first = key.signature + lowest
    notes = [NoteName.from_fifths(each) for each in range(first, first + 12)]
    return tuple(sorted(notes, key=lambda note: note.chroma))


def spell(
    rows: Sequence[tuple[int, int, int]], key: Key, harmony: Sequence[TimedChord] = ()
) -> tuple[Pitch, ...]:
    """The pitches of (start, end, MIDI number) in order, over chords in order.

    A chromatic note that the sounding chord has is spelled as there; any other by the semitone it
    moves on by.
    """
    usual = names(key, USUAL)
    own = {note.chroma for note in key.notes}
    found: list[Pitch] = []
    chord = 0
    following = _next_heights([midi for _, _, midi in rows])
    for (start, _, midi), goal in zip(rows, following, strict=True):
        chroma = midi % 12
        note = usual[chroma]
        if chroma not in own:
            while chord < len(harmony) and harmony[chord].end <= start:
                chord += 1
            sounding = _tone(harmony[chord], start, chroma) if chord < len(harmony) else None
            if sounding is not None:
                note = sounding
            elif goal - midi == 1:
                note = names(key, RISING)[chroma]
            elif goal - midi == -1:
                note = names(key, FALLING)[chroma]
        found.append(pitch(midi, note))
    return tuple(found)


def _next_heights(heights: list[int]) -> list[int]:
    """For each note the next different one (itself at the end)."""
    found = list(heights)
    for place in range(len(heights) - 2, -1, -1):
        after = heights[place + 1]
        found[place] = after if after != heights[place] else found[place + 1]
    return found


def _tone(harmony: TimedChord, start: int, chroma: int) -> NoteName | None:
    if start < harmony.start:
        return None
    return next((tone for tone in harmony.chord.tones if tone.chroma == chroma), None)


def pitch(midi: int, note: NoteName) -> Pitch:
    """The pitch of a MIDI number that is spelled as `note`."""
    return Pitch(note.step, note.alter, (midi - NATURALS[note.step] - note.alter) // 12 - 1)


@lru_cache(maxsize=8192)
def chord(key: Key, root: int, quality: str, bass: int | None = None) -> tuple[Chord, NoteName]:
    """A chord by pitch classes, spelled in the key, and its bass (the root by default)."""
    intervals = [interval(each) for each in QUALITIES[quality].intervals]
    leading = "diminished" in quality
    note = names(key, LEADING_ROOTS if leading else ROOTS)[root]
    tones = tuple(note.up(each) for each in intervals)
    if any(abs(tone.alter) > 2 for tone in tones):
        note = NoteName.from_fifths(note.fifths + (12 if note.fifths < 0 else -12))
        tones = tuple(note.up(each) for each in intervals)
    low = root if bass is None else bass
    lowest = next((tone for tone in tones if tone.chroma == low), names(key, USUAL)[low])
    found = Chord(
        roman="",
        key=key,
        root=note,
        quality=QUALITIES[quality],
        inversion=tones.index(lowest) if lowest in tones else 0,
        tones=tones,
        function="",
        leading=None,
        target=None,
    )
    return found, lowest
