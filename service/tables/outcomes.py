"""How it went afterwards: what was seen of a person at work, and the figures computed from scores and outcomes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import OutcomeMeasure
from service.tables.columns import Row, belongs_to, choice, document, moment


class Outcome(Row, table=True):
    """One thing seen of one person 30, 90 or 180 days after the start; never updated, the newest of its kind counts."""

    __table_args__ = (sa.Index("ix_outcome_measure_days", "measure", "days"),)

    candidate_id: UUID = belongs_to("candidate")
    application_id: UUID | None = belongs_to("application", ondelete="SET NULL", default=None)
    days: int
    measure: OutcomeMeasure = choice(OutcomeMeasure)
    value: int
    recorded_on: date
    recorded_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    note: str = Field(default="", max_length=2000)
    created_at: datetime = moment()


class ValidityFigures(Row, table=True):
    """The figures of one questionnaire's edition as computed at one moment: no personal data, never updated."""

    __tablename__ = "validity_figures"
    __table_args__ = (sa.Index("ix_validity_figures_edition", "instrument", "edition", "computed_at"),)

    instrument: str = Field(max_length=80)
    edition: str = Field(max_length=40)
    policy_edition: str = Field(max_length=40)
    result: dict[str, Any] = document()
    computed_at: datetime = moment()
