"""How long a trial period may last, whether it may be renewed, and the notice while it runs."""

from datetime import date, timedelta

from documents.rates import Frozen, Status
from documents.rules import NoticeStep, TrialRules


class TrialCeiling(Frozen):
    """The longest trial allowed: months for a CDI, days for a CDD; the other one is zero."""

    months: int = 0
    days: int = 0


class TrialRenewal(Frozen):
    """The longest single renewal, or none with the reason."""

    days: int
    words: str | None
    reason: str


def open_ended_ceiling(status: Status, rules: TrialRules) -> TrialCeiling:
    """CDI: 2, 3 or 4 months for employees, TAM, executives (L1221-19, prudent rule)."""
    months: int = getattr(rules.cdi_months, status.value)
    return TrialCeiling(months=months)


def fixed_term_ceiling(*, start: date, end: date, rules: TrialRules) -> TrialCeiling:
    """CDD: one day a week begun, at most two weeks up to six months, one month beyond (L1242-10)."""
    weeks = -(-((end - start).days + 1) // 7)
    short = end < _months_later(start, rules.cdd_short_months)
    most = rules.cdd_short_max_days if short else rules.cdd_long_max_days
    return TrialCeiling(days=min(weeks * rules.cdd_days_per_week, most))


def renewal(status: Status, *, coefficient: int, rules: TrialRules) -> TrialRenewal:
    """Once, written, by express agreement; never for an employee below coefficient 170 (CCN 13.2)."""
    if status is Status.EMPLOYEE and coefficient < rules.renewal_employee_from_coefficient:
        return TrialRenewal(
            days=0,
            words=None,
            reason=f"Pas de renouvellement sous le coefficient {rules.renewal_employee_from_coefficient}.",
        )
    return TrialRenewal(
        days=getattr(rules.renewal_days, status.value),
        words=getattr(rules.renewal_words, status.value),
        reason="Une fois, par avenant écrit, avec l'accord exprès des deux parties.",
    )


def notice(presence_days: int, steps: tuple[NoticeStep, ...]) -> str:
    """The notice in words after some days of presence (L1221-25 for the employer, L1221-26 for the other)."""
    return [step.words for step in steps if step.from_presence_days <= presence_days][-1]


def last_day(start: date, *, months: int = 0, days: int = 0) -> date:
    """The last day of a trial: calendar months, or calendar days, the first one included.

    >>> str(last_day(date(2026, 12, 1), months=2)), str(last_day(date(2026, 12, 31), months=2))
    ('2027-01-31', '2027-02-28')
    >>> str(last_day(date(2026, 12, 1), days=14))
    '2026-12-14'
    """
    if months:
        return _months_later(start, months) - timedelta(days=1)
    return start + timedelta(days=days - 1)


def _months_later(day: date, months: int) -> date:
    """The same day some months on; a day the month lacks becomes the first of the following month."""
    year, month = divmod(day.month - 1 + months, 12)
    try:
        return day.replace(year=day.year + year, month=month + 1)
    except ValueError:
        return (date(day.year + year, month + 1, 28) + timedelta(days=4)).replace(day=1)
