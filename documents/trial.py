"""How long a trial period may last, whether it may be renewed, and the notice while it runs."""

from datetime import date, timedelta

from documents.law import Law
from documents.rates import Confidence, Frozen, NoFigure, Status
from documents.rules import NoticeStep, TrialRules
from documents.spans import Refused, Span, months_later, span_fault
from documents.terms import TrialRow, Unsettled, in_force, none_known, unsettled


class TrialCeiling(Frozen):
    """The longest trial allowed: months for a CDI, days for a CDD; the other one is zero."""

    months: int = 0
    days: int = 0


class TrialRenewal(Frozen):
    """The longest single renewal, or none with the reason."""

    days: int
    words: str | None
    reason: str


class OpenEndedTrial(Frozen):
    """The longest CDI trial from a start day, to the day; what is not settled in law is named.

    `renewed_last_day` is empty where no renewal is allowed, and `renewal_reason` says why or how.
    """

    months: int
    last_day: date
    renewed_last_day: date | None
    renewal_reason: str
    source: str
    confidence: Confidence
    unsettled: tuple[Unsettled, ...]


class FixedTermTrial(Frozen):
    """The longest CDD trial, in calendar days, with its last day."""

    days: int
    last_day: date
    source: str
    confidence: Confidence
    unsettled: tuple[Unsettled, ...]


def open_ended_trial(law: Law, *, start: date, status: Status, coefficient: int) -> OpenEndedTrial | NoFigure:
    """The longest trial of a CDI that starts on a day, and of its one renewal (L1221-19 to 23, CCN 13.2).

    A renewal stays within the total of L1221-21; it needs the contract's clause and an express agreement.
    """
    rows = [row for row in in_force(law.terms.trial, start) if row.status is status]
    if not rows:
        return none_known("Période d'essai", table="trial", on=start)
    row = rows[0]
    last = last_day(start, months=row.months)
    is_renewable = coefficient >= row.renewal_from_coefficient
    return OpenEndedTrial(
        months=row.months,
        last_day=last,
        renewed_last_day=_renewed(start, last, row) if is_renewable else None,
        renewal_reason="Une fois, par avenant écrit, avec l'accord exprès des deux parties."
        if is_renewable
        else f"Pas de renouvellement sous le coefficient {row.renewal_from_coefficient}.",
        source=row.source,
        confidence=row.confidence,
        unsettled=unsettled(row, table="trial", label="Période d'essai du CDI", on=start),
    )


def fixed_term_trial(law: Law, *, start: date, end: date) -> FixedTermTrial | NoFigure | Refused:
    """The longest trial of a CDD with a planned end: a day a week begun, with two caps (L1242-10).

    An end before the start is refused.
    """
    if fault := span_fault(Span(first=start, last=end), field="end"):
        return fault
    rows = in_force(law.terms.fixed_term_trial, start)
    if not rows:
        return none_known("Période d'essai du CDD", table="fixed-term-trial", on=start)
    row = rows[0]
    weeks = -(-((end - start).days + 1) // 7)
    is_short = end < months_later(start, row.short_months)
    longest = (months_later(start, row.long_most_months) - start).days
    days = min(weeks * row.days_per_week, row.short_most_days if is_short else longest)
    return FixedTermTrial(
        days=days,
        last_day=last_day(start, days=days),
        source=row.source,
        confidence=row.confidence,
        unsettled=unsettled(row, table="fixed-term-trial", label="Période d'essai du CDD", on=start),
    )


def _renewed(start: date, last: date, row: TrialRow) -> date:
    """The last day of a renewal that begins the day after the first trial, within the total allowed."""
    begun = last + timedelta(days=1)
    end = months_later(begun, row.renewal_months) + timedelta(weeks=row.renewal_weeks)
    return min(end - timedelta(days=1), last_day(start, months=row.total_months))


def open_ended_ceiling(status: Status, rules: TrialRules) -> TrialCeiling:
    """CDI: 2, 3 or 4 months for employees, TAM, executives (L1221-19, prudent rule)."""
    months: int = getattr(rules.cdi_months, status.value)
    return TrialCeiling(months=months)


def fixed_term_ceiling(*, start: date, end: date, rules: TrialRules) -> TrialCeiling:
    """CDD: one day a week begun, at most two weeks up to six months, one month beyond (L1242-10).

    The month is the calendar's own where that is shorter than the figure in days: 28 days from 1 February.
    """
    weeks = -(-((end - start).days + 1) // 7)
    short = end < months_later(start, rules.cdd_short_months)
    calendar_month = (months_later(start, 1) - start).days
    most = rules.cdd_short_max_days if short else min(rules.cdd_long_max_days, calendar_month)
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
        return months_later(start, months) - timedelta(days=1)
    return start + timedelta(days=days - 1)
