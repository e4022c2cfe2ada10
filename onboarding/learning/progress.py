"""Where a learner stands on a path: what is done, open, locked or late, and the next step."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

from onboarding.content import Label, Reason, Slug, Value, Words
from onboarding.learning.events import Event
from onboarding.learning.records import Record, belongs, record_of
from onboarding.paths.paths import Module, Path
from onboarding.sentences import Sentences


class ModuleState(StrEnum):
    """``done``: finished without a quiz; ``passed``: with one; ``late``: open and past its date."""

    LOCKED = "locked"
    OPEN = "open"
    LATE = "late"
    DONE = "done"
    PASSED = "passed"
    EXEMPTED = "exempted"


class ModuleProgress(Value):
    """Where one module stands; ``late_days`` are calendar days, until today or until it was finished.

    ``seconds`` is the time really spent; ``is_package_done`` and ``is_attended`` are ``None`` where the module has no
    package or no class.
    """

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
    is_quiz_passed: bool | None
    is_package_done: bool | None
    package_percent: int | None
    is_attended: bool | None
    exempted_on: date | None
    seconds: int
    minutes: int
    minutes_done: int
    waits_for: tuple[Slug, ...]
    reason: Reason


class StepKind(StrEnum):
    """What the learner does next."""

    WAIT = "wait"
    READ_PAGE = "read_page"
    RUN_PACKAGE = "run_package"
    TAKE_QUIZ = "take_quiz"
    ATTEND_CLASS = "attend_class"
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

    ``percent`` weighs modules by their average minutes, each page, quiz, package and class being an equal share of its
    module; it is rounded down, so that 100 means finished. ``late_days`` is the longest delay among
    unfinished modules. ``seconds`` is the time really spent.
    """

    path: Slug
    edition: str
    title: Label
    percent: int
    is_complete: bool
    completed_on: date | None
    minutes: int
    minutes_done: int
    seconds: int
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
    told: dict[str, list[Event]] = {module.slug: [] for module in path.modules}
    ignored = 0
    for event in events:
        module = path.module(event.module)
        if module is not None and belongs(module, event):
            told[module.slug].append(event)
        else:
            ignored += 1
    records = {module.slug: record_of(module, told[module.slug]) for module in path.modules}
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
    return _whole(path, modules, ignored=ignored, sentences=sentences)


def _standing(
    path: Path,
    module: Module,
    record: Record,
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
        is_quiz_passed=record.is_quiz_passed if module.quiz else None,
        is_package_done=record.is_package_done if module.package else None,
        package_percent=record.package_percent,
        is_attended=record.is_attended if module.live else None,
        exempted_on=record.exempted_on,
        seconds=record.seconds,
        minutes=module.minutes,
        minutes_done=module.minutes if is_complete else module.minutes * record.parts_done // record.parts,
        waits_for=waits_for,
        reason=_reason(path, module, record, state, late_days, waits_for, left, sentences),
    )


def _state(module: Module, record: Record, *, is_locked: bool, is_late: bool) -> ModuleState:
    if record.completed_on is not None:
        if record.exempted_on == record.completed_on:
            return ModuleState.EXEMPTED
        return ModuleState.PASSED if record.is_quiz_passed else ModuleState.DONE
    if is_locked:
        return ModuleState.LOCKED
    return ModuleState.LATE if is_late else ModuleState.OPEN


def _reason(
    path: Path,
    module: Module,
    record: Record,
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
            has_read_all = record.parts == len(module.pages) == len(record.pages)
            return sentences.reason("module_done" if has_read_all else "module_ended", module=title)
        case ModuleState.EXEMPTED:
            return sentences.reason("module_exempted", module=title)
        case ModuleState.LOCKED if waits_for:
            before = path.module(waits_for[0])
            return sentences.reason("module_locked", module=title, before=before.title if before else title)
        case ModuleState.LOCKED:
            return sentences.reason("module_not_begun", module=title)
    if left == 0 and not record.is_quiz_passed:
        return sentences.reason("attempts_used", module=title, count=record.attempts)
    read, of = len(record.pages), len(module.pages)
    if not of or record.is_quiz_passed:
        code = "module_overdue" if state is ModuleState.LATE else "module_to_do"
        days = {"days": late_days} if state is ModuleState.LATE else {}
        return sentences.reason(code, module=title, **days)
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
        seconds=sum(module.seconds for module in modules),
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
    steps = [step for standing in reachable for step in _steps_in(path, standing, sentences)]
    alone = [step for step in steps if step.kind not in (StepKind.ASK_TRAINER, StepKind.ATTEND_CLASS)]
    waiting = NextStep(kind=StepKind.WAIT, text=sentences.words("step_wait"))
    return next(iter([*alone, *steps, waiting]))


def _steps_in(path: Path, standing: ModuleProgress, sentences: Sentences) -> Iterable[NextStep]:
    """What is left to do in an open module, in the order of work: read, run the package, take the quiz, attend."""
    module = path.module(standing.module)
    assert module is not None
    here, title = module.slug, module.title
    if not standing.is_quiz_passed:
        for page in module.pages:
            if page.slug not in standing.pages_read:
                text = sentences.words("step_read", module=title, page=page.title)
                yield NextStep(kind=StepKind.READ_PAGE, module=here, page=page.slug, text=text)
                break
    if standing.is_package_done is False:
        yield NextStep(
            kind=StepKind.RUN_PACKAGE, module=here, text=sentences.words("step_package", module=title)
        )
    if standing.is_quiz_passed is False:
        has_tries = standing.attempts_left != 0
        kind, code = (StepKind.TAKE_QUIZ, "step_quiz") if has_tries else (StepKind.ASK_TRAINER, "step_ask")
        yield NextStep(kind=kind, module=here, text=sentences.words(code, module=title))
    if standing.is_attended is False:
        yield NextStep(
            kind=StepKind.ATTEND_CLASS, module=here, text=sentences.words("step_class", module=title)
        )
