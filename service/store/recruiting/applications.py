"""Applications: who stands where for which programme, and how they came there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.vocabulary import DecisionOutcome, Stage
from service.store.people.candidates import position_in, shown_score
from service.store.reach import application_row, applications_within
from service.tables.applications import Application, Decision, StageChange
from service.tables.people import Candidate, Staff
from service.tables.programmes import Programme


class ApplicationFacts(BaseModel):
    """One person for one programme, and the last weighing of the two."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    candidate_id: UUID
    programme_id: UUID | None
    stage: Stage
    stage_since: datetime
    match_outcome: str | None
    match_score: int | None
    """In hundredths, 0 to 10,000."""
    match: dict[str, Any] | None
    matched_at: datetime | None
    created_at: datetime
    version: int


class ApplicationLine(BaseModel):
    """An application as lists show it, with whom and what it is about."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    candidate_id: UUID
    shown_name: str
    headline: str
    programme_id: UUID | None
    programme_title: str | None
    stage: Stage
    stage_since: datetime
    match_outcome: str | None
    match_score: float | None
    autonomy_score: int | None
    created_at: datetime
    version: int


class StageChangeFacts(BaseModel):
    """One step of one application."""

    model_config = ConfigDict(frozen=True)

    from_stage: Stage | None
    to_stage: Stage
    reason: str
    staff_name: str | None
    at: datetime


class DecisionFacts(BaseModel):
    """What a person decided, why, and when."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    application_id: UUID
    outcome: DecisionOutcome
    reason: str
    staff_id: UUID | None
    staff_name: str | None
    decided_at: datetime


class ApplicationSort(StrEnum):
    """By what applications are listed; a leading `-` turns it round."""

    SINCE = "stage_since"
    SINCE_DOWN = "-stage_since"
    CREATED = "created_at"
    CREATED_DOWN = "-created_at"
    MATCH_DOWN = "-match_score"


@dataclass(frozen=True)
class ApplicationPage:
    """Lines, and the position after the last one when there are more."""

    lines: tuple[ApplicationLine, ...]
    after: tuple[Any, ...] | None


async def facts_of(session: AsyncSession, actor: Actor, application_id: str | UUID) -> ApplicationFacts:
    """The application, if within reach; NotFound otherwise."""
    return ApplicationFacts.model_validate(await application_row(session, actor, application_id))


async def line_of(session: AsyncSession, actor: Actor, application_id: str | UUID) -> ApplicationLine:
    """The application with whom and what it is about, if within reach; NotFound otherwise."""
    row = await application_row(session, actor, application_id)
    found = (await session.execute(_lines(actor).where(col(Application.id) == row.id))).one()
    return _line(*found)


async def of_candidate(
    session: AsyncSession, actor: Actor, candidate_id: UUID
) -> tuple[ApplicationLine, ...]:
    """Every application of one person within reach, the newest first."""
    rows = await session.execute(
        _lines(actor)
        .where(col(Application.candidate_id) == candidate_id)
        .order_by(col(Application.created_at).desc(), col(Application.id))
    )
    return tuple(_line(*row) for row in rows)


async def page_of(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    stage: Stage | None = None,
    programme_id: UUID | None = None,
    candidate_id: UUID | None = None,
    min_score: int | None = None,
    sort: ApplicationSort = ApplicationSort.CREATED_DOWN,
    after: Sequence[Any] | None = None,
) -> ApplicationPage:
    """One page of applications within reach."""
    asked = (
        (stage, col(Application.stage) == stage),
        (programme_id, col(Application.programme_id) == programme_id),
        (candidate_id, col(Application.candidate_id) == candidate_id),
        (min_score, col(Application.match_score) >= (min_score or 0) * 100),
    )
    key, row_id = _sort_key(sort), _id_column()
    is_down = sort.value.startswith("-")
    wanted: Any = _lines(actor).where(*(condition for value, condition in asked if value is not None))
    place = position_in(_listing(sort), after)
    if place is not None:
        value = datetime.fromisoformat(place[0]) if isinstance(place[0], str) else place[0]
        there = sa.tuple_(sa.literal(value, key.type), sa.literal(UUID(str(place[1])), row_id.type))
        here = sa.tuple_(key, row_id)
        wanted = wanted.where(here < there if is_down else here > there)
    ordered = wanted.order_by(key.desc() if is_down else key, row_id.desc() if is_down else row_id)
    rows = (await session.execute(ordered.limit(limit + 1).add_columns(key))).all()
    last = rows[limit - 1] if len(rows) > limit else None
    position = (_listing(sort), last[-1], last[0].id) if last is not None else None
    return ApplicationPage(tuple(_line(*row[:3]) for row in rows[:limit]), position)


def _listing(sort: ApplicationSort) -> str:
    return f"applications:{sort.value}"


def _id_column() -> Any:
    return col(Application.id)


def _sort_key(sort: ApplicationSort) -> Any:
    return {
        "stage_since": col(Application.stage_since),
        "created_at": col(Application.created_at),
        "match_score": func.coalesce(col(Application.match_score), -1),
    }[sort.value.removeprefix("-")]


async def counts_by_stage(
    session: AsyncSession, actor: Actor, *, programme_id: UUID | None = None
) -> Mapping[Stage, int]:
    """How many applications within reach stand at each stage; stages without any are there with 0."""
    wanted = (
        select(col(Application.stage), func.count())
        .where(applications_within(actor))
        .group_by(col(Application.stage))
    )
    if programme_id is not None:
        wanted = wanted.where(col(Application.programme_id) == programme_id)
    counted: dict[Stage, int] = dict((await session.execute(wanted)).all())
    return {stage: counted.get(stage, 0) for stage in Stage}


async def history_of(session: AsyncSession, application_id: UUID) -> tuple[StageChangeFacts, ...]:
    """Every step of an application already found within reach, the oldest first."""
    rows = await session.execute(
        select(StageChange, col(Staff.name))
        .join(Staff, col(Staff.id) == col(StageChange.staff_id), isouter=True)
        .where(col(StageChange.application_id) == application_id)
        .order_by(col(StageChange.at), col(StageChange.from_stage).is_not(None), col(StageChange.id))
    )
    return tuple(
        StageChangeFacts(
            from_stage=step.from_stage,
            to_stage=step.to_stage,
            reason=step.reason,
            staff_name=name,
            at=step.at,
        )
        for step, name in rows
    )


async def decisions_of(session: AsyncSession, application_id: UUID) -> tuple[DecisionFacts, ...]:
    """Every decision about an application already found within reach, the oldest first."""
    rows = await session.execute(
        select(Decision, col(Staff.name))
        .join(Staff, col(Staff.id) == col(Decision.staff_id), isouter=True)
        .where(col(Decision.application_id) == application_id)
        .order_by(col(Decision.decided_at), col(Decision.id))
    )
    return tuple(
        DecisionFacts(
            id=row.id, application_id=row.application_id, outcome=row.outcome, reason=row.reason,
            staff_id=row.staff_id, staff_name=name, decided_at=row.decided_at,
        )
        for row, name in rows
    )  # fmt: skip


def _lines(actor: Actor) -> Any:
    return (
        select(Application, Candidate, col(Programme.title))
        .join(Candidate, col(Candidate.id) == col(Application.candidate_id))
        .join(Programme, col(Programme.id) == col(Application.programme_id), isouter=True)
        .where(applications_within(actor))
    )


def _line(application: Application, person: Candidate, programme_title: str | None) -> ApplicationLine:
    return ApplicationLine(
        id=application.id,
        candidate_id=person.id,
        shown_name=f"{person.given_name} {person.family_name}".strip() or person.pseudonym,
        headline=str(person.profile.get("headline") or ""),
        programme_id=application.programme_id,
        programme_title=programme_title,
        stage=application.stage,
        stage_since=application.stage_since,
        match_outcome=application.match_outcome,
        match_score=shown_score(application.match_score),
        autonomy_score=person.autonomy_score,
        created_at=application.created_at,
        version=application.version,
    )
