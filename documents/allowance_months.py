"""A whole month of allowance for very many people at once, in columns; to the cent what `statement` says of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from documents.allowances import (
    NEGATIVE,
    NO_DAILY_MODE,
    NO_DAYS,
    RAISING,
    AgreementKind,
    AllowanceMode,
    MonthWorked,
    days_in,
    row_in_force,
    too_many_days,
)
from documents.law import Law
from documents.rates import Frozen, NoFigure

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
UNKNOWN = -1
"""In `days` and `paid_cents`: nobody said. Other negative sums are refused."""


class PersonMonth(Frozen):
    """One person's month, as `statement` takes it."""

    worked: MonthWorked
    mode: AllowanceMode
    agreement: AgreementKind = AgreementKind.NONE
    paid_cents: int | None = None
    receipts_cents: int = 0


@dataclass(frozen=True)
class PeopleMonth:
    """The same month of many people, one place each; `days` and `paid_cents` hold UNKNOWN where nobody said."""

    month: date
    is_per_day: Flags
    is_raised: Flags
    is_whole: Flags
    weekly_days: Whole
    days: Whole
    paid_cents: Whole
    receipts_cents: Whole

    def __len__(self) -> int:
        return len(self.days)


@dataclass(frozen=True)
class MonthSplit:
    """What `PeopleMonth` gives, place by place, in cents; where `refusal` is not 0 the sums are 0.

    `refusal` indexes `details`, whose first entry is empty.
    """

    ceiling_cents: Whole
    paid_cents: Whole
    exempt_cents: Whole
    taxable_cents: Whole
    refusal: NDArray[np.int8]
    details: tuple[str, ...]


def in_columns(people: Sequence[PersonMonth], *, month: date) -> PeopleMonth:
    """Columns of a month. Raises ValueError naming the place, counted from 1, whose month or sum does not fit."""
    # Fields are read from each one's own dictionary, once and column by column: attributes take three times as long.
    ones = [vars(one) for one in people]
    works = [vars(one["worked"]) for one in ones]
    months = list(map(itemgetter("month"), works))
    if months.count(month) != len(months):
        place = next(place for place, other in enumerate(months) if other != month)
        raise ValueError(f"person {place + 1}: {months[place]} is not {month}")
    sums = list(map(itemgetter("paid_cents"), ones))
    paid = _or_unknown(sums)
    if (paid < 0).any() and (wrong := [at for at, one in enumerate(sums, 1) if one is not None and one < 0]):
        raise ValueError(f"person {wrong[0]}: a paid sum is not negative")
    per_day = AllowanceMode.PER_DAY
    return PeopleMonth(
        month=month,
        is_per_day=np.array([one["mode"] is per_day for one in ones], dtype=np.bool_),
        is_raised=np.array([one["agreement"] in RAISING for one in ones], dtype=np.bool_),
        is_whole=np.fromiter(map(itemgetter("is_whole"), works), np.bool_, len(works)),
        weekly_days=np.fromiter(map(itemgetter("weekly_days"), works), np.int64, len(works)),
        days=_or_unknown(list(map(itemgetter("days"), works))),
        paid_cents=paid,
        receipts_cents=np.fromiter(map(itemgetter("receipts_cents"), ones), np.int64, len(ones)),
    )


def _or_unknown(values: Sequence[int | None]) -> Whole:
    return np.array([UNKNOWN if one is None else one for one in values], dtype=np.int64)


def split_month(law: Law, people: PeopleMonth) -> MonthSplit:
    """Ceiling, exempt and taxable part of everybody's month; rules and rounding are those of `statement`.

    A refusal is a value in its place and stops nobody else.
    """
    rates = _Rates.of(law, people)
    ceiling = _ceilings(people, rates)
    refusal, details = _refusals(people, rates)
    paid = np.where(people.paid_cents == UNKNOWN, ceiling, people.paid_cents)
    exempt = np.minimum(paid, np.maximum(ceiling, people.receipts_cents))
    fine = refusal == 0
    return MonthSplit(
        ceiling_cents=ceiling * fine,
        paid_cents=paid * fine,
        exempt_cents=exempt * fine,
        taxable_cents=(paid - exempt) * fine,
        refusal=refusal,
        details=details,
    )


@dataclass(frozen=True)
class _Rates:
    """Each person's row of the law, spread over columns; 0 where there is none."""

    monthly: Whole
    daily: Whole
    cap: Whole
    row: Flags
    details: tuple[str, str]

    @classmethod
    def of(cls, law: Law, people: PeopleMonth) -> "_Rates":
        found = [row_in_force(law, people.month, kind) for kind in (AgreementKind.NONE, AgreementKind.BRANCH)]
        which = people.is_raised.astype(np.intp)
        figures = [
            (0, 0, 0, 0)
            if isinstance(row, NoFigure)
            else (row.monthly_per_weekly_day_cents, row.per_day_cents or 0, row.monthly_cap_cents or 0, 1)
            for row in found
        ]
        monthly, daily, cap, known = (
            np.array(column, dtype=np.int64)[which] for column in zip(*figures, strict=True)
        )
        plain, raised = (row.detail if isinstance(row, NoFigure) else "" for row in found)
        return cls(monthly, daily, cap, known.astype(np.bool_), (plain, raised))


def _ceilings(people: PeopleMonth, rates: _Rates) -> Whole:
    daily = np.minimum(rates.daily * people.days, rates.cap)
    monthly = rates.monthly * people.weekly_days
    part = np.where(people.is_whole, monthly, np.minimum(monthly, daily))
    return np.where(people.is_per_day, daily, part)


def _refusals(people: PeopleMonth, rates: _Rates) -> tuple[NDArray[np.int8], tuple[str, ...]]:
    """Why not, in the order in which `statement` asks."""
    needs_days = people.is_per_day | ~people.is_whole
    reasons = [
        (~rates.row & ~people.is_raised, rates.details[0]),
        (~rates.row & people.is_raised, rates.details[1]),
        (people.days > days_in(people.month), too_many_days(people.month)),
        (needs_days & (rates.daily == 0), NO_DAILY_MODE),
        (needs_days & (people.days < 0), NO_DAYS),
        ((people.paid_cents < UNKNOWN) | (people.receipts_cents < 0), NEGATIVE),
    ]
    refusal = np.select([why for why, _ in reasons], range(1, len(reasons) + 1), default=0)
    return refusal.astype(np.int8), ("", *(detail for _, detail in reasons))
