"""The tune: each note's slot, motif and label; the motifs as they were sung; the rules it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from composer.proof import frame, melody
from composer.proof.form import Form, Place, at
from composer.proof.harmony import Span
from composer.proof.melody import FREED, Melody, Note
from composer.proof.reading import Node
from composer.proof.spelling import pitch

# The rules that are switched off with another, being more of the same.
FIGURES = {
    "strong-beat-dissonance": ("melodic-suspension", "appoggiatura"),
    "dissonance-left-by-step": (
        "passing-note", "neighbour-note", "cambiata", "anticipation", "escape-tone",
    ),
}  # fmt: skip
# The rules that are not counted here, and the languages in which nothing may break them.
OTHERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("leading-tone", "seventh", "suspension", "augmented-sixth"), frame.LEARNED),
    **dict.fromkeys(("neapolitan", "six-four"), frame.LEARNED),
    **dict.fromkeys(("strong-beat-dissonance", "dissonance-left-by-step"), frame.STYLED),
    **dict.fromkeys((name for row in FIGURES.values() for name in row), frame.STYLED),
}
EARLY = 12  # ticks by which a note that is tied over may come before its slot


def note_of(row: Node) -> Note:
    """A note of one line, in ticks."""
    tick = row["tick"].whole()
    return Note(tick, tick + row["duration"].whole(), pitch(row["pitch"]))


def sung(document: Node, rows: Sequence[Node], form: Form, spans: Sequence[Span]) -> None:
    """What is said of each note of the melody. Raises RefusedError at the first that is not so."""
    singer, neural = document["singer"], document["singer"]["name"].raw == "neural"
    singer["name"].need(neural or singer["name"].raw == "rules", "nobody sings so")
    singer["weights"].need((singer["weights"].raw is not None) == neural, "the network has weights")
    octaves = {row["part"].raw: row["octave"].raw for row in document["parts"]}
    notes = [note_of(row) for row in rows]
    off = document["plan"]["rules_off"].raw
    loose = FREED if document["plan"]["language"].raw == "free" else off
    freed = [role for rule in loose for role in FREED.get(rule, ())]
    tune = Melody(notes, spans, form, document["plan"]["language"].raw == "popular", upbeats=True)
    first = _stated(form)
    for number, (row, note) in enumerate(zip(rows, notes, strict=True)):
        cause, trace = row["cause"], row["cause"]["trace"]
        after = notes[number + 1].start if number + 1 < len(notes) else form.end
        row["duration"].need(note.end <= after, "it sounds on into the next")
        phrase, slot = _home(cause, note, form)
        phrase.node["octave"].be(octaves[row["part"].raw], "of who sings it")
        region = at(form.sections, phrase.start).node["region"].raw
        own = {"motif": slot.node["motif"].raw, "action": slot.node["action"].raw}
        cause.has({"origin": "melody", **own, "region": region}, "of its slot")
        label, free = cause["label"], ("free dissonance", "chord tone", "added tone")
        named = label.raw not in free and document["plan"]["language"].raw != "free"
        if tune.roles[number] not in freed or named:
            label.be(tune.label(number), "what it is to its chord and its neighbours")
        rules = ["density", "register", "range", "melodic_scale"]
        rules += ["dissonance"] * (label.raw != "chord tone")
        rules += ["syncopation"] * _against(form, note)
        motif, proposed = f"motif {own['motif']}", bool(trace["proposed"])
        held = slot.start <= note.start < form.motivic_end(slot, phrase)
        held = held and first.get(own["motif"]) != slot
        if not proposed:  # weighed by rules, which say themselves whether a motif held it
            held = motif in cause["rules"].raw
        cause["rules"].be([*rules, motif] if held else rules, "what shaped it")
        beat = max(0, note.start - phrase.start) // form.beat
        wished = phrase.node["contour"][min(beat, len(phrase.node["contour"]) - 1)]
        trace["contour"].be(wished.raw, "the phrase's at this beat")
        one = proposed != bool(trace["weighed"]) and (neural or not proposed)
        trace.need(one, "it has one singer, and this piece's")
    _filled(form, notes)
    for name, slot in first.items():
        end = form.motivic_end(slot, form.by_name[slot.name.rpartition(".")[0]])
        _as_sung(document["plan"]["motifs"][name], slot.start, end, notes)


def _stated(form: Form) -> dict[str, Place]:
    """The slot in which each motif is sung first."""
    found: dict[str, Place] = {}
    for phrase in form.phrases:
        for slot in form.slots[phrase.name]:
            if slot.start < form.motivic_end(slot, phrase):
                found.setdefault(slot.node["motif"].text(), slot)
    return found


def _home(cause: Node, note: Note, form: Form) -> tuple[Place, Place]:
    """The phrase and the slot that a note begins in, or that it sounds on into."""
    phrase = form.by_name.get(cause["slot"].text().rpartition(".")[0])
    cause["slot"].need(phrase, "there is no such phrase")
    assert phrase is not None
    begins = phrase.start - phrase.node["upbeat"].whole() <= note.start < phrase.end
    slots = [s for s in form.slots[phrase.name] if note.start < s.end and s.start < note.end]
    own = [s for s in slots or form.slots[phrase.name][:1] if cause["slot"].raw == s.name]
    cause["slot"].need(begins and own, "it is sung elsewhere")
    return phrase, own[0]


def _against(form: Form, note: Note) -> bool:
    """Does a note begin on a weaker place than one that it sounds over?"""
    later = range((note.start // 12 + 1) * 12, note.end, 12)
    return any(form.strength(tick) > form.strength(note.start) for tick in later)


def _filled(form: Form, notes: Sequence[Note]) -> None:
    """A phrase that is sung begins with its upbeat, and ends where its breath begins."""
    for phrase in form.phrases:
        if form.slots[phrase.name]:
            begins, goal = phrase.start - phrase.node["upbeat"].whole(), form.goal(phrase)
            starts, ends = {note.start for note in notes}, {note.end for note in notes}
            upbeat = begins == phrase.start or begins in starts
            phrase.node["upbeat"].need(upbeat, "no note begins there")
            over = goal + phrase.node["breath"].whole()
            silent = all(note.end <= goal or note.start >= over for note in notes)
            ends_there = goal in ends or phrase.node["cadence"].raw == "open"
            phrase.node["breath"].need(silent and ends_there, "the tune does not end there")


def _as_sung(motif: Node, begin: int, end: int, notes: Sequence[Note]) -> None:
    """A motif has the steps with which it was sung first, as far as that is."""
    onsets = accumulate((each.whole() for each in motif["rhythm"]), initial=begin)
    steps = dict(zip(onsets, motif["steps"], strict=False))
    early = [n for n in notes if begin - EARLY <= n.start < begin < n.end]
    line = early + [n for n in notes if begin <= n.start < end]
    heights = {max(begin, note.start): note.pitch.height for note in line}
    motif["steps"][0].be(0, "counted from its first note")
    for tick in steps.keys() & heights.keys() if begin in heights else ():
        steps[tick].be(heights[tick] - heights[begin], "as it was sung first")


def checked(document: Node, rows: Sequence[Node], form: Form, spans: Sequence[Span]) -> None:
    """How often the rules that are counted here are broken, and where; that no hard one is."""
    popular = document["plan"]["language"].raw == "popular"
    tune = Melody([note_of(row) for row in rows], spans, form, popular, upbeats=False)
    voices = frame.broken([span.chord for span in spans], [span.voices for span in spans])
    broken = [(rule, spans[number].start) for rule, number in voices] + [*tune.broken()]
    off = {*document["plan"]["rules_off"].raw}
    off |= {figure for rule in off for figure in FIGURES.get(rule, ())}
    hard = {**frame.COUNTED, **melody.COUNTED, **OTHERS}
    names = [row["rule"].text() for row in document["checks"]]
    document["checks"].need(sorted(names) == sorted(hard), "these are not all rules, each once")
    document["plan"]["rules_off"].need(off <= {*names}, "there is no such rule")
    for row in document["checks"]:
        row["off"].be(row["rule"].raw in off, "as it was switched off")
        binds = document["plan"]["language"].raw in hard[row["rule"].text()]
        row["hard"].be(binds and not row["off"].flag(), "in this language")
        row["count"].need(row["count"].raw == 0 or not row["hard"].flag(), "a hard rule is broken")
        if row["rule"].raw not in OTHERS:
            _counted(row, [tick for rule, tick in broken if rule == row["rule"].raw], form)
        row["places"].need(len(row["places"]) == min(5, row["count"].whole()), "not so many")


def _counted(row: Node, ticks: list[int], form: Form) -> None:
    row["count"].be(len(ticks), "of the notes")
    for place, tick in zip(row["places"], sorted(ticks), strict=False):
        bar, rest = divmod(tick, form.bar)
        where = f"bar {bar + 1} beat {1 + rest // form.beat}"
        place.need(place.text().startswith(f"{where}: "), f"it is in {where}")
