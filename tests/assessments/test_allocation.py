"""A wave placed as a whole: as good as trying everything, proved by prices, fair among equals, locks kept."""

import pytest

from assessments.allocation.allocation import allocate, is_proved
from assessments.allocation.allocations import Allocation, Cause, Infeasible, Status, WhyLeft
from assessments.allocation.proof import bound_of, faults_of_placing
from assessments.allocation.waves import Goal, Lock, Wave, WaveError, read
from tests.assessments.waves_made_up import goals_of, placings, policy, wave

POLICY = policy()
ORDERS = ((Goal.FILL, Goal.FIT, Goal.WISHES), (Goal.WISHES, Goal.FILL, Goal.FIT), (Goal.FIT, Goal.WISHES))


def placing_of(found: Allocation) -> dict[str, str]:
    return {one.person: one.programme for one in found.placed}


def by_name(found: Allocation) -> dict[str, object]:
    return {one.person: one for one in (*found.placed, *found.left)}


def test_it_equals_trying_everything_on_two_hundred_small_waves() -> None:
    infeasible = 0
    for number in range(200):
        given, goals = wave(number), ORDERS[number % 3]
        order = [(Goal.FILL, Goal.FIT, Goal.WISHES).index(goal) for goal in goals]
        reached = [goals_of(given, one, POLICY.wish_points) for one in placings(given)]
        found = allocate(given, POLICY, goals=goals)
        if isinstance(found, Infeasible):
            infeasible += 1
            assert not reached, number
            continue
        ours = goals_of(given, placing_of(found), POLICY.wish_points)
        assert placing_of(found) in list(placings(given)), number
        best = max(tuple(one[at] for at in order) for one in reached)
        assert tuple(ours[at] for at in order) == best, number
        assert [goal.value for goal in found.goals] == list(best)
        assert found.status is Status.PROVED
        assert is_proved(given, found, POLICY), number
    assert 20 < infeasible < 120


def test_taking_the_best_pair_first_never_gives_more() -> None:
    for number in range(60):
        given = wave(number, people=12, programmes=4).model_copy(update={"locks": ()})
        programmes = tuple(one.model_copy(update={"seats_min": 0}) for one in given.programmes)
        found = allocate(given.model_copy(update={"programmes": programmes}), POLICY, goals=[Goal.FIT])
        assert isinstance(found, Allocation)
        assert found.total >= found.by_hand.total


def test_a_wrong_price_or_a_worse_placing_proves_nothing() -> None:
    given = wave(3, people=9)
    found = allocate(given, POLICY)
    assert isinstance(found, Allocation)
    assert found.certificate
    first, *others = found.certificate.prices
    dearer = first.model_copy(update={"price": first.price + 1_000_000})
    wrong = found.certificate.model_copy(update={"prices": (dearer, *others)})
    assert not is_proved(given, found.model_copy(update={"certificate": wrong}), POLICY)
    assert not is_proved(given, found.model_copy(update={"placed": found.placed[1:]}), POLICY)
    assert bound_of({("a", "x"): 5}, {"x": 9}, {"x": 1}, {"x": 0}) == 9
    assert faults_of_placing({("a", "x"): 1}, [("a", "x"), ("a", "x"), ("b", "x")], {"x": 1}, {"x": 0})


def test_the_order_in_which_people_and_programmes_are_given_changes_nothing() -> None:
    for number in range(30):
        given = wave(number, people=10)
        turned = given.model_copy(update={"people": given.people[::-1], "programmes": given.programmes[::-1]})
        one, other = allocate(given, POLICY), allocate(turned, POLICY)
        if isinstance(one, Allocation):
            assert isinstance(other, Allocation)
            assert placing_of(one) == placing_of(other)


def _equals(**more: object) -> Wave:
    people = [{"id": name, "fits": [{"programme": "p", "score": 70}]} for name in ("a", "b", "c", "d")]
    people[2].update(more)
    return read({"programmes": [{"id": "p", "seats": 1}], "people": people})


def test_among_equals_who_was_left_before_comes_first_and_then_a_draw_that_is_told() -> None:
    found = allocate(_equals(left_before=1), POLICY)
    assert isinstance(found, Allocation)
    assert placing_of(found) == {"c": "p"}
    assert set(found.fairness.drawn) == {"a", "b", "d"}
    assert {one.why for one in found.left} == {WhyLeft.EQUALS}
    seen = set()
    for seed in range(40):
        drawn = allocate(_equals().model_copy(update={"seed": seed}), POLICY)
        assert isinstance(drawn, Allocation)
        seen |= set(placing_of(drawn))
    assert seen == {"a", "b", "c", "d"}


def test_nobody_left_fits_better_than_somebody_placed_there_when_only_seats_bind() -> None:
    for number in range(60):
        given = wave(number, people=12, programmes=4).model_copy(update={"locks": ()})
        found = allocate(given, POLICY)
        if isinstance(found, Allocation) and not any(one.seats_min for one in given.programmes):
            assert found.fairness.passed_over == ()


def test_everybody_is_placed_or_left_with_a_reason_in_both_languages() -> None:
    found = allocate(wave(11, people=14), POLICY)
    assert isinstance(found, Allocation)
    assert len(found.placed) + len(found.left) == 14
    for one in (*found.placed, *found.left):
        assert one.reason.fr
        assert "{" not in one.reason.fr + one.reason.en


def test_a_lock_is_kept_and_its_seat_is_gone() -> None:
    given = read({
        "programmes": [{"id": "p", "seats": 1}, {"id": "q", "seats": 1}],
        "people": [{"id": "a", "fits": [{"programme": "p", "score": 90}, {"programme": "q", "score": 80}]},
                   {"id": "b", "fits": [{"programme": "p", "score": 40}]}],
        "locks": [{"person": "b", "programme": "p", "kind": "at"}, {"person": "a", "programme": "q", "kind": "never"}],
    })  # fmt: skip
    found = allocate(given, POLICY)
    assert isinstance(found, Allocation)
    assert placing_of(found) == {"b": "p"}
    assert found.placed[0].is_locked
    assert {one.why for one in found.left[0].programmes} == {WhyLeft.KEPT_OUT, WhyLeft.SEATS_TAKEN}
    assert [one.placed for one in found.fairness.passed_over] == ["b"]
    assert is_proved(given, found, POLICY)


def test_a_programme_without_seats_and_one_nobody_fits_are_told() -> None:
    given = read({
        "programmes": [{"id": "p", "seats": 0}, {"id": "q", "seats": 3}],
        "people": [{"id": "a", "fits": [{"programme": "p", "score": 90}]}, {"id": "b"}],
    })  # fmt: skip
    found = allocate(given, POLICY)
    assert isinstance(found, Allocation)
    assert [one.why for one in found.left] == [WhyLeft.NO_SEATS, WhyLeft.NO_FIT]
    assert found.total == 0
    assert is_proved(given, found, POLICY)


def test_an_empty_wave_is_an_empty_answer() -> None:
    found = allocate(read({"programmes": [], "people": []}), POLICY)
    assert isinstance(found, Allocation)
    assert (found.placed, found.left, found.gap) == ((), (), 0)


def _causes(found: object) -> list[set[tuple[Cause, str | None]]]:
    assert isinstance(found, Infeasible)
    return [{(one.cause, one.programme) for one in collision} for collision in found.collisions]


def test_least_numbers_that_the_same_people_would_have_to_fill_collide_and_no_others_are_named() -> None:
    fits = [{"programme": "p", "score": 50}, {"programme": "q", "score": 50}]
    given = read({
        "programmes": [{"id": name, "seats": 3, "seats_min": least} for name, least in (("p", 2), ("q", 2), ("r", 1))],
        "people": [*({"id": name, "fits": fits} for name in "abc"),
                   {"id": "d", "fits": [{"programme": "r", "score": 9}]}],
    })  # fmt: skip
    assert _causes(allocate(given, POLICY)) == [
        {(Cause.SEATS_MIN, "p"), (Cause.SEATS_MIN, "q"), (Cause.FIT, None)}
    ]


def test_locks_that_collide_with_seats_with_each_other_or_with_what_a_person_can_do_are_named() -> None:
    fits = [{"programme": "p", "score": 50}, {"programme": "q", "score": 50}]
    people = [{"id": name, "fits": fits} for name in "abc"] + [{"id": "d"}]
    base = read({"programmes": [{"id": "p", "seats": 1}, {"id": "q", "seats": 2}], "people": people})

    def with_locks(*locks: tuple[str, str, str]) -> object:
        given = tuple(Lock.model_validate({"person": a, "programme": b, "kind": c}) for a, b, c in locks)
        return allocate(base.model_copy(update={"locks": given}), POLICY)

    assert _causes(with_locks(("a", "p", "at"), ("b", "p", "at"))) == [
        {(Cause.SEATS, "p"), (Cause.LOCK_AT, "p")}
    ]
    assert _causes(with_locks(("a", "p", "at"), ("a", "p", "never"))) == [
        {(Cause.LOCK_AT, "p"), (Cause.LOCK_NEVER, "p")}
    ]
    assert (Cause.ONE_PLACE, None) in _causes(with_locks(("a", "p", "at"), ("a", "q", "at")))[0]
    assert _causes(with_locks(("d", "p", "at"))) == [{(Cause.LOCK_AT, "p"), (Cause.FIT, "p")}]


def test_what_makes_no_sense_is_refused_with_its_place() -> None:
    with pytest.raises(WaveError) as error:
        read({
            "programmes": [{"id": "p"}, {"id": "p", "needs": [{"day": 1, "from": "07:00", "to": "09:00", "people": 1}],
                                         "opening_hours": [{"day": 1, "from": "08:00", "to": "18:00"}]}],
            "people": [{"id": "a", "fits": [{"programme": "z", "score": 1}]}, {"id": "a"}],
            "locks": [{"person": "nobody", "programme": "p", "kind": "at"}],
        })  # fmt: skip
    assert [fault.path for fault in error.value.faults] == [
        "programmes[1].id", "people[1].id", "people[0].fits[0].programme", "programmes[1].needs[0]", "locks[0].person",
    ]  # fmt: skip
    with pytest.raises(WaveError, match=r"people\[0\].availability\[0\].*ends before it starts"):
        read(
            {
                "programmes": [],
                "people": [{"id": "a", "availability": [{"day": 1, "from": "12:00", "to": "11:00"}]}],
            }
        )
