"""Where each task of a placement stands on one day: by when, whether it counts as done, and why not."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from onboarding.content import Label, Slug, Value, Words
from onboarding.day_one.checklists import Checklist, DigestRules, Owner, Task, TaskState
from onboarding.learning.schedule import WorkingDays, add_working_days

_LONGEST_CLOSURE_DAYS = 366


class Window(Value):
    """The days on which something may be done: from ``opens`` to ``closes``, both included."""

    opens: date
    closes: date


class Recorded(Value):
    """How one task is recorded: the day it was done, for which start, and until when what was shown holds.

    What was done keeps its day when it no longer counts, so that a start put back finds it again.
    """

    state: TaskState = TaskState.OPEN
    done_on: date | None = None
    done_for: date | None = None
    holds_until: date | None = None


class TaskStanding(Value):
    """One task on one day. ``is_settled``: nobody has to act. ``why`` says what its own words cannot."""

    slug: Slug
    owner: Owner
    title: Label
    action: Words
    source: str
    gate: bool
    optional: bool
    due_on: date
    opens_on: date | None
    state: TaskState
    is_settled: bool
    is_late: bool
    can_begin: bool
    done_on: date | None
    why: Words | None


def due_on(task: Task, *, start: date, known_since: date, working_days: WorkingDays) -> date:
    """The last day to do it in time; a day of the task's own stays."""
    if task.on is not None:
        return task.on
    return counted_from(start, task.due, known_since=known_since, working_days=working_days)


def counted_from(start: date, count: int, *, known_since: date, working_days: WorkingDays) -> date:
    """So many working days from day one, never before the first working day on which this start was known.

    A start that is itself a closed day keeps its date, and days are counted from it both ways. What was known when
    little time was left is due at once, and before the start all the same. A start put into the past gives no grace.
    """
    wanted = _counted(start, count, working_days)
    if wanted >= known_since or start < known_since:
        return wanted
    return min(add_working_days(known_since, 0, working_days=working_days), start)


def _counted(start: date, count: int, working_days: WorkingDays) -> date:
    """
    >>> from onboarding.learning.schedule import weekdays_except
    >>> works = weekdays_except({date(2026, 12, 25)})
    >>> [_counted(date(2026, 12, 28), n, works).isoformat() for n in (-2, -1, 0, 1)]
    ['2026-12-23', '2026-12-24', '2026-12-28', '2026-12-29']
    """
    day = start
    for _ in range(abs(count)):
        day = _next(day, 1 if count > 0 else -1, working_days)
    return day


def _next(day: date, step: int, working_days: WorkingDays) -> date:
    for ahead in range(1, _LONGEST_CLOSURE_DAYS):
        if working_days(day + timedelta(days=step * ahead)):
            return day + timedelta(days=step * ahead)
    raise ValueError(f"no working day within a year of {day.isoformat()}")


def standing(
    checklist: Checklist,
    task: Task,
    recorded: Recorded,
    *,
    due: date,
    start: date,
    today: date,
    windows: Mapping[str, Window],
) -> TaskStanding:
    """How a task stands: done counts only for this start where it must, and only while what was shown still holds."""
    window = windows.get(task.window) if task.window else None
    why = _doubt(checklist, task, recorded, start=start)
    is_done = recorded.done_on is not None and why is None
    is_settled = is_done or recorded.state is TaskState.SET_ASIDE
    if not is_settled and why is None and window is not None:
        why = _of_window(checklist, window, today)
    return TaskStanding(
        slug=task.slug, owner=task.owner, title=task.title, action=task.action, source=task.source,
        gate=task.gate, optional=task.optional, due_on=due, opens_on=window.opens if window else None,
        state=TaskState.DONE if is_done else TaskState.SET_ASIDE if is_settled else TaskState.OPEN,
        is_settled=is_settled, is_late=not is_settled and not task.optional and today > due,
        can_begin=window is None or today >= window.opens,
        done_on=recorded.done_on if is_done else None, why=None if is_settled else why,
    )  # fmt: skip


def _doubt(checklist: Checklist, task: Task, recorded: Recorded, *, start: date) -> Words | None:
    """Why something done does not count for this start; None when it counts, or was never done."""
    if recorded.done_on is None:
        return None
    if task.for_this_start and recorded.done_for is not None and recorded.done_for != start:
        return _said(checklist, "again_for_new_start", recorded.done_for)
    if task.holds_on_day_one and recorded.holds_until is not None and recorded.holds_until < start:
        return _said(checklist, "ends_before_start", recorded.holds_until)
    return None


def _of_window(checklist: Checklist, window: Window, today: date) -> Words:
    if today < window.opens:
        return _said(checklist, "window_opens", window.opens)
    if today > window.closes:
        return _said(checklist, "window_passed", window.closes)
    return _said(checklist, "window_open", window.closes)


def _said(checklist: Checklist, code: str, day: date) -> Words:
    month = checklist.months[day.month - 1]
    first = "1er" if day.day == 1 else str(day.day)
    return checklist.said(
        code, day_fr=f"{first} {month.fr} {day.year}", day_en=f"{day.day} {month.en} {day.year}"
    )


def is_for_digest(task: TaskStanding, *, rules: DigestRules, today: date) -> bool:
    """Whether the daily letter speaks of it: late or due soon, and possible by now; what is optional never is."""
    is_near = task.due_on <= today + timedelta(days=rules.ahead_days)
    return not task.is_settled and not task.optional and task.can_begin and is_near


def may_write_at(rules: DigestRules, local: datetime, *, is_holiday: bool) -> bool:
    """Whether the daily letters may leave at this moment, told by the wall clock of the place."""
    is_silent = is_holiday or local.isoweekday() in rules.silent_weekdays
    return not is_silent and rules.hour <= local.hour < rules.until_hour
