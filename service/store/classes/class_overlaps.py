"""Classes held at the same time as another: whom they share, and who leads both."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from onboarding.classes import Seat
from service.runtime.actors import Actor
from service.store import reach
from service.store.classes.class_seats import shown_name
from service.store.classes.classes import ClassFacts, classes_within
from service.tables.classes import ClassSeat, LiveClass
from service.tables.people import Candidate


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OtherFacts(_Facts):
    """A class at the same time as another. Beyond the reader's reach it has its hours alone: no id, no title."""

    id: UUID | None
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str


class OverlapFacts(_Facts):
    """One other class at the same time: who within reach has a seat in both, and whether one person leads both."""

    other: OtherFacts
    people: tuple[str, ...] = ()
    has_same_trainer: bool = False


async def overlaps_of(session: AsyncSession, actor: Actor, held: ClassFacts) -> tuple[OverlapFacts, ...]:
    """Other classes at the time of this one that share its trainer or somebody with a seat, in order of time.

    People beyond the reader's reach are left out; a class that was cancelled overlaps nothing.
    """
    if held.is_cancelled:
        return ()
    shared: dict[UUID, list[str]] = {}
    others: dict[UUID, OtherFacts] = {}
    for other, is_within, person in await session.execute(_shared_people(actor, held)):
        others[other.id] = _other(other, is_within=bool(is_within))
        shared.setdefault(other.id, []).append(shown_name(person))
    led: set[UUID] = set()
    if held.trainer_id is not None:
        for other, is_within in await session.execute(_same_trainer(actor, held)):
            others[other.id] = _other(other, is_within=bool(is_within))
            led.add(other.id)
    return tuple(
        OverlapFacts(other=other, people=tuple(shared.get(key, ())), has_same_trainer=key in led)
        for key, other in sorted(others.items(), key=lambda one: (one[1].starts_at, one[0]))
    )


def _shared_people(actor: Actor, held: ClassFacts) -> sa.Select[Any]:
    here, there = aliased(ClassSeat), aliased(ClassSeat)
    return (
        select(LiveClass, _is_within(actor), Candidate)
        .join(there, col(there.class_id) == col(LiveClass.id))
        .join(here, col(here.candidate_id) == col(there.candidate_id))
        .join(Candidate, col(Candidate.id) == col(there.candidate_id))
        .where(
            *_at_the_same_time(held),
            col(here.class_id) == held.id,
            col(here.seat) == Seat.TAKEN,
            col(there.seat) == Seat.TAKEN,
            reach.candidates_within(actor),
        )
        .order_by(col(Candidate.folded_name), col(Candidate.pseudonym), col(Candidate.id))
    )


def _same_trainer(actor: Actor, held: ClassFacts) -> sa.Select[Any]:
    return select(LiveClass, _is_within(actor)).where(
        *_at_the_same_time(held), col(LiveClass.trainer_id) == held.trainer_id
    )


def _at_the_same_time(held: ClassFacts) -> tuple[ColumnElement[bool], ...]:
    return (
        col(LiveClass.id) != held.id,
        col(LiveClass.starts_at) < held.ends_at,
        col(LiveClass.ends_at) > held.starts_at,
        col(LiveClass.cancelled_at).is_(None),
    )


def _is_within(actor: Actor) -> Any:
    return sa.case((classes_within(actor), 1), else_=0)


def _other(row: LiveClass, *, is_within: bool) -> OtherFacts:
    return OtherFacts(
        id=row.id if is_within else None, title=row.title if is_within else "", starts_at=row.starts_at,
        ends_at=row.ends_at, zone=row.zone,
    )  # fmt: skip
