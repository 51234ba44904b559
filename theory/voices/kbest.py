"""The k cheapest ways through a row of stages, exactly: dynamic programming with k messages.

Pure arithmetic; what the costs stand for is the caller's (Lawler 1972; Viterbi with lists).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.int64]]


def k_best(
    own: Sequence[Array], steps: Sequence[Array], many: int, banned: int
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """At most `many` cheapest paths, cheapest first, as (cost, one number for each stage).

    own: for each stage the cost of each of its choices, (n_k,). steps: between stages the cost of
    each step, (n_k, n_k+1); a cost of `banned` or more is no way at all. Equal costs come in the
    order of the search, always the same. Raises ValueError for `many` under 1.
    """
    if many < 1:
        raise ValueError(f"many must be at least 1, not {many}")
    # For each choice its cheapest ways in rising order, (n, k); what is missing is `banned`.
    costs = own[0][:, None].astype(np.int64)
    back: list[Array] = []
    for table, price in zip(steps, own[1:], strict=True):
        rows, ways = costs.shape
        through = (costs[:, :, None] + table[:, None, :]).reshape(rows * ways, -1)
        through[(np.repeat(table, ways, axis=0) >= banned) | (through >= banned)] = banned
        kept = min(many, rows * ways)
        order = np.argsort(through, axis=0, kind="stable")[:kept]
        back.append(order.T)
        costs = np.take_along_axis(through, order, axis=0).T
        costs = np.where(costs >= banned, banned, costs + price[:, None])
    flat = costs.reshape(-1)
    found = []
    for end in np.argsort(flat, kind="stable")[:many].tolist():
        if flat[end] >= banned:
            break
        number, way = divmod(end, costs.shape[1])
        path = [number]
        # `back` numbers (choice, way) of the stage before as choice × ways + way.
        for stage in range(len(back) - 1, -1, -1):
            ways = back[stage - 1].shape[1] if stage else 1
            number, way = divmod(int(back[stage][number, way]), ways)
            path.append(number)
        found.append((int(flat[end]), tuple(reversed(path))))
    return tuple(found)
