"""The chords: where each stands, what it is in its key, how its four voices are led."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from composer.proof.form import Form, at
from composer.proof.reading import Node
from composer.proof.spelling import Chord, Pitch, chord_of, pitch

NEAR = Decimal("0.000002")
PRICES = (Decimal("0.8"), Decimal(1), Decimal(1), Decimal("0.2"))  # of a semitone, by voice


class Span(NamedTuple):
    """A chord in time, in ticks, with its voices; does a phrase close on it?"""

    start: int
    end: int
    chord: Chord
    voices: list[Pitch]
    closes: bool


def spans_of(document: Node, form: Form) -> list[Span]:
    """Every chord. Raises RefusedError at the first that is not what it says."""
    found: list[Span] = []
    rows, tick = list(document["harmony"]), 0
    for number, row in enumerate(rows):
        row["tick"].be(tick, "the chord before it ends there")
        form.placed(row, tick)
        start, tick = tick, tick + row["duration"].whole()
        phrase = at(form.phrases, start)
        row["phrase"].be(phrase.name, "of the phrase that its tick lies in")
        row["duration"].need(start < tick <= phrase.end, "it sounds beyond its phrase")
        cadence, last = phrase.node["cadence"].text(), tick == phrase.end
        row["cadence"].be(cadence if last and cadence != "held" else None, "as its phrase closes")
        if last:
            phrase.node["key"].be(row["key"].raw, "the key of its last chord")
        elif rows[number + 1 :]:
            keys = (row["key"].raw, phrase.node["key"].raw)
            rows[number + 1]["key"].need(rows[number + 1]["key"].raw in keys, "it wanders")
        found.append(_span(row, start, tick, last and cadence != "held"))
        if number:
            _moved(row, found[-2], found[-1])
    document["harmony"].need(tick == form.end, "the chords end elsewhere than the piece")
    for name, group in groupby(rows, key=lambda row: row["phrase"].raw):
        keys = (form.by_name[name].node["key"].raw, document["plan"]["key"]["name"].raw)
        first = next(group)["key"]
        before = [row["key"].raw for row in rows if row["tick"].raw < form.by_name[name].start]
        first.need(first.raw in (*keys, *before[-1:]), "it comes from nowhere")
    _costs(document)
    return found


def _span(row: Node, start: int, end: int, closes: bool) -> Span:
    chord = chord_of(row["roman"].text(), row["key"].text())
    row["roman"].need(chord, "it is no chord of this key")
    assert chord is not None
    row.has({"function": chord.function, "symbol": chord.symbol}, "of its numeral")
    if pivot := row["pivot"]:
        other = chord_of(pivot["roman"].text(), pivot["key"].text())
        same = other and (other.tones, other.bass) == (chord.tones, chord.bass)
        pivot.need(same and other and other.key != chord.key, "it is not the same chord")
    voices, tones = [pitch(each) for each in row["voices"]], {*chord.tones, chord.bass}
    row["voices"].need(len(voices) == 4, "there are four voices")
    for node, one in zip(row["voices"], voices, strict=True):
        node.need(one.fifths in tones, "it is no note of the chord")
    row["voices"][3].need(voices[3].fifths == chord.bass, "it is not the chord's bass")
    if rival := row["runner_up"]:
        other_voices = [pitch(each) for each in rival["voices"]]
        same = (other_voices[0], other_voices[3]) == (voices[0], voices[3])
        mine = {each.fifths for each in other_voices} <= tones and other_voices != voices
        rival["voices"].need(same and mine, "it is no other voicing under this melody")
    offered = row["alternatives"]
    offered.need(not offered.mapping() or row["roman"].raw in offered, "the chosen was not offered")
    for name, weight in offered.items():
        weight.need(weight.number() >= 0 and chord_of(name, row["key"].text()), "no such chord")
    return Span(start, end, chord, voices, closes)


def _moved(row: Node, before: Span, now: Span) -> None:
    """What the voices' way from one chord to the next costs, semitone by semitone."""
    ways = zip(PRICES, before.voices, now.voices, strict=True)
    cost = sum(price * abs(two.midi - one.midi) for price, one, two in ways)
    told = row["costs"]["motion"].number() if "motion" in row["costs"] else Decimal(0)
    row["costs"].need(told == cost, f"the voices' motion costs {cost}")


def _costs(document: Node) -> None:
    """The voices cost what their chords do; the runner-up as much more as its nearest rival."""
    costs = [cost.number() for row in document["harmony"] for _, cost in row["costs"].items()]
    progression = document["decisions"]["progression"]["value"].raw
    document["voice_leading"]["family"].be(progression, "as decided")
    whole, total = document["voice_leading"], sum(costs, Decimal(0))
    whole["cost"].need(abs(whole["cost"].number() - total) < NEAR, f"the chords' sum to {total}")
    rivals = [row["runner_up"] for row in document["harmony"] if row["runner_up"]]
    margin = min((rival["margin"].number() for rival in rivals), default=None)
    if not (runner := whole["runner_up"]):
        whole["runner_up"].need(margin is None, "some chords have another voicing")
    else:
        fits = margin is not None and abs(runner.number() - total - margin) < 2 * NEAR
        runner.need(fits, "it is not the cost and the least margin of a runner-up")
