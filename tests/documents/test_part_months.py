from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import law as law_module
from documents.part_months import MonthMinimum, month_minimum, planned_minutes
from documents.pay import minimum_due
from documents.rates import NoFigure
from documents.spans import Refused, Span

FULL = (420,) * 5 + (0, 0)
PART = (360, 360, 0, 360, 360, 0, 0)
JULY = date(2026, 7, 1)
OPEN = date(2030, 12, 31)


def due(law, first, last=OPEN, *, month=JULY, days=FULL, coefficient=140, **more):
    return month_minimum(
        law,
        present=Span(first=first, last=last),
        month=month,
        coefficient=coefficient,
        day_minutes=days,
        **more,
    )


@pytest.mark.parametrize(
    ("coefficient", "cents"), [(120, 186702), (140, 186702), (160, 186702), (170, 187188)]
)
def test_a_whole_month_is_the_higher_of_grid_and_smic(law, coefficient, cents):
    month = due(law, date(2026, 1, 1), coefficient=coefficient)
    assert (month.amount_cents, month.is_whole, month.unsettled) == (cents, True, ())


@pytest.mark.parametrize(("days", "cents"), [(PART, 128024), ((360,) * 5 + (0, 0), 160030)])
def test_a_whole_part_time_month_is_the_published_smic(law, days, cents):
    assert due(law, date(2026, 1, 1), days=days).amount_cents == cents


def test_a_month_begun_on_the_way_is_shared_by_the_hours_planned(law):
    month = due(law, date(2026, 7, 15))
    assert (month.worked_minutes, month.month_minutes) == (13 * 420, 23 * 420)
    assert month.amount_cents == 105527
    assert month.rule == "real_hours"
    assert [one.figure for one in month.unsettled] == ["proration/2020-01-01"]


def test_a_month_left_on_the_way_is_shared_alike(law):
    month = due(law, date(2026, 1, 1), date(2026, 7, 14))
    assert (month.worked_minutes, month.amount_cents) == (10 * 420, 81175)


def test_the_doubtful_figures_of_the_month_are_named(law):
    figures = [one.figure for one in due(law, date(2026, 7, 15)).unconfirmed]
    assert figures == ["smic/france/2026-06-01", "grid-idcc-2098/140/2025-11-01"]


def test_a_smic_that_rises_within_a_month_counts_from_its_day(law_texts):
    added = (
        'table: smic\nedition: "t"\ntitle: "t"\nrows:\n'
        '  - {valid_from: 2026-07-16, hourly_cents: 1300, source: "essai", confidence: V}\n'
    )
    law = law_module.gather(law_texts | {"rates/smic/t.yaml": added})
    month = due(law, date(2026, 1, 1))
    assert [one.monthly_cents for one in month.stretches] == [186702, 197167]
    assert month.amount_cents == (186702 * 11 + 197167 * 12 + 11) // 23
    assert month.is_whole


@given(
    cut=st.integers(1, 30),
    coefficient=st.sampled_from((120, 170, 240, 550)),
    days=st.sampled_from((FULL, PART)),
)
def test_two_parts_of_a_month_make_the_whole_to_the_cent(law, cut, coefficient, days):
    split = JULY + timedelta(days=cut)
    before = due(law, date(2026, 1, 1), split - timedelta(days=1), coefficient=coefficient, days=days)
    after = due(law, split, coefficient=coefficient, days=days)
    whole = minimum_due(law, on=JULY, coefficient=coefficient, weekly_minutes=sum(days))
    assert abs(before.amount_cents + after.amount_cents - whole.amount_cents) <= 1
    assert before.worked_minutes + after.worked_minutes == planned_minutes(
        Span(first=JULY, last=date(2026, 7, 31)), days
    )


def test_mayotte_has_its_own_floor(law):
    month = due(law, date(2026, 1, 1), territory="mayotte")
    assert isinstance(month, MonthMinimum)
    assert month.amount_cents == 183904


@pytest.mark.parametrize(
    ("first", "last", "days", "field"),
    [
        (date(2026, 7, 20), date(2026, 7, 10), FULL, "present"),
        (date(2026, 8, 1), OPEN, FULL, "present"),
        (date(2026, 1, 1), date(2026, 6, 30), FULL, "present"),
        (JULY, OPEN, (1500, 0, 0, 0, 0, 0, 0), "day_minutes"),
        (JULY, OPEN, (-60, 480, 0, 0, 0, 0, 0), "day_minutes"),
        (JULY, OPEN, (420,) * 5, "day_minutes"),
        (JULY, OPEN, (0,) * 7, "day_minutes"),
    ],
)
def test_a_month_that_cannot_be_is_refused(law, first, last, days, field):
    refused = due(law, first, last, days=days)
    assert isinstance(refused, Refused)
    assert refused.field == field


@pytest.mark.parametrize("month", [date(2019, 11, 1), date(2029, 2, 1)])
def test_a_month_without_data_is_refused(law, month):
    assert isinstance(due(law, date(2010, 1, 1), month=month), NoFigure)


def test_an_unknown_coefficient_is_refused(law):
    assert isinstance(due(law, date(2026, 1, 1), coefficient=145), NoFigure)
