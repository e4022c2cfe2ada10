"""Measurements of people's lines: what was opened, what was kept, and what each came to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from assessments.lines.connection import LineResult
from assessments.lines.policy import PartOfDay
from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import MeasurementState
from service.store import reach
from service.tables.measurements import Measurement
from service.tables.people import Candidate


class OpenedFacts(BaseModel):
    """A measuring as it was opened, kept or not."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    candidate_id: UUID
    state: MeasurementState
    opened_at: datetime
    plan: str
    edition: str


class MeasurementFacts(BaseModel):
    """One kept measuring, without its raw samples."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    candidate_id: UUID
    taken_at: datetime
    part_of_day: PartOfDay
    is_wired: bool | None
    plan: str
    browser_family: str
    edition: str
    result: LineResult


class WholeMeasurementFacts(MeasurementFacts):
    """One kept measuring with everything the browser sent."""

    samples: dict[str, Any]


def facts_of(row: Measurement) -> MeasurementFacts:
    return MeasurementFacts.model_validate(
        {name: getattr(row, name) for name in MeasurementFacts.model_fields}
    )


async def kept_of(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID | None = None
) -> tuple[MeasurementFacts, ...]:
    """What is kept of one person within reach, newest first; without an id, the actor's own."""
    candidate = await reach.candidate_row(session, actor, candidate_id or _own_id(actor))
    return await kept_by(session, candidate.id)


async def kept_by(session: AsyncSession, candidate_id: UUID) -> tuple[MeasurementFacts, ...]:
    """What is kept of one person, newest first. The caller has checked who is asking."""
    rows = await session.scalars(
        select(Measurement)
        .where(col(Measurement.candidate_id) == candidate_id, col(Measurement.state) == MeasurementState.KEPT)
        .order_by(col(Measurement.taken_at).desc(), col(Measurement.id))
        .options(defer(Measurement.samples))  # type: ignore[arg-type]  # heavy, and for one reader only
    )
    return tuple(map(facts_of, rows))


async def whole(session: AsyncSession, actor: Actor, measurement_id: str | UUID) -> WholeMeasurementFacts:
    """One kept measuring within reach with its samples."""
    row = await _row(session, actor, measurement_id)
    if row.state is not MeasurementState.KEPT:
        raise NotFound
    return WholeMeasurementFacts.model_validate(
        {name: getattr(row, name) for name in WholeMeasurementFacts.model_fields}
    )


async def own(session: AsyncSession, actor: Actor, measurement_id: str | UUID) -> OpenedFacts:
    """One measuring that the actor opened, whatever became of it."""
    return OpenedFacts.model_validate(await own_row(session, actor, measurement_id))


async def own_row(
    session: AsyncSession, actor: Actor, measurement_id: str | UUID, *, to_change: bool = False
) -> Measurement:
    """The row of a measuring the actor opened; `to_change` holds it until the transaction ends."""
    row = await _row(session, actor, measurement_id, to_change=to_change)
    if row.candidate_id != _own_id(actor):
        raise NotFound
    return row


async def _row(
    session: AsyncSession, actor: Actor, measurement_id: str | UUID, *, to_change: bool = False
) -> Measurement:
    query = (
        select(Measurement)
        .join(Candidate, col(Candidate.id) == col(Measurement.candidate_id))
        .where(col(Measurement.id) == reach.id_of(measurement_id), reach.candidates_within(actor))
    )
    row = await session.scalar(query.with_for_update(of=Measurement) if to_change else query)
    if row is None:
        raise NotFound
    return row


async def opened_since(session: AsyncSession, candidate_id: UUID, moment: datetime) -> int:
    """How many measurings one person opened from that moment on."""
    return (
        await session.scalar(
            select(func.count())
            .select_from(Measurement)
            .where(col(Measurement.candidate_id) == candidate_id, col(Measurement.opened_at) >= moment)
        )
        or 0
    )


def _own_id(actor: Actor) -> UUID:
    if actor.id is None:
        raise NotFound
    return actor.id
