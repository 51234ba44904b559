"""The plan and the frame become a melody, sung phrase by phrase through the automaton."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from composer.harmonise import TARGET_WEIGHT, cadence_notes, pitches_between, wanted_notes
from composer.mapping import Decisions
from composer.melody import costs
from composer.melody.bearing import Bearing, bearing
from composer.melody.motif import make_motif
from composer.melody.rhythm import Wanted, draw
from composer.melody.slots import Heard, Peak, Stage, Wish, model, wishes
from composer.plan.compass import HIGHEST, LOWEST, bounds, compass
from composer.plan.surprise import LEAP
from composer.values import Cause, ChordSpan, Harmony, Motif, Note, Phrase, Plan, Section, Slot
from theory.frame import lead
from theory.melody import Automaton, Entry, Event, Ground, Song, Span, labels, sing
from theory.metre import Metre
from theory.noise import Noise
from theory.pitch import Note as Name
from theory.pitch import Pitch

# What a melody's notes may last, in ticks, where no rhythm is given: semiquaver to semibreve.
DURATIONS = (6, 8, 12, 18, 24, 36, 48, 72, 96)
PENTATONIC = {True: (0, 2, 3, 4, 6), False: (0, 1, 2, 4, 5)}  # by whether the mode is minor
# Letters b's rhythm is busier or calmer than a's, so that they are told apart.
CONTRASTING_DENSITY = 0.75
# How much a language syncopates, and how often its motifs hold a note over the barline.
SYNCOPATED = {"strict": 0.0, "modal": 0.4, "popular": 1.0}
TIED = {"strict": 0.15, "modal": 0.3, "popular": 0.5}
MOST_PEAKS = 3  # how many heights and places of a period's climax are tried
DEEPEST_PEAK = 4  # semitones below the wish that it may lie
AWAY_PRICE = 1.5  # semitones that a place on another beat is worse by
THIRD_TIME_PRICE = 6.0  # points a note for a bar that comes a third time running


@dataclass(frozen=True, slots=True)
class Tune:
    """A sung melody, the harmony led again under it, and the motifs it is made of."""

    notes: tuple[Note, ...]
    harmony: Harmony
    motifs: Mapping[str, Motif]


@dataclass(frozen=True, slots=True)
class Sung:
    """What has been sung so far: notes, structural notes, what each motif's first statement sang,
    the motifs, and what the next phrase enters on."""

    notes: tuple[Note, ...]
    sopranos: tuple[Pitch, ...]
    heard: Heard
    motifs: Mapping[str, Motif]
    entry: Entry | None


def sing_melody(plan: Plan, harmony: Harmony, decisions: Decisions, noise: Noise) -> Tune:
    """Sing every phrase; a phrase's end is the next one's beginning.

    Raises theory's NoMelody where a table, an override or a switched rule leaves nothing legal.
    """
    motifs = drawn_motifs(plan, harmony, decisions, noise)
    sung = Sung((), (), {}, motifs, None)
    automata: dict[tuple[int, Entry | None], Automaton] = {}
    for section in plan.sections:
        indices = [i for i, p in enumerate(plan.phrases) if p.section == section.name]
        tries: list[tuple[float, Sung]] = []
        for highest in _peaks(plan, harmony, indices, decisions):
            tried = sung
            for index in indices:
                tried = _sing_phrase(
                    plan, harmony, index, highest, tried, decisions, noise, automata
                )
            tries.append((_unclimactic(plan, section, highest, tried.notes), tried))
            if tries[-1][0] == 0:
                break
        sung = min(tries, key=lambda one: one[0])[1]
    return Tune(sung.notes, _led_again(plan, harmony, sung.sopranos), sung.motifs)


def _sing_phrase(
    plan: Plan,
    harmony: Harmony,
    index: int,
    highest: Peak | None,
    sung: Sung,
    decisions: Decisions,
    noise: Noise,
    automata: dict[tuple[int, Entry | None], Automaton],
) -> Sung:
    """What has been sung, and one phrase more. Each automaton is made once and kept."""
    stage = _stage(plan, harmony, index, highest, decisions)
    after = next((s for s in harmony.spans if s.start == stage.phrase.end), None)
    known = (index, sung.entry)
    if known not in automata:
        automata[known] = Automaton(_ground(plan, stage, decisions, sung.entry, after))
    automaton = automata[known]
    wanted = wishes(stage, sung.motifs, sung.heard, noise)
    song = _song(stage, automaton, wanted, decisions, sung.notes, noise)
    notes = _notes(plan, stage.phrase, wanted, song, automaton)
    heard, motifs = dict(sung.heard), dict(sung.motifs)
    for slot in stage.phrase.slots:
        if slot.motif not in heard:
            heard[slot.motif] = _first_sung(slot, notes)
            motifs[slot.motif] = _as_sung(motifs[slot.motif], heard[slot.motif])
    return Sung(
        (*sung.notes, *notes),
        (*sung.sopranos, *structural_notes(automaton.ground, song.events)),
        heard,
        motifs,
        automaton.leave(song.end),
    )


def _peaks(
    plan: Plan, harmony: Harmony, indices: Sequence[int], decisions: Decisions
) -> list[Peak | None]:
    """Where a period's highest note may be and what it may be, the wished one first.

    It is a tone of the chord there, on a beat of the planned bar. A perfect interval with a bass
    that rises into it is passed over: to leap up there would be a forbidden one.
    """
    phrase = next((p for p in (plan.phrases[i] for i in indices) if p.climax is not None), None)
    if phrase is None or phrase.climax is None:
        return [None]
    middle = decisions.number("register") + _section(plan, phrase).register
    leaps = phrase.surprise == LEAP
    top = round(bounds(middle, decisions.number("range"), leaps)[1])
    metre = plan.metre
    wish = phrase.contour[(phrase.climax - phrase.start) // metre.beat]
    bar = phrase.climax // metre.bar * metre.bar
    found: list[tuple[float, Peak]] = []
    for tick in range(bar, bar + metre.bar, metre.beat):
        number = sum(span.start <= tick for span in harmony.spans) - 1
        span, before = harmony.spans[number], harmony.spans[max(0, number - 1)]
        rises = span.start == tick and span.voicing.bass.midi > before.voicing.bass.midi
        for pitch in sorted(pitches_between(frozenset(span.chord.tones), LOWEST, HIGHEST)):
            perfect = span.voicing.bass.to(pitch).perfect
            if wish - DEEPEST_PEAK <= pitch.midi <= top and not (rises and perfect):
                away = abs(pitch.midi - wish) + AWAY_PRICE * (tick != phrase.climax)
                found.append((away, Peak(tick, pitch)))
    found.sort(key=lambda one: one[0])
    return [peak for _, peak in found[:MOST_PEAKS]] or [None]


def _unclimactic(
    plan: Plan, section: Section, highest: Peak | None, notes: Sequence[Note]
) -> float:
    """By how much a period misses its climax: nought where its highest note is sung once, in the
    bar that was planned, and a leap of register is heard; a lower peak counts a little."""
    climaxes = [
        p.climax for p in plan.phrases if p.section == section.name and p.climax is not None
    ]
    inside = [note for note in notes if note.start >= section.start]
    if highest is None or not climaxes:
        return 0.0
    top = max(note.key_number for note in inside)
    peaks = [note for note in inside if note.key_number == top]
    bar = plan.metre.bar
    misplaced = all(note.start // bar != climaxes[0] // bar for note in peaks)
    unheard = False
    for phrase in plan.phrases:
        if phrase.surprise == LEAP and phrase.section == section.name:
            line = [n.pitch for n in inside if phrase.start <= n.start < phrase.end and n.pitch]
            unheard = max(b.height - a.height for a, b in pairwise(line)) < costs.WIDE
    return (
        2.0 * misplaced + 1.5 * unheard + (len(peaks) > 1) + 0.1 * max(0, highest.pitch.midi - top)
    )


def drawn_motifs(
    plan: Plan, harmony: Harmony, decisions: Decisions, noise: Noise
) -> Mapping[str, Motif]:
    """A motif for every name in the plan, as long as its first slot."""
    made: dict[str, Motif] = {}
    for index, phrase in enumerate(plan.phrases):
        for slot in phrase.slots:
            if slot.motif in made:
                continue
            stage = _stage(plan, harmony, index, None, decisions)
            contrast = CONTRASTING_DENSITY if len(made) % 2 else 1.0
            drawn = draw(
                Wanted(
                    metre=plan.metre,
                    bars=(slot.end - slot.start) // plan.metre.bar,
                    density=max(0.5, stage.density * contrast),
                    syncopated=SYNCOPATED[plan.language],
                    tied=TIED[plan.language],
                ),
                noise,
                "rhythm",
                slot.motif,
            )
            first = (slot.start - phrase.start) // plan.metre.beat
            last = (slot.end - phrase.start) // plan.metre.beat
            made[slot.motif] = make_motif(
                slot.motif,
                drawn,
                phrase.contour[first:last],
                _bearings(plan, harmony, decisions, slot.motif, drawn),
                round(decisions.number("range") * 7 / 12) - 2,
                noise,
                "motif",
            )
    return made


def _bearings(
    plan: Plan, harmony: Harmony, decisions: Decisions, motif: str, drawn: Sequence[int]
) -> list[Bearing]:
    """The chords of every place where the whole motif is sung, its first statement first."""
    found = []
    for index, phrase in enumerate(plan.phrases):
        for slot in phrase.slots:
            if slot.motif == motif and slot.action not in ("fragment", "cadence"):
                stage = _stage(plan, harmony, index, None, decisions)
                end = stage.motivic_end(slot)
                sign = -1 if slot.action == "invert" else 1
                found.append(
                    bearing(drawn, slot.start, end, stage.spans, plan.metre, stage.letters, sign)
                )
    return found


def _stage(
    plan: Plan, harmony: Harmony, index: int, highest: Peak | None, decisions: Decisions
) -> Stage:
    phrase = plan.phrases[index]
    section = _section(plan, phrase)
    last = index + 1 == len(plan.phrases)
    key = plan.key_of(phrase)
    scale: tuple[Name, ...] = key.notes
    if decisions.choice("melodic_scale") == "pentatonic":
        scale = tuple(key.degree(degree) for degree in PENTATONIC[key.mode.minor])
    return Stage(
        phrase=phrase,
        spans=tuple(span for span in harmony.spans if span.phrase == phrase.name),
        metre=plan.metre,
        key=key,
        scale=scale,
        until=phrase.end - (0 if last else plan.phrases[index + 1].upbeat),
        density=decisions.number("density") * section.density,
        final=last,
        peak=highest,
        compass=bounds(
            decisions.number("register") + section.register,
            decisions.number("range"),
            phrase.surprise == LEAP,
        ),
        place=(section.letter, phrase.name.rpartition(".")[2], phrase.cadence),
    )


def _first_sung(slot: Slot, notes: Sequence[Note]) -> Mapping[int, int]:
    """What a statement sang: tick from its slot's start → height in letters."""
    return {
        note.start - slot.start: note.pitch.height
        for note in notes
        if note.pitch is not None and slot.start <= note.start < slot.end
    }


def _as_sung(motif: Motif, heard: Mapping[int, int]) -> Motif:
    """The motif with the steps that its statement sang."""
    heights = list(model(motif, heard).values())
    return replace(motif, steps=tuple(height - heights[0] for height in heights))


def _section(plan: Plan, phrase: Phrase) -> Section:
    return next(section for section in plan.sections if section.name == phrase.section)


def _ground(
    plan: Plan,
    stage: Stage,
    decisions: Decisions,
    entry: Entry | None,
    after: ChordSpan | None,
) -> Ground:
    phrase = stage.phrase
    return Ground(
        key=stage.key,
        metre=plan.metre,
        start=-phrase.upbeat,
        end=stage.until - phrase.start,
        spans=tuple(
            Span(s.start - phrase.start, min(s.end, stage.until) - phrase.start, s.chord, s.voicing)
            for s in stage.spans
        ),
        compass=compass(
            decisions.number("register") + _section(plan, phrase).register,
            decisions.number("range"),
            phrase.surprise == LEAP,
            [span.voicing.soprano for span in stage.spans],
        ),
        scale=stage.scale,
        final=_final(stage),
        language=plan.language,
        durations=DURATIONS,
        off=plan.off,
        before=entry,
        after=(after.chord, after.voicing) if after else None,
        careful=True,
    )


def _final(stage: Stage) -> frozenset[Name]:
    """The notes on which the phrase ends: the wanted ones wherever the frame has one of them."""
    last = stage.spans[-1]
    wanted = wanted_notes(stage.phrase.cadence, last.chord, stage.final)
    return wanted if last.voicing.soprano.note in wanted else cadence_notes(last.chord)


def _song(
    stage: Stage,
    automaton: Automaton,
    wanted: Sequence[Wish],
    decisions: Decisions,
    before: Sequence[Note],
    noise: Noise,
) -> Song:
    """The phrase's best melody; where a bar would come a third time running, the best without."""
    notes = [wish for wish in wanted if wish.sounding]
    dissonance = decisions.number("dissonance")
    prices = costs.pitch_costs(notes, automaton.pitches, stage, dissonance, noise)
    steps = costs.step_costs(notes, automaton.pitches)
    rhythm = [(wish.ticks, wish.sounding) for wish in wanted]
    song = sing(automaton, rhythm, prices, steps)
    for _ in stage.phrase.slots:
        stale = third_time(before, wanted, song.events, stage.metre)
        if not stale:
            break
        sung = [e.pitch for e in song.events if e.pitch is not None]
        for row, (wish, pitch) in enumerate(zip(notes, sung, strict=True)):
            if wish.start in stale:
                prices[row, automaton.number[pitch]] += THIRD_TIME_PRICE
        song = sing(automaton, rhythm, prices, steps)
    return song


def third_time(
    before: Sequence[Note], wanted: Sequence[Wish], events: Sequence[Event], metre: Metre
) -> frozenset[int]:
    """The onsets of those bars that are the same as the two bars before them."""
    line = [(note.start, note.ticks, note.pitch) for note in before]
    pairs = zip(wanted, events, strict=True)
    line += [(wish.start, wish.ticks, e.pitch) for wish, e in pairs if e.pitch is not None]
    bars: dict[int, list[tuple[int, int, Pitch | None]]] = {}
    for start, ticks, pitch in line:
        bars.setdefault(start // metre.bar, []).append((start % metre.bar, ticks, pitch))
    found = {
        bar * metre.bar + start
        for bar, sung in bars.items()
        if sung == bars.get(bar - 1) == bars.get(bar - 2)
        for start, _, _ in sung
    }
    return frozenset(tick for tick in found if tick >= wanted[0].start)


def _notes(
    plan: Plan, phrase: Phrase, wanted: Sequence[Wish], song: Song, automaton: Automaton
) -> list[Note]:
    region = _section(plan, phrase).region
    kinds = labels(automaton, song.events)
    notes = []
    for wish, event, kind in zip(wanted, song.events, kinds, strict=True):
        if event.pitch is None:
            continue
        rules = ["density", "register", "range", "melodic_scale"]
        if kind != "chord tone":
            rules.append("dissonance")
        if wish.hold:
            rules.append(f"motif {wish.slot.motif}")
        cause = Cause(
            origin="melody",
            label=kind,
            slot=wish.slot.name,
            motif=wish.slot.motif,
            action=wish.slot.action,
            region=region,
            rules=tuple(rules),
        )
        notes.append(Note(wish.start, wish.ticks, event.pitch, 0, cause))
    return notes


def structural_notes(ground: Ground, events: Sequence[Event]) -> list[Pitch]:
    """The structural note of each span: what sounds at its start if that is a chord tone, else the
    first chord tone that begins in it."""
    found: list[Pitch] = []
    for span in ground.spans:
        tick = ground.start
        for event in events:
            end = tick + event.ticks
            heard = end > span.start and tick < span.end
            if heard and event.pitch is not None and event.pitch.note in span.chord.tones:
                found.append(event.pitch)
                break
            tick = end
    return found


def _led_again(plan: Plan, harmony: Harmony, sopranos: Sequence[Pitch]) -> Harmony:
    """Lead the lower voices again under the melody's structural notes, on the same bass.

    With the rule of structural notes switched off nothing says that this can be done: the frame
    then stays as it was.
    """
    if "structural-note" in plan.off:
        return harmony
    spans = harmony.spans
    frame = lead(
        [span.chord for span in spans],
        language=plan.language,
        soprano=[frozenset({pitch}) for pitch in sopranos],
        bass=[span.voicing.bass for span in spans],
        soprano_range=(LOWEST, HIGHEST),
        target_weight=TARGET_WEIGHT,
        off=plan.off,
    )
    again = tuple(
        replace(span, voicing=voicing, costs=cost)
        for span, voicing, cost in zip(spans, frame.voicings, frame.costs, strict=True)
    )
    return replace(harmony, spans=again, total=frame.total, runner_up=frame.runner_up)
