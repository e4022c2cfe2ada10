"""Training: who follows which path from when, and what was done."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.tables.columns import Row, belongs_to, document, moment, versioned


@versioned
class Cohort(Row, table=True):
    """A group that starts together, with as many seats as were said, or no bound but that of every group."""

    __table_args__ = (sa.Index("ix_cohort_created_at", "created_at", "id"),)

    name: str = Field(max_length=120)
    programme_id: UUID | None = belongs_to("programme", ondelete="SET NULL", default=None)
    start_date: date
    seats: int | None = None
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

    `percent`, `is_complete`, `next_due` and what follows `moved_on` repeat what the learning events come to, so that
    lists can be sorted and filtered without reading an event; the flow that records an event rewrites them in the same
    transaction. `due_dates` (module -> ISO date) takes the place of the dates counted from the start, module by module;
    `sittings` are the hours set apart in the person's own week. `rule_id` says which rule gave the path;
    `renews_id` which completed assignment this one renews, and `expires_on` is the last day on which the completion
    holds. From `renewal_on` it is to be renewed: `renewal_settled_at` says when that was seen to, `ended_at` when the
    end was.
    """

    __table_args__ = (
        sa.UniqueConstraint("candidate_id", "path", "edition", "start_date"),
        sa.Index("ix_assignment_lateness", "is_complete", "next_due", "id"),
        sa.Index("ix_assignment_expires_on", "expires_on", "ended_at"),
        sa.Index("ix_assignment_renewal_on", "renewal_on", "renewal_settled_at"),
        sa.Index("ix_assignment_moved_on", "is_complete", "moved_on"),
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
    completed_on: date | None = None
    expires_on: date | None = None
    renewal_on: date | None = None
    renewal_settled_at: datetime | None = moment(default=None)
    ended_at: datetime | None = moment(default=None)
    renews_id: UUID | None = belongs_to("assignment", ondelete="SET NULL", default=None)
    due_dates: dict[str, str] | None = document(default=None, nullable=True)
    sittings: list[dict[str, Any]] | None = document(default=None, nullable=True)
    rule_id: UUID | None = belongs_to("assignment_rule", ondelete="SET NULL", default=None)
    moved_on: date
    modules_done: int = 0
    unpassed: int = 0
    waits_for_trainer: bool = False
    step: str = Field(default="", max_length=30)
    step_module: str = Field(default="", max_length=80)
    step_page: str = Field(default="", max_length=80)
    reminded_at: datetime | None = moment(default=None)
    version: int = 1


class LearningEvent(Row, table=True):
    """One thing that happened in one module: a page read, a quiz marked, a package completed, a class attended, a proof
    accepted, more attempts granted, what was finished in an edition left behind; never updated.

    The id is derived from what happened, so that the same thing told twice is one row. `seconds` is the time really
    spent on it, as this service measured it.
    """

    __tablename__ = "learning_event"

    assignment_id: UUID = belongs_to("assignment")
    module: str = Field(max_length=80)
    kind: str = Field(max_length=30)
    detail: dict[str, Any] = document()
    mark_percent: int | None = None
    is_passed: bool | None = None
    seconds: int = 0
    at: datetime = moment()


class AssignmentChange(Row, table=True):
    """What people changed of an assignment afterwards: another start, another edition, and why; never updated."""

    __tablename__ = "assignment_change"

    assignment_id: UUID = belongs_to("assignment")
    kind: str = Field(max_length=30)
    before: str = Field(max_length=80)
    after: str = Field(max_length=80)
    why: str = Field(default="", max_length=500)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    at: datetime = moment()


class Exemption(Row, table=True):
    """A proof shown in place of a module, and what a trainer decided about it, with the reason.

    `sha256` names the proof in the file store; empty where the trainer saw it on paper. Undecided while
    `decided_at` is empty.
    """

    __table_args__ = (sa.Index("ix_exemption_open", "decided_at", "asked_at", "id"),)

    assignment_id: UUID = belongs_to("assignment")
    module: str = Field(max_length=80)
    words: str = Field(default="", max_length=1000)
    sha256: str = Field(default="", max_length=64)
    media_type: str = Field(default="", max_length=100)
    size_bytes: int = 0
    file_name: str = Field(default="", max_length=200)
    asked_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    asked_at: datetime = moment()
    decided_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    decided_at: datetime | None = moment(default=None)
    is_granted: bool = False
    reason: str = Field(default="", max_length=1000)
