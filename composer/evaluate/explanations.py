"""Are the explanations true? Every claim of many pictures' explanations, put to the test.

What an explanation says is read back from its JSON and its text, and held against decisions made
anew: with a rule taken out, with a feature changed. Nothing here asks the code that explained.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from analysis.errors import PictureError
from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import SAMPLES, load
from composer.errors import UserError
from composer.evaluate.printed import misprints
from composer.evaluate.sentences import SENTENCES, Tried, of_change, of_notes, of_rules
from composer.explanation.decided import DecisionJson
from composer.explanation.document import explanation, to_json
from composer.explanation.format import Explanation
from composer.explanation.replay import Counterfactual, counterfactuals
from composer.explanation.stored import stored
from composer.pipeline import compose_decided
from composer.proof import NoPieceError, RefusedError, prove
from composer.settings import Settings
from composer.table import Decisions, Table, decide, measured
from composer.table.conditions import Chosen, leaves
from corpora.progress import watched

CLAIMS: Mapping[str, str] = {
    "sums": "the shares of a decision, and of every rival, sum to it exactly",
    "decisive": "without the rule named as decisive the decision is another",
    "no share": "without a rule that has no share in what led to a decision it stays",
    "counterfactual": "the changed picture turns the decision to what was said",
    "99 %": "99 % of the change turns nothing",
    "stored": "the JSON is what a fresh run of its table and features decides",
    "printed": "what is printed is what the JSON holds",
    "proven": "promenade prove accepts the JSON",
    **SENTENCES,
}
# Of these decisions the changes of two features are tried too, of the others those of one: the
# search for two takes seconds.
WITH_PAIRS = ("valence", "arousal", "mode")
MOST_NAMED = 12
ALMOST = 0.99
HUES = ((200, 40, 40), (230, 150, 30), (220, 210, 60), (60, 160, 70), (50, 150, 170),
        (50, 80, 180), (120, 60, 160), (128, 128, 128))  # fmt: skip


@dataclass
class ClaimTally:
    """How often a claim was tried, and where it failed."""

    tried: int = 0
    failed: list[str] = field(default_factory=list)

    def note(self, holds: bool, where: str) -> None:
        self.tried += 1
        if not holds:
            self.failed.append(where)


@dataclass(frozen=True, slots=True)
class ExplanationReport:
    """Each claim with how often it was tried and where it failed, over some pictures."""

    pictures: int
    claims: Mapping[str, ClaimTally]

    @property
    def failures(self) -> int:
        return sum(len(tally.failed) for tally in self.claims.values())

    def __str__(self) -> str:
        rows = [f"The explanations of {self.pictures} pictures, claim by claim:"]
        for name, tally in self.claims.items():
            verdict = f"{tally.tried} tried, {len(tally.failed) or 'none'} failed"
            rows.append(f"  {name:<15}{verdict:<28}{CLAIMS[name]}")
            rows += [f"      {where}" for where in tally.failed[:MOST_NAMED]]
            if len(tally.failed) > MOST_NAMED:
                rows.append(f"      and {len(tally.failed) - MOST_NAMED} more")
        return "\n".join(rows)


def evaluate_explanations(table: Table, directory: str | None) -> ExplanationReport:
    """Try every claim on the samples, on made pictures, and on all pictures of a folder.

    Raises UserError for a folder without pictures.
    """
    claims = {name: ClaimTally() for name in CLAIMS}
    count = 0
    for analysis in watched(pictures(directory), "trying explanations"):
        check(table, analysis, claims)
        count += 1
    return ExplanationReport(count, claims)


def pictures(directory: str | None) -> Iterator[Analysis]:
    """The folder's pictures, the samples and sixteen made ones, measured."""
    if directory is not None:
        try:
            files = sorted(path for path in Path(directory).iterdir() if path.is_file())
        except OSError as error:
            raise UserError(f"{directory} cannot be read: {error.strerror}.") from None
        found = 0
        for path in files:
            try:
                picture = load(str(path))
            except PictureError:
                continue  # ratings and notes lie beside the pictures
            found += 1
            yield analyse(picture, look=True)
        if not found:
            raise UserError(f"There is no picture in {directory}.", "Name a folder of pictures.")
    for name in SAMPLES:
        yield analyse(load(f"sample:{name}"), look=True)
    for name, pixels in made():
        yield analyse(load(pixels, name), look=True)


def made() -> Iterator[tuple[str, np.ndarray]]:
    """Plain, graded, striped and chequered pictures: the edges of what can be measured."""
    across = np.tile(np.linspace(0, 1, 240)[None, :, None], (180, 1, 1))
    rows, columns = np.indices((180, 240))
    for number, hue in enumerate(HUES):
        colour = np.array(hue)
        yield f"plain-{number + 1}", np.broadcast_to(colour, (180, 240, 3)).astype(np.uint8)
        pattern = (
            across,
            1 - across,
            (columns // 8 % 2)[:, :, None],
            (rows // 12 % 2)[:, :, None],
            ((rows // 20 + columns // 20) % 2)[:, :, None],
            ((rows + columns) // 15 % 2)[:, :, None],
            (np.hypot(rows - 90, columns - 120) < 60)[:, :, None],
            (rows < 70)[:, :, None] * across,
        )[number]
        other = np.array(HUES[(number + 3) % len(HUES)])
        yield f"pattern-{number + 1}", (colour * pattern + other * (1 - pattern)).astype(np.uint8)


def check(table: Table, analysis: Analysis, claims: Mapping[str, ClaimTally]) -> None:
    """Try every claim on one picture."""
    name = analysis.picture.name
    features = measured(analysis)
    decisions = decide(table, features)
    piece = compose_decided(analysis, table, decisions, Settings())
    text = to_json(explanation(piece))
    document: Explanation = json.loads(text)
    exact: dict[str, Any] = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    for decision, row in exact["decisions"].items():
        claims["sums"].note(_sums(row), f"{name}: {decision}")
    _without_rules(table, features, decisions, document, name, claims)
    _changed(table, features, decisions, name, claims)
    _stored(document, decisions, name, claims["stored"])
    wrong = misprints(document)
    claims["printed"].note(not wrong, f"{name}: {', '.join(wrong[:3])}")
    claims["proven"].note(*_proven(text, name))
    _told(of_notes(document), name, claims)
    _told(of_rules(document, stored(document)), name, claims)


def _told(tried: Tried, name: str, claims: Mapping[str, ClaimTally]) -> None:
    for claim, holds, where in tried:
        claims[claim].note(holds, f"{name}: {where}")


def _proven(text: str, name: str) -> tuple[bool, str]:
    """Does the independent checker accept a piece's JSON, and if not, why?"""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "piece.json"
        path.write_text(text, encoding="utf-8")
        try:
            prove(path)
        except (RefusedError, NoPieceError) as error:
            return False, f"{name}: {error}"
    return True, name


def _sums(row: Mapping[str, Any]) -> bool:
    def total(shares: Iterable[Mapping[str, Any]]) -> Decimal:
        return sum((share["amount"] for share in shares), Decimal(0))

    if row["kind"] == "number":
        return bool(total(row["shares"]) == row["value"])
    told = {row["value"]: row["shares"], **row["rivals"]}
    return all(total(shares) == row["votes"][choice] for choice, shares in told.items())


def _without_rules(
    table: Table,
    features: Mapping[str, float],
    decisions: Decisions,
    document: Explanation,
    name: str,
    claims: Mapping[str, ClaimTally],
) -> None:
    """Take out every rule, one after the other, and see which decisions are others then."""
    spoke = {decision: _spoke(row) for decision, row in document["decisions"].items()}
    led = {decision: _led_to(table, decision) for decision in table.decisions}
    for rule in table.rules:
        without = replace(table, rules=tuple(each for each in table.rules if each.id != rule.id))
        try:
            other = decide(without, features)
        except UserError:
            continue  # without it nothing is left to choose
        for decision, row in document["decisions"].items():
            same = other[decision].value == decisions[decision].value
            where = f"{name}: {decision} without {rule.id}"
            if row["decisive"] == rule.id:
                claims["decisive"].note(not same, where)
            if not any(rule.id in spoke[each] for each in (decision, *led[decision])):
                claims["no share"].note(same, where)


def _spoke(row: DecisionJson) -> set[str]:
    """The rules with a share in a decision, be it for a choice that lost."""
    rivals = row["rivals"] if row["kind"] == "choice" else {}
    shares = [*row["shares"], *(share for rival in rivals.values() for share in rival)]
    return {share["rule"] for share in shares if share["amount"]}


def _led_to(table: Table, name: str) -> set[str]:
    """The earlier decisions that a decision hangs on, however indirectly."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        question = table.decisions[waiting.pop()]
        before = {each for needs in (question.only or {}).values() for each in needs}
        if question.default is not None:
            before.add(question.default.by)
        if question.lasts is not None:
            before |= {"bars", "metre"}
        for rule in table.rules:
            if question.name in rule.adds or question.name in rule.votes:
                for leaf in leaves(rule.when):
                    if isinstance(leaf, Chosen):
                        before.add(leaf.decision)
                    else:
                        before.add(table.terms[leaf.term].feature)
        new = (before & set(table.decisions)) - found
        found |= new
        waiting += new
    return found


def _changed(
    table: Table,
    features: Mapping[str, float],
    decisions: Decisions,
    name: str,
    claims: Mapping[str, ClaimTally],
) -> None:
    """Change the picture as the counterfactuals say, wholly and by 99 %."""
    for decision in decisions:
        pairs = decision in WITH_PAIRS
        for found in counterfactuals(table, features, decisions, decision, pairs=pairs):
            where = f"{name}: {decision} by {' and '.join(c.feature for c in found.changes)}"
            whole = decide(table, _with(features, found, 1.0))[decision].value
            claims["counterfactual"].note(
                whole == found.after and _turned(table, decision, found.before, whole), where
            )
            _told(of_change(table, features, decisions, found), name, claims)
            less = decide(table, _with(features, found, ALMOST))[decision].value
            claims["99 %"].note(not _turned(table, decision, found.before, less), where)


def _with(
    features: Mapping[str, float], found: Counterfactual, share: float
) -> Mapping[str, float]:
    """The features with so much of the changes; hue takes the shorter way round its circle."""
    changed = dict(features)
    for change in found.changes:
        by = change.new - change.old
        if change.feature.startswith("colour.hue") and "concentration" not in change.feature:
            by = (by + 180) % 360 - 180
            changed[change.feature] = change.new if share == 1 else (change.old + share * by) % 360
        else:
            changed[change.feature] = change.new if share == 1 else change.old + share * by
    return changed


def _turned(table: Table, name: str, before: Decimal | str, after: Decimal | str) -> bool:
    """Another choice, or a number a tenth of its range away (of whole steps one, where that is
    more)."""
    if isinstance(before, str) or isinstance(after, str):
        return before != after
    question = table.decisions[name]
    return after != before and abs(after - before) >= max(
        (question.high - question.low) / 10, question.step or 0
    )


def _stored(document: Explanation, decisions: Decisions, name: str, tally: ClaimTally) -> None:
    """Decide again from the JSON alone, and compare with the run, share by share."""
    try:
        again = stored(document).decisions
    except UserError as error:
        tally.note(False, f"{name}: {error.message}")
        return
    for decision, made in decisions.items():
        row, other = document["decisions"][decision], again[decision]
        told = [(share["rule"], Decimal(repr(share["amount"]))) for share in row["shares"]]
        same = (
            other.value == made.value
            and other.runner_up == made.runner_up == row["runner_up"]
            and other.votes == made.votes
            and [(share.rule, share.amount) for share in other.shares] == told
            and [(share.rule, share.amount) for share in made.shares] == told
        )
        tally.note(same, f"{name}: {decision}")
