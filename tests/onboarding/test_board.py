"""Who needs a hand, and where the hours of learning go."""

from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.content import Label
from onboarding.faults import FaultyFileError
from onboarding.learning.board import Situation, Standing, read, situations, stuck_before
from onboarding.learning.placement import Stretch, Study, dates_around, place
from onboarding.learning.schedule import due_dates, weekdays_except
from onboarding.learning.tailored import held_live, tailor, taken_over
from onboarding.paths.paths import faults_of
from tests.onboarding.samples import sample

RULES = read(files("onboarding").joinpath("data/board/2026-11.yaml").read_text("utf-8"))
WORKS = weekdays_except({date(2026, 12, 25)})
TODAY = date(2026, 11, 24)
WEEK = tuple(Stretch(weekday=day, from_minute=9 * 60, to_minute=17 * 60) for day in range(1, 6))


def standing(**changed: object) -> Standing:
    on_its_way = {
        "is_complete": False, "start": TODAY - timedelta(days=20), "next_due": TODAY, "moved_on": TODAY,
        "unpassed": 0, "waits_for_trainer": False,
    }  # fmt: skip
    return Standing.model_validate({**on_its_way, **changed})


def told(**changed: object) -> tuple[Situation, ...]:
    before = stuck_before(TODAY, rules=RULES, works=WORKS)
    return situations(standing(**changed), today=TODAY, stuck_before=before, rules=RULES)


def test_a_learner_on_the_way_needs_nobody() -> None:
    assert told() == ()


def test_the_first_thing_to_act_on_comes_first() -> None:
    all_at_once = told(
        next_due=TODAY - timedelta(days=1), moved_on=TODAY - timedelta(days=8), unpassed=2,
        waits_for_trainer=True, class_on=TODAY,
    )  # fmt: skip
    assert all_at_once == tuple(Situation)


def test_five_working_days_without_a_step_are_a_standstill_and_a_weekend_is_not() -> None:
    assert told(moved_on=date(2026, 11, 17)) == ()
    assert told(moved_on=date(2026, 11, 16)) == (Situation.STUCK,)


def test_nobody_is_late_before_the_start_or_after_the_end() -> None:
    late = {"next_due": TODAY - timedelta(days=9), "moved_on": TODAY - timedelta(days=90)}
    assert told(**late, start=TODAY + timedelta(days=1)) == ()
    assert told(**late, is_complete=True) == ()


def test_a_class_today_is_soon_and_one_of_yesterday_is_not() -> None:
    assert told(class_on=TODAY) == (Situation.CLASS_SOON,)
    assert told(class_on=TODAY - timedelta(days=1)) == ()
    assert told(class_on=TODAY + timedelta(days=RULES.class_within_days + 1)) == ()


def test_an_edition_whose_day_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(FaultyFileError, match="ends before it begins"):
        read(RULES.model_copy(update={"day_to_minute": 60}).model_dump_json())


STRETCHES = st.lists(
    st.builds(
        lambda day, start, length: Stretch(weekday=day, from_minute=start, to_minute=min(1440, start + length)),
        st.integers(1, 7), st.integers(0, 1400), st.integers(1, 600),
    ),
    max_size=12,
)  # fmt: skip
STUDIES = st.lists(st.integers(5, 600), min_size=1, max_size=6).map(
    lambda lengths: [Study(module=f"m{place}", minutes=length) for place, length in enumerate(lengths)]
)


@given(STUDIES, STRETCHES)
def test_hours_lie_inside_the_week_and_add_up_to_each_module(
    studies: list[Study], week: list[Stretch]
) -> None:
    found = place(studies, week=week, first=TODAY, works=WORKS, rules=RULES)
    minutes: dict[str, int] = {}
    for one in found.sittings:
        minutes[one.module] = minutes.get(one.module, 0) + one.minutes
        assert WORKS(one.day)
        end = one.from_minute + one.minutes
        assert RULES.day_from_minute <= one.from_minute < end <= RULES.day_to_minute
        free = {
            minute
            for stretch in week
            if stretch.weekday == one.day.isoweekday()
            for minute in range(stretch.from_minute, stretch.to_minute)
        }
        assert free.issuperset(range(one.from_minute, end))
    for study in studies:
        if study.module not in found.unplaced:
            assert minutes[study.module] == study.minutes
    starts = [(one.day, one.from_minute) for one in found.sittings]
    assert starts == sorted(set(starts)), "nothing overlaps, and the order of the path holds"
    assert [one.module for one in found.sittings] == sorted(one.module for one in found.sittings)


def test_a_module_is_cut_into_sittings_with_breaks() -> None:
    found = place([Study(module="calls", minutes=200)], week=WEEK, first=TODAY, works=WORKS, rules=RULES)
    assert [(one.day.day, one.from_minute, one.minutes) for one in found.sittings] == [
        (24, 540, 90), (24, 645, 90), (24, 750, 20),
    ]  # fmt: skip
    assert found.due() == {"calls": TODAY}


def test_no_more_than_the_hours_of_a_day_and_never_on_a_holiday() -> None:
    day = date(2026, 12, 24)
    found = place([Study(module="calls", minutes=300)], week=WEEK, first=day, works=WORKS, rules=RULES)
    assert sum(one.minutes for one in found.sittings if one.day == day) == RULES.minutes_a_day
    assert found.done_on == date(2026, 12, 28)


def test_hours_set_apart_before_are_left_alone_and_count_for_the_day() -> None:
    before = place([Study(module="first", minutes=90)], week=WEEK, first=TODAY, works=WORKS, rules=RULES)
    found = place(
        [Study(module="calls", minutes=200)], week=WEEK, first=TODAY, works=WORKS, rules=RULES,
        busy=before.sittings,
    )  # fmt: skip
    assert [(one.day.day, one.from_minute, one.minutes) for one in found.sittings] == [
        (24, 645, 90), (24, 750, 60), (25, 540, 50),
    ]  # fmt: skip


def test_without_a_free_hour_everything_is_told_as_unplaced() -> None:
    found = place([Study(module="calls", minutes=60)], week=(), first=TODAY, works=WORKS, rules=RULES)
    assert (found.sittings, found.unplaced, found.done_on) == ((), ("calls",), None)


def test_a_module_without_hours_is_never_due_before_what_it_waits_for() -> None:
    one = sample().modules[0]
    modules = [one.model_copy(update={"slug": slug, "minutes": 600}) for slug in ("one", "two", "three")]
    path = tailor(modules, taught=[one.title], words=RULES.tailored, today=TODAY, minutes_a_day=240)
    an_hour_a_week = [Stretch(weekday=5, from_minute=600, to_minute=660)]
    studies = [Study(module=module.slug, minutes=module.minutes) for module in modules]
    found = place(studies, week=an_hour_a_week, first=TODAY, works=WORKS, rules=RULES)
    counted = due_dates(path, start=TODAY, working_days=WORKS)
    own = dates_around(found, path, counted=counted, works=WORKS)
    assert (found.unplaced, counted["three"]) == (("three",), date(2026, 12, 3))
    assert own == {"one": date(2027, 2, 5), "two": date(2027, 4, 16), "three": date(2027, 4, 20)}


def test_a_made_path_has_no_fault_and_the_same_lack_gives_the_same_path() -> None:
    shipped = sample()
    title = Label(fr="Logiciel client, niveau 2", en="Customer software, level 2")
    modules = [
        *(taken_over(shipped, module, {"listening": 1}) for module in shipped.modules),
        *held_live("crm-2", title, 650, {"crm": 2}, RULES.tailored, most_minutes=240),
    ]
    one = tailor(modules, taught=[title], words=RULES.tailored, today=TODAY, minutes_a_day=240)
    assert faults_of(one) == ()
    assert one.minutes == sum(module.minutes for module in modules)
    assert one.modules[1].prerequisites == (one.modules[0].slug,)
    assert [module.teaches for module in one.modules][-3:] == [(), (), ("crm",)]
    other_day = tailor(
        modules, taught=[title], words=RULES.tailored, today=TODAY + timedelta(days=3), minutes_a_day=240
    )
    assert (other_day.slug, other_day.edition) == (one.slug, "2026-11-27")
    assert (
        tailor(modules[1:], taught=[title], words=RULES.tailored, today=TODAY, minutes_a_day=240).slug
        != one.slug
    )
