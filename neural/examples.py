"""Human tunes as examples: events, and what a plan would have said about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpora.tune import Tune
from neural import vocabulary as words
from neural.guide import Columns, Guide, History, fixed_columns, tell_motif
from neural.slots import read_slots
from theory.metre import METRES
from theory.timed import TimedChord, TimedNote

# A rest of so many bars ends one melody and begins another.
LONG_REST = 2
FEWEST, MOST = 12, 384  # events
PHRASE = 4  # bars of a phrase where nothing marks it


@dataclass(frozen=True, slots=True, eq=False)
class MelodyExample:
    """One melody for the model: parallel arrays, an entry an event (a rest is one).

    ticks: onsets from the first barline; pitches and lengths: words; columns: what is known at
    each onset; given: were the chords read, not inferred?
    """

    tune: Tune
    ticks: NDArray[np.int64]
    pitches: NDArray[np.int64]
    lengths: NDArray[np.int64]
    columns: Columns
    given: bool


def examples_of(tune: Tune) -> Iterator[MelodyExample]:
    """The examples in a tune: its stretches between long rests, each cut to `MOST` events.

    Tunes with a pitch that the vocabulary lacks give none.
    """
    for notes in _stretches(tune):
        example = _example(tune, notes)
        if example is not None:
            for begin in range(0, len(example.ticks), MOST):
                yield _part(example, slice(begin, begin + MOST))


def all_examples(tunes: Sequence[Tune]) -> list[tuple[MelodyExample, ...]]:
    """The examples of each of some tunes."""
    return [tuple(examples_of(tune)) for tune in tunes]


def renotated(tune: Tune) -> Tune | None:
    """The same tune as it might as well have been written: 2/4 in 4/4 of twice the values and the
    other way about, 6/8 in 12/8; None for other metres, or where values would become too short."""
    name = {"2/4": "4/4", "4/4": "2/4", "6/8": "12/8", "12/8": "6/8"}.get(tune.metre.name)
    if name is None:
        return None
    metre = METRES[name]
    if "8" in name:  # the beats stay as they are
        return replace(tune, metre=metre)
    double = name == "4/4"
    if not double and any(note.start % 2 or note.end % 2 for note in tune.notes):
        return None

    def at(tick: int) -> int:
        return tick * 2 if double else tick // 2

    return replace(
        tune,
        metre=metre,
        notes=tuple(TimedNote(at(n.start), at(n.end), n.pitch) for n in tune.notes),
        chords=tuple(TimedChord(at(c.start), at(c.end), c.chord, c.bass) for c in tune.chords),
        phrases=tuple(at(tick) for tick in tune.phrases),
    )


def guide_of(tune: Tune, notes: tuple[TimedNote, ...]) -> Guide:
    """What a plan would say of these notes of a tune: phrases, contour, density and slots too."""
    bar = tune.metre.bar
    tonic = words.tonic_of(tune.key).midi
    first, last = notes[0].start // bar, (notes[-1].end - 1) // bar
    heights = np.full(last - first + 1, np.nan)
    onsets = np.zeros(last - first + 1)
    for number in range(len(heights)):
        begin = (first + number) * bar
        inside = [n for n in notes if n.start < begin + bar and n.end > begin]
        lasting = [min(n.end, begin + bar) - max(n.start, begin) for n in inside]
        if inside:
            heights[number] = np.average([n.pitch.midi - tonic for n in inside], weights=lasting)
        onsets[number] = sum(begin <= n.start < begin + bar for n in notes)
    starts = np.array([note.start for note in notes])
    steps = np.array([note.pitch.height for note in notes])
    return Guide(
        key=tune.key,
        metre=tune.metre,
        chords=tuple((h.start, h.end, h.chord) for h in tune.chords),
        phrases=_phrases(tune, notes),
        contour=tuple(heights.tolist()),
        density=tuple((onsets / tune.metre.beats).tolist()),
        first=first,
        slots=read_slots(starts, steps, bar, last + 1),
    )


def _stretches(tune: Tune) -> Iterator[tuple[TimedNote, ...]]:
    """Notes between rests of `LONG_REST` bars; overlaps cut."""
    held: list[TimedNote] = []
    for note in tune.notes:
        if held and note.start - held[-1].end >= LONG_REST * tune.metre.bar:
            yield tuple(held)
            held = []
        held.append(note)
    if held:
        yield tuple(held)


def _phrases(tune: Tune, notes: tuple[TimedNote, ...]) -> tuple[tuple[int, int], ...]:
    """Phrases: as marked; else four bars each where the tune's length is a multiple of four bars.

    An unmarked phrase ends with the longest note that begins in its last bar, so that an upbeat
    belongs to the phrase that it leads into.
    """
    bar = tune.metre.bar
    marks = [tick for tick in tune.phrases if notes[0].start < tick <= notes[-1].end]
    if not marks:
        bars = -(-notes[-1].end // bar)
        if bars % PHRASE:
            return ()
        for limit in range(PHRASE * bar, (bars + 1) * bar, PHRASE * bar):
            late = [note for note in notes if limit - bar <= note.start < limit]
            if late:
                longest = max(late, key=lambda note: note.end - note.start)
                marks.append(min(longest.end, limit))
    if not marks or marks[-1] < notes[-1].end:
        marks.append(notes[-1].end)
    starts = [notes[0].start, *marks[:-1]]
    return tuple((a, b) for a, b in zip(starts, marks, strict=True) if b > a)


def _part(example: MelodyExample, events: slice) -> MelodyExample:
    columns = Columns(example.columns.whole[events], example.columns.real[events])
    return replace(
        example,
        ticks=example.ticks[events],
        pitches=example.pitches[events],
        lengths=example.lengths[events],
        columns=columns,
    )


def _example(tune: Tune, notes: tuple[TimedNote, ...]) -> MelodyExample | None:
    ticks: list[int] = []
    pitches: list[int] = []
    lasting: list[int] = []
    now = notes[0].start
    for number, note in enumerate(notes):
        if note.start > now:
            ticks.append(now)
            pitches.append(words.REST)
            lasting.append(note.start - now)
        word = words.word_of(note.pitch, tune.key)
        if word is None:
            return None
        following = notes[number + 1].start if number + 1 < len(notes) else note.end
        end = min(note.end, following) if following > note.start else note.end
        ticks.append(note.start)
        pitches.append(word)
        lasting.append(max(1, end - note.start))
        now = end
    if len(ticks) < FEWEST:
        return None
    onsets = np.array(ticks)
    guide = guide_of(tune, notes)
    columns = fixed_columns(guide, onsets)
    sung = History(
        np.array([n.start for n in notes]),
        np.array([n.end for n in notes]),
        np.array([w for w in pitches if w != words.REST]),
    )
    tell_motif(columns, guide.slots, onsets, sung)
    return MelodyExample(
        tune,
        onsets,
        np.array(pitches),
        words.duration_word(np.array(lasting)),
        columns,
        "chords" not in tune.inferred,
    )
