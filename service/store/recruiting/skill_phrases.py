"""Phrases that no list understood: whose words they are, within reach, and files not yet read for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import Locale, PhraseState
from service.store.reach import candidates_within, id_of, programmes_within
from service.tables.people import Candidate
from service.tables.programmes import Programme
from service.tables.skills import SkillPhrase, SkillPhraseUse, SkillReading


class PhraseFacts(BaseModel):
    """One phrase, how many files and programmes within reach hold it, and what a person said it means."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    phrase: str
    locale: Locale
    state: PhraseState
    uri: str
    first_seen_at: datetime
    answered_at: datetime | None
    people: int
    programmes: int
    version: int

    @property
    def uses(self) -> int:
        return self.people + self.programmes


@dataclass(frozen=True)
class PhrasePage:
    """Phrases, those of the most files first, and the position after the last one when there are more."""

    lines: tuple[PhraseFacts, ...]
    after: tuple[int, str] | None


@dataclass(frozen=True)
class Holder:
    """A file or a programme whose phrases wait to be read."""

    candidate_id: UUID | None
    programme_id: UUID | None
    version: int
    locale: Locale
    phrases: tuple[str, ...]


def _counted(actor: Actor) -> Any:
    """Every phrase with its uses within reach; one that nobody within reach wrote is not there."""
    people = select(col(Candidate.id)).where(candidates_within(actor))
    programmes = select(col(Programme.id)).where(programmes_within(actor))
    uses: Any = SkillPhraseUse
    return (
        select(
            uses.phrase_id,
            sa.func.count(uses.candidate_id).label("people"),
            sa.func.count(uses.programme_id).label("programmes"),
            sa.func.count().label("uses"),
        )
        .where(sa.or_(uses.candidate_id.in_(people), uses.programme_id.in_(programmes)))
        .group_by(uses.phrase_id)
        .subquery()
    )


async def page_of(
    session: AsyncSession,
    actor: Actor,
    *,
    state: PhraseState,
    limit: int,
    after: Sequence[Any] | None = None,
) -> PhrasePage:
    """One page of the queue within reach: phrases of the most files and programmes first."""
    counted = _counted(actor)
    rarity, folded = -counted.c.uses, col(SkillPhrase.folded)
    wanted = (
        select(SkillPhrase, counted.c.people, counted.c.programmes)
        .join(counted, counted.c.phrase_id == col(SkillPhrase.id))
        .where(col(SkillPhrase.state) == state)
    )
    if after is not None:
        wanted = wanted.where(
            sa.tuple_(rarity, folded) > sa.tuple_(sa.literal(int(after[0])), sa.literal(str(after[1])))
        )
    rows = (await session.execute(wanted.order_by(rarity, folded).limit(limit + 1))).all()
    lines = tuple(_facts(*row) for row in rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return PhrasePage(lines, (-lines[-1].uses, last[0].folded) if last is not None else None)


def _facts(row: SkillPhrase, people: int, programmes: int) -> PhraseFacts:
    return PhraseFacts(**row.model_dump(exclude={"folded", "staff_id"}), people=people, programmes=programmes)


async def facts_of(session: AsyncSession, actor: Actor, phrase_id: str | UUID) -> PhraseFacts:
    """One phrase that a file or programme within reach holds; NotFound otherwise."""
    counted = _counted(actor)
    row = (
        await session.execute(
            select(SkillPhrase, counted.c.people, counted.c.programmes)
            .join(counted, counted.c.phrase_id == col(SkillPhrase.id))
            .where(col(SkillPhrase.id) == id_of(phrase_id))
        )
    ).first()
    if row is None:
        raise NotFound
    return _facts(*row)


async def row_of(session: AsyncSession, phrase_id: UUID) -> SkillPhrase:
    row = await session.get(SkillPhrase, phrase_id)
    if row is None:
        raise NotFound
    return row


async def open_count(session: AsyncSession, actor: Actor) -> int:
    """How many phrases wait within reach."""
    counted = _counted(actor)
    found = await session.scalar(
        select(sa.func.count())
        .select_from(SkillPhrase)
        .join(counted, counted.c.phrase_id == col(SkillPhrase.id))
        .where(col(SkillPhrase.state) == PhraseState.OPEN)
    )
    return found or 0


async def holders_of(session: AsyncSession, phrase_id: UUID, *, most: int) -> tuple[list[UUID], list[UUID]]:
    """People and programmes whose words these are, at most so many in all."""
    rows = await session.execute(
        select(col(SkillPhraseUse.candidate_id), col(SkillPhraseUse.programme_id))
        .where(col(SkillPhraseUse.phrase_id) == phrase_id)
        .order_by(col(SkillPhraseUse.id))
        .limit(most)
    )
    found = rows.all()
    return [row[0] for row in found if row[0]], [row[1] for row in found if row[1]]


async def waiting(session: AsyncSession, *, limit: int) -> tuple[Holder, ...]:
    """Files and programmes that changed since they were last read for phrases, some at a time."""
    people = await session.execute(
        select(col(Candidate.id), col(Candidate.version), col(Candidate.locale), col(Candidate.profile))
        .outerjoin(SkillReading, col(SkillReading.candidate_id) == col(Candidate.id))
        .where(col(SkillReading.read_version).is_distinct_from(col(Candidate.version)))
        .order_by(col(Candidate.id))
        .limit(limit)
    )
    found = [
        Holder(row_id, None, version, locale, tuple(str(one) for one in profile.get("skills", ())))
        for row_id, version, locale, profile in people
    ]
    programmes = await session.execute(
        select(col(Programme.id), col(Programme.version), col(Programme.profile))
        .outerjoin(SkillReading, col(SkillReading.programme_id) == col(Programme.id))
        .where(col(SkillReading.read_version).is_distinct_from(col(Programme.version)))
        .order_by(col(Programme.id))
        .limit(limit)
    )
    found += [
        Holder(
            None, row_id, version, Locale.FR,
            tuple(str(one.get("text", "")) for one in profile.get("skills", ())),
        )
        for row_id, version, profile in programmes
    ]  # fmt: skip
    return tuple(found)


async def rows_by_folded(session: AsyncSession, folded: Sequence[str]) -> Mapping[str, SkillPhrase]:
    rows = await session.scalars(select(SkillPhrase).where(col(SkillPhrase.folded).in_(folded)))
    return {row.folded: row for row in rows}


async def open_rows(session: AsyncSession, *, limit: int) -> Sequence[SkillPhrase]:
    """Phrases that wait, the longest waiting first."""
    rows = await session.scalars(
        select(SkillPhrase)
        .where(col(SkillPhrase.state) == PhraseState.OPEN)
        .order_by(col(SkillPhrase.first_seen_at), col(SkillPhrase.id))
        .limit(limit)
    )
    return rows.all()


def _orphans() -> Any:
    """Phrases that nobody's file holds any more, unless a person said which skill they mean."""
    held = sa.exists().where(col(SkillPhraseUse.phrase_id) == col(SkillPhrase.id))
    return sa.and_(col(SkillPhrase.state) != PhraseState.ANSWERED, sa.not_(held))


async def has_orphans(session: AsyncSession) -> bool:
    return await session.scalar(select(col(SkillPhrase.id)).where(_orphans()).limit(1)) is not None


async def forget_orphans(session: AsyncSession) -> None:
    await session.execute(sa.delete(SkillPhrase).where(_orphans()))


async def forget(session: AsyncSession, folded: Sequence[str]) -> None:
    """Take phrases that wait out of the queue."""
    if folded:
        await session.execute(
            sa.delete(SkillPhrase).where(
                col(SkillPhrase.state) == PhraseState.OPEN, col(SkillPhrase.folded).in_(folded)
            )
        )
