"""Classes that come near, and who has not been told of them yet."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.classes import Seat
from service.tables.classes import ClassReminder, ClassSeat, LiveClass
from service.tables.people import Candidate


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class NearFacts(_Facts):
    """One class to come, with what tells whom to remind of it."""

    id: UUID
    starts_at: datetime
    zone: str
    trainer_id: UUID | None
    created_at: datetime
    changed_at: datetime


class SeatedFacts(_Facts):
    """One seat that is taken, since `changed_at`."""

    class_id: UUID
    candidate_id: UUID
    changed_at: datetime


async def near(
    session: AsyncSession, *, after: datetime, until: datetime, lock: Collection[UUID] | None = None
) -> tuple[NearFacts, ...]:
    """Classes that start in a stretch of time and hold, the next first; locked, those of `lock` alone."""
    query = (
        select(*(col(getattr(LiveClass, name)) for name in NearFacts.model_fields))
        .where(
            col(LiveClass.starts_at) > after,
            col(LiveClass.starts_at) < until,
            col(LiveClass.cancelled_at).is_(None),
        )
        .order_by(col(LiveClass.starts_at), col(LiveClass.id))
    )
    if lock is not None:
        query = query.where(col(LiveClass.id).in_(lock)).with_for_update()
    return tuple(NearFacts.model_validate(row) for row in await session.execute(query))


async def seated(session: AsyncSession, class_ids: Collection[UUID]) -> tuple[SeatedFacts, ...]:
    """Everybody with a seat and an address in these classes, in a stable order."""
    query = (
        select(col(ClassSeat.class_id), col(ClassSeat.candidate_id), col(ClassSeat.changed_at))
        .join(Candidate, col(Candidate.id) == col(ClassSeat.candidate_id))
        .where(
            col(ClassSeat.class_id).in_(class_ids),
            col(ClassSeat.seat) == Seat.TAKEN,
            col(Candidate.email) != "",
        )
        .order_by(col(ClassSeat.class_id), col(ClassSeat.asked_at), col(ClassSeat.id))
    )
    return tuple(SeatedFacts.model_validate(row) for row in await session.execute(query))


async def told_of(session: AsyncSession, class_ids: Collection[UUID]) -> frozenset[tuple[UUID, date, str]]:
    """Who was told of which class on which day."""
    query = select(col(ClassReminder.class_id), col(ClassReminder.day), col(ClassReminder.reader))
    rows = await session.execute(query.where(col(ClassReminder.class_id).in_(class_ids)))
    return frozenset((row[0], row[1], row[2]) for row in rows)


def letters_naming(candidate_id: UUID) -> sa.Select[Any]:
    """The trainers' letters that name this person: one lists everybody who was to come."""
    listed = select(col(ClassSeat.class_id)).where(col(ClassSeat.candidate_id) == candidate_id)
    return select(col(ClassReminder.letter_id)).where(
        col(ClassReminder.class_id).in_(listed),
        col(ClassReminder.staff_id).is_not(None),
        col(ClassReminder.letter_id).is_not(None),
    )
