"""The context in which a phrase is sung: its chords, key and compass, its peak, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from composer.music.harmony import last_sung, pitches_between, wanted_notes
from composer.music.plan.contour import bounds, compass
from composer.values import ChordSpan, Harmony, Note, Phrase, Plan, Section, Slot, cadence_notes
from composer.values.plan import LEAP
from theory.melody import HarmonicContext, PhraseEntry, Span
from theory.metre import Metre
from theory.pitch import NoteName, Pitch
from theory.scale import Key

SEMITONES, LETTERS = 12, 7  # in an octave
SOON = 24  # ticks before its chord at most that a note is an anticipation
WIDE = 5  # letters: a sixth
FEWEST = 6  # notes of a scale that is none of seven, and is not thinned out
PENTATONIC = {True: (0, 2, 3, 4, 6), False: (0, 1, 2, 4, 5)}  # by whether the mode is minor


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest note of a period: when it sounds, its pitch, and whether it is the piece's."""

    tick: int
    pitch: Pitch
    summit: bool = False


@dataclass(frozen=True, slots=True)
class PhraseContext:
    """What a phrase is sung on: its chords, metre, key and scale, and when the next one begins."""

    phrase: Phrase
    spans: tuple[ChordSpan, ...]
    metre: Metre
    key: Key
    scale: tuple[NoteName, ...]
    until: int
    density: float  # notes a beat
    syncopation: float  # 0 to 1: how readily a note begins against the beat
    dissonance: float  # 0 to 1: how readily a note lies outside its chord
    final: bool  # is it the last phrase of the piece?
    peak: Peak | None  # the highest note of its period
    compass: tuple[float, float]  # lowest and highest MIDI number
    outlined: bool  # does it follow the picture's outline?
    place: tuple[object, ...]  # names the phrase for the noise; the same where a section returns

    @property
    def letters(self) -> tuple[float, float]:
        """The compass in letters above C0, but for where the period's peak is, or will be."""
        low, high = (letters(midi) for midi in self.compass)
        return low, high - 2 if self.peak is None else self.peak.pitch.height - 1

    @property
    def goal(self) -> int:
        """Where the last note ends and the phrase breathes."""
        return self.until - self.phrase.breath

    def wished(self, tick: int) -> float:
        """The contour at a tick of the piece, as a MIDI number."""
        beat = (tick - self.phrase.start) // self.metre.beat
        return self.phrase.contour[min(max(0, beat), len(self.phrase.contour) - 1)]

    def motivic_end(self, slot: Slot) -> int:
        """Where a slot's motif ends, before the breath and the cadence."""
        return min(self.phrase.motivic_end(slot, self.metre), self.goal)


def owner(spans: Sequence[ChordSpan], start: int, ticks: int) -> ChordSpan:
    """The chord that a note of so many ticks belongs to: that which it begins in, or the next where
    the note anticipates it."""
    number = next((n for n, span in enumerate(spans) if start < span.end), len(spans) - 1)
    if number + 1 < len(spans):
        change = spans[number].end
        if spans[number].start < start and change - start <= SOON and change < start + ticks:
            return spans[number + 1]
    return spans[number]


def letters(midi: float) -> float:
    """A MIDI number as a height in letters above C0, roughly."""
    return (midi - SEMITONES) * LETTERS / SEMITONES


def context_of(
    plan: Plan,
    harmony: Harmony,
    index: int,
    highest: Peak | None,
    summit: Peak | None = None,
) -> PhraseContext:
    """A phrase's context; `highest` is its period's highest note and `summit` the piece's."""
    phrase = plan.phrases[index]
    section = section_of(plan, phrase)
    ends = index + 1 == len(plan.phrases)
    key = plan.key_of(phrase)
    scale: tuple[NoteName, ...] = key.notes
    if plan.melody.scale == "pentatonic" and len(scale) > FEWEST:
        scale = tuple(key.degree(degree) for degree in PENTATONIC[key.mode.minor])
    return PhraseContext(
        phrase=phrase,
        spans=tuple(span for span in harmony.spans if span.phrase == phrase.name),
        metre=plan.metre,
        key=key,
        scale=scale,
        until=phrase.end - (0 if ends else plan.phrases[index + 1].upbeat),
        density=plan.melody.density * section.density,
        syncopation=plan.melody.syncopation,
        dissonance=plan.melody.dissonance,
        final=last_sung(plan, phrase),
        peak=highest,
        compass=_room(plan, section, phrase, _ceiling(index == plan.summit, section, summit)),
        outlined=section.outlined,
        place=(section.letter, phrase.name.rpartition(".")[2], phrase.cadence),
    )


def harmonic_context(
    plan: Plan,
    context: PhraseContext,
    entry: PhraseEntry | None,
    after: ChordSpan | None,
    durations: tuple[int, ...],
) -> HarmonicContext:
    """What the phrase's melody has to obey up to its breath, with these lengths of notes.

    entry: what stands before it; after: the chord that opens the next phrase.
    """
    phrase = context.phrase
    frame = [span.voicing.soprano for span in context.spans]
    if entry is not None and phrase.upbeat:
        frame.append(entry.structural)  # an upbeat is sung over the chord before
    return HarmonicContext(
        key=context.key,
        metre=plan.metre,
        start=-phrase.upbeat,
        end=context.goal - phrase.start,
        spans=tuple(
            Span(
                s.start - phrase.start, min(s.end, context.goal) - phrase.start, s.chord, s.voicing
            )
            for s in context.spans
        ),
        compass=compass(context.compass, frame),
        scale=context.scale,
        final=_final(context),
        language=plan.language,
        durations=durations,
        off=plan.off,
        before=entry,
        after=(after.chord, after.voicing) if after else None,
        keep_strict=True,
    )


def _final(context: PhraseContext) -> frozenset[NoteName]:
    """The notes on which the phrase ends: the wanted ones wherever the frame has one of them."""
    last = context.spans[-1]
    wanted = wanted_notes(context.phrase.cadence, last.chord, context.final)
    return wanted if last.voicing.soprano.note in wanted else cadence_notes(last.chord)


def _ceiling(own: bool, section: Section, summit: Peak | None) -> int | None:
    """The highest note that a phrase may have: the piece's summit if that is its `own`, else what
    lies below it."""
    if summit is None:
        return section.ceiling
    if own:
        return summit.pitch.midi
    top = summit.pitch.midi - 1
    return top if section.ceiling is None else min(top, section.ceiling)


def _room(plan: Plan, section: Section, phrase: Phrase, ceiling: int | None) -> tuple[float, float]:
    """The lowest and the highest note of a phrase's compass, below the ceiling."""
    low, high = bounds(
        plan.melody.register + section.register, plan.melody.range, phrase.surprise == LEAP
    )
    return low, high if ceiling is None else max(low, min(high, float(ceiling)))


def section_of(plan: Plan, phrase: Phrase) -> Section:
    return next(section for section in plan.sections if section.name == phrase.section)


DEEPEST_PEAK = 4  # semitones below the wished pitch that it may lie
AWAY_PRICE = 1.5  # semitones that a place on another beat is worse by


def peaks(plan: Plan, harmony: Harmony, indices: Sequence[int], most: int) -> list[Peak | None]:
    """Where a period's highest note may be and what: so many ways, the wished one first.

    It is a tone of the chord there, on a beat of the planned bar. A perfect interval with a bass
    that rises into it is passed over: to leap up there would be a forbidden one.
    """
    phrase = next((p for p in (plan.phrases[i] for i in indices) if p.climax is not None), None)
    if phrase is None or phrase.climax is None:
        return [None]
    if plan.summit is not None and plan.phrases[plan.summit] == phrase:
        return [summit_of(plan, harmony)]
    section = section_of(plan, phrase)
    top = round(_room(plan, section, phrase, section.ceiling)[1])
    metre = plan.metre
    wished = phrase.contour[(phrase.climax - phrase.start) // metre.beat]
    bar = phrase.climax // metre.bar * metre.bar
    found: list[tuple[float, Peak]] = []
    for tick in range(bar, bar + metre.bar, metre.beat):
        number = sum(span.start <= tick for span in harmony.spans) - 1
        span, before = harmony.spans[number], harmony.spans[max(0, number - 1)]
        rises = span.start == tick and span.voicing.bass.midi > before.voicing.bass.midi
        for pitch in sorted(pitches_between(frozenset(span.chord.tones), *plan.melody.compass)):
            perfect = span.voicing.bass.to(pitch).perfect
            if wished - DEEPEST_PEAK <= pitch.midi <= top and not (rises and perfect):
                away = abs(pitch.midi - wished) + AWAY_PRICE * (tick != phrase.climax)
                found.append((away, Peak(tick, pitch)))
    found.sort(key=lambda one: one[0])
    return [peak for _, peak in found[:most]] or [None]


def summit_of(plan: Plan, harmony: Harmony) -> Peak | None:
    """The highest note that the piece is to have: the frame's highest soprano in the bar of its
    peak, which can surely be sung. None where its plan wishes for none."""
    tick = None if plan.summit is None else plan.phrases[plan.summit].climax
    if tick is None:
        return None
    bar = plan.metre.bar
    begins = tick - tick % bar
    spans = [one for one in harmony.spans if begins < one.end and one.start < begins + bar]
    top = max(one.voicing.soprano.midi for one in spans)
    highest = [one for one in spans if one.voicing.soprano.midi == top]
    span = min(highest, key=lambda one: not one.start <= tick < one.end)
    return Peak(span.start if span.start >= begins else tick, span.voicing.soprano, summit=True)


def missed_climax(plan: Plan, first: Phrase, highest: Peak | None, notes: Sequence[Note]) -> float:
    """By how much a period misses its climax: nought where its highest note is sung once, in the
    bar that was planned, and a leap of register is heard; a lower peak counts a little.

    first: the first phrase of the period, which is the last that was sung.
    """
    climaxes = [p.climax for p in plan.phrases if p.period == first.period and p.climax is not None]
    inside = [note for note in notes if note.start >= first.start]
    if highest is None or not climaxes:
        return 0.0
    top = max(note.key_number for note in inside)
    highest_ones = [note for note in inside if note.key_number == top]
    bar = plan.metre.bar
    misplaced = all(note.start // bar != climaxes[0] // bar for note in highest_ones)
    unheard = False
    for phrase in plan.phrases:
        if phrase.surprise == LEAP and phrase.period == first.period:
            line = [n.pitch for n in inside if phrase.start <= n.start < phrase.end and n.pitch]
            unheard = max(b.height - a.height for a, b in pairwise(line)) < WIDE
    return (
        2.0 * misplaced
        + 1.5 * unheard
        + (len(highest_ones) > 1)
        + 0.1 * max(0, highest.pitch.midi - top)
    )
