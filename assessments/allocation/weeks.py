"""The best week that a person can work, given what each half hour is worth: exact, by days and then by hours."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.allocation.coverage import A_DAY, A_WEEK
from assessments.allocation.policy import WeekRules

Worth = NDArray[np.floating[Any]]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class WeekAsked:
    """Half hours in which somebody could work, how many of them a week at most, and whether days may be split."""

    free: frozenset[int]
    most: int
    is_split: bool


@dataclass(frozen=True)
class Days:
    """All ways to work one day inside some half hours, counted from its midnight; sorted by half hours worked."""

    works: NDArray[np.float32]
    worked: NDArray[np.int64]
    firsts: NDArray[np.int64]


@lru_cache(maxsize=4096)
def days_of(free: tuple[int, ...], rules: WeekRules, is_split: bool, least: int) -> Days:
    """One block, or two with the meal pause between them; where days may be split, with any longer break as well.

    `free` counts from the day's midnight and may run past it; columns of `works` stand for it in order.
    """
    place = {slot: at for at, slot in enumerate(free)}
    blocks = [
        (first, first + length)
        for first in free
        for length in range(rules.block_min, rules.pause_after + 1)
        if all(slot in place for slot in range(first, first + length))
    ]
    by_start: dict[int, list[tuple[int, int]]] = {}
    for block in blocks:
        by_start.setdefault(block[0], []).append(block)
    ways: list[tuple[int, tuple[tuple[int, int], ...]]] = [
        (end - first, ((first, end),)) for first, end in blocks
    ]
    for first, end in blocks:
        breaks = range(rules.pause, A_DAY) if is_split else (rules.pause,)
        for block in (block for pause in breaks for block in by_start.get(end + pause, ())):
            ways.append((end - first + block[1] - block[0], ((first, end), block)))
    ways = sorted(way for way in ways if least <= way[0] <= rules.day_max)
    works = np.zeros((len(ways), len(free)), dtype=np.float32)
    for row, (_, parts) in enumerate(ways):
        for first, end in parts:
            works[row, place[first] : place[first] + end - first] = 1
    worked, firsts = np.unique(np.array([way[0] for way in ways], dtype=np.int64), return_index=True)
    return Days(works, worked, firsts)


Day = tuple[Whole, Days]
"""The half hours of the week in which one day's work may lie, and the ways to work it."""


class Weeks:
    """The weeks that somebody may have: every day inside one band of the day, so that rest always lies between.

    `target` is the number of half hours of each such week: the whole contract where days can add up to it.
    """

    def __init__(self, asked: WeekAsked, rules: WeekRules) -> None:
        least = min(rules.day_min, asked.most)
        placed = _days_and_offsets(asked.free)
        bands = [_days_in(band, placed, asked, rules, least) for band in _bands(placed, A_DAY - rules.rest)]
        self.choices = [kept for days in bands for kept in _at_most(days, rules.days_max)]
        self.target = max((_most_that_adds_up(days, asked.most) for days in self.choices), default=0)

    def best(self, worth: Worth) -> tuple[float, frozenset[int]]:
        """The week of `target` half hours that is worth most, and its worth; `worth` is by half hour of the week.

        Nothing and no half hours where `target` is 0. Equal weeks: the first found, always the same.
        """
        found: tuple[float, frozenset[int]] = (0.0, frozenset())
        for days in self.choices if self.target else ():
            value, slots = _best_of(days, worth, self.target)
            if slots and (not found[1] or value > found[0] + 1e-9):
                found = value, slots
        return found


def _days_and_offsets(free: Collection[int]) -> list[tuple[int, int]]:
    """Each free half hour as its day and its place after that day's midnight.

    A run belongs to the day on which it begins, so that a night is one day's work; a run longer than a day of work
    could be is cut at midnight.
    """
    found = []
    for first in [slot for slot in free if (slot - 1) % A_WEEK not in free] or ([0] if free else []):
        length = next((ahead for ahead in range(A_WEEK) if (first + ahead) % A_WEEK not in free), A_WEEK)
        is_long = length > A_DAY // 2 + 2
        for slot in range(first, first + length):
            day = (slot if is_long else first) // A_DAY
            found.append((day % 7, slot - day * A_DAY))
    return sorted(found)


def _bands(placed: Collection[tuple[int, int]], width: int) -> list[frozenset[int]]:
    """The stretches of the day, `width` long, that hold different parts of the free half hours."""
    offsets = sorted({offset for _, offset in placed})
    held = [frozenset(one for one in offsets if first <= one < first + width) for first in offsets]
    return [band for band in dict.fromkeys(held) if not any(band < other for other in held)]


def _days_in(
    band: Collection[int], placed: Collection[tuple[int, int]], asked: WeekAsked, rules: WeekRules, least: int
) -> list[Day]:
    by_day: dict[int, list[int]] = {}
    for day, offset in placed:
        if offset in band:
            by_day.setdefault(day, []).append(offset)
    found = []
    for day, offsets in sorted(by_day.items()):
        days = days_of(tuple(offsets), rules, asked.is_split, least)
        if len(days.worked):
            found.append(((np.array(offsets, dtype=np.int64) + day * A_DAY) % A_WEEK, days))
    return found


def _at_most(days: Sequence[Day], days_max: int) -> list[tuple[Day, ...]]:
    """All of the days, or each choice of as many as may be worked."""
    return list(combinations(days, min(days_max, len(days))))


def _most_that_adds_up(days: Sequence[Day], most: int) -> int:
    sums = {0}
    for _, one in days:
        sums |= {total + worked for total in sums for worked in one.worked.tolist() if total + worked <= most}
    return max(sums)


def _best_of(days: Sequence[Day], worth: Worth, target: int) -> tuple[float, frozenset[int]]:
    """Day after day the most that each number of half hours can be worth; then back along the best."""
    best = np.full(target + 1, -np.inf)
    best[0] = 0
    steps: list[tuple[Worth, Whole]] = []
    for slots, one in days:
        values = one.works @ worth[slots].astype(np.float32)
        tops = np.maximum.reduceat(values, one.firsts)
        further, taken = best.copy(), np.zeros(target + 1, dtype=np.int64)
        for worked, top in zip(one.worked.tolist(), tops.tolist(), strict=True):
            if worked > target:
                break
            reached = best[: target + 1 - worked] + top
            is_better = reached > further[worked:] + 1e-9
            further[worked:][is_better] = reached[is_better]
            taken[worked:][is_better] = worked
        steps.append((values, taken))
        best = further
    if best[target] == -np.inf:
        return 0.0, frozenset()
    return float(best[target]), frozenset(_back(days, steps, target))


def _back(days: Sequence[Day], steps: Sequence[tuple[Worth, Whole]], left: int) -> Iterator[int]:
    for (slots, one), (values, taken) in zip(reversed(days), reversed(steps), strict=True):
        if worked := int(taken[left]):
            at = int(np.searchsorted(one.worked, worked))
            first = int(one.firsts[at])
            last = int(one.firsts[at + 1]) if at + 1 < len(one.firsts) else len(values)
            row = first + int(np.argmax(values[first:last]))
            yield from (int(slot) for slot in slots[one.works[row] > 0])
            left -= worked
