"""Is a planned surprise to be heard in the finished piece? Read off its chords and notes alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from composer.values import ChordSpan, Harmony, Note, Part, Phrase, Plan
from composer.values.plan import BORROWED, DECEPTIVE, DROP, HEMIOLA, LEAP, MEDIANT, PAUSE
from composer.vocabulary import SINGERS

WIDE = 7  # semitones of a leap into another register
STAYS = 3  # by how many the tune lies higher after it than before, in the mean
THIRDS = (3, 4, 8, 9)  # semitones from the tonic to a mediant's root
STRONG = 3  # of a beat, in theory.metre's numbers
ALONE = 2  # bars for which a tune is left alone


def heard(plan: Plan, harmony: Harmony, parts: Sequence[Part], phrase: Phrase) -> bool:
    """Is the phrase's surprise there as its name says? False for a phrase without one."""
    if phrase.surprise is None:
        return False
    return _HEARD[phrase.surprise](plan, harmony, parts, phrase)


def _spans(harmony: Harmony, phrase: Phrase) -> list[ChordSpan]:
    return [span for span in harmony.spans if span.phrase == phrase.name]


def _strangers(plan: Plan, harmony: Harmony, phrase: Phrase) -> list[ChordSpan]:
    """The chords with a note outside the piece's key that no other phrase has."""
    elsewhere = {span.chord.roman for span in harmony.spans if span.phrase != phrase.name}
    return [
        span
        for span in _spans(harmony, phrase)
        if span.chord.roman not in elsewhere and not set(span.chord.tones) <= set(plan.key.notes)
    ]


def _borrowed(plan: Plan, harmony: Harmony, parts: Sequence[Part], phrase: Phrase) -> bool:
    return bool(_strangers(plan, harmony, phrase))


def _mediant(plan: Plan, harmony: Harmony, parts: Sequence[Part], phrase: Phrase) -> bool:
    tonic = plan.key.tonic.chroma
    found = _strangers(plan, harmony, phrase)
    return any(
        "/" not in span.chord.roman and (span.chord.root.chroma - tonic) % 12 in THIRDS
        for span in found
    )


def _deceptive(plan: Plan, harmony: Harmony, parts: Sequence[Part], phrase: Phrase) -> bool:
    last = _spans(harmony, phrase)[-1].chord
    return last.root != plan.key_of(phrase).tonic


def _leap(plan: Plan, harmony: Harmony, parts: Sequence[Part], phrase: Phrase) -> bool:
    """Up to a note on a strong beat that is held for a beat, from where the tune stays high."""
    line = _sung(parts, phrase.start, phrase.end)
    for before, after in pairwise(line):
        metre = plan.metre
        lands = metre.strength(after.start) >= STRONG and after.ticks >= metre.beat
        if after.key_number - before.key_number >= WIDE and lands:
            low = [note for note in line if note.start < after.start]
            high = [note for note in line if note.start >= after.start]
            return _height(high) - _height(low) >= STAYS and len(high) > 1
    return False


def _height(notes: Sequence[Note]) -> float:
    """The mean MIDI number, by time."""
    return sum(n.key_number * n.ticks for n in notes) / sum(n.ticks for n in notes)


def _sung(parts: Sequence[Part], start: int, end: int) -> list[Note]:
    sung = [note for part in parts if part.role in SINGERS for note in part.notes]
    return sorted((n for n in sung if start <= n.start < end), key=lambda note: note.start)


def _pause(plan: Plan, harmony: Harmony, parts: Sequence[Part], phrase: Phrase) -> bool:
    """All are silent for a beat before it, and somebody has played before that."""
    begin = phrase.start - plan.metre.beat
    notes = [note for part in parts for note in part.notes if note.start < phrase.start]
    return bool(notes) and not any(note.end > begin for note in notes)


def _drop(plan: Plan, harmony: Harmony, parts: Sequence[Part], phrase: Phrase) -> bool:
    end = phrase.start + ALONE * plan.metre.bar
    others = [note for part in parts if part.role not in SINGERS for note in part.notes]
    alone = not any(note.start < end and note.end > phrase.start for note in others)
    return alone and bool(_sung(parts, phrase.start, end))


def _hemiola(plan: Plan, harmony: Harmony, parts: Sequence[Part], phrase: Phrase) -> bool:
    """Bass and chords strike every second beat of the two bars before the phrase's last."""
    metre = plan.metre
    begin, end = phrase.end - 3 * metre.bar, phrase.end - metre.bar
    struck = {
        note.start
        for part in parts
        if part.role in ("bass", "chords")
        for note in part.notes
        if begin <= note.start < end
    }
    return struck == {begin, begin + 2 * metre.beat, begin + 4 * metre.beat}


_HEARD: Mapping[str, Callable[[Plan, Harmony, Sequence[Part], Phrase], bool]] = {
    BORROWED: _borrowed,
    MEDIANT: _mediant,
    DECEPTIVE: _deceptive,
    LEAP: _leap,
    PAUSE: _pause,
    DROP: _drop,
    HEMIOLA: _hemiola,
}
