"""The plan: key, metre, form, sections, phrases, slots, tempo, each in place and as decided."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import NamedTuple

from composer.proof.decisions import Run
from composer.proof.reading import Node
from composer.proof.spelling import METRES, MODES, QUARTER, key_of, name_of, spelled

ACTIONS = ("state", "repeat", "sequence", "invert", "fragment", "new ending", "contrast", "cadence")
SURPRISES = (
    None, "borrowed chord", "deceptive cadence", "leap of register", "mediant", "hemiola",
    "general pause", "texture drop",
)  # fmt: skip
LEVELS = {"thin": -1, "as decided": 0, "full": 1}


class Place(NamedTuple):
    """A section, a phrase or a slot, in ticks from the first barline."""

    name: str
    start: int
    end: int
    node: Node


class Form:
    """Where everything stands."""

    def __init__(self, plan: Node) -> None:
        metre = METRES.get(plan["metre"]["name"].text())
        plan["metre"]["name"].need(metre, "it is no metre")
        assert metre is not None
        self.beat, self.accents = metre
        self.bar, self.bars = self.beat * len(self.accents), plan["bars"].whole()
        self.end = self.bars * self.bar
        self.sections = [
            Place(row["name"].text(), tick := (row["bar"].whole() - 1) * self.bar,
                  tick + row["bars"].whole() * self.bar, row)
            for row in plan["sections"]
        ]  # fmt: skip
        self.phrases = [self._place(row) for row in plan["phrases"]]
        self.slots = {p.name: [self._place(row) for row in p.node["slots"]] for p in self.phrases}
        self.by_name = {phrase.name: phrase for phrase in self.phrases}
        plan["phrases"].need(self.phrases and self.sections, "there are none")

    def _place(self, row: Node) -> Place:
        start = self.tick(row)
        return Place(row["name"].text(), start, start + row["duration"].whole(), row)

    def tick(self, row: Node) -> int:
        """The tick of a bar and a beat."""
        into = (row["beat"].number() - 1) * self.beat
        return (row["bar"].whole() - 1) * self.bar + int(into.to_integral_value())

    def placed(self, row: Node, tick: int) -> None:
        """Raises RefusedError where a bar and a beat are not those of a tick."""
        bar, rest = divmod(tick, self.bar)
        row.has({"bar": bar + 1, "beat": round(1 + rest / self.beat, 4)}, f"of tick {tick}")

    def strength(self, tick: int) -> int:
        """4 a downbeat, 3 a secondary accent, 2 a beat, 1 a quaver between, 0 anything finer."""
        into = tick % self.bar
        return int(into % 12 == 0) if into % self.beat else self.accents[into // self.beat]

    def goal(self, phrase: Place) -> int:
        """Where a phrase's melody ends: before its breath, and the upbeat of the next."""
        after = self.phrases[self.phrases.index(phrase) + 1 :][:1]
        upbeat = sum(each.node["upbeat"].whole() for each in after)
        return phrase.end - phrase.node["breath"].whole() - upbeat

    def motivic_end(self, slot: Place, phrase: Place) -> int:
        """Where a slot's motif ends: the last bar of a phrase that closes is the cadence's."""
        closes = phrase.node["cadence"].raw != "open"
        end = min(slot.end, phrase.end - self.bar) if closes else slot.end
        return min(end, self.goal(phrase))


def at(places: list[Place], tick: int) -> Place:
    """The place that a tick lies in."""
    return places[max(0, bisect_right([place.start for place in places], tick) - 1)]


def formed(document: Node, run: Run) -> Form:
    """The form, proven. Raises RefusedError at the first place that does not follow."""
    plan = document["plan"]
    _keyed(plan["key"], run)
    form = Form(plan)
    bars = {"beats": len(form.accents), "ticks_per_bar": form.bar, "ticks_per_beat": form.beat}
    name = {"name": run.values["metre"]}
    plan["metre"].has({**name, **bars, "ticks_per_quarter": QUARTER}, "of the metre decided")
    for said in ("form", "language", "swing", "introduction", "coda"):
        if said in plan and said in run.values and plan[said].raw != "its own":
            plan[said].be(run.values[said], "as decided")
    for kind in ("introduction", "coda"):
        there = any(section.node["kind"].raw == kind for section in form.sections)
        plan[kind].need(there != (plan[kind].raw == "none"), f"is there {kind}, or is there none?")
    _sections(document, form)
    _phrases(plan, form)
    _slots(plan, form)
    _timed(plan, form, run)
    return form


def _keyed(row: Node, run: Run) -> None:
    """The key decided, its tonic spelled anew where it has more than six accidentals."""
    mode, tonic = run.values["mode"], spelled(run.values["tonic"])
    row.need(tonic and mode in MODES, "no key was decided")
    assert tonic is not None
    sharps = tonic.fifths + MODES[mode][1]
    over = 12 * ((sharps < -6) - (sharps > 6))
    name = name_of(tonic.fifths + over)
    key = key_of(f"{name} {mode}")
    assert key is not None
    notes = {"signature": sharps + over, "notes": [name_of(each) for each in key.scale]}
    row.be({"name": f"{name} {mode}", "tonic": name, "mode": mode, **notes}, "the key decided")


def _sections(document: Node, form: Form) -> None:
    tick, names = 0, set()
    regions = [row["name"].raw for row in document["picture"]["regions"]]
    for section in form.sections:
        node = section.node
        letter = section.name.rstrip("'")
        kind = letter.lower() if letter in ("Introduction", "Link", "Coda") else "statement"
        node.has({"bar": tick // form.bar + 1, "letter": letter, "kind": kind}, "in its place")
        node["bars"].need(section.end > section.start, "it has bars")
        node["name"].need(section.name not in names, "another has this name")
        node["region"].need(node["region"].raw in regions, "it is no region of the picture")
        node["why"].need(node["why"].text().startswith(f"{node['region'].raw}: "), "another region")
        node["level"].be(LEVELS.get(node["scoring"].text().partition(":")[0]), "as it is scored")
        node["layers"].need(len(node["layers"]) in (0, node["bars"].whole()), "a row a bar")
        tick = section.end
        names.add(section.name)
    document["plan"]["bars"].be(tick // form.bar, "the sections have so many")


def _phrases(plan: Node, form: Form) -> None:
    tick, number, section = 0, 0, ""
    for phrase in form.phrases:
        node, home = phrase.node, at(form.sections, phrase.start)
        form.placed(node, tick)
        tick = phrase.end
        number = number + 1 if home.name == section else 1
        section = home.name
        node.has({"section": section, "name": f"{section}.{number}"}, "where it begins")
        node["duration"].need(phrase.start < tick <= home.end, "it ends in its section")
        node["sung"].be(bool(form.slots[phrase.name]), "whoever has slots is sung")
        if not node["sung"].flag():
            node.has({"upbeat": 0, "breath": 0, "octave": 0}, "nobody sings it")
        if climax := node["climax"]:
            climax.need(phrase.start <= form.tick(climax) < tick, "it lies in another phrase")
        surprise = node["surprise"].raw
        node["surprise"].need(surprise in SURPRISES, "it is no surprise")
        if surprise == "deceptive cadence":
            node["cadence"].be("deceptive", "its surprise")
        beats = (tick - phrase.start) // form.beat
        node["contour"].need(len(node["contour"]) == beats, "it has a height for each beat")
    plan["phrases"].need(tick == form.end, "they do not fill the piece")
    surprises = [row for row in plan["phrases"] if row["surprise"]]
    plan["phrases"].need(len(surprises) <= 1, "a piece has one surprise")
    plan["tension"].need(len(plan["tension"]) in (0, form.bars), "it has a value for each bar")


def _slots(plan: Node, form: Form) -> None:
    """Slots fill their phrase, and have the motifs that there are."""
    met: set[str] = set()
    for phrase in form.phrases:
        tick = phrase.start
        for number, slot in enumerate(form.slots[phrase.name], 1):
            slot.node["name"].be(f"{phrase.name}.{number}", "of its phrase")
            form.placed(slot.node, tick)
            tick = slot.end
            motif, action = slot.node["motif"].text(), slot.node["action"]
            action.need(action.raw in ACTIONS, "nothing that is done with a motif")
            moved = slot.node["shift"].whole() and action.raw != "sequence"
            slot.node["shift"].need(not moved, "only a sequence is moved")
            met.add(motif)
        if form.slots[phrase.name]:
            phrase.node["slots"].need(tick == phrase.end, "they do not fill the phrase")
    plan["motifs"].need({*plan["motifs"].mapping()} == met, "not those that slots have")


def _timed(plan: Node, form: Form, run: Run) -> None:
    """How long the piece lasts, under the tempo from place to place."""
    ticks = [*map(form.tick, plan["tempo"]), form.end]
    plan["tempo"].need(ticks[0] == 0 and all(a < b for a, b in pairwise(ticks)), "it has no order")
    for row, tick in zip(plan["tempo"], ticks, strict=False):
        form.placed(row, tick)
        row["rate"].need(row["rate"].number() > 0, "it goes on")
    plan["tempo"][0]["rate"].be(run.values["tempo"], "as decided")
    rates = [row["rate"].real() for row in plan["tempo"]]
    spans = zip(pairwise(ticks), rates, strict=True)
    seconds = sum((after - tick) / form.beat * 60 / rate for (tick, after), rate in spans)
    plan["seconds"].be(round(seconds, 2), "by the tempo from place to place")
    ticks = [*map(form.tick, plan["dynamics"])]
    plan["dynamics"].need(all(a < b for a, b in pairwise(ticks)), "they have no order")
    for row, tick in zip(plan["dynamics"], ticks, strict=True):
        form.placed(row, tick)
        row["velocity"].need(1 <= row["velocity"].whole() <= 127, "it is no loudness")
