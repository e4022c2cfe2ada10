"""The one employer of this installation."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from documents.facts import EmployerFacts
from service.tables.programmes import Employer


class EmployerRecord(BaseModel):
    """What documents say of the employer; version 0 and empty facts before anybody wrote any."""

    model_config = ConfigDict(frozen=True)

    facts: EmployerFacts = EmployerFacts()
    version: int = 0
    updated_at: datetime | None = None


async def row(session: AsyncSession) -> Employer | None:
    """The one row, if it was written."""
    return await session.scalar(select(Employer).limit(1))


async def record(session: AsyncSession) -> EmployerRecord:
    """What is known of the employer."""
    found = await row(session)
    if found is None:
        return EmployerRecord()
    return EmployerRecord(
        facts=EmployerFacts.model_validate(found.facts), version=found.version, updated_at=found.updated_at
    )
