"""Who plays which package and how far they are, and the windows in which units play."""

import json
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from onboarding.packages.scorm_snapshots import Status
from onboarding.packages.scorm_states import UnitState
from service.runtime.actors import Actor
from service.runtime.ids import token_hash
from service.store import reach
from service.store.learning.cohorts import name_of
from service.tables.packages import Package, PackageAttempt, PackageSession, PackageUnit
from service.tables.people import Candidate

Position = tuple[datetime, UUID]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class UnitFacts(_Facts):
    """How far one unit is; its score in hundredths of a percent."""

    unit: str
    best_status: Status
    best_hundredths: int | None
    centiseconds: int


class AttemptFacts(_Facts):
    """One learner in one package, with the units that were opened; `seconds` is time really spent."""

    id: UUID
    assignment_id: UUID
    candidate_id: UUID
    person: str
    package_id: UUID
    module: str
    begun_at: datetime
    reported_at: datetime | None
    completed_at: datetime | None
    percent: int
    score_hundredths: int | None
    seconds: int
    units: tuple[UnitFacts, ...] = ()


class WindowFacts(_Facts):
    """What the folder of one window may serve, and to whom the content speaks."""

    id: UUID
    package_id: UUID
    sha256: str
    attempt_id: UUID | None
    unit: str


async def attempt_row(
    session: AsyncSession, assignment_id: UUID, module: str, package_id: UUID, *, to_change: bool = False
) -> PackageAttempt | None:
    """The attempt of this module; `to_change` holds it. The caller has found the assignment."""
    query = select(PackageAttempt).where(
        col(PackageAttempt.assignment_id) == assignment_id,
        col(PackageAttempt.module) == module,
        col(PackageAttempt.package_id) == package_id,
    )
    return await session.scalar(query.with_for_update() if to_change else query)


async def attempt_to_change(session: AsyncSession, attempt_id: UUID) -> PackageAttempt:
    """The same by its id, as it is now, held until the end of the transaction."""
    query = select(PackageAttempt).where(col(PackageAttempt.id) == attempt_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def forget_windows(session: AsyncSession, *, before: datetime) -> None:
    """Drop windows that were over before this moment."""
    await session.execute(delete(PackageSession).where(col(PackageSession.expires_at) < before))


async def attempts_of(session: AsyncSession, assignment_id: UUID) -> tuple[AttemptFacts, ...]:
    """Every package begun in one assignment, oldest first. The caller has found the assignment within reach."""
    query = _facts().where(col(PackageAttempt.assignment_id) == assignment_id)
    order = (col(PackageAttempt.begun_at), col(PackageAttempt.id))
    return await _with_units(session, list(await session.execute(query.order_by(*order))))


async def page_of_package(
    session: AsyncSession, actor: Actor, package_id: UUID, *, limit: int, after: Position | None = None
) -> tuple[AttemptFacts, ...]:
    """The learners within reach who began a package, the latest first, with their units: two queries."""
    order = (col(PackageAttempt.begun_at), col(PackageAttempt.id))
    query = _facts().where(col(PackageAttempt.package_id) == package_id, reach.candidates_within(actor))
    if after is not None:
        bounds = (sa.literal(after[0], UTCDateTime), sa.literal(after[1], sa.Uuid))
        query = query.where(sa.tuple_(*order) < sa.tuple_(*bounds))
    query = query.order_by(*(column.desc() for column in order)).limit(limit)
    return await _with_units(session, list(await session.execute(query)))


def _facts() -> sa.Select[PackageAttempt, str, str, str]:
    return select(
        PackageAttempt, col(Candidate.given_name), col(Candidate.family_name), col(Candidate.pseudonym)
    ).join(Candidate, col(Candidate.id) == col(PackageAttempt.candidate_id))


async def _with_units(session: AsyncSession, found: list[sa.Row]) -> tuple[AttemptFacts, ...]:  # type: ignore[type-arg]
    if not found:
        return ()
    units: dict[UUID, list[UnitFacts]] = {}
    for attempt_id, facts in await _thin_units(session, [one[0].id for one in found]):
        units.setdefault(attempt_id, []).append(facts)
    return tuple(
        AttemptFacts(
            **row.model_dump(),
            person=name_of(*names),
            units=tuple(units.get(row.id, ())),
        )
        for row, *names in found
    )


async def _thin_units(session: AsyncSession, attempt_ids: list[UUID]) -> list[tuple[UUID, UnitFacts]]:
    """How far units are, without their states: those hold up to a megabyte each."""
    rows = await session.execute(
        select(
            col(PackageUnit.attempt_id),
            col(PackageUnit.unit),
            col(PackageUnit.best_status),
            col(PackageUnit.best_hundredths),
            col(PackageUnit.centiseconds),
        ).where(col(PackageUnit.attempt_id).in_(attempt_ids))
    )
    return [
        (
            attempt_id,
            UnitFacts(unit=unit, best_status=Status(status), best_hundredths=score, centiseconds=time),
        )
        for attempt_id, unit, status, score, time in rows
    ]


async def units_of(session: AsyncSession, attempt_id: UUID) -> tuple[UnitFacts, ...]:
    """How far each unit is that was opened."""
    return tuple(facts for _, facts in await _thin_units(session, [attempt_id]))


async def unit_row(session: AsyncSession, attempt_id: UUID, unit: str) -> PackageUnit | None:
    """One unit with its state. The caller holds the attempt."""
    return await session.scalar(
        select(PackageUnit).where(col(PackageUnit.attempt_id) == attempt_id, col(PackageUnit.unit) == unit)
    )


def state_of(row: PackageUnit) -> UnitState:
    return UnitState.model_validate_json(json.dumps(row.state))


async def window_of_folder(session: AsyncSession, folder: str, *, now: datetime) -> WindowFacts | None:
    """The window whose folder this is, while its time lasts."""
    found = (
        await session.execute(
            select(PackageSession, col(Package.sha256))
            .join(Package, col(Package.id) == col(PackageSession.package_id))
            .where(
                col(PackageSession.folder_hash) == token_hash(folder), col(PackageSession.expires_at) > now
            )
        )
    ).first()
    if found is None:
        return None
    row, sha256 = found
    return WindowFacts(
        id=row.id, package_id=row.package_id, sha256=sha256, attempt_id=row.attempt_id, unit=row.unit
    )


async def session_by_token(session: AsyncSession, token: str, *, now: datetime) -> PackageSession | None:
    """The window that this token reports for, while its time lasts."""
    return await session.scalar(
        select(PackageSession).where(
            col(PackageSession.token_hash) == token_hash(token), col(PackageSession.expires_at) > now
        )
    )


async def candidate_of(session: AsyncSession, candidate_id: UUID) -> Candidate | None:
    return await session.get(Candidate, candidate_id)
