"""Training: who follows which path from when, and what was done."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.tables.columns import Row, belongs_to, document, moment, versioned


@versioned
class Cohort(Row, table=True):
    """A group that starts together."""

    name: str = Field(max_length=120)
    programme_id: UUID | None = belongs_to("programme", ondelete="SET NULL", default=None)
    start_date: date
    created_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    version: int = 1


class CohortMember(Row, table=True):
    """One person in one group."""

    __tablename__ = "cohort_member"
    __table_args__ = (sa.UniqueConstraint("cohort_id", "candidate_id"),)

    cohort_id: UUID = belongs_to("cohort")
    candidate_id: UUID = belongs_to("candidate")
    joined_at: datetime = moment()


@versioned
class Assignment(Row, table=True):
    """One path given to one person from a start date, alone or with a group."""

    __table_args__ = (sa.UniqueConstraint("candidate_id", "path", "edition", "start_date"),)

    candidate_id: UUID = belongs_to("candidate")
    cohort_id: UUID | None = belongs_to("cohort", ondelete="SET NULL", default=None)
    path: str = Field(max_length=80)
    edition: str = Field(max_length=40)
    start_date: date
    assigned_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    assigned_at: datetime = moment()
    version: int = 1


class LearningEvent(Row, table=True):
    """One thing a learner did in one module: opened a page, finished reading, tried the quiz; never updated."""

    __tablename__ = "learning_event"

    assignment_id: UUID = belongs_to("assignment")
    module: str = Field(max_length=80)
    kind: str = Field(max_length=30)
    detail: dict[str, Any] = document()
    mark_percent: int | None = None
    is_passed: bool | None = None
    at: datetime = moment()
