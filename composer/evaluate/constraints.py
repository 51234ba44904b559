"""Constraints and what they cost: people's notes that the rules forbid, and the model's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from composer.evaluate.people import RulesReport, evaluate_rules

if TYPE_CHECKING:
    from neural.evaluate.tables import Table


def evaluate_constraints(
    weights: Path | None = None, dataset: Path | None = None, sheets: Path | None = None
) -> Iterator[RulesReport | Table]:
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
