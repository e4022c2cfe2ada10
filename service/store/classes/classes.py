"""Live classes within reach, those open to a learner, and who may lead one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from onboarding.classes import Seat
from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.runtime.vocabulary import Locale, Role
from service.store import reach
from service.tables.classes import ClassSeat, LiveClass
from service.tables.people import Staff
from service.tables.training import Assignment, Cohort, CohortMember

LEADERS = (Role.TRAINER, Role.SUPERVISOR)
"""Who may lead a class."""

Position = tuple[datetime, UUID]
"""Where a page of classes ends."""


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class ClassFacts(_Facts):
    """One class as lists and calendars show it; `taken` and `waiting` count everybody on its list."""

    id: UUID
    title: str
    cohort_id: UUID | None
    cohort: str
    path: str
    module: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    link: str
    note: str
    seats: int | None
    trainer_id: UUID | None
    trainer: str
    first_trainer: str
    replacement_reason: str
    sequence: int
    cancelled_at: datetime | None
    cancelled_reason: str
    policy_edition: str
    taken: int
    waiting: int
    changed_at: datetime
    version: int

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def has_room(self) -> bool:
        return self.seats is None or self.taken < self.seats


class OwnClassFacts(_Facts):
    """A class with where one learner stands on its list; no seat at all when it is only open to them."""

    held: ClassFacts
    seat: Seat | None


class LeaderFacts(_Facts):
    """Somebody who may lead a class."""

    id: UUID
    name: str
    email: str
    locale: Locale


class Wanted(_Facts):
    """Which classes of a list; `ends_after` for those to come, `ends_before` for those that were."""

    cohort_id: UUID | None = None
    trainer_id: UUID | None = None
    ends_after: datetime | None = None
    ends_before: datetime | None = None


def classes_within(actor: Actor) -> ColumnElement[bool]:
    """Classes of the groups within reach, and those one planned or leads; a learner: those with a seat of theirs."""
    if actor.kind is ActorKind.SYSTEM:
        return sa.true()
    if actor.kind is ActorKind.CANDIDATE:
        own = select(col(ClassSeat.class_id)).where(col(ClassSeat.candidate_id) == actor.id)
        return col(LiveClass.id).in_(own)
    if actor.kind not in (ActorKind.STAFF, ActorKind.TOKEN):
        return sa.false()
    if actor.kind is ActorKind.STAFF and actor.role not in reach.PEOPLE_ROLES:
        return sa.false()
    if actor.sees_all_programmes:
        return sa.true()
    cohorts = select(col(Cohort.id)).where(
        sa.or_(col(Cohort.programme_id).in_(actor.programme_ids), col(Cohort.created_by) == actor.staff_id)
    )
    return sa.or_(
        col(LiveClass.cohort_id).in_(cohorts),
        col(LiveClass.trainer_id) == actor.staff_id,
        col(LiveClass.created_by) == actor.staff_id,
    )


async def class_row(
    session: AsyncSession, actor: Actor, class_id: str | UUID, *, for_update: bool = False
) -> LiveClass:
    """The class, if within reach; locked, it is as it stands now, whatever this session read of it before."""
    query = select(LiveClass).where(col(LiveClass.id) == reach.id_of(class_id), classes_within(actor))
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = await session.scalar(query)
    if row is None:
        raise NotFound
    return row


async def facts_of(session: AsyncSession, actor: Actor, class_id: str | UUID) -> ClassFacts:
    return await _one(session, col(LiveClass.id) == reach.id_of(class_id), classes_within(actor))


async def open_class_of(session: AsyncSession, candidate_id: UUID, class_id: str | UUID) -> ClassFacts:
    """A class on whose list this learner is or may put themselves; NotFound for any other."""
    mine = select(col(ClassSeat.class_id)).where(col(ClassSeat.candidate_id) == candidate_id)
    condition = sa.or_(col(LiveClass.id).in_(mine), _open_to(candidate_id))
    return await _one(session, col(LiveClass.id) == reach.id_of(class_id), condition)


async def _one(session: AsyncSession, *conditions: ColumnElement[bool]) -> ClassFacts:
    row = (await session.execute(_facts().where(*conditions))).first()
    if row is None:
        raise NotFound
    return _read(row)


async def page_of(
    session: AsyncSession, actor: Actor, wanted: Wanted, *, limit: int, after: Position | None = None
) -> tuple[ClassFacts, ...]:
    """Classes to come, the next one first; those that were, the last one first."""
    is_back = wanted.ends_before is not None
    keys = (col(LiveClass.starts_at), col(LiveClass.id))
    query = _facts().where(classes_within(actor), *_filters(wanted)).limit(limit)
    query = query.order_by(*(key.desc() if is_back else key for key in keys))
    if after is not None:
        here = sa.tuple_(sa.literal(after[0], UTCDateTime), sa.literal(after[1], sa.Uuid))
        query = query.where(sa.tuple_(*keys) < here if is_back else sa.tuple_(*keys) > here)
    return tuple(_read(row) for row in await session.execute(query))


async def between(
    session: AsyncSession, actor: Actor, *, since: datetime, until: datetime, cohort_id: UUID | None = None
) -> tuple[ClassFacts, ...]:
    """Every class within reach that starts in a stretch of time: a page of a calendar."""
    query = _facts().where(
        classes_within(actor),
        col(LiveClass.starts_at) >= since,
        col(LiveClass.starts_at) < until,
        *([col(LiveClass.cohort_id) == cohort_id] if cohort_id else []),
    )
    rows = await session.execute(query.order_by(col(LiveClass.starts_at), col(LiveClass.id)))
    return tuple(_read(row) for row in rows)


async def led_by(session: AsyncSession, staff_id: UUID, *, since: datetime) -> tuple[ClassFacts, ...]:
    """Every class that this person leads and that ends after `since`, cancelled ones too, in order."""
    query = _facts().where(col(LiveClass.trainer_id) == staff_id, col(LiveClass.ends_at) > since)
    rows = await session.execute(query.order_by(col(LiveClass.starts_at), col(LiveClass.id)))
    return tuple(_read(row) for row in rows)


async def own_of(
    session: AsyncSession, candidate_id: UUID, *, since: datetime | None = None
) -> tuple[OwnClassFacts, ...]:
    """Every class with a line of this learner on its list (that ends after `since`), in order."""
    query = (
        _facts(col(ClassSeat.seat))
        .join(ClassSeat, col(ClassSeat.class_id) == col(LiveClass.id))
        .where(col(ClassSeat.candidate_id) == candidate_id)
        .order_by(col(LiveClass.starts_at), col(LiveClass.id))
    )
    rows = await session.execute(query if since is None else query.where(col(LiveClass.ends_at) > since))
    return tuple(OwnClassFacts(held=_read(row[:-1]), seat=row[-1]) for row in rows)


async def open_to(session: AsyncSession, candidate_id: UUID, *, now: datetime) -> tuple[ClassFacts, ...]:
    """Classes to come that this learner may put themselves on the list of, and is not on yet."""
    on_it = select(col(ClassSeat.class_id)).where(
        col(ClassSeat.candidate_id) == candidate_id, col(ClassSeat.seat) != Seat.LEFT
    )
    query = _facts().where(
        _open_to(candidate_id),
        col(LiveClass.id).not_in(on_it),
        col(LiveClass.starts_at) > now,
        col(LiveClass.cancelled_at).is_(None),
    )
    rows = await session.execute(query.order_by(col(LiveClass.starts_at), col(LiveClass.id)).limit(50))
    return tuple(_read(row) for row in rows)


def _open_to(candidate_id: UUID) -> ColumnElement[bool]:
    """Held for a module of a path that the learner is on (and, if for a group, for theirs), or for their group."""
    groups = select(col(CohortMember.cohort_id)).where(col(CohortMember.candidate_id) == candidate_id)
    on_path = sa.exists().where(
        col(Assignment.candidate_id) == candidate_id,
        col(Assignment.path) == col(LiveClass.path),
        col(Assignment.is_complete).is_(False),
    )
    return sa.or_(
        col(LiveClass.cohort_id).in_(groups),
        sa.and_(col(LiveClass.cohort_id).is_(None), col(LiveClass.module) != "", on_path),
    )


def _filters(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.cohort_id is not None:
        yield col(LiveClass.cohort_id) == wanted.cohort_id
    if wanted.trainer_id is not None:
        yield col(LiveClass.trainer_id) == wanted.trainer_id
    if wanted.ends_after is not None:
        yield col(LiveClass.ends_at) > wanted.ends_after
    if wanted.ends_before is not None:
        yield col(LiveClass.ends_at) <= wanted.ends_before


_First = aliased(Staff)


def _facts(*more: Any) -> sa.Select[Any]:
    return (
        select(
            LiveClass, col(Cohort.name), col(Staff.name), col(_First.name),
            _count(Seat.TAKEN), _count(Seat.WAITING), *more,
        )
        .join(Cohort, col(Cohort.id) == col(LiveClass.cohort_id), isouter=True)
        .join(Staff, col(Staff.id) == col(LiveClass.trainer_id), isouter=True)
        .join(_First, col(_First.id) == col(LiveClass.first_trainer_id), isouter=True)
    )  # fmt: skip


def _count(seat: Seat) -> Any:
    counted = aliased(ClassSeat)
    query = select(sa.func.count()).select_from(counted)
    return query.where(
        col(counted.class_id) == col(LiveClass.id), col(counted.seat) == seat
    ).scalar_subquery()


def _read(row: Sequence[Any]) -> ClassFacts:
    held, cohort, trainer, first_trainer, taken, waiting = row
    return ClassFacts(
        **held.model_dump(exclude={"first_trainer_id", "created_by", "created_at"}),
        cohort=cohort or "", trainer=trainer or "", first_trainer=first_trainer or "",
        taken=taken, waiting=waiting,
    )  # fmt: skip


async def leaders(session: AsyncSession) -> tuple[LeaderFacts, ...]:
    """Everybody who may lead a class today, by name."""
    rows = await session.scalars(
        select(Staff)
        .where(col(Staff.role).in_(LEADERS), col(Staff.is_active))
        .order_by(col(Staff.name), col(Staff.id))
    )
    return tuple(_leader(row) for row in rows)


async def leader(session: AsyncSession, staff_id: UUID | None) -> LeaderFacts | None:
    """Somebody of the staff by id, whatever their role is by now."""
    row = await session.get(Staff, staff_id) if staff_id else None
    return _leader(row) if row else None


def _leader(row: Staff) -> LeaderFacts:
    return LeaderFacts(id=row.id, name=row.name, email=row.email, locale=row.locale)


async def rows_led_by(
    session: AsyncSession, actor: Actor, staff_id: UUID, *, now: datetime
) -> list[LiveClass]:
    """Classes to come of one trainer, within reach and not cancelled, locked."""
    query = select(LiveClass).where(
        classes_within(actor),
        col(LiveClass.trainer_id) == staff_id,
        col(LiveClass.starts_at) > now,
        col(LiveClass.cancelled_at).is_(None),
    )
    order = (col(LiveClass.starts_at), col(LiveClass.id))
    return list(await session.scalars(query.order_by(*order).with_for_update()))


async def cohort_rows_to_come(session: AsyncSession, cohort_id: UUID, *, now: datetime) -> list[LiveClass]:
    """Classes to come of one group, not cancelled, locked."""
    query = select(LiveClass).where(
        col(LiveClass.cohort_id) == cohort_id,
        col(LiveClass.starts_at) > now,
        col(LiveClass.cancelled_at).is_(None),
    )
    order = (col(LiveClass.starts_at), col(LiveClass.id))
    return list(await session.scalars(query.order_by(*order).with_for_update()))


async def is_busy(
    session: AsyncSession, staff_id: UUID, *, starts_at: datetime, ends_at: datetime, except_id: UUID | None
) -> bool:
    """Whether this trainer leads another class in that stretch of time."""
    query = select(col(LiveClass.id)).where(
        col(LiveClass.trainer_id) == staff_id,
        col(LiveClass.starts_at) < ends_at,
        col(LiveClass.ends_at) > starts_at,
        col(LiveClass.cancelled_at).is_(None),
        *([col(LiveClass.id) != except_id] if except_id else []),
    )
    return await session.scalar(query.limit(1)) is not None
