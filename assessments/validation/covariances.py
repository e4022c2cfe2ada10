"""Every mean, spread and covariance of many people's answers in one pass over them, missing answers allowed.

The cost of item figures is the reading of the answers, not the algebra after it: one pass gathers counts, sums and
products of every pair of items, and all else (an item left out, a key turned round, people drawn again) follows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Answers = NDArray[Any]
"""People by items: floats where NaN is missing, or whole numbers with one of them (`missing`) for no answer."""

ROWS_AT_ONCE = 4096
EXACT_IN_FLOAT32 = 2**24


class Deletion(StrEnum):
    """What a missing answer takes with it: only the pairs it is part of, or the person's whole row."""

    PAIRWISE = "pairwise"
    LISTWISE = "listwise"


@dataclass(frozen=True)
class Moments:
    """Counts, sums and products of every pair of items, by group of people: arrays of groups x items x items.

    `sums[g, i, j]` adds item i over the people who answered i and j. Sums and products are taken about `centre`.
    `answered` people gave at least one answer (all of them when `deletion` is listwise).
    """

    counts: Floats
    sums: Floats
    products: Floats
    centre: float
    answered: int
    deletion: Deletion

    @property
    def groups(self) -> int:
        return len(self.counts)

    def whole(self) -> "Moments":
        """All groups as one."""
        return self.weighted(np.ones((1, self.groups)))

    def weighted(self, weights: Floats) -> "Moments":
        """Each group counted as often as a row of `weights` (draws x groups) says: one new group per draw."""
        return Moments(
            counts=np.tensordot(weights, self.counts, axes=1),
            sums=np.tensordot(weights, self.sums, axes=1),
            products=np.tensordot(weights, self.products, axes=1),
            centre=self.centre,
            answered=self.answered,
            deletion=self.deletion,
        )

    def means(self) -> Floats:
        """Each item's mean over all who answered it: groups x items; NaN where nobody did."""
        counts = np.diagonal(self.counts, axis1=1, axis2=2)
        sums = np.diagonal(self.sums, axis1=1, axis2=2)
        with np.errstate(invalid="ignore", divide="ignore"):
            means: Floats = sums / counts + self.centre
        return means

    def covariances(self) -> Floats:
        """Groups x items x items, each pair over the people who answered both (divisor n − 1); NaN under two."""
        with np.errstate(invalid="ignore", divide="ignore"):
            crossed = self.sums * np.swapaxes(self.sums, 1, 2) / self.counts
            found: Floats = (self.products - crossed) / (self.counts - 1)
        return np.where(self.counts > 1, found, np.nan)


def gather(
    answers: Answers,
    *,
    deletion: Deletion,
    missing: int | None = None,
    order: NDArray[np.intp] | None = None,
    groups: int = 1,
) -> Moments:
    """The moments of `answers` in one pass, a few thousand rows at a time; the answers are never copied whole.

    Whole numbers of a small range are multiplied as float32, where every sum of a block is exact, and added up as
    float64. `order` (a permutation of the rows) is cut into `groups` parts of near equal size.
    """
    items = answers.shape[1]
    centre, kind = _frame(answers, missing)
    counts, sums, products = (np.zeros((groups, items, items)) for _ in range(3))
    answered = 0
    for group, rows in _blocks(len(answers), order, groups):
        values, present = _values(answers[rows], missing, centre=centre, kind=kind)
        if present is not None and deletion is Deletion.LISTWISE:
            values, present = values[present.all(axis=1)], None
        products[group] += values.T @ values
        if present is None:
            answered += len(values)
            counts[group] += len(values)
            sums[group] += (np.ones(len(values), kind) @ values)[:, None]
        else:
            answered += int(present.any(axis=1).sum())
            here = present.astype(kind)
            counts[group] += here.T @ here
            sums[group] += values.T @ here
    return Moments(counts, sums, products, centre, answered, deletion)


def _frame(answers: Answers, missing: int | None) -> tuple[float, type[np.floating[Any]]]:
    """What is subtracted from every answer, and the float type that holds the sums of a block exactly."""
    if not answers.size:
        return 0.0, np.float64
    if not np.issubdtype(answers.dtype, np.integer):
        known = answers[:ROWS_AT_ONCE]
        known = known[np.isfinite(known)]
        return (float(np.median(known)) if known.size else 0.0), np.float64
    low, high = int(answers.min()), int(answers.max())
    if missing is not None and low <= missing <= high:
        # Only the edge of the range can be the mark of a missing answer without costing a second reading.
        low, high = (missing + 1, high) if missing == low else (low, high)
    centre = (low + high) // 2
    widest = max(high - centre, centre - low, 1)
    return float(centre), (np.float32 if widest**2 * ROWS_AT_ONCE < EXACT_IN_FLOAT32 else np.float64)


def _blocks(rows: int, order: NDArray[np.intp] | None, groups: int) -> Iterator[tuple[int, Any]]:
    edges = np.linspace(0, rows, groups + 1).astype(np.intp)
    for group in range(groups):
        for start in range(edges[group], edges[group + 1], ROWS_AT_ONCE):
            part = slice(start, min(start + ROWS_AT_ONCE, edges[group + 1]))
            yield group, part if order is None else order[part]


def _values(
    block: Answers, missing: int | None, *, centre: float, kind: type[np.floating[Any]]
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """The block about the centre with zero for what is missing, and where there are answers (None: everywhere)."""
    is_whole = np.issubdtype(block.dtype, np.integer)
    absent = np.isnan(block) if not is_whole else None if missing is None else block == missing
    values = np.subtract(block, kind(centre), dtype=kind)
    if absent is None or not absent.any():
        return values, None
    values[absent] = 0
    return values, ~absent
