"""Dates that papers set: of one application, the open ones of everybody, and those to remind of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import DeadlineHolder, Locale
from service.store.papers.number_series import reference_of
from service.store.papers.papers import papers_within
from service.store.reach import id_of
from service.tables.papers import Deadline, IssuedPaper
from service.tables.people import Candidate, Staff


class DeadlineFacts(BaseModel):
    """One date, from which paper it follows, for whom, and who saw to it when."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    paper_id: UUID
    application_id: UUID
    candidate_id: UUID
    person_name: str
    paper_title: str
    reference: str
    what: str
    due_on: date
    article: str
    holder: DeadlineHolder
    done_at: datetime | None
    done_by_name: str


@dataclass(frozen=True)
class DeadlinePage:
    """Lines, the soonest due first, and the position after the last one when there are more."""

    lines: tuple[DeadlineFacts, ...]
    after: tuple[str, str] | None


@dataclass(frozen=True)
class Reminder:
    """One date to remind its holder of, and where to write."""

    row: Deadline
    address: str
    locale: Locale
    given_name: str
    person_name: str


def deadlines_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Deadline`: its paper is within reach."""
    within = papers_within(actor)
    if isinstance(within, sa.True_):
        return within
    return col(Deadline.paper_id).in_(select(col(IssuedPaper.id)).where(within))


async def deadline_row(session: AsyncSession, actor: Actor, deadline_id: str | UUID) -> Deadline:
    """The deadline, if within reach, held until the transaction ends; NotFound otherwise."""
    row = await session.scalar(
        select(Deadline)
        .where(col(Deadline.id) == id_of(deadline_id), deadlines_within(actor))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


async def of_application(
    session: AsyncSession, actor: Actor, application_id: UUID
) -> tuple[DeadlineFacts, ...]:
    """Every date of one application, the soonest first."""
    wanted = _lines(actor).where(col(Deadline.application_id) == application_id)
    return tuple(_facts(*row) for row in await session.execute(wanted))


async def of_candidate(session: AsyncSession, actor: Actor, candidate_id: UUID) -> tuple[DeadlineFacts, ...]:
    """Every date about one person within the actor's reach, the soonest first."""
    wanted = _lines(actor).where(col(Deadline.candidate_id) == candidate_id)
    return tuple(_facts(*row) for row in await session.execute(wanted))


async def page_of(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    is_done: bool = False,
    after: Sequence[Any] | None = None,
) -> DeadlinePage:
    """Dates within reach, open ones or those seen to, the soonest first; `after` is (due_on, id)."""
    wanted = _lines(actor).where(
        col(Deadline.done_at).is_not(None) if is_done else col(Deadline.done_at).is_(None)
    )
    if after is not None:
        here: Any = sa.tuple_(col(Deadline.due_on), col(Deadline.id))
        wanted = wanted.where(here > (date.fromisoformat(str(after[0])), id_of(str(after[1]))))
    rows = (await session.execute(wanted.limit(limit + 1))).all()
    lines = tuple(_facts(*row) for row in rows[:limit])
    last = lines[-1] if len(rows) > limit else None
    return DeadlinePage(lines, (last.due_on.isoformat(), str(last.id)) if last else None)


async def to_remind(session: AsyncSession, *, until: date, limit: int) -> list[Reminder]:
    """Open dates up to `until` that nobody was reminded of: the employer's go to whoever issued the paper."""
    rows = await session.execute(
        select(Deadline, Candidate, Staff)
        .join(IssuedPaper, col(IssuedPaper.id) == col(Deadline.paper_id))
        .join(Candidate, col(Candidate.id) == col(Deadline.candidate_id))
        .outerjoin(Staff, sa.and_(col(Staff.id) == col(IssuedPaper.issued_by), col(Staff.is_active)))
        .where(
            col(Deadline.done_at).is_(None),
            col(Deadline.reminded_at).is_(None),
            col(Deadline.due_on) <= until,
        )
        .order_by(col(Deadline.due_on), col(Deadline.id))
        .limit(limit)
    )
    return [_reminder(*row) for row in rows]


def _reminder(row: Deadline, person: Candidate, issuer: Staff | None) -> Reminder:
    name = _name(person)
    if row.holder is DeadlineHolder.PERSON:
        return Reminder(row, person.email, person.locale, person.given_name, name)
    if issuer is None:
        return Reminder(row, "", Locale.FR, "", name)
    return Reminder(row, issuer.email, issuer.locale, issuer.name, name)


def _lines(actor: Actor) -> Select[Deadline, IssuedPaper, Candidate, Staff]:
    return (
        select(Deadline, IssuedPaper, Candidate, Staff)
        .join(IssuedPaper, col(IssuedPaper.id) == col(Deadline.paper_id))
        .join(Candidate, col(Candidate.id) == col(Deadline.candidate_id))
        .outerjoin(Staff, col(Staff.id) == col(Deadline.done_by))
        .where(deadlines_within(actor))
        .order_by(col(Deadline.due_on), col(Deadline.id))
    )


def _facts(row: Deadline, paper: IssuedPaper, person: Candidate, seen_by: Staff | None) -> DeadlineFacts:
    return DeadlineFacts(
        id=row.id,
        paper_id=row.paper_id,
        application_id=row.application_id,
        candidate_id=row.candidate_id,
        person_name=_name(person),
        paper_title=paper.title,
        reference=reference_of(paper.series, year=paper.year, number=paper.number),
        what=row.what,
        due_on=row.due_on,
        article=row.article,
        holder=row.holder,
        done_at=row.done_at,
        done_by_name=seen_by.name if seen_by else "",
    )


def _name(person: Candidate) -> str:
    return f"{person.given_name} {person.family_name}".strip() or person.pseudonym
