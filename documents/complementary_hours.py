"""Hours worked beyond a part-time contract: a week's pay by tiers, and weeks that call for more hours."""

from datetime import date, timedelta
from fractions import Fraction

from documents.law import Law
from documents.pay import ComplementaryPay, HoursRefused, complementary_limit, complementary_pay
from documents.rates import Frozen, NoFigure
from documents.spans import MINUTES_OF_A_DAY, Refused
from documents.terms import ComplementaryRow, Unsettled, in_force, none_known, unsettled


class WorkedWeek(Frozen):
    """One week, named by its Monday: minutes of the contract and minutes really worked."""

    monday: date
    contract_minutes: int
    worked_minutes: int


class WeekOfHours(Frozen):
    """Complementary minutes of a week by tier, and their whole pay in cents, rounded once on the total."""

    extra_minutes: int
    limit_minutes: int
    first_tier_minutes: Fraction
    second_tier_minutes: Fraction
    amount_cents: int
    source: str
    unsettled: tuple[Unsettled, ...]


class HoursToRaise(Frozen):
    """Weeks that went beyond the contract so often that it is amended, unless the person objects (L3123-13).

    `weekly_minutes` is the contract plus the average excess, `notice_days` what comes before the change.
    """

    first_monday: date
    last_monday: date
    average_excess_minutes: Fraction
    weekly_minutes: Fraction
    notice_days: int
    source: str


def week_of_hours(
    law: Law, week: WorkedWeek, *, hourly_cents: int
) -> WeekOfHours | HoursRefused | NoFigure | Refused:
    """Complementary hours of one week: +10 % within a tenth of the contract, +25 % beyond (L3123-29).

    More than a third of the contract, or a full-time week, is refused (CCN 23.4, L3123-9). A week at or
    below the contract has none.
    """
    row = _row(law, week.monday)
    if isinstance(row, NoFigure):
        return row
    if hourly_cents <= 0:
        return Refused(field="hourly_cents", detail="Le taux horaire est plus grand que zéro.")
    if fault := _week_fault(week, row):
        return fault
    extra = max(week.worked_minutes - week.contract_minutes, 0)
    paid = complementary_pay(
        contract_minutes=week.contract_minutes, extra_minutes=extra, hourly_cents=hourly_cents, rules=row
    )
    if isinstance(paid, HoursRefused):
        return paid
    return _told(week, extra=extra, paid=paid, row=row)


def hours_to_raise(law: Law, weeks: tuple[WorkedWeek, ...]) -> HoursToRaise | NoFigure | Refused | None:
    """The last weeks, held to the rule of the lasting excess; None when they do not reach it.

    Twelve weeks in a row, or the twelve longest among the last fifteen, with an average of two hours or
    more beyond the contract (L3123-13, CCN 23.4). The prudent reading takes the window that gives more.
    """
    if not weeks:
        return None
    ordered = sorted(weeks, key=lambda week: week.monday)
    last = ordered[-1]
    row = _row(law, last.monday)
    if isinstance(row, NoFigure):
        return row
    if fault := next((fault for week in ordered if (fault := _week_fault(week, row))), None):
        return fault
    if len({week.monday for week in ordered}) < len(ordered):
        return Refused(field="weeks", detail="Une même semaine est donnée deux fois.")
    since = last.monday - timedelta(weeks=row.excess_among_weeks - 1)
    window = [week for week in ordered if week.monday >= since]
    if len({week.contract_minutes for week in window}) > 1:
        return Refused(field="weeks", detail="La durée du contrat change : comptez depuis ce changement.")
    if len(window) < row.excess_weeks:
        return None
    longest = sorted((week.worked_minutes for week in window), reverse=True)[: row.excess_weeks]
    excess = Fraction(sum(longest), row.excess_weeks) - last.contract_minutes
    if excess < row.excess_minutes:
        return None
    return HoursToRaise(
        first_monday=window[0].monday,
        last_monday=last.monday,
        average_excess_minutes=excess,
        weekly_minutes=last.contract_minutes + excess,
        notice_days=row.excess_notice_days,
        source=row.source,
    )


def _row(law: Law, on: date) -> ComplementaryRow | NoFigure:
    rows = in_force(law.terms.complementary_hours, on)
    return rows[0] if rows else none_known("Heures complémentaires", table="complementary-hours", on=on)


def _week_fault(week: WorkedWeek, row: ComplementaryRow) -> Refused | None:
    if week.monday.weekday() != 0:
        return Refused(field="monday", detail=f"Le {week.monday:%d/%m/%Y} n'est pas un lundi.")
    if not 0 < week.contract_minutes < row.full_time_minutes:
        return Refused(
            field="contract_minutes",
            detail="Un contrat à temps partiel dure plus de 0 h et moins de "
            f"{row.full_time_minutes // 60} h par semaine.",
        )
    if not 0 <= week.worked_minutes <= 7 * MINUTES_OF_A_DAY:
        return Refused(field="worked_minutes", detail="Une semaine compte de 0 à 168 heures.")
    return None


def _told(week: WorkedWeek, *, extra: int, paid: ComplementaryPay, row: ComplementaryRow) -> WeekOfHours:
    return WeekOfHours(
        extra_minutes=extra,
        limit_minutes=complementary_limit(week.contract_minutes, row),
        first_tier_minutes=paid.first_tier_minutes,
        second_tier_minutes=paid.second_tier_minutes,
        amount_cents=paid.amount_cents,
        source=row.source,
        unsettled=unsettled(row, table="complementary-hours", label="Heures complémentaires", on=week.monday),
    )
