"""How it went afterwards: what was recorded of people at work, as frozen facts."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.vocabulary import OutcomeMeasure, Stage
from service.store import reach
from service.tables.applications import Application
from service.tables.outcomes import Outcome
from service.tables.people import Staff


class OutcomeFacts(BaseModel):
    """One thing seen of one person so many days after the start; the newest of its kind counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    candidate_id: UUID
    application_id: UUID | None
    days: int
    measure: OutcomeMeasure
    value: int
    recorded_on: date
    recorded_by: UUID | None
    staff_name: str | None
    note: str
    created_at: datetime


def outcome_facts(row: Outcome, *, staff_name: str | None) -> OutcomeFacts:
    return OutcomeFacts(**row.model_dump(), staff_name=staff_name)


async def outcomes_of(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID
) -> tuple[OutcomeFacts, ...]:
    """All that was recorded of one person within reach, by days, newest first."""
    person = await reach.candidate_row(session, actor, candidate_id)
    rows = await session.execute(
        select(Outcome, col(Staff.name))
        .outerjoin(Staff, col(Staff.id) == col(Outcome.recorded_by))
        .where(col(Outcome.candidate_id) == person.id)
        .order_by(col(Outcome.days), col(Outcome.measure), col(Outcome.created_at).desc(), col(Outcome.id))
    )
    return tuple(outcome_facts(row, staff_name=name) for row, name in rows)


async def hired_application_ids(session: AsyncSession, candidate_id: UUID) -> tuple[UUID, ...]:
    """The applications by which this person was hired, newest first. The caller has checked who is asking."""
    found = await session.scalars(
        select(col(Application.id))
        .where(col(Application.candidate_id) == candidate_id, col(Application.stage) == Stage.HIRED)
        .order_by(col(Application.stage_since).desc(), col(Application.id))
    )
    return tuple(found)
