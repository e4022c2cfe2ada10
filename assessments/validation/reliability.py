"""How much of a scale's score is signal: alpha, omega, standard error of measurement, and each item's part in it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import scipy  # its parts load when they are first used: they take two seconds
from numpy.typing import NDArray
from pydantic import Field

from assessments.figures import Figure, Finite, Lack, no_figure
from assessments.validation.covariances import Answers, Deletion, Floats, Moments, gather
from assessments.values import Value

MOST_GROUPS = 400
DRAWS_AT_ONCE = 100
LARGEST_LOADING = 0.995**0.5
"""The bound of R psych: no item keeps less than half a hundredth of its own."""


class Remark(StrEnum):
    """What a reader of the figures must know about them."""

    REVERSED_ITEM = "reversed_item"
    CONSTANT_ITEM = "constant_item"
    NEGATIVE_ALPHA = "negative_alpha"
    TWO_ITEMS = "two_items"
    FEW_CASES = "few_cases"
    FEWER_CASES_THAN_ITEMS = "fewer_cases_than_items"
    MANY_MISSING = "many_missing"


class Note(Value):
    """One remark, and the items it is about when it is about some."""

    remark: Remark
    items: tuple[str, ...] = ()


class ItemFigures(Value):
    """One item: over the `n` people who answered it, `missing` did not.

    `item_rest` is its correlation with the sum of the other items, `alpha_if_deleted` the scale's alpha without it;
    None where the item or the rest does not vary, where fewer than two items would remain, or where the pairs
    contradict each other.
    """

    item: str
    is_reversed: bool
    n: int
    missing: int
    mean: Finite | None
    sd: Finite | None
    item_rest: Finite | None
    alpha_if_deleted: Finite | None


class Reliability(Value):
    """One scale's figures over `n` people. `mean`, `sd` and `sem` are of the sum of its items, in their points.

    `n` counts who answered anything (pairwise) or everything (listwise); `n_least` is the smallest number of people
    behind any pair of items, and what the interval of alpha counts with.
    """

    scale: str
    n: int
    n_least: int
    deletion: Deletion
    alpha: Figure
    standardised_alpha: Finite | None
    omega: Figure
    mean: Finite | None
    sd: Finite | None
    sem: Finite | None = Field(description="sd · √(1 − alpha)")
    items: tuple[ItemFigures, ...]
    notes: tuple[Note, ...]


def reliability(
    answers: Answers,
    *,
    scale: str,
    items: Sequence[str],
    reverse: Sequence[str] = (),
    ends: tuple[float, float] | None = None,
    deletion: Deletion = Deletion.PAIRWISE,
    missing: int | None = None,
    seed: int = 0,
    resamples: int = 500,
    level: float = 0.95,
) -> Reliability:
    """The figures of one scale from `answers` (people x items, in the order of `items`).

    alpha = k/(k−1)·(1 − Σσᵢ²/σ²) with the interval of Feldt (1965). omega = (Σλ)²/((Σλ)² + Σ(1 − λ²)) with the
    loadings λ of one factor by minimum residuals on the correlations (at most √.995, as R psych); its interval is
    the percentile bootstrap of `resamples` draws with `seed`: people, or 400 random groups of them when there are
    more. `resamples=0` leaves that interval out. A reversed item's mean is mirrored within `ends`
    (low, high), or within what was observed.

    >>> import numpy as np
    >>> answers = np.array([[1, 2, 1], [2, 2, 3], [4, 3, 4], [5, 5, 4]])
    >>> round(reliability(answers, scale="s", items=["a", "b", "c"]).alpha.value, 4)
    0.931
    """
    whole = gather(answers, deletion=deletion, missing=missing).whole()
    signs = np.array([-1.0 if item in reverse else 1.0 for item in items])
    covariances = whole.covariances()[0] * np.outer(signs, signs)
    people = len(answers) if deletion is Deletion.PAIRWISE else whole.answered
    if reverse and ends is None:
        ends = observed_ends(answers, missing=missing)
    rows = _item_figures(whole, covariances, items=items, signs=signs, ends=ends or (0, 0), people=people)
    total = _total_variance(covariances)
    least = int(whole.counts.min()) if whole.counts.size else 0
    alpha = _alpha_figure(covariances, n=least, level=level)
    omega = _omega_figure(
        answers, covariances, signs=signs, missing=missing, whole=whole, least=least,
        seed=seed, resamples=resamples, level=level,
    )  # fmt: skip
    return Reliability(
        scale=scale,
        n=whole.answered,
        n_least=least,
        deletion=deletion,
        alpha=alpha,
        standardised_alpha=_standardised(covariances),
        omega=omega,
        mean=_sum_of([row.mean for row in rows]),
        sd=_known(np.sqrt(total)) if total is not None and total >= 0 else None,
        sem=_sem(total, alpha.value),
        items=rows,
        notes=_notes(rows, alpha=alpha, n=whole.answered, least=least),
    )


def alpha_of(covariances: Floats) -> float | None:
    """Cronbach's alpha of a covariance matrix; None under two items or when the sum does not vary.

    >>> import numpy as np
    >>> alpha_of(np.array([[1.0, 0.5], [0.5, 1.0]]))
    0.6666666666666667
    """
    items = len(covariances)
    total = _total_variance(covariances)
    if items < 2 or total is None or total <= 0:
        return None
    return _known(items / (items - 1) * (1 - np.trace(covariances) / total))


def stratified_alpha(scales: Sequence[tuple[float, float]], *, total_variance: float) -> float | None:
    """The reliability of a weighted sum of scales: 1 − Σ σ²ₛ(1 − αₛ)/σ² (Cronbach, Schönemann and McKie 1965).

    Each scale is (variance of its weighted part, alpha). None when the sum does not vary.

    >>> round(stratified_alpha([(4.0, 0.8), (4.0, 0.7)], total_variance=12.0), 4)
    0.8333
    """
    if total_variance <= 0:
        return None
    return _known(1 - sum(variance * (1 - alpha) for variance, alpha in scales) / total_variance)


def composite(
    answers: Answers,
    *,
    strata: Sequence[Sequence[int]],
    weights: Sequence[float],
    missing: int | None = None,
    seed: int = 0,
    resamples: int = 200,
    level: float = 0.95,
) -> Figure:
    """The reliability of a weighted sum over `strata` of items (columns of `answers`), pairs as they were answered.

    Stratified alpha of the weighted items; a stratum of one item is taken as wholly unreliable, as nothing
    is known of it. The interval is the percentile bootstrap over people, or 400 random groups of them.
    """
    whole = gather(answers, deletion=Deletion.PAIRWISE, missing=missing).whole()
    least = int(whole.counts.min()) if whole.counts.size else 0
    value = _composite_of(whole.covariances()[0], strata, weights)
    if value is None:
        return no_figure(Lack.TOO_FEW if least < 2 else Lack.NO_VARIATION, n=least)
    grouped, draws = _groups_and_draws(
        answers, Deletion.PAIRWISE, missing=missing, seed=seed, resamples=resamples
    )
    drawn = [
        found
        for weighting in draws
        for one in grouped.weighted(weighting).covariances()
        if (found := _composite_of(one, strata, weights)) is not None
    ]
    if not drawn:
        return Figure(value=value, n=least, level=level)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Figure(value=value, low=float(low), high=float(high), n=least, level=level, method="bootstrap")


def _composite_of(
    covariances: Floats, strata: Sequence[Sequence[int]], weights: Sequence[float]
) -> float | None:
    weighted = covariances * np.outer(weights, weights)
    total = _total_variance(weighted)
    if total is None:
        return None
    parts = []
    for stratum in strata:
        own = weighted[np.ix_(stratum, stratum)]
        parts.append((float(own.sum()), max(0.0, alpha_of(own) or 0.0)))
    found = stratified_alpha(parts, total_variance=total)
    return found if found is not None and found <= 1 + 1e-9 else None


def feldt_interval(alpha: float, *, n: int, items: int, level: float = 0.95) -> tuple[float, float]:
    """Feldt (1965): (1 − alpha) over its estimate follows F with n − 1 and (n − 1)(items − 1) degrees of freedom.

    >>> low, high = feldt_interval(0.8, n=100, items=5)
    >>> round(low, 3), round(high, 3)
    (0.731, 0.856)
    """
    freedom = (n - 1, (n - 1) * (items - 1))
    tail = (1 - level) / 2
    low = 1 - (1 - alpha) * float(scipy.stats.f.isf(tail, *freedom))
    high = 1 - (1 - alpha) * float(scipy.stats.f.ppf(tail, *freedom))
    return low, high


def one_factor(correlations: Floats, *, start: Floats | None = None) -> Floats:
    """The loadings of one factor by minimum residuals, for each of several correlation matrices (draws x k x k).

    Minimises the squared residuals off the diagonal, one loading at a time (Harman and Jones 1966, minres), until none
    moves by 1e-10 or 2000 rounds are over; loadings stay within ±√.995 and sum to what is not negative.
    """
    off = correlations.copy()
    each = np.arange(off.shape[1])
    off[:, each, each] = 0
    loadings = _first_guess(correlations, off) if start is None else np.tile(start, (len(off), 1))
    for _ in range(2000):
        moved = 0.0
        squares = (loadings**2).sum(axis=1)
        for item in each:
            old = loadings[:, item].copy()
            others = squares - old**2
            pulled = np.einsum("di,di->d", off[:, item], loadings)
            best = np.divide(pulled, others, out=np.zeros_like(pulled), where=others > 1e-12)
            loadings[:, item] = np.clip(best, -LARGEST_LOADING, LARGEST_LOADING)
            squares = others + loadings[:, item] ** 2
            moved = max(moved, float(np.abs(loadings[:, item] - old).max()))
        if moved < 1e-10:
            break
    return np.where(loadings.sum(axis=1, keepdims=True) < 0, -loadings, loadings)


def omega_of(loadings: Floats) -> Floats:
    """(Σλ)²/((Σλ)² + Σ(1 − λ²)) for each row of loadings (McDonald 1999)."""
    shared = loadings.sum(axis=1) ** 2
    found: Floats = shared / (shared + (1 - loadings**2).sum(axis=1))
    return found


def _first_guess(correlations: Floats, off: Floats) -> Floats:
    """The first principal component, carried to the minimum by Newton's steps where these lead to one."""
    values, vectors = np.linalg.eigh(correlations)
    guess: Floats = vectors[:, :, -1] * np.sqrt(np.maximum(values[:, -1:], 0)) * 0.8
    for draw in range(len(guess)):
        guess[draw] = _newton(off[draw], guess[draw])
    return guess


def _newton(off: Floats, start: Floats) -> Floats:
    """From `start` to a true minimum of the residuals within the bound, in a few steps; else `start` itself."""
    loadings = start.copy()
    for _ in range(12):
        others = loadings @ loadings - loadings**2
        slope = loadings * others - off @ loadings
        curve = 2 * np.outer(loadings, loadings) - off
        np.fill_diagonal(curve, others)
        try:
            step = np.linalg.solve(curve, slope)
            loadings = loadings - step
            if np.abs(step).max() < 1e-12:
                np.linalg.cholesky(curve)  # refuses a saddle
                return loadings if np.abs(loadings).max() <= LARGEST_LOADING else start
        except np.linalg.LinAlgError:
            return start
    return start


def observed_ends(answers: Answers, *, missing: int | None = None) -> tuple[float, float]:
    """The lowest and the highest answer that anybody gave; zeros when nobody did."""
    known = answers[answers != missing] if missing is not None else answers
    if not known.size or not np.isfinite(known).any():
        return 0.0, 0.0
    return float(np.nanmin(known)), float(np.nanmax(known))


def _item_figures(
    whole: Moments,
    covariances: Floats,
    *,
    items: Sequence[str],
    signs: Floats,
    ends: tuple[float, float],
    people: int,
) -> tuple[ItemFigures, ...]:
    means = np.where(signs < 0, sum(ends) - whole.means()[0], whole.means()[0])
    spreads = np.sqrt(np.maximum(np.diagonal(covariances), 0))
    rest, without = _against_rest(covariances), _without_each(covariances)
    given = np.diagonal(whole.counts[0]).astype(int)
    return tuple(
        ItemFigures(
            item=item,
            is_reversed=bool(signs[at] < 0),
            n=int(given[at]),
            missing=people - int(given[at]),
            mean=_known(means[at]),
            sd=_known(spreads[at]),
            item_rest=_known(rest[at]),
            alpha_if_deleted=_known(without[at]),
        )
        for at, item in enumerate(items)
    )


def _against_rest(covariances: Floats) -> Floats:
    """The correlation of each item with the sum of the others, all at once."""
    own, joint = np.diagonal(covariances), covariances.sum(axis=1)
    rest = covariances.sum() - 2 * joint + own
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = (joint - own) / np.sqrt(own * rest)
    return np.where(np.abs(found) <= 1 + 1e-9, found, np.nan)


def _without_each(covariances: Floats) -> Floats:
    """Alpha without each item, all at once; NaN where fewer than two items would remain."""
    items, own = len(covariances), np.diagonal(covariances)
    if items < 3:
        return np.full(items, np.nan)
    rest = covariances.sum() - 2 * covariances.sum(axis=1) + own
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = (items - 1) / (items - 2) * (1 - (own.sum() - own) / rest)
    return np.where((rest > 0) & (found <= 1 + 1e-9), found, np.nan)


def _alpha_figure(covariances: Floats, *, n: int, level: float) -> Figure:
    value = alpha_of(covariances)
    if value is None:
        return no_figure(_lack_of(covariances, n), n=n)
    if value > 1 + 1e-9:
        # Pairs answered by different people can contradict each other; the rows that are whole cannot.
        return no_figure(Lack.PAIRS_CONTRADICT, n=n)
    low, high = feldt_interval(value, n=n, items=len(covariances), level=level)
    lack = Lack.NEGATIVE if value < 0 else None
    return Figure(
        value=value, low=_known(low), high=_known(high), n=n, level=level, method="Feldt", lack=lack
    )


def _lack_of(covariances: Floats, n: int) -> Lack:
    if len(covariances) < 2:
        return Lack.TOO_FEW_ITEMS
    return Lack.TOO_FEW if n < 2 else Lack.NO_VARIATION


def _omega_figure(
    answers: Answers,
    covariances: Floats,
    *,
    signs: Floats,
    missing: int | None,
    whole: Moments,
    least: int,
    seed: int,
    resamples: int,
    level: float,
) -> Figure:
    if len(covariances) < 3 or least < 2:
        return no_figure(Lack.TOO_FEW_ITEMS if len(covariances) < 3 else Lack.TOO_FEW, n=least)
    if not (np.diagonal(covariances) > 0).all():
        return no_figure(Lack.CONSTANT_ITEM, n=least)
    loadings = one_factor(_correlations(covariances[None]))
    value = _known(omega_of(loadings)[0])
    drawn = _drawn_omegas(
        answers, signs=signs, missing=missing, deletion=whole.deletion,
        start=loadings[0], seed=seed, resamples=resamples,
    )  # fmt: skip
    if not len(drawn):
        return Figure(value=value, n=least, level=level)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Figure(value=value, low=float(low), high=float(high), n=least, level=level, method="bootstrap")


def _drawn_omegas(
    answers: Answers,
    *,
    signs: Floats,
    missing: int | None,
    deletion: Deletion,
    start: Floats,
    seed: int,
    resamples: int,
) -> Floats:
    """Omega of people drawn again and again; a draw in which an item does not vary is left out."""
    if resamples < 1:
        return np.empty(0)
    grouped, draws = _groups_and_draws(answers, deletion, missing=missing, seed=seed, resamples=resamples)
    found = []
    for weights in draws:
        covariances = grouped.weighted(weights).covariances() * np.outer(signs, signs)
        is_usable = np.isfinite(covariances).all(axis=(1, 2)) & (
            np.diagonal(covariances, axis1=1, axis2=2) > 0
        ).all(axis=1)
        if is_usable.any():
            found.append(omega_of(one_factor(_correlations(covariances[is_usable]), start=start)))
    drawn: Floats = np.concatenate(found) if found else np.empty(0)
    return drawn[np.isfinite(drawn)]


def _groups_and_draws(
    answers: Answers, deletion: Deletion, *, missing: int | None, seed: int, resamples: int
) -> tuple[Moments, list[Floats]]:
    """The moments of random groups of people, and how often each draw takes each group, a few draws at a time."""
    chance = np.random.default_rng(seed)
    order: NDArray[np.intp] = chance.permutation(len(answers))
    groups = min(len(answers), MOST_GROUPS)
    grouped = gather(answers, deletion=deletion, missing=missing, order=order, groups=groups)
    share = np.full(groups, 1 / groups)
    counts = [min(DRAWS_AT_ONCE, resamples - begun) for begun in range(0, resamples, DRAWS_AT_ONCE)]
    return grouped, [chance.multinomial(groups, share, size=count).astype(np.float64) for count in counts]


def _correlations(covariances: Floats) -> Floats:
    spreads = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    found: Floats = covariances / (spreads[:, :, None] * spreads[:, None, :])
    return found


def _standardised(covariances: Floats) -> float | None:
    items = len(covariances)
    own = np.diagonal(covariances)
    if items < 2 or not (own > 0).all() or not np.isfinite(covariances).all():
        return None
    mean = (float(_correlations(covariances[None])[0].sum()) - items) / (items * (items - 1))
    return _known(items * mean / (1 + (items - 1) * mean)) if 1 + (items - 1) * mean > 0 else None


def _total_variance(covariances: Floats) -> float | None:
    return _known(covariances.sum()) if covariances.size else None


def _sem(total: float | None, alpha: float | None) -> float | None:
    """No error can be told from a negative alpha: it would be larger than the spread itself."""
    if total is None or alpha is None or alpha < 0 or total < 0:
        return None
    return float(np.sqrt(total * max(0.0, 1 - alpha)))


def _sum_of(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(sum(known)) if known and len(known) == len(values) else None


def _known(value: float | np.floating[Any]) -> float | None:
    return float(value) if np.isfinite(value) else None


def _notes(rows: tuple[ItemFigures, ...], *, alpha: Figure, n: int, least: int) -> tuple[Note, ...]:
    against = tuple(row.item for row in rows if row.item_rest is not None and row.item_rest < 0)
    constant = tuple(row.item for row in rows if row.sd == 0)
    found = [
        (Remark.CONSTANT_ITEM, bool(constant), constant),
        (Remark.REVERSED_ITEM, bool(against), against),
        (Remark.NEGATIVE_ALPHA, alpha.lack is Lack.NEGATIVE, ()),
        (Remark.TWO_ITEMS, len(rows) == 2, ()),
        (Remark.FEWER_CASES_THAN_ITEMS, n < len(rows), ()),
        (Remark.FEW_CASES, len(rows) <= n < 100, ()),
        (Remark.MANY_MISSING, n > 0 and least < n / 2, ()),
    ]
    return tuple(Note(remark=remark, items=items) for remark, holds, items in found if holds)
