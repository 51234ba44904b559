"""Small words and figures of the report, beside those that it shares with the terminal's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from composer.explanation.decided import TableJson
from composer.explanation.format import Explanation
from composer.explanation.layout import LENGTHS, listed, music, plain
from composer.explanation.replay import SearchMemory, counterfactuals
from composer.explanation.replay.changes import changes
from composer.render.report.influence import Influence, term_of
from composer.table import measured
from composer.values import Piece

GRADES = {"A": "replicated", "B": "one study or measured", "C": "an artistic convention"}


def length(ticks: int) -> str:
    """How long a written note is, in words.

    >>> length(36), length(31)
    ('dotted crotchet', '31 ticks')
    """
    return LENGTHS.get(ticks, f"{ticks} ticks")


def label(name: str) -> str:
    """A decision's or a feature's name for a person: without its group, with blanks.

    >>> label("melodic_scale"), label("light.vertical_gradient")
    ('melodic scale', 'vertical gradient')
    """
    return name.rpartition(".")[2].replace("_", " ")


def sentence(text: str) -> str:
    """The text with a capital first."""
    return text[:1].upper() + text[1:]


def prime(text: str) -> str:
    """The name of a section or a phrase, its apostrophes as primes.

    >>> prime("A''.1")
    'A″.1'
    """
    return text.replace("'" * 3, "‴").replace("'" * 2, "″").replace("'", "′")


def condition(when: Any) -> str:
    """A rule's condition in words.

    >>> condition({"all": ["dark", {"not": "busy"}, {"mode": ["dorian", "aeolian"]}]})
    'dark and not busy and mode is dorian or aeolian'
    """
    return _joined(when, inside=False)


def _joined(when: Any, *, inside: bool) -> str:
    if not isinstance(when, Mapping):
        return str(when)
    texts = []
    for key, inner in when.items():
        if key in ("all", "any"):
            word = " and " if key == "all" else " or "
            text = word.join(_joined(part, inside=True) for part in inner)
            texts.append(f"({text})" if inside and len(inner) > 1 else text)
        elif key == "not":
            texts.append(f"not {_joined(inner, inside=True)}")
        else:
            values = inner if isinstance(inner, list | tuple) else [inner]
            texts.append(f"{key.replace('_', ' ')} is {' or '.join(map(str, values))}")
    return " ".join(texts)


def terms(when: Any, table: TableJson) -> list[str]:
    """The terms of a condition, from left to right, each once."""
    if isinstance(when, str):
        term = term_of(when, table["terms"])
        return [] if term is None else [term]
    inner = when.values() if isinstance(when, Mapping) else when
    if not isinstance(when, Mapping | list | tuple):
        return []
    found = [
        term
        for key_or_part, part in zip(when, inner, strict=True)
        if not (isinstance(when, Mapping) and key_or_part in table["decisions"])
        for term in terms(part, table)
    ]
    return list(dict.fromkeys(found))


def shaped(found: Influence, document: Explanation) -> str:
    """A sentence or two on the notes that something shaped."""
    sentences = []
    if found.moved:
        sentences.append(f"It moved {listed([label(name) for name in found.moved])}.")
    if found.notes:
        sentences.append(f"It shaped {counted(found.notes, document)}.")
    if found.through:
        also = "and through later decisions" if found.notes else "Through later decisions it shaped"
        led = f" ({listed([label(name) for name in found.via])})" if found.via else ""
        if found.notes:
            sentences[-1] = sentences[-1].removesuffix(".") + (
                f", {also}{led} {counted(found.through, document)} more."
            )
        else:
            sentences.append(f"{also}{led} {counted(found.through, document)}.")
    if not (found.notes or found.through):
        sentences.append("It shaped no note of this piece.")
    return " ".join(sentences)


def counted(notes: frozenset[int], document: Explanation) -> str:
    """How many notes, of which parts."""
    every = document["notes"]
    if len(notes) == len(every):
        return f"every note of the piece, {len(notes)} in all"
    parts = list(dict.fromkeys(every[number]["part"] for number in sorted(notes)))
    whole = len(notes) == sum(note["part"] in parts for note in every)
    of = f"the {listed(parts)}" if len(parts) < 3 else "several parts"
    if len(notes) == 1:
        return f"one note of {of}"
    return f"all {len(notes)} notes of {of}" if whole else f"{len(notes)} notes of {of}"


def key_and_facts(document: Explanation) -> Sequence[str]:
    """What the piece is, in a line under its title."""
    plan, made = document["plan"], document["decisions"]
    return (
        music(plan["key"]["name"]),
        plan["metre"]["name"],
        f"{made['tempo']['value']:g} beats a minute",
        f"{plan['bars']} bars",
        f"{round(plan['seconds'])} seconds",
    )


# Areas looked at for a decision: some pictures have so many that the search would take minutes.
PATIENCE = 10_000


def turning(piece: Piece) -> Mapping[str, str]:
    """A sentence for each decision that a change of one feature would turn.

    Unlike all else in the report this is no part of the run that it tells of: each change has been
    found and confirmed by making the decisions again.
    """
    features, memory = measured(piece.analysis), SearchMemory(piece.table, piece.decisions)
    said = {}
    for name, made in piece.decisions.items():
        found = counterfactuals(
            piece.table,
            features,
            piece.decisions,
            name,
            most=1,
            pairs=False,
            patience=PATIENCE,
            memory=memory,
        )
        if found:
            after = found[0].after
            value = music(after) if isinstance(after, str) else f"{plain(float(after))} {made.unit}"
            said[name] = f"If {changes(found[0].changes)}, it would be {value.strip()}."
    return said
