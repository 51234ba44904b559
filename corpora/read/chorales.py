"""Four-part chorales: the soprano as a tune, its harmony read off the four voices.

Read straight from MusicXML; a fermata ends a phrase. A chord is found for every beat (`harmony`),
so a chorale's chords are marked as inferred, and so is its mode (see `corpora.read.printed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from xml.etree.ElementTree import Element

from corpora.errors import Unreadable
from corpora.read.musicxml import chord, events, fifths, metre, pitch, score, tied, title
from corpora.read.printed import key_on
from corpora.tune import Tune
from theory.chord import QUALITIES, Quality
from theory.metre import Metre
from theory.pitch import NoteName, interval
from theory.scale import Key
from theory.timed import TimedChord, TimedNote

VOICES = ("soprano", "alto", "tenor", "bass")
# What Bach's beats sound like. A sixth or a ninth that is only added is a passing note here.
SOUNDS = tuple(
    quality
    for quality in QUALITIES.values()
    if "added" not in quality.name and "suspended" not in quality.name
)
# What a chord's note that nobody sings costs, in beats of a voice outside the chord. Chosen on half
# of the analyses that music21's corpus has of these chorales; on the other half 96 % of the roots
# and 98 % of the sevenths are the analyst's.
MISSING = (1.0, 0.5, 0.1, 2.0)
STRANGE = 0.8
ROOT_BELOW = 0.2
SEVENTH_LESS_LIKELY = 0.5

# A final chord is the tonic of a church mode of the signature, or of one next to it.
MOST_APART = 2

Line = tuple[TimedNote, ...]


def read_chorale(name: str, data: bytes, collection: str) -> Tune:
    """The chorale in the bytes of a MusicXML file of that name. Raises Unreadable."""
    root = score(name, data)
    parts = _voices(root)
    felt, scale = metre(parts[0])
    sharps = fifths(parts[0])
    phrases: list[int] = []
    lines = [_line(part, felt, scale, phrases if n == 0 else []) for n, part in enumerate(parts)]
    sung = [(n.pitch.note, float(n.end - n.start)) for line in lines for n in line]
    key = key_on(lines[-1][-1].pitch.note, sung)
    if abs(key.signature - sharps) > MOST_APART:
        raise Unreadable("it ends far from its key")
    return Tune(
        collection,
        name,
        title(root),
        key,
        felt,
        lines[0],
        harmony(lines, felt, key),
        tuple(phrases),
        frozenset({"mode", "chords"}),
    )


def _voices(root: Element) -> list[Element]:
    """The parts of the four voices; instruments beside them are left out."""
    names = {
        part.get("id"): (part.findtext("part-name") or "").lower()
        for part in root.iter("score-part")
    }
    parts = root.findall("part")
    found = [
        [part for part in parts if names.get(part.get("id"), "").startswith(voice)]
        for voice in VOICES
    ]
    if any(len(each) != 1 for each in found):
        raise Unreadable("no four voices")
    return [each[0] for each in found]


def _line(part: Element, felt: Metre, scale: Fraction, phrases: list[int]) -> Line:
    notes: list[TimedNote] = []
    for start, end, element in events(part, felt.bar, scale):
        found = None if element.tag == "harmony" else pitch(element)
        if found is None or end <= start or element.find("chord") is not None:
            continue
        if tied(element) and notes and notes[-1].pitch == found and notes[-1].end == start:
            notes[-1] = TimedNote(notes[-1].start, end, found)
        else:
            notes.append(TimedNote(start, end, found))
        if element.find("notations/fermata") is not None:
            phrases.append(end)
    if not notes:
        raise Unreadable("no notes")
    if any(a.end > b.start for a, b in pairwise(notes)):
        raise Unreadable("notes that overlap")
    return tuple(notes)


def harmony(lines: Sequence[Line], felt: Metre, key: Key) -> tuple[TimedChord, ...]:
    """The chord of every beat of four voices, equal ones joined.

    Of all chords on a note that sounds, the one is taken that costs least: for each voice the time
    that it spends outside the chord, for each of the chord's notes that nobody sings its share in
    `MISSING`, something for a seventh, less a little where the bass has the root. What sounds as
    the beat begins weighs double. Where nothing sounds there is no chord.
    """
    found: list[TimedChord] = []
    first = min(line[0].start for line in lines)
    last = max(line[-1].end for line in lines)
    beat = felt.beat
    for at in range(first // beat * beat, last, beat):
        sounding = [_within(line, at, at + beat) for line in lines]
        # Notes by their place on the line of fifths, which is one to one with the spelling.
        weights: dict[int, float] = {}
        for note, start, end in (each for voice in sounding for each in voice):
            weight = (end - start) / beat * (2 if start == at else 1)
            weights[note.fifths] = weights.get(note.fifths, 0) + weight
        low = next((voice[0][0] for voice in reversed(sounding) if voice), None)
        if low is None:
            continue
        tones, quality = _cheapest(weights, low.fifths)
        root = NoteName.from_fifths(tones[0])
        tenable = (note for note in (low, *(n for n, _, _ in sounding[-1])) if note.fifths in tones)
        made, bass = chord(root, quality, key, next(tenable, root))
        before = found[-1] if found else None
        if before and (before.end, before.chord, before.bass) == (at, made, bass):
            found[-1] = replace(before, end=at + beat)
        else:
            found.append(TimedChord(at, at + beat, made, bass))
    return tuple(found)


def _within(line: Line, start: int, end: int) -> list[tuple[NoteName, int, int]]:
    return [
        (note.pitch.note, max(note.start, start), min(note.end, end))
        for note in line
        if note.start < end and note.end > start
    ]


def _cheapest(weights: dict[int, float], low: int) -> tuple[tuple[int, ...], Quality]:
    best, least = None, float("inf")
    for root in sorted(weights):
        for tones, quality in _chords_on(root):
            cost = SEVENTH_LESS_LIKELY if len(tones) > 3 else 0.0
            for tone, missing in zip(tones, MISSING, strict=False):
                weight = weights.get(tone)
                # What lies outside costs: counted as a gain for what lies inside.
                cost += missing if weight is None else -STRANGE * weight
            if low == root:
                cost -= ROOT_BELOW
            if cost < least - 1e-9:
                best, least = (tones, quality), cost
    assert best is not None
    return best


@cache
def _chords_on(root: int) -> tuple[tuple[tuple[int, ...], Quality], ...]:
    note = NoteName.from_fifths(root)
    return tuple(
        (tuple(note.up(interval(each)).fifths for each in quality.intervals), quality)
        for quality in SOUNDS
    )
