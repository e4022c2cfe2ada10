"""Who is written to about open tasks: what is due, who reads for whom, what they chose, who was seen to today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.day_one.checklists import TaskState
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import DeskKind, Locale, Role
from service.store.day_one.checklists import checklists_within
from service.tables.checklists import Checklist, ChecklistTask, Desk, DeskLink, Digest, DigestChoice
from service.tables.offers import CivilDetails, Offer
from service.tables.people import Staff, StaffProgramme

READERS = (Role.RECRUITER, Role.TRAINER, Role.SUPERVISOR)


class DeskFacts(BaseModel):
    """Where the people of one desk are written to."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    kind: DeskKind
    address: str
    locale: Locale
    version: int
    updated_at: datetime


@dataclass(frozen=True)
class StaffReader:
    """Somebody of the staff who may be written to; `programme_ids` counts when not all are theirs."""

    id: UUID
    role: Role
    name: str
    email: str
    locale: Locale
    sees_all: bool
    programme_ids: frozenset[UUID]

    def reads(self, programme_id: UUID) -> bool:
        return self.sees_all or programme_id in self.programme_ids


async def due_checklists(session: AsyncSession, *, until: date, since: date) -> list[UUID]:
    """The checklists with a start since `since` and an open task that is due by `until`."""
    due = select(col(ChecklistTask.id)).where(
        col(ChecklistTask.checklist_id) == col(Checklist.id),
        col(ChecklistTask.state) == TaskState.OPEN,
        col(ChecklistTask.is_optional).is_(False),
        col(ChecklistTask.due_on) <= until,
    )
    rows = await session.scalars(
        select(col(Checklist.id))
        .where(checklists_within(SYSTEM), col(Checklist.start_date) >= since, due.exists())
        .order_by(col(Checklist.start_date), col(Checklist.id))
    )
    return list(rows)


async def makers_of(session: AsyncSession, offer_ids: Iterable[UUID]) -> Mapping[UUID, UUID | None]:
    """Offer -> who made it."""
    rows = await session.execute(
        select(col(Offer.id), col(Offer.made_by)).where(col(Offer.id).in_(list(offer_ids)))
    )
    return {row[0]: row[1] for row in rows}


async def staff_readers(session: AsyncSession) -> tuple[StaffReader, ...]:
    """Every active member of staff who holds tasks, with the programmes they see."""
    rows = await session.scalars(
        select(Staff).where(col(Staff.is_active), col(Staff.role).in_(READERS)).order_by(col(Staff.id))
    )
    seen: dict[UUID, set[UUID]] = {}
    for staff_id, programme_id in await session.execute(
        select(col(StaffProgramme.staff_id), col(StaffProgramme.programme_id))
    ):
        seen.setdefault(staff_id, set()).add(programme_id)
    return tuple(
        StaffReader(
            row.id, row.role, row.name, row.email, row.locale, row.sees_all_programmes,
            frozenset(seen.get(row.id, ())),
        )
        for row in rows
    )  # fmt: skip


async def unwanted(session: AsyncSession) -> frozenset[str]:
    """The readers who said that they do not want the letter."""
    return frozenset(
        await session.scalars(select(col(DigestChoice.reader)).where(col(DigestChoice.is_wanted).is_(False)))
    )


async def choice_of(session: AsyncSession, reader: str) -> DigestChoice | None:
    return await session.scalar(select(DigestChoice).where(col(DigestChoice.reader) == reader))


async def seen_to(session: AsyncSession, day: date) -> frozenset[str]:
    """The readers who were looked at on a day."""
    return frozenset(await session.scalars(select(col(Digest.reader)).where(col(Digest.day) == day)))


async def desks(session: AsyncSession) -> tuple[DeskFacts, ...]:
    rows = await session.scalars(select(Desk).order_by(col(Desk.kind)))
    return tuple(DeskFacts.model_validate(row) for row in rows)


async def desk_row(session: AsyncSession, kind: DeskKind) -> Desk | None:
    return await session.scalar(select(Desk).where(col(Desk.kind) == kind).with_for_update())


async def desk_by_token_hash(session: AsyncSession, token_hash: str) -> tuple[Desk, DeskLink] | None:
    found = await session.execute(
        select(Desk, DeskLink)
        .join(DeskLink, col(DeskLink.desk_id) == col(Desk.id))
        .where(col(DeskLink.token_hash) == token_hash)
    )
    row = found.first()
    return (row[0], row[1]) if row else None


async def end_links(session: AsyncSession, desk_id: UUID) -> None:
    """No link of this desk opens anything any more."""
    await session.execute(sa.delete(DeskLink).where(col(DeskLink.desk_id) == desk_id))


async def forget_links(session: AsyncSession, *, before: datetime) -> None:
    await session.execute(sa.delete(DeskLink).where(col(DeskLink.expires_at) < before))


async def addresses_of(session: AsyncSession, candidate_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Where parcels go: the postal address that each person gave for the contract, in one line."""
    rows = await session.scalars(
        select(CivilDetails).where(col(CivilDetails.candidate_id).in_(list(candidate_ids)))
    )
    return {row.candidate_id: _in_line(row.facts) for row in rows}


def _in_line(facts: Mapping[str, Any]) -> str:
    address = facts.get("address") or {}
    town = f"{address.get('postcode') or ''} {address.get('city') or ''}".strip()
    return ", ".join(str(part) for part in (address.get("street"), town) if part)
