"""What is recorded of people for one programme, and of programmes for one person, beside the weighing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import Stage
from service.store.reach import application_row, applications_within
from service.tables.applications import Application


class AppliedFacts(BaseModel):
    """That somebody applied, and where the application stands."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    candidate_id: UUID
    programme_id: UUID
    stage: Stage


class StoredMatchFacts(BaseModel):
    """The last weighing of one application, whole, as it was stored."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    candidate_id: UUID
    programme_id: UUID
    match: dict[str, Any] | None
    matched_at: datetime | None


async def applied_for(session: AsyncSession, actor: Actor, programme_id: UUID) -> Mapping[UUID, AppliedFacts]:
    """Applications within reach for one programme, by person."""
    rows = await session.scalars(
        select(Application).where(applications_within(actor), col(Application.programme_id) == programme_id)
    )
    return {row.candidate_id: AppliedFacts.model_validate(row) for row in rows}


async def applied_by(session: AsyncSession, actor: Actor, candidate_id: UUID) -> Mapping[UUID, AppliedFacts]:
    """Applications within reach of one person, by programme."""
    rows = await session.scalars(
        select(Application).where(
            applications_within(actor),
            col(Application.candidate_id) == candidate_id,
            col(Application.programme_id).is_not(None),
        )
    )
    return {
        row.programme_id: AppliedFacts.model_validate(row) for row in rows if row.programme_id is not None
    }


async def stored_match(session: AsyncSession, actor: Actor, application_id: str | UUID) -> StoredMatchFacts:
    """The last weighing of an application within reach; NotFound for one without a programme: nothing was weighed."""
    row = await application_row(session, actor, application_id)
    if row.programme_id is None:
        raise NotFound("This application names no programme, so there is nothing to weigh.")
    return StoredMatchFacts.model_validate(row)
