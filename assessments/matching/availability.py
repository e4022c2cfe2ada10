"""The hours a person can really work for a programme in a week, to the minute."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from assessments.profiles import MINUTES_A_DAY, Window
from assessments.values import Value

Stretch = tuple[int, int]

_WEEK = 7 * MINUTES_A_DAY


class HoursPolicy(Value):
    """How open time becomes working time (CCN 2098 art. 23.2-23.3, avenant of 20 June 2002 art. 5)."""

    block_min_minutes: Annotated[int, Field(ge=0)]
    day_min_minutes: Annotated[int, Field(ge=0)]
    blocks_a_day_max: Annotated[int, Field(ge=1)]
    meal_after_minutes: Annotated[int, Field(ge=0)]
    meal_minutes: Annotated[int, Field(ge=0)]
    day_max_minutes: Annotated[int, Field(ge=0)]
    days_a_week_max: Annotated[int, Field(ge=1, le=7)]
    enough_ratio: float
    partial_ratio: float
    wished_above_hours: float


class UsableHours(Value):
    """Hours a week: usable by this person here, asked by the programme, and the first over the second."""

    usable: Annotated[float, Field(ge=0)]
    weekly: Annotated[float, Field(gt=0)]
    ratio: Annotated[float, Field(ge=0)]


def usable_hours(
    windows: Iterable[Window],
    opening: Iterable[Window],
    *,
    weekly_hours: float,
    wished_hours: float | None,
    split_shifts_allowed: bool,
    policy: HoursPolicy,
) -> UsableHours:
    """Usable hours a week, at most those wished; the ratio is rounded to four places.

    Windows that touch are joined, across midnight and from Sunday to Monday too; a block belongs to the
    day on which it starts. Without split shifts only the longest block of a day counts. A block of more than a day
    (always free, always open) is one block for each day it lasts.
    """
    pieces = overlap(joined(windows), joined(opening))
    week = minutes_by_day(pieces, split_shifts_allowed=split_shifts_allowed, policy=policy)
    total = sum(sorted(week, reverse=True)[: policy.days_a_week_max]) / 60
    usable = total if wished_hours is None else min(total, wished_hours)
    return UsableHours(usable=usable, weekly=weekly_hours, ratio=round(usable / weekly_hours, 4))


def minutes_by_day(
    pieces: Iterable[Stretch], *, split_shifts_allowed: bool, policy: HoursPolicy
) -> tuple[int, ...]:
    """Minutes worked on each day from Monday on, from the stretches of a week that both sides have in common."""
    week = [0] * 7
    blocks: dict[int, list[int]] = {}
    for start, end in pieces:
        for from_, to in _day_by_day(start, end):
            if to - from_ >= policy.block_min_minutes:
                blocks.setdefault(from_ // MINUTES_A_DAY % 7, []).append(to - from_)
    for day, lengths in blocks.items():
        week[day] = _worked(lengths, split_shifts_allowed=split_shifts_allowed, policy=policy)
    return tuple(week)


def _day_by_day(start: int, end: int) -> Iterator[Stretch]:
    """A stretch in lengths of at most 24 hours, from its start on."""
    for from_ in range(start, end, MINUTES_A_DAY):
        yield from_, min(from_ + MINUTES_A_DAY, end)


def _worked(lengths: list[int], *, split_shifts_allowed: bool, policy: HoursPolicy) -> int:
    kept = sorted(lengths, reverse=True)[: policy.blocks_a_day_max if split_shifts_allowed else 1]
    if sum(kept) < policy.day_min_minutes:
        return 0
    rested = (length - (policy.meal_minutes if length > policy.meal_after_minutes else 0) for length in kept)
    return min(sum(rested), policy.day_max_minutes)


def joined(windows: Iterable[Window]) -> tuple[Stretch, ...]:
    """Minutes of the week covered, in order; a stretch over Sunday midnight runs past the week's last minute."""
    stretches: list[Stretch] = []
    for start, end in sorted(
        (window.first_minute, window.first_minute + window.minutes) for window in windows
    ):
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], end))
        else:
            stretches.append((start, end))
    if len(stretches) > 1 and stretches[0][0] == 0 and stretches[-1][1] == _WEEK:
        first = stretches.pop(0)
        stretches[-1] = (stretches[-1][0], _WEEK + first[1])
    return tuple(stretches)


def overlap(some: Iterable[Stretch], others: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The minutes in both, as stretches in order.

    >>> overlap([(0, 100)], [(50, 70), (90, 200)])
    ((50, 70), (90, 100))
    """
    fixed = tuple(others)
    pieces = {
        (max(start, low + shift), min(end, high + shift))
        for start, end in some
        for low, high in fixed
        # A stretch past the week's end meets the other side's Monday, hence the shifts.
        for shift in (-_WEEK, 0, _WEEK)
        if min(end, high + shift) > max(start, low + shift)
    }
    return tuple(sorted(pieces))
