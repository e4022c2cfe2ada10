"""Measurements of a person's line at home: opened, then kept with every raw sample."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import MeasurementState
from service.tables.columns import Row, belongs_to, choice, document, moment


class Measurement(Row, table=True):
    """One measuring of one person's line by their own browser; once kept, never updated.

    `samples` is what the browser sent, untouched; `result` what the edition named makes of it. No network address is
    kept, and of the browser only its family.
    """

    __table_args__ = (sa.Index("ix_measurement_candidate_id_taken_at", "candidate_id", "taken_at"),)

    candidate_id: UUID = belongs_to("candidate")
    state: MeasurementState = choice(MeasurementState, default=MeasurementState.OPEN)
    opened_at: datetime = moment()
    taken_at: datetime | None = moment(default=None)
    part_of_day: str | None = Field(default=None, max_length=20)
    is_wired: bool | None = None
    plan: str = Field(max_length=20)
    browser_family: str = Field(default="", max_length=40)
    edition: str = Field(max_length=40)
    samples: dict[str, Any] | None = document(default=None, nullable=True)
    result: dict[str, Any] | None = document(default=None, nullable=True)
