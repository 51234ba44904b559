"""The melody sung by rules: rhythms and motifs are drawn, and the exact singer finds the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from composer.music.melody.exact import nearest
from composer.music.melody.motif import Bearing, bearing, make_motif
from composer.music.melody.rhythm import Wanted, draw
from composer.music.melody.slots import Stage, first_sung, model, wishes
from composer.music.melody.stages import stage_of
from composer.music.melody.voice import Line, Sounded, Sung, trace_of
from composer.values import Harmony, Motif, Note, Plan, Slot, Weighed
from theory.melody import Automaton
from theory.noise import Noise

# Letters b's rhythm is busier or calmer than a's, so that they are told apart.
CONTRASTING_DENSITY = 0.75
# How much a language syncopates, and how often its motifs hold a note over the barline.
SYNCOPATED = {"strict": 0.0, "modal": 0.4, "popular": 1.0}
TIED = {"strict": 0.15, "modal": 0.3, "popular": 0.5}


class RulesVoice:
    """Sings with weights written by hand, and no network."""

    # What a melody's notes may last, in ticks, where no rhythm is given: semiquaver to semibreve.
    durations: tuple[int, ...] = (6, 8, 12, 18, 24, 36, 48, 72, 96)
    content, tries = 0.0, 3

    def __init__(self, plan: Plan, harmony: Harmony, noise: Noise) -> None:
        self.plan, self.harmony, self.noise = plan, harmony, noise

    def motifs(self) -> Mapping[str, Motif]:
        return drawn_motifs(self.plan, self.harmony, self.noise)

    def sing(self, stage: Stage, automaton: Automaton, sung: Sung) -> Line:
        wanted = wishes(stage, sung.motifs, sung.heard, self.noise)
        song = nearest(stage, automaton, wanted, sung.notes, self.noise)
        sounded = []
        for wish, note in zip(wanted, song.notes, strict=True):
            weighed = Weighed(note.costs, note.runner_up, note.margin)
            trace = trace_of(stage, automaton, note.before, note.event, weighed)
            sounded.append(Sounded(note.event, wish.slot, bool(wish.hold), trace))
        return Line(tuple(sounded), song.end)

    def stated(self, stage: Stage, slot: Slot, motif: Motif | None, notes: Sequence[Note]) -> Motif:
        """The motif that was drawn, with the steps that its statement sang."""
        assert motif is not None
        heights = list(model(motif, first_sung(slot, notes)).values())
        return replace(motif, steps=tuple(height - heights[0] for height in heights))


def drawn_motifs(plan: Plan, harmony: Harmony, noise: Noise) -> Mapping[str, Motif]:
    """A motif for every name in the plan, as long as its first slot."""
    made: dict[str, Motif] = {}
    for index, phrase in enumerate(plan.phrases):
        for slot in phrase.slots:
            if slot.motif in made:
                continue
            stage = stage_of(plan, harmony, index, None)
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
                _bearings(plan, harmony, slot.motif, drawn),
                round(plan.melody.range * 7 / 12) - 2,
                noise,
                "motif",
            )
    return made


def _bearings(plan: Plan, harmony: Harmony, motif: str, drawn: Sequence[int]) -> list[Bearing]:
    """The chords of every place where the whole motif is sung, its first statement first."""
    found = []
    for index, phrase in enumerate(plan.phrases):
        for slot in phrase.slots:
            if slot.motif == motif and slot.action not in ("fragment", "cadence"):
                stage = stage_of(plan, harmony, index, None)
                end = stage.motivic_end(slot)
                sign = -1 if slot.action == "invert" else 1
                found.append(
                    bearing(drawn, slot.start, end, stage.spans, plan.metre, stage.letters, sign)
                )
    return found
