"""What a report on one person rests on beside the scorecards: answers, what was shown, who weighed, who decided."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.questionnaires.evidence import HowKnown
from service.runtime.actors import Actor
from service.runtime.vocabulary import DecisionOutcome
from service.store import reach
from service.store.assessing.assessments import Facts, ScreeningFacts, screening_facts
from service.tables.applications import Application, Decision
from service.tables.assessments import Response, Screening
from service.tables.evidence import Evidence
from service.tables.people import Staff
from service.tables.programmes import Programme


class ShownFacts(Facts):
    """What was shown about one item on one day."""

    instrument: str
    item: str
    kind: HowKnown
    value: Any
    known_on: date


class WeighedFacts(Facts):
    """One recommendation and who asked for it."""

    screening: ScreeningFacts
    staff_name: str


class DecidedFacts(Facts):
    """One decision about one application of the person."""

    id: UUID
    application_id: UUID
    programme: str
    outcome: DecisionOutcome
    reason: str
    staff_id: UUID | None
    staff_name: str
    decided_at: datetime


async def answers_of(session: AsyncSession, response_ids: Iterable[UUID]) -> Mapping[UUID, dict[str, Any]]:
    """The answers of each response. In this file the caller has checked who is asking."""
    rows = await session.execute(
        select(col(Response.id), col(Response.answers)).where(col(Response.id).in_(list(response_ids)))
    )
    return {row[0]: row[1] for row in rows}


async def shown_of(session: AsyncSession, candidate_id: UUID) -> tuple[ShownFacts, ...]:
    """Everything that was shown of one person and not withdrawn, the oldest first."""
    rows = await session.scalars(
        select(Evidence)
        .where(col(Evidence.withdrawn_at).is_(None), col(Evidence.candidate_id) == candidate_id)
        .order_by(col(Evidence.known_on), col(Evidence.id))
    )
    return tuple(
        ShownFacts(
            instrument=row.instrument, item=row.item, kind=row.kind, value=row.value, known_on=row.known_on
        )
        for row in rows
    )


async def weighed(session: AsyncSession, candidate_id: UUID) -> tuple[WeighedFacts, ...]:
    """Every recommendation about one person, the newest first."""
    rows = await session.execute(
        select(Screening, col(Staff.name))
        .outerjoin(Staff, col(Staff.id) == col(Screening.staff_id))
        .where(col(Screening.candidate_id) == candidate_id)
        .order_by(col(Screening.screened_at).desc(), col(Screening.id))
    )
    return tuple(WeighedFacts(screening=screening_facts(row), staff_name=name or "") for row, name in rows)


async def decided(session: AsyncSession, actor: Actor, candidate_id: UUID) -> tuple[DecidedFacts, ...]:
    """Every decision about one person's applications within reach, the newest first."""
    rows = await session.execute(
        select(Decision, col(Staff.name), col(Programme.title))
        .join(Application, col(Application.id) == col(Decision.application_id))
        .outerjoin(Programme, col(Programme.id) == col(Application.programme_id))
        .outerjoin(Staff, col(Staff.id) == col(Decision.staff_id))
        .where(col(Application.candidate_id) == candidate_id, reach.applications_within(actor))
        .order_by(col(Decision.decided_at).desc(), col(Decision.id))
    )
    return tuple(
        DecidedFacts(
            id=row.id, application_id=row.application_id, programme=title or "", outcome=row.outcome,
            reason=row.reason, staff_id=row.staff_id, staff_name=name or "", decided_at=row.decided_at,
        )
        for row, name, title in rows
    )  # fmt: skip
