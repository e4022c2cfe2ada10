from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.pay import (
    HoursRefused,
    MinimumPay,
    PayBasis,
    complementary_limit,
    complementary_pay,
    end_of_fixed_term,
    minimum_due,
    monthly_smic,
    night_pay,
    sunday_pay,
)
from documents.rates import NoFigure, Status, find

SMIC_MONTHS = [
    ("2020-01-01", 153942),
    ("2021-01-01", 155458),
    ("2021-10-01", 158947),
    ("2022-01-01", 160312),
    ("2022-05-01", 164558),
    ("2022-08-01", 167895),
    ("2023-01-01", 170928),
    ("2023-05-01", 174720),
    ("2024-01-01", 176692),
    ("2024-11-01", 180180),
    ("2026-01-01", 182303),
    ("2026-06-01", 186702),
]


@pytest.mark.parametrize(("day", "cents"), SMIC_MONTHS)
def test_the_monthly_smic_is_the_published_one(law, day, cents):
    row = find(law.smic, table="smic", on=date.fromisoformat(day), series="france")
    assert monthly_smic(row.hourly_cents, 2100) == cents


@pytest.mark.parametrize(
    ("day", "minutes", "cents"),
    [
        ("2020-01-01", 1800, 131950),
        ("2020-01-01", 1440, 105560),
        ("2024-11-01", 1800, 154440),
        ("2024-11-01", 1440, 123552),
        ("2026-01-01", 1800, 156260),
        ("2026-01-01", 1440, 125008),
        ("2026-06-01", 1800, 160030),
        ("2026-06-01", 1440, 128024),
    ],
)
def test_the_part_time_smic_is_the_published_one(law, day, minutes, cents):
    row = find(law.smic, table="smic", on=date.fromisoformat(day), series="france")
    assert monthly_smic(row.hourly_cents, minutes) == cents


def test_the_smic_lifts_the_low_coefficients_in_july_2026(law):
    due = minimum_due(law, on=date(2026, 7, 1), coefficient=140, weekly_minutes=2100)
    assert (due.amount_cents, due.basis, due.status) == (186702, PayBasis.SMIC, Status.EMPLOYEE)


def test_the_grid_stands_above_the_smic_from_coefficient_170(law):
    due = minimum_due(law, on=date(2026, 7, 1), coefficient=170, weekly_minutes=2100)
    assert (due.amount_cents, due.basis) == (187188, PayBasis.GRID)


def test_the_grid_since_november_2025_asks_for_a_named_person(law):
    due = minimum_due(law, on=date(2026, 7, 1), coefficient=170, weekly_minutes=2100)
    assert "grid-idcc-2098/170/2025-11-01" in [doubt.figure for doubt in due.unconfirmed]


def test_the_extended_grid_of_2023_needs_nobody(law):
    due = minimum_due(law, on=date(2024, 2, 1), coefficient=190, weekly_minutes=2100)
    assert (due.amount_cents, due.unconfirmed) == (179071, ())


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2031, 1, 1)])
def test_a_date_without_data_is_refused(law, day):
    refused = minimum_due(law, on=day, coefficient=140, weekly_minutes=2100)
    assert isinstance(refused, NoFigure)
    assert f"{day:%d/%m/%Y}" in refused.detail


def test_an_unknown_coefficient_is_refused(law):
    assert isinstance(minimum_due(law, on=date(2026, 7, 1), coefficient=145, weekly_minutes=2100), NoFigure)


@given(
    minutes=st.integers(60, 2100), more=st.integers(0, 600), coefficient=st.sampled_from((120, 170, 200, 550))
)
def test_more_hours_never_lower_the_minimum(law, minutes, more, coefficient):
    day = date(2026, 7, 1)
    less = minimum_due(law, on=day, coefficient=coefficient, weekly_minutes=minutes)
    most = minimum_due(law, on=day, coefficient=coefficient, weekly_minutes=minutes + more)
    assert isinstance(less, MinimumPay)
    assert less.amount_cents == max(less.smic_cents, less.grid_cents) <= most.amount_cents


def test_every_known_grid_amount_is_its_index_times_its_point(law):
    rows = [row for row in law.grid if row.index]
    assert len(rows) == 46
    for row in rows:
        exact = row.index * row.point_value_mils
        assert abs(exact - row.monthly_cents * 10) <= 5, row


def test_six_complementary_hours_on_a_24_hour_contract(law):
    rules = law.rules_on(date(2026, 7, 1)).part_time
    done = complementary_pay(contract_minutes=1440, extra_minutes=360, hourly_cents=1231, rules=rules)
    assert (done.first_tier_minutes, done.second_tier_minutes, done.amount_cents) == (144, 216, 8789)


def test_eight_complementary_hours_are_the_limit_and_nine_are_refused(law):
    rules = law.rules_on(date(2026, 7, 1)).part_time
    assert complementary_limit(1440, rules) == 480
    refused = complementary_pay(contract_minutes=1440, extra_minutes=540, hourly_cents=1231, rules=rules)
    assert isinstance(refused, HoursRefused)
    assert refused.limit_minutes == 480


def test_negative_complementary_hours_are_refused(law):
    refused = complementary_pay(
        contract_minutes=1440, extra_minutes=-60, hourly_cents=1231, rules=law.rules[0].part_time
    )
    assert isinstance(refused, HoursRefused)


@given(contract=st.integers(60, 2099))
def test_complementary_hours_never_reach_full_time(law, contract):
    assert contract + complementary_limit(contract, law.rules[0].part_time) < 2100


def test_a_sunday_of_seven_hours(law):
    assert sunday_pay(minutes=420, hourly_cents=1231, rules=law.rules[0].premiums) == 17234


def test_two_exceptional_night_hours(law):
    assert night_pay(minutes=120, hourly_cents=1231, rules=law.rules[0].premiums) == 3693


def test_the_end_of_a_three_month_fixed_term(law):
    assert end_of_fixed_term(3 * 186702, law.rules[0].fixed_term) == 56011
