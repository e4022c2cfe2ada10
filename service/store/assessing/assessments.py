"""Answers to questionnaires, what they came to, and what screening said: as frozen facts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from assessments.questionnaires.scoring import Scorecard as ScorecardValue
from assessments.questionnaires.screening import Recommendation
from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import Locale, ResponseState
from service.store import reach
from service.tables.assessments import Response, Scorecard, Screening
from service.tables.people import Candidate


class Facts(BaseModel):
    """What leaves the store: frozen, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ResponseFacts(Facts):
    """One person's answers to one edition of one questionnaire; `answers` is as `Answers.to_json` wrote it."""

    id: UUID
    candidate_id: UUID
    instrument: str
    edition: str
    sitting: int = 1
    locale: Locale
    state: ResponseState
    answers: dict[str, Any]
    timings: dict[str, int]
    page_opened: dict[str, datetime]
    page_closed: dict[str, datetime]
    extra_time_percent: int | None
    notice_read_at: datetime | None
    started_at: datetime
    saved_at: datetime
    submitted_at: datetime | None
    version: int

    @property
    def is_submitted(self) -> bool:
        return self.state is ResponseState.SUBMITTED


class ScorecardFacts(Facts):
    """What one submitted response came to; `result` is the core's own value, `score` its whole points out of 100."""

    id: UUID
    candidate_id: UUID
    response_id: UUID
    instrument: str
    edition: str
    dimension: str
    score: int
    band: str
    standard_error: int | None
    signals: tuple[dict[str, Any], ...]
    result: ScorecardValue
    scored_at: datetime


class ScreeningFacts(Facts):
    """One recommendation as it was given, with the scorecards it stood on."""

    id: UUID
    candidate_id: UUID
    policy_edition: str
    outcome: str
    result: Recommendation
    scorecard_ids: tuple[UUID, ...]
    staff_id: UUID | None
    screened_at: datetime


def response_facts(row: Response) -> ResponseFacts:
    return ResponseFacts.model_validate(row.model_dump(exclude={"carried"}))


def scorecard_facts(row: Scorecard) -> ScorecardFacts:
    return ScorecardFacts.model_validate(row.model_dump())


def screening_facts(row: Screening) -> ScreeningFacts:
    return ScreeningFacts.model_validate(row.model_dump())


async def responses_of(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID | None = None
) -> tuple[ResponseFacts, ...]:
    """One person's responses in the order they were begun; without an id, the actor's own."""
    candidate = await reach.candidate_row(session, actor, candidate_id or own_id(actor))
    rows = await session.scalars(
        select(Response)
        .where(col(Response.candidate_id) == candidate.id)
        .order_by(col(Response.started_at), col(Response.sitting), col(Response.id))
    )
    return tuple(map(response_facts, rows))


async def response(session: AsyncSession, actor: Actor, response_id: str | UUID) -> ResponseFacts:
    return response_facts(await response_row(session, actor, response_id))


async def response_row(
    session: AsyncSession, actor: Actor, response_id: str | UUID, *, to_change: bool = False
) -> Response:
    """The response within reach; `to_change` holds its row until the transaction ends, so that saves queue up."""
    query = (
        select(Response)
        .join(Candidate, col(Candidate.id) == col(Response.candidate_id))
        .where(col(Response.id) == reach.id_of(response_id), reach.candidates_within(actor))
    )
    row = await session.scalar(query.with_for_update(of=Response) if to_change else query)
    if row is None:
        raise NotFound
    return row


async def latest_response(session: AsyncSession, actor: Actor, slug: str) -> ResponseFacts | None:
    """The actor's own newest response to one questionnaire, or None when it was never begun."""
    row = await latest_row(session, own_id(actor), slug)
    return None if row is None else response_facts(row)


async def latest_row(
    session: AsyncSession, candidate_id: UUID, slug: str, *, to_change: bool = False
) -> Response | None:
    """One person's newest response to any edition of one questionnaire. The caller has checked who is asking."""
    query = (
        select(Response)
        .where(col(Response.candidate_id) == candidate_id, col(Response.instrument) == slug)
        .order_by(col(Response.started_at).desc(), col(Response.sitting).desc())
        .limit(1)
    )
    return await session.scalar(query.with_for_update() if to_change else query)


async def was_sent(session: AsyncSession, candidate_id: UUID, value: str) -> bool:
    """Whether answers that one person sent hold this value, such as the id of a file."""
    rows = await session.scalars(
        select(col(Response.answers)).where(
            col(Response.candidate_id) == candidate_id, col(Response.state) == ResponseState.SUBMITTED
        )
    )
    return any(value in answers.values() for answers in rows)


async def response_of_card(session: AsyncSession, scorecard_id: UUID) -> Response | None:
    """The answers that a scorecard came from. The caller has checked who is asking."""
    found: Response | None = await session.scalar(
        select(Response)
        .join(Scorecard, col(Scorecard.response_id) == col(Response.id))
        .where(col(Scorecard.id) == scorecard_id)
    )
    return found


def is_last_sitting() -> ColumnElement[bool]:
    """The condition on `Response`: nobody counts twice who sent the same edition again."""
    later = aliased(Response)
    return ~(
        select(col(later.id))
        .where(
            col(later.candidate_id) == col(Response.candidate_id),
            col(later.instrument) == col(Response.instrument),
            col(later.edition) == col(Response.edition),
            col(later.state) == ResponseState.SUBMITTED,
            col(later.sitting) > col(Response.sitting),
        )
        .exists()
    )


async def scorecards_of(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID | None = None
) -> tuple[ScorecardFacts, ...]:
    """Every scorecard of one person, newest first; without an id, the actor's own."""
    candidate = await reach.candidate_row(session, actor, candidate_id or own_id(actor))
    return tuple(map(scorecard_facts, await _scorecard_rows(session, candidate.id)))


async def newest_scorecards_of(session: AsyncSession, candidate_id: UUID) -> tuple[ScorecardFacts, ...]:
    """The newest scorecard of each dimension. The caller has already checked who is asking."""
    newest: dict[str, Scorecard] = {}
    for row in await _scorecard_rows(session, candidate_id):
        newest.setdefault(row.dimension, row)
    return tuple(map(scorecard_facts, newest.values()))


async def _scorecard_rows(session: AsyncSession, candidate_id: UUID) -> Sequence[Scorecard]:
    rows = await session.scalars(
        select(Scorecard)
        .where(col(Scorecard.candidate_id) == candidate_id)
        .order_by(col(Scorecard.scored_at).desc(), col(Scorecard.id))
    )
    return list(rows)


async def scorecard(session: AsyncSession, actor: Actor, scorecard_id: str | UUID) -> ScorecardFacts:
    row = await session.scalar(
        select(Scorecard)
        .join(Candidate, col(Candidate.id) == col(Scorecard.candidate_id))
        .where(col(Scorecard.id) == reach.id_of(scorecard_id), reach.candidates_within(actor))
    )
    if row is None:
        raise NotFound
    return scorecard_facts(row)


async def screenings_of(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID
) -> tuple[ScreeningFacts, ...]:
    """Every recommendation about one person, newest first."""
    candidate = await reach.candidate_row(session, actor, candidate_id)
    rows = await session.scalars(
        select(Screening)
        .where(col(Screening.candidate_id) == candidate.id)
        .order_by(col(Screening.screened_at).desc(), col(Screening.id))
    )
    return tuple(map(screening_facts, rows))


def own_id(actor: Actor) -> UUID:
    """The id of the person who is signed in."""
    if actor.id is None:
        raise NotFound
    return actor.id
