"""A four-part score cut at every onset: what the four voices sing at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType

from composer.errors import UserError
from corpora.read.scores import Score, Sung
from theory.pitch import Note, Pitch
from theory.scale import MODES, Key


@dataclass(frozen=True, slots=True)
class Slice:
    """Four notes that sound together from `start`, soprano first, until one of them changes."""

    start: Fraction
    notes: tuple[Sung, Sung, Sung, Sung]

    @property
    def pitches(self) -> tuple[Pitch, ...]:
        return tuple(note.pitch for note in self.notes)

    def begins(self, voice: int) -> bool:
        """Does the voice strike its note here (not hold it)?"""
        return self.notes[voice].start == self.start


def stretches(score: Score) -> tuple[tuple[Slice, ...], ...]:
    """The slices, parted wherever a voice rests: nothing leads on over a rest."""
    return tuple(
        tuple(piece for piece in group if piece is not None)
        for sounds, group in groupby(_cut(score), key=lambda piece: piece is not None)
        if sounds
    )


def _cut(score: Score) -> Iterator[Slice | None]:
    """A slice for each moment at which a note begins or ends; None where a voice rests."""
    moments = sorted(
        {t for voice in score.voices for note in voice for t in (note.start, note.end)}
    )
    places = [0] * 4
    for moment in moments[:-1]:
        sounding = [_sounding(voice, places, v, moment) for v, voice in enumerate(score.voices)]
        one, two, three, four = sounding
        if one is None or two is None or three is None or four is None:
            yield None
        else:
            yield Slice(moment, (one, two, three, four))


def _sounding(voice: Sequence[Sung], places: list[int], v: int, moment: Fraction) -> Sung | None:
    while places[v] < len(voice) and voice[places[v]].end <= moment:
        places[v] += 1
    if places[v] == len(voice) or voice[places[v]].start > moment:
        return None
    return voice[places[v]]


# What people call the two commonest modes.
ALSO: Mapping[str, str] = MappingProxyType({"major": "ionian", "minor": "aeolian"})
# Modes with a signature of their own, the commonest first.
SIGNED = ("ionian", "aeolian", "dorian", "mixolydian", "phrygian", "lydian")


def read_key(text: str) -> Key:
    """Read `D dorian`, `Bb major`, `f# minor`; raises UserError for anything else.

    >>> read_key("f# minor").name
    'F# aeolian'
    """
    tonic, _, rest = text.strip().partition(" ")
    mode = rest.strip().lower()
    mode = ALSO.get(mode, mode)
    if mode not in MODES:
        close = difflib.get_close_matches(mode, [*MODES, *ALSO], 1)
        hint = f"Did you mean {close[0]!r}?" if close else "Write one as in --key 'D dorian'."
        known = ", ".join([*ALSO, *MODES])
        raise UserError(f"{text!r} is no key: its mode must be one of {known}.", hint)
    try:
        return Key(Note.parse(tonic.replace("♭", "b").replace("♯", "#")), MODES[mode])
    except ValueError:
        raise UserError(
            f"{text!r} is no key: {tonic!r} is no tonic.", "Write one as in --key 'Bb major'."
        ) from None


def find_key(score: Score) -> tuple[Key, str]:
    """A score's key, and how it was found.

    The signature leaves one tonic for each mode; the file's own word for the mode decides, unless
    the last bass note is the tonic of another. Where neither fits, it is major.
    """
    keys = {mode: _key_of(mode, score.signature) for mode in SIGNED}
    last = _last_bass(score)
    ends = [mode for mode in SIGNED if keys[mode].tonic == last]
    said = ALSO.get(score.mode or "", score.mode or "")
    if said in keys and (not ends or keys[said].tonic == last):
        return keys[said], "as the file says"
    if ends:
        return keys[ends[0]], "by its signature and its last bass note"
    return keys["ionian"], "by its signature"


def related(key: Key) -> tuple[Key, ...]:
    """Closely related keys: a fifth up or down in the same mode, and the relatives of all three.

    >>> [other.name for other in related(Key.of("C", "ionian"))]
    ['G ionian', 'F ionian', 'A aeolian', 'E aeolian', 'D aeolian']
    """
    near = [Key(Note.from_fifths(key.tonic.fifths + n), key.mode) for n in (0, 1, -1)]
    other, step = ("ionian", -3) if key.mode.minor else ("aeolian", 3)
    relatives = [Key(Note.from_fifths(k.tonic.fifths + step), MODES[other]) for k in near]
    return (*near[1:], *relatives)


def composite(key: Key) -> frozenset[Note]:
    """A key's notes, in minor with the raised and the natural sixth and seventh."""
    if not key.mode.minor:
        return frozenset(key.notes)
    raised = {key.major_degree(5), key.major_degree(6)}
    return frozenset((*key.notes, *Key(key.tonic, MODES["aeolian"]).notes, *raised))


def _key_of(mode: str, signature: int) -> Key:
    return Key(Note.from_fifths(signature - MODES[mode].sharps), MODES[mode])


def _last_bass(score: Score) -> Note | None:
    if len(score.voices) == 4:
        return score.voices[3][-1].pitch.note
    return score.symbols[-1].root if score.symbols else None
