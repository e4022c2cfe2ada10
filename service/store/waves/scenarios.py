"""Scenarios of a wave: what was asked and found, where each person stands in it, and what was applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import Stage
from service.store import reach
from service.store.people.candidates import position_in
from service.store.waves.waves import Facts, WavePersonFacts, waves_within
from service.tables.applications import Application
from service.tables.people import Candidate, Staff
from service.tables.programmes import Programme
from service.tables.waves import Scenario, ScenarioPerson, Wave, WavePerson

LISTING = "scenario people"


class Where(StrEnum):
    """Which people of a scenario are asked for."""

    PLACED = "placed"
    LEFT = "left"


class ScenarioFacts(Facts):
    """One scenario: `result` as the flow wrote it, how many people were applied, and the version the wave has now."""

    id: UUID
    wave_id: UUID
    wave_version: int
    wave_now: int
    name: str
    settings: dict[str, Any]
    outcome: str
    result: dict[str, Any]
    editions: dict[str, Any]
    made_by: str
    created_at: datetime
    applied: int

    @property
    def is_stale(self) -> bool:
        """Whether the wave changed since."""
        return self.wave_version != self.wave_now


class StandingFacts(Facts):
    """Where one person stands in a scenario. `stage` is that of the person's application for the programme, if any."""

    candidate_id: UUID
    shown_name: str
    programme_id: UUID | None
    title: str
    detail: dict[str, Any]
    application_id: UUID | None
    stage: Stage | None
    applied_at: datetime | None
    applied_by: str


class LinkFacts(Facts):
    """One application of somebody in a wave, for one of its programmes."""

    id: UUID
    candidate_id: UUID
    programme_id: UUID
    stage: Stage


@dataclass(frozen=True)
class StandingPage:
    """People by name, and the position after the last one when there are more."""

    lines: tuple[StandingFacts, ...]
    after: tuple[Any, ...] | None


def _lines(actor: Actor) -> Any:
    applied = (
        select(func.count())
        .select_from(ScenarioPerson)
        .where(
            col(ScenarioPerson.scenario_id) == col(Scenario.id),
            col(ScenarioPerson.applied_at).is_not(None),
        )
        .correlate(Scenario)
        .scalar_subquery()
    )
    return (
        select(Scenario, col(Wave.version), col(Staff.name), applied)
        .join(Wave, col(Wave.id) == col(Scenario.wave_id))
        .outerjoin(Staff, col(Staff.id) == col(Scenario.staff_id))
        .where(waves_within(actor))
    )


def _facts(found: Any) -> ScenarioFacts:
    row, version, made_by, applied = found
    return ScenarioFacts(**row.model_dump(), wave_now=version, made_by=made_by or "", applied=applied)


async def facts_of(session: AsyncSession, actor: Actor, scenario_id: str | UUID) -> ScenarioFacts:
    """The scenario, if its wave is within reach; NotFound otherwise."""
    wanted = _lines(actor).where(col(Scenario.id) == reach.id_of(scenario_id))
    found = (await session.execute(wanted)).one_or_none()
    if found is None:
        raise NotFound
    return _facts(found)


async def of_wave(session: AsyncSession, actor: Actor, wave_id: UUID) -> tuple[ScenarioFacts, ...]:
    """The scenarios of a wave within reach, the newest first."""
    rows = await session.execute(
        _lines(actor)
        .where(col(Scenario.wave_id) == wave_id)
        .order_by(col(Scenario.created_at).desc(), col(Scenario.id).desc())
    )
    return tuple(_facts(row) for row in rows)


def _standings(actor: Actor) -> Any:
    own = sa.and_(
        col(Application.candidate_id) == col(ScenarioPerson.candidate_id),
        col(Application.programme_id) == col(ScenarioPerson.programme_id),
    )
    return (
        select(ScenarioPerson, Candidate, col(Programme.title), Application, col(Staff.name))
        .join(Candidate, col(Candidate.id) == col(ScenarioPerson.candidate_id))
        .outerjoin(Programme, col(Programme.id) == col(ScenarioPerson.programme_id))
        .outerjoin(Application, own)
        .outerjoin(Staff, col(Staff.id) == col(ScenarioPerson.applied_by))
        .where(reach.candidates_within(actor))
    )


def _standing(found: Any) -> StandingFacts:
    row, person, title, application, applied_by = found
    return StandingFacts(
        candidate_id=row.candidate_id, shown_name=WavePersonFacts.model_validate(person).shown_name,
        programme_id=row.programme_id, title=title or "", detail=row.detail,
        application_id=application.id if application else None,
        stage=application.stage if application else None, applied_at=row.applied_at,
        applied_by=applied_by or "",
    )  # fmt: skip


async def people_page(
    session: AsyncSession,
    actor: Actor,
    scenario_id: UUID,
    *,
    where: Where,
    limit: int,
    programme_id: UUID | None = None,
    after: Sequence[Any] | None = None,
) -> StandingPage:
    """One page of who is placed (at one programme, if asked) or left, by name, or by pseudonym in a blind review."""
    key: Any = col(Candidate.pseudonym) if actor.is_blind else col(Candidate.folded_name)
    row_id: Any = col(Candidate.id)
    is_placed = col(ScenarioPerson.programme_id).is_not(None)
    wanted = (
        _standings(actor)
        .add_columns(key)
        .where(
            col(ScenarioPerson.scenario_id) == scenario_id,
            is_placed if where is Where.PLACED else ~is_placed,
        )
    )
    if programme_id is not None:
        wanted = wanted.where(col(ScenarioPerson.programme_id) == programme_id)
    place = position_in(LISTING, after)
    if place is not None:
        there = sa.tuple_(sa.literal(str(place[0]), key.type), sa.literal(UUID(str(place[1])), row_id.type))
        wanted = wanted.where(sa.tuple_(key, row_id) > there)
    rows = (await session.execute(wanted.order_by(key, row_id).limit(limit + 1))).all()
    lines = tuple(_standing(row[:5]) for row in rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return StandingPage(lines, (LISTING, last[5], last[1].id) if last else None)


async def standing_of(
    session: AsyncSession, actor: Actor, scenario_id: UUID, candidate_id: str | UUID
) -> StandingFacts:
    """Where one person stands; NotFound when the scenario does not hold the person."""
    found = (
        await session.execute(
            _standings(actor).where(
                col(ScenarioPerson.scenario_id) == scenario_id,
                col(ScenarioPerson.candidate_id) == reach.id_of(candidate_id),
            )
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return _standing(found)


async def row_of(session: AsyncSession, scenario_id: UUID, candidate_id: UUID) -> ScenarioPerson | None:
    """One person's row of a scenario, held until the transaction ends. The caller has checked who is asking."""
    return await session.scalar(
        select(ScenarioPerson)
        .where(
            col(ScenarioPerson.scenario_id) == scenario_id,
            col(ScenarioPerson.candidate_id) == candidate_id,
        )
        .with_for_update()
    )


async def places_of(
    session: AsyncSession, scenario_ids: Sequence[UUID]
) -> Mapping[UUID, Mapping[UUID, UUID | None]]:
    """Scenario -> person -> programme, or None for who is left. The caller has checked who is asking."""
    rows = await session.execute(
        select(
            col(ScenarioPerson.scenario_id),
            col(ScenarioPerson.candidate_id),
            col(ScenarioPerson.programme_id),
        ).where(col(ScenarioPerson.scenario_id).in_(scenario_ids))
    )
    found: dict[UUID, dict[UUID, UUID | None]] = {one: {} for one in scenario_ids}
    for scenario, person, programme in rows:
        found[scenario][person] = programme
    return found


async def names_of(session: AsyncSession, actor: Actor, candidate_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """What people within reach are called."""
    rows = await session.scalars(
        select(Candidate).where(reach.candidates_within(actor), col(Candidate.id).in_(candidate_ids))
    )
    return {row.id: WavePersonFacts.model_validate(row).shown_name for row in rows}


async def applications_between(
    session: AsyncSession, candidate_ids: Sequence[UUID], programme_ids: Sequence[UUID]
) -> tuple[LinkFacts, ...]:
    """Applications of these people for these programmes, the oldest first. The caller has checked who is asking."""
    found: list[LinkFacts] = []
    for start in range(0, len(candidate_ids), 500):
        rows = await session.scalars(
            select(Application)
            .where(
                col(Application.candidate_id).in_(candidate_ids[start : start + 500]),
                col(Application.programme_id).in_(programme_ids),
            )
            .order_by(col(Application.created_at), col(Application.id))
        )
        found += [LinkFacts.model_validate(row) for row in rows]
    return tuple(found)


async def left_before(session: AsyncSession, wave_id: UUID) -> Mapping[UUID, int]:
    """How many other waves left a person of this one, counting scenarios of which something was applied."""
    here = select(col(WavePerson.candidate_id)).where(col(WavePerson.wave_id) == wave_id)
    applied = select(col(ScenarioPerson.scenario_id)).where(col(ScenarioPerson.applied_at).is_not(None))
    rows = await session.execute(
        select(col(ScenarioPerson.candidate_id), func.count(sa.distinct(col(Scenario.wave_id))))
        .join(Scenario, col(Scenario.id) == col(ScenarioPerson.scenario_id))
        .where(
            col(Scenario.wave_id) != wave_id,
            col(ScenarioPerson.programme_id).is_(None),
            col(ScenarioPerson.scenario_id).in_(applied),
            col(ScenarioPerson.candidate_id).in_(here),
        )
        .group_by(col(ScenarioPerson.candidate_id))
    )
    return {person: int(count) for person, count in rows}
