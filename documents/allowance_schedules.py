"""The home days that contracts give in a month, for very many people in columns; equal to `month_of_schedule`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from documents.allowances import days_in

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
WEEK = 7
MOST_WEEKLY_DAYS = 6
OPEN = 0
"""In `ends`: the contract runs on."""


@dataclass(frozen=True)
class Contracts:
    """One contract a place: its home days as bits (Monday is 1, Sunday 64), first and last day as ordinals."""

    home_days: Whole
    starts: Whole
    ends: Whole


@dataclass(frozen=True)
class ScheduledDays:
    """What each contract gives of a month; a month that it does not cover whole is not whole."""

    days: Whole
    weekly_days: Whole
    is_whole: Flags


def days_of_contracts(month: date, contracts: Contracts, *, closed: Iterable[date] = ()) -> ScheduledDays:
    """Home days in the month less public holidays (`closed`), for everybody who has one contract and no absence.

    Whoever changes contract in the month or was away needs `allowance_days.month_of_schedule`. A week of seven
    home days counts as six, the most that a weekly rest leaves.
    """
    first = month.replace(day=1)
    length = days_in(first)
    ordinals = first.toordinal() + np.arange(length)
    is_open = ~np.isin(ordinals, [day.toordinal() for day in closed])
    weekdays = (ordinals - 1) % WEEK
    masks = np.arange(2**WEEK)
    worked = (masks[:, None] >> weekdays & 1) * is_open
    before = np.concatenate((np.zeros((2**WEEK, 1), dtype=np.int64), np.cumsum(worked, axis=1)), axis=1)
    since = np.clip(contracts.starts - first.toordinal(), 0, length)
    until = np.clip(contracts.ends - first.toordinal() + 1, 0, length)
    until = np.where(contracts.ends == OPEN, length, until)
    holds = until > since
    weekly = (masks[:, None] >> np.arange(WEEK) & 1).sum(axis=1)[contracts.home_days]
    return ScheduledDays(
        days=(before[contracts.home_days, until] - before[contracts.home_days, since]) * holds,
        weekly_days=np.minimum(weekly, MOST_WEEKLY_DAYS) * holds,
        is_whole=holds & (since == 0) & (until == length),
    )
