"""Where a learner stands on a path: what is done, open, locked or late, and the next step."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from onboarding.content import Label, Reason, Slug, Value, Words
from onboarding.paths import Module, Path
from onboarding.sentences import Sentences


class PageRead(Value):
    """A page was read to its end, ``on`` the learner's own calendar day."""

    kind: Literal["page_read"] = "page_read"
    module: Slug
    page: Slug
    on: date


class QuizMarked(Value):
    """A try at a quiz was marked. ``attempt`` names the try, so that the same one told twice counts once."""

    kind: Literal["quiz_marked"] = "quiz_marked"
    module: Slug
    attempt: str
    percent: StrictInt = Field(ge=0, le=100)
    passed: StrictBool
    on: date


class AttemptsGranted(Value):
    """A trainer opened ``count`` more tries of a quiz; ``grant`` names the grant, told twice it counts once."""

    kind: Literal["attempts_granted"] = "attempts_granted"
    module: Slug
    grant: str
    count: StrictInt = Field(ge=1, le=50)
    on: date


Event = Annotated[PageRead | QuizMarked | AttemptsGranted, Field(discriminator="kind")]


class ModuleState(StrEnum):
    """``done``: finished without a quiz; ``passed``: with one; ``late``: open and past its date."""

    LOCKED = "locked"
    OPEN = "open"
    LATE = "late"
    DONE = "done"
    PASSED = "passed"


class ModuleProgress(Value):
    """Where one module stands; ``late_days`` are calendar days, until today or until it was finished."""

    module: Slug
    title: Label
    state: ModuleState
    is_complete: bool
    completed_on: date | None
    due: date
    late_days: int
    pages_read: tuple[Slug, ...]
    pages: int
    attempts_used: int
    attempts_left: int | None
    best_percent: int | None
    minutes: int
    minutes_done: int
    waits_for: tuple[Slug, ...]
    reason: Reason


class StepKind(StrEnum):
    """What the learner does next."""

    WAIT = "wait"
    READ_PAGE = "read_page"
    TAKE_QUIZ = "take_quiz"
    ASK_TRAINER = "ask_trainer"
    FINISHED = "finished"


class NextStep(Value):
    """The one thing to do next, and where."""

    kind: StepKind
    module: Slug | None = None
    page: Slug | None = None
    text: Words


class Progress(Value):
    """Where a learner stands on one edition of a path.

    ``percent`` weighs modules by their average minutes, each page and each quiz being an equal share of its
    module; it is rounded down, so that 100 means finished. ``late_days`` is the longest delay among
    unfinished modules.
    """

    path: Slug
    edition: str
    title: Label
    percent: int
    is_complete: bool
    completed_on: date | None
    minutes: int
    minutes_done: int
    late_days: int
    late_modules: tuple[Slug, ...]
    next_step: NextStep
    next_due: date | None
    modules: tuple[ModuleProgress, ...]
    ignored: int
    reasons: tuple[Reason, ...]


def progress(
    path: Path,
    *,
    start: date,
    due_dates: Mapping[str, date],
    events: Sequence[Event],
    today: date,
    sentences: Sentences,
) -> Progress:
    """Facts in, standing out. The order of events does not matter, and more events never lower anything.

    ``due_dates`` come from ``schedule.due_dates``. Before ``start`` everything is locked: training needed
    to take calls is working time (L6321-2).
    What was passed stays passed, whatever came after. Events of modules or pages that this
    edition does not have are counted in ``ignored`` and change nothing.
    """
    known = tuple(event for event in events if _belongs(path, event))
    records = {m.slug: _record(m, [e for e in known if e.module == m.slug]) for m in path.modules}
    finished = {slug for slug, record in records.items() if record.completed_on is not None}
    modules = tuple(
        _standing(
            path,
            module,
            records[module.slug],
            finished=finished,
            due=due_dates[module.slug],
            today=today,
            has_begun=start <= today,
            sentences=sentences,
        )
        for module in path.modules
    )
    return _whole(path, modules, ignored=len(events) - len(known), sentences=sentences)


class _Record(Value):
    """What the events of one module amount to."""

    pages: tuple[Slug, ...]
    attempts: int
    granted: int
    best: int | None
    completed_on: date | None


def _belongs(path: Path, event: Event) -> bool:
    module = path.module(event.module)
    if module is None:
        return False
    if isinstance(event, PageRead):
        return any(page.slug == event.page for page in module.pages)
    return bool(module.quiz)


def _record(module: Module, events: Sequence[Event]) -> _Record:
    first_read: dict[str, date] = {}
    for event in events:
        if isinstance(event, PageRead):
            first_read[event.page] = min(event.on, first_read.get(event.page, event.on))
    marks = [event for event in events if isinstance(event, QuizMarked)]
    return _Record(
        pages=tuple(page.slug for page in module.pages if page.slug in first_read),
        attempts=len({event.attempt for event in marks}),
        granted=_granted(events),
        best=max((event.percent for event in marks), default=None),
        completed_on=_completed_on(module, first_read, marks),
    )


def _granted(events: Sequence[Event]) -> int:
    """Each grant once; should the same one ever be told with two counts, the larger holds."""
    grants: dict[str, int] = {}
    for event in events:
        if isinstance(event, AttemptsGranted):
            grants[event.grant] = max(event.count, grants.get(event.grant, 0))
    return sum(grants.values())


def _completed_on(module: Module, first_read: Mapping[str, date], marks: Sequence[QuizMarked]) -> date | None:
    """A quiz passed completes its module; without a quiz, the last of its pages does."""
    if module.quiz:
        return min((event.on for event in marks if event.passed), default=None)
    return max(first_read.values()) if len(first_read) == len(module.pages) else None


def _standing(
    path: Path,
    module: Module,
    record: _Record,
    *,
    finished: set[str],
    due: date,
    today: date,
    has_begun: bool,
    sentences: Sentences,
) -> ModuleProgress:
    waits_for = tuple(slug for slug in module.prerequisites if slug not in finished)
    late_days = max(0, ((record.completed_on or today) - due).days)
    state = _state(module, record, is_locked=bool(waits_for) or not has_begun, is_late=late_days > 0)
    left = None if module.attempts is None else max(0, module.attempts + record.granted - record.attempts)
    steps = len(module.pages) + bool(module.quiz)
    is_complete = record.completed_on is not None
    return ModuleProgress(
        module=module.slug,
        title=module.title,
        state=state,
        is_complete=is_complete,
        completed_on=record.completed_on,
        due=due,
        late_days=late_days,
        pages_read=record.pages,
        pages=len(module.pages),
        attempts_used=record.attempts,
        attempts_left=left,
        best_percent=record.best,
        minutes=module.minutes,
        minutes_done=module.minutes if is_complete else module.minutes * len(record.pages) // steps,
        waits_for=waits_for,
        reason=_reason(path, module, record, state, late_days, waits_for, left, sentences),
    )


def _state(module: Module, record: _Record, *, is_locked: bool, is_late: bool) -> ModuleState:
    if record.completed_on is not None:
        return ModuleState.PASSED if module.quiz else ModuleState.DONE
    if is_locked:
        return ModuleState.LOCKED
    return ModuleState.LATE if is_late else ModuleState.OPEN


def _reason(
    path: Path,
    module: Module,
    record: _Record,
    state: ModuleState,
    late_days: int,
    waits_for: Sequence[str],
    left: int | None,
    sentences: Sentences,
) -> Reason:
    title = module.title
    match state:
        case ModuleState.PASSED:
            return sentences.reason("module_passed", module=title, percent=record.best or 0)
        case ModuleState.DONE:
            return sentences.reason("module_done", module=title)
        case ModuleState.LOCKED if waits_for:
            before = path.module(waits_for[0])
            return sentences.reason("module_locked", module=title, before=before.title if before else title)
        case ModuleState.LOCKED:
            return sentences.reason("module_not_begun", module=title)
    if left == 0:
        return sentences.reason("attempts_used", module=title, count=record.attempts)
    read, of = len(record.pages), len(module.pages)
    if state is ModuleState.LATE:
        return sentences.reason("module_late", module=title, days=late_days, pages=read, of=of)
    return sentences.reason("module_open", module=title, pages=read, of=of)


def _whole(
    path: Path, modules: tuple[ModuleProgress, ...], *, ignored: int, sentences: Sentences
) -> Progress:
    done = sum(module.minutes_done for module in modules)
    unfinished = [module for module in modules if not module.is_complete]
    late = [module for module in unfinished if module.late_days]
    late_days = max((module.late_days for module in late), default=0)
    finished_on = [module.completed_on for module in modules if module.completed_on]
    reasons = [sentences.reason("path_percent", done=done, of=path.minutes)]
    if late:
        reasons.append(sentences.reason("path_late", count=len(late), days=late_days))
    return Progress(
        path=path.slug,
        edition=path.edition,
        title=path.title,
        percent=done * 100 // path.minutes,
        is_complete=not unfinished,
        completed_on=max(finished_on) if not unfinished else None,
        minutes=path.minutes,
        minutes_done=done,
        late_days=late_days,
        late_modules=tuple(module.module for module in late),
        next_step=_next_step(path, modules, sentences),
        next_due=min((module.due for module in unfinished), default=None),
        modules=modules,
        ignored=ignored,
        reasons=(*reasons, *(module.reason for module in modules)),
    )


def _next_step(path: Path, modules: Sequence[ModuleProgress], sentences: Sentences) -> NextStep:
    """The first module in path order where the learner can act alone; only then what needs someone else."""
    if all(module.is_complete for module in modules):
        return NextStep(kind=StepKind.FINISHED, text=sentences.words("step_finished"))
    reachable = [m for m in modules if m.state in (ModuleState.OPEN, ModuleState.LATE)]
    steps = [_step_in(path, standing, sentences) for standing in reachable]
    alone = [step for step in steps if step.kind is not StepKind.ASK_TRAINER]
    waiting = NextStep(kind=StepKind.WAIT, text=sentences.words("step_wait"))
    return next(iter([*alone, *steps, waiting]))


def _step_in(path: Path, standing: ModuleProgress, sentences: Sentences) -> NextStep:
    module = path.module(standing.module)
    assert module is not None
    for page in module.pages:
        if page.slug not in standing.pages_read:
            text = sentences.words("step_read", module=module.title, page=page.title)
            return NextStep(kind=StepKind.READ_PAGE, module=module.slug, page=page.slug, text=text)
    has_tries = standing.attempts_left != 0
    kind, code = (StepKind.TAKE_QUIZ, "step_quiz") if has_tries else (StepKind.ASK_TRAINER, "step_ask")
    return NextStep(kind=kind, module=module.slug, text=sentences.words(code, module=module.title))
