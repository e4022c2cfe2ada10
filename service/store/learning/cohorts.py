"""Groups that start together, and who is in them."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.store import reach
from service.tables.people import Candidate
from service.tables.programmes import Programme
from service.tables.training import Cohort, CohortMember


class CohortFacts(BaseModel):
    """One group as lists show it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    name: str
    programme_id: UUID | None
    programme: str
    start_date: date
    seats: int | None
    members: int
    created_at: datetime
    version: int


class PersonFacts(BaseModel):
    """One person by the name that lists show: the real one, else the pseudonym."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    name: str


class MemberFacts(PersonFacts):
    """One person of a group."""

    joined_at: datetime


def name_of(given_name: str, family_name: str, pseudonym: str) -> str:
    return f"{given_name} {family_name}".strip() or pseudonym


def cohorts_within(actor: Actor) -> ColumnElement[bool]:
    """Groups of the programmes within reach, and those one made oneself."""
    if actor.kind is ActorKind.SYSTEM:
        return sa.true()
    if actor.kind not in (ActorKind.STAFF, ActorKind.TOKEN):
        return sa.false()
    if actor.kind is ActorKind.STAFF and actor.role not in reach.PEOPLE_ROLES:
        return sa.false()
    if actor.sees_all_programmes:
        return sa.true()
    return sa.or_(col(Cohort.programme_id).in_(actor.programme_ids), col(Cohort.created_by) == actor.staff_id)


async def cohort_row(
    session: AsyncSession, actor: Actor, cohort_id: str | UUID, *, for_update: bool = False
) -> Cohort:
    """The group, if within reach."""
    query = select(Cohort).where(col(Cohort.id) == reach.id_of(cohort_id), cohorts_within(actor))
    row = await session.scalar(query.with_for_update() if for_update else query)
    if row is None:
        raise NotFound
    return row


async def facts_of(session: AsyncSession, actor: Actor, cohort_id: str | UUID) -> CohortFacts:
    query = _facts(actor).where(col(Cohort.id) == reach.id_of(cohort_id))
    row = (await session.execute(query)).first()
    if row is None:
        raise NotFound
    return CohortFacts.model_validate(dict(row._mapping))


async def page_of(
    session: AsyncSession, actor: Actor, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> tuple[CohortFacts, ...]:
    """Groups within reach, the newest first, from after (created_at, id) on."""
    query = _facts(actor).order_by(col(Cohort.created_at).desc(), col(Cohort.id).desc()).limit(limit)
    if after is not None:
        keys = sa.tuple_(col(Cohort.created_at), col(Cohort.id))
        query = query.where(
            keys < sa.tuple_(sa.literal(after[0], UTCDateTime), sa.literal(after[1], sa.Uuid))
        )
    return tuple(CohortFacts.model_validate(dict(row._mapping)) for row in await session.execute(query))


def _facts(actor: Actor) -> sa.Select[tuple[object, ...]]:
    members = (
        select(sa.func.count())
        .select_from(CohortMember)
        .join(Candidate, col(Candidate.id) == col(CohortMember.candidate_id))
        .where(col(CohortMember.cohort_id) == col(Cohort.id), reach.candidates_within(actor))
        .scalar_subquery()
    )
    return (
        select(
            col(Cohort.id),
            col(Cohort.name),
            col(Cohort.programme_id),
            sa.func.coalesce(col(Programme.title), "").label("programme"),
            col(Cohort.start_date),
            col(Cohort.seats),
            members.label("members"),
            col(Cohort.created_at),
            col(Cohort.version),
        )
        .join(Programme, col(Programme.id) == col(Cohort.programme_id), isouter=True)
        .where(cohorts_within(actor))
    )


async def members_of(session: AsyncSession, actor: Actor, cohort_id: UUID) -> tuple[MemberFacts, ...]:
    """The people of a group who are within reach, by name."""
    rows = await session.execute(
        select(Candidate, col(CohortMember.joined_at))
        .join(CohortMember, col(CohortMember.candidate_id) == col(Candidate.id))
        .where(col(CohortMember.cohort_id) == cohort_id, reach.candidates_within(actor))
        .order_by(col(Candidate.folded_name), col(Candidate.pseudonym), col(Candidate.id))
    )
    return tuple(MemberFacts(id=c.id, name=_name(c), joined_at=at) for c, at in rows)


async def member_ids(session: AsyncSession, cohort_id: UUID) -> frozenset[UUID]:
    """Everybody in a group, within reach or not: what a new member must not repeat."""
    return frozenset(
        await session.scalars(
            select(col(CohortMember.candidate_id)).where(col(CohortMember.cohort_id) == cohort_id)
        )
    )


async def membership(session: AsyncSession, cohort_id: UUID, candidate_id: UUID) -> CohortMember:
    row = await session.scalar(
        select(CohortMember).where(
            col(CohortMember.cohort_id) == cohort_id, col(CohortMember.candidate_id) == candidate_id
        )
    )
    if row is None:
        raise NotFound
    return row


async def people_found(
    session: AsyncSession, actor: Actor, *, words: str, limit: int = 50
) -> tuple[PersonFacts, ...]:
    """People within reach whose name or pseudonym holds every word; all of them, by name, when there is none."""
    query = select(Candidate).where(reach.candidates_within(actor))
    for word in "".join(c if c.isprintable() else " " for c in words).split()[:8]:
        query = query.where(
            sa.or_(
                *(
                    sa.func.lower(column).contains(word.lower(), autoescape=True)
                    for column in (
                        col(Candidate.given_name),
                        col(Candidate.family_name),
                        col(Candidate.folded_name),
                        col(Candidate.pseudonym),
                    )
                )
            )
        )
    order = (col(Candidate.folded_name), col(Candidate.pseudonym), col(Candidate.id))
    rows = await session.scalars(query.order_by(*order).limit(limit))
    return tuple(PersonFacts(id=row.id, name=_name(row)) for row in rows)


async def person_of(session: AsyncSession, actor: Actor, candidate_id: str | UUID) -> PersonFacts:
    row = await reach.candidate_row(session, actor, candidate_id)
    return PersonFacts(id=row.id, name=_name(row))


def _name(row: Candidate) -> str:
    return name_of(row.given_name, row.family_name, row.pseudonym)
