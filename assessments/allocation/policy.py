"""How a whole wave is placed: the order of goals, what a week may look like, what fairness asks, and every sentence."""

from typing import Annotated

from pydantic import Field

from assessments.allocation.waves import Goal
from assessments.editions import Edition, EditionError, Fault, faults_of_words, read_as
from assessments.values import Text, Value

HalfHours = Annotated[int, Field(ge=0, le=48)]


class WeekRules(Value):
    """What a week of work may look like, in half hours; blocks are stretches of one day.

    A meal pause of `pause` half hours is none of the breaks that split a day; at most one a day. Without one nobody
    works more than `pause_after` in a row. `rest` lies between the end of one day's work and the start of the next.
    """

    block_min: Annotated[int, Field(ge=1, le=48)]
    day_min: HalfHours
    day_max: HalfHours
    days_max: Annotated[int, Field(ge=1, le=7)]
    blocks_max: Annotated[int, Field(ge=1, le=4)]
    blocks_max_split: Annotated[int, Field(ge=1, le=4)]
    pause_after: HalfHours
    pause: Annotated[int, Field(ge=1, le=6)]
    rest: HalfHours


class FairnessRule(Value):
    """By how many points somebody may be passed over at most where half hours decide."""

    passed_over_points_max: Annotated[float, Field(ge=0, le=100)]


class Effort(Value):
    """How long half hours are searched for, and up to how many pairs by prices and choice."""

    seconds: Annotated[float, Field(gt=0, le=3600)]
    rounds: Annotated[int, Field(ge=1, le=1000)]
    rounds_later: Annotated[int, Field(ge=1, le=1000)]
    pairs_max: Annotated[int, Field(ge=0)]


class Changes(Value):
    """What counterfactuals try for each programme."""

    seats: tuple[Annotated[int, Field(ge=1)], ...] = ()
    open_earlier_minutes: tuple[Annotated[int, Field(ge=30, multiple_of=30)], ...] = ()
    close_later_minutes: tuple[Annotated[int, Field(ge=30, multiple_of=30)], ...] = ()


class AllocationWords(Value):
    """Every sentence said of a placing."""

    locked: Text
    best_fit: Text
    better_elsewhere: Text
    no_fit: Text
    kept_out: Text
    no_seats: Text
    hours: Text
    seats_taken: Text
    seats_locked: Text
    equals: Text
    hours_needed_less: Text
    wishes_first: Text
    whole_first: Text
    passed_by_lock: Text
    passed_by_hours: Text
    passed_by_wishes: Text
    passed_by_whole: Text
    infeasible: Text
    collide_seats: Text
    collide_seats_min: Text
    collide_people: Text
    collide_lock_at: Text
    collide_lock_never: Text
    collide_one_place: Text
    collide_fit: Text
    collide_hours: Text
    seats_more: Text
    open_earlier: Text
    close_later: Text


_FACTS = {
    "best_fit": frozenset({"score"}),
    "better_elsewhere": frozenset({"other", "points"}),
    "no_seats": frozenset({"programme"}),
    "hours": frozenset({"programme", "usable", "asked"}),
    "seats_taken": frozenset({"programme", "seats", "points"}),
    **dict.fromkeys(("seats_locked", "equals", "hours_needed_less"), frozenset({"programme"})),
    **dict.fromkeys(("wishes_first", "whole_first"), frozenset({"programme"})),
    **dict.fromkeys(("collide_seats", "collide_seats_min"), frozenset({"programme", "count"})),
    "collide_people": frozenset({"count", "asked"}),
    **dict.fromkeys(("collide_lock_at", "collide_lock_never"), frozenset({"programme"})),
    **dict.fromkeys(("collide_fit", "collide_hours"), frozenset({"programme"})),
    "seats_more": frozenset({"programme", "count", "people"}),
    **dict.fromkeys(("open_earlier", "close_later"), frozenset({"programme", "minutes", "people"})),
}


class AllocationPolicy(Edition):
    """One edition of how waves are placed. The first of `goals` wins over all that follow."""

    goals: Annotated[tuple[Goal, ...], Field(min_length=1)]
    wish_points: tuple[Annotated[int, Field(ge=0, le=100)], ...]
    hours_percent_min: Annotated[int, Field(ge=0, le=100)]
    week: WeekRules
    fairness: FairnessRule
    effort: Effort
    changes: Changes
    words: AllocationWords


def read_policy(text: str) -> AllocationPolicy:
    """One edition from its YAML text; raises EditionError with every fault."""
    policy = read_as(AllocationPolicy, text)
    faults = faults_of_words(policy.words, path="words", facts=_FACTS)
    if len(set(policy.goals)) < len(policy.goals):
        faults.append(Fault(path="goals", message="a goal comes twice"))
    if sorted(policy.wish_points, reverse=True) != list(policy.wish_points):
        faults.append(Fault(path="wish_points", message="a later wish counts more than an earlier one"))
    if faults:
        raise EditionError(faults)
    return policy
