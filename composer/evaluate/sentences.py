"""Are sentences about the music true? Read as they are printed, and held against the notes.

What is said of motifs, of the highest note, of what the network wanted, of the scale and of who
settled what is read back from the text, and tried by other code than what wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from composer.explanation.answers import settled
from composer.explanation.format import Explanation, NoteJson
from composer.explanation.layout import music, unstyle
from composer.explanation.notes import melody, told
from composer.explanation.replay import Counterfactual
from composer.explanation.replay.changes import sentence
from composer.explanation.stored import Stored
from composer.explanation.text import view
from composer.table import Decisions, Table, decide
from composer.vocabulary import SINGERS

SENTENCES: Mapping[str, str] = {
    "motifs": "what is said of a motif's return is so in the notes that are sung",
    "highest": "the highest note is the one that is named, in the bars that are named",
    "first choice": "a first choice of the network that was not sung has its true reason",
    "offered": "a chosen chord is among those that are said to have been offered",
    "pentatonic": "so many notes as is said are not of the five",
    "digits": "the very number that is printed turns the decision",
    "settled": "what settled a decision did it alone, and so many made the difference",
    "ties": "no number is said to be another than itself, or too small to be read",
    "shape": "nothing is told of a shape that all photographs compared have",
}
Tried = Iterator[tuple[str, bool, str]]  # the claim, does it hold, where
_BARS = r"in bars? (\d+(?:(?:, | and )\d+)*)"
_RETURN = re.compile(rf"([a-z ]+?) {_BARS}")
_SAME = re.compile(r"\((−?[\d.]+)(?: %)?, not \1[ )]|\d\.?\d*e-\d")
_CHANGED = re.compile(r"\((−?[\d.]+)( %)?, not ")
_MOST = 0.75  # of the onsets of two lines, from which they have one rhythm
# Fifths above the tonic of the five notes, with a major third, a minor one, and a raised seventh.
_MAJOR, _MINOR, _RAISED = (0, 2, 4, 1, 3), (0, -3, -1, 1, -2), (0, -3, -1, 1, 5)


def of_notes(document: Explanation) -> Tried:
    """Every claim about the notes of one piece."""
    text = " ".join(unstyle(line).strip() for line in melody(document))
    yield from _returns(document, text)
    yield "highest", *_highest(document, text)
    yield "pentatonic", *_five(document, text)
    for note in document["notes"]:
        if note["cause"]["trace"] is not None and note["cause"]["trace"]["proposed"] is not None:
            yield "first choice", _chosen(note), f"bar {note['bar']} beat {note['beat']}"
    for span in document["harmony"]:
        offered = span["alternatives"]
        yield "offered", not offered or span["roman"] in offered, f"bar {span['bar']}"
    whole = unstyle(view(document, everything=True))
    yield "ties", not _SAME.search(whole), "the whole text"
    at = whole.find("layout.aspect")
    yield "shape", at < 0 or "%" not in whole[at:].partition("\n")[0], "layout.aspect"


def of_change(
    table: Table, features: Mapping[str, float], decisions: Decisions, found: Counterfactual
) -> Tried:
    """Is a change of the picture, as it is printed, one that turns the decision?"""
    text = sentence(found, table.decisions[found.decision].unit)
    yield "ties", not _SAME.search(text), text
    printed = list(_CHANGED.finditer(text))
    if len(found.changes) > 1 or len(printed) != 1:
        return  # of two the order is the sentence's own
    new = float(printed[0][1].replace("−", "-")) / (100 if printed[0][2] else 1)
    changed = {**features, found.changes[0].feature: new}
    yours = {n: str(m.value) for n, m in decisions.items() if m.shares[0:1] and _yours(m.shares)}
    after = decide(table, changed, yours)[found.decision].value
    if isinstance(after, str) or isinstance(found.before, str):
        yield "digits", after == found.after, text
    else:
        assert isinstance(found.after, Decimal)
        least = abs(found.after - found.before)
        yield "digits", abs(after - found.before) >= least, text


def _yours(shares: tuple[object, ...]) -> bool:
    return any(getattr(share, "rule", "") == "you" for share in shares)


def of_rules(document: Explanation, found: Stored) -> Tried:
    """Is it true of every decision who settled it?"""
    table, features, decisions = found.table, found.features, found.decisions
    for name, made in document["decisions"].items():
        said = " ".join(line.strip() for line in settled(name, made, found))
        if said.startswith("You decided"):
            continue
        count = 0
        for rule in table.rules_of[name]:
            silent = replace(
                rule,
                adds={k: v for k, v in rule.adds.items() if k != name},
                votes={k: v for k, v in rule.votes.items() if k != name},
            )
            rules = tuple(silent if each.id == rule.id else each for each in table.rules)
            other = decide(replace(table, rules=rules), features, _typed(decisions))
            count += other[name].value != decisions[name].value
        told_ = re.match(r"(\d+) rules made", said)
        alone = 1 if " settled it: " in said else 0
        yield "settled", count == (int(told_[1]) if told_ else alone), f"{name}: {said}"


def _typed(decisions: Decisions) -> dict[str, str]:
    return {name: str(made.value) for name, made in decisions.items() if _yours(made.shares)}


# --- of the notes ---------------------------------------------------------------------------------


def _height(note: NoteJson) -> int:
    octave = int(note["pitch"].lstrip("ABCDEFGb#"))
    return 7 * octave + "CDEFGAB".index(note["pitch"][0])


def _sung(document: Explanation) -> list[NoteJson]:
    return [note for note in document["notes"] if note["part"] in SINGERS]


def _returns(document: Explanation, text: str) -> Tried:
    """What is printed of each motif, return by return."""
    plan = document["plan"]
    names = [name for name in plan["motifs"] if f" {name}  " in f" {text}"]
    for name in names:
        rest = f" {text}".partition(f" {name}  ")[2]
        rest = rest[: rest.find(" highest, ")]
        for other in names:
            rest = rest.partition(f" {other}  ")[0] if other > name else rest
        said: dict[int, list[str]] = {}
        for how, bars in _RETURN.findall(rest):
            for bar in re.findall(r"\d+", bars):
                said.setdefault(int(bar), []).append(how.strip().removeprefix("and ").strip())
        model: dict[int, int] = {}
        for bar, ticks, line in _slots(document, name):
            holds = _holds(model, {t: h for t, h in line.items() if t < ticks}, ticks, said[bar])
            yield "motifs", holds, f"{name} in bar {bar}: {said[bar]}"
            if line and not model and ticks > 0:
                model = line


def _slots(document: Explanation, motif: str) -> Iterator[tuple[int, int, dict[int, int]]]:
    """Each place of a motif: its bar, for how many ticks it is the motif's, and the line there."""
    plan = document["plan"]
    metre = plan["metre"]
    for phrase in plan["phrases"]:
        start = (phrase["bar"] - 1) * metre["ticks_per_bar"]
        last = start + phrase["duration"] - metre["ticks_per_bar"] * (phrase["cadence"] != "open")
        for slot in phrase["slots"]:
            if slot["motif"] == motif:
                into = round((slot["beat"] - 1) * metre["ticks_per_beat"])
                at = (slot["bar"] - 1) * metre["ticks_per_bar"] + into
                ticks = min(at + slot["duration"], last) - at
                line = {}
                for note in _sung(document):
                    begun = note["tick"] - at
                    pushed = -12 <= begun < 0 < begun + note["duration"]
                    if pushed or 0 <= begun < ticks:
                        line[max(0, begun)] = _height(note)
                yield slot["bar"], ticks, line


def _holds(model: dict[int, int], line: dict[int, int], ticks: int, said: list[str]) -> bool:
    """Is one of the words that are printed of a bar true of what is sung there?"""
    if ticks <= 0 or not line:
        return "at the cadence" in said
    if not model:
        return "stated" in said
    first = {tick: height for tick, height in model.items() if tick < ticks}
    both = [tick for tick in first if tick in line]
    one_rhythm = len(both) >= _MOST * len({*first, *line}) and bool(both)
    shifts = [line[tick] - first[tick] for tick in both]
    sums = {line[tick] + first[tick] for tick in both}
    head, old = sorted(line)[:3], sorted(first)[:3]
    alike = head == old and len(head) == 3
    truths = {
        "repeated": one_rhythm and not any(shifts),
        "moved": one_rhythm and len({*shifts}) == 1 and 0 not in shifts,
        "inverted": one_rhythm and len(sums) == 1,
        "nearly repeated": one_rhythm and shifts.count(0) >= _MOST * len(shifts),
        "begun alike": alike and len({line[tick] - first[tick] for tick in head}) == 1,
        "in its rhythm": one_rhythm,
        "freely": not one_rhythm,
    }
    return any(truths.get(word, False) for word in said)


def _highest(document: Explanation, text: str) -> tuple[bool, str]:
    sung = _sung(document)
    top = max(note["key"] for note in sung)
    notes = [note for note in sung if note["key"] == top]
    found = re.search(rf"highest, (\S+), {_BARS}", text)
    if found is None:
        return False, "nothing is said"
    bars = {int(bar) for bar in re.findall(r"\d+", found[2])}
    named = found[1] in {music(note["pitch"]) for note in notes}
    return named and bars == {note["bar"] for note in notes}, found[0]


def _five(document: Explanation, text: str) -> tuple[bool, str]:
    scale = document["decisions"].get("melodic_scale")
    if scale is None or scale["value"] != "pentatonic":
        return "pentatonic" not in text, "it is not"
    keys = {phrase["name"]: phrase["key"] for phrase in document["plan"]["phrases"]}
    out = 0
    for note in _sung(document):
        tonic, mode = keys[str(note["cause"]["slot"]).rpartition(".")[0]].split(" ", 1)
        five = _MAJOR if mode in ("ionian", "lydian", "mixolydian") else _MINOR
        five = _RAISED if mode in ("harmonic minor", "melodic minor") else five
        out += _fifths(note["pitch"]) - _fifths(tonic) not in five
    found = re.search(r"pentatonic but for (\d+) of", text)
    return out == (int(found[1]) if found else 0) and "pentatonic" in text, f"{out} are not"


def _fifths(name: str) -> int:
    return "FCGDAEB".index(name[0]) - 1 + 7 * (name.count("#") - name[1:].count("b"))


def _chosen(note: NoteJson) -> bool:
    """Is what is said of the network's first choice so?"""
    trace = note["cause"]["trace"]
    assert trace is not None
    assert trace["proposed"] is not None
    by = trace["proposed"]
    said = told(note, trace)[0]
    sung = {"pitch": note["pitch"], "duration": note["duration"]}
    if by["wanted"] == sung:
        return said.startswith("it is the network's first choice")
    if by["wanted"] == by["runner_up"]:
        return "and open: this was drawn by chance" in said
    return "forbid" in said or "from which no legal way leads on" in said
