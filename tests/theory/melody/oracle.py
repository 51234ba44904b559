"""The rules of melody read off a finished melody, note by note, as a teacher would.

It shares no code with `theory.melody` but the values handed in, and looks at a whole melody where
the automaton sees one note at a time; part-writing is judged by theory's own scalar predicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from theory.chord import Chord
from theory.melody import Event, HarmonicContext
from theory.pitch import NoteName, Pitch
from theory.rules import RULES
from theory.voices.transitions import broken
from theory.voices.voicing import RANGES, Voicing, admissible_voicing

LEGAL = {"P1", "m2", "M2", "m3", "M3", "P4", "P5", "m6", "M6", "P8"}
NARROW = {"d3", "d4", "d5"}


@dataclass
class N:
    """A sung note: where, what, and its neighbours without a rest between."""

    start: int
    end: int
    pitch: Pitch
    before: N | None = None  # the note directly before
    last: Pitch | None = None  # the last pitch sung, over rests and from the phrase before
    after: N | None = None
    role: str = ""


@lru_cache(maxsize=4096)
def bare(a: Pitch, b: Pitch) -> str:
    """The interval's name without its direction; unisons are named by semitones."""
    if a.step == b.step and a.octave == b.octave:
        return {0: "P1", 1: "chromatic"}.get(abs(a.midi - b.midi), "refused")
    return (a if a.height < b.height else b).to(b if a.height < b.height else a).name


def way(a: Pitch, b: Pitch) -> int:
    return (b.midi > a.midi) - (b.midi < a.midi)


def step(a: Pitch, b: Pitch) -> int:
    """+1, −1 for a step up or down, 0 for anything else."""
    return way(a, b) if bare(a, b) in ("m2", "M2") else 0


# What was found out of notes in their places, and of the structural notes of all spans, for many
# melodies over one context.
Known = dict[tuple[object, ...], tuple[set[str], str]]


def violations(
    context: HarmonicContext, events: Sequence[Event], known: Known | None = None
) -> set[str]:
    """Every rule that is hard in the context's language and that a whole melody breaks.

    known: empty at first, and the same for every melody over this context, to look at a note in
      its place once.
    """
    known = {} if known is None else known
    notes, tick = [], context.start
    last = context.before.pitch if context.before else None
    adjacent: N | None = None
    for event in events:
        if event.pitch is None:
            adjacent = None
        else:
            note = N(tick, tick + event.ticks, event.pitch, adjacent, last)
            if adjacent:
                adjacent.after = note
            notes.append(note)
            adjacent, last = note, event.pitch
        tick += event.ticks
    assert tick == context.end
    found = set()
    for note in notes:
        place = (note.start, note.end, note.pitch)
        if place not in known:
            known[place] = available(context, note), role(context, note)
        faults, note.role = known[place]
        found |= faults
    for note in notes:
        found |= interval(note) | figure(note)
        found |= perfect(context, note)
    found |= cadence(context, notes)
    found |= structure(context, events, known)
    soft = {name for name, rule in RULES.items() if not rule.binds(context.language)}
    return found - context.off - soft


def sounding(context: HarmonicContext, tick: int) -> Chord | None:
    for span in context.spans:
        if span.start <= tick < span.end:
            return span.chord
    return context.before.chord if context.before else None


def tone(context: HarmonicContext, tick: int, pitch: Pitch) -> bool:
    chord = sounding(context, tick)
    if chord is None:
        return pitch.note in context.scale
    return pitch.note in chord.tones or sweet(context, chord, pitch.note)


def sweet(context: HarmonicContext, chord: Chord, note: NoteName) -> bool:
    """Popular language hears a sixth and a ninth of the key as chord tones."""
    if context.language != "popular" or note not in chord.key.notes:
        return False
    fifths = note.fifths - chord.root.fifths
    return fifths in (2, 3) and all(note.step != t.step for t in chord.tones)


def coloured(context: HarmonicContext, tick: int, note: NoteName) -> bool:
    """Is it, in popular language, neither of the chord nor plainly of its key?"""
    chord = sounding(context, tick)
    if chord is None or context.language != "popular":
        return False
    plain = note in chord.key.notes and all(note.step != t.step for t in chord.tones)
    return not plain and note not in chord.tones and not special(context, tick, note)


def accents(context: HarmonicContext, start: int, end: int) -> list[int]:
    """The strong places from `start` on; accents fall on quavers, chords may change anywhere."""
    starts = {span.start for span in context.spans}
    ticks = {*range(-(-start // 12) * 12, end, 12), *(t for t in starts if start <= t < end)}
    return [t for t in sorted(ticks) if t in starts or context.metre.strength(t) >= 3]


def in_scale(context: HarmonicContext, tick: int, note: NoteName) -> bool:
    chord = sounding(context, tick)
    if chord is None or note in chord.tones:
        return chord is not None or note in context.scale
    return note in context.scale and all(note.step != t.step for t in chord.tones)


def special(context: HarmonicContext, tick: int, note: NoteName) -> str:
    """Is it minor's raised sixth ("R") or the natural seventh that only falls ("F")?"""
    chord, key = sounding(context, tick), context.key
    if chord is None or not key.mode.minor or key.major_degree(5, -1) not in context.scale:
        return ""
    letters = {t.step for t in chord.tones}
    if (
        note == key.major_degree(5)
        and key.major_degree(6) in chord.tones
        and note.step not in letters
    ):
        return "R"
    if (
        note == key.major_degree(6, -1)
        and key.major_degree(6) in context.scale
        and note.step not in letters
        and in_scale(context, tick, key.major_degree(5, -1))
    ):
        return "F"
    return ""


def available(context: HarmonicContext, note: N) -> set[str]:
    low, high = context.compass
    found = set()
    if not low.midi <= note.pitch.midi <= high.midi:
        found.add("compass")
    onset = in_scale(context, note.start, note.pitch.note) or special(
        context, note.start, note.pitch.note
    )
    later = accents(context, note.start + 1, note.end)
    if not later and coloured(context, note.start, note.pitch.note):
        return found  # how it goes on is for its figure
    if not onset or not all(in_scale(context, t, note.pitch.note) for t in later):
        found.add("scale")
    return found


def role(context: HarmonicContext, note: N) -> str:
    """C a chord tone, H held into a suspension, U a tied anticipation, W weak and S strong
    non-chord tone, R and F minor's directed degrees, K and L chromatic notes on a weak
    and a strong place, X none of these."""
    strong = bool(accents(context, note.start, note.start + 1))
    later = [tone(context, t, note.pitch) for t in accents(context, note.start + 1, note.end)]
    if tone(context, note.start, note.pitch):
        if all(later):
            return "C"
        return "H" if later.index(False) == len(later) - 1 else "X"
    directed = special(context, note.start, note.pitch.note)
    if not later and coloured(context, note.start, note.pitch.note):
        return "L" if strong else "K"
    if strong:
        return "X" if later or directed else "S"
    if directed:
        return "X" if later else directed
    if later:
        return "U" if all(later) else "X"
    return "W"


def interval(note: N) -> set[str]:
    if note.last is None:
        return set()
    name = bare(note.last, note.pitch)
    if name in NARROW:
        turned = note.after and step(note.pitch, note.after.pitch) == -way(note.last, note.pitch)
        if not turned and note.role == "C":
            return {"melodic-interval"}
        return set()
    return set() if name in LEGAL or name == "chromatic" else {"melodic-interval"}


def figure(note: N) -> set[str]:
    """Is a note that is no plain chord tone one of the figures that have a name?"""
    strong, weak = {"strong-beat-dissonance"}, {"dissonance-left-by-step"}
    here, before, after = note.pitch, note.before, note.after
    narrow = note.last is not None and bare(note.last, here) in NARROW
    onward = step(here, after.pitch) if after else 0
    settled = after is not None and after.role in ("C", "H")
    resolves = settled and (onward == -1 or (onward == 1 and bare(here, after.pitch) == "m2"))
    if note.role == "C":
        return set()
    if note.role == "X":
        return strong
    if note.role == "L" and before is None:
        return strong
    if note.role in ("K", "L"):
        near = after is not None and abs(after.pitch.midi - here.midi) == 1
        led = settled and near and abs(after.pitch.height - here.height) == 1
        return weak if narrow else set() if led else {"scale"}
    if note.role == "H":
        return set() if resolves and not narrow else strong
    if note.role == "S":
        # What a chromatic note owes is the rule of the scale's to say, here and where it is off.
        if before is None or before.role not in ("C", "U", "K", "L"):
            return strong
        if before.pitch == here:
            return set() if resolves else strong
        if narrow and onward != -way(before.pitch, here):
            return strong
        return set() if settled and onward else strong
    reached = step(before.pitch, here) if before else 0
    if note.role in ("R", "F"):
        up = 1 if note.role == "R" else -1
        good = (
            before is not None
            and reached == up
            and bare(before.pitch, here) == "M2"
            and before.role in ("C", "U", "W")
            and (before.role != "W" or passing(before) == up)
            and after is not None
            and onward == up
            and bare(here, after.pitch) == "M2"
            and after.role in ("C", "H", "U", "W")
        )
        return set() if good else weak
    if before is not None and before.role in ("W", "R", "F") and note.role in ("W", "U"):
        if reached and passing(before) == reached:
            if note.role == "U":
                return set()
            # A second passing note goes on the same way.
            return set() if goes_on(note, reached) else weak
        double = (
            before.role == "W"
            and note.role == "W"
            and before.before is not None
            and before.before.role in ("C", "U")
            and bare(before.pitch, here) in ("m3", "M3")
            and way(before.pitch, here) == -passing(before)
        )
        return set() if double and settled and onward == passing(before) else weak
    if before is not None and before.role in ("S", "H"):
        return weak
    if before is not None and before.pitch == here:
        return weak
    if note.role == "U":
        return weak if narrow else set()
    if not reached:
        same = settled and after.pitch == here
        return set() if same and not narrow else weak
    return set() if left_well(note, reached) else weak


def passing(note: N) -> int:
    """The direction of the step by which a weak note was reached."""
    return step(note.before.pitch, note.pitch) if note.before else 0


def goes_on(note: N, direction: int) -> bool:
    after = note.after
    if after is None or step(note.pitch, after.pitch) != direction:
        return False
    return after.role in ("C", "H", "U", "W", "R" if direction > 0 else "F")


def left_well(note: N, reached: int) -> bool:
    """A weak note reached by step from a consonance: how may it be left?"""
    after = note.after
    if after is None:
        return False
    if goes_on(note, reached):
        return True
    name, leads = bare(note.pitch, after.pitch), way(note.pitch, after.pitch)
    consonant = after.role in ("C", "H")
    if after.role == "W":  # the first of two neighbours
        return name in ("m3", "M3") and leads == -reached
    if name in ("m2", "M2"):
        return consonant and leads == -reached
    if name == "P1":
        return consonant
    if name in ("m3", "M3", "P4") and leads == -reached:
        return consonant
    if name in ("m3", "M3") and leads == reached and after.role == "C":  # cambiata
        back = after.after
        return back is not None and step(after.pitch, back.pitch) == -reached
    return False


def perfect(context: HarmonicContext, note: N) -> set[str]:
    name = "perfects-with-bass"
    if not RULES[name].binds(context.language) or note.before is None:
        return set()
    for index, span in enumerate(context.spans):
        if span.start != note.start:
            continue
        if index == 0 and context.before is None:
            return set()
        old = context.spans[index - 1].voicing if index else context.before.voicings[0]
        low, low2 = old.bass, span.voicing.bass
        high, high2 = note.before.pitch, note.pitch
        if low.midi == low2.midi or high == high2:
            return set()
        now = perfect_class(low2, high2)
        if now and now == perfect_class(low, high):
            return {name}
        if now and way(low, low2) == way(high, high2) and abs(high.height - high2.height) > 1:
            return {name}
    return set()


def perfect_class(low: Pitch, high: Pitch) -> str:
    if (high.midi - low.midi) % 12 == 7 and (high.height - low.height) % 7 == 4:
        return "fifth"
    if (high.midi - low.midi) % 12 == 0 and (high.height - low.height) % 7 == 0:
        return "octave"
    return ""


def cadence(context: HarmonicContext, notes: list[N]) -> set[str]:
    last = context.spans[-1]
    if not notes:
        return {"melodic-cadence"}
    end = notes[-1]
    bad = end.pitch.note not in last.chord.tones or (
        "melodic-cadence" not in context.off and end.pitch.note not in context.final
    )
    if context.after is not None and "melodic-interval" not in context.off:
        name = bare(end.pitch, context.after[1].soprano)
        bad = bad or name not in LEGAL | NARROW | {"chromatic"}
    # With the rule off the note is still one of the chord's; the name stays the same.
    return (
        {"melodic-cadence" if "melodic-cadence" not in context.off else "ending"} if bad else set()
    )


def structure(context: HarmonicContext, events: Sequence[Event], known: Known) -> set[str]:
    """Has every span its structural note, and can alto and tenor be led under all of them?"""
    name = "structural-note"
    if name in context.off:
        return set()
    tops: list[Pitch] = []
    for span in context.spans:
        top, tick = None, context.start
        for event in events:
            inside = tick < span.end and tick + event.ticks > span.start
            if inside and event.pitch is not None and event.pitch.note in span.chord.tones:
                top = event.pitch
                break
            tick += event.ticks
        if top is None:
            return {name}
        tops.append(top)
    if tuple(tops) not in known:
        known[tuple(tops)] = set() if led(context, tops) else {name}, ""
    return known[tuple(tops)][0]


def led(context: HarmonicContext, tops: Sequence[Pitch]) -> bool:
    """Can alto and tenor be led under these structural notes?"""
    reached: set[tuple[Voicing, Chord]] = (
        {(voicing, context.before.chord) for voicing in context.before.voicings}
        if context.before
        else set()
    )
    for index, (span, top) in enumerate(zip(context.spans, tops, strict=True)):
        every = voicings(span.chord, top, span.voicing.bass, context.language, context.off)
        if index or context.before:
            every = tuple(
                voicing
                for voicing in every
                if any(
                    not broken(a, chord, voicing, span.chord, context.language, context.off)
                    for a, chord in reached
                )
            )
        reached = {(voicing, span.chord) for voicing in every}
    if context.after is not None:
        chord2, goal = context.after
        reached = {
            (a, chord)
            for a, chord in reached
            if not broken(a, chord, goal, chord2, context.language, context.off)
        }
    return bool(reached)


@lru_cache(maxsize=4096)
def voicings(
    chord: Chord, top: Pitch, bass: Pitch, language: str, off: frozenset[str]
) -> tuple[Voicing, ...]:
    """All legal voicings between two outer voices."""
    inner = [
        [t.at(o) for t in chord.tones for o in range(1, 7) if lo.midi <= t.at(o).midi <= hi.midi]
        for lo, hi in (RANGES[1], RANGES[2])
    ]
    return tuple(
        voicing
        for alto, tenor in product(*inner)
        if admissible_voicing(voicing := Voicing(top, alto, tenor, bass), chord, language, off)
    )
