"""What was lent and has not come back, once its day is over or the application that it was lent for came to nothing."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.clock import PARIS, civil_date
from service.store.day_one.checklists import GONE_STAGES, Facts
from service.store.reach import applications_within
from service.tables.applications import Application
from service.tables.checklists import Checklist, EquipmentLoan
from service.tables.people import Candidate
from service.tables.programmes import Programme


class NotBackFacts(Facts):
    """One thing that should be back since `since`; `is_over` where its application came to nothing."""

    loan_id: UUID
    application_id: UUID
    candidate_id: UUID
    offer_id: UUID
    programme_id: UUID
    programme_title: str
    person_name: str
    label: str
    serial: str
    since: date
    is_over: bool


async def not_back(
    session: AsyncSession, actor: Actor, *, today: date, limit: int, since: date | None = None
) -> tuple[NotBackFacts, ...]:
    """What was sent or received, is still out, and was to be back before today; at most `limit`, the oldest first."""
    is_over, asked = col(Application.stage).in_(GONE_STAGES), col(Checklist.returns_on)
    past = asked < today
    if since is not None:
        at = datetime.combine(since, time.min, PARIS).astimezone(UTC)
        past, is_recent = sa.and_(past, asked >= since), sa.and_(is_over, col(Application.stage_since) >= at)
    else:
        is_recent = is_over
    rows = await session.execute(
        select(EquipmentLoan, Checklist, Candidate, Programme, is_over, col(Application.stage_since))
        .join(Checklist, col(Checklist.id) == col(EquipmentLoan.checklist_id))
        .join(Application, col(Application.id) == col(Checklist.application_id))
        .join(Candidate, col(Candidate.id) == col(Checklist.candidate_id))
        .join(Programme, col(Programme.id) == col(Checklist.programme_id))
        .where(
            applications_within(actor),
            col(EquipmentLoan.returned_on).is_(None),
            sa.or_(col(EquipmentLoan.sent_on).is_not(None), col(EquipmentLoan.received_on).is_not(None)),
            sa.or_(past, is_recent),
        )
        .order_by(asked, col(EquipmentLoan.id))
        .limit(limit)
    )
    found = (_facts(row) for row in rows)
    return tuple(sorted(found, key=lambda one: (one.since, one.person_name, one.label)))


def _facts(row: Sequence[Any]) -> NotBackFacts:
    loan, checklist, person, programme, is_over, stage_since = row
    ended = civil_date(stage_since)
    asked = checklist.returns_on
    return NotBackFacts(
        loan_id=loan.id, application_id=checklist.application_id, candidate_id=checklist.candidate_id,
        offer_id=checklist.offer_id, programme_id=checklist.programme_id, programme_title=programme.title,
        person_name=f"{person.given_name} {person.family_name}".strip() or person.pseudonym, label=loan.label,
        serial=loan.serial, since=min(ended, asked) if is_over and asked else ended if is_over else asked,
        is_over=bool(is_over),
    )  # fmt: skip
