"""The facts that only a contract needs: whose, and what is there already."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.tables.offers import CivilDetails


class CivilDetailsFacts(BaseModel):
    """Address and birth as the contract says them; `version` is 0 while nothing was given."""

    model_config = ConfigDict(frozen=True)

    street: str = ""
    postcode: str = ""
    city: str = ""
    birth_date: date | None = None
    birth_place: str = ""
    version: int = 0


async def details_row(session: AsyncSession, candidate_id: UUID) -> CivilDetails | None:
    return await session.scalar(select(CivilDetails).where(col(CivilDetails.candidate_id) == candidate_id))


def facts_of(row: CivilDetails | None) -> CivilDetailsFacts:
    """What was given, flat as a form shows it."""
    if row is None:
        return CivilDetailsFacts()
    address: dict[str, Any] = row.facts.get("address") or {}
    born = {name: row.facts.get(name) for name in ("birth_date", "birth_place")}
    return CivilDetailsFacts.model_validate({**address, **born, "version": row.version})
