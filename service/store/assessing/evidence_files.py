"""What is known beside a person's word: kept files, and what was measured, attested or verified, as frozen facts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from assessments.questionnaires.evidence import HowKnown
from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.store import reach
from service.tables.evidence import Evidence, EvidenceFile
from service.tables.people import Candidate, Staff


class Facts(BaseModel):
    """What leaves the store: frozen, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceFileFacts(Facts):
    """One kept file; `staff_id` is None when the person gave it."""

    id: UUID
    candidate_id: UUID
    instrument: str
    item: str
    sha256: str
    media_type: str
    size_bytes: int
    file_name: str
    staff_id: UUID | None
    created_at: datetime


class EvidenceFacts(Facts):
    """What was shown about one item on one day; `value` is as an answer to it would be stored, or None."""

    id: UUID
    candidate_id: UUID
    instrument: str
    item: str
    kind: HowKnown
    value: Any
    known_on: date
    file_id: UUID | None
    staff_id: UUID | None
    staff_name: str = ""
    note: str
    recorded_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None
    withdrawn_by_name: str = ""
    withdrawn_why: str = ""


def file_facts(row: EvidenceFile) -> EvidenceFileFacts:
    return EvidenceFileFacts.model_validate(row.model_dump())


def evidence_facts(
    row: Evidence, staff_name: str | None = None, withdrawn_by_name: str | None = None
) -> EvidenceFacts:
    said = {"staff_name": staff_name or "", "withdrawn_by_name": withdrawn_by_name or ""}
    return EvidenceFacts.model_validate({**row.model_dump(), **said})


async def counting_evidence_of(session: AsyncSession, candidate_id: UUID) -> tuple[EvidenceFacts, ...]:
    """What was shown about one person and not withdrawn, newest first. The caller has checked who is asking."""
    return tuple(one for one in await evidence_of(session, candidate_id) if one.withdrawn_at is None)


async def evidence_row(session: AsyncSession, actor: Actor, evidence_id: str | UUID) -> Evidence:
    """One piece of evidence about a person within reach, held until the transaction ends."""
    row = await session.scalar(
        select(Evidence)
        .join(Candidate, col(Candidate.id) == col(Evidence.candidate_id))
        .where(col(Evidence.id) == reach.id_of(evidence_id), reach.candidates_within(actor))
        .with_for_update(of=Evidence)
    )
    if row is None:
        raise NotFound
    return row


async def evidence_of(session: AsyncSession, candidate_id: UUID) -> tuple[EvidenceFacts, ...]:
    """Everything shown about one person, newest first, withdrawn or not. The caller has checked who is asking."""
    withdrawer = aliased(Staff)
    rows = await session.execute(
        select(Evidence, col(Staff.name), col(withdrawer.name))
        .outerjoin(Staff, col(Staff.id) == col(Evidence.staff_id))
        .outerjoin(withdrawer, col(withdrawer.id) == col(Evidence.withdrawn_by))
        .where(col(Evidence.candidate_id) == candidate_id)
        .order_by(col(Evidence.known_on).desc(), col(Evidence.recorded_at).desc(), col(Evidence.id))
    )
    return tuple(evidence_facts(row, name, other) for row, name, other in rows.all())


async def files_of(session: AsyncSession, candidate_id: UUID) -> tuple[EvidenceFileFacts, ...]:
    """Every file kept of one person, newest first. The caller has checked who is asking."""
    rows = await session.scalars(
        select(EvidenceFile)
        .where(col(EvidenceFile.candidate_id) == candidate_id)
        .order_by(col(EvidenceFile.created_at).desc(), col(EvidenceFile.id))
    )
    return tuple(map(file_facts, rows))


async def file_row(session: AsyncSession, actor: Actor, file_id: str | UUID) -> EvidenceFile:
    """One file of a person within reach."""
    row = await session.scalar(
        select(EvidenceFile)
        .join(Candidate, col(Candidate.id) == col(EvidenceFile.candidate_id))
        .where(col(EvidenceFile.id) == reach.id_of(file_id), reach.candidates_within(actor))
    )
    if row is None:
        raise NotFound
    return row
