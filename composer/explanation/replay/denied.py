"""What would be decided if a thing that the picture shows were not seen: one replay a thing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from analysis.picture.content.words import words
from composer.explanation.features import OF_A_WORD
from composer.explanation.replay.changes import Change, Counterfactual
from composer.explanation.shown import MAYBE
from composer.table import Decisions, Question, Table, decide

# A number that moves by less than this share of its range is hardly another.
MOVED = Decimal("0.1")


def unseen(
    table: Table,
    features: Mapping[str, float],
    decisions: Decisions,
    name: str,
    to: str | None = None,
) -> tuple[Counterfactual, ...]:
    """For each thing that may be named, and without which the decision `name` comes out otherwise
    (as `to`, if given), that replay.

    The thing is taken from the whole picture and from all its regions; decisions that the user made
    stay as they are. A number comes out otherwise where it moves by a tenth of its range.
    """
    heard = {term.feature for term in table.terms.values()}
    yours = {
        each: str(made.value)
        for each, made in decisions.items()
        if any(share.rule == "you" for share in made.shares)
    }
    found = []
    for word in words().values():
        seen = features.get(word.feature, 0.0)
        if seen < MAYBE or word.feature not in heard or name in yours:
            continue
        without = {
            key: 0.0 if key.partition(" in ")[0] == word.feature else value
            for key, value in features.items()
        }
        before, after = decisions[name].value, decide(table, without, yours)[name].value
        if _turned(table.decisions[name], before, after) and to in (None, after):
            change = Change(word.feature, seen, 0.0, seen / OF_A_WORD)
            found.append(Counterfactual(name, before, after, (change,), change.size))
    return tuple(found)


def _turned(asked: Question, before: Decimal | str, after: Decimal | str) -> bool:
    if isinstance(before, str) or isinstance(after, str):
        return before != after
    return after != before and abs(after - before) >= MOVED * (asked.high - asked.low)
