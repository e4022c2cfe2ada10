"""Waves within reach: their programmes with needs, the people they may place, and what a recruiter fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.runtime.vocabulary import LockKind, ProgrammeState
from service.store import reach
from service.store.people.candidates import position_in
from service.tables.people import Candidate
from service.tables.programmes import Programme
from service.tables.waves import Scenario, Wave, WaveLock, WavePerson, WaveProgramme

LISTING = "waves"


class Facts(BaseModel):
    """Frozen, from a row's attributes."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class WaveFacts(Facts):
    """One wave, with how much is in it."""

    id: UUID
    name: str
    note: str
    programmes: int
    seats: int
    people: int
    scenarios: int
    created_at: datetime
    updated_at: datetime
    version: int


class NeedFacts(Facts):
    """From one time of a weekday to another, so many people are wanted on the line; on the half hours."""

    day: int
    start: str
    end: str
    people: int


class WaveProgrammeFacts(Facts):
    """One programme of a wave: the seats to fill there, and what is needed when."""

    id: UUID
    programme_id: UUID
    title: str
    client_name: str
    state: ProgrammeState
    start_date: date | None
    weekly_hours: float
    opening_hours: list[dict[str, Any]]
    seats: int
    needs: tuple[NeedFacts, ...]


class WavePersonFacts(Facts):
    """Somebody whom a wave may place."""

    id: UUID
    given_name: str
    family_name: str
    pseudonym: str

    @property
    def shown_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.pseudonym


class LockFacts(Facts):
    """What a recruiter fixed."""

    candidate_id: UUID
    programme_id: UUID
    kind: LockKind
    locked_at: datetime
    shown_name: str
    title: str


@dataclass(frozen=True)
class WavePage:
    """Lines, and the position after the last one when there are more."""

    lines: tuple[WaveFacts, ...]
    after: tuple[Any, ...] | None


@dataclass(frozen=True)
class PeoplePage:
    """People of a wave by name, and the position after the last one when there are more."""

    lines: tuple[WavePersonFacts, ...]
    after: tuple[Any, ...] | None


def waves_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Wave`: every programme and every person of it is within reach; an empty one is its maker's."""
    if actor.kind is ActorKind.SYSTEM:
        return sa.true()
    if actor.kind not in (ActorKind.STAFF, ActorKind.TOKEN):
        return sa.false()
    if actor.kind is ActorKind.STAFF and actor.role not in reach.PEOPLE_ROLES:
        return sa.false()
    if actor.sees_all_programmes:
        return sa.true()
    of_wave = select(col(WaveProgramme.id)).where(col(WaveProgramme.wave_id) == col(Wave.id))
    beyond = of_wave.where(col(WaveProgramme.programme_id).not_in(actor.programme_ids))
    strangers = (
        select(col(WavePerson.id))
        .join(Candidate, col(Candidate.id) == col(WavePerson.candidate_id))
        .where(col(WavePerson.wave_id) == col(Wave.id), ~reach.candidates_within(actor))
    )
    return sa.and_(
        ~beyond.exists(),
        ~strangers.exists(),
        sa.or_(of_wave.exists(), col(Wave.staff_id) == actor.staff_id),
    )


async def wave_row(
    session: AsyncSession, actor: Actor, wave_id: str | UUID, *, to_change: bool = False
) -> Wave:
    """The wave, if within reach; `to_change` holds its row until the transaction ends."""
    query = select(Wave).where(col(Wave.id) == reach.id_of(wave_id), waves_within(actor))
    row = await session.scalar(query.with_for_update() if to_change else query)
    if row is None:
        raise NotFound
    return row


async def facts_of(session: AsyncSession, actor: Actor, wave_id: str | UUID) -> WaveFacts:
    """The wave, if within reach; NotFound otherwise."""
    found = (await session.execute(_lines(actor).where(col(Wave.id) == reach.id_of(wave_id)))).one_or_none()
    if found is None:
        raise NotFound
    return _facts(found)


async def page_of(
    session: AsyncSession, actor: Actor, *, limit: int, after: Sequence[Any] | None = None
) -> WavePage:
    """One page of the waves within reach, the newest first."""
    key: Any = col(Wave.created_at)
    row_id: Any = col(Wave.id)
    wanted = _lines(actor)
    place = position_in(LISTING, after)
    if place is not None:
        there = sa.tuple_(
            sa.literal(datetime.fromisoformat(str(place[0])), key.type),
            sa.literal(UUID(str(place[1])), row_id.type),
        )
        wanted = wanted.where(sa.tuple_(key, row_id) < there)
    rows = (await session.execute(wanted.order_by(key.desc(), row_id.desc()).limit(limit + 1))).all()
    lines = tuple(_facts(row) for row in rows[:limit])
    last = lines[-1] if len(rows) > limit else None
    return WavePage(lines, (LISTING, last.created_at, last.id) if last else None)


def _lines(actor: Actor) -> Any:
    def count(table: Any) -> Any:
        return (
            select(func.count()).select_from(table).where(table.wave_id == Wave.id).correlate(Wave)
        ).scalar_subquery()

    seats = (
        select(func.coalesce(func.sum(col(WaveProgramme.seats)), 0))
        .where(col(WaveProgramme.wave_id) == col(Wave.id))
        .correlate(Wave)
        .scalar_subquery()
    )
    return select(Wave, count(WaveProgramme), seats, count(WavePerson), count(Scenario)).where(
        waves_within(actor)
    )


def _facts(found: Any) -> WaveFacts:
    wave, programmes, seats, people, scenarios = found
    return WaveFacts(
        **wave.model_dump(), programmes=programmes, seats=int(seats), people=people, scenarios=scenarios
    )


async def programmes_of(session: AsyncSession, wave_id: UUID) -> tuple[WaveProgrammeFacts, ...]:
    """The programmes of a wave in their order. The caller has checked who is asking."""
    rows = await session.execute(
        select(WaveProgramme, Programme)
        .join(Programme, col(Programme.id) == col(WaveProgramme.programme_id))
        .where(col(WaveProgramme.wave_id) == wave_id)
        .order_by(col(WaveProgramme.position), col(WaveProgramme.id))
    )
    return tuple(
        WaveProgrammeFacts(
            id=row.id, programme_id=programme.id, title=programme.title, client_name=programme.client_name,
            state=programme.state, start_date=programme.start_date, weekly_hours=programme.weekly_hours,
            opening_hours=programme.profile.get("opening_hours", []), seats=row.seats,
            needs=tuple(
                NeedFacts(day=one["day"], start=one["from"], end=one["to"], people=one["people"])
                for one in row.needs
            ),
        )
        for row, programme in rows
    )  # fmt: skip


async def people_ids(session: AsyncSession, wave_id: UUID) -> frozenset[UUID]:
    """Everybody in a wave. The caller has checked who is asking."""
    rows = await session.scalars(
        select(col(WavePerson.candidate_id)).where(col(WavePerson.wave_id) == wave_id)
    )
    return frozenset(rows)


async def people_page(
    session: AsyncSession, actor: Actor, wave_id: UUID, *, limit: int, after: Sequence[Any] | None = None
) -> PeoplePage:
    """One page of the people of a wave by name (by pseudonym in a blind review)."""
    key: Any = col(Candidate.pseudonym) if actor.is_blind else col(Candidate.folded_name)
    row_id: Any = col(Candidate.id)
    wanted = (
        select(Candidate, key)
        .join(WavePerson, col(WavePerson.candidate_id) == row_id)
        .where(col(WavePerson.wave_id) == wave_id, reach.candidates_within(actor))
    )
    place = position_in("wave people", after)
    if place is not None:
        there = sa.tuple_(sa.literal(str(place[0]), key.type), sa.literal(UUID(str(place[1])), row_id.type))
        wanted = wanted.where(sa.tuple_(key, row_id) > there)
    rows = (await session.execute(wanted.order_by(key, row_id).limit(limit + 1))).all()
    lines = tuple(WavePersonFacts.model_validate(person) for person, _ in rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return PeoplePage(lines, ("wave people", last[1], last[0].id) if last else None)


async def locks_of(session: AsyncSession, wave_id: UUID) -> tuple[LockFacts, ...]:
    """What is fixed in a wave, by person. The caller has checked who is asking."""
    rows = await session.execute(
        select(WaveLock, Candidate, col(Programme.title))
        .join(Candidate, col(Candidate.id) == col(WaveLock.candidate_id))
        .join(Programme, col(Programme.id) == col(WaveLock.programme_id))
        .where(col(WaveLock.wave_id) == wave_id)
        .order_by(col(Candidate.folded_name), col(Candidate.id), col(WaveLock.locked_at), col(WaveLock.id))
    )
    return tuple(
        LockFacts(
            candidate_id=lock.candidate_id, programme_id=lock.programme_id, kind=lock.kind,
            locked_at=lock.locked_at, title=title,
            shown_name=WavePersonFacts.model_validate(person).shown_name,
        )
        for lock, person, title in rows
    )  # fmt: skip
