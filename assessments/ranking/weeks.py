"""The weeks of many people held against the opening hours of many programmes, each distinct day once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.matching.availability import HoursPolicy, Stretch, joined, minutes_by_day, overlap
from assessments.profiles import MINUTES_A_DAY, Window

DAYS = 7
_WEEK = DAYS * MINUTES_A_DAY
Day = tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Weeks:
    """Distinct weeks as seven places in a list of distinct days; `nights` has a bit for each midnight inside one."""

    stretches: tuple[tuple[Stretch, ...], ...]
    days: tuple[Day, ...]
    by_day: NDArray[np.intp]
    nights: NDArray[np.uint8]
    known: dict[Any, NDArray[np.int64]] = field(default_factory=dict)

    def minutes(
        self, opening: Sequence[Window], *, split_shifts_allowed: bool, policy: HoursPolicy
    ) -> NDArray[np.int64]:
        """Minutes a week that each week gives with these opening hours, before any wish; kept for the next to ask."""
        hours = joined(opening)
        key = ("week", hours, split_shifts_allowed, policy)
        if key not in self.known:
            self.known[key] = self._minutes(hours, is_split=split_shifts_allowed, policy=policy)
        return self.known[key]

    def _minutes(
        self, hours: tuple[Stretch, ...], *, is_split: bool, policy: HoursPolicy
    ) -> NDArray[np.int64]:
        by_day = np.zeros((len(self.stretches), DAYS), dtype=np.int64)
        worth = {open_on: self._worth(open_on, is_split, policy) for open_on in set(_days_of(hours))}
        for day, open_on in enumerate(_days_of(hours)):
            by_day[:, day] = worth[open_on][self.by_day[:, day]]
        # A block over midnight, where both sides work it through, belongs to the day it starts on.
        for at in np.flatnonzero(self.nights & _nights_of(hours)):
            pieces = overlap(self.stretches[at], hours)
            by_day[at] = minutes_by_day(pieces, split_shifts_allowed=is_split, policy=policy)
        kept = min(DAYS, policy.days_a_week_max)
        ordered: NDArray[np.int64] = np.sort(by_day, axis=1)[:, DAYS - kept :].sum(axis=1)
        return ordered

    def _worth(self, open_on: Day, is_split: bool, policy: HoursPolicy) -> NDArray[np.int64]:
        """Minutes that each distinct day gives with the hours of one day."""
        key = ("day", open_on, is_split, policy)
        if key not in self.known:
            worth = [
                sum(minutes_by_day(overlap(day, open_on), split_shifts_allowed=is_split, policy=policy))
                if open_on and day
                else 0
                for day in self.days
            ]
            self.known[key] = np.array(worth, dtype=np.int64)
        return self.known[key]


def weeks_of(stretches: Sequence[tuple[Stretch, ...]]) -> Weeks:
    """Distinct weeks (joined stretches of minutes after Monday 00:00) made ready."""
    days: dict[Day, int] = {}
    by_day = [[days.setdefault(day, len(days)) for day in _days_of(week)] for week in stretches]
    return Weeks(
        stretches=tuple(stretches),
        days=tuple(days),
        by_day=np.array(by_day, dtype=np.intp).reshape(len(by_day), DAYS),
        nights=np.array([_nights_of(week) for week in stretches], dtype=np.uint8),
    )


def _days_of(week: Sequence[Stretch]) -> tuple[Day, ...]:
    """The stretches of each day in minutes after its own midnight, what runs past Sunday taken to Monday.

    >>> _days_of([(8 * 60, 12 * 60), (6 * 1440 + 1380, 7 * 1440 + 60)])[::6]
    (((0, 60), (480, 720)), ((1380, 1440),))
    """
    found: list[list[Stretch]] = [[] for _ in range(DAYS)]
    for start, end in week:
        for day in range(start // MINUTES_A_DAY, -(-end // MINUTES_A_DAY)):
            first = day * MINUTES_A_DAY
            found[day % DAYS].append((max(start, first) - first, min(end, first + MINUTES_A_DAY) - first))
    return tuple(tuple(sorted(day)) for day in found)


def _nights_of(week: Sequence[Stretch]) -> int:
    """A bit for each midnight with time on both sides of it.

    >>> _nights_of([(0, 1440), (2000, 3000)])
    2
    """
    bits = 0
    for start, end in week:
        for day in range(start // MINUTES_A_DAY + 1, -(-end // MINUTES_A_DAY)):
            bits |= 1 << (day - 1) % DAYS
    return bits
