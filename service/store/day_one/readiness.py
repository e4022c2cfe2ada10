"""What other parts of a person's file say about day one: the offer, both wills, documents, assessments, decisions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.vocabulary import DecisionOutcome, OfferState, PackState
from service.tables.applications import Application, Decision
from service.tables.assessments import Scorecard
from service.tables.offers import Document, Offer, Pack
from service.tables.programmes import Programme


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class OfferFacts(_Facts):
    """The offer that day one follows from; `programme_profile` says what the post handles."""

    id: UUID
    state: OfferState
    start_date: date
    employer_will_at: datetime | None
    candidate_will_at: datetime | None
    programme_profile: dict[str, Any]


class PackedDocumentFacts(_Facts):
    """One document of the last pack."""

    kind: str
    title: str


class ScoredFacts(_Facts):
    """The last scoring of one dimension."""

    dimension: str
    scored_at: datetime


async def offer_of(session: AsyncSession, candidate_id: UUID) -> OfferFacts | None:
    """The last offer that was accepted, else the last one sent; a declined or withdrawn one starts nothing."""
    rows = await session.execute(
        select(Offer, Programme)
        .join(Programme, col(Programme.id) == col(Offer.programme_id))
        .where(
            col(Offer.candidate_id) == candidate_id,
            col(Offer.state).in_([OfferState.ACCEPTED, OfferState.SENT]),
        )
        .order_by(col(Offer.created_at).desc(), col(Offer.id))
    )
    found = sorted(rows, key=lambda pair: pair[0].state is not OfferState.ACCEPTED)
    if not found:
        return None
    offer, programme = found[0]
    return OfferFacts(
        **offer.model_dump(include={"id", "state", "start_date", "employer_will_at", "candidate_will_at"}),
        programme_profile=programme.profile,
    )


async def documents_of(session: AsyncSession, offer_id: UUID) -> tuple[PackedDocumentFacts, ...]:
    """The documents of an offer's last finished pack, in their order."""
    pack_id = await session.scalar(
        select(col(Pack.id))
        .where(col(Pack.offer_id) == offer_id, col(Pack.state) == PackState.READY)
        .order_by(col(Pack.created_at).desc())
        .limit(1)
    )
    rows = await session.scalars(
        select(Document).where(col(Document.pack_id) == pack_id).order_by(col(Document.position))
    )
    return tuple(PackedDocumentFacts(kind=row.kind, title=row.title) for row in rows)


async def scored_dimensions(session: AsyncSession, candidate_id: UUID) -> tuple[ScoredFacts, ...]:
    """Each dimension with its last scoring."""
    rows = await session.scalars(
        select(Scorecard)
        .where(col(Scorecard.candidate_id) == candidate_id)
        .order_by(col(Scorecard.scored_at))
    )
    latest = {row.dimension: row.scored_at for row in rows}
    return tuple(ScoredFacts(dimension=name, scored_at=at) for name, at in sorted(latest.items()))


async def hired_at(session: AsyncSession, candidate_id: UUID) -> datetime | None:
    """When a person last confirmed, with a reason, that this candidate is hired."""
    return await session.scalar(
        select(col(Decision.decided_at))
        .join(Application, col(Application.id) == col(Decision.application_id))
        .where(col(Application.candidate_id) == candidate_id, col(Decision.outcome) == DecisionOutcome.HIRE)
        .order_by(col(Decision.decided_at).desc())
        .limit(1)
    )
