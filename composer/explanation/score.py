"""The music in words for a terminal: the harmony phrase by phrase, the motifs and their returns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

from click import unstyle

from composer.explanation.style import (
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
from composer.vocabulary import SINGERS

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
    """A line a phrase: bars, Roman numerals between barlines, cadence.

    A section that has the same chords as one before it is only said to.
    """
    plan = document["plan"]
    family = document["voice_leading"]["family"]
    rows = [heading("Harmony") + dim(f"  {family}, in {music(plan['key']['name'])}")]
    bars = _by_bar(document)
    seen: dict[tuple[str, ...], str] = {}
    regions: set[str] = set()
    for section in plan["sections"]:
        name = section["name"]
        phrases = [phrase for phrase in plan["phrases"] if phrase["section"] == name]
        chords = tuple(
            text
            for phrase in phrases
            for text in (*(bars[bar] for bar in _span(phrase, plan)), _close(phrase), phrase["key"])
        )
        rows += _headed(section, regions)
        regions.add(section["region"])
        if chords in seen:
            last = section["bar"] + section["bars"] - 1
            rows.append(f"{_range(section['bar'], last)}  the chords of {seen[chords]}")
            continue
        seen[chords] = name
        for phrase in phrases:
            rows += _phrase(phrase, bars, plan)
            rows += [dim(line) for line in _told(document, phrase["name"])]
    return rows


def _headed(section: Json, known: Collection[str]) -> list[str]:
    """A section's name, what its region says, and who plays; of a region that is known already,
    only who plays."""
    name, room = section["name"], WIDTH - 5 - len(section["name"])
    told = [section["why"]] if section["region"] not in known else []
    first, *rest = (dim(short(text, room)) for text in (*told, _scored(section)))
    return [f"  {value(name)}  {first}", *(" " * (4 + len(name)) + text for text in rest)]


def _scored(section: Json) -> str:
    """Who plays in a section, and why so fully or thinly: `violin doubled by flute, piano (alberti
    wide), cello; full: it ends the piece`."""
    players: list[str] = []
    for one in section["plays"]:
        named = one["instrument"] + (f" ({one['pattern']})" if one["pattern"] else "")
        if one["part"] == "doubling":
            players[-1] += f" doubled by {named}"
        else:
            players.append(named)
    return f"{', '.join(players)}; {section['scoring']}"


def _told(document: Json, phrase: str) -> list[str]:
    """What a phrase does by name: its sequences and pedal points, and the pivot to another key."""
    found: list[str] = []
    spans = [span for span in document["harmony"] if span["phrase"] == phrase]
    for name, group in groupby(spans, key=lambda span: span["pattern"]):
        bars = sorted({span["bar"] for span in group})
        if name is not None:
            place = f"bar {bars[0]}" if len(bars) == 1 else f"bars {bars[0]}–{bars[-1]}"
            found.append(f"          {name} in {place}")
    for span in spans:
        if span["pivot"] is not None:
            old = f"{roman(span['roman'])} of {music(span['key'])}"
            new = f"{roman(span['pivot']['roman'])} of {music(span['pivot']['key'])}"
            found += wrapped(f"pivot in bar {span['bar']}: {old} is {new}", 10)
    return found


def _span(phrase: Json, plan: Json) -> range:
    """The numbers of the phrase's bars."""
    first = phrase["bar"]
    return range(first, first + phrase["duration"] // plan["metre"]["ticks_per_bar"])


def _phrase(phrase: Json, bars: dict[int, str], plan: Json) -> list[str]:
    """The phrase's numerals, and its cadence and surprise at the right, or below."""
    room = max(map(len, bars.values()))
    rows = []
    numbers = _span(phrase, plan)
    for first in numbers[::BARS_A_LINE]:
        last = min(first + BARS_A_LINE - 1, numbers[-1])
        rows.append(f"{_range(first, last)}  {_barred(bars, first, last, room)}")
    end = dim(_close(phrase))
    if len(rows[-1]) + 2 + len(unstyle(end)) <= WIDTH:
        return [*rows[:-1], justified(rows[-1], end)]
    return [*rows, justified("", end)]


def _range(first: int, last: int) -> str:
    return f"{first}–{last}".rjust(8)


def _close(phrase: Json) -> str:
    """The phrase's cadence and its surprise."""
    words = [phrase["cadence"]]
    if phrase["surprise"] and not phrase["surprise"].startswith(phrase["cadence"]):
        words.append(phrase["surprise"])
    return ", ".join(words)


def _barred(bars: dict[int, str], first: int, last: int, room: int) -> str:
    """The numerals between barlines, in columns where they fit."""
    if (room + 3) * BARS_A_LINE > COLUMNS:
        room = 0
    return f"│ {' │ '.join(f'{bars[bar]:<{room}}' for bar in range(first, last + 1))} │"


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
            if note["part"] in SINGERS and note["cause"]["slot"] == of_it[0]["name"]
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
