"""A month of telework allowance: everybody with home days, their days, what is exempt and taxable, closed by a person.

Everybody's month is reckoned in columns (`documents.allowance_months`); only who stands on a page is said in words.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from documents.allowance_days import Absence, HomeRhythm, month_of_schedule, planned_days
from documents.allowance_months import UNKNOWN, MonthSplit, PeopleMonth, Whole, split_month
from documents.allowance_schedules import MOST_WEEKLY_DAYS, OPEN, Contracts, days_of_contracts
from documents.allowances import (
    RAISING,
    AgreementKind,
    AllowanceMode,
    AllowanceRefused,
    AllowanceStatement,
    MonthWorked,
    ceiling,
    days_in,
    row_in_force,
    statement,
)
from documents.facts import Weekday
from documents.law import Law
from documents.rates import NoFigure, Unconfirmed
from service.flows.training_days import holidays
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.errors import Conflict, Fault, Forbidden, InBoth, NotFound, RuleBroken
from service.runtime.ids import new_id
from service.runtime.vocabulary import AllowanceMonthState, DaysSource
from service.store import audit
from service.store.allowances import allowances as store
from service.store.allowances.allowances import ContractRow, DaysFacts, KeptStanding, MonthFacts, SettledRow
from service.tables.allowances import AllowanceMonth
from service.tables.allowances import AllowanceStatement as StatementRow

FIRST_YEAR, LAST_YEAR = 2020, 2099
MODES = tuple(AllowanceMode)
AGREEMENTS = tuple(AgreementKind)
SHOWN_FAULTS = 50
_WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True)
class MonthBook:
    """Everybody's month in columns, one place a person, by name; a closed month holds what stands of it now.

    `rates` are the contracts' own, UNKNOWN where the ceiling is paid; `planned` the home days of a whole month.
    """

    facts: MonthFacts
    agreement: AgreementKind
    candidate_ids: tuple[UUID, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    sources: tuple[DaysSource, ...]
    notes: Mapping[int, str]
    corrected: frozenset[int]
    held: PeopleMonth
    split: MonthSplit
    rates: Whole
    planned: Whole
    doubts: tuple[Unconfirmed, ...] = ()

    @property
    def month(self) -> date:
        return self.facts.month

    def __len__(self) -> int:
        return len(self.candidate_ids)

    def mode(self, place: int) -> AllowanceMode:
        return AllowanceMode.PER_DAY if self.held.is_per_day[place] else AllowanceMode.MONTHLY

    def worked(self, place: int) -> MonthWorked:
        days = int(self.held.days[place])
        return MonthWorked(
            month=self.month,
            weekly_days=int(self.held.weekly_days[place]),
            days=None if days == UNKNOWN else days,
            is_whole=bool(self.held.is_whole[place]),
        )

    def in_words(self, law: Law, place: int) -> AllowanceStatement | AllowanceRefused:
        """One person's month line by line; to the cent what the columns hold."""
        return statement(
            law, self.worked(place), mode=self.mode(place), agreement=self.agreement,
            paid_cents=None if self.is_refused(place) else int(self.split.paid_cents[place]),
            receipts_cents=int(self.held.receipts_cents[place]),
        )  # fmt: skip

    def is_refused(self, place: int) -> bool:
        return bool(self.split.refusal[place])

    @property
    def sums(self) -> dict[str, int]:
        return {
            "people": len(self),
            "paid_cents": int(self.split.paid_cents.sum()),
            "exempt_cents": int(self.split.exempt_cents.sum()),
            "taxable_cents": int(self.split.taxable_cents.sum()),
        }


def month_of(text: str) -> date:
    """The first day of a month that a path names as `2026-03`; NotFound for anything else.

    >>> month_of("2026-03")
    datetime.date(2026, 3, 1)
    """
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text, re.ASCII)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise NotFound
    return date(int(found[1]), int(found[2]), 1)


def last_day(month: date) -> date:
    return month.replace(day=days_in(month))


async def book_of(
    session: AsyncSession, actor: Actor, month: date, *, law: Law, candidate_id: UUID | None = None
) -> MonthBook:
    """The month of everybody within reach (or of one person): as settled when it is closed, else as it stands now."""
    facts = await store.month_facts(session, month)
    if facts.is_closed:
        rows = await store.settled_in_columns(session, actor, month)
        wanted = [row for row in rows if candidate_id is None or row.candidate_id == candidate_id]
        return _closed_book(facts, wanted)
    return await open_book(session, actor, facts, law=law, candidate_id=candidate_id)


async def open_book(
    session: AsyncSession, actor: Actor, facts: MonthFacts, *, law: Law, candidate_id: UUID | None = None
) -> MonthBook:
    """The month as contracts, absences and recorded days make it now, whether or not it was closed before."""
    month = facts.month
    found = await store.contracts_in(
        session, actor, first=month, last=last_day(month), candidate_id=candidate_id
    )
    rows = [row for row in found if mask_of(row.home_days)]
    recorded = await store.days_of_month(session, month, candidate_id=candidate_id)
    absences = await store.absences_in(session, first=month, last=last_day(month), candidate_id=candidate_id)
    agreement = await store.employer_basis(session)
    return _reckon(facts, rows, recorded, absences, agreement=agreement, law=law)


def _reckon(
    facts: MonthFacts,
    rows: Sequence[ContractRow],
    recorded: Mapping[UUID, DaysFacts],
    absences: Mapping[UUID, list[Absence]],
    *,
    agreement: AgreementKind,
    law: Law,
) -> MonthBook:
    month = facts.month
    closed = holidays(month.year)
    groups = [list(group) for _, group in groupby(rows, key=attrgetter("candidate_id"))]
    people = [group[-1] for group in groups]
    contracts = _contracts(people)
    scheduled = days_of_contracts(month, contracts, closed=closed)
    days, weekly = scheduled.days.copy(), scheduled.weekly_days.copy()
    is_whole, planned = scheduled.is_whole.copy(), _planned(month, contracts, closed)
    for place, group in enumerate(groups):
        away = absences.get(group[0].candidate_id, ()) if absences else ()
        if len(group) > 1 or away:
            rhythms = _rhythms(group)
            one = _one_schedule(month, rhythms, away, closed)
            days[place], weekly[place], is_whole[place] = one.days or 0, one.weekly_days, one.is_whole
            if len(group) > 1:
                planned[place] = planned_days(month, rhythms, closed=closed)
    paid, receipts = np.full(len(people), UNKNOWN), np.zeros(len(people), dtype=np.int64)
    sources, notes = [DaysSource.SCHEDULE] * len(people), {}
    for place, person in enumerate(people if recorded else ()):
        if (said := recorded.get(person.candidate_id)) is not None:
            days[place] = said.days
            is_whole[place] = is_whole[place] if said.is_whole is None else said.is_whole
            paid[place] = UNKNOWN if said.paid_cents is None else said.paid_cents
            receipts[place], sources[place] = said.receipts_cents, said.source
            if said.note:
                notes[place] = said.note
    held = PeopleMonth(
        month=month,
        is_per_day=np.array([row.mode == AllowanceMode.PER_DAY for row in people], dtype=np.bool_),
        is_raised=np.full(len(people), agreement in RAISING),
        is_whole=is_whole,
        weekly_days=weekly,
        days=days,
        paid_cents=paid.astype(np.int64),
        receipts_cents=receipts,
    )
    rates = np.array(
        [UNKNOWN if row.rate_cents is None else row.rate_cents for row in people], dtype=np.int64
    )
    held = replace(held, paid_cents=_paid(held, rates, planned))
    return MonthBook(
        facts=facts,
        agreement=agreement,
        candidate_ids=tuple(row.candidate_id for row in people),
        names=tuple(name_of(row) for row in people),
        numbers=tuple(row.number for row in people),
        sources=tuple(sources),
        notes=notes,
        corrected=frozenset(),
        held=held,
        split=split_month(law, held),
        rates=rates,
        planned=planned,
        doubts=_doubts(law, held, agreement),
    )


def name_of(row: ContractRow | SettledRow) -> str:
    return f"{row.given_name} {row.family_name}".strip() or row.pseudonym


def _contracts(people: Sequence[ContractRow]) -> Contracts:
    ends = [date.fromisoformat(row.end).toordinal() if row.end else OPEN for row in people]
    return Contracts(
        home_days=np.array([mask_of(row.home_days) for row in people], dtype=np.int64),
        starts=np.array([row.start.toordinal() for row in people], dtype=np.int64),
        ends=np.array(ends, dtype=np.int64),
    )


@cache
def mask_of(home_days: str) -> int:
    """Weekdays of a contract as bits, Monday first.

    >>> mask_of('["monday", "friday"]')
    17
    """
    return sum(1 << _WEEKDAYS.index(Weekday(day)) for day in set(json.loads(home_days or "[]")))


def _planned(month: date, held: Contracts, closed: Iterable[date]) -> Whole:
    """Home days that a whole month of each contract would give."""
    first = np.full_like(held.starts, month.toordinal())
    whole = replace(held, starts=first, ends=np.full_like(held.ends, OPEN))
    return days_of_contracts(month, whole, closed=closed).days.copy()


def _rhythms(group: Sequence[ContractRow]) -> list[HomeRhythm]:
    """The contracts of one person in order; where two overlap, the later one counts."""
    rhythms: list[HomeRhythm] = []
    for row in group:
        end = date.fromisoformat(row.end) if row.end else None
        weekdays = tuple(day for day in range(7) if mask_of(row.home_days) >> day & 1)[:MOST_WEEKLY_DAYS]
        if rhythms and (rhythms[-1].end is None or rhythms[-1].end >= row.start):
            until = date.fromordinal(row.start.toordinal() - 1)
            rhythms[-1] = rhythms[-1].model_copy(update={"end": until})
            if until < rhythms[-1].start:
                rhythms.pop()
        rhythms.append(HomeRhythm(start=row.start, end=end, weekdays=weekdays))
    return rhythms


def _one_schedule(
    month: date, rhythms: Sequence[HomeRhythm], away: Sequence[Absence], closed: Iterable[date]
) -> MonthWorked:
    """Somebody who changed contract in the month or was away."""
    one = month_of_schedule(month, rhythms, absences=away, closed=closed)
    if isinstance(one, AllowanceRefused):
        return MonthWorked(month=month, days=0, is_whole=False)
    return one


def _paid(held: PeopleMonth, rates: Whole, planned: Whole) -> Whole:
    """What is paid where the contract names a rate, as `allowance_days.agreed_pay` says of one; else UNKNOWN."""
    whole = rates * held.weekly_days
    worked, divisor = np.minimum(held.days, planned), np.maximum(planned, 1)
    part = (2 * whole * worked + divisor) // (2 * divisor)
    agreed = np.where(held.is_per_day, rates * held.days, np.where(held.is_whole, whole, part))
    return np.where(held.paid_cents != UNKNOWN, held.paid_cents, np.where(rates == UNKNOWN, UNKNOWN, agreed))


def _doubts(law: Law, held: PeopleMonth, agreement: AgreementKind) -> tuple[Unconfirmed, ...]:
    """Figures of the month that a named person must confirm before it is closed."""
    found: dict[str, Unconfirmed] = {}
    asked = MonthWorked(month=held.month, weekly_days=1, days=1)
    for mode, is_used in (
        (AllowanceMode.PER_DAY, (held.is_per_day | ~held.is_whole).any()),
        (AllowanceMode.MONTHLY, (~held.is_per_day).any()),
    ):
        made = ceiling(law, asked, mode=mode, agreement=agreement) if is_used else None
        if made is not None and not isinstance(made, AllowanceRefused):
            found |= {f"{one.figure} {one.amount_cents}": one for one in made.unconfirmed}
    return tuple(found.values())


def _closed_book(facts: MonthFacts, rows: Sequence[SettledRow]) -> MonthBook:
    def whole(values: list[int]) -> Any:
        return np.array(values, dtype=np.int64)

    agreement = rows[0].agreement if rows else AgreementKind.NONE
    return MonthBook(
        facts=facts,
        agreement=agreement,
        candidate_ids=tuple(row.candidate_id for row in rows),
        names=tuple(name_of(row) for row in rows),
        numbers=tuple(row.number for row in rows),
        sources=tuple(row.source for row in rows),
        notes={},
        corrected=frozenset(place for place, row in enumerate(rows) if row.position),
        held=PeopleMonth(
            month=facts.month,
            is_per_day=np.array([row.mode is AllowanceMode.PER_DAY for row in rows], dtype=np.bool_),
            is_raised=np.array([row.agreement in RAISING for row in rows], dtype=np.bool_),
            is_whole=np.array([row.is_whole for row in rows], dtype=np.bool_),
            weekly_days=whole([row.weekly_days for row in rows]),
            days=whole([UNKNOWN if row.days is None else row.days for row in rows]),
            paid_cents=whole([row.paid_cents for row in rows]),
            receipts_cents=whole([row.receipts_cents for row in rows]),
        ),
        split=MonthSplit(
            ceiling_cents=whole([row.ceiling_cents for row in rows]),
            paid_cents=whole([row.paid_cents for row in rows]),
            exempt_cents=whole([row.exempt_cents for row in rows]),
            taxable_cents=whole([row.taxable_cents for row in rows]),
            refusal=np.zeros(len(rows), dtype=np.int8),
            details=("",),
        ),
        rates=np.full(len(rows), UNKNOWN),
        planned=np.zeros(len(rows), dtype=np.int64),
    )


def law_edition(law: Law, month: date, agreement: AgreementKind) -> str:
    """The figures a month rests on, as its statements name them."""
    row = row_in_force(law, month, agreement)
    return "" if isinstance(row, NoFigure) else f"telework-allowance/{row.scale}/{row.valid_from.isoformat()}"


async def close_month(
    session: AsyncSession, actor: Actor, month: date, *, law: Law, text_read: str, now: datetime
) -> MonthBook:
    """Settle everybody's month: its statements are kept, and what changes later is a difference on a later payslip.

    `text_read` says which official text confirms the figures that are in doubt; RuleBroken asks for it.
    """
    check_may_settle(actor)
    facts = await store.month_facts(session, month)
    if facts.is_closed:
        raise Conflict("This month is closed already.", code="month-closed")
    if month > civil_date(now):
        raise RuleBroken("This month has not begun; it cannot be closed yet.", code="month-to-come")
    book = await open_book(session, actor, facts, law=law)
    _refuse_unfit(book, text_read=text_read)
    edition = law_edition(law, month, book.agreement)
    row = AllowanceMonth(
        month=month,
        state=AllowanceMonthState.CLOSED,
        editions={"telework-allowance": edition},
        figures=book.sums,
        confirmations=[
            {
                "figure": one.figure, "amount_cents": one.amount_cents, "confirmed_by": actor.name,
                "confirmed_on": civil_date(now).isoformat(), "text_read": text_read,
            }
            for one in book.doubts
        ],
        closed_by=actor.staff_id,
        closed_at=now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    if len(book):
        await session.execute(insert(StatementRow), _statement_rows(book, actor, edition=edition, now=now))
    audit.record(
        session, actor, action="allowance_month.close", subject=("allowance_month", row.id), now=now,
        detail={"month": f"{month:%Y-%m}", **book.sums},
    )  # fmt: skip
    await session.flush()
    return replace(book, facts=await store.month_facts(session, month))


def _refuse_unfit(book: MonthBook, *, text_read: str) -> None:
    faults = [
        Fault(book.numbers[place], "refused", InBoth(detail, detail))
        for place in np.flatnonzero(book.split.refusal)[:SHOWN_FAULTS].tolist()
        for detail in (book.split.details[book.split.refusal[place]],)
    ]
    twins = sorted(number for number, times in Counter(book.numbers).items() if times > 1)
    faults += [
        Fault(number, "twin", "Two people carry this payroll number.") for number in twins[:SHOWN_FAULTS]
    ]
    if book.doubts and not text_read.strip():
        faults.append(
            Fault("/text_read", "missing", "Say which official text you read for the figures in doubt.")
        )
    if faults:
        raise RuleBroken("This month cannot be closed yet; see errors.", code="month-unfit", faults=faults)


def _statement_rows(book: MonthBook, actor: Actor, *, edition: str, now: datetime) -> list[dict[str, Any]]:
    held, split = book.held, book.split
    columns = zip(
        book.candidate_ids, book.numbers, book.sources, held.is_per_day.tolist(), held.weekly_days.tolist(),
        held.days.tolist(), held.is_whole.tolist(), held.receipts_cents.tolist(), split.ceiling_cents.tolist(),
        split.paid_cents.tolist(), split.exempt_cents.tolist(), split.taxable_cents.tolist(), strict=True,
    )  # fmt: skip
    shared = {
        "month": book.month, "settled_in": book.month, "position": 0, "agreement": book.agreement,
        "law_edition": edition, "reason": "", "staff_id": actor.staff_id, "made_at": now,
    }  # fmt: skip
    return [
        {
            **shared, "id": new_id(), "candidate_id": candidate_id, "number": number, "source": source,
            "mode": AllowanceMode.PER_DAY if is_per_day else AllowanceMode.MONTHLY, "weekly_days": weekly,
            "days": None if days == UNKNOWN else days, "is_whole": is_whole, "receipts_cents": receipts,
            "ceiling_cents": most, "paid_cents": paid, "exempt_cents": exempt, "taxable_cents": taxable,
            "delta_paid_cents": paid, "delta_exempt_cents": exempt, "delta_taxable_cents": taxable,
        }
        for candidate_id, number, source, is_per_day, weekly, days, is_whole, receipts, most, paid, exempt, taxable
        in columns
    ]  # fmt: skip


def standings_reckoned_otherwise(law: Law, kept: Sequence[KeptStanding]) -> list[str]:
    """Ids of standings that days and figures of law do not give again to the cent; `kept` comes month by month."""
    broken: list[str] = []
    for month, group in groupby(kept, key=lambda one: one.month):
        rows = list(group)
        split = split_month(
            law,
            PeopleMonth(
                month=month,
                is_per_day=np.array([one.mode is AllowanceMode.PER_DAY for one in rows], dtype=np.bool_),
                is_raised=np.array([one.agreement in RAISING for one in rows], dtype=np.bool_),
                is_whole=np.array([one.is_whole for one in rows], dtype=np.bool_),
                weekly_days=np.array([one.weekly_days for one in rows], dtype=np.int64),
                days=np.array([UNKNOWN if one.days is None else one.days for one in rows], dtype=np.int64),
                paid_cents=np.array([one.paid_cents for one in rows], dtype=np.int64),
                receipts_cents=np.array([one.receipts_cents for one in rows], dtype=np.int64),
            ),
        )
        found = zip(
            rows, split.ceiling_cents.tolist(), split.exempt_cents.tolist(), split.taxable_cents.tolist(), strict=True
        )  # fmt: skip
        broken += [
            str(one.id)
            for one, *sums in found
            if sums != [one.ceiling_cents, one.exempt_cents, one.taxable_cents]
        ]
    return broken


def check_may_settle(actor: Actor) -> None:
    """A whole month is settled by a person who reaches everybody: a part of it would look like all of it."""
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    if not actor.sees_all_programmes:
        raise Forbidden("Only somebody who reaches every programme settles a month for everybody.")
