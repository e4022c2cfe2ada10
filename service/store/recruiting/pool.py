"""Who agreed to be written to, who was, and the letters that wait for an answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.errors import NotFound
from service.runtime.ids import token_hash
from service.runtime.vocabulary import PoolAnswer, PoolChannel
from service.store.assessing.assessments import Facts
from service.tables.people import Candidate, Staff
from service.tables.pool import PoolChoice, PoolContact

AT_ONCE = 500


class PoolChoiceFacts(Facts):
    """What one person said on one day, where, and who took it down."""

    id: UUID
    is_yes: bool
    channel: PoolChannel
    wording_edition: str
    staff_name: str
    note: str
    at: datetime


class PoolStanding(Facts):
    """Where one person stands: the newest word, the newest letter, and whether one was about this programme."""

    candidate_id: UUID
    email: str
    is_yes: bool | None = None
    said_at: datetime | None = None
    written_at: datetime | None = None
    is_written_about_this: bool = False
    answer: PoolAnswer | None = None


async def choices_of(session: AsyncSession, candidate_id: UUID) -> tuple[PoolChoiceFacts, ...]:
    """Everything one person said, the newest first, of one moment the no. The caller has checked who is asking."""
    rows = await session.execute(
        select(PoolChoice, col(Staff.name))
        .outerjoin(Staff, col(Staff.id) == col(PoolChoice.staff_id))
        .where(col(PoolChoice.candidate_id) == candidate_id)
        .order_by(col(PoolChoice.at).desc(), col(PoolChoice.is_yes), col(PoolChoice.id))
    )
    return tuple(
        PoolChoiceFacts(
            **row.model_dump(exclude={"candidate_id", "staff_id"}), staff_name=name or ""
        )
        for row, name in rows
    )  # fmt: skip


async def standings_of(
    session: AsyncSession, candidate_ids: Sequence[UUID], *, programme_id: UUID
) -> Mapping[UUID, PoolStanding]:
    """Where each of the people stands; the caller has checked the reach."""
    found: dict[UUID, PoolStanding] = {}
    for start in range(0, len(candidate_ids), AT_ONCE):
        found |= await _standings(session, candidate_ids[start : start + AT_ONCE], programme_id)
    return found


async def _standings(
    session: AsyncSession, ids: Sequence[UUID], programme_id: UUID
) -> Mapping[UUID, PoolStanding]:
    told: dict[UUID, dict[str, Any]] = {
        row.id: {"candidate_id": row.id, "email": row.email}
        for row in await session.execute(
            select(col(Candidate.id), col(Candidate.email)).where(col(Candidate.id).in_(ids))
        )
    }
    choices = await session.scalars(
        select(PoolChoice)
        .where(col(PoolChoice.candidate_id).in_(ids))
        .order_by(col(PoolChoice.at), col(PoolChoice.is_yes).desc())
    )
    for choice in choices:
        told[choice.candidate_id] |= {"is_yes": choice.is_yes, "said_at": choice.at}
    contacts = await session.scalars(
        select(PoolContact)
        .where(col(PoolContact.candidate_id).in_(ids))
        .order_by(col(PoolContact.written_at))
    )
    for letter in contacts:
        told[letter.candidate_id]["written_at"] = letter.written_at
        if letter.programme_id == programme_id:
            told[letter.candidate_id] |= {"is_written_about_this": True, "answer": letter.answer}
    return {name: PoolStanding(**values) for name, values in told.items()}


async def contact_by_token(session: AsyncSession, token: str, *, to_change: bool = False) -> PoolContact:
    """The letter that a token answers; NotFound for any other. `to_change` holds it until the transaction ends."""
    query = select(PoolContact).where(col(PoolContact.token_hash) == token_hash(token))
    row = await session.scalar(query.with_for_update() if to_change else query)
    if row is None:
        raise NotFound
    return row


async def answers_to(session: AsyncSession, programme_id: UUID) -> Mapping[str, int]:
    """How many letters about one programme were written, and how each was answered (`""`: not yet)."""
    rows = await session.execute(
        select(col(PoolContact.answer), func.count())
        .where(col(PoolContact.programme_id) == programme_id)
        .group_by(col(PoolContact.answer))
    )
    return {answer.value if answer else "": count for answer, count in rows}
