"""Giving a path: to one person, or to everybody of a group, each with their own dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.paths.paths import Path
from service.flows.learning import kept_standing, learning
from service.flows.paths import paths
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, NotFound, RuleBroken
from service.store import audit, reach
from service.store.learning import assignments, cohorts
from service.store.learning.assignments import ATTEMPTS_GRANTED, SittingFacts
from service.tables.training import Assignment, LearningEvent


@dataclass(frozen=True)
class Own:
    """What one person's assignment has of its own: dates of modules, hours set apart, the rule that gave it."""

    due_dates: Mapping[str, date] = field(default_factory=dict)
    sittings: tuple[SittingFacts, ...] = ()
    rule_id: UUID | None = None


NOTHING_OF_ONES_OWN = Own()

BACK = timedelta(days=366)
AHEAD = timedelta(days=731)


@dataclass(frozen=True)
class Given:
    """What came of giving a path: the new assignments, and who was already on it."""

    created: tuple[UUID, ...]
    already: tuple[UUID, ...]


def check_start(start_date: date, *, today: date) -> None:
    """A start lies within a year back and two ahead: anything else is a slip of the hand."""
    if not today - BACK <= start_date <= today + AHEAD:
        raise RuleBroken(
            "Choose a start within the past year or the next two.",
            faults=[Fault("/start_date", "range", "within the past year or the next two")],
        )


async def to_person(
    session: AsyncSession,
    actor: Actor,
    candidate_id: UUID,
    *,
    path: str,
    start_date: date,
    editions: Editions,
    now: datetime,
    cohort_id: UUID | None = None,
) -> Given:
    """Give one person a path; Conflict while they are still on it.

    With `cohort_id`, as somebody of that group who joined later.
    """
    try:
        await reach.candidate_row(session, actor, candidate_id)
    except NotFound:
        raise _unknown("/candidate_id", "nobody within your reach has this id") from None
    if cohort_id is not None and candidate_id not in await _members(session, actor, cohort_id):
        raise _unknown("/candidate_id", "this person is not in that group")
    given = await give(
        session, actor, [candidate_id], path=path, start_date=start_date, cohort_id=cohort_id,
        editions=editions, now=now,
    )  # fmt: skip
    if given.already:
        raise Conflict("This person is already on this path.", code="already-assigned")
    return given


async def to_cohort(
    session: AsyncSession,
    actor: Actor,
    cohort_id: UUID,
    *,
    path: str,
    start_date: date | None,
    editions: Editions,
    now: datetime,
) -> Given:
    """Give everybody of a group a path, from the group's start or another; those who have it keep theirs."""
    members = await _members(session, actor, cohort_id)
    if not members:
        raise RuleBroken(
            "Nobody is in this group yet. Add people first.",
            code="cohort-empty",
            faults=[Fault("/cohort_id", "empty", "add people to the group first")],
        )
    row = await cohorts.cohort_row(session, actor, cohort_id)
    return await give(
        session, actor, members, path=path, start_date=start_date or row.start_date, cohort_id=cohort_id,
        editions=editions, now=now,
    )  # fmt: skip


async def _members(session: AsyncSession, actor: Actor, cohort_id: UUID) -> tuple[UUID, ...]:
    try:
        await cohorts.cohort_row(session, actor, cohort_id)
    except NotFound:
        raise _unknown("/cohort_id", "no group within your reach has this id") from None
    return tuple(member.id for member in await cohorts.members_of(session, actor, cohort_id))


def _unknown(pointer: str, words: str) -> RuleBroken:
    return RuleBroken("Something named here is not known.", faults=[Fault(pointer, "unknown", words)])


async def give(
    session: AsyncSession,
    actor: Actor,
    candidate_ids: Sequence[UUID],
    *,
    path: str,
    start_date: date,
    cohort_id: UUID | None,
    editions: Editions,
    now: datetime,
    own: Own = NOTHING_OF_ONES_OWN,
) -> Given:
    """One assignment each, in the edition given today; people whom the caller already found within reach."""
    check_start(start_date, today=civil_date(now))
    edition = paths.to_assign(editions, path, today=civil_date(now))
    already = await assignments.given_already(session, candidate_ids, path=path, cohort_id=cohort_id)
    rows = [
        _assignment(actor, one, edition, start_date=start_date, cohort_id=cohort_id, own=own, now=now)
        for one in candidate_ids
        if one not in already
    ]
    kept_standing.begin(
        rows, edition, start=start_date, due_dates=paths.dates_of(edition, start_date, own.due_dates),
        sentences=paths.sentences_in_force(editions, civil_date(now)),
    )  # fmt: skip
    session.add_all(rows)
    for row in rows:
        audit.record(
            session, actor, action="assignment.create", subject=("candidate", row.candidate_id), now=now,
            detail={"assignment": str(row.id), "path": edition.slug, "edition": edition.edition},
        )  # fmt: skip
    await session.flush()
    return Given(tuple(row.id for row in rows), tuple(one for one in candidate_ids if one in already))


def _assignment(
    actor: Actor,
    candidate_id: UUID,
    path: Path,
    *,
    start_date: date,
    cohort_id: UUID | None,
    own: Own,
    now: datetime,
) -> Assignment:
    return Assignment(
        candidate_id=candidate_id,
        cohort_id=cohort_id,
        path=path.slug,
        edition=path.edition,
        start_date=start_date,
        assigned_by=actor.staff_id,
        assigned_at=now,
        next_due=start_date,
        moved_on=start_date,
        due_dates={slug: day.isoformat() for slug, day in own.due_dates.items()} or None,
        sittings=[one.model_dump(mode="json") for one in own.sittings] or None,
        rule_id=own.rule_id,
    )


async def grant_attempts(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    module: str,
    *,
    count: int,
    editions: Editions,
    now: datetime,
) -> None:
    """Open more attempts at a quiz that limits them."""
    row = await assignments.assignment_row(session, actor, assignment_id)
    limit = paths.module_of(paths.as_begun(editions, row.path, row.edition), module).attempts
    if limit is None:
        raise Conflict("This quiz may be taken as often as one likes.", code="attempts-unlimited")
    note_attempts(session, actor, row, module, count=count, now=now)
    await learning.rewrite(session, actor, row, editions=editions, now=now)
    await session.flush()


def note_attempts(
    session: AsyncSession, actor: Actor, row: Assignment, module: str, *, count: int, now: datetime
) -> None:
    """Note that attempts were opened; what is kept beside the assignment is the caller's to bring up to it."""
    session.add(
        LearningEvent(
            assignment_id=row.id, module=module, kind=ATTEMPTS_GRANTED, detail={"count": count}, at=now
        )
    )
    audit.record(
        session, actor, action="attempts.grant", subject=("candidate", row.candidate_id), now=now,
        detail={"assignment": str(row.id), "module": module, "count": count},
    )  # fmt: skip
