"""Waves: several programmes filled at once, the recruiter's locks, and the scenarios that were proposed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import LockKind
from service.tables.columns import Row, belongs_to, choice, document, moment, versioned


@versioned
class Wave(Row, table=True):
    """Several programmes to fill from the same people; every change of its parts counts its version up."""

    __table_args__ = (sa.Index("ix_wave_created_at", "created_at", "id"),)

    name: str = Field(max_length=120)
    note: str = Field(default="", max_length=2000)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    version: int = 1


class WaveProgramme(Row, table=True):
    """One programme of a wave: `needs` are stretches of a weekday, each with how many people are wanted on the line."""

    __tablename__ = "wave_programme"
    __table_args__ = (sa.UniqueConstraint("wave_id", "programme_id"),)

    wave_id: UUID = belongs_to("wave")
    programme_id: UUID = belongs_to("programme")
    position: int
    seats: int
    needs: list[dict[str, Any]] = document()


class WavePerson(Row, table=True):
    """Somebody whom a wave may place."""

    __tablename__ = "wave_person"
    __table_args__ = (sa.UniqueConstraint("wave_id", "candidate_id"),)

    wave_id: UUID = belongs_to("wave")
    candidate_id: UUID = belongs_to("candidate")


class WaveLock(Row, table=True):
    """What a recruiter fixed before the next run: this person at this programme, or never there."""

    __tablename__ = "wave_lock"
    __table_args__ = (sa.UniqueConstraint("wave_id", "candidate_id", "programme_id"),)

    wave_id: UUID = belongs_to("wave")
    candidate_id: UUID = belongs_to("candidate")
    programme_id: UUID = belongs_to("programme")
    kind: LockKind = choice(LockKind)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    locked_at: datetime = moment()


class Scenario(Row, table=True):
    """One proposal for a wave, never updated; `result` holds figures and coverage, and names nobody."""

    __table_args__ = (sa.Index("ix_scenario_wave_created", "wave_id", "created_at", "id"),)

    wave_id: UUID = belongs_to("wave")
    wave_version: int
    name: str = Field(max_length=120)
    settings: dict[str, Any] = document()
    outcome: str = Field(max_length=30)
    result: dict[str, Any] = document()
    editions: dict[str, Any] = document()
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()


class ScenarioPerson(Row, table=True):
    """One person of a scenario: where, and why there or why nowhere; the application once somebody applied it."""

    __tablename__ = "scenario_person"
    __table_args__ = (sa.UniqueConstraint("scenario_id", "candidate_id"),)

    scenario_id: UUID = belongs_to("scenario")
    candidate_id: UUID = belongs_to("candidate")
    programme_id: UUID | None = belongs_to("programme", default=None)
    detail: dict[str, Any] = document()
    application_id: UUID | None = belongs_to("application", ondelete="SET NULL", default=None)
    applied_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    applied_at: datetime | None = moment(default=None)
