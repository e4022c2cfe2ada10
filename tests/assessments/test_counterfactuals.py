from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.matching import courses
from assessments.matching.availability import usable_hours
from assessments.matching.counterfactuals import ChangeKind, Known, changed, openings_of
from assessments.matching.courses import Course, CourseCatalogueError, Lift
from assessments.matching.matching import Outcome
from assessments.matching.training_paths import Need, Training, needs_of
from assessments.matching.variations import VariationKind, gains_of
from assessments.matching.widening import widened
from assessments.values import Text
from tests.assessments.matched import GOOD_HOME, MATCHER, person, programme

DATA = Path(__file__).parents[2] / "assessments" / "data"
CATALOGUE = courses.read((DATA / "policies" / "courses" / "2026-11.yaml").read_text("utf-8"))
TRAINING = Training(CATALOGUE.every)
MORNINGS = [{"day": day, "from": "08:00", "to": "13:00"} for day in range(1, 6)]


def known(*args, **said):
    who = person(*args, **said)
    return Known(who, MATCHER.reader.read(who))


def course(name, minutes, *lifts, needs=()):
    return Course(
        id=name, title=Text(fr=name, en=name), minutes=minutes, needs=needs,
        lifts=tuple(Lift(skill=skill, since=since, level=level) for skill, since, level in lifts),
    )  # fmt: skip


def need(skill, shown, asked):
    return Need(skill=skill, shown=shown, asked=asked, text=skill)


LIFTS = st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.integers(1, 3)).filter(
    lambda one: one[1] < one[2]
)
COURSES = st.lists(
    st.tuples(st.integers(1, 90), st.lists(LIFTS, min_size=1, max_size=2, unique_by=lambda one: one[0])),
    min_size=1,
    max_size=6,
)


def reached(needs, chosen):
    """Whether some order of the courses, each taken once, lifts every need."""
    return any(_reached_in(needs, order) for order in permutations(chosen))


def _reached_in(needs, order):
    levels = {one.skill: one.shown for one in needs}
    for one in order:
        for lift in one.lifts:
            if lift.since <= levels.get(lift.skill, 9) < lift.level:
                levels[lift.skill] = lift.level
    return all(levels[one.skill] >= one.asked for one in needs)


@settings(max_examples=40, deadline=None)
@given(
    COURSES,
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 3)),
        min_size=1,
        max_size=3,
        unique_by=lambda one: one[0],
    ),
)
def test_no_other_choice_of_courses_takes_less_time(offered, wanted):
    listed = [course(f"k{at}", minutes, *lifts) for at, (minutes, lifts) in enumerate(offered)]
    needs = tuple(need(skill, 0, asked) for skill, asked in wanted)
    path = Training(listed).shortest(needs)
    closable = tuple(one for one in needs if one not in path.open_needs)
    assert reached(closable, path.courses)
    every = (some for size in range(len(listed) + 1) for some in combinations(listed, size))
    assert path.minutes == min(sum(one.minutes for one in some) for some in every if reached(closable, some))
    assert not any(reached((*closable, one), listed) for one in path.open_needs)


def test_two_courses_that_each_wait_for_the_other_close_one_need_and_say_which_stays_open():
    first, second = (
        course("first", 60, ("a", 0, 1), ("b", 1, 2)),
        course("second", 50, ("b", 0, 1), ("a", 1, 2)),
    )
    path = Training([first, second]).shortest((need("a", 0, 2), need("b", 0, 2)))
    assert [one.id for one in path.courses] == ["first", "second"]
    assert [one.skill for one in path.open_needs] == ["b"]


def test_what_must_come_before_is_part_of_the_path_and_of_its_time():
    path = Training(
        [course("basis", 50, ("x", 0, 1)), course("calls", 60, ("calls", 0, 2), needs=("basis",))]
    ).shortest((need("calls", 0, 2),))
    assert [one.id for one in path.courses] == ["basis", "calls"]
    assert path.minutes == 110


def test_every_course_teaches_a_skill_of_the_list():
    known_skills = MATCHER.reader.resolver.skills
    assert {lift.skill for one in CATALOGUE.every for lift in one.lifts} <= set(known_skills)


def test_a_catalogue_that_says_an_id_twice_says_where():
    row = "{id: a, title: {fr: a, en: a}, minutes: 10, lifts: [{skill: crm, level: 1}]}"
    head = "{edition: 2026-11, valid_from: 2026-11-01, source: s, confidence: c, minutes_a_day: 420,"
    with pytest.raises(CourseCatalogueError, match="course 1: the id 'a' is already that of course 0"):
        courses.read(f"{head} level_title: {{fr: x, en: x}}, courses: [{row}, {row}]}}")


def test_the_path_of_a_trainable_person_makes_the_match():
    asked = programme(skills=[{"text": "tchat", "level": 2, "importance": "must"}])
    prepared, who = MATCHER.prepare(asked), known()
    assert MATCHER.weigh(who.person, who.reading, prepared).outcome is Outcome.AFTER_TRAINING
    path = TRAINING.shortest(needs_of(prepared, who.reading))
    assert path.is_whole
    (opening,) = openings_of(who, [prepared], matcher=MATCHER, training=TRAINING)
    other = changed(who, opening.changes)
    assert MATCHER.weigh(other.person, other.reading, prepared).outcome is Outcome.MATCH


def test_a_course_and_some_hours_open_two_programmes_together():
    chat = {"text": "tchat", "level": 2, "importance": "must"}
    both = [MATCHER.prepare(programme(name, skills=[chat])) for name in ("q1", "q2")]
    (opening,) = openings_of(known(availability=MORNINGS), both, matcher=MATCHER, training=TRAINING)
    assert opening.programmes == ("q1", "q2")
    assert {change.kind for change in opening.changes} == {ChangeKind.COURSE, ChangeKind.HOURS}


def test_no_change_of_an_opening_can_be_left_out():
    prepared = MATCHER.prepare(programme(card_data=True, equipment_provided=False))
    who = known(home=GOOD_HOME | {"dedicated_room": False}, equipment=[], availability=MORNINGS)
    (opening,) = openings_of(who, [prepared], matcher=MATCHER, training=TRAINING)
    for change in opening.changes:
        other = changed(who, [one for one in opening.changes if one != change])
        assert MATCHER.weigh(other.person, other.reading, prepared).outcome is not Outcome.MATCH


def test_nothing_is_proposed_against_a_wish_or_for_a_language():
    wish = known(skills=["plus de téléphone"])
    language = known(languages=[{"code": "fr", "cefr": "A2"}])
    for who in (wish, language):
        assert openings_of(who, [MATCHER.prepare(programme())], matcher=MATCHER, training=TRAINING) == ()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 7), st.integers(12, 40), st.integers(2, 16)),
        max_size=7,
        unique_by=lambda one: one[0],
    ),
    st.booleans(),
    st.sampled_from([20, 28, 35]),
)
def test_added_hours_are_enough_and_lie_within_the_opening(stretches, split, weekly):
    windows = [
        {
            "day": day,
            "from": f"{start // 2:02d}:{start % 2 * 30:02d}",
            "to": f"{end // 2:02d}:{end % 2 * 30:02d}",
        }
        for day, start, length in stretches
        if (end := min(47, start + length))
    ]
    who, asked = person(availability=windows), programme(weekly_hours=weekly, split_shifts_allowed=split)
    added = widened(who, asked, MATCHER.policy.hours)
    assert added is not None  # open eleven hours a day, five days: always enough for somebody who is free
    hours = usable_hours(
        (*who.availability, *added), asked.opening_hours, weekly_hours=weekly, wished_hours=None,
        split_shifts_allowed=split, policy=MATCHER.policy.hours,
    )  # fmt: skip
    assert hours.usable >= 0.95 * weekly
    assert all("08:00" <= one.start < one.end <= "19:00" for one in added)


def test_hours_that_are_there_ask_for_nothing_and_hours_no_opening_gives_are_not_promised():
    assert widened(person(), programme(), MATCHER.policy.hours) == ()
    short = programme(opening_hours=MORNINGS, weekly_hours=35)
    assert widened(person(), short, MATCHER.policy.hours) is None


def test_opening_half_an_hour_earlier_brings_those_whom_it_fits():
    def asked(start, weekly):
        windows = [{"day": day, "from": start, "to": "15:00"} for day in range(1, 6)]
        return programme(opening_hours=windows, weekly_hours=weekly)

    early = [{"day": day, "from": "08:30", "to": "15:00"} for day in range(1, 6)]
    people = [known(f"n{at}", availability=early, desired_weekly_hours=35) for at in range(3)]
    # From 9 to 15 h there are 30 hours; from 8.30 a meal is due as well, and 28 h 45 remain: no gain, so none is told.
    assert VariationKind.OPENS_EARLIER not in {
        one.variation.kind for one in gains_of(people, MATCHER.prepare(asked("09:00", 30)), matcher=MATCHER)
    }
    later = [{"day": day, "from": "09:30", "to": "15:00"} for day in range(1, 6)]
    shorter = programme(opening_hours=later, weekly_hours=30)
    found = {one.variation.kind: one for one in gains_of(people, MATCHER.prepare(shorter), matcher=MATCHER)}
    assert found[VariationKind.OPENS_EARLIER].matches == ("n0", "n1", "n2")
    assert found[VariationKind.OPENS_EARLIER].variation.value == "09:00"


def test_a_must_asked_one_level_lower_brings_whom_it_kept_out():
    asked = programme(
        skills=[
            {"text": "négociation", "level": 3, "importance": "must"},
            {"text": "factures", "level": 3, "importance": "must"},
        ]
    )
    gained = gains_of([known()], MATCHER.prepare(asked), matcher=MATCHER)
    told = {(one.variation.kind, one.variation.skill): one for one in gained}
    assert told[VariationKind.ONLY_WISHED, "négociation"].leaves_no == ("n1",)


def test_what_is_only_wished_is_learnt_where_the_musts_are_not_enough():
    asked = programme(
        skills=[
            {"text": "tchat", "level": 2, "importance": "must"},
            {"text": "conseil en produits de beauté", "level": 2, "importance": "should"},
        ]
    )
    (opening,) = openings_of(known(), [MATCHER.prepare(asked)], matcher=MATCHER, training=TRAINING)
    taught = {lift.skill for change in opening.changes if change.course for lift in change.course.lifts}
    assert {"chat", "beauty_advice"} <= taught
