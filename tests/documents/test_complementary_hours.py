from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.complementary_hours import HoursToRaise, WeekOfHours, WorkedWeek, hours_to_raise, week_of_hours
from documents.pay import HoursRefused
from documents.rates import NoFigure
from documents.spans import Refused

MONDAY = date(2026, 7, 6)


def worked(minutes, *, contract=1440, monday=MONDAY):
    return WorkedWeek(monday=monday, contract_minutes=contract, worked_minutes=minutes)


def weeks(*minutes, contract=1440):
    return tuple(
        worked(one, contract=contract, monday=MONDAY + timedelta(weeks=rank))
        for rank, one in enumerate(minutes)
    )


def test_six_hours_on_24_are_paid_87_89(law):
    paid = week_of_hours(law, worked(1800), hourly_cents=1231)
    assert isinstance(paid, WeekOfHours)
    assert (paid.first_tier_minutes, paid.second_tier_minutes, paid.amount_cents) == (144, 216, 8789)
    assert (paid.limit_minutes, paid.unsettled) == (480, ())


def test_each_tier_by_itself_would_round_to_a_cent_more(law):
    first = week_of_hours(law, worked(1440 + 144), hourly_cents=1231)
    assert first.amount_cents == 3250
    both = week_of_hours(law, worked(1800), hourly_cents=1231)
    assert (Fraction(216, 60) * 1231 * Fraction(125, 100), both.amount_cents) == (Fraction("5539.5"), 8789)


def test_eight_hours_on_24_are_the_limit_and_nine_are_refused(law):
    assert week_of_hours(law, worked(1440 + 480), hourly_cents=1231).extra_minutes == 480
    refused = week_of_hours(law, worked(1440 + 540), hourly_cents=1231)
    assert isinstance(refused, HoursRefused)
    assert refused.limit_minutes == 480


def test_complementary_hours_never_make_a_full_week(law):
    assert isinstance(week_of_hours(law, worked(2100, contract=1800), hourly_cents=1231), HoursRefused)
    assert week_of_hours(law, worked(2099, contract=1800), hourly_cents=1231).extra_minutes == 299


def test_a_week_at_or_below_the_contract_has_none(law):
    assert week_of_hours(law, worked(1440), hourly_cents=1231).amount_cents == 0
    assert week_of_hours(law, worked(0), hourly_cents=1231).extra_minutes == 0


@given(contract=st.integers(60, 2099), extra=st.integers(0, 700), rate=st.integers(1, 10_000))
def test_a_paid_week_is_within_the_limit_and_each_minute_has_one_tier(law, contract, extra, rate):
    paid = week_of_hours(law, worked(contract + extra, contract=contract), hourly_cents=rate)
    if isinstance(paid, WeekOfHours):
        assert paid.first_tier_minutes + paid.second_tier_minutes == extra <= paid.limit_minutes
        assert paid.first_tier_minutes <= Fraction(contract, 10)
        assert paid.amount_cents * 6000 >= extra * rate * 110 - 3000
    else:
        assert isinstance(paid, HoursRefused)
        assert extra > paid.limit_minutes


@pytest.mark.parametrize(
    ("week", "field"),
    [
        (worked(1800, monday=date(2026, 7, 7)), "monday"),
        (worked(1800, contract=0), "contract_minutes"),
        (worked(2200, contract=2100), "contract_minutes"),
        (worked(-1), "worked_minutes"),
        (worked(7 * 25 * 60), "worked_minutes"),
    ],
)
def test_a_week_that_cannot_be_is_refused(law, week, field):
    refused = week_of_hours(law, week, hourly_cents=1231)
    assert isinstance(refused, Refused)
    assert refused.field == field
    assert hours_to_raise(law, (week,)).field == field


def test_an_hour_paid_nothing_is_refused(law):
    assert week_of_hours(law, worked(1800), hourly_cents=0).field == "hourly_cents"


def test_a_week_without_rules_is_refused(law):
    assert isinstance(
        week_of_hours(law, worked(1800, monday=date(2019, 12, 30)), hourly_cents=1003), NoFigure
    )
    assert isinstance(hours_to_raise(law, (worked(1800, monday=date(2019, 12, 30)),)), NoFigure)


def test_twelve_weeks_of_two_hours_more_raise_the_contract(law):
    found = hours_to_raise(law, weeks(*[1560] * 12))
    assert isinstance(found, HoursToRaise)
    assert (found.average_excess_minutes, found.weekly_minutes, found.notice_days) == (120, 1560, 7)


def test_one_minute_less_or_one_week_less_raises_nothing(law):
    assert hours_to_raise(law, weeks(*[1560] * 11, 1559)) is None
    assert hours_to_raise(law, weeks(*[1560] * 11)) is None
    assert hours_to_raise(law, ()) is None


def test_twelve_weeks_among_fifteen_are_enough(law):
    found = hours_to_raise(law, weeks(*[1560] * 6, 1440, 1440, 1440, *[1560] * 6))
    assert found.weekly_minutes == 1560
    assert hours_to_raise(law, weeks(*[1560] * 6, 1440, 1440, 1440, 1440, *[1560] * 6)) is None


def test_one_week_given_twice_is_refused(law):
    assert hours_to_raise(law, (worked(1560), worked(1560))).field == "weeks"


def test_weeks_of_two_contracts_are_not_averaged(law):
    assert isinstance(
        hours_to_raise(
            law, (*weeks(*[1560] * 12)[:-1], worked(1700, contract=1560, monday=MONDAY + timedelta(weeks=11)))
        ),
        Refused,
    )
