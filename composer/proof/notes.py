"""Every note: its place, who plays it, what it sounds, and whether its cause is what it says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from composer.proof import frame, melody
from composer.proof.decisions import Row, Run
from composer.proof.form import Form, Place, at
from composer.proof.harmony import Span
from composer.proof.melody import FREED, Melody, Note
from composer.proof.reading import Node
from composer.proof.spelling import pitch

SINGERS = ("melody", "second-melody")
# A part -> the decision of its instrument, where its notes come from, what shapes them.
PARTS: dict[str, tuple[str, tuple[str, ...], tuple[list[str], ...]]] = {
    "melody": ("melody_instrument", ("melody",), ()),
    "second-melody": ("", ("melody",), ()),
    "doubling": ("", ("doubling",), (["ensemble"],)),
    "counter-melody": (
        "counter_instrument",
        ("counter-melody",),
        (
            ["counter_melody", "parallel-fifths", "parallel-octaves", "perfects-with-bass"],
            ["counter_melody", "phrasing"],
        ),
    ),
    "chords": ("chord_instrument", ("pattern",), (["chord_pattern"],)),
    "bass": ("bass_instrument", ("pattern", "voicing"), (["bass_pattern"],)),
    "drums": ("", ("drums",), (["drum_pattern"],)),
}
DEGREES = ("root", "third", "fifth", "seventh")
DRUMS = {
    "kick": 36, "stick": 37, "snare": 38, "hat": 42, "pedal hat": 44, "low tom": 45,
    "open hat": 46, "crash": 49, "high tom": 50, "ride": 51, "tambourine": 54, "cymbal": 57,
    "high bongo": 60, "low bongo": 61, "conga": 63, "frame drum": 64, "shaker": 70, "claves": 75,
    "triangle": 81,
}  # fmt: skip
NEAR = 1.001  # shares have four figures


def played(document: Node, run: Run, form: Form, spans: Sequence[Span]) -> None:
    """Who plays what, and why. Raises RefusedError at the first that is not so."""
    parts = {row["part"].text(): row for row in document["parts"]}
    known = [role for role in PARTS if role in parts]
    document["parts"].need([*parts] == known and len(known) == len(document["parts"]), "in order")
    rows: dict[str, list[Node]] = {role: [] for role in parts}
    last = (-form.end, 0, 0)
    for row in document["notes"]:
        role = row["part"].text()
        row["part"].need(role in parts, "there is no such part")
        _sounds(row, parts[role], form)
        now = (row["tick"].whole(), known.index(role), row["key"].whole())
        row.need(now > last, "the notes are not in order")
        last = now
        rows[role].append(row)
    sung = sorted(
        (row for r in SINGERS for row in rows.get(r, ())), key=lambda r: r["tick"].whole()
    )
    _sung(document, sung, form, spans)
    for role in parts:
        _part(parts[role], rows[role], run)
        for row in rows[role] if role not in SINGERS else ():
            _accompanies(row, role, form, spans)
    for section in form.sections:
        section.node["plays"].be(_plays(document, section, form), "of its notes")


def _sounds(row: Node, part: Node, form: Form) -> None:
    form.placed(row, start := row["tick"].whole())
    fits = 0 < row["duration"].whole() <= form.end - start
    row["duration"].need(fits, "it sounds beyond the end, or not at all")
    row["velocity"].need(1 <= row["velocity"].whole() <= 127, "it is no loudness")
    if part["part"].raw == "drums":
        row["pitch"].be(row["cause"]["label"].raw, "a drum is called by its cause")
        row["key"].be(DRUMS.get(row["pitch"].text().rpartition(": ")[2], -1), "the drum's")
        return
    row["key"].be(pitch(row["pitch"]).midi + 12 * part["octave"].whole(), "of its pitch")
    low, high = (pitch(each).midi for each in part["range"])
    row["key"].need(low <= row["key"].whole() <= high, "the instrument has no such note")


def _sung(document: Node, rows: list[Node], form: Form, spans: Sequence[Span]) -> None:
    """The melody's notes: slot, motif, label, what shaped each, who weighed it; and the checks."""
    singer, neural = document["singer"], document["singer"]["name"].raw == "neural"
    singer["name"].need(neural or singer["name"].raw == "rules", "nobody sings so")
    singer["weights"].need((singer["weights"].raw is not None) == neural, "the network has weights")
    octaves = {row["part"].raw: row["octave"].raw for row in document["parts"]}
    notes = [
        Note(tick := row["tick"].whole(), tick + row["duration"].whole(), pitch(row["pitch"]))
        for row in rows
    ]
    popular = document["plan"]["language"].text() == "popular"
    tune = Melody(notes, spans, form, popular, upbeats=True)
    off = document["plan"]["rules_off"].raw
    freed = [role for rule in off for role in FREED.get(rule, ())]
    first: dict[str, str] = {}
    for phrase in form.phrases:
        for slot in form.slots[phrase.name]:
            if slot.start < form.motivic_end(slot, phrase):
                first.setdefault(slot.node["motif"].text(), slot.name)
    for number, (row, note) in enumerate(zip(rows, notes, strict=True)):
        cause = row["cause"]
        phrase = form.by_name.get(cause["slot"].text().rpartition(".")[0], form.phrases[0])
        begins = phrase.start - phrase.node["upbeat"].whole() <= note.start < phrase.end
        slots = [s for s in form.slots[phrase.name] if note.start < s.end and s.start < note.end]
        slots = slots or form.slots[phrase.name][:1]
        own_slots = [slot for slot in slots if cause["slot"].raw == slot.name]
        cause["slot"].need(begins and own_slots, "it is sung elsewhere")
        slot = own_slots[0]
        after = notes[number + 1].start if number + 1 < len(notes) else form.end
        row["duration"].need(note.end <= after, "it sounds on into the next")
        phrase.node["octave"].be(octaves[row["part"].raw], "of who sings it")
        region = at(form.sections, phrase.start).node["region"].raw
        own = {"motif": slot.node["motif"].raw, "action": slot.node["action"].raw}
        cause.has({"origin": "melody", **own, "region": region}, "of its slot")
        label = cause["label"]
        if tune.roles[number] not in freed or label.raw not in ("free dissonance", "chord tone"):
            label.be(tune.label(number), "what it is to its chord and its neighbours")
        rules = ["density", "register", "range", "melodic_scale"]
        rules += ["dissonance"] * (label.raw != "chord tone")
        rules += ["syncopation"] * _against(form, note)
        motif, weighed = f"motif {own['motif']}", bool(cause["trace"]["weighed"])
        again = first.get(own["motif"]) != slot.name
        held = again and slot.start <= note.start < form.motivic_end(slot, phrase)
        if weighed:  # by rules, which say themselves whether a motif held it
            held = motif in cause["rules"].raw
        cause["rules"].be([*rules, motif] if held else rules, "what shaped it")
        beat = max(0, note.start - phrase.start) // form.beat
        wished = phrase.node["contour"][min(beat, len(phrase.node["contour"]) - 1)]
        cause["trace"]["contour"].be(wished.raw, "the phrase's at this beat")
        _weighed(cause["trace"], row, neural)
    written = Melody(notes, spans, form, popular, upbeats=False)
    voices = Counter(
        r for r, _ in frame.broken([s.chord for s in spans], [s.voices for s in spans])
    )
    _checked(document, voices, frame.COUNTED)
    _checked(document, Counter(rule for rule, _ in written.broken()), melody.COUNTED)


def _against(form: Form, note: Note) -> bool:
    """Does a note begin on a weaker place than one that it sounds over?"""
    later = range((note.start // 12 + 1) * 12, note.end, 12)
    return any(form.strength(tick) > form.strength(note.start) for tick in later)


def _weighed(trace: Node, row: Node, neural: bool) -> None:
    """What the network proposed, or the rules weighed, can be so."""
    by, weighed = trace["proposed"], trace["weighed"]
    trace.need(bool(by) != bool(weighed) and (neural or weighed), "it has one singer")
    if weighed:
        rival = weighed["runner_up"]
        weighed["margin"].need(bool(rival) == bool(weighed["margin"]), "it is the runner-up's")
        rival.need(rival.raw != row["pitch"].raw, "it is what was sung")
        return
    keys = ("wanted_share", "share", "allowed", "runner_up_share")
    wanted, share, allowed, rival_share = (by[key].real() for key in keys)
    sung = {"pitch": row["pitch"].raw, "duration": row["duration"].raw}
    by["runner_up"].need(by["runner_up"].raw != sung, "it is what was sung")
    by["wanted_share"].need(by["wanted"].raw != sung or wanted == share, "it is the sung note's")
    by.need(max(share, rival_share) <= wanted * NEAR, "its first choice had less than another")
    by.need(share + rival_share <= allowed * NEAR, "more than all that was allowed")


def _accompanies(row: Node, role: str, form: Form, spans: Sequence[Span]) -> None:
    cause, start = row["cause"], row["tick"].whole()
    _, origins, rules = PARTS[role]
    cause["origin"].need(cause["origin"].raw in origins, "it is another part's")
    cause["rules"].need(cause["rules"].raw in rules, "other rules shape this part")
    cause["trace"].be(None, "only the melody is sung so")
    if role == "doubling":
        cause["label"].be("melody", "it doubles the melody")
        return
    section = at(form.sections, start)
    slots = [s.name for s in form.slots[at(form.phrases, start).name] if s.start <= start]
    own = {"slot": slots[-1] if slots else None, "region": section.node["region"].raw}
    cause.has({**own, "motif": None, "action": None}, "of its tick")
    if cause["origin"].raw == "voicing":
        chord = [span.chord for span in spans if span.start <= start][-1]
        cause["label"].be(DEGREES[chord.inversion], "the bass's, in its chord")
    layers = section.node["layers"]
    if len(layers) and start < form.end - form.bar:  # the last bar is everybody's
        layer = layers[min((start - section.start) // form.bar, len(layers) - 1)]
        layer.need(role in layer.raw, f"{role} plays in bar {row['bar'].raw}")


def _part(part: Node, rows: list[Node], run: Run) -> None:
    role, share = part["part"].text(), float(run.values["articulation"])
    part["notes"].be(len(rows), "notes that it has")
    if asked := PARTS[role][0]:
        part["instrument"].be(run.values[asked], "as decided")
    shares = [share] if role in (*SINGERS, "doubling") else [round((share + 1) / 2, 3)]
    shares = [1.0] if role == "drums" else shares + [1.0] * (role == "chords")
    sounds = part["articulation"]
    sounds.need(sounds.real() in shares, f"as decided it is {shares[0]}")
    most, ends = 1, list[int]()
    for row in rows:
        start = row["tick"].whole()
        ends = [end for end in ends if end > start] + [start + row["duration"].whole()]
        most = max(most, len(ends))
    part["players"].need(1 <= part["players"].whole() <= most, f"{most} notes sound at once")


def _plays(document: Node, section: Place, form: Form) -> list[Row]:
    """Who plays in a section, and the pattern that a part plays most."""
    found: dict[str, list[Node]] = defaultdict(list)
    for row in document["notes"]:
        slot = row["cause"]["slot"].raw
        home = (
            at(form.sections, row["tick"].whole()).name if slot is None else slot.rsplit(".", 2)[0]
        )
        if home == section.name:
            found[row["part"].raw].append(row["cause"])
    rows: list[Row] = []
    for part in document["parts"]:
        causes = found.get(role := part["part"].raw, [])
        named = [c for c in causes if c["origin"].raw in ("pattern", "drums")]
        names = Counter(cause["label"].text().partition(":")[0] for cause in named)
        pattern = names.most_common(1)[0][0] if names else None
        own = {"part": role, "instrument": part["instrument"].raw, "pattern": pattern}
        rows += [own] * bool(causes)
    return rows


def _checked(document: Node, broken: Counter[str], hard: dict[str, tuple[str, ...]]) -> None:
    """What is said of rules: how often those that are counted here are broken, and where."""
    language, off = document["plan"]["language"].raw, document["plan"]["rules_off"].raw
    for row in document["checks"]:
        rule, count = row["rule"].text(), row["count"].whole()
        if rule in hard:
            row["count"].be(broken[rule], "of the notes")
            row["hard"].be(language in hard[rule] and not row["off"].flag(), "in this language")
        row["off"].need(row["off"].flag() or rule not in off, "it was switched off")
        row["count"].need(not row["hard"].flag() or count == 0, "a hard rule is broken")
        row["places"].need(len(row["places"]) == min(5, count), "there are not so many")
