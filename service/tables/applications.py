"""Applications and what people decided about them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import DecisionOutcome, ImportKind, ImportState, Stage
from service.tables.columns import Row, belongs_to, choice, document, moment, versioned


@versioned
class Application(Row, table=True):
    """One person for one programme (or for the pool, without a programme), and the last weighing of the two."""

    __table_args__ = (sa.UniqueConstraint("candidate_id", "programme_id"),)

    candidate_id: UUID = belongs_to("candidate")
    programme_id: UUID | None = belongs_to("programme", default=None)
    stage: Stage = choice(Stage, default=Stage.APPLIED, index=True)
    stage_since: datetime = moment()
    match_outcome: str | None = Field(default=None, max_length=30)
    match_score: int | None = Field(default=None, index=True)
    match: dict[str, Any] | None = document(default=None, nullable=True)
    matched_at: datetime | None = moment(default=None)
    created_at: datetime = moment(index=True)
    version: int = 1


class StageChange(Row, table=True):
    """One step of one application, by whom and why; never updated."""

    __tablename__ = "stage_change"

    application_id: UUID = belongs_to("application")
    from_stage: Stage | None = choice(Stage, default=None, nullable=True)
    to_stage: Stage = choice(Stage)
    reason: str = Field(default="", max_length=2000)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    at: datetime = moment()


class Decision(Row, table=True):
    """A person's confirmed decision about one application, with the reason given; never updated."""

    application_id: UUID = belongs_to("application")
    outcome: DecisionOutcome = choice(DecisionOutcome)
    reason: str = Field(max_length=2000)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    decided_at: datetime = moment()


class Invitation(Row, table=True):
    """One invitation to the self-assessments, sent by mail with a one-time link."""

    candidate_id: UUID = belongs_to("candidate")
    application_id: UUID | None = belongs_to("application", ondelete="SET NULL", default=None)
    link_id: UUID | None = belongs_to("one_time_link", ondelete="SET NULL", default=None)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()


class Import(Row, table=True):
    """One file of people or programmes: checked first (`report`), applied whole or not at all."""

    kind: ImportKind = choice(ImportKind)
    file_name: str = Field(max_length=255)
    sha256: str = Field(max_length=64, index=True)
    state: ImportState = choice(ImportState)
    report: dict[str, Any] = document()
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    applied_at: datetime | None = moment(default=None)
