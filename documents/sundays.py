"""What a Sunday, a public holiday or a 1 May adds when it is worked: pay to the cent, and rest."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction

from documents.law import Law
from documents.money import round_half_up
from documents.rates import Frozen, NoFigure
from documents.spans import MINUTES_OF_A_DAY, Refused
from documents.terms import SpecialDay, SpecialDayRow, Unsettled, in_force, none_known, unsettled

SUNDAY = 6
IN_WORDS = {
    SpecialDay.SUNDAY: "Dimanche travaillé",
    SpecialDay.PUBLIC_HOLIDAY: "Jour férié travaillé",
    SpecialDay.MAY_DAY: "1er mai travaillé",
}


class DayWorked(Frozen):
    """Minutes of effective work of one calendar day."""

    day: date
    minutes: int


class DayPaid(Frozen):
    """One worked day: the hours, the increase and both together in cents, and the rest it opens.

    `kind` is empty for an ordinary day. `amount_cents` is rounded once; the increase is what it adds to the
    hours, so that both always sum to it.
    """

    day: date
    minutes: int
    kind: SpecialDay | None
    increase_percent: int
    base_cents: int
    increase_cents: int
    amount_cents: int
    rest_minutes: int
    source: str | None
    unsettled: tuple[Unsettled, ...]


def special_day(day: date, holidays: Collection[date]) -> SpecialDay | None:
    """What a day is: 1 May before a public holiday before a Sunday; increases are not added to one another.

    >>> special_day(date(2027, 5, 1), ()), special_day(date(2026, 11, 22), ())
    (<SpecialDay.MAY_DAY: 'may_day'>, <SpecialDay.SUNDAY: 'sunday'>)
    """
    if (day.month, day.day) == (5, 1):
        return SpecialDay.MAY_DAY
    if day in holidays:
        return SpecialDay.PUBLIC_HOLIDAY
    return SpecialDay.SUNDAY if day.weekday() == SUNDAY else None


def pay_day(
    law: Law, worked: DayWorked, *, hourly_cents: int, holidays: Collection[date]
) -> DayPaid | NoFigure | Refused:
    """Pay of one worked day (avenant 20/06/2002 art. 4); `holidays` are the public holidays of its year.

    More than 24 hours in a day, or less than none, is refused.
    """
    if fault := _fault(worked, hourly_cents):
        return fault
    kind = special_day(worked.day, holidays)
    if kind is None:
        return _paid(worked, hourly_cents, row=None)
    rows = [row for row in in_force(law.terms.special_days, worked.day) if row.kind is kind]
    if not rows:
        return none_known(IN_WORDS[kind], table="special-days", on=worked.day)
    return _paid(worked, hourly_cents, row=rows[0])


def pay_days(
    law: Law, days: tuple[DayWorked, ...], *, hourly_cents: int, holidays: Collection[date]
) -> tuple[DayPaid, ...] | NoFigure | Refused:
    """Pay of several days, in date order, each rounded by itself; one day given twice is refused."""
    ordered = sorted(days, key=lambda worked: worked.day)
    if len({worked.day for worked in ordered}) < len(ordered):
        return Refused(field="days", detail="Un même jour est donné deux fois.")
    paid: list[DayPaid] = []
    for worked in ordered:
        one = pay_day(law, worked, hourly_cents=hourly_cents, holidays=holidays)
        if not isinstance(one, DayPaid):
            return one
        paid.append(one)
    return tuple(paid)


def _fault(worked: DayWorked, hourly_cents: int) -> Refused | None:
    if not 0 <= worked.minutes <= MINUTES_OF_A_DAY:
        return Refused(
            field="minutes", detail=f"Le {worked.day:%d/%m/%Y} : une journée compte de 0 à 24 heures."
        )
    if hourly_cents <= 0:
        return Refused(field="hourly_cents", detail="Le taux horaire est plus grand que zéro.")
    return None


def _paid(worked: DayWorked, hourly_cents: int, *, row: SpecialDayRow | None) -> DayPaid:
    percent = row.increase_percent if row else 0
    base = Fraction(worked.minutes * hourly_cents, 60)
    amount = round_half_up(base * (100 + percent) / 100)
    return DayPaid(
        day=worked.day,
        minutes=worked.minutes,
        kind=row.kind if row else None,
        increase_percent=percent,
        base_cents=round_half_up(base),
        increase_cents=amount - round_half_up(base),
        amount_cents=amount,
        rest_minutes=round_half_up(Fraction(worked.minutes * row.rest_percent, 100)) if row else 0,
        source=row.source if row else None,
        unsettled=_doubts(worked.day, row) if row else (),
    )


def _doubts(day: date, row: SpecialDayRow) -> tuple[Unsettled, ...]:
    """The row's own doubt; and on a holiday that is a Sunday, that nothing read says whether both add up."""
    doubts = unsettled(row, table="special-days", label=IN_WORDS[row.kind], on=day)
    if row.kind is SpecialDay.SUNDAY or day.weekday() != SUNDAY:
        return doubts
    both = Unsettled(
        figure=f"special-days/{row.kind}/{row.valid_from}",
        label=IN_WORDS[row.kind],
        source=row.source,
        confidence=row.confidence,
        why="Ce jour est aussi un dimanche. Une seule majoration est comptée : le cumul n'a pas été lu.",
    )
    return (*doubts, both)
