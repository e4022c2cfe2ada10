"""Submitted answers of a whole base, in batches, with what they came to before."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.vocabulary import ResponseState
from service.store.assessing.evidence_files import EvidenceFacts, evidence_facts
from service.tables.assessments import Response, Scorecard
from service.tables.evidence import Evidence


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class AnsweredFacts(_Facts):
    """One response: the edition its answers were given to, the answers as stored, and the seconds spent by page."""

    id: UUID
    candidate_id: UUID
    edition: str
    answers: dict[str, Any]
    timings: dict[str, int]


class CardFacts(_Facts):
    """What one response came to under one edition."""

    response_id: UUID
    edition: str
    score_hundredths: int
    error_hundredths: int | None
    band: str
    scored_at: datetime


async def answers_of(session: AsyncSession, response_ids: Collection[UUID]) -> dict[UUID, AnsweredFacts]:
    """The answers of these responses. The caller has checked who is asking."""
    rows = await session.execute(_answered().where(col(Response.id).in_(response_ids)))
    return {row.id: AnsweredFacts.model_validate(row) for row in rows}


async def base_after(
    session: AsyncSession, slug: str, edition: str, *, after: UUID | None, limit: int
) -> tuple[AnsweredFacts, ...]:
    """The next submitted responses without a card under `edition`, in the order of their ids."""
    scored = (
        select(col(Scorecard.id))
        .where(col(Scorecard.response_id) == col(Response.id), col(Scorecard.edition) == edition)
        .exists()
    )
    query = _submitted(slug).where(~scored).order_by(col(Response.id)).limit(limit)
    rows = await session.execute(query if after is None else query.where(col(Response.id) > after))
    return tuple(AnsweredFacts.model_validate(row) for row in rows)


async def already_scored(session: AsyncSession, slug: str, edition: str) -> int:
    """How many cards there are under an edition."""
    query = select(func.count()).where(col(Scorecard.instrument) == slug, col(Scorecard.edition) == edition)
    return (await session.scalar(query)) or 0


async def newest_cards(session: AsyncSession, response_ids: Collection[UUID]) -> dict[UUID, CardFacts]:
    """For each response what it came to last."""
    rows = await session.execute(
        select(
            col(Scorecard.response_id), col(Scorecard.edition), col(Scorecard.band), col(Scorecard.scored_at),
            col(Scorecard.standard_error).label("error_hundredths"),
            col(Scorecard.result)["score_hundredths"].as_integer().label("score_hundredths"),
        )
        .where(col(Scorecard.response_id).in_(response_ids))
        .order_by(col(Scorecard.scored_at), col(Scorecard.id))
    )  # fmt: skip
    return {row.response_id: CardFacts.model_validate(row) for row in rows}


async def shown_of_many(
    session: AsyncSession, candidate_ids: Collection[UUID], slug: str
) -> Mapping[UUID, tuple[EvidenceFacts, ...]]:
    """What was shown about one questionnaire, person by person."""
    rows = await session.scalars(
        select(Evidence).where(
            col(Evidence.candidate_id).in_(candidate_ids),
            col(Evidence.instrument) == slug,
            col(Evidence.withdrawn_at).is_(None),
        )
    )
    found: dict[UUID, tuple[EvidenceFacts, ...]] = {}
    for row in rows:
        found[row.candidate_id] = (*found.get(row.candidate_id, ()), evidence_facts(row))
    return found


async def held_of(session: AsyncSession, response_ids: Collection[UUID], edition: str) -> set[UUID]:
    """Those that are still there and not yet scored under `edition`, held until the transaction ends."""
    rows = await session.scalars(
        select(col(Response.id))
        .where(col(Response.id).in_(response_ids))
        .order_by(col(Response.id))
        .with_for_update()
    )
    there = set(rows)
    # Asked only once the rows are held: another run may have scored them while this one waited.
    scored = await session.scalars(
        select(col(Scorecard.response_id)).where(
            col(Scorecard.response_id).in_(there), col(Scorecard.edition) == edition
        )
    )
    return there - set(scored)


async def latest_ids(session: AsyncSession, candidate_ids: Collection[UUID], slug: str) -> set[UUID]:
    """Each person's last submitted response to one questionnaire."""
    rows = await session.execute(
        select(col(Response.candidate_id), col(Response.id))
        .where(
            col(Response.candidate_id).in_(candidate_ids), col(Response.instrument) == slug,
            col(Response.state) == ResponseState.SUBMITTED,
        )
        .order_by(col(Response.submitted_at), col(Response.id))
    )  # fmt: skip
    return set({row.candidate_id: row.id for row in rows}.values())


def _answered() -> Any:
    return select(
        col(Response.id), col(Response.candidate_id), col(Response.edition), col(Response.answers),
        col(Response.timings),
    )  # fmt: skip


def _submitted(slug: str) -> Any:
    return _answered().where(col(Response.instrument) == slug, col(Response.state) == ResponseState.SUBMITTED)
