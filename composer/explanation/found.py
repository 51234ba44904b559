"""The melody note by note for a terminal: what was wanted, what the rules struck out, what was
sung."""

from __future__ import annotations

from typing import Any

from composer.errors import UserError
from composer.explanation.style import (
    WIDTH,
    at,
    bar,
    dim,
    heading,
    justified,
    listed,
    music,
    plain,
    roman,
    value,
    wrapped,
)
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


VOICES = ("soprano", "alto", "tenor", "bass")
MOST_ALTERNATIVES = 6  # that the grammar offered; the rest are only said to be there


def chord(document: Json, at_bar: int, at_beat: float | None) -> list[str]:
    """The chord that sounds at a bar and a beat, and the notes that begin there (in the whole bar
    where no beat is given). Raises UserError for a place outside the piece."""
    plan = document["plan"]
    metre = plan["metre"]
    if not 1 <= at_bar <= plan["bars"]:
        raise UserError(f"There is no bar {at_bar}.", f"The piece has bars 1 to {plan['bars']}.")
    beat = 1.0 if at_beat is None else at_beat
    if not 1 <= beat < metre["beats"] + 1:
        hint = f"A bar of {metre['name']} has beats 1 to {metre['beats']}."
        raise UserError(f"There is no beat {beat:g}.", hint)
    start = (at_bar - 1) * metre["ticks_per_bar"]
    tick = start + (beat - 1) * metre["ticks_per_beat"]
    spans = document["harmony"]
    number = max(n for n, span in enumerate(spans) if span["tick"] <= tick + 0.5 or n == 0)
    rows = _chord(document, spans[number], number)
    end = start + metre["ticks_per_bar"] if at_beat is None else tick + metre["ticks_per_beat"]
    begun = [
        (n, note)
        for n, note in enumerate(document["notes"], 1)
        if tick - 0.5 <= note["tick"] < end - 0.5
    ]
    return [*rows, "", *_begun(begun)]


def _chord(document: Json, span: Json, number: int) -> list[str]:
    key = music(span["key"])
    name = f"{value(roman(span['roman']))}  {music(span['symbol'])}"
    beats = span["duration"] / document["plan"]["metre"]["ticks_per_beat"]
    lasts = f"{plain(beats)} beat{'' if beats == 1 else 's'}"
    place = f"{at(span)}, for {lasts}"
    rows = [justified(heading("Chord") + f"  {name}", dim(place))]
    rows.append(f"  Function: {span['function']}, in {key}.")
    phrase = next(p for p in document["plan"]["phrases"] if p["name"] == span["phrase"])
    part = f"in phrase {span['phrase']}"
    if span["cadence"]:
        part = f"closes phrase {span['phrase']} with a cadence: {span['cadence']}"
    elif span["pattern"]:
        part += f", part of a {span['pattern']}"
    rows += wrapped(f"It {part if span['cadence'] else 'stands ' + part}.", 2)
    if span["pivot"]:
        pivot = f"{roman(span['pivot']['roman'])} of {music(span['pivot']['key'])}"
        rows += wrapped(f"It is a pivot: also {pivot}.", 2)
    if phrase["surprise"]:
        rows += [dim(f"  The phrase has a surprise: {phrase['surprise']}.")]
    offered = sorted(span["alternatives"].items(), key=lambda row: -row[1])
    if offered:
        total = sum(weight for _, weight in offered)
        shown = [
            f"{roman(name)} {100 * weight / total:.2g} %"
            for name, weight in offered[:MOST_ALTERNATIVES]
        ]
        text = f"The grammar ({document['voice_leading']['family']}) offered after the chord before"
        more = ", …" if len(offered) > MOST_ALTERNATIVES else ""
        rows += wrapped(f"{text}: {', '.join(shown)}{more}", 2)
    rows += ["", *_voicing(document, span, number)]
    return rows


def _voicing(document: Json, span: Json, number: int) -> list[str]:
    voices = [f"{name} {music(pitch)}" for name, pitch in zip(VOICES, span["voices"], strict=True)]
    total = sum(span["costs"].values())
    rows = [justified(heading("Voicing") + f"  {', '.join(voices)}", f"{plain(total)} points")]
    most = max(span["costs"].values(), default=0)
    for rule, cost in sorted(span["costs"].items(), key=lambda row: -row[1]):
        rows.append(f"  {bar(cost, most)} {plain(cost):>6}  {rule}")
    if not span["costs"]:
        rows.append("  It costs nothing.")
    if span["runner_up"]:
        rival = " ".join(music(pitch) for pitch in span["runner_up"]["voices"])
        dearer = span["runner_up"]["margin"]
        text = f"The next best voicing here: {rival}; the best row of voicings with it is "
        rows += wrapped(text + (f"dearer by {plain(dearer)}." if dearer else "just as cheap."), 2)
    return rows


def _begun(notes: list[tuple[int, Json]]) -> list[str]:
    """The notes that begin at a place, with the number by which each can be asked for."""
    rows = [heading("Notes that begin here") + dim("  ask with --note N")]
    for number, note in notes:
        text = f"{music(note['pitch'])} {length(note['duration'])}, {note['cause']['label']}"
        rows.append(f"  {number:>5}  {note['part']:<15}{text}")
    return rows if notes else [*rows, "  none"]


def note(document: Json, number: int) -> list[str]:
    """Why the note of this number, from 1, is there. Raises UserError where there is none."""
    notes = document["notes"]
    if not 1 <= number <= len(notes):
        hint = f"The notes are numbered 1 to {len(notes)}; --bar and --beat list those of a place."
        raise UserError(f"There is no note {number}.", hint)
    row = notes[number - 1]
    cause = row["cause"]
    said = f"{music(row['pitch'])} {length(row['duration'])}"
    place = at(row)
    rows = [
        justified(heading(f"Note {number}") + f"  {value(said)}", dim(f"{row['part']}, {place}")),
        f"  It comes from the {cause['origin']}: {cause['label']}.",
    ]
    if cause["motif"]:
        rows += wrapped(f"Motif {cause['motif']} in slot {cause['slot']}: {cause['action']}.", 2)
    rows += wrapped(f"Its section stands for the region: {cause['region']}.", 2)
    rows += wrapped(f"Shaped by {listed([music(rule) for rule in cause['rules']])}.", 2)
    under = [span for span in document["harmony"] if span["tick"] <= max(row["tick"], 0)]
    if under:
        rows.append(f"  Over {roman(under[-1]['roman'])} ({music(under[-1]['symbol'])}).")
    if cause["trace"] is not None:
        rows += ["", heading("How it was found"), *map(dim, wrapped(who(document["singer"]), 2))]
        for line in told(row):
            rows += wrapped(line[:1].upper() + line[1:], 2)
    return rows
