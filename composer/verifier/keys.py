"""The key that a score is read in: as somebody writes it, or as the score itself says."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from composer.errors import UserError, nearest
from corpora.read.scores import Score
from theory.pitch import NoteName
from theory.scale import MODES, Key

# What people call the two commonest modes.
ALSO: Mapping[str, str] = MappingProxyType({"major": "ionian", "minor": "aeolian"})
# How a key was found.
SAID, GUESSED = "as the file says", "by its signature"
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
    """The key in which a score begins, and how it was found.

    A score of ours says it. For any other the signature leaves one tonic for each mode; the file's
    own word for the mode decides, unless the last bass note is the tonic of another. Where neither
    fits, it is major. A key that another follows need not close on its tonic: its first bass note
    stands for the last, and it is major or minor.
    """
    if score.said is not None:
        return read_key(score.said.key), SAID
    return _found(score, 0)


def keys(score: Score, first: Key) -> tuple[tuple[Fraction, Key], ...]:
    """The keys of a score that begins in `first`, each with the moment from which it holds: with a
    new signature comes a new key, in the same mode where nothing says which."""
    found = [(Fraction(0), first)]
    for index in range(1, len(score.signatures) if score.said is None else 1):
        sign, before = score.signatures[index], found[-1][1]
        key, how = _found(score, index)
        if how == GUESSED:
            key = _key_of(before.mode.name, sign.sharps)
        if key != before:
            found.append((sign.start, key))
    return tuple(found)


def _found(score: Score, index: int) -> tuple[Key, str]:
    """The key of a signature."""
    sign = score.signatures[index]
    of = {mode: _key_of(mode, sign.sharps) for mode in SIGNED}
    last = index + 1 == len(score.signatures)
    bass = _bass(score, sign.start, first=not last)
    by_bass = [mode for mode in SIGNED[: None if last else 2] if of[mode].tonic == bass]
    said = ALSO.get(sign.mode or "", sign.mode or "")
    if said in of and (not last or not by_bass or of[said].tonic == bass):
        return of[said], SAID
    if by_bass:
        which = "last" if last else "first"
        return of[by_bass[0]], f"by its signature and its {which} bass note"
    return of["ionian"], GUESSED


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


def _bass(score: Score, start: Fraction, *, first: bool) -> NoteName | None:
    """The bass note, or the chord's root, that begins first or last from a moment on."""
    if len(score.voices) > 1:
        found = [note.pitch.note for note in score.voices[-1] if note.start >= start]
    else:
        found = [s.root for s in score.symbols if s.start >= start and s.kind != "none"]
    return found[0 if first else -1] if found else None
