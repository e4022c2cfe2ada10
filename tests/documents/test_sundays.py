from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.rates import NoFigure
from documents.spans import Refused
from documents.sundays import DayWorked, pay_day, pay_days
from documents.terms import SpecialDay

HOLIDAYS = (date(2026, 7, 14), date(2026, 8, 15), date(2026, 11, 1), date(2027, 5, 1))


def paid(law, day, minutes=420, rate=1231):
    return pay_day(law, DayWorked(day=day, minutes=minutes), hourly_cents=rate, holidays=HOLIDAYS)


def test_a_sunday_of_seven_hours_is_paid_172_34(law):
    sunday = paid(law, date(2026, 11, 22))
    assert (sunday.kind, sunday.amount_cents) == (SpecialDay.SUNDAY, 17234)
    assert (sunday.base_cents, sunday.increase_cents, sunday.rest_minutes) == (8617, 8617, 0)


def test_a_public_holiday_is_paid_double(law):
    holiday = paid(law, date(2026, 7, 14))
    assert (holiday.kind, holiday.amount_cents, holiday.rest_minutes) == (SpecialDay.PUBLIC_HOLIDAY, 17234, 0)


def test_a_first_of_may_is_paid_double_and_opens_as_much_rest(law):
    may_day = paid(law, date(2027, 5, 1))
    assert (may_day.kind, may_day.amount_cents, may_day.rest_minutes) == (SpecialDay.MAY_DAY, 17234, 420)


def test_a_holiday_on_a_sunday_is_increased_once(law):
    day = paid(law, date(2026, 11, 1))
    assert (day.kind, day.increase_percent) == (SpecialDay.PUBLIC_HOLIDAY, 100)
    assert "cumul" in day.unsettled[0].why
    assert paid(law, date(2026, 7, 14)).unsettled == paid(law, date(2026, 11, 22)).unsettled == ()


def test_an_ordinary_day_adds_nothing(law):
    monday = paid(law, date(2026, 11, 23))
    assert (monday.kind, monday.amount_cents, monday.increase_cents, monday.source) == (None, 8617, 0, None)


@given(
    day=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    minutes=st.integers(0, 1440),
    rate=st.integers(1, 10_000),
)
def test_hours_and_increase_always_sum_to_the_pay(law, day, minutes, rate):
    found = paid(law, day, minutes, rate)
    assert found.base_cents + found.increase_cents == found.amount_cents
    assert abs(found.amount_cents - found.base_cents * (2 if found.kind else 1)) <= 1


@pytest.mark.parametrize("minutes", [-1, 1441, 25 * 60])
def test_a_day_of_25_hours_is_refused(law, minutes):
    refused = paid(law, date(2026, 11, 22), minutes)
    assert isinstance(refused, Refused)
    assert refused.field == "minutes"


def test_a_day_without_rules_is_refused(law):
    assert isinstance(paid(law, date(2019, 12, 29)), NoFigure)


def test_an_hour_paid_nothing_is_refused(law):
    assert paid(law, date(2026, 11, 22), rate=0).field == "hourly_cents"


def test_days_come_back_in_order_and_one_day_is_given_once(law):
    sunday, monday = (DayWorked(day=date(2026, 11, day), minutes=420) for day in (22, 23))
    found = pay_days(law, (monday, sunday), hourly_cents=1231, holidays=HOLIDAYS)
    assert [one.amount_cents for one in found] == [17234, 8617]
    assert isinstance(pay_days(law, (sunday, sunday), hourly_cents=1231, holidays=()), Refused)
    long = DayWorked(day=date(2026, 11, 24), minutes=1500)
    assert isinstance(pay_days(law, (sunday, long), hourly_cents=1231, holidays=()), Refused)
