"""Programmes as recruiters list them, and their sheets as candidates read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.profiles import ProgrammeProfile
from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import FINAL_STAGES, ProgrammeState
from service.store.people.candidates import position_in, words_of
from service.store.reach import id_of, programme_row, programmes_within
from service.tables.applications import Application
from service.tables.programmes import Programme

LISTING = "programmes"
"""What marks a cursor as one of this list."""


class ProgrammeFacts(BaseModel):
    """One programme of a client."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    external_id: str | None
    title: str
    client_name: str
    state: ProgrammeState
    seats: int
    weekly_hours: float
    start_date: date | None
    profile: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def as_profile(self) -> ProgrammeProfile:
        """The whole programme as matching reads it; its `id` is our own."""
        empty: dict[str, Any] = {"skills": [], "languages": [], "opening_hours": []}
        return ProgrammeProfile.model_validate({**empty, **self.profile, "id": str(self.id)})


@dataclass(frozen=True)
class ProgrammeLine:
    """One line of the list, with how many applications are under way."""

    facts: ProgrammeFacts
    open_applications: int


@dataclass(frozen=True)
class ProgrammePage:
    """Lines, and the position after the last one when there are more."""

    lines: tuple[ProgrammeLine, ...]
    after: tuple[Any, ...] | None


async def facts_of(session: AsyncSession, actor: Actor, programme_id: str | UUID) -> ProgrammeFacts:
    """The programme, if within reach; NotFound otherwise."""
    return ProgrammeFacts.model_validate(await programme_row(session, actor, programme_id))


async def facts_of_many(
    session: AsyncSession, actor: Actor, *, state: ProgrammeState | None = None
) -> tuple[ProgrammeFacts, ...]:
    """Every programme within reach, by title; for matching and for choices."""
    wanted = (
        select(Programme).where(programmes_within(actor)).order_by(col(Programme.title), col(Programme.id))
    )
    if state is not None:
        wanted = wanted.where(col(Programme.state) == state)
    return tuple(ProgrammeFacts.model_validate(row) for row in await session.scalars(wanted))


async def open_to_all(session: AsyncSession) -> tuple[ProgrammeFacts, ...]:
    """What anybody may apply to, by title."""
    rows = await session.scalars(
        select(Programme)
        .where(col(Programme.state) == ProgrammeState.OPEN)
        .order_by(col(Programme.title), col(Programme.id))
    )
    return tuple(ProgrammeFacts.model_validate(row) for row in rows)


async def sheet_of(session: AsyncSession, programme_id: str | UUID) -> ProgrammeFacts:
    """An open programme for anybody to read; NotFound when closed, like one that is not there."""
    row = await session.scalar(
        select(Programme).where(
            col(Programme.id) == id_of(programme_id), col(Programme.state) == ProgrammeState.OPEN
        )
    )
    if row is None:
        raise NotFound
    return ProgrammeFacts.model_validate(row)


async def page_of(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    state: ProgrammeState | None = None,
    q: str | None = None,
    after: Sequence[Any] | None = None,
) -> ProgrammePage:
    """One page of programmes within reach, the newest first."""
    under_way = (
        select(func.count())
        .select_from(Application)
        .where(
            col(Application.programme_id) == col(Programme.id), col(Application.stage).not_in(FINAL_STAGES)
        )
        .correlate(Programme)
        .scalar_subquery()
    )
    key: Any = col(Programme.created_at)
    row_id: Any = col(Programme.id)
    wanted = select(Programme, under_way).where(programmes_within(actor))
    if state is not None:
        wanted = wanted.where(col(Programme.state) == state)
    for word in words_of(q):
        wanted = wanted.where(
            col(Programme.title).icontains(word, autoescape=True)
            | col(Programme.client_name).icontains(word, autoescape=True)
        )
    position = position_in(LISTING, after)
    if position is not None:
        place = sa.tuple_(
            sa.literal(datetime.fromisoformat(str(position[0])), key.type),
            sa.literal(UUID(str(position[1])), row_id.type),
        )
        wanted = wanted.where(sa.tuple_(key, row_id) < place)
    rows = (await session.execute(wanted.order_by(key.desc(), row_id.desc()).limit(limit + 1))).all()
    lines = tuple(ProgrammeLine(ProgrammeFacts.model_validate(row), count) for row, count in rows[:limit])
    last = lines[-1].facts if len(rows) > limit else None
    return ProgrammePage(lines, (LISTING, last.created_at, last.id) if last else None)
