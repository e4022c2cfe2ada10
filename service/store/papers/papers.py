"""Issued papers: which ones somebody reaches, and how far each is."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from documents.kinds import DocumentKind
from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.runtime.vocabulary import PaperState, Role
from service.store.papers.number_series import reference_of
from service.store.reach import applications_within, id_of
from service.tables.applications import Application
from service.tables.papers import IssuedPaper
from service.tables.people import Candidate, Staff


class IssuedPaperFacts(BaseModel):
    """One issued paper; no file before it is ready. `sha256` is that of the PDF, `file_sha256` where it is kept."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    application_id: UUID
    candidate_id: UUID
    offer_id: UUID | None
    assignment_id: UUID | None = None
    kind: str
    title: str
    series: str
    year: int
    number: int
    template_edition: str
    mentions_edition: str
    facts: dict[str, Any]
    facts_sha256: str
    confirmations: tuple[dict[str, Any], ...]
    state: PaperState
    failure: str
    file_name: str
    sha256: str | None
    file_sha256: str | None
    size_bytes: int
    pages: int
    issued_on: date
    created_at: datetime
    ready_at: datetime | None
    person_name: str = ""
    issuer_name: str = ""

    @property
    def reference(self) -> str:
        return reference_of(self.series, year=self.year, number=self.number)


TRAINING_KINDS = (
    DocumentKind.TRAINING_PROGRAMME,
    DocumentKind.TRAINING_SUMMONS,
    DocumentKind.COMPLETION_CERTIFICATE,
    DocumentKind.TRAINING_ATTESTATION,
    DocumentKind.DISTANCE_TRAINING_FILE,
)
"""Papers of a training about one person: all that trainers issue, and all that they and supervisors read."""


def papers_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `IssuedPaper`: its application is within reach; a candidate sees only what is ready.

    Trainers and supervisors see the papers of trainings alone: an offer or a contract is none of theirs.
    """
    if actor.kind is ActorKind.STAFF and actor.role in (Role.TRAINER, Role.SUPERVISOR):
        return sa.and_(col(IssuedPaper.kind).in_(TRAINING_KINDS), _reached(actor))
    return _reached(actor)


def _reached(actor: Actor) -> ColumnElement[bool]:
    within = applications_within(actor)
    if isinstance(within, sa.True_):
        return within
    reach = col(IssuedPaper.application_id).in_(select(col(Application.id)).where(within))
    if actor.kind is ActorKind.CANDIDATE:
        return sa.and_(reach, col(IssuedPaper.state) == PaperState.READY)
    return reach


async def facts_of(session: AsyncSession, actor: Actor, paper_id: str | UUID) -> IssuedPaperFacts:
    """The paper, if within reach; NotFound otherwise."""
    wanted = _papers(actor).where(col(IssuedPaper.id) == id_of(paper_id))
    found = (await session.execute(wanted)).first()
    if found is None:
        raise NotFound
    return _facts(*found)


async def of_application(
    session: AsyncSession, actor: Actor, application_id: UUID
) -> tuple[IssuedPaperFacts, ...]:
    """Every paper issued for one application, the newest first."""
    wanted = _papers(actor).where(col(IssuedPaper.application_id) == application_id)
    return tuple(_facts(*row) for row in await session.execute(wanted))


async def of_candidate(
    session: AsyncSession, actor: Actor, candidate_id: UUID
) -> tuple[IssuedPaperFacts, ...]:
    """Every paper about one person within the actor's reach, the newest first."""
    wanted = _papers(actor).where(col(IssuedPaper.candidate_id) == candidate_id)
    return tuple(_facts(*row) for row in await session.execute(wanted))


async def same_as(
    session: AsyncSession, application_id: UUID, kind: str, *, facts_sha256: str
) -> UUID | None:
    """The paper that said the very same already, unless it could not be drawn."""
    found: UUID | None = await session.scalar(
        select(col(IssuedPaper.id))
        .where(
            col(IssuedPaper.application_id) == application_id,
            col(IssuedPaper.kind) == kind,
            col(IssuedPaper.facts_sha256) == facts_sha256,
        )
        .order_by(col(IssuedPaper.created_at).desc())
        .limit(1)
    )
    return found


def _papers(actor: Actor) -> Select[IssuedPaper, Candidate, Staff]:
    return (
        select(IssuedPaper, Candidate, Staff)
        .join(Candidate, col(Candidate.id) == col(IssuedPaper.candidate_id))
        .outerjoin(Staff, col(Staff.id) == col(IssuedPaper.issued_by))
        .where(papers_within(actor))
        .order_by(col(IssuedPaper.year).desc(), col(IssuedPaper.series), col(IssuedPaper.number).desc())
    )


def _facts(row: IssuedPaper, person: Candidate, issuer: Staff | None) -> IssuedPaperFacts:
    name = f"{person.given_name} {person.family_name}".strip() or person.pseudonym
    said = {"person_name": name, "issuer_name": issuer.name if issuer else ""}
    return IssuedPaperFacts.model_validate(row).model_copy(update=said)
