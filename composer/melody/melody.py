"""The plan and the frame become a melody, sung phrase by phrase through the automaton."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from composer.harmonise import HIGHEST, LOWEST, TARGET_WEIGHT, cadence_notes, wanted_notes
from composer.mapping import Decisions
from composer.melody import costs
from composer.melody.motif import make_motif
from composer.melody.rhythm import Wanted
from composer.melody.slots import Wish, wishes
from composer.plan.compass import compass
from composer.plan.surprise import LEAP
from composer.values import Cause, ChordSpan, Harmony, Motif, Note, Phrase, Plan, Section
from theory.frame import lead
from theory.melody import Automaton, Entry, Event, Ground, Song, Span, labels, sing
from theory.noise import Noise
from theory.pitch import Note as Name
from theory.pitch import Pitch

# What a melody's notes may last, in ticks, where no rhythm is given: semiquaver to semibreve.
DURATIONS = (6, 8, 12, 18, 24, 36, 48, 72, 96)
PENTATONIC = {True: (0, 2, 3, 4, 6), False: (0, 1, 2, 4, 5)}  # by whether the mode is minor
# Letters b's rhythm is busier or calmer than a's, so that they are told apart.
CONTRASTING_DENSITY = 0.75
SHAPE_SAMPLES = 16


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
    motifs = _motifs(plan, decisions, noise)
    statements: dict[str, Sequence[tuple[int, Pitch]]] = {}
    notes: list[Note] = []
    sopranos: list[Pitch] = []
    entry: Entry | None = None
    for index, phrase in enumerate(plan.phrases):
        spans = [span for span in harmony.spans if span.phrase == phrase.name]
        following = plan.phrases[index + 1] if index + 1 < len(plan.phrases) else None
        until = phrase.end - (following.upbeat if following else 0)
        after = next((s for s in harmony.spans if s.start == phrase.end), None)
        ground = _ground(plan, phrase, spans, until, decisions, entry, after)
        wanted = wishes(
            phrase,
            motifs,
            [span.start for span in spans],
            plan.metre,
            statements,
            until=until,
            lean=decisions.number("dissonance") > 0.3,
            noise=noise,
        )
        automaton = Automaton(ground)
        song = _song(plan, phrase, spans, automaton, wanted, decisions, noise)
        sung = _notes(plan, phrase, wanted, song, automaton)
        notes += sung
        _remember(statements, phrase, sung)
        sopranos += structural_notes(ground, song.events)
        entry = automaton.leave(song.end)
    return Tune(tuple(notes), _led_again(plan, harmony, sopranos), motifs)


def _motifs(plan: Plan, decisions: Decisions, noise: Noise) -> Mapping[str, Motif]:
    """A motif for every name in the plan, as long as its first slot."""
    made: dict[str, Motif] = {}
    syncopated = {"strict": 0.0, "modal": 0.4, "popular": 1.0}[plan.language]
    for phrase in plan.phrases:
        section = _section(plan, phrase)
        for slot in phrase.slots:
            if slot.motif in made:
                continue
            contrast = CONTRASTING_DENSITY if len(made) % 2 else 1.0
            wanted = Wanted(
                metre=plan.metre,
                bars=(slot.end - slot.start) // plan.metre.bar,
                density=max(0.5, decisions.number("density") * section.density * contrast),
                syncopated=syncopated,
            )
            first = (slot.start - phrase.start) // plan.metre.beat
            last = (slot.end - phrase.start) // plan.metre.beat
            made[slot.motif] = make_motif(
                slot.motif, wanted, phrase.contour[first:last], noise, "motif"
            )
    return made


def _section(plan: Plan, phrase: Phrase) -> Section:
    return next(section for section in plan.sections if section.name == phrase.section)


def _ground(
    plan: Plan,
    phrase: Phrase,
    spans: Sequence[ChordSpan],
    until: int,
    decisions: Decisions,
    entry: Entry | None,
    after: ChordSpan | None,
) -> Ground:
    key = plan.key
    scale: tuple[Name, ...] = key.notes
    if decisions.choice("melodic_scale") == "pentatonic":
        scale = tuple(key.degree(degree) for degree in PENTATONIC[key.mode.minor])
    return Ground(
        key=key,
        metre=plan.metre,
        start=-phrase.upbeat,
        end=until - phrase.start,
        spans=tuple(
            Span(s.start - phrase.start, min(s.end, until) - phrase.start, s.chord, s.voicing)
            for s in spans
        ),
        compass=compass(
            decisions.number("register") + _section(plan, phrase).register,
            decisions.number("range"),
            phrase.surprise == LEAP,
            [span.voicing.soprano for span in spans],
        ),
        scale=scale,
        final=_final(phrase, spans[-1]),
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
    plan: Plan,
    phrase: Phrase,
    spans: Sequence[ChordSpan],
    automaton: Automaton,
    wanted: Sequence[Wish],
    decisions: Decisions,
    noise: Noise,
) -> Song:
    pitches = automaton.pitches
    notes = [wish for wish in wanted if wish.sounding]
    return sing(
        automaton,
        [(wish.ticks, wish.sounding) for wish in wanted],
        costs.pitch_costs(
            notes,
            pitches,
            phrase,
            spans,
            plan.metre,
            decisions.number("dissonance"),
            _climax(plan, phrase),
            noise,
        ),
        costs.step_costs(notes, pitches),
    )


def _climax(plan: Plan, phrase: Phrase) -> float | None:
    """The wished height of the climax of the period that a phrase belongs to."""
    with_climax = [p for p in plan.phrases if p.climax is not None and p.section == phrase.section]
    if not with_climax:
        return None
    near = min(with_climax, key=lambda p: abs(p.start - phrase.start))
    return max(near.contour)


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


def _remember(
    statements: dict[str, Sequence[tuple[int, Pitch]]], phrase: Phrase, notes: Sequence[Note]
) -> None:
    """Keep what each motif's latest statement sang, for repeats and sequences to come."""
    for slot in phrase.slots:
        if slot.action in ("state", "contrast", "sequence"):
            statements[slot.motif] = [
                (note.start - slot.start, note.pitch)
                for note in notes
                if note.cause.slot == slot.name and note.pitch is not None
            ]


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
