"""Onboarding: the checklist of one placement, its tasks with what shows them done, lent equipment, daily digests."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from onboarding.day_one.checklists import Owner, TaskState
from service.runtime.vocabulary import ChecklistChange, DeskKind, Locale
from service.tables.columns import Row, belongs_to, choice, document, moment, versioned


@versioned
class Checklist(Row, table=True):
    """What one accepted offer asks before and after day one; `edition` says in which words.

    `start_date` is the placement's own: it moves, the accepted offer does not. `known_since` is the day on which this
    start was known; no task is ever due before it. `returns_on` is the day by which what is lent is to come back.
    """

    __table_args__ = (sa.Index("ix_checklist_start", "start_date", "id"),)

    application_id: UUID = belongs_to("application", unique=True)
    candidate_id: UUID = belongs_to("candidate")
    offer_id: UUID = belongs_to("offer")
    programme_id: UUID = belongs_to("programme")
    edition: str = Field(max_length=40)
    conditions: list[str] = document()
    start_date: date
    known_since: date
    returns_on: date | None = Field(default=None, index=True)
    opened_at: datetime = moment()
    version: int = 1


@versioned
class ChecklistTask(Row, table=True):
    """One task: who holds it, by when, and how it was settled.

    `done_for` is the start it was done for: what must be true of one start is asked again when the start moves.
    `one_off` is how a task that this placement alone asks is worded; without it the edition words the task.
    """

    __tablename__ = "checklist_task"
    __table_args__ = (
        sa.UniqueConstraint("checklist_id", "slug"),
        sa.Index("ix_checklist_task_due", "owner", "state", "due_on"),
    )

    checklist_id: UUID = belongs_to("checklist")
    candidate_id: UUID = belongs_to("candidate")
    slug: str = Field(max_length=80)
    owner: Owner = choice(Owner)
    is_gate: bool
    is_optional: bool
    due_on: date
    state: TaskState = choice(TaskState, default=TaskState.OPEN)
    done_on: date | None = None
    done_for: date | None = None
    holds_until: date | None = None
    evidence: dict[str, Any] = document()
    note: str = Field(default="", max_length=2000)
    one_off: dict[str, Any] | None = document(default=None, nullable=True)
    version: int = 1


class ChecklistFile(Row, table=True):
    """One file that shows a task done (a certificate, a picture that the person chose to give), kept by its SHA-256."""

    __tablename__ = "checklist_file"

    task_id: UUID = belongs_to("checklist_task", unique=True)
    candidate_id: UUID = belongs_to("candidate")
    sha256: str = Field(max_length=64)
    media_type: str = Field(max_length=100)
    size_bytes: int
    file_name: str = Field(max_length=200)
    created_at: datetime = moment()


class ChecklistEvent(Row, table=True):
    """One thing that happened to a checklist; never updated."""

    __tablename__ = "checklist_event"

    checklist_id: UUID = belongs_to("checklist")
    candidate_id: UUID = belongs_to("candidate")
    kind: ChecklistChange = choice(ChecklistChange)
    task: str = Field(default="", max_length=80)
    detail: dict[str, Any] = document()
    by_name: str = Field(default="", max_length=200)
    at: datetime = moment()


class EquipmentLoan(Row, table=True):
    """One thing lent: what the employer says was sent and taken back, and what the person says was received."""

    __tablename__ = "equipment_loan"

    checklist_id: UUID = belongs_to("checklist")
    candidate_id: UUID = belongs_to("candidate")
    position: int
    item: str = Field(max_length=80)
    label: str = Field(max_length=200)
    serial: str = Field(default="", max_length=100)
    sent_on: date | None = None
    parcel: str = Field(default="", max_length=200)
    received_on: date | None = None
    received_note: str = Field(default="", max_length=500)
    returned_on: date | None = None
    returned_note: str = Field(default="", max_length=500)


@versioned
class Desk(Row, table=True):
    """The people of IT or payroll, who have no account here: where they are written to."""

    kind: DeskKind = choice(DeskKind, unique=True)
    address: str = Field(max_length=320)
    locale: Locale = choice(Locale, default=Locale.FR)
    updated_at: datetime = moment()
    version: int = 1


class DeskLink(Row, table=True):
    """A link that opens the page of one desk for some days; replaced, with the address, it opens nothing."""

    __tablename__ = "desk_link"

    desk_id: UUID = belongs_to("desk")
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = moment()
    expires_at: datetime = moment()


class DigestChoice(Row, table=True):
    """Whether somebody wants the daily letter; nobody's row means yes."""

    __tablename__ = "digest_choice"
    __table_args__ = (sa.UniqueConstraint("reader"),)

    reader: str = Field(max_length=60)
    candidate_id: UUID | None = belongs_to("candidate", default=None)
    staff_id: UUID | None = belongs_to("staff", default=None)
    is_wanted: bool = True
    updated_at: datetime = moment()


class Digest(Row, table=True):
    """One reader was looked at on one day: written to, or not because nothing was to say. Once, whoever sweeps."""

    __table_args__ = (sa.UniqueConstraint("day", "reader"),)

    day: date
    reader: str = Field(max_length=60)
    candidate_id: UUID | None = belongs_to("candidate", default=None)
    tasks: int
    made_at: datetime = moment()
