"""What `homeshore verify` looks at."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.vocabulary import (
    DECIDED_STAGES,
    MailState,
    PackState,
    PaperState,
    ProofArchiveState,
    WorkKind,
)
from service.tables.applications import Application, Decision
from service.tables.assessments import Response, Scorecard
from service.tables.authoring import TeachingFile
from service.tables.checklists import ChecklistFile
from service.tables.evidence import EvidenceFile
from service.tables.offers import Document, Pack
from service.tables.packages import Package
from service.tables.papers import IssuedPaper, NumberSeries
from service.tables.proof_archives import ProofArchive
from service.tables.trail import Mail, Outbox
from service.tables.training import Exemption


class _Evidence(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class DocumentEvidence(_Evidence):
    position: int
    sha256: str


class PackEvidence(_Evidence):
    """One pack with its documents in order."""

    id: UUID
    state: PackState
    archive_sha256: str | None
    documents: tuple[DocumentEvidence, ...] = ()


class ScoredResponse(_Evidence):
    """One scorecard beside the answers it came from; `answered_edition` is the edition those were given to."""

    scorecard_id: UUID
    instrument: str
    edition: str
    answered_edition: str
    answers: dict[str, Any]
    result: dict[str, Any]


async def database_faults(session: AsyncSession) -> list[str]:
    """What the database itself finds wrong; PostgreSQL checks its pages as it reads them."""
    if session.get_bind().dialect.name != "sqlite":
        await session.execute(text("SELECT 1"))
        return []
    found = [str(row[0]) for row in (await session.execute(text("PRAGMA integrity_check"))).fetchall()]
    dangling = (await session.execute(text("PRAGMA foreign_key_check"))).fetchall()
    return [line for line in found if line != "ok"] + [f"{row[0]} row {row[1]}" for row in dangling]


async def referenced_files(session: AsyncSession) -> list[str]:
    """The SHA-256 of every file that a row refers to."""
    documents = await session.scalars(select(col(Document.sha256)))
    shown = await session.scalars(select(col(EvidenceFile.sha256)))
    listed = await session.scalars(select(col(ChecklistFile.sha256)))
    archives = await session.scalars(
        select(col(Pack.archive_sha256)).where(col(Pack.archive_sha256).is_not(None))
    )
    papers = await session.scalars(
        select(col(IssuedPaper.file_sha256)).where(col(IssuedPaper.file_sha256).is_not(None))
    )
    proofs = await session.scalars(select(col(Exemption.sha256)).where(col(Exemption.sha256) != ""))
    teaching = await session.scalars(select(col(TeachingFile.sha256)))
    played = await session.scalars(select(col(Package.sha256)))
    proven = await session.scalars(
        select(col(ProofArchive.sha256)).where(col(ProofArchive.sha256).is_not(None))
    )
    made = (sha256 for sha256 in (*archives, *papers, *proven) if sha256)
    return sorted({*documents, *shown, *listed, *proofs, *teaching, *played, *made})


async def papers_out_of_step(session: AsyncSession) -> list[str]:
    """Papers and packs whose number is beyond the last one taken, and papers whose state and file do not agree.

    A number below the last one that nothing bears is that of a person who was erased: it is never given again.
    """
    taken = {(row.series, row.year): row.last_number for row in await session.scalars(select(NumberSeries))}
    papers = list(await session.scalars(select(IssuedPaper)))
    found = [
        f"{row.id} bears a number that was not taken"
        for row in (*papers, *await session.scalars(select(Pack)))
        if not 1 <= row.number <= taken.get((row.series, row.year), 0)
    ]
    for row in papers:
        if (row.state is PaperState.READY) != (row.file_sha256 is not None):
            found.append(f"{row.id} is {row.state.value}, its file says otherwise")
    return found


async def papers_count(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(IssuedPaper)) or 0


async def packs(session: AsyncSession) -> list[PackEvidence]:
    """Every pack with its documents."""
    documents = await session.scalars(select(Document).order_by(col(Document.position)))
    by_pack: dict[UUID, list[DocumentEvidence]] = {}
    for document in documents:
        by_pack.setdefault(document.pack_id, []).append(DocumentEvidence.model_validate(document))
    rows = await session.scalars(select(Pack))
    return [
        PackEvidence(
            id=row.id,
            state=row.state,
            archive_sha256=row.archive_sha256,
            documents=tuple(by_pack.get(row.id, ())),
        )
        for row in rows
    ]


async def work_out_of_step(session: AsyncSession) -> list[str]:
    """Wishes said to be done whose result is not there, and results that nobody is left to bring about."""
    found: list[str] = []
    for kind, table, waiting in (
        (WorkKind.PACK, Pack, PackState.REQUESTED),
        (WorkKind.PAPER, IssuedPaper, PaperState.REQUESTED),
        (WorkKind.PROOF_ARCHIVE, ProofArchive, ProofArchiveState.REQUESTED),
        (WorkKind.MAIL, Mail, MailState.WAITING),
    ):
        asked = (
            select(col(Outbox.subject_id), func.count(), func.count(col(Outbox.done_at)))
            .where(col(Outbox.kind) == kind, col(Outbox.failure) == "")
            .group_by(col(Outbox.subject_id))
        )
        counts = {row[0]: (row[1], row[2]) for row in (await session.execute(asked)).all()}
        for row in await session.execute(select(col(table.id), col(table.state))):
            wishes, done = counts.get(row[0], (0, 0))
            if row[1] == waiting and wishes and wishes == done:
                found.append(f"{kind.value} {row[0]} said done, but waiting")
            if wishes > 1:
                found.append(f"{kind.value} {row[0]} asked for {wishes} times")
    return found


async def scored_responses(session: AsyncSession) -> list[ScoredResponse]:
    """Every scorecard with its answers."""
    rows = await session.execute(
        select(Scorecard, Response).join(Response, col(Response.id) == col(Scorecard.response_id))
    )
    return [
        ScoredResponse(
            scorecard_id=scorecard.id,
            instrument=scorecard.instrument,
            edition=scorecard.edition,
            answered_edition=response.edition,
            answers=response.answers,
            result=scorecard.result,
        )
        for scorecard, response in rows.all()
    ]


async def decided_by_nobody(session: AsyncSession) -> list[str]:
    """Applications at a stage that only a person's decision reaches, without that decision."""
    decided = select(col(Decision.application_id)).where(
        col(Decision.staff_id).is_not(None), func.length(col(Decision.reason)) >= 20
    )
    rows = await session.scalars(
        select(col(Application.id)).where(
            col(Application.stage).in_(DECIDED_STAGES), col(Application.id).not_in(decided)
        )
    )
    return [str(row) for row in rows]
