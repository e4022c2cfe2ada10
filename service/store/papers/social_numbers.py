"""Sealed social-security numbers: whose there is one of."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.tables.papers import SocialNumber


async def row_of(session: AsyncSession, candidate_id: UUID) -> SocialNumber | None:
    """The sealed number of one person. The caller has checked who is asking."""
    return await session.scalar(select(SocialNumber).where(col(SocialNumber.candidate_id) == candidate_id))
