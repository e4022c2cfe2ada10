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

    __table_args__ = (sa.Index("ix_cohort_created_at", "created_at", "id"),)

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
    """One path given to one person from a start date, alone or with a group.

    `percent`, `is_complete` and `next_due` repeat what the learning events come to, so that lists can be sorted and
    filtered by lateness; the flow that records an event rewrites them in the same transaction.
    """

    __table_args__ = (
        sa.UniqueConstraint("candidate_id", "path", "edition", "start_date"),
        sa.Index("ix_assignment_lateness", "is_complete", "next_due", "id"),
    )

    candidate_id: UUID = belongs_to("candidate")
    cohort_id: UUID | None = belongs_to("cohort", ondelete="SET NULL", default=None)
    path: str = Field(max_length=80)
    edition: str = Field(max_length=40)
    start_date: date
    assigned_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    assigned_at: datetime = moment()
    percent: int = 0
    is_complete: bool = False
    next_due: date
    version: int = 1


class LearningEvent(Row, table=True):
    """One thing that happened in one module: a page read, a quiz marked, more attempts granted; never updated.

    The id is derived from what happened, so that the same thing told twice is one row.
    """

    __tablename__ = "learning_event"

    assignment_id: UUID = belongs_to("assignment")
    module: str = Field(max_length=80)
    kind: str = Field(max_length=30)
    detail: dict[str, Any] = document()
    mark_percent: int | None = None
    is_passed: bool | None = None
    at: datetime = moment()
