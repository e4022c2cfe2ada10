"""What people record of a month: days really worked, absences, payroll numbers; and corrections of a closed month."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from documents.allowance_corrections import correct
from documents.allowance_days import AbsenceKind, agreed_pay
from documents.allowance_months import UNKNOWN
from documents.allowances import (
    AllowanceMode,
    AllowanceRefused,
    AllowanceStatement,
    MonthWorked,
    days_in,
    statement,
)
from documents.law import Law
from documents.payroll_lines import FORMULA
from service.flows.allowances import allowances as months
from service.flows.allowances.allowances import MonthBook
from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import Conflict, Fault, Forbidden, InBoth, NotFound, RuleBroken
from service.runtime.vocabulary import DaysSource
from service.store import audit, reach
from service.store.allowances import allowances as store
from service.store.allowances.allowances import StatementFacts
from service.tables.allowances import Absence, AllowanceDays, PayrollNumber
from service.tables.allowances import AllowanceStatement as StatementRow

LONGEST_ABSENCE_DAYS = 3 * 366
MOST_CENTS = 100_000_000
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class SaidDays:
    """What somebody says of one person's month; None where contract and schedule say it."""

    days: int
    is_whole: bool | None = None
    paid_cents: int | None = None
    receipts_cents: int = 0


async def record_days(
    session: AsyncSession,
    actor: Actor,
    month: date,
    candidate_id: str | UUID,
    said: SaidDays,
    *,
    law: Law,
    note: str = "",
    source: DaysSource = DaysSource.ENTERED,
    now: datetime,
) -> None:
    """Days of an open month; said again, the later word counts. Conflict when the month is closed."""
    person = await reach.candidate_row(session, actor, candidate_id)
    check_days(month, said)
    if (await store.month_facts(session, month)).is_closed:
        raise Conflict(
            "This month is closed; correct it, the difference goes on a later payslip.", code="month-closed"
        )
    book = await months.book_of(session, actor, month, law=law, candidate_id=person.id)
    if not len(book):
        raise RuleBroken(
            "Nobody can work from home without a contract that gives home days.", code="no-home-days"
        )
    row = await store.days_row(session, month, person.id)
    if row is None:
        row = AllowanceDays(
            month=month, candidate_id=person.id, days=said.days, source=source, recorded_at=now
        )
        session.add(row)
    row.days, row.is_whole, row.paid_cents = said.days, said.is_whole, said.paid_cents
    row.receipts_cents, row.source, row.note = said.receipts_cents, source, note[:500]
    row.staff_id, row.recorded_at = actor.staff_id, now
    audit.record(
        session, actor, action="allowance_days.record", subject=("candidate", person.id), now=now,
        detail={"month": f"{month:%Y-%m}", "days": said.days, "source": source.value},
    )  # fmt: skip
    await session.flush()


async def forget_days(
    session: AsyncSession, actor: Actor, month: date, candidate_id: str | UUID, *, now: datetime
) -> None:
    """Go back to what the schedule says of an open month."""
    person = await reach.candidate_row(session, actor, candidate_id)
    if (await store.month_facts(session, month)).is_closed:
        raise Conflict(
            "This month is closed; correct it, the difference goes on a later payslip.", code="month-closed"
        )
    row = await store.days_row(session, month, person.id)
    if row is not None:
        await session.delete(row)
        audit.record(
            session, actor, action="allowance_days.forget", subject=("candidate", person.id), now=now,
            detail={"month": f"{month:%Y-%m}"},
        )  # fmt: skip
    await session.flush()


def check_days(month: date, said: SaidDays) -> None:
    """RuleBroken for more days than the month has, or a sum below nothing."""
    most = days_in(month)
    faults = []
    if not 0 <= said.days <= most:
        faults.append(Fault("/days", "range", "From 0 to %(most)s days in this month.", {"most": most}))
    for name, cents in (("paid_cents", said.paid_cents), ("receipts_cents", said.receipts_cents)):
        if cents is not None and not 0 <= cents <= MOST_CENTS:
            faults.append(
                Fault(f"/{name}", "range", "A sum is never below nothing, nor above a million euros.")
            )
    if faults:
        raise RuleBroken("These days do not fit; see errors.", faults=faults)


async def correct_month(
    session: AsyncSession,
    actor: Actor,
    month: date,
    candidate_id: str | UUID,
    said: SaidDays,
    *,
    reason: str,
    law: Law,
    source: DaysSource = DaysSource.ENTERED,
    now: datetime,
) -> StatementFacts:
    """Put a closed month right, by the law of that month: the difference goes on the first open month's payslip.

    RuleBroken when nothing changes. Said in another order, corrections still add up to the last one.
    """
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    person = await reach.candidate_row(session, actor, candidate_id)
    check_days(month, said)
    facts = await store.month_facts(session, month)
    if not facts.is_closed:
        raise Conflict("This month is open: enter its days, there is nothing to correct.", code="month-open")
    kept = await store.statements_of(session, actor, person.id, month)
    now_due = await months.open_book(session, actor, facts, law=law, candidate_id=person.id)
    if not kept and not len(now_due):
        raise NotFound
    row = _corrected(kept, now_due, said, law=law, month=month)
    row.settled_in = await store.first_open_after(session, month)
    row.candidate_id, row.staff_id, row.made_at = person.id, actor.staff_id, now
    row.source, row.reason = source, reason
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="allowance_month.correct", subject=("candidate", person.id), now=now,
        detail={"month": f"{month:%Y-%m}", "settled_in": f"{row.settled_in:%Y-%m}", "statement": str(row.id)},
    )  # fmt: skip
    return StatementFacts.model_validate(row)


def _corrected(
    kept: tuple[StatementFacts, ...],
    book: MonthBook,
    said: SaidDays,
    *,
    law: Law,
    month: date,
) -> StatementRow:
    """The row that follows what is kept; contract and rate are those of the last standing where there is one."""
    last = kept[-1] if kept else None
    mode = last.mode if last else book.mode(0)
    agreement = last.agreement if last else book.agreement
    weekly = last.weekly_days if last else int(book.held.weekly_days[0])
    was_whole = last.is_whole if last else bool(book.held.is_whole[0])
    worked = MonthWorked(
        month=month, weekly_days=weekly, days=said.days,
        is_whole=was_whole if said.is_whole is None else said.is_whole,
    )  # fmt: skip
    paid = said.paid_cents
    if paid is None and len(book) and book.rates[0] != UNKNOWN:
        rate, planned = int(book.rates[0]), int(book.planned[0])
        paid = agreed_pay(worked, mode=mode, rate_cents=rate, planned=planned)
    due = _stated(law, worked, mode, agreement, paid_cents=paid, receipts_cents=said.receipts_cents)
    before = _before(law, last, due)
    made = correct(before, due, settled_in=store.next_month(month))
    if isinstance(made, AllowanceRefused):
        raise RuleBroken(InBoth(made.detail, made.detail))
    if last is not None and not (made.paid_cents or made.exempt_cents or made.taxable_cents):
        raise RuleBroken(
            "Nothing changes: these days give the sums that were settled.", code="nothing-changes"
        )
    return StatementRow(
        month=month, settled_in=month, position=last.position + 1 if last else 0, candidate_id=NOBODY,
        number=last.number if last else book.numbers[0], mode=mode, agreement=agreement, weekly_days=weekly,
        days=said.days, is_whole=worked.is_whole, source=DaysSource.ENTERED, receipts_cents=said.receipts_cents,
        ceiling_cents=due.ceiling.ceiling_cents, paid_cents=due.paid_cents, exempt_cents=due.exempt_cents,
        taxable_cents=due.taxable_cents, delta_paid_cents=made.paid_cents, delta_exempt_cents=made.exempt_cents,
        delta_taxable_cents=made.taxable_cents, law_edition=months.law_edition(law, month, agreement),
        made_at=datetime.min.replace(tzinfo=UTC),
    )  # fmt: skip


def _stated(
    law: Law, worked: MonthWorked, mode: AllowanceMode, agreement: object, **sums: int | None
) -> AllowanceStatement:
    made = statement(law, worked, mode=mode, agreement=agreement, **sums)  # type: ignore[arg-type]
    if isinstance(made, AllowanceRefused):
        raise RuleBroken(InBoth(made.detail, made.detail))
    return made


def _before(law: Law, last: StatementFacts | None, due: AllowanceStatement) -> AllowanceStatement:
    """The standing that the difference starts from, with the sums that were really settled."""
    if last is None:
        return due.model_copy(update={"paid_cents": 0, "exempt_cents": 0, "taxable_cents": 0})
    return due.model_copy(
        update={
            "paid_cents": last.paid_cents,
            "exempt_cents": last.exempt_cents,
            "taxable_cents": last.taxable_cents,
        }
    )


async def add_absence(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    *,
    start: date,
    end: date,
    kind: AbsenceKind,
    now: datetime,
) -> UUID:
    """Days on which somebody did not work, both ends included; months that are closed keep their sums."""
    person = await reach.candidate_row(session, actor, candidate_id)
    faults = []
    if end < start:
        faults.append(Fault("/end", "before-start", "The last day comes before the first."))
    elif (end - start).days > LONGEST_ABSENCE_DAYS:
        faults.append(Fault("/end", "range", "An absence lasts three years at most."))
    if not months.FIRST_YEAR <= start.year <= months.LAST_YEAR:
        faults.append(Fault("/start", "range", "Choose a day since 2020."))
    if faults:
        raise RuleBroken("This absence does not fit; see errors.", faults=faults)
    row = Absence(
        candidate_id=person.id, start=start, end=end, kind=kind, staff_id=actor.staff_id, recorded_at=now
    )
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="absence.add", subject=("candidate", person.id), now=now,
        detail={"absence": str(row.id), "start": start.isoformat(), "end": end.isoformat()},
    )  # fmt: skip
    return row.id


async def remove_absence(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, absence_id: str | UUID, *, now: datetime
) -> None:
    """Take back an absence that was noted by mistake."""
    row = await store.absence_row(session, actor, candidate_id, absence_id)
    audit.record(
        session, actor, action="absence.remove", subject=("candidate", row.candidate_id), now=now,
        detail={"absence": str(row.id), "start": row.start.isoformat(), "end": row.end.isoformat()},
    )  # fmt: skip
    await session.delete(row)
    await session.flush()


async def give_number(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, number: str, *, now: datetime
) -> None:
    """The number by which payroll knows somebody; Conflict when another person carries it."""
    person = await reach.candidate_row(session, actor, candidate_id)
    number = number.strip()
    if (
        not number
        or len(number) > 64
        or not number.isprintable()
        or number.startswith(FORMULA)
        or ";" in number
    ):
        raise RuleBroken(
            "This payroll number does not fit; see errors.",
            faults=[
                Fault("/number", "invalid", "1 to 64 letters and digits; no semicolon, no sign in front.")
            ],
        )
    holder = await store.holder_of_number(session, number)
    if holder not in (None, person.id):
        raise Conflict("Somebody else carries this payroll number.", code="number-taken")
    row = await store.number_row(session, person.id)
    if row is None:
        row = PayrollNumber(candidate_id=person.id, number=number, recorded_at=now)
        session.add(row)
    row.number, row.staff_id, row.recorded_at = number, actor.staff_id, now
    audit.record(session, actor, action="payroll_number.give", subject=("candidate", person.id), now=now)
    await session.flush()
