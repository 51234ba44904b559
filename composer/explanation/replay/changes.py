"""A change of the picture: what of a table it reaches, what it turns, and how that is said.

`if the picture were 12 % less colourful …`: a counterfactual in the picture's own words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from importlib.resources import files

import yaml

from analysis.picture.catalogue import CATALOGUE
from analysis.picture.content.words import words
from composer.explanation.layout import listed, music, percent
from composer.table import MappingRule, Question, Table
from composer.table.conditions import PLACE, Chosen, leaves

# Features that measure how much of something there is: of these a change can be told in per cent.
AMOUNTS = (
    "colour.chroma",
    "colour.saturation",
    "colour.colourfulness",
    "light.lightness",
    "light.contrast",
    "texture.edge_density",
    "texture.roughness",
    "texture.grain",
    "layout.openness",
)
_WORDS = {word.feature: word for word in words().values()}
HUE, CIRCLE = "colour.hue", 360.0
WITH = "with "  # of what a picture has, and not is
LEAST_SHOWN = 0.005  # a change of less than half a per cent is told in figures alone


@dataclass(frozen=True, slots=True)
class Change:
    """A feature that is other than it was; `size` is the change as a share of its spread, which is
    what lies between the outer twentieths of photographs. `more` are places that its numbers are
    printed with beyond the usual ones, so that what is printed turns what the change turns."""

    feature: str
    old: float
    new: float
    size: float
    more: int = 0


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A replay: with these changes, and all else as it is, the decision comes out as `after`.

    `size` is the sum of the changes' sizes.
    """

    decision: str
    before: Decimal | str
    after: Decimal | str
    changes: tuple[Change, ...]
    size: float


@cache
def comparatives() -> Mapping[str, tuple[str, str]]:
    """Feature -> how a picture is with less and with more of it."""
    text = (files("composer") / "explanation" / "replay" / "comparatives.yaml").read_text(
        encoding="utf-8"
    )
    found = {name: (less, more) for name, (less, more) in yaml.safe_load(text).items()}
    signs = {
        word.feature: (f"with less sign of {word.says}", f"with more sign of {word.says}")
        for word in words().values()
    }
    return found | signs


def sentence(found: Counterfactual, unit: str = "") -> str:
    """The whole of it, as `if the picture were 12 % less colourful (33.5, not 38.1), mode would
    be aeolian`; `unit` is the decision's."""
    name = found.decision.replace("_", " ")
    after = found.after if isinstance(found.after, str) else f"{float(found.after):g} {unit}"
    return f"if {changes(found.changes)}, {name} would be {music(after.strip())}"


def changes(made: Sequence[Change]) -> str:
    """The changes alone: `the picture were darker (24, not 31 L*)`."""
    said = []
    for whose, name in _wholes(made).items():
        found = [_told(change) for change in made if change.feature.partition(" in ")[2] == whose]
        were = [words for words in found if not words.startswith(WITH)]
        had = [words.removeprefix(WITH) for words in found if words.startswith(WITH)]
        parts = [f"were {listed(were)}"] * bool(were) + [f"had {listed(had)}"] * bool(had)
        said.append(f"{name} {' and '.join(parts)}")
    return listed(said)


def _wholes(made: Sequence[Change]) -> dict[str, str]:
    """What the changes are of: the picture, or regions of it by name."""
    regions = dict.fromkeys(change.feature.partition(" in ")[2] for change in made)
    return {region: f"its {region}" if region else "the picture" for region in regions}


def _told(change: Change) -> str:
    feature = change.feature.partition(" in ")[0]
    if change.new == 0 and (word := _WORDS.get(feature)) is not None:
        return f"{WITH}no sign of {word.says} ({change.new:g}, not {change.old:g})"
    less, more = comparatives()[feature]
    unit = "" if feature in PLACE else CATALOGUE[feature].unit
    how = more if change.new > change.old else less
    if feature in AMOUNTS and change.old > 0:
        share = abs(change.new - change.old) / change.old
        if LEAST_SHOWN <= share <= 1:
            how = f"{percent(share)} {how}"
    scale, mark = (100, " %") if unit == "share" else (1, "" if unit == "score" else f" {unit}")
    new, old = figures(change, scale)
    return f"{how} ({new}{' %' * (scale > 1)}, not {old}{mark})".replace(" )", ")")


def printed(change: Change) -> float:
    """The new value as it is printed."""
    feature = change.feature.partition(" in ")[0]
    share = feature in CATALOGUE and CATALOGUE[feature].unit == "share"
    scale = 100 if share else 1
    return float(figures(change, scale)[0].replace("−", "-")) / scale


def figures(change: Change, scale: int = 1) -> tuple[str, str]:
    """The feature's new and old value with as many places as show two figures of their difference,
    times `scale`; the new one rounded on, so that the very number printed turns the decision."""
    new, old = scale * Decimal(repr(change.new)), scale * Decimal(repr(change.old))
    far = abs(new - old)
    places = min(12, max(0, 1 + change.more - far.adjusted())) if far else 2
    up = change.new > change.old
    if change.feature.partition(" in ")[0] == HUE:
        up = (change.new - change.old) % CIRCLE < CIRCLE / 2
    one = Decimal(1).scaleb(-places)
    told = new.quantize(one, ROUND_CEILING if up else ROUND_FLOOR)
    return f"{told:f}".replace("-", "−"), f"{old.quantize(one):f}".replace("-", "−")


def earlier(table: Table, question: Question) -> Iterator[str]:
    """Names of decisions and features that a decision looks at, rules and conditions both."""
    for rule in table.rules_of[question.name]:
        yield from looked_at(table, rule)
    for needs in (question.only or {}).values():
        yield from needs
    if question.default is not None:
        yield question.default.by
    if question.lasts is not None:
        yield from ("bars", "metre")


def looked_at(table: Table, rule: MappingRule) -> Iterator[str]:
    """Names of the features (those of regions too) and decisions in a rule's condition."""
    for leaf in leaves(rule.when):
        yield leaf.decision if isinstance(leaf, Chosen) else table.terms[leaf.term].key


def part_for(table: Table, name: str) -> Table:
    """The least table that makes one decision as the whole does: it, and all that lead to it."""
    wanted: set[str] = set()
    waiting = [name]
    while waiting:
        found = waiting.pop()
        if found in table.decisions and found not in wanted:
            wanted.add(found)
            waiting += earlier(table, table.decisions[found])
    rules = tuple(
        replace(
            rule,
            adds={each: rule.adds[each] for each in rule.adds if each in wanted},
            votes={each: rule.votes[each] for each in rule.votes if each in wanted},
        )
        for rule in table.rules
        if any(each in wanted for each in (*rule.adds, *rule.votes))
    )
    used = {leaf.term for r in rules for leaf in leaves(r.when) if not isinstance(leaf, Chosen)}
    return replace(
        table,
        terms={each: term for each, term in table.terms.items() if each in used},
        decisions={each: asked for each, asked in table.decisions.items() if each in wanted},
        rules=rules,
    )


@dataclass(frozen=True, slots=True)
class Reached:
    """What of a table may come out otherwise when some features do, in the table's order."""

    terms: frozenset[str]
    rules: frozenset[str]
    decisions: frozenset[str]


def reach(table: Table, features: Collection[str], fixed: Collection[str] = ()) -> Reached:
    """What the features reach; `fixed` are decisions that a user has made."""
    moved = set(features)
    for name, question in table.decisions.items():
        if name not in fixed and not moved.isdisjoint(earlier(table, question)):
            moved.add(name)
    return Reached(
        frozenset(name for name, term in table.terms.items() if term.key in moved),
        frozenset(rule.id for rule in table.rules if not moved.isdisjoint(looked_at(table, rule))),
        frozenset(moved & set(table.decisions)),
    )
