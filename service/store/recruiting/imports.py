"""Files that were brought in: what was checked, what was applied."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.errors import NotFound
from service.runtime.vocabulary import ImportKind, ImportState
from service.store.reach import id_of
from service.tables.applications import Import


class ImportFacts(BaseModel):
    """One file and its report; see `flows/imports.Report` for what the report holds."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    kind: ImportKind
    file_name: str
    sha256: str
    state: ImportState
    report: dict[str, Any]
    created_at: datetime
    applied_at: datetime | None


async def row_of(session: AsyncSession, import_id: str | UUID) -> Import:
    """The import; NotFound when there is none."""
    row = await session.get(Import, id_of(import_id))
    if row is None:
        raise NotFound
    return row


async def facts_of(session: AsyncSession, import_id: str | UUID) -> ImportFacts:
    return ImportFacts.model_validate(await row_of(session, import_id))


async def latest(session: AsyncSession, *, limit: int = 50) -> tuple[ImportFacts, ...]:
    """The newest imports first."""
    rows = await session.scalars(
        select(Import).order_by(col(Import.created_at).desc(), col(Import.id)).limit(limit)
    )
    return tuple(ImportFacts.model_validate(row) for row in rows)


async def applied_before(session: AsyncSession, kind: ImportKind, sha256: str) -> datetime | None:
    """When these very bytes were last applied, if ever."""
    found: datetime | None = await session.scalar(
        select(col(Import.applied_at))
        .where(
            col(Import.kind) == kind, col(Import.sha256) == sha256, col(Import.state) == ImportState.APPLIED
        )
        .order_by(col(Import.applied_at).desc())
        .limit(1)
    )
    return found
