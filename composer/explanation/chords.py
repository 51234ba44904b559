"""The chords for a terminal: the harmony phrase by phrase, and one chord asked for.

Of one: its function, what the grammar offered in its place, what its voicing cost, and the notes
that begin there.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from composer.errors import UserError
from composer.explanation.format import (
    ChordJson,
    Explanation,
    NoteJson,
    PhraseJson,
    PlanJson,
    SectionJson,
)
from composer.explanation.layout import (
    WIDTH,
    at,
    bar,
    dim,
    heading,
    justified,
    length,
    music,
    percent,
    plain,
    roman,
    short,
    unstyle,
    value,
    wrapped,
)
from theory.harmony.form import HELD, STATEMENT

BARS_A_LINE = 4
COLUMNS = 56  # that numerals in columns may take, so that a cadence stands beside them
VOICES = ("soprano", "alto", "tenor", "bass")
MOST_ALTERNATIVES = 6  # that the grammar offered; the rest are only said to be there


def harmony(document: Explanation) -> list[str]:
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
        if section.get("kind", STATEMENT) == STATEMENT:
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


def _headed(section: SectionJson, known: Collection[str]) -> list[str]:
    """A section's name, what its region says, and who plays; of a region that is known already, and
    of a section that states nothing, only who plays."""
    name, room = section["name"], WIDTH - 5 - len(section["name"])
    stated = section.get("kind", STATEMENT) == STATEMENT
    told = [section["why"]] if stated and section["region"] not in known else []
    first, *rest = (dim(short(text, room)) for text in (*told, _scored(section)))
    return [f"  {value(name)}  {first}", *(" " * (4 + len(name)) + text for text in rest)]


def _scored(section: SectionJson) -> str:
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


def _told(document: Explanation, phrase: str) -> list[str]:
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


def _span(phrase: PhraseJson, plan: PlanJson) -> range:
    """The numbers of the phrase's bars."""
    first = phrase["bar"]
    return range(first, first + phrase["duration"] // plan["metre"]["ticks_per_bar"])


def _phrase(phrase: PhraseJson, bars: dict[int, str], plan: PlanJson) -> list[str]:
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
    return (f"{first}–{last}" if last > first else f"{first}").rjust(8)


def _close(phrase: PhraseJson) -> str:
    """The phrase's cadence and its surprise, or that nobody sings it."""
    words = [phrase["cadence"]]
    if not phrase.get("sung", True) and phrase["cadence"] != HELD:
        words.append("without melody")
    if phrase["surprise"] and not phrase["surprise"].startswith(phrase["cadence"]):
        words.append(phrase["surprise"])
    return ", ".join(words)


def _barred(bars: dict[int, str], first: int, last: int, room: int) -> str:
    """The numerals between barlines, in columns where they fit."""
    if (room + 3) * BARS_A_LINE > COLUMNS:
        room = 0
    return f"│ {' │ '.join(f'{bars[bar]:<{room}}' for bar in range(first, last + 1))} │"


def _by_bar(document: Explanation) -> dict[int, str]:
    """The numerals that begin in each bar; a dot where the last chord holds on."""
    begun: dict[int, list[str]] = {bar: [] for bar in range(1, document["plan"]["bars"] + 1)}
    for span in document["harmony"]:
        begun[span["bar"]].append(roman(span["roman"]))
    return {bar: " ".join(numerals) or "·" for bar, numerals in begun.items()}


def chord(document: Explanation, at_bar: int, at_beat: float | None) -> list[str]:
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


def _chord(document: Explanation, span: ChordJson, number: int) -> list[str]:
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
            f"{roman(name)} {percent(weight / total)}"
            for name, weight in offered[:MOST_ALTERNATIVES]
        ]
        begins = (span["bar"], span["beat"]) == (phrase["bar"], phrase["beat"])
        where = "to begin the phrase" if begins else "after the chord before"
        text = f"The grammar ({document['voice_leading']['family']}) offered {where}"
        more = ", …" if len(offered) > MOST_ALTERNATIVES else ""
        rows += wrapped(f"{text}: {', '.join(shown)}{more}", 2)
    else:
        rows.append("  The form asks for this chord; no other was offered.")
    rows += ["", *_voicing(document, span, number)]
    return rows


def _voicing(document: Explanation, span: ChordJson, number: int) -> list[str]:
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


def _begun(notes: list[tuple[int, NoteJson]]) -> list[str]:
    """The notes that begin at a place, with the number by which each can be asked for."""
    rows = [heading("Notes that begin here") + dim("  ask with --note N")]
    for number, note in notes:
        text = f"{music(note['pitch'])} {length(note['duration'])}, {note['cause']['label']}"
        rows.append(f"  {number:>5}  {note['part']:<15}{text}")
    return rows if notes else [*rows, "  none"]
