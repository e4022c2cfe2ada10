"""Are people answering as they did before: the population stability index of an item or a score."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.figures import Figure, Lack, no_figure

Floats = NDArray[np.float64]


def stability_index(before: Sequence[float], after: Sequence[float]) -> float:
    """Σ (q − p)·ln(q/p) over classes, p and q their shares before and after; zero when nothing moved.

    Half a case is added to each class on both sides, so that an empty class is rare and not infinitely far.

    >>> stability_index([10, 20, 30], [10, 20, 30])
    0.0
    >>> round(stability_index([100, 100], [150, 50]), 3)
    0.272
    """
    return float(_index(np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)))


def drift(
    before: Sequence[float],
    after: Sequence[float],
    *,
    edges: Sequence[float],
    seed: int,
    resamples: int = 400,
    level: float = 0.95,
) -> Figure:
    """The index of the values seen `before` and `after`, in classes cut at `edges` (a value on an edge is above it).

    `n` is the smaller side. The interval draws both sides again with `seed`; as the index cannot be negative, chance
    alone lifts it by about (classes − 1)(1/n₁ + 1/n₂), which is taken off each draw, not off the value.
    """
    n = min(len(before), len(after))
    if n < 2:
        return no_figure(Lack.TOO_FEW, n=n)
    first, last = _classes(before, edges), _classes(after, edges)
    value = float(_index(first, last))
    chance = np.random.default_rng(seed)
    p = chance.multinomial(len(before), first / first.sum(), size=resamples)
    q = chance.multinomial(len(after), last / last.sum(), size=resamples)
    lifted = (len(first) - 1) * (1 / len(before) + 1 / len(after))
    drawn = _index(p.astype(np.float64), q.astype(np.float64)) - lifted
    low, high = np.quantile(np.maximum(drawn, 0), [(1 - level) / 2, (1 + level) / 2])
    return Figure(
        value=value, low=min(float(low), value), high=max(float(high), value), n=n, level=level,
        method="bootstrap",
    )  # fmt: skip


def _classes(values: Sequence[float], edges: Sequence[float]) -> Floats:
    places = np.searchsorted(np.asarray(edges), np.asarray(values), side="right")
    return np.bincount(places, minlength=len(edges) + 1).astype(np.float64)


def _index(before: Floats, after: Floats) -> Floats:
    """Of counts, along their last axis."""
    p, q = _shares(before), _shares(after)
    found: Floats = ((q - p) * np.log(q / p)).sum(axis=-1)
    return found


def _shares(counts: Floats) -> Floats:
    raised = counts + 0.5
    found: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return found
