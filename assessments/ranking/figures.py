"""Sums and roundings over columns of numbers that give, number for number, what Python gives for one."""

import sys
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Column: TypeAlias = NDArray[Any]

_NEAR = 1e-6
_HALF_OF_53_BITS = 134217729.0  # 2**27 + 1 (Veltkamp): parts a float into two of 26 bits


def summed(columns: Iterable[Column]) -> Column | float:
    """`sum` of each row: one after the other, and from Python 3.12 on with the error carried along (Neumaier)."""
    return _carried(columns) if sys.version_info >= (3, 12) else _in_order(columns)


def _in_order(columns: Iterable[Column]) -> Column | float:
    total: Column | float = 0.0
    for column in columns:
        total = total + column
    return total


def _carried(columns: Iterable[Column]) -> Column | float:
    total: Any = 0.0
    lost: Any = 0.0
    for column in columns:
        both = total + column
        larger, smaller = (
            np.where(np.abs(total) >= np.abs(column), total, column),
            np.where(np.abs(total) >= np.abs(column), column, total),
        )
        lost = lost + ((larger - both) + smaller)
        total = both
    carried: Column | float = total + lost
    return carried


def rounded(values: Column, digits: int) -> Column:
    """`round(value, digits)` of each, as a whole number of units of the last digit.

    Python rounds the number that is really there, and a true half to the even side; a product by 100 can hide on which
    side of the half it lies, so that the few close to one are looked at again with the error of the product.

    >>> rounded(np.array([2.675, 33.125, 33.135, 0.375]), 2).tolist(), [round(x, 2) for x in (2.675, 33.125, 33.135)]
    ([267, 3312, 3313, 38], [2.67, 33.12, 33.13])
    """
    scale = float(10**digits)
    scaled = values * scale
    below = np.floor(scaled)
    part = scaled - below
    whole = below.astype(np.int64) + (part > 0.5)
    near = np.flatnonzero(np.abs(part - 0.5) < _NEAR)
    if len(near):
        whole[near] = _beside_half(values[near], below[near], 2 * scale)
    return whole


def _beside_half(values: Column, below: Column, doubled: float) -> Column:
    product = values * doubled
    parted = values * _HALF_OF_53_BITS
    high = parted - (parted - values)
    error = (high * doubled - product) + (values - high) * doubled
    over = (product - (2 * below + 1)) + error
    whole = below.astype(np.int64)
    return whole + np.where(over == 0, whole % 2, over > 0)
