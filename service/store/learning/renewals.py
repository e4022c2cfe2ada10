"""Completions that must be renewed, and those that no longer hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.vocabulary import Locale
from service.tables.people import Candidate, Staff
from service.tables.training import Assignment


@dataclass(frozen=True)
class Renewal:
    """One completion with its person, and the trainer who gave the path (nobody: empty)."""

    row: Assignment
    given_name: str
    email: str
    locale: Locale
    trainer_email: str
    trainer_name: str
    trainer_locale: Locale


async def to_open(session: AsyncSession, *, today: date, limit: int) -> tuple[Renewal, ...]:
    """Completions of people who work here whose renewal opens by today and was not seen to; the earliest end first."""
    return await _found(
        session,
        col(Assignment.renewal_on) <= today,
        col(Candidate.is_agent),
        col(Assignment.renewal_settled_at).is_(None),
        limit=limit,
    )


async def to_end(session: AsyncSession, *, today: date, limit: int) -> tuple[Renewal, ...]:
    """Completions that hold no longer and whose end was not seen to."""
    return await _found(
        session, col(Assignment.expires_on) < today, col(Assignment.ended_at).is_(None), limit=limit
    )


async def _found(session: AsyncSession, *conditions: object, limit: int) -> tuple[Renewal, ...]:
    rows = await session.execute(
        select(Assignment, Candidate, col(Staff.email), col(Staff.name), col(Staff.locale))
        .join(Candidate, col(Candidate.id) == col(Assignment.candidate_id))
        .outerjoin(Staff, (col(Staff.id) == col(Assignment.assigned_by)) & col(Staff.is_active))
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(col(Assignment.expires_on), col(Assignment.id))
        .limit(limit)
        .with_for_update(of=Assignment, skip_locked=True)
    )
    return tuple(
        Renewal(
            row=row, given_name=person.given_name, email=person.email, locale=person.locale,
            trainer_email=email or "", trainer_name=name or "", trainer_locale=locale or Locale.FR,
        )
        for row, person, email, name, locale in rows
    )  # fmt: skip


async def followed_since(
    session: AsyncSession, row: Assignment, *, paths: Iterable[str]
) -> tuple[Assignment, ...]:
    """What the same person was given of these paths besides, and did not finish before this completion."""
    found = await session.scalars(
        select(Assignment)
        .where(
            col(Assignment.candidate_id) == row.candidate_id,
            col(Assignment.path).in_(list(paths)),
            col(Assignment.id) != row.id,
            col(Assignment.completed_on).is_(None) | (col(Assignment.completed_on) > row.completed_on),
        )
        .order_by(col(Assignment.is_complete).desc(), col(Assignment.start_date), col(Assignment.id))
    )
    return tuple(found)
