"""Walking: the bass notes between one chord's bass and the next, found exactly.

Chord tones on strong beats, steps elsewhere, and the last note a step (or a fifth) from where it
goes, as jazz bass players and figured-bass tutors teach alike.
"""

from __future__ import annotations

from composer.arrange.ground import Ground
from composer.values import ChordSpan
from theory.pitch import LETTERS, Pitch

# What an interval in semitones costs in a walk; anything wider than an octave is out.
LEAPS = (5.0, 0.0, 0.0, 0.8, 1.0, 1.6, 9.0, 2.0, 3.5, 4.5, 9.0, 9.0, 3.0)
# What the last interval into the next chord's bass costs: a step is best, a fifth or fourth good.
ARRIVALS = (5.0, 0.0, 0.2, 1.5, 1.5, 1.0, 9.0, 1.2, 4.0, 4.0, 9.0, 9.0, 4.0)
CENTRE = 48  # C3: a walk drifts back to it


def walk(
    ground: Ground, span: ChordSpan, starts: tuple[int, ...], after: Pitch, room: tuple[int, int]
) -> tuple[tuple[Pitch, str], ...]:
    """Pitches and labels for the walking notes at `starts` (ticks), in `room` (MIDI numbers).

    Least cost of all walks from the chord's bass to `after`; noise of the seed decides between
    walks that are nearly alike.
    """
    if not starts:
        return ()
    bass = span.voicing.bass
    best: dict[Pitch, tuple[float, tuple[Pitch, ...]]] = {bass: (0.0, ())}
    for number, start in enumerate(starts):
        last = number == len(starts) - 1
        options = _options(ground, span, after if last else None, room)
        best = {
            pitch: min(
                (
                    (
                        cost + _step(span, old, pitch, bass) + _own(ground, span, pitch, start),
                        (*path, pitch),
                    )
                    for old, (cost, path) in best.items()
                ),
                key=lambda found: found[0],
            )
            for pitch in options
        }
    _, path = min(
        ((cost + _arrive(span, pitch, after), walked) for pitch, (cost, walked) in best.items()),
        key=lambda found: found[0],
    )
    return tuple((pitch, _label(span, pitch)) for pitch in path)


def _options(
    ground: Ground, span: ChordSpan, after: Pitch | None, room: tuple[int, int]
) -> list[Pitch]:
    """Chord tones and the scale's other notes; before `after`, in popular music, its neighbours
    a semitone away too."""
    tones = span.chord.tones
    letters = {tone.step for tone in tones}
    notes = [*tones, *(note for note in span.chord.key.notes if note.step not in letters)]
    low, high = min(room[0], span.voicing.bass.midi), max(room[1], span.voicing.bass.midi)
    found = [
        pitch
        for octave in range(1, 5)
        for note in notes
        if low <= (pitch := note.at(octave)).midi <= high
    ]
    if after is not None and ground.plan.language == "popular":
        found += [p for p in (_beside(after, -1), _beside(after, 1)) if low <= p.midi <= high]
    return sorted(set(found), key=lambda pitch: (pitch.midi, pitch.height))


def _beside(pitch: Pitch, direction: int) -> Pitch:
    """The next letter's pitch, a semitone below (−1) or above (1)."""
    octave, step = divmod(pitch.height + direction, len(LETTERS))
    natural = Pitch(step, 0, octave)
    return Pitch(step, pitch.midi + direction - natural.midi, octave)


def _step(span: ChordSpan, old: Pitch, new: Pitch, bass: Pitch) -> float:
    leap = abs(new.midi - old.midi)
    if leap >= len(LEAPS):
        return 50.0
    # A note that is not the chord's is left by step.
    foreign = old != bass and old.note not in span.chord.tones
    return LEAPS[leap] + (6.0 if foreign and not 0 < leap <= 2 else 0.0)


def _arrive(span: ChordSpan, old: Pitch, after: Pitch) -> float:
    leap = abs(after.midi - old.midi)
    foreign = old.note not in span.chord.tones and not 0 < leap <= 2
    return (ARRIVALS[leap] if leap < len(ARRIVALS) else 50.0) + 6.0 * foreign


def _own(ground: Ground, span: ChordSpan, pitch: Pitch, start: int) -> float:
    strong = ground.plan.metre.strength(start) >= 3
    foreign = pitch.note not in span.chord.tones
    drift = 0.04 * abs(pitch.midi - CENTRE)
    chance = 0.8 * ground.noise.uniform("bass", span.start, start, pitch.name)
    # A strong beat that comes back to where the walk began goes nowhere.
    idle = 3.0 * (strong and pitch.note == span.voicing.bass.note)
    return (4.0 if strong else 0.4) * foreign + idle + drift + chance


def _label(span: ChordSpan, pitch: Pitch) -> str:
    return "chord tone" if pitch.note in span.chord.tones else "passing"
