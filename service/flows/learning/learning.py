"""A learner's work on a path: what happens is noted once, and where that leaves them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning import progress
from onboarding.learning.events import (
    AttemptsGranted,
    CarriedOver,
    ClassAttended,
    Event,
    Exempted,
    PackageCompleted,
    PageRead,
    QuizMarked,
)
from onboarding.learning.progress import ModuleProgress, ModuleState, Progress
from onboarding.paths.paths import Module, Path
from service.flows.continuous import refreshers
from service.flows.learning import kept_standing
from service.flows.matching import ledger
from service.flows.paths import paths
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Gone, InBoth, NotFound
from service.runtime.log import log
from service.store import audit
from service.store.learning import assignments
from service.store.learning.assignments import AssignmentFacts, EventFacts
from service.tables.training import Assignment, LearningEvent

LONGEST_SECONDS = 86_400
"""Nothing longer than a day was one sitting."""


def time_spent(seconds: int, *, editions: Editions, today: date) -> int:
    """What of a sitting counts as time really spent: at most the longest one of the rules in force."""
    return max(0, min(seconds, editions.term_rules_on(today).longest_sitting_minutes * 60))


def standing(facts: AssignmentFacts, *, editions: Editions, today: date) -> Progress:
    """Where a learner stands on the edition begun, from everything that happened; Gone when it was withdrawn."""
    path = paths.as_begun(editions, facts.path, facts.edition)
    return progress.progress(
        path,
        start=facts.start_date,
        due_dates=paths.dates_of(path, facts.start_date, facts.due_dates),
        events=tuple(_events(facts.events)),
        today=today,
        sentences=paths.sentences_in_force(editions, today),
    )


def standings(
    found: Iterable[AssignmentFacts], *, editions: Editions, today: date
) -> tuple[tuple[AssignmentFacts, Progress], ...]:
    """Each assignment of a list with where it stands.

    One whose edition was withdrawn cannot be told and is left out, with a line in the log: a list of everybody must not
    stop at it.
    """
    told = []
    for facts in found:
        try:
            told.append((facts, standing(facts, editions=editions, today=today)))
        except Gone:
            log.warning("edition_withdrawn", path=facts.path, edition=facts.edition)
    return tuple(told)


def _events(events: Sequence[EventFacts]) -> Iterable[Event]:
    for event in events:
        module, name, on, spent = event.module, str(event.id), civil_date(event.at), event.seconds
        match event.kind:
            case assignments.PAGE_READ:
                yield PageRead(module=module, page=str(event.detail["page"]), on=on, seconds=spent)
            case assignments.QUIZ_MARKED:
                yield QuizMarked(
                    module=module, attempt=name, percent=event.mark_percent or 0,
                    passed=bool(event.is_passed), on=on, seconds=spent,
                )  # fmt: skip
            case assignments.ATTEMPTS_GRANTED:
                yield AttemptsGranted(module=module, grant=name, count=int(event.detail["count"]), on=on)
            case assignments.PACKAGE_COMPLETED:
                yield PackageCompleted(
                    module=module, attempt=str(event.detail["attempt"]), percent=event.mark_percent,
                    passed=bool(event.is_passed), on=on, seconds=spent,
                )  # fmt: skip
            case assignments.CLASS_ATTENDED:
                held = date.fromisoformat(event.detail["on"])
                yield ClassAttended(module=module, session=event.detail["session"], on=held, seconds=spent)
            case assignments.EXEMPTED:
                yield Exempted(module=module, exemption=str(event.detail["exemption"]), on=on)
            case assignments.CARRIED_OVER:
                done_on = date.fromisoformat(event.detail["on"])
                yield CarriedOver(module=module, edition=str(event.detail["edition"]), on=done_on)


async def progress_of(
    session: AsyncSession, actor: Actor, candidate_id: UUID, *, editions: Editions, now: datetime
) -> tuple[tuple[AssignmentFacts, Progress], ...]:
    """Each path of one person with where they stand; what is due soonest first."""
    found = await assignments.all_of(session, actor, candidate_id)
    return standings(found, editions=editions, today=civil_date(now))


def module_standing(progressed: Progress, module: str) -> ModuleProgress:
    return next(one for one in progressed.modules if one.module == module)


async def open_module(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    module: str,
    *,
    editions: Editions,
    now: datetime,
) -> tuple[AssignmentFacts, Path, Module, Progress]:
    """A module that its learner may work on now; Conflict, with the reason, while it is locked."""
    facts = await assignments.facts_of(session, actor, assignment_id)
    path, found = paths.module_followed(editions, facts.path, facts.edition, module)
    progressed = standing(facts, editions=editions, today=civil_date(now))
    here = module_standing(progressed, module)
    if here.state is ModuleState.LOCKED:
        raise Conflict(InBoth(here.reason.text.fr, here.reason.text.en), code="module-locked")
    return facts, path, found, progressed


async def read_page(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    module: str,
    page: str,
    *,
    editions: Editions,
    now: datetime,
    seconds: int = 0,
) -> Progress:
    """Note that a page was read to its end, once, however often it is said; where that leaves the learner.

    `seconds` is the time spent on it: what is over the longest sitting of the rules in force is not counted.
    """
    row = await assignments.assignment_row(session, actor, assignment_id)
    _, _, found, _ = await open_module(session, actor, row.id, module, editions=editions, now=now)
    if all(one.slug != page for one in found.pages):
        raise NotFound
    await record(
        session,
        LearningEvent(
            id=uuid5(row.id, f"page {module} {page}"),
            assignment_id=row.id,
            module=module,
            kind=assignments.PAGE_READ,
            detail={"page": page},
            seconds=time_spent(seconds, editions=editions, today=civil_date(now)),
            at=now,
        ),
        actor=actor,
    )
    return await rewrite(session, actor, row, editions=editions, now=now)


async def note_package(
    session: AsyncSession,
    actor: Actor,
    row: Assignment,
    module: str,
    *,
    attempt: str,
    passed: bool,
    percent: int | None,
    seconds: int,
    editions: Editions,
    now: datetime,
) -> Progress:
    """Note how a run of the module's package ended; `row` comes from `assignments.assignment_row`.

    The same end of the same attempt told again changes nothing, and what was passed once stays passed. NotFound when
    the module has no package. `seconds` is the whole time of the attempt, cut at a day.
    """
    if paths.module_of(paths.as_begun(editions, row.path, row.edition), module).package is None:
        raise NotFound
    await record(
        session,
        LearningEvent(
            id=uuid5(row.id, f"package {module} {attempt} {passed} {percent}"), assignment_id=row.id,
            module=module, kind=assignments.PACKAGE_COMPLETED, detail={"attempt": attempt}, mark_percent=percent,
            is_passed=passed, seconds=min(seconds, LONGEST_SECONDS), at=now,
        ),
        actor=actor,
    )  # fmt: skip
    return await rewrite(session, actor, row, editions=editions, now=now)


async def note_attendance(
    session: AsyncSession,
    actor: Actor,
    candidate_id: UUID,
    *,
    module: str,
    path: str,
    session_id: UUID,
    minutes: int,
    editions: Editions,
    now: datetime,
    held_on: date | None = None,
) -> tuple[UUID, ...]:
    """Note that somebody was at a class held for a module, on each of their unfinished assignments of that path.

    On the latest one when all are finished; nothing when the path was never theirs. Returns the assignments touched.
    The caller has checked who is asking. `held_on` is the day of the class, today when it is left out.
    """
    rows = await assignments.rows_of_path(session, candidate_id, path=path)
    touched = [row for row in rows if not row.is_complete] or list(rows[:1])
    teaching = [row for row in touched if _has_class(row, module, editions=editions)]
    for row in teaching:
        await record(
            session,
            LearningEvent(
                id=uuid5(row.id, f"class {module} {session_id}"), assignment_id=row.id, module=module,
                kind=assignments.CLASS_ATTENDED, seconds=min(minutes * 60, LONGEST_SECONDS), at=now,
                detail={"session": str(session_id), "on": (held_on or civil_date(now)).isoformat()},
            ),
            actor=actor,
        )  # fmt: skip
        await rewrite(session, actor, row, editions=editions, now=now)
    return tuple(row.id for row in teaching)


def _has_class(row: Assignment, module: str, *, editions: Editions) -> bool:
    path = editions.paths.get((row.path, row.edition))
    found = path.module(module) if path else None
    return found is not None and found.live is not None


async def note_exemption(
    session: AsyncSession,
    actor: Actor,
    row: Assignment,
    module: str,
    *,
    exemption: UUID,
    editions: Editions,
    now: datetime,
) -> Progress:
    """Note that a proof was accepted in place of a module, by the decision `exemption`; told again, nothing changes."""
    paths.module_of(paths.as_begun(editions, row.path, row.edition), module)
    await record(
        session,
        LearningEvent(
            id=uuid5(row.id, f"exempted {module} {exemption}"), assignment_id=row.id, module=module,
            kind=assignments.EXEMPTED, detail={"exemption": str(exemption)}, at=now,
        ),
        actor=actor,
    )  # fmt: skip
    return await rewrite(session, actor, row, editions=editions, now=now)


async def carry_over(
    session: AsyncSession,
    actor: Actor,
    row: Assignment,
    done: Mapping[str, date],
    *,
    left: str,
    now: datetime,
) -> None:
    """Note that modules were finished on these days in the edition `left`: they stay so, whatever a later one asks."""
    for module, on in done.items():
        await record(
            session,
            LearningEvent(
                id=uuid5(row.id, f"carried over {module} {left}"), assignment_id=row.id, module=module,
                kind=assignments.CARRIED_OVER, detail={"edition": left, "on": on.isoformat()}, at=now,
            ),
            actor=actor,
        )  # fmt: skip


async def record(session: AsyncSession, event: LearningEvent, *, actor: Actor) -> None:
    """Append the event unless it is there: the id says what happened, so a twin is the same row."""
    if await session.get(LearningEvent, event.id) is not None:
        return
    try:
        async with session.begin_nested():
            session.add(event)
    except IntegrityError:
        return
    audit.record(
        session, actor, action=f"learning.{event.kind}", subject=("assignment", event.assignment_id),
        now=event.at, detail={"module": event.module, "event": str(event.id)},
    )  # fmt: skip


async def rewrite(
    session: AsyncSession, actor: Actor, row: Assignment, *, editions: Editions, now: datetime
) -> Progress:
    """Bring the standing kept beside the assignment, the person's skills and refreshers up to its events."""
    facts = await assignments.facts_of(session, actor, row.id)
    progressed = standing(facts, editions=editions, today=civil_date(now))
    moved_on = max((civil_date(event.at) for event in facts.events), default=None)
    path = paths.as_begun(editions, row.path, row.edition)
    renews = await session.get(Assignment, row.renews_id) if row.renews_id else None
    renewed = editions.paths.get((renews.path, renews.edition)) if renews else None
    begun = max(civil_date(now), facts.start_date)
    shown = progressed if begun == civil_date(now) else standing(facts, editions=editions, today=begun)
    kept_standing.keep(row, shown, moved_on=moved_on)
    kept_standing.keep_term(row, path, renews=renewed)
    await session.flush()
    await ledger.note_training(session, row, path, progressed, editions=editions, now=now)
    await refreshers.note_training(session, row, progressed, facts.events, editions=editions, now=now)
    return progressed
