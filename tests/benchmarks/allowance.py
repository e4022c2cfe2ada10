"""A month of telework allowance for many people: columns beside the loop over the single statement."""

import json
import random
from datetime import date
from uuid import UUID

from documents.allowance_days import Absence, AbsenceKind, HomeRhythm, month_of_schedule
from documents.allowance_months import PersonMonth, in_columns, split_month
from documents.allowances import AgreementKind, AllowanceMode, AllowanceStatement, MonthWorked, statement
from documents.facts import Weekday
from documents.law import Law
from service.flows.allowances.allowances import MonthBook, _reckon
from service.flows.training_days import holidays
from service.runtime.editions import load_law
from service.store.allowances.allowances import ContractRow, MonthFacts
from tests.benchmarks.measuring import Measure, interleaved

PEOPLE, TURNS, SEED, MONTH = 10_000, 5, 20_260_301, date(2026, 3, 1)
LOOP = "a loop over statement()"


def measure() -> list[Measure]:
    """Checked equal to the cent before anything is timed; with columns ready, and from one object a person."""
    law, people = load_law(), crowd(PEOPLE)
    columns = in_columns(people, month=MONTH)
    check(law, people)
    columns_s, objects_s, loop_s = interleaved(
        lambda: split_month(law, columns),
        lambda: split_month(law, in_columns(people, month=MONTH)),
        lambda: _loop(law, people),
        turns=TURNS,
    )
    what = f"a month of allowance, {PEOPLE:,} people"
    return [
        Measure("allowance", f"{what}, columns", columns_s, LOOP, loop_s, TURNS,
                "equal to the cent; the loop also writes lines and reasons"),
        Measure("allowance", f"{what}, columns made from objects too", objects_s, LOOP, loop_s, TURNS),
        _from_contracts(law),
    ]  # fmt: skip


def _from_contracts(law: Law) -> Measure:
    """What the product does: rows of contracts as the base gives them, to everybody's month."""
    rows, absences = contracts(PEOPLE)
    book, looped = _book(law, rows, absences), _scheduled(law, rows, absences)
    sums = (book.split.ceiling_cents.tolist(), book.split.exempt_cents.tolist())
    told = [(one.ceiling.ceiling_cents, one.exempt_cents) for one in looped]
    assert told == list(zip(*sums, strict=True)), "the book must give the cents of the loop"
    book_s, loop_s = interleaved(
        lambda: _book(law, rows, absences), lambda: _scheduled(law, rows, absences), turns=3
    )
    return Measure(
        "allowance", f"the same from {PEOPLE:,} rows of contracts, absences apart", book_s,
        "a loop over month_of_schedule() and statement()", loop_s, 3,
        "equal to the cent; 1 in 50 was away and is reckoned alone; ours gives names and sums besides",
    )  # fmt: skip


def contracts(size: int) -> tuple[list[ContractRow], dict[UUID, list[Absence]]]:
    """Made-up rows: every week of home days, some begun or ended in the month, 1 in 50 away for some days."""
    draw = random.Random(SEED)
    weeks = [[day.value for day in Weekday if day is not left] for left in Weekday]
    weeks += [[day.value for day in list(Weekday)[:count]] for count in range(1, 6)]
    texts = [json.dumps(week) for week in weeks]
    rows = [
        ContractRow(
            UUID(int=place + 1), "Prénom", f"Nom {place}", "", f"{place:05}",
            MONTH.replace(day=draw.randrange(2, 28)) if draw.random() < 0.05 else date(2024, 1, 8),
            MONTH.replace(day=28).isoformat() if draw.random() < 0.03 else None,
            draw.choice(texts), draw.choice(list(AllowanceMode)).value, None,
        )
        for place in range(size)
    ]  # fmt: skip
    away = Absence(start=MONTH.replace(day=9), end=MONTH.replace(day=13), kind=AbsenceKind.LEAVE)
    return rows, {row.candidate_id: [away] for row in rows if draw.random() < 0.02}


def _book(law: Law, rows: list[ContractRow], absences: dict[UUID, list[Absence]]) -> MonthBook:
    facts = MonthFacts(month=MONTH)
    return _reckon(facts, rows, {}, absences, agreement=AgreementKind.NONE, law=law)


def _scheduled(
    law: Law, rows: list[ContractRow], absences: dict[UUID, list[Absence]]
) -> list[AllowanceStatement]:
    """Person by person, with the functions that a single month is made with."""
    weekdays, closed, made = list(Weekday), holidays(MONTH.year), []
    for row in rows:
        held = tuple(weekdays.index(Weekday(day)) for day in json.loads(row.home_days))
        end = date.fromisoformat(row.end) if row.end else None
        rhythm = HomeRhythm(start=row.start, end=end, weekdays=held)
        worked = month_of_schedule(
            MONTH, [rhythm], absences=absences.get(row.candidate_id, ()), closed=closed
        )
        assert isinstance(worked, MonthWorked)
        one = statement(law, worked, mode=AllowanceMode(row.mode), agreement=AgreementKind.NONE)
        assert isinstance(one, AllowanceStatement)
        made.append(one)
    return made


def crowd(size: int) -> list[PersonMonth]:
    """Made-up months, the same at each run: both modes, every agreement, whole and incomplete, paid and not."""
    draw = random.Random(SEED)
    return [
        PersonMonth(
            worked=MonthWorked(
                month=MONTH,
                weekly_days=draw.randrange(1, 6),
                days=draw.randrange(0, 24),
                is_whole=draw.random() < 0.8,
            ),
            mode=draw.choice(list(AllowanceMode)),
            agreement=draw.choice(list(AgreementKind)),
            paid_cents=draw.choice([None, draw.randrange(0, 12_000)]),
            receipts_cents=draw.choice([0, 0, draw.randrange(0, 12_000)]),
        )
        for _ in range(size)
    ]


def check(law: Law, people: list[PersonMonth]) -> None:
    """The columns hold what the loop says, person by person."""
    made = split_month(law, in_columns(people, month=MONTH))
    looped = [(one.ceiling.ceiling_cents, one.exempt_cents, one.taxable_cents) for one in _loop(law, people)]
    columns = (made.ceiling_cents.tolist(), made.exempt_cents.tolist(), made.taxable_cents.tolist())
    assert looped == list(zip(*columns, strict=True)), "columns must give the cents of the loop"


def _loop(law: Law, people: list[PersonMonth]) -> list[AllowanceStatement]:
    made = [
        statement(law, one.worked, mode=one.mode, agreement=one.agreement, paid_cents=one.paid_cents,
                  receipts_cents=one.receipts_cents)
        for one in people
    ]  # fmt: skip
    found = [one for one in made if isinstance(one, AllowanceStatement)]
    assert len(found) == len(people), "every made-up month can be computed"
    return found
