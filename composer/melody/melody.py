"""The plan and the frame become a melody, sung phrase by phrase through the automaton."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from composer.harmonise import TARGET_WEIGHT, cadence_notes, wanted_notes
from composer.mapping import Decisions
from composer.melody import costs
from composer.melody.bearing import Bearing, bearing
from composer.melody.motif import make_motif
from composer.melody.rhythm import Wanted, draw
from composer.melody.slots import Stage, Wish, model, wishes
from composer.plan.compass import HIGHEST, LOWEST, compass
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
THIRD_TIME_PRICE = 6.0  # points a note for a bar that comes a third time running


@dataclass(frozen=True, slots=True)
class Tune:
    """A sung melody, the harmony led again under it, and the motifs it is made of."""

    notes: tuple[Note, ...]
    harmony: Harmony
    motifs: Mapping[str, Motif]


def sing_melody(plan: Plan, harmony: Harmony, decisions: Decisions, noise: Noise) -> Tune:
    """Sing every phrase; a phrase's end is the next one's beginning.

    Raises theory's NoMelody where a table, an override or a switched rule leaves nothing legal.
    """
    motifs = dict(drawn_motifs(plan, harmony, decisions, noise))
    heard: dict[str, Mapping[int, int]] = {}
    notes: list[Note] = []
    sopranos: list[Pitch] = []
    entry: Entry | None = None
    for index in range(len(plan.phrases)):
        stage = _stage(plan, harmony, index, decisions)
        after = next((s for s in harmony.spans if s.start == stage.phrase.end), None)
        automaton = Automaton(_ground(plan, stage, decisions, entry, after))
        wanted = wishes(stage, motifs, heard, noise)
        song = _song(stage, automaton, wanted, decisions, notes, noise)
        sung = _notes(plan, stage.phrase, wanted, song, automaton)
        notes += sung
        for slot in stage.phrase.slots:
            if slot.motif not in heard:
                heard[slot.motif] = _first_sung(slot, sung)
                motifs[slot.motif] = _as_sung(motifs[slot.motif], heard[slot.motif])
        sopranos += structural_notes(automaton.ground, song.events)
        entry = automaton.leave(song.end)
    return Tune(tuple(notes), _led_again(plan, harmony, sopranos), motifs)


def drawn_motifs(
    plan: Plan, harmony: Harmony, decisions: Decisions, noise: Noise
) -> Mapping[str, Motif]:
    """A motif for every name in the plan, as long as its first slot."""
    made: dict[str, Motif] = {}
    for index, phrase in enumerate(plan.phrases):
        for slot in phrase.slots:
            if slot.motif in made:
                continue
            stage = _stage(plan, harmony, index, decisions)
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
                stage = _stage(plan, harmony, index, decisions)
                end = stage.motivic_end(slot)
                sign = -1 if slot.action == "invert" else 1
                found.append(bearing(drawn, slot.start, end, stage.spans, plan.metre, sign))
    return found


def _stage(plan: Plan, harmony: Harmony, index: int, decisions: Decisions) -> Stage:
    phrase = plan.phrases[index]
    section = _section(plan, phrase)
    last = index + 1 == len(plan.phrases)
    scale: tuple[Name, ...] = plan.key.notes
    if decisions.choice("melodic_scale") == "pentatonic":
        scale = tuple(plan.key.degree(degree) for degree in PENTATONIC[plan.key.mode.minor])
    return Stage(
        phrase=phrase,
        spans=tuple(span for span in harmony.spans if span.phrase == phrase.name),
        metre=plan.metre,
        key=plan.key,
        scale=scale,
        until=phrase.end - (0 if last else plan.phrases[index + 1].upbeat),
        density=decisions.number("density") * section.density,
        final=last,
        peak=_peak(plan, harmony, section.name),
        place=(section.letter, phrase.name.rpartition(".")[2], phrase.cadence),
    )


def _peak(plan: Plan, harmony: Harmony, section: str) -> Pitch | None:
    """The highest note of a section's period: the frame's soprano at its climax."""
    climaxes = [p.climax for p in plan.phrases if p.section == section and p.climax is not None]
    if not climaxes:
        return None
    return next(span.voicing.soprano for span in harmony.spans if climaxes[0] < span.end)


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
        key=plan.key,
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
        final=_final(phrase, stage.spans[-1]),
        language=plan.language,
        durations=DURATIONS,
        off=plan.off,
        before=entry,
        after=(after.chord, after.voicing) if after else None,
    )


def _final(phrase: Phrase, last: ChordSpan) -> frozenset[Name]:
    """The notes on which the phrase ends: the wanted ones wherever the frame has one of them."""
    wanted = wanted_notes(phrase.cadence, last.chord)
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
