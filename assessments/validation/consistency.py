"""How often a second sitting would put people on the same side of a cut: Livingston and Lewis (1995)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy  # its parts load when they are first used: they take two seconds
from numpy.typing import NDArray
from pydantic import Field

from assessments.figures import Figure, Finite, Lack, no_figure
from assessments.values import Value

Floats = NDArray[np.float64]

POINTS = 800
POINTS_OF_A_DRAW = 100
LONGEST = 2_000
"""An effective length beyond this tells nothing more, and costs time."""


class Consistency(Value):
    """One cut of one score: `agreement` is the share of people that two sittings would put on the same side (P₀),
    `kappa` the same beyond chance, `accuracy` the share put on the side where their true score is.

    `borderline` of the `n` people stand within one standard error of the cut.
    """

    cut: Finite
    reliability: Finite
    effective_length: int = Field(ge=0)
    agreement: Figure
    kappa: Figure
    accuracy: Figure
    borderline: int = Field(ge=0)
    n: int = Field(ge=0)


class _Split(Value):
    """The three shares at one cut."""

    agreement: float
    kappa: float | None
    accuracy: float


def decision_consistency(
    scores: Sequence[float],
    *,
    cut: float,
    reliability: float,
    ends: tuple[float, float],
    seed: int,
    resamples: int = 200,
    level: float = 0.95,
) -> Consistency:
    """What a cut does to people whose scores have this `reliability`; being on the cut is being above it.

    Livingston and Lewis: the score is taken as a test of ñ = ((μ − min)(max − μ) − r·σ²)/(σ²(1 − r)) equal items, true
    scores as a beta distribution of four parameters by their first four moments (two on 0 to 1 where four do
    not fit), two sittings as binomial and independent given the true score. The intervals are the
    percentile bootstrap over people with the reliability held as it is, so they are rather too narrow.
    """
    known = np.asarray(scores, dtype=np.float64)
    low, high = ends
    shares = (known - low) / (high - low)
    length = _effective_length(shares, reliability)
    error = float(np.std(known, ddof=1)) * (max(0.0, 1 - reliability) ** 0.5) if len(known) > 1 else 0.0
    near = int((np.abs(known - cut) <= error).sum()) if error else 0
    if isinstance(length, Lack):
        nothing = no_figure(length, n=len(known))
        return Consistency(
            cut=cut, reliability=reliability, effective_length=0, agreement=nothing, kappa=nothing,
            accuracy=nothing, borderline=near, n=len(known),
        )  # fmt: skip
    place = (cut - low) / (high - low)
    found = _split(shares, place, length, POINTS)
    drawn = _draws(shares, place, reliability, seed=seed, resamples=resamples)
    figures = {
        name: _figure(getattr(found, name), [getattr(one, name) for one in drawn], n=len(known), level=level)
        for name in ("agreement", "kappa", "accuracy")
    }
    return Consistency(
        cut=cut, reliability=reliability, effective_length=length, borderline=near, n=len(known), **figures
    )


def _effective_length(shares: Floats, reliability: float) -> int | Lack:
    """How many equal items of one point would be as reliable as this score; scores as shares of the range."""
    if len(shares) < 2:
        return Lack.TOO_FEW
    mean, variance = float(shares.mean()), float(shares.var(ddof=1))
    if variance <= 1e-12:
        return Lack.NO_VARIATION
    if reliability <= 0:
        return Lack.NEGATIVE
    if reliability >= 1:
        return Lack.NO_ERROR
    length = (mean * (1 - mean) - reliability * variance) / (variance * (1 - reliability))
    return min(LONGEST, max(1, round(length)))


def _split(shares: Floats, place: float, length: int, points: int) -> _Split:
    true = _true_scores(shares, length, points)
    needed = int(np.floor(place * length + 0.5))
    above = scipy.stats.binom.sf(needed - 1, length, true)
    agreement = float(np.mean(above**2 + (1 - above) ** 2))
    share = float(above.mean())
    by_chance = share**2 + (1 - share) ** 2
    is_above = true >= place
    return _Split(
        agreement=agreement,
        kappa=(agreement - by_chance) / (1 - by_chance) if by_chance < 1 - 1e-12 else None,
        accuracy=float(np.mean(np.where(is_above, above, 1 - above))),
    )


def _true_scores(shares: Floats, length: int, points: int) -> Floats:
    """Evenly likely true scores: the middle of each of `points` equal parts of the fitted distribution."""
    middles = (np.arange(points) + 0.5) / points
    moments = _true_moments(shares, length)
    four = _beta_of_four(moments) if length >= 4 else None
    low, high, first, second = four or _beta_of_two(moments)
    found: Floats = low + (high - low) * scipy.stats.beta.ppf(middles, first, second)
    return np.clip(found, 0, 1)


def _true_moments(shares: Floats, length: int) -> Floats:
    """The first four moments about zero of the true scores, from falling factorials of the scores (Lord 1965)."""
    points = shares * length
    falling, whole, found = np.ones_like(points), 1.0, []
    for step in range(min(4, length)):
        falling, whole = falling * (points - step), whole * (length - step)
        found.append(float(falling.mean()) / whole)
    return np.array(found)


def _beta_of_four(moments: Floats) -> tuple[float, float, float, float] | None:
    """Bounds and shape of the beta with these four moments (Hanson 1991); None where no such beta lies in 0 to 1."""
    mean, second, third, fourth = moments
    variance = second - mean**2
    if variance <= 1e-9:
        return None
    skew = (third - 3 * mean * second + 2 * mean**3) / variance**1.5
    peak = (fourth - 4 * mean * third + 6 * mean**2 * second - 3 * mean**4) / variance**2
    below = 6 + 3 * skew**2 - 2 * peak
    if abs(below) < 1e-12:
        return None
    both = 6 * (peak - skew**2 - 1) / below
    inner = (both + 2) * (both + 3) * peak - 3 * (both + 6) * (both + 1)
    inside = 1 - 24 * (both + 1) / inner if inner else -1.0
    if both <= 0 or inside < 0:
        return None
    larger, smaller = both / 2 * (1 + inside**0.5), both / 2 * (1 - inside**0.5)
    first, last = (smaller, larger) if skew > 0 else (larger, smaller)
    if first <= 0 or last <= 0:
        return None
    stretch = (variance * (both + 1)) ** 0.5 / (first * last) ** 0.5
    low, high = mean - first * stretch, mean + last * stretch
    return (low, high, first, last) if low >= 0 and high <= 1 else None


def _beta_of_two(moments: Floats) -> tuple[float, float, float, float]:
    """The beta on 0 to 1 with this mean and variance; what cannot spread at all is taken as one point."""
    mean = float(np.clip(moments[0], 1e-6, 1 - 1e-6))
    variance = float(moments[1] - moments[0] ** 2) if len(moments) > 1 else 0.0
    variance = float(np.clip(variance, 1e-9, 0.999 * mean * (1 - mean)))
    both = mean * (1 - mean) / variance - 1
    return 0.0, 1.0, mean * both, (1 - mean) * both


def _draws(
    shares: Floats, place: float, reliability: float, *, seed: int, resamples: int
) -> tuple[_Split, ...]:
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(resamples):
        people = shares[chance.integers(0, len(shares), len(shares))]
        length = _effective_length(people, reliability)
        if not isinstance(length, Lack):
            found.append(_split(people, place, length, POINTS_OF_A_DRAW))
    return tuple(found)


def _figure(value: float | None, drawn: Sequence[Any], *, n: int, level: float) -> Figure:
    if value is None:
        return no_figure(Lack.NO_VARIATION, n=n)
    known = [one for one in drawn if one is not None]
    if not known:
        return Figure(value=value, n=n, level=level)
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    # The draws are coarser than the value itself: an interval that misses it is widened to it.
    return Figure(
        value=value, low=min(float(low), value), high=max(float(high), value), n=n, level=level,
        method="bootstrap",
    )  # fmt: skip
