"""Contested results: what the person wrote, who looked again, and what that person found."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import ContestFinding, ContestKind
from service.tables.columns import Row, belongs_to, choice, moment, versioned


@versioned
class Contest(Row, table=True):
    """One result that a person asks somebody else to look at again; one contest a result, so that two presses are one.

    `subject_id` is the scorecard, screening or decision. `first_staff_id` is whoever screened or decided, if anybody,
    and never reviews. `answer_due` is the last day to answer, by the edition of the rule in `rule_edition`;
    `reminded_at` is when those who must answer were reminded of it.
    """

    __table_args__ = (
        sa.UniqueConstraint("kind", "subject_id"),
        sa.Index("ix_contest_queue", "answered_at", "answer_due", "id"),
    )

    candidate_id: UUID = belongs_to("candidate")
    kind: ContestKind = choice(ContestKind)
    subject_id: UUID
    words: str = Field(max_length=4000)
    opened_at: datetime = moment()
    answer_due: date
    rule_edition: str = Field(max_length=40)
    first_staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    reviewer_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    taken_at: datetime | None = moment(default=None)
    finding: ContestFinding | None = choice(ContestFinding, default=None, nullable=True)
    answer: str = Field(default="", max_length=4000)
    answered_at: datetime | None = moment(default=None)
    reminded_at: datetime | None = moment(default=None)
    version: int = 1
