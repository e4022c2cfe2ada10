import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.matching.availability import HoursPolicy, joined, overlap, usable_hours
from assessments.matching.matching import read_policy
from assessments.profiles import CandidateProfile, ProgrammeProfile, Window

DATA = Path(__file__).parents[2] / "assessments" / "data"
GOLD = Path(__file__).parents[3] / "shared" / "data" / "gold" / "dev"
POLICY: HoursPolicy = read_policy((DATA / "policies" / "matching" / "2026-11.yaml").read_text("utf-8")).hours


def window(day, start, end):
    return Window.model_validate({"day": day, "from": start, "to": end})


def usable(windows, opening, *, weekly=35.0, wished=None, split=False):
    return usable_hours(
        windows, opening, weekly_hours=weekly, wished_hours=wished, split_shifts_allowed=split, policy=POLICY
    ).usable


ALWAYS = [window(day, "00:00", "24:00") for day in range(1, 8)]


def test_a_long_day_loses_its_meal_break_and_gives_at_most_eight_hours():
    assert usable([window(1, "09:00", "16:00")], ALWAYS) == 6.25
    assert usable([window(1, "08:00", "14:00")], ALWAYS) == 6
    assert usable([window(1, "06:00", "22:00")], ALWAYS) == 8


def test_without_split_shifts_only_the_longest_block_of_a_day_counts():
    halves = [window(1, "09:00", "12:30"), window(1, "14:00", "18:00")]

    assert usable(halves, ALWAYS) == 4
    assert usable(halves, ALWAYS, split=True) == 7.5


def test_a_day_of_less_than_three_hours_is_not_worked():
    assert usable([window(1, "09:00", "11:30")], ALWAYS) == 0
    assert usable([window(1, "09:00", "11:00"), window(1, "14:00", "15:00")], ALWAYS, split=True) == 3


def test_blocks_under_an_hour_are_dropped_and_three_at_most_are_added():
    bits = [window(1, f"{hour:02}:00", f"{hour + 1:02}:30") for hour in (6, 9, 12, 15)]

    assert usable(bits, ALWAYS, split=True) == 4.5
    assert usable([window(1, "09:00", "12:00"), window(1, "13:00", "13:45")], ALWAYS, split=True) == 3


def test_windows_that_touch_are_one_across_midnight_and_from_sunday_to_monday():
    night = [window(1, "22:00", "24:00"), window(2, "00:00", "04:00")]
    weekend = [window(7, "22:00", "24:00"), window(1, "00:00", "04:00")]

    assert usable(night, ALWAYS) == 6
    assert usable(weekend, weekend) == 6
    assert usable([window(1, "08:00", "10:00"), window(1, "10:00", "12:00")], ALWAYS) == 4


def test_somebody_always_free_where_it_is_always_open_works_six_days():
    assert usable(ALWAYS, ALWAYS) == 48
    assert usable([window(1, "08:00", "24:00"), window(2, "00:00", "24:00")], ALWAYS) == 16


def test_six_days_a_week_at_most_the_six_best():
    assert usable([window(day, "09:00", "13:00") for day in range(1, 8)], ALWAYS) == 24


def test_hours_wished_are_a_ceiling_and_no_wish_is_none():
    week = [window(day, "08:00", "14:00") for day in range(1, 6)]

    assert usable(week, ALWAYS, wished=20) == 20
    assert usable(week, ALWAYS) == 30


windows = st.builds(
    lambda day, start, length: window(
        day,
        f"{start // 2:02}:{start % 2 * 30:02}",
        f"{(end := min(48, start + length)) // 2:02}:{end % 2 * 30:02}",
    ),
    st.integers(1, 7),
    st.integers(0, 47),
    st.integers(1, 48),
)


@given(st.lists(windows, max_size=12), st.lists(windows, max_size=12))
def test_hours_stay_within_a_working_week_whatever_the_order(mine, theirs):
    hours = usable(mine, theirs, split=True)

    assert 0 <= hours <= 48
    assert hours == usable(mine[::-1], theirs[::-1], split=True)


@given(st.lists(windows, max_size=8), windows)
def test_without_a_meal_break_more_availability_never_gives_fewer_hours(mine, more):
    free = POLICY.model_copy(update={"meal_minutes": 0})
    before, after = (
        usable_hours(
            week, ALWAYS, weekly_hours=35, wished_hours=None, split_shifts_allowed=True, policy=free
        ).usable
        for week in (mine, [*mine, more])
    )

    # A block that joins two days is worked on the first of them, so only blocks within a day are compared.
    if all(start // 1440 == (end - 1) // 1440 for start, end in joined([*mine, more])):
        assert after >= before


@given(st.lists(windows, max_size=8), st.lists(windows, max_size=8))
def test_the_overlap_is_the_same_from_both_sides(mine, theirs):
    def minutes(some, others):
        return sum(end - start for start, end in overlap(joined(some), joined(others)))

    assert minutes(mine, theirs) == minutes(theirs, mine)


# The judged set is not ours to copy; the rules it follows are held above, on weeks of our own.
@pytest.mark.skipif(not GOLD.is_dir(), reason="the judged set is not beside the repository")
def test_hours_equal_those_of_the_judged_set():
    people = {
        row["id"]: CandidateProfile.model_validate(row)
        for row in json.loads((GOLD / "candidates.json").read_text())
    }
    work = {
        row["id"]: ProgrammeProfile.model_validate(row)
        for row in json.loads((GOLD / "programmes.json").read_text())
    }
    for judged in json.loads((GOLD / "judgements.json").read_text()):
        who, asked = people[judged["candidate"]], work[judged["programme"]]
        hours = usable(
            who.availability,
            asked.opening_hours,
            weekly=asked.weekly_hours,
            wished=who.desired_weekly_hours,
            split=asked.split_shifts_allowed,
        )
        assert hours == pytest.approx(judged["hours"]["usable"])
