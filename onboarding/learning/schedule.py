"""When each module is due for one learner, counted in working days from the learner's own start."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from onboarding.paths.paths import Path

_LONGEST_CLOSURE_DAYS = 366

WorkingDays = Callable[[date], bool]


def weekdays_except(holidays: Collection[date]) -> WorkingDays:
    """Monday to Friday, less the holidays given.

    >>> works = weekdays_except({date(2026, 12, 25)})
    >>> works(date(2026, 12, 24)), works(date(2026, 12, 25)), works(date(2026, 12, 26))
    (True, False, False)
    """
    closed = frozenset(holidays)
    return lambda day: day.weekday() < 5 and day not in closed


def due_dates(path: Path, *, start: date, working_days: WorkingDays) -> Mapping[str, date]:
    """Module slug -> last day to finish it in time, in path order.

    A start on a closed day counts from the next working day; ``due_days: 0`` is that very day. A later
    start never gives an earlier date. ``working_days`` may be the learner's own week (part time). Raises
    ``ValueError`` when it names no working day for a year.
    """
    first = _next_working(start, working_days)
    reached = {0: first}
    for count in range(1, max(module.due_days for module in path.modules) + 1):
        reached[count] = _next_working(reached[count - 1] + timedelta(days=1), working_days)
    return MappingProxyType({module.slug: reached[module.due_days] for module in path.modules})


def add_working_days(start: date, count: int, *, working_days: WorkingDays) -> date:
    """The day that lies ``count`` working days after the first working day on or after ``start``.

    >>> add_working_days(date(2026, 11, 20), 1, working_days=weekdays_except(()))
    datetime.date(2026, 11, 23)
    """
    day = _next_working(start, working_days)
    for _ in range(count):
        day = _next_working(day + timedelta(days=1), working_days)
    return day


def moved_along(day: date, *, was: date, start: date, working_days: WorkingDays) -> date:
    """The day that lies as many working days after ``start`` as ``day`` does after the start that was.

    Moved there and back, a working day is the day that it was: the days are counted, not the calendar shifted.

    >>> works = weekdays_except(())
    >>> moved_along(date(2026, 11, 25), was=date(2026, 11, 23), start=date(2026, 11, 27), working_days=works)
    datetime.date(2026, 12, 1)
    """
    first = _next_working(was, working_days)
    after = sum(working_days(first + timedelta(days=ahead)) for ahead in range(1, (day - first).days + 1))
    return add_working_days(start, after, working_days=working_days)


def _next_working(day: date, working_days: WorkingDays) -> date:
    for ahead in range(_LONGEST_CLOSURE_DAYS):
        if working_days(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    raise ValueError(f"no working day in the year after {day.isoformat()}")
