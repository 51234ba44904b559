"""Every lesson by kind and name, read from the files beside this module and led in four voices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from composer.errors import UserError, nearest
from composer.lessons import table
from composer.lessons.judging import judge_tune, judge_voices
from composer.lessons.table import TITLES, key_of
from composer.lessons.values import Lesson, LessonExample
from composer.lessons.writing import Timed, chords, given, heard, led, tune
from theory.harmony import family
from theory.harmony import phrase as harmony
from theory.noise import Noise
from theory.pitch import NoteName, Pitch
from theory.rules import MODAL, RULES, STRICT
from theory.scale import Key

KINDS = ("mode", "cadence", "progression", "rule")
FILES = {kind: f"{kind}s.yaml" for kind in KINDS}
# Beats a chord where nothing is said: in four voices, and under a tune.
FOUR_VOICES, UNDER_TUNE = 2, 4
# How many chords of a family are heard, and in which keys.
LENGTH = 8
# The plainest degrees of a mode, where those on the fourth or the fifth are diminished.
PLAIN = {"lydian": (1, 2, 5, 1), "phrygian": (1, 4, 7, 1), "whole-tone": (1, 7, 1, 1)}
MAJOR_TONIC, MINOR_TONIC = "C", "A"

Entry = Mapping[str, Any]


@lru_cache(maxsize=len(KINDS))
def entries(kind: str) -> Mapping[str, Entry]:
    """The entries of a kind's file, by name."""
    text = files("composer").joinpath("lessons", FILES[kind]).read_text("utf-8")
    data: Mapping[str, Entry] = yaml.load(
        text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return data


def names(kind: str) -> tuple[str, ...]:
    """The names of a kind's lessons: every family and every rule has one."""
    own = tuple(entries(kind))
    if kind == "rule":
        return tuple(RULES)
    if kind == "progression":
        return own + tuple(name for name in family.families() if name not in own)
    return own


def lesson(kind: str, name: str) -> Lesson:
    """The lesson of a kind and a name; case and hyphens do not matter.

    Raises UserError for a kind or a name that there is not.
    """
    if kind not in KINDS:
        raise UserError(f"There are no lessons on {kind!r}.", f"Choose from {', '.join(KINDS)}.")
    found = {_plain(one): one for one in names(kind)}.get(_plain(name))
    if found is None:
        near = nearest(name, names(kind))
        hint = f"Did you mean {near}?" if near else f"Choose from {', '.join(names(kind))}."
        raise UserError(f"There is no {kind} {name!r}.", hint)
    entry = entries(kind).get(found)
    if entry is None:
        return _from_table(found) if kind == "rule" else _family(found)
    return {"mode": _mode, "cadence": _cadence, "progression": _progression, "rule": _rule}[kind](
        found, entry
    )


def _plain(name: str) -> str:
    return " ".join(re.sub("[-–_]", " ", name.lower()).split())


# --- modes ----------------------------------------------------------------------------------------


def _mode(name: str, entry: Entry) -> Lesson:
    tonic = Pitch.parse(entry["tonic"])
    other = {**entry, **entry.get("without", {})}
    pair = tuple(
        _sung(key.name, key, tonic, version["chords"], version["tune"])
        for key, version in (
            (Key.of(tonic.note.name, name), entry),
            (Key.of(tonic.note.name, entry["against"]), other),
        )
    )
    return Lesson("mode", name, MODAL, _two(entry["says"]), "", (pair[0], pair[1]))


def _sung(title: str, key: Key, tonic: Pitch, romans: str, text: str) -> LessonExample:
    """A tune over chords that are led under it."""
    row, tones = chords(romans, key, UNDER_TUNE), tune(text, key, tonic)
    spans = led(row, MODAL, heard(row, tones))
    found = judge_voices(spans, MODAL) + judge_tune(tones, spans, MODAL, spans[-1].chord.tones)
    return LessonExample(title, key, spans, tones, found)


# --- cadences and progressions --------------------------------------------------------------------


def _cadence(name: str, entry: Entry) -> Lesson:
    key = key_of(entry["key"])
    opening, close, against = entry["opening"], entry["close"], entry["against"]
    versions = []
    for ending in (close, against):
        romans = f"{opening['chords']} {ending['chords']}"
        soprano = f"{opening['soprano']} {ending['soprano']}"
        versions.append((romans, [{Pitch.parse(one)} for one in soprano.split()]))
    spans = led(chords(versions[0][0], key, FOUR_VOICES), STRICT, versions[0][1])
    # What both versions begin with sounds the same in both: the bass at least is held to it.
    shared = len(opening["chords"].split())
    row = chords(versions[1][0], key, FOUR_VOICES)
    bass = [span.voicing.bass for span in spans[:shared]] + [None] * (len(row) - shared)
    other = led(row, STRICT, versions[1][1], bass=bass)
    pair = (
        LessonExample(f"with the {name} cadence", key, spans, (), judge_voices(spans, STRICT)),
        LessonExample("without it", key, other, (), judge_voices(other, STRICT)),
    )
    return Lesson("cadence", name, STRICT, _two(entry["says"]), "", pair)


def _progression(name: str, entry: Entry) -> Lesson:
    key, language = key_of(entry["key"]), entry.get("language", STRICT)
    off = frozenset(entry.get("breaks", ()))
    found = []
    for title, which, left_out in ((name, "with", frozenset()), ("without it", "against", off)):
        row = chords(entry[which]["chords"], key, FOUR_VOICES)
        line = str(entry[which].get("soprano", "")).split()
        soprano: list[set[Pitch] | None] = [{Pitch.parse(one)} for one in line]
        soprano = soprano or [None] * len(row)
        spans = led(row, language, soprano, left_out)
        found.append(LessonExample(title, key, spans, (), judge_voices(spans, language)))
    return Lesson("progression", name, language, _two(entry["says"]), "", (found[0], found[1]))


def _family(name: str) -> Lesson:
    """A family's grammar drawn to its own kind of close, beside the plain chords of its mode."""
    grammar = family.families()[name]
    mode = grammar.modes[0]
    minor = Key.of("C", mode).mode.minor
    key = Key.of(MINOR_TONIC if minor else MAJOR_TONIC, mode)
    close = "modal" if "authentic" not in grammar.cadences else "authentic"
    drawn = harmony.progression(
        grammar,
        key,
        close,
        LENGTH,
        colour="triads",
        noise=Noise(0),
        place=("hear", name),
    )
    romans = " ".join(chord.roman for chord in drawn)
    plain = " ".join(f"{degree}:4" for degree in PLAIN.get(mode, (1, 4, 5, 1)))
    found = []
    for title, text in ((name, romans), ("the plain chords of the mode", plain)):
        row = chords(text, key, FOUR_VOICES)
        spans = led(row, grammar.language, [None] * len(row))
        found.append(LessonExample(title, key, spans, (), judge_voices(spans, grammar.language)))
    says = (grammar.description, f"The second version has only the plainest chords of {key.name}.")
    return Lesson("progression", name, grammar.language, says, "", (found[0], found[1]))


# --- rules ----------------------------------------------------------------------------------------


def _rule(name: str, entry: Entry) -> Lesson:
    rule = RULES[name]
    make = _rule_of_voices if rule.kind == "voices" else _rule_of_melody
    right, wrong = make(name, entry)
    return Lesson("rule", name, STRICT, (rule.sentence, entry["hear"]), rule.source, (right, wrong))


def _from_table(name: str) -> Lesson:
    rule = RULES[name]
    says = (rule.sentence, table.sentence(rule))
    return Lesson("rule", name, STRICT, says, rule.source, table.pair(rule))


def _rule_of_voices(name: str, entry: Entry) -> tuple[LessonExample, LessonExample]:
    key = key_of(entry["key"])
    romans = entry["chords"]
    kept = given(chords(romans, key, FOUR_VOICES), entry["right"])
    other = chords(entry.get("wrong_chords", romans), key, FOUR_VOICES)
    broken = given(other, entry["wrong"])
    first, second = TITLES
    return (
        LessonExample(first, key, kept, (), judge_voices(kept, STRICT, {name})),
        LessonExample(second, key, broken, (), judge_voices(broken, STRICT, {name})),
    )


def _rule_of_melody(name: str, entry: Entry) -> tuple[LessonExample, LessonExample]:
    """Both tunes over the same chords, which are led under the right one."""
    key, tonic = key_of(entry["key"]), Pitch.parse(entry["tonic"])
    row = chords(entry["chords"], key, UNDER_TUNE)
    kept, broken = (tune(entry[which], key, tonic) for which in ("right", "wrong"))
    spans = led(row, STRICT, heard(row, kept))
    closes = _closes(entry, key, row)
    first, second = TITLES
    frame = judge_voices(spans, STRICT)
    return (
        LessonExample(
            first, key, spans, kept, frame + judge_tune(kept, spans, STRICT, closes, {name})
        ),
        LessonExample(
            second, key, spans, broken, frame + judge_tune(broken, spans, STRICT, closes, {name})
        ),
    )


def _closes(entry: Entry, key: Key, row: Sequence[Timed]) -> tuple[NoteName, ...]:
    """The notes on one of which the tune is to end."""
    if "closes" in entry:
        return tuple(key.degree(degree - 1) for degree in entry["closes"])
    return row[-1][0].tones


def _two(says: Sequence[str]) -> tuple[str, str]:
    first, second = says
    return first, second
