"""The key that a score is read in: as somebody writes it, or as the score itself says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from composer.errors import UserError, nearest
from corpora.read.scores import Score
from theory.pitch import NoteName
from theory.scale import MODES, Key

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
        near = nearest(mode, [*MODES, *ALSO])
        hint = f"Did you mean {near!r}?" if near else "Write one as in --key 'D dorian'."
        known = ", ".join([*ALSO, *MODES])
        raise UserError(f"{text!r} is no key: its mode must be one of {known}.", hint)
    try:
        return Key(NoteName.parse(tonic.replace("♭", "b").replace("♯", "#")), MODES[mode])
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
    near = [Key(NoteName.from_fifths(key.tonic.fifths + n), key.mode) for n in (0, 1, -1)]
    other, step = ("ionian", -3) if key.mode.minor else ("aeolian", 3)
    relatives = [Key(NoteName.from_fifths(k.tonic.fifths + step), MODES[other]) for k in near]
    return (*near[1:], *relatives)


def composite(key: Key) -> frozenset[NoteName]:
    """A key's notes, in minor with the raised and the natural sixth and seventh."""
    if not key.mode.minor:
        return frozenset(key.notes)
    raised = {key.major_degree(5), key.major_degree(6)}
    return frozenset((*key.notes, *Key(key.tonic, MODES["aeolian"]).notes, *raised))


def _key_of(mode: str, signature: int) -> Key:
    return Key(NoteName.from_fifths(signature - MODES[mode].sharps), MODES[mode])


def _last_bass(score: Score) -> NoteName | None:
    if len(score.voices) == 4:
        return score.voices[3][-1].pitch.note
    return score.symbols[-1].root if score.symbols else None
