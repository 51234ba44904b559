"""The music in words for a terminal: the harmony phrase by phrase, the motifs and their returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from click import unstyle

from composer.explain.style import (
    WIDTH,
    dim,
    heading,
    justified,
    listed,
    music,
    roman,
    short,
    value,
    wrapped,
)

Json = dict[str, Any]

BARS_A_LINE = 4
COLUMNS = 56  # that numerals in columns may take, so that a cadence stands beside them
# What a slot does to its motif, said of the bars where it does it.
ACTIONS = {
    "state": "stated",
    "repeat": "repeated",
    "sequence": "moved",
    "invert": "inverted",
    "fragment": "in fragments",
    "new ending": "with a new ending",
    "contrast": "as a contrast",
    "cadence": "at the cadence",
}


def harmony(document: Json) -> list[str]:
    """A line a phrase: bars, Roman numerals between barlines, cadence."""
    plan = document["plan"]
    family = document["voice_leading"]["family"]
    rows = [heading("Harmony") + dim(f"  {family}, in {music(plan['key']['name'])}")]
    bars = _by_bar(document)
    room = max(max(map(len, bars.values())), 4)
    sections = {section["name"]: section for section in plan["sections"]}
    shown: set[str] = set()
    for phrase in plan["phrases"]:
        if phrase["section"] not in shown:
            shown.add(phrase["section"])
            section = sections[phrase["section"]]
            head = f"  {value(section['name'])}  "
            rows.append(head + dim(short(section["why"], WIDTH - 5 - len(section["name"]))))
        count = phrase["duration"] // plan["metre"]["ticks_per_bar"]
        for first in range(phrase["bar"], phrase["bar"] + count, BARS_A_LINE):
            last = min(first + BARS_A_LINE, phrase["bar"] + count) - 1
            rows.append(f"  {f'{first}–{last}':>6}  {_barred(bars, first, last, room)}")
        rows[-1:] = _closed(rows[-1], phrase)
    return rows


def _barred(bars: dict[int, str], first: int, last: int, room: int) -> str:
    """The numerals between barlines, in columns where they fit."""
    if (room + 3) * BARS_A_LINE > COLUMNS:
        room = 0
    return f"│ {' │ '.join(f'{bars[bar]:<{room}}' for bar in range(first, last + 1))} │"


def _closed(line: str, phrase: Json) -> list[str]:
    """The phrase's last line with its cadence and its surprise at the right, or below."""
    words = [phrase["cadence"]]
    if phrase["surprise"] and not phrase["surprise"].startswith(phrase["cadence"]):
        words.append(phrase["surprise"])
    end = dim(", ".join(words))
    if len(line) + 2 + len(unstyle(end)) <= WIDTH:
        return [justified(line, end)]
    return [line, justified("", end)]


def _by_bar(document: Json) -> dict[int, str]:
    """The numerals that begin in each bar; a dot where the last chord holds on."""
    begun: dict[int, list[str]] = {bar: [] for bar in range(1, document["plan"]["bars"] + 1)}
    for span in document["harmony"]:
        begun[span["bar"]].append(roman(span["roman"]))
    return {bar: " ".join(numerals) or "·" for bar, numerals in begun.items()}


def melody(document: Json) -> list[str]:
    """Each motif as it is first sung, and where it comes back."""
    plan = document["plan"]
    rows = [heading("Melody")]
    slots = [slot for phrase in plan["phrases"] for slot in phrase["slots"]]
    for name in plan["motifs"]:
        of_it = [slot for slot in slots if slot["motif"] == name]
        if not of_it:
            continue
        sung = [
            music(note["pitch"].rstrip("0123456789"))
            for note in document["notes"]
            if note["part"] == "melody" and note["cause"]["slot"] == of_it[0]["name"]
        ]
        rows.append(f"  {value(name)}  " + short(" ".join(sung), WIDTH - 6))
        rows += [dim(line) for line in wrapped(_returns(of_it), 5)]
    climaxes = [phrase["climax"] for phrase in plan["phrases"] if phrase["climax"]]
    if climaxes:
        bars = listed([str(climax["bar"]) for climax in climaxes])
        rows.append(f"  highest in bar{'s' if len(climaxes) > 1 else ''} {bars}")
    return rows


def _returns(slots: Sequence[Json]) -> str:
    """`stated in bar 1, repeated in 5 and 13, inverted in 9`."""
    bars: dict[str, list[str]] = {}
    for slot in slots:
        bars.setdefault(slot["action"], []).append(str(slot["bar"]))
    return ", ".join(
        f"{ACTIONS.get(action, action)} in bar {listed(places)}" for action, places in bars.items()
    )
