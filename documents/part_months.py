"""The minimum pay of one calendar month, whole or begun or left on the way, by the hours really planned in it."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

from documents.law import Law
from documents.money import round_half_up
from documents.pay import MinimumPay, minimum_due
from documents.rates import Frozen, NoFigure, Unconfirmed
from documents.spans import MINUTES_OF_A_DAY, Refused, Span, span_fault
from documents.terms import ProrationRow, Unsettled, in_force, none_known, unsettled

WEEK = 7


class Stretch(Frozen):
    """Days of the month under the same minimum: the minutes planned in them, and the whole month's minimum."""

    first: date
    last: date
    minutes: int
    monthly_cents: int


class MonthMinimum(Frozen):
    """The gross minimum due for a month in cents, with the rule that shared it out and every stretch.

    `unconfirmed` are doubtful amounts, `unsettled` the rule itself where the month is not whole.
    """

    amount_cents: int
    is_whole: bool
    rule: str
    rule_in_words: str
    worked_minutes: int
    month_minutes: int
    stretches: tuple[Stretch, ...]
    unconfirmed: tuple[Unconfirmed, ...]
    unsettled: tuple[Unsettled, ...]


def month_minimum(
    law: Law,
    *,
    present: Span,
    month: date,
    coefficient: int,
    day_minutes: tuple[int, ...],
    territory: str = "france",
) -> MonthMinimum | NoFigure | Refused:
    """max(grid, SMIC) for the part of a month in which the contract runs; `month` is any day of it.

    `present` is the contract, `day_minutes` the minutes planned from Monday to Sunday. Rule `real_hours`:
    planned minutes present over planned minutes of the whole month. A figure that changes within the month
    counts from its day. Fractions are added exactly and rounded half up once.
    """
    first = month.replace(day=1)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    if fault := _fault(present, first=first, last=last, day_minutes=day_minutes):
        return fault
    rows = in_force(law.terms.proration, first)
    if not rows:
        return none_known("Salaire d'un mois incomplet", table="proration", on=first)
    here = Span(first=max(first, present.first), last=min(last, present.last))
    found = _minimums(law, here, coefficient=coefficient, weekly=sum(day_minutes), territory=territory)
    if isinstance(found, NoFigure):
        return found
    return _shared(found, row=rows[0], whole=Span(first=first, last=last), day_minutes=day_minutes)


def planned_minutes(span: Span, day_minutes: tuple[int, ...]) -> int:
    """Minutes planned from a first to a last day, from the minutes of each weekday, Monday first.

    >>> planned_minutes(Span(first=date(2026, 7, 1), last=date(2026, 7, 31)), (420,) * 5 + (0, 0))
    9660
    """
    days = (span.last - span.first).days + 1
    return sum(day_minutes[(span.first.weekday() + ahead) % WEEK] for ahead in range(days))


def _fault(present: Span, *, first: date, last: date, day_minutes: tuple[int, ...]) -> Refused | None:
    if fault := span_fault(present, field="present"):
        return fault
    if present.last < first or present.first > last:
        return Refused(field="present", detail=f"Le contrat ne court pas au mois du {first:%d/%m/%Y}.")
    if len(day_minutes) != WEEK:
        return Refused(field="day_minutes", detail="Donnez les minutes des sept jours, du lundi au dimanche.")
    if any(not 0 <= minutes <= MINUTES_OF_A_DAY for minutes in day_minutes):
        return Refused(field="day_minutes", detail="Une journée compte de 0 à 24 heures.")
    if not any(day_minutes):
        return Refused(field="day_minutes", detail="Aucune heure n'est prévue dans la semaine.")
    return None


def _minimums(
    law: Law, span: Span, *, coefficient: int, weekly: int, territory: str
) -> list[tuple[Span, MinimumPay]] | NoFigure:
    """The minimum in force on each day, as stretches of days that share one."""
    found: list[tuple[Span, MinimumPay]] = []
    for ahead in range((span.last - span.first).days + 1):
        day = span.first + timedelta(days=ahead)
        due = minimum_due(law, on=day, coefficient=coefficient, weekly_minutes=weekly, territory=territory)
        if isinstance(due, NoFigure):
            return due
        if found and found[-1][1] == due:
            found[-1] = (Span(first=found[-1][0].first, last=day), due)
        else:
            found.append((Span(first=day, last=day), due))
    return found


def _shared(
    found: list[tuple[Span, MinimumPay]], *, row: ProrationRow, whole: Span, day_minutes: tuple[int, ...]
) -> MonthMinimum:
    month_minutes = planned_minutes(whole, day_minutes)
    stretches = tuple(
        Stretch(
            first=span.first,
            last=span.last,
            minutes=planned_minutes(span, day_minutes),
            monthly_cents=due.amount_cents,
        )
        for span, due in found
    )
    exact = sum(
        (Fraction(one.monthly_cents * one.minutes, month_minutes) for one in stretches), start=Fraction(0)
    )
    is_whole = (stretches[0].first, stretches[-1].last) == (whole.first, whole.last)
    doubts = {doubt.figure: doubt for _, due in found for doubt in due.unconfirmed}
    return MonthMinimum(
        amount_cents=round_half_up(exact),
        is_whole=is_whole,
        rule=row.rule,
        rule_in_words=row.words,
        worked_minutes=sum(one.minutes for one in stretches),
        month_minutes=month_minutes,
        stretches=stretches,
        unconfirmed=tuple(doubts.values()),
        unsettled=()
        if is_whole and len(stretches) == 1
        else unsettled(row, table="proration", label="Mois incomplet", on=whole.first),
    )
