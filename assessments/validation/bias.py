"""Whether a score or one question treats two groups unlike: mean gap, item bias, predictive bias, telling answers."""

from collections.abc import Hashable, Sequence
from enum import StrEnum
from math import erfc, log, sqrt
from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they take two seconds

from assessments.validation.fairness import FairnessPolicy, Interval
from assessments.values import Value

Numbers: TypeAlias = npt.NDArray[np.float64]
Marks: TypeAlias = npt.NDArray[np.bool_]


class GapSize(StrEnum):
    """How far two means are apart, in standard deviations."""

    SMALL = "small"
    NOTABLE = "notable"
    LARGE = "large"


class MeanGap(Value):
    """`d`: the first group's mean minus the second's, in pooled standard deviations."""

    d: float
    interval: Interval
    n: tuple[int, int]
    size: GapSize


def mean_gap(one: npt.ArrayLike, other: npt.ArrayLike, policy: FairnessPolicy) -> MeanGap | None:
    """Cohen's d with its interval; None for fewer than two people a group, or when all scores are alike."""
    first, second = np.asarray(one, float), np.asarray(other, float)
    n, m = len(first), len(second)
    if min(n, m) < 2:
        return None
    pooled = sqrt(((n - 1) * first.var(ddof=1) + (m - 1) * second.var(ddof=1)) / (n + m - 2))
    if not pooled:
        return None
    d = float(first.mean() - second.mean()) / pooled
    reach = policy.interval_z * sqrt((n + m) / (n * m) + d * d / (2 * (n + m)))
    return MeanGap(
        d=d, interval=Interval(low=d - reach, high=d + reach), n=(n, m), size=_size(abs(d), policy)
    )


def _size(distance: float, policy: FairnessPolicy) -> GapSize:
    if distance < policy.gap_small:
        return GapSize.SMALL
    return GapSize.LARGE if distance >= policy.gap_large else GapSize.NOTABLE


class ItemClass(StrEnum):
    """ETS classes: nothing to see, worth a look, take the question out unless somebody can argue it."""

    A = "A"
    B = "B"
    C = "C"


class ItemBias(Value):
    """One question, people of the same total compared. `d_dif` below 0: harder for the focal group.

    `odds_ratio` is Mantel and Haenszel's; `n` counts the reference group, then the focal one.
    """

    d_dif: float
    standard_error: float
    odds_ratio: float
    p: float
    n: tuple[int, int]
    item_class: ItemClass


def item_bias(
    is_right: npt.ArrayLike, total: npt.ArrayLike, is_focal: npt.ArrayLike, policy: FairnessPolicy
) -> ItemBias | None:
    """MH D-DIF = −2.35·ln(α) of one yes-or-no question, at each level of the total that holds both groups.

    The error is that of Robins, Breslow and Greenland; the test is Mantel and Haenszel's with its correction for
    continuity; the classes are those of ETS. None where no level compares anybody. A graded question is cut in two
    first (`halved`).
    """
    cells = _cells(np.asarray(is_right, bool), np.asarray(total), np.asarray(is_focal, bool))
    a, b, c, d = cells
    sizes = a + b + c + d
    r, s = a * d / sizes, b * c / sizes
    if not r.sum() or not s.sum():
        return None
    odds = float(r.sum() / s.sum())
    error = 2.35 * sqrt(_log_variance(cells, r, s))
    d_dif = -2.35 * log(odds)
    p = _mantel_haenszel_p(cells)
    return ItemBias(
        d_dif=d_dif,
        standard_error=error,
        odds_ratio=odds,
        p=p,
        n=(int((a + b).sum()), int((c + d).sum())),
        item_class=_item_class(d_dif, error, p, policy),
    )


def _cells(is_right: Marks, total: npt.NDArray[Any], is_focal: Marks) -> tuple[Numbers, ...]:
    """For each level of the total: reference right and wrong, focal right and wrong; levels of one group left out."""
    _, level = np.unique(total, return_inverse=True)
    kind = 2 * is_focal.astype(int) + ~is_right
    counts = np.zeros((int(level.max(initial=-1)) + 1, 4))
    np.add.at(counts, (level, kind), 1)
    both = counts[(counts[:, :2].sum(axis=1) > 0) & (counts[:, 2:].sum(axis=1) > 0)]
    return tuple(both.T)


def _log_variance(cells: tuple[Numbers, ...], r: Numbers, s: Numbers) -> float:
    a, b, c, d = cells
    sizes = a + b + c + d
    p, q = (a + d) / sizes, (b + c) / sizes
    return float(
        (p * r).sum() / (2 * r.sum() ** 2)
        + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
        + (q * s).sum() / (2 * s.sum() ** 2)
    )


def _mantel_haenszel_p(cells: tuple[Numbers, ...]) -> float:
    a, b, c, d = cells
    sizes = a + b + c + d
    usable = sizes > 1
    a, b, c, d, sizes = (one[usable] for one in (a, b, c, d, sizes))
    right = a + c
    expected = (a + b) * right / sizes
    variance = ((a + b) * (c + d) * right * (b + d) / (sizes**2 * (sizes - 1))).sum()
    if not variance:
        return 1.0
    distance = max(0.0, abs(float((a - expected).sum())) - 0.5)
    return erfc(sqrt(distance**2 / variance / 2))


def _item_class(d_dif: float, error: float, p: float, policy: FairnessPolicy) -> ItemClass:
    """C needs |D| large and, one-sided, surely above the small bound; A is small or within chance; B the rest."""
    distance = abs(d_dif)
    if distance < policy.dif_small or p >= policy.p_below:
        return ItemClass.A
    surely = (distance - policy.dif_small) / error > NormalDist().inv_cdf(1 - policy.p_below)
    return ItemClass.C if distance >= policy.dif_large and surely else ItemClass.B


def halved(credits: npt.ArrayLike) -> Marks:
    """A graded question as right or wrong: at its own mean or above it is right.

    >>> halved([0, 25, 75, 100]).tolist()
    [False, False, True, True]
    """
    values = np.asarray(credits, float)
    return values >= values.mean() if len(values) else values.astype(bool)


class PredictiveBias(Value):
    """y = b₀ + b₁·X + b₂·G + b₃·X·G, the score measured from its mean (Cleary).

    `level_gap` is b₂: what the group's outcomes lie above the common line at a mean score; `slope_gap` is b₃.
    """

    slope: float
    level_gap: float
    level_p: float
    slope_gap: float
    slope_p: float
    n: tuple[int, int]
    flag: bool


def predictive_bias(
    outcome: npt.ArrayLike, score: npt.ArrayLike, is_focal: npt.ArrayLike, policy: FairnessPolicy
) -> PredictiveBias | None:
    """Whether one score foretells the same outcome in both groups, by ordinary least squares.

    A flag when either gap would be that unlikely by chance, each held to half of `p_below` because there are two.
    None for fewer than `few_people` in a group, or where the score does not vary.
    """
    y, focal = np.asarray(outcome, float), np.asarray(is_focal, float)
    x = np.asarray(score, float)
    n = (int((focal == 0).sum()), int((focal == 1).sum()))
    if min(n) < policy.few_people:
        return None
    centred = x - x.mean()
    design = np.column_stack([np.ones_like(x), centred, focal, centred * focal])
    if np.linalg.matrix_rank(design) < 4:
        return None
    inverse = np.linalg.inv(design.T @ design)
    b = inverse @ design.T @ y
    freedom = len(y) - 4
    spread = ((y - design @ b) ** 2).sum() / freedom
    error = np.sqrt(spread * np.diag(inverse))
    p = (
        2 * scipy.special.stdtr(freedom, -np.abs(b) / error)
        if spread
        else np.where(np.isclose(b, 0), 1.0, 0.0)
    )
    return PredictiveBias(
        slope=float(b[1]),
        level_gap=float(b[2]),
        level_p=float(p[2]),
        slope_gap=float(b[3]),
        slope_p=float(p[3]),
        n=n,
        flag=bool(min(p[2], p[3]) < policy.p_below / 2),
    )


class SharedInformation(Value):
    """How much an answer tells of the group, in nats, what chance alone brings taken off (Miller and Madow)."""

    nats: float
    n: int
    flag: bool


def shared_information(
    answers: Sequence[Hashable], groups: Sequence[Hashable], policy: FairnessPolicy
) -> SharedInformation:
    """Mutual information: 0 when the answer says nothing of the group; above the bound it may stand in for it.

    >>> from math import log
    >>> counts = np.array([[50, 0], [0, 50]])
    >>> round(_mutual(counts), 4) == round(log(2), 4)
    True
    """
    rows = {value: index for index, value in enumerate(dict.fromkeys(answers))}
    columns = {value: index for index, value in enumerate(dict.fromkeys(groups))}
    counts = np.zeros((len(rows), len(columns)))
    at = ([rows[one] for one in answers], [columns[one] for one in groups])
    np.add.at(counts, at, 1)
    n = len(at[0])
    by_chance = (len(rows) - 1) * (len(columns) - 1) / (2 * n) if n else 0.0
    nats = max(0.0, _mutual(counts) - by_chance) if n else 0.0
    return SharedInformation(nats=nats, n=n, flag=nats >= policy.shared_information)


def _mutual(counts: npt.NDArray[Any]) -> float:
    joint = counts / counts.sum()
    apart = joint.sum(axis=1, keepdims=True) @ joint.sum(axis=0, keepdims=True)
    held = joint > 0
    return float((joint[held] * np.log(joint[held] / apart[held])).sum())
