"""Prices of seats that prove a placing to be the best, found from the placing itself."""

import numpy as np
from numpy.typing import NDArray

from assessments.allocation.edges import Edges, Whole

_NEVER = np.iinfo(np.int64).min // 4


def prices_of(edges: Edges, chosen: Whole) -> Whole | None:
    """A price for one seat of each programme, or None when the placing is not the best.

    Nobody would then do better elsewhere at these prices: whoever is placed gains there at least what any other
    programme, or none, would leave; seats that stay free cost nothing. Such prices are longest ways in a graph of
    programmes and nowhere (the last node): from j to k leads the largest `value at k - value at j` of anybody at j.
    """
    ways = _ways(edges, chosen)
    most = int(edges.value.max(initial=0))
    # Far below any real price, so that a programme nobody wants to leave for is free to take what the others leave.
    prices = np.full(edges.programmes + 1, -(most + 1) * (edges.programmes + 2), dtype=np.int64)
    prices[-1] = 0
    for _ in range(edges.programmes + 2):
        further = (prices[:, None] + ways).max(axis=0)
        if np.array_equal(further, prices):
            return prices[:-1] if prices[-1] == 0 else None
        prices = further
    return None


def _ways(edges: Edges, chosen: Whole) -> NDArray[np.int64]:
    """The largest gain of moving one person from a programme (or nowhere) to another (or nowhere)."""
    nowhere = edges.programmes
    home = np.full(edges.people, nowhere, dtype=np.int64)
    home[edges.person[chosen]] = edges.programme[chosen]
    held = np.zeros(edges.people, dtype=np.int64)
    held[edges.person[chosen]] = edges.value[chosen]
    size = nowhere + 1
    ways = np.full(size * size, _NEVER, dtype=np.int64)
    np.maximum.at(ways, home[edges.person] * size + edges.programme, edges.value - held[edges.person])
    np.maximum.at(ways, home * size + nowhere, -held)
    table = ways.reshape(size, size)
    filled = np.bincount(edges.programme[chosen], minlength=nowhere)
    # A free seat costs nothing or less, and one above the least number nothing or more.
    has_free, has_spare = filled < edges.seats, filled > edges.seats_min
    table[:nowhere, nowhere][has_free] = np.maximum(table[:nowhere, nowhere][has_free], 0)
    table[nowhere, :nowhere][has_spare] = np.maximum(table[nowhere, :nowhere][has_spare], 0)
    np.fill_diagonal(table, 0)
    return table


def bound_by(edges: Edges, prices: Whole) -> int:
    """What no placing can be worth more than, at these prices; equal to what the best one is worth."""
    gains = np.zeros(edges.people, dtype=np.int64)
    np.maximum.at(gains, edges.person, edges.value - prices[edges.programme])
    sold = np.where(prices > 0, edges.seats, edges.seats_min) * prices
    return int(gains.sum() + sold.sum())
