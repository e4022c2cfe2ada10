"""A statistic as it may be shown: never without its interval, its number of cases, or the reason why there is none."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from assessments.values import Value

Finite = Annotated[float, Field(allow_inf_nan=False)]
"""A number that JSON can hold: never NaN, never infinite."""


class Lack(StrEnum):
    """Why there is no figure, or none with an interval."""

    TOO_FEW = "too_few"
    TOO_FEW_ITEMS = "too_few_items"
    NO_VARIATION = "no_variation"
    CONSTANT_ITEM = "constant_item"
    NEGATIVE = "negative"
    NO_ERROR = "no_error"
    NO_PAIRS = "no_pairs"
    PAIRS_CONTRADICT = "pairs_contradict"
    NO_FIT = "no_fit"


class Figure(Value):
    """One statistic over `n` cases with its interval at `level`, and the `method` of that interval.

    `value` is None when it cannot be computed, `low` and `high` when no interval can; `lack` then says why.
    """

    value: Finite | None
    low: Finite | None = None
    high: Finite | None = None
    n: int = Field(ge=0)
    level: Finite = 0.95
    method: str = ""
    lack: Lack | None = None


def no_figure(lack: Lack, *, n: int) -> Figure:
    """The figure that there is not, and why.

    >>> no_figure(Lack.TOO_FEW, n=1).value is None
    True
    """
    return Figure(value=None, n=n, lack=lack)
