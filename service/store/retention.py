"""How long each person has been silent, and everything that an erasure has to find."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.vocabulary import DecisionOutcome, PackState, PaperState, Stage
from service.store.assessing import evidence
from service.store.classes import class_reminders
from service.tables.applications import Application, Decision, Import, Invitation, StageChange
from service.tables.assessments import Response
from service.tables.checklists import ChecklistFile
from service.tables.contests import Contest
from service.tables.evidence import EvidenceFile
from service.tables.help import HelpRequest
from service.tables.offers import Document, Offer, Pack
from service.tables.papers import IssuedPaper
from service.tables.people import Candidate, SignIn, Staff
from service.tables.pool import PoolChoice, PoolContact
from service.tables.skills import SkillEdition
from service.tables.trail import IdempotentAnswer, Mail, Outbox
from service.tables.training import Assignment, Exemption


@dataclass(frozen=True)
class Silence:
    """One person who was not hired: the last contact, and the last decision not to retain, if any."""

    candidate_id: UUID
    shown_name: str
    last_contact: datetime
    decided_at: datetime | None


async def silences(session: AsyncSession) -> list[Silence]:
    """Everybody who was not hired, in the order of the last contact."""
    contacts: dict[UUID, datetime] = {}
    for query in _contacts():
        for candidate_id, at in await session.execute(query):
            contacts[candidate_id] = max(at, contacts.get(candidate_id, at))
    decided = {row[0]: row[1] for row in await session.execute(_decisions())}
    people = await session.scalars(select(Candidate).where(~_is_hired()))
    found = [Silence(one.id, _shown(one), contacts[one.id], decided.get(one.id)) for one in people]
    return sorted(found, key=lambda one: (one.last_contact, one.candidate_id))


async def silence_of(session: AsyncSession, candidate_id: UUID) -> Silence | None:
    """The same for one person; None for somebody who was hired."""
    person = await session.scalar(select(Candidate).where(col(Candidate.id) == candidate_id, ~_is_hired()))
    if person is None:
        return None
    own = [query.where(query.selected_columns[0] == candidate_id) for query in _contacts()]
    contacts = sa.union_all(*own).subquery()
    last = await session.scalar(select(func.max(contacts.columns[1])))
    decided = (
        await session.execute(_decisions().where(col(Application.candidate_id) == candidate_id))
    ).first()
    return Silence(person.id, _shown(person), last or person.created_at, decided[1] if decided else None)


def _contacts() -> list[Select[Any]]:
    """The newest moment a person, one query for each kind of contact."""
    of_application = select(col(Application.candidate_id), func.max(col(StageChange.at))).join(
        Application, col(Application.id) == col(StageChange.application_id)
    )
    return [
        select(col(Candidate.id), col(Candidate.created_at)),
        of_application.group_by(col(Application.candidate_id)),
        _newest(Application.candidate_id, Application.created_at),
        _newest(Response.candidate_id, Response.saved_at),
        _newest(EvidenceFile.candidate_id, EvidenceFile.created_at),
        _newest(Invitation.candidate_id, Invitation.created_at),
        _newest(Offer.candidate_id, Offer.answered_at),
        _newest(HelpRequest.candidate_id, HelpRequest.asked_at),
        _newest(Contest.candidate_id, Contest.opened_at),
        _newest(Contest.candidate_id, Contest.answered_at),
        _newest(SignIn.candidate_id, SignIn.created_at),
        _newest(PoolChoice.candidate_id, PoolChoice.at),
        _newest(PoolContact.candidate_id, PoolContact.answered_at),
    ]


def _newest(person: Any, moment: Any) -> Select[Any]:
    return (
        select(col(person), func.max(col(moment)))
        .where(col(person).is_not(None), col(moment).is_not(None))
        .group_by(col(person))
    )


def _decisions() -> Any:
    return (
        select(col(Application.candidate_id), func.max(col(Decision.decided_at)))
        .join(Application, col(Application.id) == col(Decision.application_id))
        .where(col(Decision.outcome) == DecisionOutcome.NOT_RETAIN)
        .group_by(col(Application.candidate_id))
    )


def _is_hired() -> sa.ColumnElement[bool]:
    hired = select(col(Application.candidate_id)).where(col(Application.stage) == Stage.HIRED)
    return or_(col(Candidate.is_agent), col(Candidate.id).in_(hired))


def _shown(person: Candidate) -> str:
    return f"{person.given_name} {person.family_name}".strip() or person.pseudonym


async def is_hired(session: AsyncSession, candidate_id: UUID) -> bool:
    found = await session.scalar(
        select(col(Candidate.id)).where(col(Candidate.id) == candidate_id, _is_hired())
    )
    return found is not None


async def people_count(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(Candidate)) or 0


async def ids_of(session: AsyncSession, candidate_id: UUID) -> frozenset[UUID]:
    """The person's own id and those of their applications, offers, packs and papers."""
    found = {candidate_id}
    for table in (Application, Offer, Pack, IssuedPaper):
        found.update(
            await session.scalars(select(col(table.id)).where(col(table.candidate_id) == candidate_id))
        )
    return frozenset(found)


async def files_of(session: AsyncSession, candidate_id: UUID) -> frozenset[str]:
    """The SHA-256 of every document and archive made for this person, and of every file that shows something."""
    documents = await session.scalars(
        select(col(Document.sha256)).where(col(Document.candidate_id) == candidate_id)
    )
    archives = await session.scalars(
        select(col(Pack.archive_sha256)).where(col(Pack.candidate_id) == candidate_id)
    )
    shown = await session.scalars(
        select(col(EvidenceFile.sha256)).where(col(EvidenceFile.candidate_id) == candidate_id)
    )
    papers = await session.scalars(
        select(col(IssuedPaper.file_sha256)).where(col(IssuedPaper.candidate_id) == candidate_id)
    )
    proofs = await session.scalars(
        select(col(Exemption.sha256))
        .join(Assignment, col(Assignment.id) == col(Exemption.assignment_id))
        .where(col(Assignment.candidate_id) == candidate_id)
    )
    listed = await session.scalars(
        select(col(ChecklistFile.sha256)).where(col(ChecklistFile.candidate_id) == candidate_id)
    )
    every = (*documents, *archives, *shown, *papers, *proofs, *listed)
    return frozenset(sha256 for sha256 in every if sha256)


async def letters_of(session: AsyncSession, person: Candidate) -> frozenset[UUID]:
    """Letters about this person or listing them, and those to this address that name nobody and went to no staff."""
    of_nobody = sa.and_(
        col(Mail.candidate_id).is_(None),
        func.lower(col(Mail.recipient)) == person.email.lower(),
        func.lower(col(Mail.recipient)).not_in(select(func.lower(col(Staff.email)))),
        sa.literal(bool(person.email)),
    )
    return frozenset(
        await session.scalars(
            select(col(Mail.id)).where(
                or_(
                    col(Mail.candidate_id) == person.id,
                    col(Mail.id).in_(class_reminders.letters_naming(person.id)),
                    of_nobody,
                )
            )
        )
    )


async def imports(session: AsyncSession) -> list[Import]:
    return list(await session.scalars(select(Import)))


async def kept_answers(session: AsyncSession) -> Any:
    """Every kept answer as (id, principal, body), streamed."""
    query = select(col(IdempotentAnswer.id), col(IdempotentAnswer.principal), col(IdempotentAnswer.body))
    return await session.stream(query)


async def delete_person(
    session: AsyncSession,
    candidate_id: UUID,
    *,
    letters: Iterable[UUID],
    work_on: Iterable[UUID],
    answers: Iterable[UUID],
) -> None:
    """Delete the row, everything that belongs to it by foreign key, and what speaks of it without one."""
    for place, ids in (
        (IdempotentAnswer.id, answers), (Outbox.subject_id, work_on), (Mail.id, letters),
    ):  # fmt: skip
        table = place.class_  # type: ignore[attr-defined]
        for part in _parts(ids):
            await session.execute(delete(table).where(col(place).in_(part)))
    await session.execute(delete(Candidate).where(col(Candidate.id) == candidate_id))


def _parts(ids: Iterable[UUID]) -> Iterable[list[UUID]]:
    every = list(ids)
    return (every[start : start + 500] for start in range(0, len(every), 500))


async def files_in_use(session: AsyncSession) -> frozenset[str]:
    """Every file of a pack, of evidence, of an import or of a list of skills that a row still refers to."""
    brought_in = await session.scalars(select(col(Import.sha256)))
    lists = [
        one["sha256"] for files in await session.scalars(select(col(SkillEdition.files))) for one in files
    ]
    return frozenset([*await evidence.referenced_files(session), *brought_in, *lists])


async def pack_under_way(session: AsyncSession) -> bool:
    """Whether any pack or paper is being made: its files may be there before the row that names them."""
    found = await session.scalar(select(col(Pack.id)).where(col(Pack.state) == PackState.REQUESTED).limit(1))
    drawn = await session.scalar(
        select(col(IssuedPaper.id)).where(col(IssuedPaper.state) == PaperState.REQUESTED).limit(1)
    )
    return found is not None or drawn is not None


async def letter_files_in_use(session: AsyncSession) -> frozenset[str]:
    """The names of the files of every letter that is kept."""
    return frozenset(f"{letter_id}.eml" for letter_id in await session.scalars(select(col(Mail.id))))
