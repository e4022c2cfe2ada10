"""Hours of learning set apart inside somebody's own week: which module, on which day, from when, for how long."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import Field, StrictInt

from onboarding.content import Slug, Value
from onboarding.learning.board import BoardRules
from onboarding.learning.schedule import WorkingDays, moved_along
from onboarding.paths.paths import Path


class Stretch(Value):
    """Free time of one weekday (1 is Monday), in minutes after midnight."""

    weekday: StrictInt = Field(ge=1, le=7)
    from_minute: StrictInt = Field(ge=0, le=1440)
    to_minute: StrictInt = Field(ge=0, le=1440)


class Study(Value):
    """What is to be learned of one module, and how long it takes on average."""

    module: Slug
    minutes: StrictInt = Field(ge=1)


class Sitting(Value):
    """One stretch of learning on one day; ``from_minute`` counts from midnight, on the wall clock."""

    module: Slug
    day: date
    from_minute: int
    minutes: int


class Placement(Value):
    """Where everything to learn finds its hours; ``unplaced`` found none within the horizon.

    ``done_on`` is the last day, None while something is unplaced or nothing was to learn.
    """

    sittings: tuple[Sitting, ...]
    unplaced: tuple[Slug, ...]
    done_on: date | None

    def due(self) -> dict[Slug, date]:
        """Module -> the day of its last sitting, for those that are placed."""
        return {one.module: one.day for one in self.sittings if one.module not in self.unplaced}


def dates_around(
    placement: Placement, path: Path, *, counted: Mapping[str, date], works: WorkingDays
) -> dict[Slug, date]:
    """Dates of one's own where hours were placed: the day of a module's last sitting, or without one as many working
    days after what it waits for as the ``counted`` dates say, so that nothing is due before what must come first.

    A module that waits for nothing placed has no date of its own.
    """
    own = placement.due()
    for module in path.modules:
        if module.slug not in own:
            after = [
                moved_along(counted[module.slug], was=counted[slug], start=own[slug], working_days=works)
                for slug in module.prerequisites
                if slug in own
            ]
            if after:
                own[module.slug] = max(after)
    return own


def place(
    studies: Sequence[Study],
    *,
    week: Iterable[Stretch],
    first: date,
    works: WorkingDays,
    rules: BoardRules,
    busy: Iterable[Sitting] = (),
) -> Placement:
    """Set hours apart from ``first`` on, one module after another, as early as the person's week allows.

    Only days that ``works`` names, only between the hours and in the amounts of ``rules``, with a break after each
    sitting. A stretch too short for a sitting is left free, unless what is left of the module fits into it. ``busy``
    are hours that were set apart before, for something else.
    """
    taken: dict[date, list[Sitting]] = {}
    for one in busy:
        taken.setdefault(one.day, []).append(one)
    left = [_Rest(study.module, study.minutes) for study in studies]
    free = _free_by_weekday(week, rules)
    sittings: list[Sitting] = []
    for ahead in range(rules.horizon_days):
        day = first + timedelta(days=ahead)
        if not left:
            break
        if works(day):
            open_time = _without(free[day.isoweekday()], taken.get(day, []), rules)
            spent = sum(one.minutes for one in taken.get(day, []))
            sittings.extend(_day(day, open_time, left, rules, budget=rules.minutes_a_day - spent))
    return Placement(
        sittings=tuple(sittings),
        unplaced=tuple(rest.module for rest in left),
        done_on=sittings[-1].day if sittings and not left else None,
    )


@dataclass
class _Rest:
    """What is left of one module."""

    module: str
    minutes: int


def _day(
    day: date, free: Sequence[tuple[int, int]], left: list[_Rest], rules: BoardRules, *, budget: int
) -> Iterator[Sitting]:
    for start, end in free:
        at = start
        while left and budget > 0:
            rest = left[0]
            taken = min(rest.minutes, end - at, budget, rules.longest_minutes)
            if taken < min(rest.minutes, rules.shortest_minutes):
                break
            yield Sitting(module=rest.module, day=day, from_minute=at, minutes=taken)
            at, budget = at + taken + rules.break_minutes, budget - taken
            rest.minutes -= taken
            if not rest.minutes:
                left.pop(0)


def _without(
    free: Sequence[tuple[int, int]], taken: Sequence[Sitting], rules: BoardRules
) -> list[tuple[int, int]]:
    """What is left of a day's free time around hours set apart before, with a break on either side of them."""
    left = list(free)
    for one in taken:
        start = one.from_minute - rules.break_minutes
        end = one.from_minute + one.minutes + rules.break_minutes
        left = [
            piece
            for low, high in left
            for piece in ((low, min(high, start)), (max(low, end), high))
            if piece[0] < piece[1]
        ]
    return left


def _free_by_weekday(week: Iterable[Stretch], rules: BoardRules) -> dict[int, list[tuple[int, int]]]:
    """Each weekday's free time in order, joined where it touches, within the hours in which one learns."""
    free: dict[int, list[tuple[int, int]]] = {weekday: [] for weekday in range(1, 8)}
    for one in sorted(week, key=lambda one: (one.weekday, one.from_minute)):
        start = max(one.from_minute, rules.day_from_minute)
        end = min(one.to_minute, rules.day_to_minute)
        if start >= end:
            continue
        known = free[one.weekday]
        if known and start <= known[-1][1]:
            known[-1] = (known[-1][0], max(end, known[-1][1]))
        else:
            known.append((start, end))
    return free
