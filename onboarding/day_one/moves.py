"""What another first day would do to each task of a placement, told before anything is moved."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from onboarding.content import Label, Slug, Value, Words
from onboarding.day_one.checklists import Checklist, Owner, Task
from onboarding.day_one.tasks import Recorded, TaskStanding, Window, due_on, standing
from onboarding.learning.schedule import WorkingDays


class ShiftKind(StrEnum):
    """Another day to do it by; to be done again; or done already, for the very day it goes back to."""

    MOVES = "moves"
    AGAIN = "again"
    STANDS_AGAIN = "stands_again"


class Shift(Value):
    """One task that changes with the first day. `why` says what makes something done count no longer."""

    slug: Slug
    title: Label
    owner: Owner
    kind: ShiftKind
    was_due: date
    due: date
    is_late: bool
    why: Words | None


def shift(
    checklist: Checklist,
    task: Task,
    recorded: Recorded,
    *,
    before: TaskStanding,
    start: date,
    today: date,
    working_days: WorkingDays,
    windows: Mapping[str, Window],
) -> Shift | None:
    """What becomes of a task when day one is put on `start` today; None when nothing does."""
    due = due_on(task, start=start, known_since=today, working_days=working_days)
    after = standing(checklist, task, recorded, due=due, start=start, today=today, windows=windows)
    kind = _kind(before, after)
    if kind is None:
        return None
    return Shift(
        slug=task.slug, title=task.title, owner=task.owner, kind=kind, was_due=before.due_on, due=due,
        is_late=after.is_late, why=after.why if kind is ShiftKind.AGAIN else None,
    )  # fmt: skip


def _kind(before: TaskStanding, after: TaskStanding) -> ShiftKind | None:
    if before.is_settled or after.is_settled:
        if before.is_settled is after.is_settled:
            return None
        return ShiftKind.AGAIN if before.is_settled else ShiftKind.STANDS_AGAIN
    return ShiftKind.MOVES if before.due_on != after.due_on else None
