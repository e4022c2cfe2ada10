"""Weeks for needs by half hour: inside everybody's hours and the rules, covering what can be covered, and told."""

from itertools import pairwise

import numpy as np

from assessments.allocation.allocation import allocate
from assessments.allocation.allocations import Allocation, Infeasible, Placed, Status, WhyLeft
from assessments.allocation.coverage import A_DAY, half_hours_inside
from assessments.allocation.scenarios import compare, counterfactuals
from assessments.allocation.waves import Change, Goal, Scenario, Wave, read
from assessments.allocation.weeks import WeekAsked, Weeks
from tests.assessments.waves_made_up import policy

POLICY = policy()


def hours(start: str, end: str, days: range = range(1, 6)) -> list[dict[str, object]]:
    return [{"day": day, "from": start, "to": end} for day in days]


def shop(
    people: list[dict[str, object]], *, needs: list[dict[str, object]], seats: int = 1, **more: object
) -> Wave:
    programme = {"id": "p", "seats": seats, "needs": needs, "opening_hours": hours("08:00", "20:00"),
                 "weekly_hours": 20, **more}  # fmt: skip
    return read({"programmes": [programme], "people": people})


def person(name: str, score: float, start: str = "08:00", end: str = "20:00") -> dict[str, object]:
    fits = [{"programme": "p", "score": score}]
    return {"id": name, "fits": fits, "availability": hours(start, end)}


def needed(people: int, start: str, end: str) -> list[dict[str, object]]:
    return [{**window, "people": people} for window in hours(start, end)]


def solved(given: Wave) -> Allocation:
    found = allocate(given, POLICY, seconds=0.5)
    assert isinstance(found, Allocation)
    return found


def slots_of(placed: Placed) -> frozenset[int]:
    assert placed.roster is not None
    return half_hours_inside(placed.roster)


def test_who_can_work_at_the_peak_comes_before_who_fits_a_little_better_and_it_is_told() -> None:
    given = shop([person("morning", 80, "08:00", "14:00"), person("evening", 75, "14:00", "20:00")],
                 needs=needed(1, "15:00", "19:00"))  # fmt: skip
    found = solved(given)
    assert [one.person for one in found.placed] == ["evening"]
    assert (found.coverage[0].short, found.status) == (0, Status.PROVED)
    assert found.left[0].why is WhyLeft.HOURS_NEEDED_LESS
    assert [(one.person, one.points) for one in found.fairness.passed_over] == [("morning", 5.0)]


def test_nobody_is_passed_over_by_more_points_than_the_policy_allows() -> None:
    given = shop([person("morning", 95, "08:00", "14:00"), person("evening", 75, "14:00", "20:00")],
                 needs=needed(1, "15:00", "19:00"))  # fmt: skip
    found = solved(given)
    assert [one.person for one in found.placed] == ["morning"]
    assert found.coverage[0].short == found.coverage[0].needed == 40


def test_what_lacks_is_said_half_hour_by_half_hour() -> None:
    found = solved(shop([person("a", 80)], needs=needed(2, "09:00", "13:00")))
    coverage = found.coverage[0]
    assert (coverage.needed, coverage.covered) == (80, 40)
    assert {(one.needed, one.there, one.short) for one in coverage.half_hours} == {(2, 1, 1)}
    assert [(one.day, one.start) for one in coverage.half_hours[:2]] == [(1, "09:00"), (1, "09:30")]


def _wave_of_ten(*, split: bool) -> Wave:
    kinds = [("08:00", "20:00"), ("08:00", "14:00"), ("13:00", "20:00"), ("09:00", "17:00")]
    people = [person(f"c{at}", 60 + at, *kinds[at % 4]) for at in range(10)]
    needs = needed(2, "08:00", "20:00") + needed(4, "10:00", "12:00") + needed(5, "14:00", "16:00")
    return shop(people, needs=needs, seats=6, weekly_hours=25, split_shifts_allowed=split)


def test_every_week_keeps_hours_contract_blocks_pauses_and_rest() -> None:
    for split in (False, True):
        given = _wave_of_ten(split=split)
        free = {one.id: half_hours_inside(one.availability or ()) for one in given.people}
        found = solved(given)
        assert len(found.placed) == 6
        for placed in found.placed:
            slots = slots_of(placed)
            assert slots <= free[placed.person]
            assert len(slots) == placed.half_hours == 50
            for day in range(7):
                _holds(sorted(slot for slot in slots if slot // A_DAY == day), is_split=split)
        for one, recounted in ((one, _there(found, one.slot)) for one in found.coverage[0].half_hours):
            assert one.there == recounted


def _there(found: Allocation, slot: int) -> int:
    return sum(slot in slots_of(placed) for placed in found.placed)


def _holds(day: list[int], *, is_split: bool) -> None:
    if not day:
        return
    assert 6 <= len(day) <= 16
    breaks = [later - slot - 1 for slot, later in pairwise(day) if later > slot + 1]
    assert len(breaks) <= 1
    assert all(length >= 2 if is_split else length == 2 for length in breaks)


def test_the_same_wave_gives_the_same_answer_and_never_passes_its_bound() -> None:
    given = _wave_of_ten(split=False)
    one, other = solved(given), solved(given.model_copy(update={"people": given.people[::-1]}))
    assert {placed.person: placed for placed in one.placed} == {
        placed.person: placed for placed in other.placed
    }
    assert all(goal.value <= goal.bound for goal in one.goals)
    coverage = next(goal for goal in one.goals if goal.goal is Goal.COVERAGE)
    assert coverage.value == one.coverage[0].covered
    assert coverage.gap < 0.05


def test_the_best_week_is_the_best_of_all_weeks_of_a_small_case() -> None:
    free = frozenset(day * A_DAY + slot for day in (0, 1) for slot in range(16, 26))
    weeks = Weeks(WeekAsked(free, 14, False), POLICY.week)
    chance = np.random.default_rng(5)
    for _ in range(20):
        worth = chance.random(7 * A_DAY)
        value, slots = weeks.best(worth)
        assert len(slots) == weeks.target == 14
        days = [_ways(day, worth) for day in (0, 1)]
        best = max(a + b for first, a in days[0] for second, b in days[1] if first + second == 14)
        assert abs(value - best) < 1e-4


def _ways(day: int, worth: np.ndarray) -> list[tuple[int, float]]:
    slots = range(day * A_DAY + 16, day * A_DAY + 26)
    blocks = [range(a, b) for a in slots for b in range(a + 2, slots[-1] + 2)]
    single = [block for block in blocks if 6 <= len(block) <= 12]
    pairs = [(a, b) for a in blocks for b in blocks if b[0] == a[-1] + 3 and 6 <= len(a) + len(b) <= 16]
    found = [(len(block), float(worth[list(block)].sum())) for block in single]
    return [*found, *((len(a) + len(b), float(worth[[*a, *b]].sum())) for a, b in pairs)]


def test_a_night_and_somebody_without_enough_hours_in_common() -> None:
    night = [*hours("22:00", "24:00", range(1, 8)), *hours("00:00", "06:00", range(1, 8))]
    given = read({
        "programmes": [{"id": "p", "seats": 2, "needs": [{"day": 2, "from": "01:00", "to": "04:00", "people": 1}],
                        "opening_hours": night, "weekly_hours": 21}],
        "people": [{"id": "owl", "fits": [{"programme": "p", "score": 60}], "availability": night}, person("lark", 90)],
    })  # fmt: skip
    found = solved(given)
    assert [one.person for one in found.placed] == ["owl"]
    assert (found.coverage[0].covered, found.left[0].why) == (6, WhyLeft.HOURS)


def test_scenarios_stand_side_by_side_and_one_that_cannot_hold_says_so() -> None:
    given = shop([person("a", 80), person("b", 60)], needs=[])
    more, none = (Change(programme="p", seats=2), Change(programme="p", seats=3, seats_min=3))
    found = compare(
        given, [Scenario(name="two", changes=(more,)), Scenario(name="three", changes=(none,))], POLICY
    )
    assert (found.scenarios[0].more, found.scenarios[0].points) == (("b",), 60)
    assert isinstance(found.scenarios[1].result, Infeasible)


def test_opening_half_an_hour_earlier_is_solved_again_and_says_who_comes() -> None:
    early = [{"id": name, "fits": [{"programme": "p", "score": 70}], "availability": hours("08:30", "12:30")}
             for name in ("a", "b")]  # fmt: skip
    given = read({
        "programmes": [{"id": "p", "title": "Énergie", "seats": 5, "weekly_hours": 25,
                        "opening_hours": hours("09:00", "18:00")}],
        "people": [*early, {"id": "c", "fits": [{"programme": "p", "score": 50}]}],
    })  # fmt: skip
    found = counterfactuals(given, POLICY)
    assert [(one.people_more, one.more) for one in found] == [(2, ("a", "b"))]
    assert found[0].text.fr == "Énergie ouvre 30 minutes plus tôt. Personnes placées : 2 de plus."
    assert found[0].change.opening_hours is not None
    assert {one.start for one in found[0].change.opening_hours} == {"08:30"}
