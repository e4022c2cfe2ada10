"""Invitations sent to a person, and how each stands."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.store import reach
from service.tables.applications import Invitation
from service.tables.people import OneTimeLink, Staff


class InvitationFacts(BaseModel):
    """One invitation: by whom, until when its link holds, and whether it was opened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    candidate_id: UUID
    sent_by: str
    created_at: datetime
    expires_at: datetime | None
    opened_at: datetime | None


async def invitations_of(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID
) -> tuple[InvitationFacts, ...]:
    """Every invitation of one person, newest first."""
    candidate = await reach.candidate_row(session, actor, candidate_id)
    rows = await session.execute(
        select(Invitation, OneTimeLink, col(Staff.name))
        .outerjoin(OneTimeLink, col(OneTimeLink.id) == col(Invitation.link_id))
        .outerjoin(Staff, col(Staff.id) == col(Invitation.staff_id))
        .where(col(Invitation.candidate_id) == candidate.id)
        .order_by(col(Invitation.created_at).desc(), col(Invitation.id))
    )
    return tuple(_facts(invitation, link, name or "") for invitation, link, name in rows)


def _facts(invitation: Invitation, link: OneTimeLink | None, sent_by: str) -> InvitationFacts:
    return InvitationFacts(
        id=invitation.id,
        candidate_id=invitation.candidate_id,
        sent_by=sent_by,
        created_at=invitation.created_at,
        expires_at=link.expires_at if link else None,
        opened_at=link.used_at if link else None,
    )


async def links_since(session: AsyncSession, since: datetime, **whose: UUID | None) -> int:
    """How many links one person (`candidate_id` or `staff_id`) was given since then."""
    conditions = [getattr(OneTimeLink, name) == value for name, value in whose.items()]
    counted = await session.scalar(
        select(func.count()).select_from(OneTimeLink).where(col(OneTimeLink.created_at) > since, *conditions)
    )
    return counted or 0
