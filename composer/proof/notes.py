"""Every note: its place, who plays it, what it sounds, and whether its cause is what it says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from composer.proof.decisions import Row, Run
from composer.proof.form import Form, Place, at
from composer.proof.harmony import Span
from composer.proof.reading import Node
from composer.proof.spelling import pitch
from composer.proof.sung import checked, note_of, sung

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
    "high bongo": 60, "low bongo": 61, "high conga": 63, "frame drum": 64, "shaker": 70,
    "claves": 75, "triangle": 81,
}  # fmt: skip


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
    tune = sorted((row for r in SINGERS for row in rows.get(r, ())), key=lambda r: note_of(r).start)
    sung(document, tune, form, spans)
    checked(document, tune, form, spans)
    by_tick = {row["tick"].whole(): row["cause"] for row in tune}
    for role in parts:
        _part(parts[role], rows[role], run)
        for row in rows[role] if role not in SINGERS else ():
            _accompanies(row, role, form, spans, by_tick)
    for section in form.sections:
        section.node["plays"].be(_plays(document, section, form), "of its notes")


def _sounds(row: Node, part: Node, form: Form) -> None:
    form.placed(row, start := row["tick"].whole())
    fits = 0 < row["duration"].whole() <= form.end - start
    row["duration"].need(fits, "it sounds beyond the end, or not at all")
    row["velocity"].need(1 <= row["velocity"].whole() <= 127, "it is no loudness")
    if part["part"].raw == "drums":
        row["pitch"].be(row["cause"]["label"].raw, "a drum is called by its cause")
        part["octave"].be(0, "drums have none")
        row["key"].be(DRUMS.get(row["pitch"].text().rpartition(": ")[2], -1), "the drum's")
        return
    row["key"].be(pitch(row["pitch"]).midi + 12 * part["octave"].whole(), "of its pitch")
    low, high = (pitch(each).midi for each in part["range"])
    row["key"].need(low <= row["key"].whole() <= high, "the instrument has no such note")


def _accompanies(
    row: Node, role: str, form: Form, spans: Sequence[Span], tune: dict[int, Node]
) -> None:
    cause, start = row["cause"], row["tick"].whole()
    _, origins, rules = PARTS[role]
    cause["origin"].need(cause["origin"].raw in origins, "it is another part's")
    cause["rules"].need(cause["rules"].raw in rules, "other rules shape this part")
    cause["trace"].be(None, "only the melody is sung so")
    if role == "doubling":
        row.need(start in tune, "the melody has no such note")
        same = {key: tune[start][key].raw for key in ("slot", "motif", "action", "region")}
        cause.has({"label": "melody", **same}, "it doubles the melody")
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
