"""The melody over its chords: what each note is to the harmony, and the rules that it keeps.

A note's label is worked out from its neighbours and the chords; so are the counts of the rules that
few lines can say. Of the figures of dissonance only their names are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from composer.proof.form import Form
from composer.proof.frame import EVERYWHERE, LEARNED, STYLED, up, within
from composer.proof.harmony import Span
from composer.proof.spelling import Chord, Pitch

COMPASS = (60, 81)  # MIDI keys
# The rules that are counted here, and the languages in which nothing may break them.
COUNTED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("compass", "scale", "melodic-cadence"), EVERYWHERE),
    "melodic-interval": STYLED,
    "structural-note": EVERYWHERE, "perfects-with-bass": LEARNED, "leap-answered": (),
    "repetition": (),
}  # fmt: skip
ADDED = (3, 2)  # a major sixth and ninth above a root, in fifths
# What a note is called by what it is where it sounds; of a weak one its neighbours say more.
LABELS = {
    "held": "suspension", "early": "anticipation", "directed": "passing note",
    "chromatic": "chromatic approach", "dragged": "free dissonance",
}  # fmt: skip
# What is as good as a chord tone where a rule is switched off.
FREED = {
    "strong-beat-dissonance": ("held", "strong", "dragged"),
    "dissonance-left-by-step": ("early", "weak", "directed"),
}


class Note(NamedTuple):
    """A note of the melody as it is written, in ticks."""

    start: int
    end: int
    pitch: Pitch


class Melody:
    """A melody over its chords; `upbeats`: are those of an upbeat there already?"""

    def __init__(
        self, notes: Sequence[Note], spans: Sequence[Span], form: Form, popular: bool, upbeats: bool
    ) -> None:
        self.notes, self.form, self.popular = notes, form, popular
        early = {p.start: p.node["upbeat"].whole() * (not upbeats) for p in form.phrases}
        self.spans = [s._replace(end=s.end - s.closes * early.get(s.end, 0)) for s in spans]
        self.starts = [span.start for span in spans]
        self.roles = [self._role(note) for note in notes]

    def chord_at(self, tick: int) -> Chord | None:
        span = self.spans[max(0, bisect_right(self.starts, tick) - 1)]
        return span.chord if span.start <= tick < span.end else None

    def strong(self, start: int, end: int) -> list[int]:
        """Strong beats and changes of chord from one tick to another."""
        quavers = range(-(-start // 12) * 12, end, 12)
        beats = {tick for tick in quavers if self.form.strength(tick) >= 3}
        return sorted(beats.union(tick for tick in self.starts if start <= tick < end))

    def belongs(self, tick: int, note: int) -> bool:
        chord = self.chord_at(tick)
        if chord is None or note in chord.tones:
            return True
        return self.popular and note - chord.root in ADDED and not outside(chord, note)

    def _role(self, note: Note) -> str:
        """What a note is at the places at which it sounds."""
        tone, chord = note.pitch.fifths, self.chord_at(note.start)
        later = [self.belongs(tick, tone) for tick in self.strong(note.start + 1, note.end)]
        if chord is None or self.belongs(note.start, tone):
            if all(later):
                return "tone"
            return "held" if later.index(False) == len(later) - 1 else "dragged"
        strong, directs = self.strong(note.start, note.start + 1), directed(chord, tone)
        if self.popular and not later and not directs and outside(chord, tone):
            return "chromatic"
        if strong or directs:
            return (
                "dragged" if later or (strong and directs) else "strong" if strong else "directed"
            )
        return "weak" if not later else "early" if all(later) else "dragged"

    def beside(self, number: int | None, way: int) -> int | None:
        """The number of the note before (−1) or after one (1), where no rest parts them."""
        if number is None or not 0 <= number + way < len(self.notes):
            return None
        first = min(number, number + way)
        joined = self.notes[first].end >= self.notes[first + 1].start
        return number + way if joined else None

    def step(self, one: int | None, two: int | None) -> int:
        """1 or −1 for a step up or down from one note to another, else 0."""
        if one is None or two is None:
            return 0
        low, high = self.notes[one].pitch, self.notes[two].pitch
        way = (high.midi > low.midi) - (high.midi < low.midi)
        return way if up(low, high)[:2] in ((1, 1), (1, 2)) else 0

    def label(self, number: int) -> str:
        """The name of what a note is to its chord."""
        note, role = self.notes[number], self.roles[number]
        before, after = self.beside(number, -1), self.beside(number, 1)
        if role == "tone":
            chord = self.chord_at(note.start)
            return (
                "chord tone" if chord is None or note.pitch.fifths in chord.tones else "added tone"
            )
        if role == "strong":
            again = before is not None and self.notes[before].pitch == note.pitch
            return "suspension" if again else "appoggiatura"
        if role in LABELS:
            return LABELS[role]
        came, left = self.step(before, number), self.step(number, after)
        on = None if after is None else self.notes[after].pitch
        if not came or before is None:
            return "anticipation" if on == note.pitch else "double neighbour"
        passes = self.step(self.beside(before, -1), before) == came
        if on is None or (self.roles[before] in ("weak", "directed") and passes):
            return "passing note"
        if on == note.pitch:
            return "anticipation"
        if left:
            return "passing note" if left == came else "neighbour"
        if (on.midi > note.pitch.midi) == (came > 0):
            return "cambiata"
        third = up(note.pitch, on)[:2] in ((2, 3), (2, 4)) and after is not None
        return "double neighbour" if third and self.roles[after or 0] == "weak" else "escape tone"

    def broken(self) -> Iterator[tuple[str, int]]:
        """Each rule as often as it is broken, with the tick."""
        notes, silent = self.notes, self._rested()
        for number, note in enumerate(notes):
            if not COMPASS[0] <= note.pitch.midi <= COMPASS[1]:
                yield "compass", note.start
            if self._foreign(number):
                yield "scale", note.start
        for number, (one, two) in enumerate(pairwise(notes)):
            if self._leap(number) and not any(one.end <= tick < two.start for tick in silent):
                yield "melodic-interval", two.start
            if number >= 2 and len({note.pitch for note in notes[number - 2 : number + 2]}) == 1:
                yield "repetition", two.start
            if number:
                leap = one.pitch.height - notes[number - 1].pitch.height
                back = two.pitch.height - one.pitch.height
                if abs(leap) >= 4 and (abs(back) != 1 or back * leap > 0):
                    yield "leap-answered", two.start
        for span in self.spans:
            if span.start not in silent:
                begun = [note for note in notes if note.start < span.end]
                heard = {note.pitch.fifths for note in begun if note.end > span.start}
                if not heard & {*span.chord.tones}:
                    yield "structural-note", span.start
                if span.closes and begun and begun[-1].pitch.fifths not in span.chord.tones[:3]:
                    yield "melodic-cadence", span.start
        yield from self._against_bass()

    def _rested(self) -> set[int]:
        """The chords that begin while the melody rests for half a bar or longer."""
        found = set()
        for span in self.spans:
            before = max((n.end for n in self.notes if n.start <= span.start), default=0)
            after = (note.start for note in self.notes if note.start > span.start)
            rest = min(after, default=self.form.end) - before
            if before <= span.start and 2 * rest >= self.form.bar:
                found.add(span.start)
        return found

    def _foreign(self, number: int) -> bool:
        note, after = self.notes[number], self.beside(number, 1)
        if self.roles[number] == "chromatic" and after is not None:
            leads = up(note.pitch, self.notes[after].pitch)[:2] == (1, 1)
            if leads and self.roles[after] in ("tone", "held"):
                return False
        ticks, tone = (note.start, *self.strong(note.start + 1, note.end)), note.pitch.fifths
        chords = [(tick, self.chord_at(tick)) for tick in ticks]
        return any(
            chord and outside(chord, tone) and not (tick == note.start and directed(chord, tone))
            for tick, chord in chords
        )

    def _leap(self, number: int) -> bool:
        """Is there a forbidden leap from a note to the next?"""
        one, two = self.notes[number].pitch, self.notes[number + 1].pitch
        letters, semitones, fifths = up(one, two)
        if letters == 1:
            return semitones not in (1, 2)
        if semitones > 12 or letters == 6 or (fifths >= 6 and letters):
            return True
        turned = self.step(number + 1, self.beside(number + 1, 1)) * (two.height - one.height) < 0
        free = letters in (2, 3, 4) and (turned or self.roles[number + 1] != "tone")
        return letters > 1 and fifths <= -6 and not free

    def _against_bass(self) -> Iterator[tuple[str, int]]:
        starts = {note.start: number for number, note in enumerate(self.notes)}
        for old, new in pairwise(self.spans):
            number = starts.get(new.start)
            before, low, bass = self.beside(number, -1), old.voices[3], new.voices[3]
            if number is None or before is None or low.midi == bass.midi:
                continue
            one, two = self.notes[before].pitch, self.notes[number].pitch
            second = within(bass, two)
            if one.midi != two.midi and second in ((0, 0), (4, 7)):
                similar = (two.midi - one.midi) * (bass.midi - low.midi) > 0
                if within(low, one) == second or (similar and abs(two.height - one.height) > 1):
                    yield "perfects-with-bass", new.start


def outside(chord: Chord, note: int) -> bool:
    """Is a note neither the chord's, nor its key's on a letter that the chord leaves alone?"""
    altered = (note + 1) % 7 in {(tone + 1) % 7 for tone in chord.tones}
    return note not in chord.tones and (note not in chord.key.scale or altered)


def directed(chord: Chord, note: int) -> bool:
    """Is a note minor's raised sixth or natural seventh, foreign to its chord, by direction?"""
    tonic, scale = chord.key.tonic, chord.key.scale
    letters = {(tone + 1) % 7 for tone in chord.tones}
    if not {tonic - 3, tonic - 4} <= {*scale} or (note + 1) % 7 in letters:
        return False
    if note == tonic + 3:
        return tonic + 5 in chord.tones
    sixth = tonic - 4 in chord.tones or (tonic - 3) % 7 not in letters
    return note == tonic - 2 and tonic + 5 in scale and sixth
