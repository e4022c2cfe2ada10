"""One definition of a match: a whole base weighed in columns equals each pair weighed alone, score for score."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.matching.availability import joined, usable_hours
from assessments.matching.matches import Blocking, Outcome
from assessments.profiles import Window
from assessments.ranking.figures import _carried, _in_order, rounded
from assessments.ranking.packed import layout_of, pack, shared_of
from assessments.ranking.people import gathered, merged
from assessments.ranking.ranking import OUTCOMES, Best, Ranker
from assessments.ranking.weeks import weeks_of
from service.runtime.editions import load_editions
from tests.assessments.crowds import crowd_of, week

MATCHER = load_editions().matcher
LAYOUT = layout_of(MATCHER.reader.resolver.skills, MATCHER.editions)

any_seed = st.integers(0, 2**32 - 1)
untimed = settings(deadline=None, max_examples=60)


def told(best: Best) -> list[tuple[int, int]]:
    return list(zip((-best.hundredths).tolist(), best.rows.tolist(), strict=True))


@untimed
@given(seed=any_seed)
def test_columns_give_each_pair_the_score_outcome_and_grade_of_weighing_it_alone(seed: int) -> None:
    persons, programmes = crowd_of(Random(seed), MATCHER, people=9, programmes=3)
    people, ranker = gathered(LAYOUT, persons), Ranker(MATCHER, programmes, rows_at_once=4)
    ordered = sorted(persons, key=lambda pair: pair[0].id)
    for at, programme in enumerate(programmes):
        found = ranker.weighed(people, at)
        for row, (person, reading) in enumerate(ordered):
            alone = MATCHER.weigh(person, reading, programme)
            figures = found.hundredths[row] / 100, OUTCOMES[found.outcomes[row]], found.grades[row]
            assert figures == (alone.score, alone.outcome, alone.grade)
            is_line = alone.outcome is Outcome.NO and alone.blocking is Blocking.LINE
            assert is_line or not found.line_alone[row]


@settings(deadline=None, max_examples=15)
@given(seed=any_seed)
def test_the_best_are_those_that_sorting_everybody_by_score_and_id_puts_first(seed: int) -> None:
    persons, programmes = crowd_of(Random(seed), MATCHER, people=60, programmes=2)
    persons += [(person.model_copy(update={"id": f"{person.id}-twin"}), one) for person, one in persons[:20]]
    people, ranker = gathered(LAYOUT, persons), Ranker(MATCHER, programmes, rows_at_once=16)
    ordered = sorted(persons, key=lambda pair: pair[0].id)
    for programme, best in zip(programmes, ranker.best(people, most=7), strict=True):
        alone = [MATCHER.weigh(person, reading, programme).score for person, reading in ordered]
        assert told(best) == sorted((-round(score * 100), row) for row, score in enumerate(alone))[:7]


def test_fewer_people_than_asked_for_are_all_there_and_nobody_is_nobody() -> None:
    persons, programmes = crowd_of(Random(1), MATCHER, people=3, programmes=2)
    ranker = Ranker(MATCHER, programmes)
    assert [len(one.rows) for one in ranker.best(gathered(LAYOUT, persons))] == [3, 3]
    nobody = gathered(LAYOUT, [])
    assert [len(one.rows) for one in ranker.best(nobody)] == [0, 0]
    assert len(ranker.weighed(nobody).rows) == 0


@settings(deadline=None, max_examples=25)
@given(seed=any_seed)
def test_people_who_come_into_columns_stand_there_as_if_all_had_been_gathered_at_once(seed: int) -> None:
    chance = Random(seed)
    persons, programmes = crowd_of(chance, MATCHER, people=12, programmes=1)
    ordered = sorted(persons, key=lambda pair: pair[0].id)
    is_new = [chance.random() < 0.3 for _ in ordered]
    old = [at for at, new in enumerate(is_new) if not new]
    new = [at for at, new in enumerate(is_new) if new]
    order = np.argsort([*old, *new])
    ranker = Ranker(MATCHER, programmes)
    sides = [gathered(LAYOUT, [ordered[at] for at in side]) for side in (old, new)]
    for side in sides:
        side.ready_for(ranker.contents)
    joined, whole = ranker.weighed(merged(*sides, order)), ranker.weighed(gathered(LAYOUT, persons))
    assert joined.hundredths.tolist() == whole.hundredths.tolist()
    assert joined.outcomes.tolist() == whole.outcomes.tolist()


@untimed
@given(seed=any_seed)
def test_minutes_of_many_weeks_are_those_of_each_week_alone(seed: int) -> None:
    chance, policy = Random(seed), MATCHER.policy.hours
    weeks = [[Window.model_validate(one) for one in week(chance)] for _ in range(6)]
    opening = [Window.model_validate(one) for one in week(chance)]
    for is_split in (True, False):
        together = weeks_of([joined(one) for one in weeks]).minutes(
            opening, split_shifts_allowed=is_split, policy=policy
        )
        for minutes, one in zip(together.tolist(), weeks, strict=True):
            alone = usable_hours(
                one, opening, weekly_hours=1, wished_hours=None, split_shifts_allowed=is_split, policy=policy
            )
            assert minutes / 60 == alone.usable


@given(values=st.lists(st.floats(0, 100), min_size=1), digits=st.sampled_from((2, 4)))
def test_columns_are_rounded_as_python_rounds_one_number(values: list[float], digits: int) -> None:
    halves = [round(value, digits) + 5 / 10 ** (digits + 1) for value in values]
    for some in (values, halves, [round(8 * value) / 8 for value in values]):
        together = rounded(np.array(some), digits) / 10**digits
        assert together.tolist() == [round(value, digits) for value in some]


@given(values=st.lists(st.lists(st.floats(0, 100), min_size=3, max_size=3), min_size=1, max_size=9))
def test_columns_are_added_as_python_adds(values: list[list[float]]) -> None:
    ways = [np.broadcast_to(way(map(np.array, values)), 3) for way in (_in_order, _carried)]
    sums = [sum(row) for row in zip(*values, strict=True)]
    assert any(way.tolist() == sums for way in ways)


def test_what_is_packed_of_a_person_is_of_one_length_and_named_by_its_editions() -> None:
    persons, _ = crowd_of(Random(2), MATCHER, people=12, programmes=0)
    packed = [pack(LAYOUT, *one) for one in persons]
    assert {len(one.record) for one in packed} == {LAYOUT.record.itemsize}
    for one, (person, reading) in zip(packed, persons, strict=True):
        assert shared_of(one.shared).week == joined(person.availability)
        assert shared_of(one.shared).tongue == reading.languages
    later = MATCHER.editions.model_copy(update={"readings": "2027-01"})
    assert layout_of(LAYOUT.skills, later).name != LAYOUT.name
