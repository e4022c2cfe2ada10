"""Who follows which path from when, and everything that happened on the way."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.store import reach
from service.store.learning.cohorts import name_of
from service.tables.people import Candidate
from service.tables.training import Assignment, Cohort, LearningEvent

PAGE_READ = "page_read"
QUIZ_MARKED = "quiz_marked"
ATTEMPTS_GRANTED = "attempts_granted"
PACKAGE_COMPLETED = "package_completed"
CLASS_ATTENDED = "class_attended"
EXEMPTED = "exempted"
CARRIED_OVER = "carried_over"


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class EventFacts(_Facts):
    """One thing that happened in one module."""

    id: UUID
    assignment_id: UUID
    module: str
    kind: str
    detail: dict[str, Any]
    mark_percent: int | None
    is_passed: bool | None
    seconds: int
    at: datetime


class SittingFacts(_Facts):
    """An hour set apart for one module in the person's own week; `from_minute` counts from midnight."""

    module: str
    day: date
    from_minute: int
    minutes: int


class AssignmentFacts(_Facts):
    """One path given to one person, with the events when they were asked for (oldest first).

    `due_dates` are those set for this person, module by module; the others count from the start.
    """

    id: UUID
    candidate_id: UUID
    person: str
    cohort_id: UUID | None
    cohort: str
    path: str
    edition: str
    start_date: date
    assigned_at: datetime
    percent: int
    is_complete: bool
    next_due: date
    completed_on: date | None
    expires_on: date | None
    renewal_on: date | None
    renews_id: UUID | None
    due_dates: Mapping[str, date] = {}
    sittings: tuple[SittingFacts, ...] = ()
    version: int
    events: tuple[EventFacts, ...] = ()


class Wanted(_Facts):
    """Which assignments of a list: every filter left out lets everything pass."""

    candidate_id: UUID | None = None
    cohort_id: UUID | None = None
    path: str | None = None
    late_on: date | None = None


Position = tuple[bool, date, UUID]
"""Where a page of assignments ends: unfinished ones first, then what is due soonest."""


def assignments_within(actor: Actor) -> ColumnElement[bool]:
    return col(Assignment.candidate_id).in_(select(col(Candidate.id)).where(reach.candidates_within(actor)))


async def page_of(
    session: AsyncSession, actor: Actor, wanted: Wanted, *, limit: int, after: Position | None = None
) -> tuple[AssignmentFacts, ...]:
    """One page with its events in two queries, whatever its length: what is late or due soonest comes first."""
    order = (col(Assignment.is_complete), col(Assignment.next_due), col(Assignment.id))
    query = _facts(actor).where(*_filters(wanted)).order_by(*order).limit(limit)
    if after is not None:
        bounds = (
            sa.literal(after[0], sa.Boolean),
            sa.literal(after[1], sa.Date),
            sa.literal(after[2], sa.Uuid),
        )
        query = query.where(sa.tuple_(*order) > sa.tuple_(*bounds))
    return await with_events(session, [_read(row) for row in await session.execute(query)])


def position_of(facts: AssignmentFacts) -> Position:
    return (facts.is_complete, facts.next_due, facts.id)


def _filters(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.candidate_id is not None:
        yield col(Assignment.candidate_id) == wanted.candidate_id
    if wanted.cohort_id is not None:
        yield col(Assignment.cohort_id) == wanted.cohort_id
    if wanted.path is not None:
        yield col(Assignment.path) == wanted.path
    if wanted.late_on is not None:
        yield col(Assignment.is_complete).is_(False)
        yield col(Assignment.next_due) < wanted.late_on


def _facts(actor: Actor) -> sa.Select[Assignment, str, str, str, str]:
    return (
        select(
            Assignment,
            col(Candidate.given_name),
            col(Candidate.family_name),
            col(Candidate.pseudonym),
            col(Cohort.name),
        )
        .join(Candidate, col(Candidate.id) == col(Assignment.candidate_id))
        .join(Cohort, col(Cohort.id) == col(Assignment.cohort_id), isouter=True)
        .where(reach.candidates_within(actor))
    )


_AS_KEPT = AssignmentFacts.model_fields.keys() & Assignment.model_fields.keys() - {"due_dates", "sittings"}


def _read(row: Sequence[Any]) -> AssignmentFacts:
    assignment, given_name, family_name, pseudonym, cohort = row
    return AssignmentFacts(
        **assignment.model_dump(include=_AS_KEPT),
        due_dates=assignment.due_dates or {},
        sittings=tuple(assignment.sittings or ()),
        person=name_of(given_name, family_name, pseudonym),
        cohort=cohort or "",
    )


async def with_events(session: AsyncSession, found: Sequence[AssignmentFacts]) -> tuple[AssignmentFacts, ...]:
    """The same assignments, each with what happened on it."""
    if not found:
        return ()
    rows = await session.scalars(
        select(LearningEvent)
        .where(col(LearningEvent.assignment_id).in_([facts.id for facts in found]))
        .order_by(col(LearningEvent.at), col(LearningEvent.id))
    )
    events: dict[UUID, list[EventFacts]] = {}
    for row in rows:
        events.setdefault(row.assignment_id, []).append(EventFacts.model_validate(row))
    return tuple(facts.model_copy(update={"events": tuple(events.get(facts.id, ()))}) for facts in found)


async def many_of(
    session: AsyncSession, actor: Actor, assignment_ids: Sequence[UUID]
) -> tuple[AssignmentFacts, ...]:
    """These assignments with their events, in two queries; those out of reach are left out."""
    if not assignment_ids:
        return ()
    query = _facts(actor).where(col(Assignment.id).in_(assignment_ids)).order_by(col(Assignment.id))
    return await with_events(session, [_read(row) for row in await session.execute(query)])


async def rows_to_change(
    session: AsyncSession, actor: Actor, assignment_ids: Sequence[UUID]
) -> tuple[Assignment, ...]:
    """These assignments within reach to change, held until the end of the transaction in the order of their ids."""
    query = select(Assignment).where(col(Assignment.id).in_(assignment_ids), assignments_within(actor))
    return tuple(await session.scalars(query.order_by(col(Assignment.id)).with_for_update()))


async def facts_of(session: AsyncSession, actor: Actor, assignment_id: str | UUID) -> AssignmentFacts:
    """One assignment with its events, if its person is within reach."""
    query = _facts(actor).where(col(Assignment.id) == reach.id_of(assignment_id))
    row = (await session.execute(query)).first()
    if row is None:
        raise NotFound
    return (await with_events(session, [_read(row)]))[0]


async def all_of(session: AsyncSession, actor: Actor, candidate_id: UUID) -> tuple[AssignmentFacts, ...]:
    """Everything given to one person, with events; what is due soonest first."""
    return await page_of(session, actor, Wanted(candidate_id=candidate_id), limit=200)


async def assignment_row(session: AsyncSession, actor: Actor, assignment_id: str | UUID) -> Assignment:
    """The row to change, held until the end of the transaction so that two events cannot cross."""
    row = await session.scalar(
        select(Assignment)
        .where(col(Assignment.id) == reach.id_of(assignment_id), assignments_within(actor))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


async def rows_of_path(session: AsyncSession, candidate_id: UUID, *, path: str) -> tuple[Assignment, ...]:
    """Rows of one path of one person, held for a change; unfinished ones first, then the latest start.

    The caller has checked who is asking.
    """
    rows = await session.scalars(
        select(Assignment)
        .where(col(Assignment.candidate_id) == candidate_id, col(Assignment.path) == path)
        .order_by(col(Assignment.is_complete), col(Assignment.start_date).desc(), col(Assignment.id))
        .with_for_update()
    )
    return tuple(rows)


async def has_twin(session: AsyncSession, row: Assignment, *, edition: str, start_date: date) -> bool:
    """Whether the person has the same path in that edition from that day besides this row."""
    found = await session.scalar(
        select(col(Assignment.id))
        .where(
            col(Assignment.candidate_id) == row.candidate_id,
            col(Assignment.path) == row.path,
            col(Assignment.edition) == edition,
            col(Assignment.start_date) == start_date,
            col(Assignment.id) != row.id,
        )
        .limit(1)
    )
    return found is not None


async def event_of(session: AsyncSession, assignment_id: UUID, event_id: str | UUID) -> EventFacts:
    """One event of one assignment that the caller was already allowed to see."""
    row = await session.get(LearningEvent, reach.id_of(event_id))
    if row is None or row.assignment_id != assignment_id:
        raise NotFound
    return EventFacts.model_validate(row)


async def given_already(
    session: AsyncSession, candidate_ids: Iterable[UUID], *, path: str, cohort_id: UUID | None
) -> frozenset[UUID]:
    """Those who are still on this path, or had it with this very group: nobody gets it twice at a time."""
    same: ColumnElement[bool] = col(Assignment.is_complete).is_(False)
    if cohort_id is not None:
        same = sa.or_(same, col(Assignment.cohort_id) == cohort_id)
    found = await session.scalars(
        select(col(Assignment.candidate_id)).where(
            col(Assignment.candidate_id).in_(list(candidate_ids)), col(Assignment.path) == path, same
        )
    )
    return frozenset(found)


async def paths_of_cohort(session: AsyncSession, cohort_id: UUID) -> tuple[str, ...]:
    """The paths that a group was given."""
    found = await session.scalars(
        select(col(Assignment.path)).where(col(Assignment.cohort_id) == cohort_id).distinct()
    )
    return tuple(sorted(found))
