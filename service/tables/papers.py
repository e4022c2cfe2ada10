"""Issued papers with their numbers and facts, the dates that follow from them, and the one number kept under seal."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import DeadlineHolder, PaperState
from service.tables.columns import Row, belongs_to, choice, document, moment


class NumberSeries(Row, table=True):
    """The last number taken in one series and year. Taking the next one holds the row until the taker is done."""

    __tablename__ = "number_series"
    __table_args__ = (sa.UniqueConstraint("series", "year"),)

    series: str = Field(max_length=20)
    year: int
    last_number: int


class IssuedPaper(Row, table=True):
    """One paper about one person, with the facts it says. `plan` is what is still to be drawn, gone once it is.

    Where a paper holds what is kept under seal, `plan` and the file are sealed and `facts` show it masked;
    `sha256` is always that of the paper, `file_sha256` where its bytes are kept.
    """

    __tablename__ = "issued_paper"
    __table_args__ = (
        sa.UniqueConstraint("series", "year", "number"),
        sa.Index("ix_issued_paper_same", "application_id", "kind", "facts_sha256"),
    )

    application_id: UUID = belongs_to("application")
    candidate_id: UUID = belongs_to("candidate")
    offer_id: UUID | None = belongs_to("offer", ondelete="SET NULL", default=None)
    assignment_id: UUID | None = belongs_to("assignment", ondelete="SET NULL", default=None)
    kind: str = Field(max_length=60)
    title: str = Field(max_length=300)
    series: str = Field(max_length=20)
    year: int
    number: int
    template_edition: str = Field(max_length=40)
    mentions_edition: str = Field(max_length=40)
    facts: dict[str, Any] = document()
    facts_sha256: str = Field(max_length=64)
    confirmations: list[dict[str, Any]] = document()
    plan: dict[str, Any] | None = document(default=None, nullable=True)
    state: PaperState = choice(PaperState, default=PaperState.REQUESTED)
    failure: str = Field(default="", max_length=2000)
    file_name: str = Field(max_length=200)
    sha256: str | None = Field(default=None, max_length=64)
    file_sha256: str | None = Field(default=None, max_length=64)
    size_bytes: int = 0
    pages: int = 0
    issued_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    issued_on: date
    created_at: datetime = moment()
    ready_at: datetime | None = moment(default=None)


class Deadline(Row, table=True):
    """One date that a paper sets for the employer or for the person, and when it was seen to."""

    __table_args__ = (sa.Index("ix_deadline_due_on", "due_on", "id"),)

    paper_id: UUID = belongs_to("issued_paper")
    application_id: UUID = belongs_to("application")
    candidate_id: UUID = belongs_to("candidate")
    what: str = Field(max_length=300)
    due_on: date
    article: str = Field(max_length=300)
    holder: DeadlineHolder = choice(DeadlineHolder)
    reminded_at: datetime | None = moment(default=None)
    done_at: datetime | None = moment(default=None)
    done_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)


class SocialNumber(Row, table=True):
    """A person's social-security number (NIR), sealed: given after an offer was accepted, for the DPAE alone."""

    __tablename__ = "social_number"

    candidate_id: UUID = belongs_to("candidate", unique=True)
    sealed: bytes
    key_digits: str = Field(max_length=2)
    given_at: datetime = moment()
