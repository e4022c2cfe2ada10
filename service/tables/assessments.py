"""Self-assessments: answers as they are given, and what they came to."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import Locale, ResponseState
from service.tables.columns import Row, belongs_to, choice, document, moment, versioned


@versioned
class Response(Row, table=True):
    """One person's answers to one edition of one questionnaire: saved as they are given, frozen when submitted.

    `timings`: page -> seconds spent on it. `page_opened`: page -> the instant when a page with a time limit was begun;
    `page_closed`: page -> the instant of the one saving that came after its time. `extra_time_percent` is added to
    every limit; None says that this person has none. `sitting` counts from 1: a questionnaire that is to be done again
    is another row, so that what was sent before stays as it was sent. `carried`: item -> the day on which an answer
    that was taken along from the sitting before was given, and its value then.
    """

    __table_args__ = (sa.UniqueConstraint("candidate_id", "instrument", "edition", "sitting"),)

    candidate_id: UUID = belongs_to("candidate")
    instrument: str = Field(max_length=80)
    edition: str = Field(max_length=40)
    sitting: int = 1
    locale: Locale = choice(Locale, default=Locale.FR)
    state: ResponseState = choice(ResponseState, default=ResponseState.DRAFT)
    answers: dict[str, Any] = document()
    carried: dict[str, Any] | None = document(default=None, nullable=True)
    timings: dict[str, Any] = document(default_factory=dict)
    page_opened: dict[str, Any] = document(default_factory=dict)
    page_closed: dict[str, Any] = document(default_factory=dict)
    extra_time_percent: int | None = Field(default=None)
    notice_read_at: datetime | None = moment(default=None)
    started_at: datetime = moment()
    saved_at: datetime = moment()
    submitted_at: datetime | None = moment(default=None)
    version: int = 1


class Scorecard(Row, table=True):
    """What one submitted response came to under one edition; never updated, recomputable bit by bit.

    `standard_error` in hundredths of a point; `signals` are for a person to look at and count for nothing.
    """

    __table_args__ = (sa.UniqueConstraint("response_id", "edition"),)

    candidate_id: UUID = belongs_to("candidate")
    response_id: UUID = belongs_to("response")
    instrument: str = Field(max_length=80)
    edition: str = Field(max_length=40)
    dimension: str = Field(max_length=30)
    score: int
    band: str = Field(max_length=40)
    standard_error: int | None = Field(default=None)
    signals: list[dict[str, Any]] = document(default_factory=list)
    result: dict[str, Any] = document()
    scored_at: datetime = moment()


class Screening(Row, table=True):
    """One weighing of one candidate at one moment: a recommendation with reasons, never a decision, never updated."""

    candidate_id: UUID = belongs_to("candidate")
    policy_edition: str = Field(max_length=40)
    outcome: str = Field(max_length=30)
    result: dict[str, Any] = document()
    scorecard_ids: list[str] = document()
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    screened_at: datetime = moment()
