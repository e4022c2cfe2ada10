"""Structured interviews: the guide as it was opened, and what each rater noted alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.tables.columns import Row, belongs_to, document, moment, versioned


@versioned
class Interview(Row, table=True):
    """One interview of one application; its guide is frozen with the editions it was made from."""

    application_id: UUID = belongs_to("application")
    guide: dict[str, Any] = document()
    policy_edition: str = Field(max_length=40)
    opened_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    opened_at: datetime = moment(index=True)
    closed_at: datetime | None = moment(default=None)
    version: int = 1


@versioned
class InterviewNote(Row, table=True):
    """What one rater noted, question by question: saved as it is written, frozen when submitted."""

    __tablename__ = "interview_note"
    __table_args__ = (sa.UniqueConstraint("interview_id", "staff_id"),)

    interview_id: UUID = belongs_to("interview")
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    ratings: dict[str, Any] = document()
    notes: dict[str, Any] = document()
    started_at: datetime = moment()
    saved_at: datetime = moment()
    submitted_at: datetime | None = moment(default=None)
    version: int = 1
