"""Does a score go with how it went later: a correlation with its interval, as seen and for all who applied."""

from collections.abc import Sequence

import numpy as np
import scipy  # its parts load when they are first used: they take two seconds
from pydantic import Field

from assessments.figures import Figure, Finite, Lack, no_figure
from assessments.values import Value


class Criterion(Value):
    """The correlation of a score with one outcome over the `n` people who have both.

    `corrected` is what the correlation would be among all who were scored: those who were hired differ less than those
    who applied, by `spread_ratio` (spread of all over spread of the hired). It rests on the assumption that the line
    and its scatter are the same for all (Thorndike 1949, case II). The error of the outcome itself is not corrected.
    """

    raw: Figure
    corrected: Figure
    spread_ratio: Finite | None
    n: int = Field(ge=0)


def criterion_validity(
    scores: Sequence[float],
    outcomes: Sequence[float],
    *,
    spread_of_all: float | None = None,
    level: float = 0.95,
) -> Criterion:
    """Pearson's r of two columns of the same people with Fisher's interval (z ± 1.96/√(n − 3)).

    `spread_of_all` is the standard deviation of the score among all who were scored; without it nothing is corrected.

    >>> found = criterion_validity([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    >>> round(found.raw.value, 3), round(found.raw.low, 3), round(found.raw.high, 3)
    (0.829, 0.052, 0.981)
    """
    x, y = np.asarray(scores, dtype=np.float64), np.asarray(outcomes, dtype=np.float64)
    n = len(x)
    lack = Lack.TOO_FEW if n < 3 else Lack.NO_VARIATION if min(np.ptp(x), np.ptp(y)) == 0 else None
    if lack is not None:
        nothing = no_figure(lack, n=n)
        return Criterion(raw=nothing, corrected=nothing, spread_ratio=None, n=n)
    raw = _with_interval(float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1)), n=n, level=level)
    ratio = None if not spread_of_all else float(spread_of_all / np.std(x, ddof=1))
    corrected = no_figure(Lack.NO_FIT, n=n) if ratio is None else _widened(raw, ratio)
    return Criterion(raw=raw, corrected=corrected, spread_ratio=ratio, n=n)


def _with_interval(r: float, *, n: int, level: float) -> Figure:
    if n < 4 or abs(r) >= 1 - 1e-12:
        lack = Lack.TOO_FEW if n < 4 else Lack.NO_ERROR
        return Figure(value=r, n=n, level=level, lack=lack)
    reach = float(scipy.stats.norm.ppf((1 + level) / 2)) / (n - 3) ** 0.5
    return Figure(
        value=r,
        low=float(np.tanh(np.arctanh(r) - reach)),
        high=float(np.tanh(np.arctanh(r) + reach)),
        n=n,
        level=level,
        method="Fisher",
    )


def _widened(raw: Figure, ratio: float) -> Figure:
    """r·u/√(1 + r²(u² − 1)) of the value and of both ends; it rises with r, so the interval keeps its order."""
    return raw.model_copy(
        update={name: _unrestricted(getattr(raw, name), ratio) for name in ("value", "low", "high")}
    )


def _unrestricted(r: float | None, ratio: float) -> float | None:
    if r is None:
        return None
    found: float = r * ratio / (1 + r * r * (ratio * ratio - 1)) ** 0.5
    return found
