"""Which chords a phrase would like for its motifs' sake: in a sequence the same ones higher or
lower, and where a theme comes back, others that its notes belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from composer.values import Phrase, Plan, Slot
from theory.chord import Chord
from theory.harmony import family
from theory.harmony import phrase as phrases
from theory.harmony.form import STATEMENT
from theory.pitch import NoteName
from theory.scale import Key

# What stands for the motif of a phrase that nobody sings.
NOBODY = Slot("", 0, 0, "", "contrast", 0)
# How much a chord is liked where a motif returns: another with two notes of what it was stated on,
# gladliest with a note from outside the key; the same once more; any other.
RELATED, RELATED_OUTSIDE, SAME_AGAIN, STRANGE = 4.0, 14.0, 1.0, 0.3

# The chords that a motif was stated on: ticks from its start, Roman numeral, letter of the root.
Model = tuple[tuple[int, str, int], ...]


def model_of(slot: Slot, ticks: Sequence[int], drawn: Sequence[phrases.DrawnChord]) -> Model:
    """The chords that begin in a slot."""
    return tuple(
        (tick - slot.start, step.chord.roman, step.chord.root.step)
        for tick, step in zip(ticks, drawn, strict=True)
        if slot.start <= tick < slot.end
    )


def sequenced_chords(
    key: Key,
    phrase: Phrase,
    ticks: Sequence[int],
    grammar: family.Family,
    colour: str,
    models: Mapping[str, Model],
) -> list[Mapping[str, float]]:
    """For each chord of a phrase: which ones a sequence would like there, and how much."""
    roots = {
        roman: Chord.parse(roman, key).root.step
        for roman in sorted(phrases.vocabulary(grammar, colour))
    }
    found: list[Mapping[str, float]] = []
    for tick in ticks:
        slot = next((slot for slot in phrase.slots if tick < slot.end), NOBODY)
        model = [m for m in models.get(slot.motif, ()) if m[0] <= tick - slot.start]
        if slot.action != "sequence" or not model:
            found.append({})
            continue
        shifts = {root: (step - model[-1][2]) % 7 for root, step in roots.items()}
        found.append({roman: _moved_by(shift, slot.shift) for roman, shift in shifts.items()})
    return found


def recast_chords(
    key: Key,
    phrase: Phrase,
    ticks: Sequence[int],
    grammar: family.Family,
    colour: str,
    models: Mapping[str, Model],
) -> list[Mapping[str, float]]:
    """For each chord of a phrase that comes back: which ones go with the notes of its motif."""
    vocabulary = sorted(phrases.vocabulary(grammar, colour))
    known = {roman: Chord.parse(roman, key) for roman in vocabulary}
    scale = frozenset(key.notes)
    found: list[Mapping[str, float]] = []
    for tick in ticks:
        slot = next((slot for slot in phrase.slots if tick < slot.end), NOBODY)
        model = [m for m in models.get(slot.motif, ()) if m[0] <= tick - slot.start]
        if slot.action == "sequence" or not model:
            found.append({})
            continue
        stated = Chord.parse(model[-1][1], key)
        found.append({roman: _related(chord, stated, scale) for roman, chord in known.items()})
    return found


def _related(chord: Chord, stated: Chord, scale: frozenset[NoteName]) -> float:
    """How much a chord is liked in the place of one on which a motif was stated."""
    if chord.root == stated.root and chord.tones == stated.tones:
        return SAME_AGAIN
    if len({*chord.tones} & {*stated.tones}) < 2:
        return STRANGE
    return RELATED if scale.issuperset(chord.tones) else RELATED_OUTSIDE


def returning(plan: Plan) -> frozenset[str]:
    """The names of the statements whose theme was stated before."""
    letters: set[str] = set()
    found: set[str] = set()
    for section in plan.sections:
        if section.kind != STATEMENT:
            continue
        if section.letter in letters:
            found.add(section.name)
        letters.add(section.letter)
    return frozenset(found)


def _moved_by(shift: int, wished: int) -> float:
    """How much a root so many letters above its model is liked in a sequence."""
    return next(
        factor
        for steps, factor in ((wished, 30.0), (2 * wished, 4.0), (-wished, 8.0), (shift, 1.0))
        if shift == steps % 7
    )
