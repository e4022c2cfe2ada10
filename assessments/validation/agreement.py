"""How far several people who rate the same things agree: intraclass correlations and Krippendorff's alpha.

Rows are what is rated (a person, an answer), columns are raters; None is a rating that was not given.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import scipy  # its parts load when they are first used: they take two seconds
from numpy.typing import NDArray

from assessments.figures import Figure, Lack, no_figure
from assessments.values import Value

Ratings = Sequence[Sequence[float | None]]
Floats = NDArray[np.float64]


class Level(StrEnum):
    """What the distance between two ratings means: only different, further along an order, or a true distance."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


class Intraclass(Value):
    """The six intraclass correlations of Shrout and Fleiss (1979), for one rating and for the mean of `raters`.

    `one_way`: each subject has other raters; `two_way`: the raters stand for any raters (absolute agreement);
    `fixed`: these raters alone (consistency). `left_out` subjects lacked a rating.
    """

    raters: int
    left_out: int
    one_way: Figure
    two_way: Figure
    fixed: Figure
    one_way_mean: Figure
    two_way_mean: Figure
    fixed_mean: Figure


class _Squares(Value):
    """Mean squares of subjects by raters: between subjects, within, between raters, and what is left."""

    subjects: int
    raters: int
    between: float
    within: float
    judges: float
    error: float


def intraclass(ratings: Ratings, *, level: float = 0.95) -> Intraclass:
    """ICC(1,1), (2,1), (3,1) and their k forms with intervals from F (Shrout and Fleiss 1979, McGraw and Wong 1996).

    Only subjects that every rater rated are used. Fewer than two subjects or raters, or subjects that do not
    differ at all, give figures without a value; raters who never differ give 1 without an interval.

    >>> round(intraclass([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8]]).fixed.value, 3)
    0.673
    """
    whole = [row for row in ratings if all(value is not None for value in row)]
    table = np.array(whole, dtype=np.float64) if whole else np.empty((0, 0))
    raters = len(ratings[0]) if ratings else 0
    lack = _lack_of(table)
    if lack is not None:
        empty = no_figure(lack, n=len(whole))
        return _all_six(raters, len(ratings) - len(whole), [empty] * 6)
    squares = _squares(table)
    singles = [_one_way(squares, level), _two_way(squares, level), _fixed(squares, level)]
    figures = [*singles, *(_of_mean(one, raters) for one in singles)]
    return _all_six(raters, len(ratings) - len(whole), figures)


def _all_six(raters: int, left_out: int, figures: Sequence[Figure]) -> Intraclass:
    names = ("one_way", "two_way", "fixed", "one_way_mean", "two_way_mean", "fixed_mean")
    return Intraclass(raters=raters, left_out=left_out, **dict(zip(names, figures, strict=True)))


def _lack_of(table: Floats) -> Lack | None:
    if table.shape[0] < 2 or table.shape[1] < 2:
        return Lack.TOO_FEW
    return Lack.NO_VARIATION if np.ptp(table) == 0 else None


def _squares(table: Floats) -> _Squares:
    n, k = table.shape
    mean = table.mean()
    rows = k * float(((table.mean(axis=1) - mean) ** 2).sum())
    columns = n * float(((table.mean(axis=0) - mean) ** 2).sum())
    whole = float(((table - mean) ** 2).sum())
    # What rounding leaves below a billionth of the whole is no disagreement between raters.
    error = whole - rows - columns if whole - rows - columns > 1e-9 * whole else 0.0
    within = whole - rows if whole - rows > 1e-9 * whole else 0.0
    return _Squares(
        subjects=n,
        raters=k,
        between=rows / (n - 1),
        within=within / (n * (k - 1)),
        judges=columns / (k - 1),
        error=error / ((n - 1) * (k - 1)),
    )


def _one_way(squares: _Squares, level: float) -> Figure:
    n, k = squares.subjects, squares.raters
    return _from_ratio(squares, squares.within, level=level, freedom=(n - 1, n * (k - 1)))


def _fixed(squares: _Squares, level: float) -> Figure:
    n, k = squares.subjects, squares.raters
    return _from_ratio(squares, squares.error, level=level, freedom=(n - 1, (n - 1) * (k - 1)))


def _from_ratio(squares: _Squares, noise: float, *, level: float, freedom: tuple[int, int]) -> Figure:
    """(between − noise) / (between + (k − 1) noise), its interval from the F of their ratio."""
    n, k, between = squares.subjects, squares.raters, squares.between
    if noise == 0:
        return _without_noise(squares, level)
    tail = (1 - level) / 2
    low = between / noise / float(scipy.stats.f.isf(tail, *freedom))
    high = between / noise * float(scipy.stats.f.isf(tail, *reversed(freedom)))
    return Figure(
        value=(between - noise) / (between + (k - 1) * noise),
        low=(low - 1) / (low + k - 1),
        high=(high - 1) / (high + k - 1),
        n=n,
        level=level,
        method="F",
    )


def _without_noise(squares: _Squares, level: float) -> Figure:
    lack = Lack.NO_ERROR if squares.between > 0 else Lack.NO_VARIATION
    value = 1.0 if squares.between > 0 else None
    return Figure(value=value, n=squares.subjects, level=level, lack=lack)


def _two_way(squares: _Squares, level: float) -> Figure:
    """ICC(2,1); the interval uses the approximate degrees of freedom of Satterthwaite."""
    n, k = squares.subjects, squares.raters
    between, judges, error = squares.between, squares.judges, squares.error
    spread = between + (k - 1) * error + k * (judges - error) / n
    if error == 0 and judges == 0:
        return _without_noise(squares, level)
    if spread <= 1e-12 * (between + judges + error):
        return no_figure(Lack.NO_VARIATION, n=n)
    value = (between - error) / spread
    if error == 0:
        return Figure(value=value, n=n, level=level, lack=Lack.NO_ERROR)
    ratio, steady = judges / error, n * (1 + (k - 1) * value) - k * value
    above = (k - 1) * (n - 1) * (k * value * ratio + steady) ** 2
    below = (n - 1) * k**2 * value**2 * ratio**2 + steady**2
    if min(above, below) < 1e-12:
        return Figure(value=value, n=n, level=level, lack=Lack.NO_VARIATION)
    freedom, tail = above / below, (1 - level) / 2
    upper, lower = (
        float(scipy.stats.f.isf(tail, n - 1, freedom)),
        float(scipy.stats.f.isf(tail, freedom, n - 1)),
    )
    rest = k * judges + (k * n - k - n) * error
    return Figure(
        value=value,
        low=n * (between - upper * error) / (upper * rest + n * between),
        high=n * (lower * between - error) / (rest + n * lower * between),
        n=n,
        level=level,
        method="F",
    )


def _of_mean(single: Figure, raters: int) -> Figure:
    """Spearman and Brown: the same for the mean of all raters; value and interval alike."""
    return single.model_copy(
        update={name: _stepped_up(getattr(single, name), raters) for name in ("value", "low", "high")}
    )


def _stepped_up(value: float | None, raters: int) -> float | None:
    """k·r / (1 + (k − 1)·r), None at the pole −1/(k − 1) where raters disagree as far as they can."""
    if value is None:
        return None
    below = 1 + (raters - 1) * value
    return raters * value / below if abs(below) > 1e-12 else None


def krippendorff_alpha(
    ratings: Ratings, *, level: Level, seed: int, resamples: int = 1000, confidence: float = 0.95
) -> Figure:
    """Krippendorff's alpha (2011) with missing ratings allowed; `n` counts the rows rated at least twice.

    The interval is the percentile bootstrap over rows with the given seed: the same input gives the same interval.
    A row with one rating says nothing of agreement and is left out. No two different values anywhere: no figure.

    >>> krippendorff_alpha([[1, 1], [2, 2], [3, None], [1, 2]], level=Level.NOMINAL, seed=1, resamples=50).n
    3
    """
    counts, values = _counts(ratings)
    if not len(counts):
        return no_figure(Lack.NO_PAIRS, n=0)
    value = _alpha_of(counts, values, np.ones(len(counts)), level)
    if value is None:
        return no_figure(Lack.NO_VARIATION, n=len(counts))
    if len(counts) < 2:
        return Figure(value=value, n=len(counts), lack=Lack.TOO_FEW)
    chance = np.random.default_rng(seed)
    share = np.full(len(counts), 1 / len(counts))
    drawn = chance.multinomial(len(counts), share, size=resamples)
    found = [_alpha_of(counts, values, weights.astype(np.float64), level) for weights in drawn]
    known = [one for one in found if one is not None]
    low, high = np.quantile(known or [value], [(1 - confidence) / 2, (1 + confidence) / 2])
    return Figure(
        value=value, low=float(low), high=float(high), n=len(counts), level=confidence, method="bootstrap"
    )


def _counts(ratings: Ratings) -> tuple[Floats, Floats]:
    """How often each value came in each row that has a pair, and the values in order."""
    pairable = [given for row in ratings if len(given := [one for one in row if one is not None]) > 1]
    values = np.unique(np.array([one for row in pairable for one in row], dtype=np.float64))
    counts = np.zeros((len(pairable), len(values)))
    for at, row in enumerate(pairable):
        np.add.at(counts[at], np.searchsorted(values, row), 1)
    return counts, values


def _alpha_of(counts: Floats, values: Floats, weights: Floats, level: Level) -> float | None:
    """1 − observed over expected disagreement, each row counted `weights` times."""
    shares = weights / (counts.sum(axis=1) - 1)
    pairs = (counts.T * shares) @ counts
    pairs[np.diag_indices_from(pairs)] -= shares @ counts
    totals = pairs.sum(axis=1)
    apart = _distances(values, totals, level)
    expected = float(totals @ apart @ totals)
    if expected <= 0:
        return None
    return 1 - (float(totals.sum()) - 1) * float((pairs * apart).sum()) / expected


def _distances(values: Floats, totals: Floats, level: Level) -> Floats:
    """The squared distance of every two values; ordinal ones are as far apart as there are ratings between them."""
    if level is Level.NOMINAL:
        return 1 - np.eye(len(values))
    places = values if level is Level.INTERVAL else np.cumsum(totals) - totals / 2
    apart: Floats = (places[:, None] - places[None, :]) ** 2
    return apart
