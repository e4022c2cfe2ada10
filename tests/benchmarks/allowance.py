"""A month of telework allowance for many people: columns beside the loop over the single statement."""

import random
from datetime import date

from documents.allowance_months import PersonMonth, in_columns, split_month
from documents.allowances import AgreementKind, AllowanceMode, AllowanceStatement, MonthWorked, statement
from documents.law import Law
from service.runtime.editions import load_law
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
    ]  # fmt: skip


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
