"""Due dates follow each learner's own start, in working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.learning.schedule import add_working_days, due_dates, moved_along, weekdays_except
from tests.onboarding.samples import sample

PATH = sample()
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
HOLIDAYS = st.sets(DAYS, max_size=12)


@given(DAYS, st.integers(0, 60), HOLIDAYS)
def test_a_later_start_never_gives_an_earlier_date(start, later, holidays):
    works = weekdays_except(holidays)
    before = due_dates(PATH, start=start, working_days=works)
    after = due_dates(PATH, start=start + timedelta(days=later), working_days=works)
    assert all(before[slug] <= after[slug] for slug in before)


@given(DAYS, HOLIDAYS)
def test_every_due_date_is_a_working_day_on_or_after_the_start(start, holidays):
    works = weekdays_except(holidays)
    assert all(
        works(day) and day >= start for day in due_dates(PATH, start=start, working_days=works).values()
    )


@given(DAYS, HOLIDAYS)
def test_a_holiday_more_never_brings_a_date_forward(start, holidays):
    free = due_dates(PATH, start=start, working_days=weekdays_except(()))
    held = due_dates(PATH, start=start, working_days=weekdays_except(holidays))
    assert all(free[slug] <= held[slug] for slug in free)


def test_two_learners_have_each_their_own_dates_over_christmas():
    works = weekdays_except({date(2026, 12, 25)})
    assert due_dates(PATH, start=date(2026, 11, 23), working_days=works) == {
        "first": date(2026, 11, 24),
        "second": date(2026, 11, 26),
        "third": date(2026, 11, 30),
    }
    assert due_dates(PATH, start=date(2026, 12, 24), working_days=works) == {
        "first": date(2026, 12, 28),
        "second": date(2026, 12, 30),
        "third": date(2027, 1, 1),
    }


@given(DAYS, DAYS, st.integers(0, 40), HOLIDAYS)
def test_a_date_moved_there_and_back_with_its_start_is_the_date_that_it_was(start, other, after, holidays):
    works = weekdays_except(holidays)
    day = add_working_days(start, after, working_days=works)
    there = moved_along(day, was=start, start=other, working_days=works)
    assert works(there)
    assert there >= other
    assert moved_along(there, was=other, start=start, working_days=works) == day


def test_a_part_time_week_of_the_learners_own_is_counted_in_its_own_days():
    mondays = lambda day: day.weekday() == 0  # noqa: E731
    assert add_working_days(date(2026, 11, 24), 2, working_days=mondays) == date(2026, 12, 14)


def test_a_calendar_without_any_working_day_is_told_and_does_not_hang():
    with pytest.raises(ValueError, match="no working day"):
        due_dates(PATH, start=date(2026, 11, 23), working_days=lambda _: False)
