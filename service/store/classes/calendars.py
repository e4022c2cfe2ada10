"""Whose calendar a secret address opens."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.vocabulary import Locale
from service.tables.classes import CalendarFeed
from service.tables.people import Candidate, Staff


class FeedFacts(BaseModel):
    """A feed that works, without its secret."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    created_at: datetime


class HolderFacts(BaseModel):
    """Whom a feed is for: a learner, or somebody of the staff."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff_id: UUID | None
    candidate_id: UUID | None
    locale: Locale


async def live_feed_rows(
    session: AsyncSession, *, staff_id: UUID | None, candidate_id: UUID | None
) -> list[CalendarFeed]:
    """The feeds of one person that still work."""
    whose = (
        col(CalendarFeed.candidate_id) == candidate_id
        if candidate_id
        else col(CalendarFeed.staff_id) == staff_id
    )
    return list(
        await session.scalars(select(CalendarFeed).where(whose, col(CalendarFeed.revoked_at).is_(None)))
    )


async def holder_of(session: AsyncSession, token_hash: str) -> HolderFacts | None:
    """Whom this secret is for; nobody once it was revoked or its person of the staff left."""
    query = (
        select(CalendarFeed, col(Candidate.locale), col(Staff.locale))
        .join(Candidate, col(Candidate.id) == col(CalendarFeed.candidate_id), isouter=True)
        .join(Staff, col(Staff.id) == col(CalendarFeed.staff_id), isouter=True)
        .where(
            col(CalendarFeed.token_hash) == token_hash,
            col(CalendarFeed.revoked_at).is_(None),
            col(CalendarFeed.candidate_id).is_not(None) | col(Staff.is_active),
        )
    )
    row = (await session.execute(query)).first()
    if row is None:
        return None
    feed, locale, staff_locale = row
    return HolderFacts(
        staff_id=feed.staff_id, candidate_id=feed.candidate_id, locale=locale or staff_locale or Locale.FR
    )
