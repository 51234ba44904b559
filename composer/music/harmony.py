"""The plan becomes chords in time, led in four voices: the frame that the melody is sung to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from composer.music.likings import (
    NOBODY,
    Model,
    model_of,
    recast_chords,
    returning,
    sequenced_chords,
)
from composer.music.plan.phrases import changes
from composer.music.plan.surprise import hemiola, strangers
from composer.values import ChordSpan, Harmony, Phrase, Plan, cadence_notes
from composer.values.plan import BORROWED, LEAP, MEDIANT
from theory.chord import Chord
from theory.harmony import family
from theory.harmony import phrase as phrases
from theory.harmony.form import HELD
from theory.metre import Metre
from theory.noise import Noise
from theory.pitch import NoteName, Pitch
from theory.scale import Key
from theory.voices.frame import Frame, NoVoicing, lead

# Points a semitone that the frame's soprano is away from the contour, and where that is the
# picture's outline.
TARGET_WEIGHT, OUTLINE_WEIGHT = 0.35, 4.0
CADENCE_WEIGHT = 60.0  # points for a full close whose soprano is not on the root
# At its climax the frame's soprano may be so many semitones below the contour's top, and elsewhere
# it should be so many below.
PEAK_ROOM, BELOW_PEAK = 2, 3
# And at the piece's peak at most so many, if four voices can be led there, or so many above it.
SUMMIT_ROOMS, SUMMIT_OVER = (2, 4, 7), 2
OCTAVE = 12
# The chords on the degrees of a scale, by whether it is minor.
PLAIN = {
    False: ("I", "ii", "iii", "IV", "V", "vi", "V6"),
    True: ("i", "iv6", "III", "iv", "V", "VI", "VII"),
}


@dataclass(frozen=True, slots=True)
class ChordPlace:
    """Where a chord falls."""

    start: int
    end: int
    phrase: Phrase
    step: phrases.DrawnChord


@dataclass(frozen=True, slots=True)
class PhraseKeys:
    """The piece's family and colour, and the keys that a phrase begins and closes in."""

    home: family.Family
    key: Key
    goal: Key
    colour: str

    def grammar(self, key: Key) -> family.Family:
        """The family in a key: the piece's, or the one most like it in another mode."""
        return family.kindred(self.home, key.mode.name)

    @property
    def to(self) -> tuple[family.Family, Key] | None:
        """Where the phrase goes to, if it changes key."""
        return None if self.goal == self.key else (self.grammar(self.goal), self.goal)


def wanted_notes(cadence: str, chord: Chord, final: bool) -> frozenset[NoteName]:
    """The notes on which a phrase should end: the root after a full close, which is then a perfect
    cadence, and after whichever close is the piece's last; it is an imperfect one where no four
    voices can be led to that."""
    full = final or cadence == "authentic"
    return frozenset({chord.root}) if full else cadence_notes(chord)


def harmonise(plan: Plan, noise: Noise) -> Harmony:
    """Draw the chords phrase by phrase from the family's grammar and lead the frame exactly.

    Raises theory's NoVoicing where a table, an override or a switched rule leaves nothing legal.
    """
    grammar = family.families()[plan.harmony.progression]
    colour, rate = plan.harmony.chords, plan.harmony.rhythm
    chords: list[Chord] = []
    models: dict[str, Model] = {}
    places: list[ChordPlace] = []
    key = plan.key
    again = returning(plan)
    for phrase in plan.phrases:
        keys = PhraseKeys(grammar, key, plan.key_of(phrase), colour)
        if phrase.given:
            ticks, drawn = _given(plan, phrase, keys, chords)
        else:
            own = rate if phrase.rhythm is None else phrase.rhythm
            ticks = changes(phrase.start, phrase.end, phrase.cadence, own, plan.metre)
            if beats := hemiola(phrase, plan.metre):
                within = range(beats[0], beats[0] + 2 * plan.metre.bar)
                ticks = tuple(sorted({*beats, *(t for t in ticks if t not in within)}))
            recast = phrase.section in again
            drawn = _drawn(plan, phrase, ticks, keys, chords, models, noise, recast)
        if places and keys.to and not any(step.pivot for step in drawn):
            # Too short to turn: the chord before it was the pivot.
            said = phrases.reading(chords[-1], *keys.to, colour)
            places[-1] = replace(places[-1], step=replace(places[-1].step, pivot=said))
        for step, start, end in zip(drawn, ticks, [*ticks[1:], phrase.end], strict=True):
            chords.append(step.chord)
            places.append(ChordPlace(start, end, phrase, step))
        for slot in phrase.slots:
            models.setdefault(slot.motif, model_of(slot, ticks, drawn))
        key = keys.goal
    frame = _rising(plan, chords, places)
    return Harmony(
        family=grammar.name,
        spans=_spans(places, frame, grammar, colour),
        total=frame.total,
        runner_up=frame.runner_up,
    )


def _rising(plan: Plan, chords: Sequence[Chord], places: Sequence[ChordPlace]) -> Frame:
    """The four voices, with the soprano as near its top in the bar of the piece's peak as can be
    led, and lower everywhere else, if that can be."""
    peaks = _at_summit(plan, places)
    for room in SUMMIT_ROOMS:
        for peak in peaks:
            if not _tops(plan, places[peak], room):
                continue
            try:
                frame = _led(plan, chords, places, (peak, room))
            except NoVoicing:
                continue
            top = frame.voicings[peak].soprano.midi
            if all(one.soprano.midi < top for n, one in enumerate(frame.voicings) if n != peak):
                return frame
            try:
                return _led(plan, chords, places, (peak, room), top)
            except NoVoicing:
                return frame
    return _led(plan, chords, places, None)


def _led(
    plan: Plan,
    chords: Sequence[Chord],
    places: Sequence[ChordPlace],
    peak: tuple[int, int] | None,
    under: int | None = None,
) -> Frame:
    """The four voices. peak: the number of the chord that has the piece's highest note, and how
    many semitones that may be below its top; None: where the soprano likes. under: the MIDI number
    that it does not reach elsewhere."""
    sopranos = [
        _tops(plan, place, peak[1])
        if peak is not None and number == peak[0]
        else _sopranos(plan, place, under)
        for number, place in enumerate(places)
    ]
    return lead(
        chords,
        language=plan.language,
        soprano=sopranos,
        soprano_range=plan.melody.compass,
        targets=[_target(place.phrase, place.start, plan.metre) for place in places],
        target_weight=[
            OUTLINE_WEIGHT if plan.section_at(place.phrase.start).outlined else TARGET_WEIGHT
            for place in places
        ],
        wanted=[_wanted(plan, place) for place in places],
        wanted_weight=CADENCE_WEIGHT,
        within=[_bounds(plan, place) for place in places],
        off=plan.off,
        # Else the lower voices are led again under the melody, which has rivals of its own.
        rivals="structural-note" in plan.off,
    )


def _given(
    plan: Plan, phrase: Phrase, keys: PhraseKeys, chords: Sequence[Chord]
) -> tuple[tuple[int, ...], tuple[phrases.DrawnChord, ...]]:
    """The changes and chords of a phrase that says which they are: those on its degrees, or the
    one before it, or the tonic's where it begins the piece."""
    if not phrase.degrees:
        found = chords[-1] if chords else Chord.parse(_on(1, keys), keys.key)
        return (phrase.start,), (phrases.DrawnChord(found),)
    ticks: list[int] = []
    drawn: list[phrases.DrawnChord] = []
    for bar, degree in enumerate(phrase.degrees):
        chord = Chord.parse(_on(degree, keys), keys.key)
        if not drawn or drawn[-1].chord != chord:
            ticks.append(phrase.start + bar * plan.metre.bar)
            drawn.append(phrases.DrawnChord(chord))
    return tuple(ticks), tuple(drawn)


def _on(degree: int, keys: PhraseKeys) -> str:
    """The chord on a degree of the scale (from 1), in root position, that the family goes to most
    often; a plain one, where it has none there."""
    own = keys.grammar(keys.key)
    root = keys.key.degree(degree - 1)
    shares: dict[str, float] = {}
    for row in (phrases.alternatives(own, None, keys.colour), *_onward(own, keys.colour)):
        for roman, share in row.items():
            chord = Chord.parse(roman, keys.key)
            if chord.root == root and chord.inversion == 0:
                shares[roman] = shares.get(roman, 0.0) + share
    plain = PLAIN[keys.key.mode.minor][degree - 1]
    return max(shares, key=lambda roman: shares[roman]) if shares else plain


def _onward(own: family.Family, colour: str) -> Iterator[Mapping[str, float]]:
    yield from phrases.grammar(own, colour).after.values()


def _drawn(
    plan: Plan,
    phrase: Phrase,
    ticks: Sequence[int],
    keys: PhraseKeys,
    chords: Sequence[Chord],
    models: Mapping[str, Model],
    noise: Noise,
    recast: bool = False,
) -> tuple[phrases.DrawnChord, ...]:
    """A phrase's chords. Where a motif is repeated its chords come again, and where it is sung in
    sequence, the same chords as many steps away, as far as the grammar has them.

    recast: a section that was heard before comes back in this phrase, and its motifs with chords
    related to those that they were stated on."""
    borrows = phrase.surprise in (BORROWED, MEDIANT)
    grammar = keys.grammar(keys.key)
    including = (
        strangers(grammar, plan.key, keys.colour, phrase.surprise)
        if phrase.surprise in (BORROWED, MEDIANT)
        else frozenset()
    )
    colour = "borrowed" if borrows else keys.colour
    first = phrase.slots[0] if phrase.slots else NOBODY
    opening: tuple[str, ...] = ()
    recast = recast and keys.to is None and not borrows
    if first.action in ("state", "repeat") and first.motif in models and not recast:
        opening = tuple(roman for _, roman, _ in models[first.motif])

    def draw(
        opening: tuple[str, ...], known: Mapping[str, Model]
    ) -> tuple[phrases.DrawnChord, ...]:
        return phrases.phrase(
            grammar,
            keys.key,
            phrase.cadence,
            len(ticks),
            colour=colour,
            noise=noise,
            place=("harmony", phrase.name) if recast else _place(phrase, plan),
            before=chords[-1] if chords else None,
            opens=borrows or first.action != "sequence",
            opening=opening,
            including=including,
            liked=None
            if keys.to or borrows
            else (recast_chords if recast else sequenced_chords)(
                keys.key, phrase, ticks, grammar, colour, known
            ),
            to=keys.to,
        )

    drawn = draw(opening, models)
    later = [s for s in phrase.slots[1:] if s.action == "sequence" and s.motif == first.motif]
    if later and first.motif not in models:
        # The model is this phrase's own beginning: keep that, and draw what follows again.
        model = model_of(first, ticks, drawn)
        drawn = draw(tuple(roman for _, roman, _ in model), {**models, first.motif: model})
    return drawn


def _at_summit(plan: Plan, places: Sequence[ChordPlace]) -> list[int]:
    """The numbers of the chords in the bar of the piece's peak, the planned one first."""
    summit = None if plan.summit is None else plan.phrases[plan.summit]
    tick = None if summit is None else summit.climax
    if tick is None:
        return []
    begins = tick - tick % plan.metre.bar
    found = [
        number
        for number, place in enumerate(places)
        if place.phrase == summit and begins < place.end and place.start < begins + plan.metre.bar
    ]
    return sorted(found, key=lambda n: not places[n].start <= tick < places[n].end)


def _tops(plan: Plan, place: ChordPlace, room: int) -> frozenset[Pitch]:
    """The notes over a chord that may be the piece's highest: so many semitones below its top at
    most."""
    found = _sopranos(plan, place, None)
    top = plan.section_at(place.start).ceiling
    if top is None:
        return found
    return frozenset(one for one in found if top - room <= one.midi <= top + SUMMIT_OVER)


def _sopranos(plan: Plan, place: ChordPlace, under: int | None) -> frozenset[Pitch]:
    """The notes that the frame's soprano may sing over a chord, `under` a MIDI number."""
    chord, last = place.step.chord, place.end == place.phrase.end
    notes = cadence_notes(chord) if last and place.phrase.sung else frozenset(chord.tones)
    found = pitches_between(notes, *plan.melody.compass)
    return frozenset(one for one in found if under is None or one.midi < under) or found


def _wanted(plan: Plan, place: ChordPlace) -> frozenset[NoteName] | None:
    """What the soprano should be on a phrase's last chord."""
    if place.end != place.phrase.end or place.phrase.cadence == HELD:
        return None
    return wanted_notes(place.phrase.cadence, place.step.chord, last_sung(plan, place.phrase))


def last_sung(plan: Plan, phrase: Phrase) -> bool:
    """Is it the last phrase of the piece that has a melody?"""
    return phrase.sung and not any(
        other.sung for other in plan.phrases if other.start > phrase.start
    )


def _bounds(plan: Plan, place: ChordPlace) -> tuple[float, float]:
    """Where the frame's soprano should keep to: at its period's climax near the top, elsewhere
    below it; and before a leap of register an octave lower."""
    low, high = (float(pitch.midi) for pitch in plan.melody.compass)
    ceiling = plan.section_at(place.phrase.start).ceiling
    if ceiling is not None:
        summit = plan.summit is not None and plan.phrases[plan.summit].period == place.phrase.period
        high = min(high, float(ceiling) - (0 if summit else PEAK_ROOM))
    for phrase in plan.phrases:
        if phrase.period != place.phrase.period or phrase.climax is None:
            continue
        top = phrase.contour[(phrase.climax - phrase.start) // plan.metre.beat]
        if place.start <= phrase.climax < place.end:
            return min(top, high) - PEAK_ROOM, high
        high = min(top, high) - BELOW_PEAK
        if phrase.surprise == LEAP and phrase.start <= place.start < phrase.climax:
            high -= OCTAVE - BELOW_PEAK
    return low, max(low, high)


def _cadence(place: ChordPlace) -> str | None:
    """The cadence that a chord belongs to; what is held belongs to none."""
    ends = place.end == place.phrase.end and place.phrase.cadence != HELD
    return place.phrase.cadence if ends else None


def _place(phrase: Phrase, plan: Plan) -> tuple[object, ...]:
    """What the harmony's noise is drawn for: a section that comes back has the same chords."""
    letter = next(s.letter for s in plan.sections if s.name == phrase.section)
    return "harmony", letter, phrase.name.rpartition(".")[2]


def _target(phrase: Phrase, tick: int, metre: Metre) -> float:
    beat = (tick - phrase.start) // metre.beat
    return phrase.contour[min(beat, len(phrase.contour) - 1)]


def pitches_between(notes: frozenset[NoteName], low: Pitch, high: Pitch) -> frozenset[Pitch]:
    """Every pitch of these notes from `low` to `high`, bounds included."""
    return frozenset(
        pitch
        for note in notes
        for octave in range(low.octave - 1, high.octave + 2)
        if low.midi <= (pitch := note.at(octave)).midi <= high.midi
    )


def _spans(
    places: Sequence[ChordPlace], frame: Frame, grammar: family.Family, colour: str
) -> tuple[ChordSpan, ...]:
    spans = []
    for index, place in enumerate(places):
        chord = frame.chords[index]
        own = family.kindred(grammar, chord.key.mode.name)
        before = places[index - 1].step if index else None
        heard = None if before is None else before.pivot or before.chord
        offered: Mapping[str, float] = phrases.alternatives(
            own, heard if heard and heard.key == chord.key else None, colour
        )
        if place.start == place.phrase.start or chord.roman not in offered:
            # It begins a phrase, or stands in the formula of its cadence.
            offered = place.step.offered
        spans.append(
            ChordSpan(
                start=place.start,
                end=place.end,
                chord=chord,
                voicing=frame.voicings[index],
                phrase=place.phrase.name,
                cadence=_cadence(place),
                # A chord that the form asks for had no others beside it.
                alternatives={} if place.phrase.given else offered,
                costs=frame.costs[index],
                pattern=place.step.pattern,
                pivot=place.step.pivot,
                rival=frame.rivals[index] if frame.rivals else None,
            )
        )
    return tuple(spans)
