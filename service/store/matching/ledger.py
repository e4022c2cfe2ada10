"""The skill entries of people, whether somebody is asked to look at one again, and whose levels age today."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.matching.ledger import Entry
from assessments.matching.ledger_policy import HowShown
from service.runtime.errors import NotFound
from service.runtime.vocabulary import ContestKind
from service.store import reach
from service.store.assessing.assessments import Facts
from service.tables.contests import Contest
from service.tables.ledger import SkillEntry
from service.tables.people import Candidate, Staff


class SkillEntryFacts(Facts):
    """One entry with who wrote it; `contest_id` is the person's request to look again, `is_contested` while it is open.

    Ended, it counts no more.
    """

    id: UUID
    candidate_id: UUID
    skill: str
    level: int
    evidence: HowShown
    known_on: date
    words: str
    source_id: UUID | None
    policy_edition: str
    staff_id: UUID | None
    staff_name: str
    recorded_at: datetime
    ended_at: datetime | None
    ended_why: str
    contest_id: UUID | None
    is_contested: bool

    @property
    def as_entry(self) -> Entry:
        """What the core weighs."""
        told = {name: getattr(self, name) for name in Entry.model_fields if name != "id"}
        return Entry(id=str(self.id), **told)


async def entries_of(session: AsyncSession, candidate_id: UUID) -> tuple[SkillEntryFacts, ...]:
    """Every entry of one person, the newest first, ended ones among them. The caller has checked who is asking."""
    asked: Any = select(Contest).where(col(Contest.kind) == ContestKind.SKILL).subquery()
    rows = await session.execute(
        select(SkillEntry, col(Staff.name), asked.c.id, asked.c.answered_at)
        .outerjoin(Staff, col(Staff.id) == col(SkillEntry.staff_id))
        .outerjoin(asked, asked.c.subject_id == col(SkillEntry.id))
        .where(col(SkillEntry.candidate_id) == candidate_id)
        .order_by(
            col(SkillEntry.known_on).desc(), col(SkillEntry.recorded_at).desc(), col(SkillEntry.id)
        )
    )  # fmt: skip
    return tuple(_facts(*row) for row in rows)


def _facts(
    row: SkillEntry, staff_name: str | None, contest_id: UUID | None, answered_at: datetime | None
) -> SkillEntryFacts:
    told = row.model_dump(exclude={"ended_by"})
    return SkillEntryFacts(
        **told, staff_name=staff_name or "", contest_id=contest_id,
        is_contested=contest_id is not None and answered_at is None,
    )  # fmt: skip


async def entries_from(session: AsyncSession, candidate_id: UUID, source_id: UUID) -> tuple[SkillEntry, ...]:
    """The rows that still count of those that one training or interview wrote. The caller has checked who is asking."""
    found = await session.scalars(
        select(SkillEntry).where(
            col(SkillEntry.candidate_id) == candidate_id,
            col(SkillEntry.source_id) == source_id,
            col(SkillEntry.ended_at).is_(None),
        )
    )
    return tuple(found)


async def known_ids(session: AsyncSession, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the ids that are entries already."""
    wanted = list(ids)
    if not wanted:
        return frozenset()
    return frozenset(await session.scalars(select(col(SkillEntry.id)).where(col(SkillEntry.id).in_(wanted))))


async def entry_row(session: AsyncSession, candidate_id: UUID, entry_id: str | UUID) -> SkillEntry:
    """One entry of one person, held until the transaction ends; the caller has checked the person's reach."""
    row = await session.scalar(
        select(SkillEntry)
        .where(col(SkillEntry.id) == reach.id_of(entry_id), col(SkillEntry.candidate_id) == candidate_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


async def people_due(session: AsyncSession, *, today: date, limit: int) -> Sequence[UUID]:
    """People one of whose levels may have changed by age alone."""
    due = col(Candidate.ledger_until)
    found = await session.scalars(
        select(col(Candidate.id)).where(due <= today).order_by(due, col(Candidate.id)).limit(limit)
    )
    return found.all()


async def put_beside(
    session: AsyncSession, candidate_id: UUID, *, ledger: list[dict[str, Any]] | None, until: date | None
) -> None:
    """Write what counts beside the profile, without a new version of the row: nobody's edit goes stale by it."""
    table: Any = Candidate.__table__  # type: ignore[attr-defined]
    await session.execute(
        sa.update(table).where(table.c.id == candidate_id).values(ledger=ledger, ledger_until=until)
    )
    row = await session.get(Candidate, candidate_id)
    if row is not None:
        await session.refresh(row, ["ledger", "ledger_until"])
