"""Who was there, half-day by half-day, and who signed for it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.classes import Half, Presence
from service.tables.classes import ClassAttendance, ClassSignature


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class NotedFacts(_Facts):
    """What a trainer noted of one person for one half-day."""

    class_id: UUID
    candidate_id: UUID
    half: Half
    presence: Presence
    missed_minutes: int
    reason: str
    noted_at: datetime


class SignatureFacts(_Facts):
    """One signature: a learner's, or a trainer's where `candidate_id` is None."""

    id: UUID
    class_id: UUID
    half: Half
    candidate_id: UUID | None
    staff_id: UUID | None
    name: str
    statement: str
    fingerprint: str
    signed_at: datetime


async def noted_of(session: AsyncSession, class_ids: Iterable[UUID]) -> tuple[NotedFacts, ...]:
    """Everything noted of these classes."""
    rows = await session.scalars(
        select(ClassAttendance)
        .where(col(ClassAttendance.class_id).in_(list(class_ids)))
        .order_by(col(ClassAttendance.class_id), col(ClassAttendance.half).desc(), col(ClassAttendance.id))
    )
    return tuple(NotedFacts.model_validate(row.model_dump(exclude={"id", "noted_by"})) for row in rows)


async def noted_rows(session: AsyncSession, class_id: UUID, half: Half) -> dict[UUID, ClassAttendance]:
    """What is noted of one half-day, by person."""
    rows = await session.scalars(
        select(ClassAttendance).where(
            col(ClassAttendance.class_id) == class_id, col(ClassAttendance.half) == half
        )
    )
    return {row.candidate_id: row for row in rows}


async def signatures_of(session: AsyncSession, class_ids: Iterable[UUID]) -> tuple[SignatureFacts, ...]:
    """Every signature of these classes, in the order they were given."""
    rows = await session.scalars(
        select(ClassSignature)
        .where(col(ClassSignature.class_id).in_(list(class_ids)))
        .order_by(col(ClassSignature.signed_at), col(ClassSignature.id))
    )
    return tuple(SignatureFacts.model_validate(row.model_dump()) for row in rows)


async def signature(session: AsyncSession, signature_id: UUID) -> SignatureFacts | None:
    row = await session.get(ClassSignature, signature_id)
    return SignatureFacts.model_validate(row.model_dump()) if row else None
