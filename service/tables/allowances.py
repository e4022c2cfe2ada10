"""The telework allowance of a month: days really worked, absences, what was settled, and how payroll reads it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from documents.allowance_days import AbsenceKind
from documents.allowances import AgreementKind, AllowanceMode
from service.runtime.vocabulary import AllowanceMonthState, DaysSource, ImportState
from service.tables.columns import Row, belongs_to, choice, document, moment, versioned


@versioned
class AllowanceMonth(Row, table=True):
    """One month (its first day). Closed, its sums stand: `figures` repeats them, `editions` names the law they rest on.

    `confirmations`: figures of law not yet verified, each with the person who confirmed it and when.
    """

    __tablename__ = "allowance_month"

    month: date = Field(unique=True)
    state: AllowanceMonthState = choice(AllowanceMonthState, default=AllowanceMonthState.OPEN)
    editions: dict[str, Any] = document()
    figures: dict[str, Any] = document()
    confirmations: list[dict[str, Any]] = document()
    closed_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    closed_at: datetime | None = moment(default=None)
    version: int = 1


class AllowanceDays(Row, table=True):
    """The days of one person's open month as entered or imported; without a row the schedule counts.

    `is_whole`, `paid_cents`: empty where contract and schedule say it.
    """

    __tablename__ = "allowance_days"
    __table_args__ = (sa.UniqueConstraint("month", "candidate_id"),)

    month: date
    candidate_id: UUID = belongs_to("candidate")
    days: int
    is_whole: bool | None = None
    paid_cents: int | None = None
    receipts_cents: int = 0
    source: DaysSource = choice(DaysSource)
    note: str = Field(default="", max_length=500)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    recorded_at: datetime = moment()


class Absence(Row, table=True):
    """Days on which somebody with a contract did not work, both ends included."""

    candidate_id: UUID = belongs_to("candidate")
    start: date
    end: date
    kind: AbsenceKind = choice(AbsenceKind)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    recorded_at: datetime = moment()


class AllowanceStatement(Row, table=True):
    """What one person's month came to when it was settled (`position` 0) or put right later (1, 2, …); never updated.

    The `_cents` are what is due after this row; the `delta_` sums are what it adds to the row before, and go on the
    payslip of `settled_in`.
    """

    __tablename__ = "allowance_statement"
    __table_args__ = (
        sa.UniqueConstraint("month", "candidate_id", "position"),
        sa.Index("ix_allowance_statement_settled_in", "settled_in"),
    )

    month: date
    settled_in: date
    position: int = 0
    candidate_id: UUID = belongs_to("candidate")
    number: str = Field(max_length=64)
    mode: AllowanceMode = choice(AllowanceMode)
    agreement: AgreementKind = choice(AgreementKind)
    weekly_days: int
    days: int | None = None
    is_whole: bool = True
    source: DaysSource = choice(DaysSource)
    receipts_cents: int = 0
    ceiling_cents: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    delta_paid_cents: int
    delta_exempt_cents: int
    delta_taxable_cents: int
    law_edition: str = Field(default="", max_length=64)
    reason: str = Field(default="", max_length=2000)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    made_at: datetime = moment()


class AllowanceFile(Row, table=True):
    """One file of days of a month, checked first; its lines wait in `allowance_file_line` and go when it is applied."""

    __tablename__ = "allowance_file"

    month: date = Field(index=True)
    file_name: str = Field(max_length=255)
    state: ImportState = choice(ImportState)
    report: dict[str, Any] = document()
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    applied_at: datetime | None = moment(default=None)


class AllowanceFileLine(Row, table=True):
    """One person's month in a file that was checked and not applied yet."""

    __tablename__ = "allowance_file_line"
    __table_args__ = (sa.UniqueConstraint("file_id", "candidate_id"),)

    file_id: UUID = belongs_to("allowance_file")
    candidate_id: UUID = belongs_to("candidate")
    days: int
    is_whole: bool | None = None
    paid_cents: int | None = None
    receipts_cents: int = 0


class PayrollNumber(Row, table=True):
    """The number by which the payroll program knows somebody; without one, the id of the file they came from."""

    __tablename__ = "payroll_number"

    candidate_id: UUID = belongs_to("candidate", unique=True)
    number: str = Field(max_length=64, unique=True)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    recorded_at: datetime = moment()


class PayrollColumns(Row, table=True):
    """A map of payroll columns as somebody sent it; never updated, the newest counts, the shipped one before any."""

    __tablename__ = "payroll_columns"

    text: str = Field()
    title: str = Field(max_length=200)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    sent_at: datetime = moment(index=True)
