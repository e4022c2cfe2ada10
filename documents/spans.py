"""Stretches of days: from one day to another, months counted on the calendar, and what cannot be."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from documents.rates import Frozen

MINUTES_OF_A_DAY = 24 * 60


class Span(Frozen):
    """From a first day to a last day, both included."""

    first: date
    last: date


class Refused(Frozen):
    """What was given cannot be: which value, and why, in words for the person who gave it."""

    field: str
    detail: str


def months_later(day: date, months: int) -> date:
    """The same day some months on; a day the month lacks becomes the first of the following month.

    >>> str(months_later(date(2026, 11, 30), 3)), str(months_later(date(2026, 1, 15), 12))
    ('2027-03-01', '2027-01-15')
    """
    year, month = divmod(day.month - 1 + months, 12)
    try:
        return day.replace(year=day.year + year, month=month + 1)
    except ValueError:
        return (date(day.year + year, month + 1, 28) + timedelta(days=4)).replace(day=1)


def same_day_or_month_end(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month (a term in months, as in CPC art. 641).

    >>> str(same_day_or_month_end(date(2026, 12, 31), 2)), str(same_day_or_month_end(date(2026, 12, 10), 1))
    ('2027-02-28', '2027-01-10')
    """
    year, month = divmod(day.month - 1 + months, 12)
    longest = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, longest))


def whole_months(first: date, on: date) -> int:
    """Months gone by from a first day; a month is whole on the same day of the next one.

    >>> whole_months(date(2024, 3, 1), date(2026, 2, 28)), whole_months(date(2024, 3, 1), date(2026, 3, 1))
    (23, 24)
    """
    months = (on.year - first.year) * 12 + on.month - first.month
    return months - (months_later(first, months) > on)


def span_fault(span: Span, *, field: str) -> Refused | None:
    """A stretch that ends before it starts."""
    if span.last >= span.first:
        return None
    return Refused(
        field=field,
        detail=f"La période finit le {span.last:%d/%m/%Y}, avant son début le {span.first:%d/%m/%Y}.",
    )


def overlap_fault(spans: Iterable[Span], *, field: str) -> Refused | None:
    """The first two stretches, in date order, that share a day; or the first one that ends before it starts."""
    ordered = sorted(spans, key=lambda span: (span.first, span.last))
    for span in ordered:
        if fault := span_fault(span, field=field):
            return fault
    for before, after in pairwise(ordered):
        if after.first <= before.last:
            return Refused(
                field=field,
                detail=f"Deux périodes se chevauchent : l'une finit le {before.last:%d/%m/%Y}, "
                f"l'autre commence le {after.first:%d/%m/%Y}.",
            )
    return None


def sequence_fault(spans: tuple[Span, ...], *, field: str) -> Refused | None:
    """What keeps stretches from following one another day by day, as a contract and its renewals do."""
    if not spans:
        return Refused(field=field, detail="Donnez au moins une période.")
    if fault := overlap_fault(spans, field=field):
        return fault
    for before, after in pairwise(sorted(spans, key=lambda span: span.first)):
        if after.first != before.last + timedelta(days=1):
            return Refused(
                field=field,
                detail=f"Rien ne couvre les jours entre le {before.last:%d/%m/%Y} et le {after.first:%d/%m/%Y} : "
                "un renouvellement commence le lendemain.",
            )
    return None
