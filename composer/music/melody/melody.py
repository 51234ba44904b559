"""The plan and the frame become a melody, sung phrase by phrase through the automaton."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from composer.music.harmony import TARGET_WEIGHT
from composer.music.melody.slots import Peak, Stage, first_sung
from composer.music.melody.stages import ground_of, peaks, section_of, stage_of, unclimactic
from composer.music.melody.voice import Line, Sung, Voice
from composer.values import Cause, Harmony, Motif, Note, Plan
from theory.melody import Automaton, Entry, Event, Ground, labels
from theory.pitch import Pitch
from theory.voices.frame import lead


@dataclass(frozen=True, slots=True)
class Tune:
    """A sung melody, the harmony led again under it, and the motifs it is made of."""

    notes: tuple[Note, ...]
    harmony: Harmony
    motifs: Mapping[str, Motif]


def sing_melody(plan: Plan, harmony: Harmony, voice: Voice) -> Tune:
    """Sing every phrase; a phrase's end is the next one's beginning.

    Raises theory's NoMelody where a table, an override or a switched rule leaves nothing legal.
    """
    sung = Sung((), (), {}, voice.motifs(), None)
    automata: dict[tuple[int, Entry | None], Automaton] = {}
    for section in plan.sections:
        indices = [i for i, p in enumerate(plan.phrases) if p.section == section.name]
        tries: list[tuple[float, Sung]] = []
        for highest in peaks(plan, harmony, indices, voice.tries):
            tried = sung
            for index in indices:
                tried = _sing_phrase(plan, harmony, index, highest, tried, voice, automata)
            tries.append((unclimactic(plan, section, highest, tried.notes), tried))
            if tries[-1][0] <= voice.content:
                break
        sung = min(tries, key=lambda one: one[0])[1]
    return Tune(sung.notes, _led_again(plan, harmony, sung.sopranos), sung.motifs)


def _sing_phrase(
    plan: Plan,
    harmony: Harmony,
    index: int,
    highest: Peak | None,
    sung: Sung,
    voice: Voice,
    automata: dict[tuple[int, Entry | None], Automaton],
) -> Sung:
    """What has been sung, and one phrase more. Each automaton is made once and kept."""
    stage = stage_of(plan, harmony, index, highest)
    after = next((s for s in harmony.spans if s.start == stage.phrase.end), None)
    known = (index, sung.entry)
    if known not in automata:
        ground = ground_of(plan, stage, sung.entry, after, voice.durations)
        automata[known] = Automaton(ground)
    automaton = automata[known]
    line = voice.sing(stage, automaton, sung)
    notes = _notes(plan, stage, line, automaton)
    heard, motifs = dict(sung.heard), dict(sung.motifs)
    for slot in stage.phrase.slots:
        if slot.motif not in heard:
            heard[slot.motif] = first_sung(slot, notes)
            motifs[slot.motif] = voice.stated(stage, slot, motifs.get(slot.motif), notes)
    return Sung(
        (*sung.notes, *notes),
        (*sung.sopranos, *structural_notes(automaton.ground, line.events)),
        heard,
        motifs,
        automaton.leave(line.end),
    )


def _notes(plan: Plan, stage: Stage, line: Line, automaton: Automaton) -> list[Note]:
    """A phrase's notes in the piece's ticks, each with its cause."""
    region = section_of(plan, stage.phrase).region
    tick = stage.phrase.start - stage.phrase.upbeat
    notes = []
    for one, kind in zip(line.sounded, labels(automaton, line.events), strict=True):
        start, event, slot = tick, one.event, one.slot
        tick += event.ticks
        if event.pitch is None:
            continue
        rules = ["density", "register", "range", "melodic_scale"]
        if kind != "chord tone":
            rules.append("dissonance")
        if one.held:
            rules.append(f"motif {slot.motif}")
        cause = Cause(
            origin="melody",
            label=kind,
            slot=slot.name,
            motif=slot.motif,
            action=slot.action,
            region=region,
            rules=tuple(rules),
            trace=one.trace,
        )
        notes.append(Note(start, event.ticks, event.pitch, 0, cause))
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
        soprano_range=plan.melody.compass,
        target_weight=TARGET_WEIGHT,
        off=plan.off,
        rivals=True,
    )
    again = tuple(
        replace(span, voicing=voicing, costs=cost, rival=rival)
        for span, voicing, cost, rival in zip(
            spans, frame.voicings, frame.costs, frame.rivals, strict=True
        )
    )
    return replace(harmony, spans=again, total=frame.total, runner_up=frame.runner_up)
