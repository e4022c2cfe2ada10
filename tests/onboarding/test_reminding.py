"""A class is recalled on a working day before it, on its own clocks, and never to people who rest."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.faults import FaultyFileError
from onboarding.learning.reminding import (
    ReminderRules,
    furthest_day,
    may_recall,
    read,
    recalled_at,
    recalled_on,
)
from onboarding.learning.schedule import weekdays_except
from service.runtime.editions import load_editions

CHRISTMAS, ASSUMPTION = date(2026, 12, 25), date(2026, 8, 15)
WORKS = weekdays_except({CHRISTMAS})
PARIS, REUNION = "Europe/Paris", "Indian/Reunion"


@pytest.fixture(scope="module")
def rules() -> ReminderRules:
    return load_editions().reminder_rules_on(date(2026, 12, 1))


def may(at: datetime, starts_at: datetime, rules: ReminderRules, zone: str = PARIS) -> bool:
    return may_recall(
        at, starts_at, zone=zone, rules=rules, works=WORKS, is_holiday=(CHRISTMAS, ASSUMPTION).__contains__
    )


def test_a_class_is_recalled_on_the_working_day_before_over_weekends_and_holidays(
    rules: ReminderRules,
) -> None:
    told = {
        day: recalled_on(date(2026, *day), rules=rules, works=WORKS)
        for day in ((12, 1), (11, 30), (11, 29), (12, 28))
    }
    assert told == {
        (12, 1): date(2026, 11, 30), (11, 30): date(2026, 11, 27), (11, 29): date(2026, 11, 27),
        (12, 28): date(2026, 12, 24),
    }  # fmt: skip


def test_the_hour_is_that_of_the_place_of_the_class(rules: ReminderRules) -> None:
    starts = datetime(2026, 12, 1, 10, tzinfo=UTC)
    hours = {
        zone: recalled_at(starts, zone=zone, rules=rules, works=WORKS).astimezone(UTC).hour
        for zone in (PARIS, REUNION)
    }
    assert hours == {PARIS: 8, REUNION: 5}
    monday = datetime(2026, 11, 30, 6, tzinfo=UTC)
    assert not may(monday, starts, rules)
    assert may(monday, starts, rules, REUNION)


def test_nothing_leaves_at_night_on_a_sunday_or_a_holiday_or_when_the_class_is_about_to_begin(
    rules: ReminderRules,
) -> None:
    monday = datetime(2026, 11, 30, 13, tzinfo=UTC)
    friday = datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert may(friday, monday, rules)
    assert may(friday + timedelta(days=1), monday, rules), "a worker that stood still may write on Saturday"
    assert not may(friday + timedelta(days=2), monday, rules), "Sunday"
    assert not may(friday.replace(hour=18), monday, rules), "seven in the evening"
    assert may(monday - timedelta(hours=1), monday, rules)
    assert not may(monday - timedelta(minutes=59), monday, rules)
    after_christmas = datetime(2026, 12, 26, 13, tzinfo=UTC)
    assert not may(datetime(2026, 12, 25, 9, tzinfo=UTC), after_christmas, rules)


@given(st.dates(date(2026, 1, 1), date(2028, 12, 1)), st.integers(1, 5))
def test_no_class_that_is_to_be_recalled_lies_beyond_the_furthest_day(today: date, before: int) -> None:
    rules = load_editions().reminder_rules_on(date(2026, 12, 1)).model_copy(
        update={"working_days_before": before}
    )  # fmt: skip
    last = furthest_day(today, rules=rules, works=WORKS)
    assert recalled_on(last, rules=rules, works=WORKS) <= today
    assert recalled_on(last + timedelta(days=1), rules=rules, works=WORKS) > today


def test_rules_under_which_no_letter_could_ever_leave_are_refused(rules: ReminderRules) -> None:
    text = rules.model_dump_json()
    assert read(text) == rules
    for wrong in ({"until_hour": 9}, {"silent_weekdays": tuple(range(1, 8))}, {"hour": 23}):
        with pytest.raises(FaultyFileError):
            read(rules.model_copy(update=wrong).model_dump_json())
