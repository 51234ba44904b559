"""The melody note by note for a terminal: what was wanted, what the rules struck out, what was
sung."""

from __future__ import annotations

from typing import Any

from composer.explain.style import WIDTH, at, dim, heading, music, value, wrapped
from theory.metre import QUARTER

Json = dict[str, Any]

# Ticks → how long a note is; others are told in ticks.
LENGTHS = {
    QUARTER // 4: "semiquaver",
    QUARTER // 3: "triplet quaver",
    QUARTER // 2: "quaver",
    3 * QUARTER // 4: "dotted quaver",
    QUARTER: "crotchet",
    3 * QUARTER // 2: "dotted crotchet",
    2 * QUARTER: "minim",
    3 * QUARTER: "dotted minim",
    4 * QUARTER: "semibreve",
}


def note_by_note(document: Json) -> list[str]:
    """Two or three lines a note of the melody."""
    singer = document["singer"]
    rows = [heading("The melody, note by note"), *map(dim, wrapped(who(singer), 2))]
    for note in document["notes"]:
        trace = note["cause"]["trace"]
        if trace is None:
            continue
        place = at(note)
        said = f"{music(note['pitch'])} {length(note['duration'])}"
        rows.append(f"  {place:<16} {value(said)}, {note['cause']['label']}")
        for line in told(note):
            rows += [dim(row) for row in wrapped(line, 6, WIDTH)]
    return rows


def told(note: Json) -> list[str]:
    """How a note of the melody was found: who weighed it, its contour, what was struck out."""
    trace = note["cause"]["trace"]
    lines = _weighed(trace["weighed"]) if trace["proposed"] is None else _proposed(trace)
    lines.append(_contour(trace, note))
    lines += [
        f"struck out by {rule}: {music(' '.join(pitches))}"
        for rule, pitches in trace["struck"].items()
    ]
    return lines


def who(singer: Json) -> str:
    if singer["weights"] is None:
        return "Sung by rules: costs are points, and the cheapest legal melody is found exactly."
    return (
        f"Sung by the network with weights {singer['weights'][:12]}: shares are its own "
        "probabilities of a pitch and a length."
    )


def _proposed(trace: Json) -> list[str]:
    by = trace["proposed"]
    wanted = (
        f"the network's first choice was {_choice(by['wanted'])} ({_per_cent(by['wanted_share'])})"
    )
    sung = f"this has {_per_cent(by['share'])}"
    left = f"the rules left {_per_cent(by['allowed'])} of all"
    lines = [f"{wanted}; {sung}; {left}"]
    if by["runner_up"] is not None:
        rival = f"{_choice(by['runner_up'])} ({_per_cent(by['runner_up_share'])})"
        lines.append(f"the likeliest other that they left: {rival}")
    return lines


def _weighed(by: Json) -> list[str]:
    costs = ", ".join(f"{name} {cost:g}" for name, cost in by["costs"].items()) or "nothing"
    lines = [f"it costs {costs}"]
    if by["runner_up"] is not None:
        lines.append(f"the next best is {music(by['runner_up'])}, dearer by {by['margin']:g}")
    return lines


def _contour(trace: Json, note: Json) -> str:
    away = round(note["key"] - trace["contour"])
    if not away:
        return "it is where the skyline's contour wished for it"
    size = f"{abs(away)} semitone{'' if abs(away) == 1 else 's'}"
    return f"{size} {'above' if away > 0 else 'below'} the skyline's contour"


def _choice(choice: Json) -> str:
    name = "a rest," if choice["pitch"] is None else music(choice["pitch"])
    return f"{name} {length(choice['duration'])}"


def length(ticks: int) -> str:
    return LENGTHS.get(ticks, f"{ticks} ticks")


def _per_cent(share: float) -> str:
    return f"{100 * share:.2g} %"
