"""The rules of part-writing, read once more: how often four voices break each.

A voicing is four pitches, the highest first. Only rules that few lines can say are here; of the
others docs/proof.md says that they are taken on trust.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from composer.proof.spelling import Chord, Pitch

RANGES = ((60, 81), (55, 74), (48, 67), (40, 62))  # MIDI keys of soprano, alto, tenor, bass
MINOR = ("aeolian", "harmonic minor", "melodic minor")
LEARNED, STYLED = ("strict", "modal"), ("strict", "modal", "popular")
EVERYWHERE = (*STYLED, "free")
# Every rule that is counted here, and the languages in which nothing may break it.
COUNTED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("range", "spacing", "crossing", "completeness"), EVERYWHERE),
    "wide-leap": STYLED,
    **dict.fromkeys(("doubled-leading-tone", "doubled-seventh"), EVERYWHERE),
    **dict.fromkeys(("parallel-fifths", "parallel-octaves", "overlap", "augmented-step"), LEARNED),
    **dict.fromkeys(("contrary-fifths", "contrary-octaves", "direct-fifths"), LEARNED),
    "direct-octaves": LEARNED, "unraised-leading-tone": (), "cross-relation": (),
    "diminished-leap": (),
}  # fmt: skip
Voicing = Sequence[Pitch]


def up(one: Pitch, two: Pitch) -> tuple[int, int, int]:
    """The interval from the lower to the higher, whichever it is: letters, semitones, fifths."""
    low, high = sorted((one, two))
    return high.height - low.height, high.midi - low.midi, high.fifths - low.fifths


def within(one: Pitch, two: Pitch) -> tuple[int, int]:
    """The same in letters and semitones, without its octaves."""
    letters, semitones, _ = up(one, two)
    return letters % 7, semitones - 12 * (letters // 7)


def broken(chords: Sequence[Chord], rows: Sequence[Voicing]) -> Iterator[tuple[str, int]]:
    """Each rule as often as it is broken, with the number of the chord, of two the second."""
    for number, (chord, now) in enumerate(zip(chords, rows, strict=True)):
        yield from ((rule, number) for rule in _alone(chord, now))
        if number:
            old, before = chords[number - 1], rows[number - 1]
            yield from ((rule, number) for rule in _moving(before, now))
            yield from ((rule, number) for rule in _leaps(rows, number))
            tonic = chord.key.tonic
            closes = (old.root, chord.root) == (tonic + 1, tonic) and not chord.applied
            if closes and chord.key == old.key and chord.key.mode in MINOR:
                lowered = [each for each in before if each.fifths == tonic - 2]
                yield from (("unraised-leading-tone", number) for _ in lowered)


def _alone(chord: Chord, now: Voicing) -> Iterator[str]:
    for (low, high), each in zip(RANGES, now, strict=True):
        if not low <= each.midi <= high:
            yield "range"
    for number, (upper, lower) in enumerate(pairwise(now)):
        if number < 2 and upper.midi - lower.midi > 12:
            yield "spacing"
        if upper.midi < lower.midi:
            yield "crossing"
    sung = Counter(each.fifths for each in now)
    for needed in (chord.root, chord.tones[1], chord.seventh, chord.added):
        if needed is not None and needed not in sung:
            yield "completeness"
    for rule, tone in (("leading-tone", chord.leading), ("seventh", chord.seventh)):
        if tone is not None and sung[tone] > 1:
            yield f"doubled-{rule}"


def _moving(old: Voicing, now: Voicing) -> Iterator[str]:
    for n in range(3):
        yield from ["overlap"] * (now[n + 1].midi > old[n].midi)
        yield from ["overlap"] * (now[n].midi < old[n + 1].midi)
    for a, b in combinations(range(4), 2):
        moved, moves = now[a].midi - old[a].midi, now[b].midi - old[b].midi
        first, second = within(old[a], old[b]), within(now[a], now[b])
        for simple, what in (((4, 7), "fifths"), ((0, 0), "octaves")):
            if first == simple == second and moved and moves:
                yield f"{'parallel' if moved * moves > 0 else 'contrary'}-{what}"
            leap = abs(now[a].height - old[a].height) > 1
            if (a, b) == (0, 3) and second == simple != first and moved * moves > 0 and leap:
                yield f"direct-{what}"
    for a, one in enumerate(old):
        for b, two in enumerate(now):
            if a != b and (one.height - two.height) % 7 == 0 and one.fifths != two.fifths:
                yield "cross-relation"


def _leaps(rows: Sequence[Voicing], number: int) -> Iterator[str]:
    for voice in range(4):
        one, two = rows[number - 1][voice], rows[number][voice]
        letters, semitones, fifths = up(one, two)
        if fifths >= 6 and 1 <= letters < 7:
            yield "augmented-step"
        if voice < 3 and (letters == 6 or abs(semitones) > 12):
            yield "wide-leap"
        if fifths <= -6 and 2 <= letters < 7:
            later = (row[voice] for row in rows[number + 1 :])
            back = next((each for each in later if each != two), two).height - two.height
            if abs(back) != 1 or back * (two.height - one.height) > 0:
                yield "diminished-leap"
