"""Client programmes and the employer that fills them."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import ProgrammeState
from service.tables.columns import Row, choice, document, moment, versioned


@versioned
class Programme(Row, table=True):
    """One client's programme: what is asked of people, and the sheet that a candidate reads before saying yes."""

    __table_args__ = (sa.Index("ix_programme_created_at", "created_at", "id"),)

    external_id: str | None = Field(default=None, max_length=64, unique=True)
    title: str = Field(max_length=200)
    client_name: str = Field(default="", max_length=200)
    state: ProgrammeState = choice(ProgrammeState, default=ProgrammeState.OPEN)
    seats: int
    weekly_hours: float
    start_date: date | None = None
    profile: dict[str, Any] = document()
    created_at: datetime = moment()
    updated_at: datetime = moment()
    version: int = 1


@versioned
class Employer(Row, table=True):
    """The one employer of this installation: what contracts say of it."""

    facts: dict[str, Any] = document()
    updated_at: datetime = moment()
    version: int = 1
