"""Allowance months: whose contract gives home days, what was recorded, what was settled and for which payslip."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from documents.allowance_days import Absence as AbsenceFacts
from documents.allowance_days import AbsenceKind
from documents.allowances import AgreementKind, AllowanceMode
from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import AllowanceMonthState, DaysSource, ImportState, OfferState, Stage
from service.store.people.employer import record
from service.store.reach import applications_within, candidates_within, id_of
from service.tables.allowances import (
    Absence,
    AllowanceDays,
    AllowanceFile,
    AllowanceFileLine,
    AllowanceMonth,
    AllowanceStatement,
    PayrollColumns,
    PayrollNumber,
)
from service.tables.applications import Application
from service.tables.offers import Offer
from service.tables.people import Candidate, Staff


class MonthFacts(BaseModel):
    """One month as it is recorded; a month that nobody touched is open and has version 0."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    month: date
    state: AllowanceMonthState = AllowanceMonthState.OPEN
    editions: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    confirmations: tuple[dict[str, Any], ...] = ()
    closed_at: datetime | None = None
    closed_by: UUID | None = None
    closed_by_name: str = ""
    version: int = 0

    @property
    def is_closed(self) -> bool:
        return self.state is AllowanceMonthState.CLOSED


class ContractRow(NamedTuple):
    """One contract in a month, as columns of the database give it; without `rate_cents` the ceiling is paid."""

    candidate_id: UUID
    given_name: str
    family_name: str
    pseudonym: str
    number: str
    start: date
    end: str | None
    home_days: str
    mode: str | None
    rate_cents: int | None


class DaysFacts(NamedTuple):
    """What was entered or imported of one person's month."""

    days: int
    is_whole: bool | None
    paid_cents: int | None
    receipts_cents: int
    source: DaysSource
    note: str


class StatementFacts(BaseModel):
    """What one person's month came to, and the difference to the row before."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    month: date
    settled_in: date
    position: int
    candidate_id: UUID
    number: str
    mode: AllowanceMode
    agreement: AgreementKind
    weekly_days: int
    days: int | None
    is_whole: bool
    source: DaysSource
    receipts_cents: int
    ceiling_cents: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    delta_paid_cents: int
    delta_exempt_cents: int
    delta_taxable_cents: int
    law_edition: str
    reason: str
    made_at: datetime


class SettledRow(NamedTuple):
    """One settled month as the list of a closed month needs it."""

    candidate_id: UUID
    given_name: str
    family_name: str
    pseudonym: str
    number: str
    position: int
    mode: AllowanceMode
    agreement: AgreementKind
    weekly_days: int
    days: int | None
    is_whole: bool
    source: DaysSource
    receipts_cents: int
    ceiling_cents: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int


class PayslipRow(NamedTuple):
    """One difference for a payslip: a month settled (`position` 0 and the same month) or put right."""

    number: str
    month: date
    position: int
    exempt_cents: int
    taxable_cents: int


class RecordedAbsence(BaseModel):
    """One absence, by its id."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    start: date
    end: date
    kind: AbsenceKind


class FileFacts(BaseModel):
    """One file of days with the report of its trial."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    month: date
    file_name: str
    state: ImportState
    report: dict[str, Any]
    created_at: datetime
    applied_at: datetime | None


class FileLineFacts(NamedTuple):
    candidate_id: UUID
    days: int
    is_whole: bool | None
    paid_cents: int | None
    receipts_cents: int


class ColumnsFacts(BaseModel):
    """A map of payroll columns as it was sent."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    text: str
    title: str
    sent_at: datetime
    sent_by_name: str = ""


async def month_facts(session: AsyncSession, month: date) -> MonthFacts:
    found = (
        await session.execute(
            select(AllowanceMonth, col(Staff.name))
            .outerjoin(Staff, col(Staff.id) == col(AllowanceMonth.closed_by))
            .where(col(AllowanceMonth.month) == month)
        )
    ).first()
    if found is None:
        return MonthFacts(month=month)
    row, name = found
    return MonthFacts.model_validate(row).model_copy(update={"closed_by_name": name or ""})


async def closed_months(session: AsyncSession, *, limit: int = 60) -> tuple[MonthFacts, ...]:
    """The newest first."""
    rows = await session.scalars(
        select(AllowanceMonth)
        .where(col(AllowanceMonth.state) == AllowanceMonthState.CLOSED)
        .order_by(col(AllowanceMonth.month).desc())
        .limit(limit)
    )
    return tuple(MonthFacts.model_validate(row) for row in rows)


async def first_open_after(session: AsyncSession, month: date) -> date:
    """The first month after this one that is not closed: the payslip that a correction goes on."""
    closed = set(
        await session.scalars(
            select(col(AllowanceMonth.month)).where(
                col(AllowanceMonth.month) > month, col(AllowanceMonth.state) == AllowanceMonthState.CLOSED
            )
        )
    )
    following = next_month(month)
    while following in closed:
        following = next_month(following)
    return following


def next_month(month: date) -> date:
    """
    >>> next_month(date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


async def employer_basis(session: AsyncSession) -> AgreementKind:
    """What sets the amounts here, as the employer's file says it."""
    return (await record(session)).facts.telework_basis


_NUMBER = sa.func.coalesce(
    col(PayrollNumber.number), col(Candidate.external_id), col(Candidate.pseudonym)
).label("number")
_TERMS = col(Offer.terms)


async def contracts_in(
    session: AsyncSession, actor: Actor, *, first: date, last: date, candidate_id: UUID | None = None
) -> Sequence[ContractRow]:
    """Contracts with home days that touch the month, of hired people within reach: by name, then by start.

    Columns only, no object a person: a month holds tens of thousands of them.
    """
    end = _TERMS["end_date"].as_string()
    wanted = (
        select(
            col(Candidate.id),
            col(Candidate.given_name),
            col(Candidate.family_name),
            col(Candidate.pseudonym),
            _NUMBER,
            col(Offer.start_date),
            end,
            _TERMS["home_days"].as_string(),
            _TERMS[("allowance", "mode")].as_string(),
            _TERMS[("allowance", "rate_cents")].as_integer(),
        )
        .select_from(Offer)
        .join(Application, col(Application.id) == col(Offer.application_id))
        .join(Candidate, col(Candidate.id) == col(Offer.candidate_id))
        .outerjoin(PayrollNumber, col(PayrollNumber.candidate_id) == col(Candidate.id))
        .where(
            col(Offer.state) == OfferState.ACCEPTED,
            col(Application.stage) == Stage.HIRED,
            col(Offer.start_date) <= last,
            sa.or_(end.is_(None), end >= first.isoformat()),
            applications_within(actor),
        )
        .order_by(col(Candidate.folded_name), col(Candidate.id), col(Offer.start_date))
    )
    if candidate_id is not None:
        wanted = wanted.where(col(Candidate.id) == candidate_id)
    return [ContractRow(*row) for row in await session.execute(wanted)]


async def days_of_month(
    session: AsyncSession, month: date, *, candidate_id: UUID | None = None
) -> dict[UUID, DaysFacts]:
    """What was entered or imported of everybody's month, or of one person's."""
    wanted = select(
        col(AllowanceDays.candidate_id),
        col(AllowanceDays.days),
        col(AllowanceDays.is_whole),
        col(AllowanceDays.paid_cents),
        col(AllowanceDays.receipts_cents),
        col(AllowanceDays.source),
        col(AllowanceDays.note),
    ).where(col(AllowanceDays.month) == month)
    if candidate_id is not None:
        wanted = wanted.where(col(AllowanceDays.candidate_id) == candidate_id)
    return {row[0]: DaysFacts(*row[1:]) for row in await session.execute(wanted)}


async def days_row(session: AsyncSession, month: date, candidate_id: UUID) -> AllowanceDays | None:
    found: AllowanceDays | None = await session.scalar(
        select(AllowanceDays).where(
            col(AllowanceDays.month) == month, col(AllowanceDays.candidate_id) == candidate_id
        )
    )
    return found


async def absences_in(
    session: AsyncSession, *, first: date, last: date, candidate_id: UUID | None = None
) -> dict[UUID, list[AbsenceFacts]]:
    """Absences that touch a month, by person."""
    wanted = select(col(Absence.candidate_id), col(Absence.start), col(Absence.end), col(Absence.kind)).where(
        col(Absence.start) <= last, col(Absence.end) >= first
    )
    if candidate_id is not None:
        wanted = wanted.where(col(Absence.candidate_id) == candidate_id)
    found: dict[UUID, list[AbsenceFacts]] = {}
    for person, start, end, kind in await session.execute(wanted):
        found.setdefault(person, []).append(AbsenceFacts(start=start, end=end, kind=kind))
    return found


async def absences_of(session: AsyncSession, actor: Actor, candidate_id: UUID) -> tuple[RecordedAbsence, ...]:
    """Every absence of one person within reach, the newest first."""
    rows = await session.scalars(
        select(Absence)
        .join(Candidate, col(Candidate.id) == col(Absence.candidate_id))
        .where(col(Absence.candidate_id) == candidate_id, candidates_within(actor))
        .order_by(col(Absence.start).desc(), col(Absence.id))
        .limit(200)
    )
    return tuple(RecordedAbsence.model_validate(row) for row in rows)


async def absence_row(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, absence_id: str | UUID
) -> Absence:
    row: Absence | None = await session.scalar(
        select(Absence)
        .join(Candidate, col(Candidate.id) == col(Absence.candidate_id))
        .where(
            col(Absence.id) == id_of(absence_id),
            col(Absence.candidate_id) == id_of(candidate_id),
            candidates_within(actor),
        )
    )
    if row is None:
        raise NotFound
    return row


async def settled_in_columns(session: AsyncSession, actor: Actor, month: date) -> Sequence[SettledRow]:
    """The newest standing of everybody's closed month, by name."""
    newest = (
        select(
            col(AllowanceStatement.candidate_id),
            sa.func.max(col(AllowanceStatement.position)).label("position"),
        )
        .where(col(AllowanceStatement.month) == month)
        .group_by(col(AllowanceStatement.candidate_id))
        .subquery()
    )
    rows = await session.execute(
        select(
            col(Candidate.id),
            col(Candidate.given_name),
            col(Candidate.family_name),
            col(Candidate.pseudonym),
            *(col(getattr(AllowanceStatement, name)) for name in SettledRow._fields[4:]),
        )
        .join(Candidate, col(Candidate.id) == col(AllowanceStatement.candidate_id))
        .join(
            newest,
            sa.and_(
                newest.c.candidate_id == col(AllowanceStatement.candidate_id),
                newest.c.position == col(AllowanceStatement.position),
            ),
        )
        .where(col(AllowanceStatement.month) == month, candidates_within(actor))
        .order_by(col(Candidate.folded_name), col(Candidate.id))
    )
    return [SettledRow(*row) for row in rows]


async def statements_of(
    session: AsyncSession, actor: Actor, candidate_id: UUID, month: date
) -> tuple[StatementFacts, ...]:
    """Every standing of one person's month, the first one first."""
    rows = await session.scalars(
        select(AllowanceStatement)
        .join(Candidate, col(Candidate.id) == col(AllowanceStatement.candidate_id))
        .where(
            col(AllowanceStatement.month) == month,
            col(AllowanceStatement.candidate_id) == candidate_id,
            candidates_within(actor),
        )
        .order_by(col(AllowanceStatement.position))
    )
    return tuple(StatementFacts.model_validate(row) for row in rows)


async def payslip_rows(session: AsyncSession, settled_in: date) -> Sequence[PayslipRow]:
    """All that goes on the payslips of a month: its own sums, then the corrections of earlier months."""
    rows = await session.execute(
        select(
            col(AllowanceStatement.number),
            col(AllowanceStatement.month),
            col(AllowanceStatement.position),
            col(AllowanceStatement.delta_exempt_cents),
            col(AllowanceStatement.delta_taxable_cents),
        )
        .join(Candidate, col(Candidate.id) == col(AllowanceStatement.candidate_id))
        .where(col(AllowanceStatement.settled_in) == settled_in)
        .order_by(
            col(AllowanceStatement.month).desc(),
            col(Candidate.folded_name),
            col(Candidate.id),
            col(AllowanceStatement.position),
        )
    )
    return [PayslipRow(*row) for row in rows]


async def number_row(session: AsyncSession, candidate_id: UUID) -> PayrollNumber | None:
    found: PayrollNumber | None = await session.scalar(
        select(PayrollNumber).where(col(PayrollNumber.candidate_id) == candidate_id)
    )
    return found


async def holder_of_number(session: AsyncSession, number: str) -> UUID | None:
    """Who carries a number already: as payroll number, or as the id that stands in for one."""
    found: UUID | None = await session.scalar(
        select(col(Candidate.id))
        .outerjoin(PayrollNumber, col(PayrollNumber.candidate_id) == col(Candidate.id))
        .where(sa.literal(number) == _NUMBER)
        .limit(1)
    )
    return found


async def file_row(session: AsyncSession, file_id: str | UUID) -> AllowanceFile:
    row = await session.get(AllowanceFile, id_of(file_id))
    if row is None:
        raise NotFound
    return row


async def file_facts(session: AsyncSession, file_id: str | UUID) -> FileFacts:
    return FileFacts.model_validate(await file_row(session, file_id))


async def file_lines(session: AsyncSession, file_id: UUID) -> Sequence[FileLineFacts]:
    rows = await session.execute(
        select(
            col(AllowanceFileLine.candidate_id),
            col(AllowanceFileLine.days),
            col(AllowanceFileLine.is_whole),
            col(AllowanceFileLine.paid_cents),
            col(AllowanceFileLine.receipts_cents),
        ).where(col(AllowanceFileLine.file_id) == file_id)
    )
    return [FileLineFacts(*row) for row in rows]


async def payroll_columns(session: AsyncSession) -> ColumnsFacts | None:
    """The map that counts, or None while nobody sent one."""
    found = (
        await session.execute(
            select(PayrollColumns, col(Staff.name))
            .outerjoin(Staff, col(Staff.id) == col(PayrollColumns.staff_id))
            .order_by(col(PayrollColumns.sent_at).desc(), col(PayrollColumns.id))
            .limit(1)
        )
    ).first()
    if found is None:
        return None
    row, name = found
    return ColumnsFacts.model_validate(row).model_copy(update={"sent_by_name": name or ""})


class KeptStanding(NamedTuple):
    """One standing with what it was reckoned from, for whoever reckons it again."""

    id: UUID
    month: date
    mode: AllowanceMode
    agreement: AgreementKind
    weekly_days: int
    days: int | None
    is_whole: bool
    receipts_cents: int
    ceiling_cents: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int


async def kept_standings(session: AsyncSession) -> Sequence[KeptStanding]:
    """Every standing of every closed month, month by month."""
    rows = await session.execute(
        select(*(col(getattr(AllowanceStatement, name)) for name in KeptStanding._fields)).order_by(
            col(AllowanceStatement.month), col(AllowanceStatement.id)
        )
    )
    return [KeptStanding(*row) for row in rows]


async def differences_that_do_not_add_up(session: AsyncSession) -> list[str]:
    """Months of a person whose differences are not, together, what stands last: month and person."""
    last = (
        select(
            col(AllowanceStatement.month).label("month"),
            col(AllowanceStatement.candidate_id).label("candidate_id"),
            sa.func.max(col(AllowanceStatement.position)).label("position"),
            sa.func.sum(col(AllowanceStatement.delta_exempt_cents)).label("exempt"),
            sa.func.sum(col(AllowanceStatement.delta_taxable_cents)).label("taxable"),
        )
        .group_by(col(AllowanceStatement.month), col(AllowanceStatement.candidate_id))
        .subquery()
    )
    rows = await session.execute(
        select(last.c.month, last.c.candidate_id)
        .join(
            AllowanceStatement,
            sa.and_(
                col(AllowanceStatement.month) == last.c.month,
                col(AllowanceStatement.candidate_id) == last.c.candidate_id,
                col(AllowanceStatement.position) == last.c.position,
            ),
        )
        .where(
            sa.or_(
                last.c.exempt != col(AllowanceStatement.exempt_cents),
                last.c.taxable != col(AllowanceStatement.taxable_cents),
            )
        )
    )
    return [f"{month:%Y-%m} {candidate_id}" for month, candidate_id in rows]
