"""What the explanation holds of the piece itself: plan, players, chords, notes and checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from composer.explanation.format import (
    CauseJson,
    CheckJson,
    ChordJson,
    NoteJson,
    PartJson,
    PhraseJson,
    PlaceJson,
    PlanJson,
    ProposalJson,
    ProposedJson,
    SectionJson,
    SingerJson,
    SlotJson,
    TraceJson,
    VoiceLeadingJson,
    WeighedJson,
)
from composer.values import (
    Cause,
    Check,
    Harmony,
    Note,
    Phrase,
    Piece,
    Proposed,
    Section,
    Slot,
    Trace,
    Weighed,
)
from composer.verifier.surprise import heard
from theory.metre import QUARTER, Metre
from theory.pitch import Pitch
from theory.rules import RULES


def place(tick: int, metre: Metre) -> PlaceJson:
    """The bar and the beat, both counted from 1, that a tick falls on."""
    bar, rest = divmod(tick, metre.bar)
    beat = 1 + rest / metre.beat
    return {"bar": bar + 1, "beat": int(beat) if beat == int(beat) else round(beat, 4)}


def plan(piece: Piece) -> PlanJson:
    made = piece.plan
    metre = made.metre
    return {
        "key": {
            "name": made.key.name,
            "tonic": made.key.tonic.name,
            "mode": made.key.mode.name,
            "signature": made.key.signature,
            "notes": list(made.key.names),
        },
        "metre": {
            "name": metre.name,
            "beats": metre.beats,
            "ticks_per_bar": metre.bar,
            "ticks_per_beat": metre.beat,
            "ticks_per_quarter": QUARTER,
        },
        "form": made.form,
        "bars": made.bars,
        "seconds": round(piece.seconds, 3),
        "language": made.language,
        "swing": piece.plan.performance.swing,
        "sections": [_section(section, piece) for section in made.sections],
        "phrases": [_phrase(phrase, piece) for phrase in made.phrases],
        "motifs": {
            name: {"rhythm": list(motif.rhythm), "steps": list(motif.steps)}
            for name, motif in piece.motifs.items()
        },
        "tempo": [{**place(tick, metre), "rate": round(rate, 4)} for tick, rate in made.tempo],
        "dynamics": [{**place(tick, metre), "velocity": level} for tick, level in made.dynamics],
        "rules_off": sorted(made.off),
        "tension": list(made.tension),
        "introduction": made.introduction,
        "coda": made.coda,
    }


def parts(piece: Piece) -> list[PartJson]:
    return [
        {
            "part": part.role,
            "instrument": part.instrument.name,
            "program": part.instrument.program,
            "range": [part.instrument.low.name, part.instrument.high.name],
            "pan": part.pan,
            "volume": part.volume,
            "articulation": part.articulation,
            "octave": part.octave,
            "players": part.players,
            "notes": len(part.notes),
        }
        for part in piece.parts
    ]


def harmony(piece: Piece) -> list[ChordJson]:
    metre = piece.plan.metre
    return [
        {
            **place(span.start, metre),
            "tick": span.start,
            "duration": span.end - span.start,
            "roman": span.chord.roman,
            "symbol": span.chord.symbol,
            "function": span.chord.function,
            "key": span.chord.key.name,
            "pattern": span.pattern,
            "pivot": None
            if span.pivot is None
            else {"roman": span.pivot.roman, "key": span.pivot.key.name},
            "phrase": span.phrase,
            "cadence": span.cadence,
            "voices": [pitch.name for pitch in span.voicing],
            "alternatives": {
                roman: round(weight, 6) for roman, weight in span.alternatives.items()
            },
            "costs": {rule: round(cost, 6) for rule, cost in span.costs.items()},
            "runner_up": None
            if span.rival is None
            else {
                "voices": [pitch.name for pitch in span.rival.voicing],
                "margin": round(span.rival.margin, 6),
            },
        }
        for span in piece.harmony.spans
    ]


def voice_leading(made: Harmony) -> VoiceLeadingJson:
    """The progression's family, and what the four voices cost against the next best way."""
    return {
        "family": made.family,
        "cost": round(made.total, 6),
        "runner_up": None if made.runner_up is None else round(made.runner_up, 6),
    }


def notes(piece: Piece) -> list[NoteJson]:
    """Every note in order of time; `key` sounds, `pitch` is as written (of a drum, its name)."""
    metre = piece.plan.metre
    rows = [
        (note.start, order, note.key_number + 12 * part.octave, part.role, note)
        for order, part in enumerate(piece.parts)
        for note in part.notes
    ]
    return [
        {
            **place(note.start, metre),
            "tick": note.start,
            "part": role,
            "pitch": note.cause.label if note.pitch is None else note.pitch.name,
            "key": key,
            "duration": note.ticks,
            "velocity": note.velocity,
            "cause": _cause(note.cause),
        }
        for _, _, key, role, note in sorted(rows, key=lambda row: row[:3])
    ]


def singer(piece: Piece) -> SingerJson:
    """Who proposed the melody's notes: rules or network, and with which weights."""
    return {"name": piece.singer.name, "weights": piece.singer.weights}


def checks(found: Iterable[Check]) -> list[CheckJson]:
    return [
        {
            "rule": check.rule,
            "hard": check.hard,
            "off": check.off,
            "count": check.count,
            "places": list(check.places),
            "sentence": RULES[check.rule].sentence,
            "source": RULES[check.rule].source,
        }
        for check in found
    ]


def _section(section: Section, piece: Piece) -> SectionJson:
    metre = piece.plan.metre
    followed = piece.followed(section)
    return {
        "name": section.name,
        "letter": section.letter,
        "bar": place(section.start, metre)["bar"],
        "bars": (section.end - section.start) // metre.bar,
        "region": section.region,
        "register": section.register,
        "dynamics": section.dynamics,
        "density": round(section.density, 4),
        "why": section.why,
        "level": section.level,
        "scoring": section.scoring,
        "plays": [
            {"part": part.role, "instrument": part.instrument.name, "pattern": _pattern(notes)}
            for part in piece.parts
            if (notes := [note for note in part.notes if _of(note, section)])
        ],
        "kind": section.kind,
        "layers": [list(row) for row in section.layers],
        "followed": None if followed is None else round(followed, 3),
    }


def _of(note: Note, section: Section) -> bool:
    """Is a note one of a section's? An upbeat is of the section that it leads to."""
    if note.cause.slot is None:
        return section.start <= note.start < section.end
    return note.cause.slot.rsplit(".", 2)[0] == section.name


def _pattern(notes: Iterable[Note]) -> str | None:
    """The pattern that a part plays most, read off the causes of its notes."""
    labels = [n.cause.label for n in notes if n.cause.origin in ("pattern", "drums")]
    names = Counter(label.partition(":")[0] for label in labels)
    return names.most_common(1)[0][0] if names else None


def _phrase(phrase: Phrase, piece: Piece) -> PhraseJson:
    made, metre = piece.plan, piece.plan.metre
    return {
        "name": phrase.name,
        "section": phrase.section,
        **place(phrase.start, metre),
        "duration": phrase.end - phrase.start,
        "cadence": phrase.cadence,
        "key": piece.plan.key_of(phrase).name,
        "climax": None if phrase.climax is None else place(phrase.climax, metre),
        "upbeat": phrase.upbeat,
        "breath": phrase.breath,
        "surprise": phrase.surprise if heard(made, piece.harmony, piece.parts, phrase) else None,
        "octave": piece.octave(phrase),
        "contour": [round(height, 2) for height in phrase.contour],
        "slots": [_slot(slot, metre) for slot in phrase.slots],
        "sung": phrase.sung,
    }


def _slot(slot: Slot, metre: Metre) -> SlotJson:
    return {
        "name": slot.name,
        **place(slot.start, metre),
        "duration": slot.end - slot.start,
        "motif": slot.motif,
        "action": slot.action,
        "shift": slot.shift,
    }


def _cause(cause: Cause) -> CauseJson:
    return {
        "origin": cause.origin,
        "label": cause.label,
        "slot": cause.slot,
        "motif": cause.motif,
        "action": cause.action,
        "region": cause.region,
        "rules": list(cause.rules),
        "trace": None if cause.trace is None else _trace(cause.trace),
    }


def _trace(trace: Trace) -> TraceJson:
    """How a note of the melody was found; `by` is the network or the rules that weighed it."""
    by = trace.by
    return {
        "struck": {rule: [pitch.name for pitch in found] for rule, found in trace.struck.items()},
        "contour": round(trace.contour, 2),
        "proposed": _proposed(by) if isinstance(by, Proposed) else None,
        "weighed": _weighed(by) if isinstance(by, Weighed) else None,
    }


def _proposed(by: Proposed) -> ProposedJson:
    return {
        "wanted": _proposal(by.wanted),
        "wanted_share": _share(by.wanted_share),
        "share": _share(by.share),
        "allowed": _share(by.allowed),
        "runner_up": None if by.runner_up is None else _proposal(by.runner_up),
        "runner_up_share": _share(by.runner_up_share),
    }


def _weighed(by: Weighed) -> WeighedJson:
    return {
        "costs": {name: round(cost, 4) for name, cost in by.costs.items()},
        "runner_up": None if by.runner_up is None else by.runner_up.name,
        "margin": None if by.margin is None else round(by.margin, 4),
    }


def _proposal(choice: tuple[Pitch | None, int]) -> ProposalJson:
    pitch, ticks = choice
    return {"pitch": None if pitch is None else pitch.name, "duration": ticks}


def _share(share: float) -> float:
    """A probability to four significant figures: the network's sums have no more to say."""
    return float(f"{share:.4g}")
