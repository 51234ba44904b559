"""The tables about the learned melody, and what the rules forbid of people's notes and its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from composer.errors import UserError
from composer.evaluate.rules import RulesReport, evaluate_rules

if TYPE_CHECKING:
    from neural.evaluate.tables import FigureTable


def evaluate_constraints(
    weights: Path | None = None, dataset: Path | None = None, sheets: Path | None = None
) -> Iterator[RulesReport | FigureTable]:
    """Every table about constraints, each as soon as it is there.

    First what the verifier says of folk tunes, of Bach's sopranos and, where they are given, of
    lead sheets; then how far masking and sampling are from the exact conditional, on a Markov model
    and on the network of `weights` (the shipped ones by default); then, of a `dataset`'s held-out
    tunes with chords, what the automaton forbids and what masking saves and takes.

    Raises UserError or NeuralError for what is not there or holds nothing.
    """
    from neural.evaluate.constraints import report
    from neural.weights import SHIPPED

    yield evaluate_rules(sheets)
    yield from report(weights or SHIPPED, dataset)


TABLES = ("published", "chords", "constraints", "generated", "speed")
# What each table is made from.
NEEDS = {"published": ("sets", "data"), "chords": ("data",), "generated": ("data",)}
OPTIONS = {
    "sets": ("--sets DIR", "the eight published sets as MIDI"),
    "data": ("--data FILE", "a dataset that corpus build wrote"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the data is and how much is asked for; `weights` None are the shipped ones."""

    output: Path
    sets: Path | None = None
    data: Path | None = None
    sheets: Path | None = None
    weights: Path | None = None
    pieces: int = 500
    seeds: int = 2
    jobs: int = 2


def evaluate_melody(names: Sequence[str], asked: Asked) -> Iterator[str]:
    """The tables of these names (all if none is named) as text, each as soon as it is there.

    They are written to `asked.output` too, as JSON and Markdown; what is slow goes on there where
    it was interrupted. Raises UserError for data that a table needs and that is not named.
    """
    chosen = list(names) or list(TABLES)
    for name in chosen:
        for need in NEEDS.get(name, ()):
            if getattr(asked, need) is None:
                option, what = OPTIONS[need]
                raise UserError(f"The table {name!r} needs {what}.", f"Name it with {option}.")
    asked.output.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        yield from _MAKERS[name](asked)


def _published(asked: Asked) -> Iterator[str]:
    from neural.evaluate.published import evaluate
    from neural.weights import SHIPPED

    assert asked.sets is not None
    assert asked.data is not None
    weights = asked.weights or SHIPPED
    found = evaluate(asked.sets, weights, asked.data, asked.output, asked.seeds, asked.jobs)
    yield from map(str, found)


def _chords(asked: Asked) -> Iterator[str]:
    from neural.evaluate.conditioning import evaluate
    from neural.weights import SHIPPED

    assert asked.data is not None
    weights = asked.weights or SHIPPED
    yield str(evaluate(asked.data, weights, asked.output, asked.jobs))


def _constraints(asked: Asked) -> Iterator[str]:
    from neural.evaluate.tables import FigureTable

    found = evaluate_constraints(asked.weights, asked.data, asked.sheets)
    for number, table in enumerate(found):
        if isinstance(table, FigureTable):
            table.write(asked.output, f"constraints-{number}")
        yield str(table)


def _generated(asked: Asked) -> Iterator[str]:
    from composer.evaluate.generated import generated

    assert asked.data is not None
    tables = generated(asked.data, asked.pieces, asked.weights)
    for name, table in zip(("generated", "generated-means"), tables, strict=True):
        table.write(asked.output, name)
        yield str(table)


def _speed(asked: Asked) -> Iterator[str]:
    from neural.evaluate.speed import speed
    from neural.weights import SHIPPED

    table = speed(asked.weights or SHIPPED)
    table.write(asked.output, "speed")
    yield str(table)


_MAKERS = {
    "published": _published,
    "chords": _chords,
    "constraints": _constraints,
    "generated": _generated,
    "speed": _speed,
}
