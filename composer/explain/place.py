"""A chord and a note for a terminal: what else there could have been, and what it would cost."""

from __future__ import annotations

from typing import Any

from composer.errors import UserError
from composer.explain.found import length, told, who
from composer.explain.style import (
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

Json = dict[str, Any]

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
