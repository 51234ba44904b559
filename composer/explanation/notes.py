"""The melody and its notes for a terminal: the motifs and their returns, note by note, one note.

Of a note of the melody: what was wanted, what the rules struck out, what was sung.
"""

from __future__ import annotations

from composer.errors import UserError
from composer.explanation.format import (
    Explanation,
    NoteJson,
    ProposalJson,
    ProposedJson,
    SingerJson,
    TraceJson,
    WeighedJson,
)
from composer.explanation.layout import (
    WIDTH,
    at,
    dim,
    heading,
    justified,
    length,
    listed,
    music,
    percent,
    roman,
    short,
    value,
    wrapped,
)
from composer.explanation.motifs import heard, returns
from composer.vocabulary import SINGERS
from theory.pitch import Pitch
from theory.scale import MODES, Key


def melody(document: Explanation) -> list[str]:
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
        rows += [dim(line) for line in wrapped(returns(document, name), 5)]
    rows += wrapped(_scale(document), 2)
    top = highest(document)
    bars = [str(bar) for bar in dict.fromkeys(document["notes"][n]["bar"] for n in top)]
    if top:
        pitch = music(document["notes"][top[0]]["pitch"])
        rows.append(f"  highest, {pitch}, in bar{'s' if len(bars) > 1 else ''} {listed(bars)}")
    return rows


def _scale(document: Explanation) -> str:
    """How far a tune that is to have five notes to the scale keeps to them; "" for any other."""
    scale = document["decisions"].get("melodic_scale")
    if scale is None or scale["value"] != "pentatonic":
        return ""
    keys = {phrase["name"]: phrase["key"] for phrase in document["plan"]["phrases"]}
    sung = [note for note in document["notes"] if note["part"] in SINGERS]
    out = 0
    for note in sung:
        key = Key.of(*keys[str(note["cause"]["slot"]).rpartition(".")[0]].split(" ", 1))
        five = MODES["minor pentatonic" if key.mode.minor else "major pentatonic"].degrees
        out += Pitch.parse(note["pitch"]).note not in {key.degree(degree) for degree in five}
    if not out:
        return "pentatonic: every note is one of the scale's five"
    return f"pentatonic but for {out} of {len(sung)} notes, chord tones or leading to one"


def highest(document: Explanation) -> list[int]:
    """The numbers of the melody's highest notes, as they are sung."""
    sung = [n for n, note in enumerate(document["notes"]) if note["part"] in SINGERS]
    top = max((document["notes"][n]["key"] for n in sung), default=0)
    return [n for n in sung if document["notes"][n]["key"] == top]


def note_by_note(document: Explanation) -> list[str]:
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
        for line in told(note, trace):
            rows += [dim(row) for row in wrapped(line, 6, WIDTH)]
    return rows


def told(note: NoteJson, trace: TraceJson) -> list[str]:
    """How a note of the melody was found: who weighed it, its contour, what was struck out."""
    lines = _proposed(trace["proposed"], note) if trace["proposed"] is not None else []
    lines += _weighed(trace["weighed"]) if trace["weighed"] is not None else []
    lines.append(_contour(trace, note))
    lines += [
        f"struck out by {rule}: {music(' '.join(pitches))}"
        for rule, pitches in trace["struck"].items()
    ]
    return lines


def who(singer: SingerJson) -> str:
    if singer["weights"] is None:
        return "Sung by rules: costs are points, and the cheapest legal melody is found exactly."
    return (
        f"Sung by the network with weights {singer['weights'][:12]}: shares are its own "
        "probabilities of a pitch and a length."
    )


def _proposed(by: ProposedJson, note: NoteJson) -> list[str]:
    sung = {"pitch": note["pitch"], "duration": note["duration"]}
    share = _per_cent(by["share"])
    left = f"the rules left {_per_cent(by['allowed'])} of all"
    if by["wanted"] == sung:
        lines = [f"it is the network's first choice ({share}); {left}"]
    else:
        first = f"the network's first choice was {_choice(by['wanted'])}"
        why = f"{first} ({_per_cent(by['wanted_share'])}), {_passed(by)}"
        lines = [f"{why}; this has {share}; {left}"]
    if by["runner_up"] is not None and by["runner_up"] != by["wanted"]:
        rival = f"{_choice(by['runner_up'])} ({_per_cent(by['runner_up_share'])})"
        lines.append(f"the likeliest other that they left: {rival}")
    return lines


def _passed(by: ProposedJson) -> str:
    """Why the network's first choice was not sung."""
    if by["wanted"] == by["runner_up"]:
        odds = by["share"] / max(by["allowed"], by["share"])
        return (
            "and open: this was drawn by chance, as the plan's wishes weighed it; by the network "
            f"alone its odds were {_per_cent(odds)}"
        )
    if refused := by.get("refused", []):
        return f"which {listed(refused)} forbid{'s' * (len(refused) == 1)}"
    return "from which no legal way leads on"


def _weighed(by: WeighedJson) -> list[str]:
    costs = ", ".join(f"{name} {cost:g}" for name, cost in by["costs"].items()) or "nothing"
    lines = [f"it costs {costs}"]
    if by["runner_up"] is not None:
        lines.append(f"the next best is {music(by['runner_up'])}, dearer by {by['margin']:g}")
    return lines


def _contour(trace: TraceJson, note: NoteJson) -> str:
    # The contour was wished for the pitch as it is written, in whatever octave it sounds.
    try:
        written = Pitch.parse(note["pitch"]).midi
    except ValueError:  # somebody else's document
        written = note["key"]
    away = round(written - trace["contour"])
    if not away:
        return "it is where the skyline's contour wished for it"
    size = f"{abs(away)} semitone{'' if abs(away) == 1 else 's'}"
    return f"{size} {'above' if away > 0 else 'below'} the skyline's contour"


def _choice(choice: ProposalJson) -> str:
    name = "a rest," if choice["pitch"] is None else music(choice["pitch"])
    return f"{name} {length(choice['duration'])}"


def _per_cent(share: float) -> str:
    return percent(share)


def note(document: Explanation, number: int) -> list[str]:
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
        how = heard(document).get(str(cause["slot"]), cause["action"])
        rows += wrapped(f"Motif {cause['motif']} in slot {cause['slot']}: {how}.", 2)
    rows += wrapped(f"Its section stands for the region: {cause['region']}.", 2)
    rows += wrapped(f"Shaped by {listed([music(rule) for rule in cause['rules']])}.", 2)
    under = [span for span in document["harmony"] if span["tick"] <= max(row["tick"], 0)]
    if under:
        rows.append(f"  Over {roman(under[-1]['roman'])} ({music(under[-1]['symbol'])}).")
    trace = cause["trace"]
    if trace is not None:
        rows += ["", heading("How it was found"), *map(dim, wrapped(who(document["singer"]), 2))]
        for line in told(row, trace):
            rows += wrapped(line[:1].upper() + line[1:], 2)
    return rows
