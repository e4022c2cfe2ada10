"""Who stands on the list of a class, and where letters to them go."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.classes import Seat
from service.runtime.actors import Actor
from service.runtime.vocabulary import Locale
from service.store import reach
from service.store.learning.cohorts import name_of
from service.tables.classes import ClassSeat
from service.tables.people import Candidate


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeatFacts(_Facts):
    """One person on the list of a class."""

    candidate_id: UUID
    person: str
    seat: Seat
    asked_at: datetime
    changed_at: datetime
    left_reason: str


class Addressee(_Facts):
    """Whom a letter about a class goes to; without an address it goes to nobody."""

    candidate_id: UUID | None = None
    name: str
    email: str
    locale: Locale = Locale.FR


async def seats_of(session: AsyncSession, actor: Actor, class_id: UUID) -> tuple[SeatFacts, ...]:
    """The people of a list who are within reach, by name."""
    rows = await session.execute(
        select(ClassSeat, Candidate)
        .join(Candidate, col(Candidate.id) == col(ClassSeat.candidate_id))
        .where(col(ClassSeat.class_id) == class_id, reach.candidates_within(actor))
        .order_by(col(Candidate.folded_name), col(Candidate.pseudonym), col(Candidate.id))
    )
    return tuple(
        SeatFacts(
            candidate_id=seat.candidate_id, seat=seat.seat, asked_at=seat.asked_at,
            changed_at=seat.changed_at, left_reason=seat.left_reason,
            person=shown_name(person),
        )
        for seat, person in rows
    )  # fmt: skip


async def seat_rows(session: AsyncSession, class_id: UUID) -> list[ClassSeat]:
    """Everybody on a list, within reach or not, whoever asked first at the top."""
    rows = await session.scalars(
        select(ClassSeat)
        .where(col(ClassSeat.class_id) == class_id)
        .order_by(col(ClassSeat.asked_at), col(ClassSeat.id))
    )
    return list(rows)


async def addressees(session: AsyncSession, candidate_ids: Iterable[UUID]) -> dict[UUID, Addressee]:
    """Where letters to these people go."""
    wanted = list(candidate_ids)
    if not wanted:
        return {}
    rows = await session.scalars(select(Candidate).where(col(Candidate.id).in_(wanted)))
    return {
        row.id: Addressee(
            candidate_id=row.id, name=row.given_name or row.pseudonym, email=row.email, locale=row.locale
        )
        for row in rows
    }


def shown_name(person: Candidate) -> str:
    """The name that lists show."""
    return name_of(person.given_name, person.family_name, person.pseudonym)
