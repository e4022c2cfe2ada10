"""What lists show of somebody's progress, kept beside the assignment so that no list reads an event."""

from collections.abc import Iterable, Mapping
from datetime import date

from onboarding.continuous.validity import term
from onboarding.learning.progress import ModuleProgress, ModuleState, Progress, progress
from onboarding.paths.paths import Path
from onboarding.sentences import Sentences
from service.tables.training import Assignment


def keep(row: Assignment, progressed: Progress, *, moved_on: date | None) -> None:
    """Write where the learner stands into the row; `moved_on` is the day of the newest event, None before the first."""
    row.percent, row.is_complete = progressed.percent, progressed.is_complete
    row.completed_on = progressed.completed_on
    row.next_due = progressed.next_due or row.next_due
    row.moved_on = max(row.start_date, moved_on) if moved_on else row.start_date
    row.modules_done = sum(module.is_complete for module in progressed.modules)
    row.unpassed = max((unpassed_in(module) for module in progressed.modules), default=0)
    row.waits_for_trainer = any(waits(module) for module in progressed.modules)
    step = progressed.next_step
    row.step, row.step_module, row.step_page = step.kind.value, step.module or "", step.page or ""


def keep_term(row: Assignment, path: Path, *, renews: Path | None = None) -> None:
    """Write how long the completion holds; a path that sets no term itself holds as long as the one it `renews`."""
    rules = path if renews is None or path.valid_months is not None else renews
    found = term(rules, completed_on=row.completed_on) if row.completed_on else None
    row.expires_on, row.renewal_on = (found.expires_on, found.renewal_on) if found else (None, None)


def unpassed_in(module: ModuleProgress) -> int:
    """Marked attempts at a quiz that is still to pass."""
    return 0 if module.is_complete or module.is_quiz_passed else module.attempts_used


def waits(module: ModuleProgress) -> bool:
    """Whether no attempt is left at a quiz that the learner could go on with."""
    return (
        module.attempts_left == 0
        and not module.is_quiz_passed
        and module.state in (ModuleState.OPEN, ModuleState.LATE)
    )


def begin(
    rows: Iterable[Assignment],
    path: Path,
    *,
    start: date,
    due_dates: Mapping[str, date],
    sentences: Sentences,
) -> None:
    """What lists show of a path that was only given, to many from one day: as on its first day, whenever that is."""
    started = progress(path, start=start, due_dates=due_dates, events=(), today=start, sentences=sentences)
    for row in rows:
        keep(row, started, moved_on=None)
