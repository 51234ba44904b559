"""What a replay finds: a changed picture, and the decision that it would have led to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Change:
    """A feature that is other than it was; `size` is the change as a share of its spread, which is
    what lies between the outer twentieths of photographs."""

    feature: str
    old: float
    new: float
    size: float


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
