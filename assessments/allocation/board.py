"""A wave laid out for solving: people in their turn, programmes by id, open pairs as arrays, fixed places apart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np

from assessments.allocation.coverage import A_DAY, A_WEEK, half_hours_inside, need_curve
from assessments.allocation.edges import Edges, Whole, weights_in_order
from assessments.allocation.policy import AllocationPolicy, WeekRules
from assessments.allocation.waves import Goal, LockKind, Wave, WavePerson, WaveProgramme
from assessments.allocation.weeks import WeekAsked, Weeks

Pair = tuple[int, int]


@dataclass(frozen=True)
class Board:
    """Everything is a place in `people` or `programmes`; `fixed` and `kept_out` are what recruiters said.

    `edges` hold the open pairs of people who are not fixed, and the seats that fixed people leave. `hours_short` are
    the pairs closed for their hours, with the half hours in common and those needed.
    """

    wave: Wave
    policy: AllocationPolicy
    goals: tuple[Goal, ...]
    programmes: tuple[WaveProgramme, ...]
    people: tuple[WavePerson, ...]
    fixed: Mapping[int, int]
    kept_out: Collection[Pair]
    hours_short: Mapping[Pair, tuple[int, int]]
    edges: Edges
    fit: Whole
    wish: Whole
    weights: Mapping[Goal, int]

    @cached_property
    def curves(self) -> tuple[Mapping[int, int], ...]:
        """People needed by half hour, programme by programme; empty where nothing is needed."""
        curves = (need_curve(programme.needs) for programme in self.programmes)
        return tuple({slot: people for slot, people in curve.items() if people} for curve in curves)

    @cached_property
    def open(self) -> tuple[frozenset[int] | None, ...]:
        """Half hours in which each programme can be worked for; None where nothing is said of it."""
        return tuple(map(open_half_hours, self.programmes))

    @cached_property
    def fits(self) -> tuple[Mapping[int, int], ...]:
        """Hundredths of a point by programme, for each person, whether the pair is open or not."""
        place = {programme.id: at for at, programme in enumerate(self.programmes)}
        return tuple({place[fit.programme]: fit.hundredths for fit in person.fits} for person in self.people)


def turn_of(person: WavePerson, seed: int) -> tuple[int, bytes]:
    """The order among equals: who was left more often before comes first, then a draw that anyone can repeat."""
    drawn = blake2b(f"{seed}:{person.id}".encode(), digest_size=8).digest()
    return -person.left_before, drawn


def lay_out(wave: Wave, policy: AllocationPolicy, goals: Sequence[Goal] | None = None) -> Board:
    """The wave as arrays; what comes out does not depend on the order in which people or programmes were given."""
    order = tuple(goals or policy.goals)
    programmes = tuple(sorted(wave.programmes, key=lambda one: one.id))
    people = tuple(sorted(wave.people, key=lambda one: (turn_of(one, wave.seed), one.id)))
    place = {programme.id: at for at, programme in enumerate(programmes)}
    turn = {person.id: at for at, person in enumerate(people)}
    pairs = {kind: [(turn[lock.person], place[lock.programme]) for lock in wave.locks if lock.kind is kind]
             for kind in LockKind}  # fmt: skip
    fixed, kept_out = dict(pairs[LockKind.AT]), frozenset(pairs[LockKind.NEVER])
    hours = _Hours(programmes, policy)
    rows: list[tuple[int, int, int, int]] = []
    short: dict[Pair, tuple[int, int]] = {}
    for at, person in enumerate(people):
        points = dict(zip(person.wishes, policy.wish_points, strict=False))
        # Sorted, so that the order of the fits in a file changes nothing.
        for fit in sorted(person.fits, key=lambda one: one.programme):
            column = place[fit.programme]
            if lacking := hours.short(person, column):
                short[at, column] = lacking
            elif at not in fixed and (at, column) not in kept_out:
                rows.append((at, column, fit.hundredths, points.get(fit.programme, 0)))
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    weights = _weights(order, policy, len(programmes))
    edges = Edges(
        people=len(people), person=table[:, 0], programme=table[:, 1], value=_worth(table, weights),
        **_seats_left(programmes, fixed),
    )  # fmt: skip
    return Board(
        wave,
        policy,
        order,
        programmes,
        people,
        fixed,
        kept_out,
        short,
        edges,
        table[:, 2],
        table[:, 3],
        weights,
    )


def _weights(goals: Sequence[Goal], policy: AllocationPolicy, programmes: int) -> Mapping[Goal, int]:
    most = {Goal.FILL: 1, Goal.FIT: 10_000, Goal.WISHES: max(policy.wish_points, default=0)}
    return weights_in_order([goal for goal in goals if goal in most], most, programmes=programmes)


def _worth(table: Whole, weights: Mapping[Goal, int]) -> Whole:
    worth = np.full(len(table), weights.get(Goal.FILL, 0), dtype=np.int64)
    worth += weights.get(Goal.FIT, 0) * table[:, 2] + weights.get(Goal.WISHES, 0) * table[:, 3]
    return worth


def _seats_left(programmes: Sequence[WaveProgramme], fixed: Mapping[int, int]) -> dict[str, Whole]:
    taken = np.bincount(np.array(list(fixed.values()), dtype=np.int64), minlength=len(programmes))
    seats = np.array([programme.seats for programme in programmes], dtype=np.int64)
    least = np.array([programme.seats_min for programme in programmes], dtype=np.int64)
    return {"seats": np.maximum(seats - taken, 0), "seats_min": np.maximum(least - taken, 0)}


class _Hours:
    """Whether the hours in common are enough, looked at once for each pair of weeks."""

    def __init__(self, programmes: Sequence[WaveProgramme], policy: AllocationPolicy) -> None:
        self.policy, self.programmes = policy, programmes
        self.open = tuple(map(open_half_hours, programmes))
        self.known: dict[tuple[WeekAsked, bool], int] = {}

    def short(self, person: WavePerson, column: int) -> tuple[int, int] | None:
        """Half hours in common and needed where they are too few; None where they are enough or not said."""
        is_open = self.open[column]
        if person.availability is None or is_open is None:
            return None
        programme = self.programmes[column]
        asked = asked_of(person, programme, is_open)
        key = asked, bool(programme.needs)
        if key not in self.known:
            self.known[key] = self._usable(asked, has_needs=bool(programme.needs))
        least = least_half_hours(programme, self.policy)
        return (self.known[key], least) if self.known[key] < least else None

    def _usable(self, asked: WeekAsked, *, has_needs: bool) -> int:
        """Where half hours will be planned, what a planned week can reach; else what days hold."""
        week = self.policy.week
        if has_needs:
            return Weeks(asked, week).target
        blocks = week.blocks_max_split if asked.is_split else week.blocks_max
        return min(asked.most, most_half_hours(asked.free, week, blocks=blocks))


def asked_of(person: WavePerson, programme: WaveProgramme, is_open: frozenset[int] | None) -> WeekAsked:
    """What a week of this person there may hold; whoever says no hours is free whenever the programme is open."""
    free = frozenset(range(A_WEEK)) if person.availability is None else half_hours_inside(person.availability)
    return WeekAsked(
        free=free if is_open is None else free & is_open,
        most=min(int(programme.weekly_hours * 2), wished_half_hours(person)),
        is_split=programme.split_shifts_allowed,
    )


def open_half_hours(programme: WaveProgramme) -> frozenset[int] | None:
    """When work can be done there; None where nothing is said of it."""
    if programme.opening_hours is not None:
        return half_hours_inside(programme.opening_hours)
    return frozenset(slot for slot, people in need_curve(programme.needs).items() if people) or None


def wished_half_hours(person: WavePerson) -> int:
    """At most this many a week."""
    return A_WEEK if person.desired_weekly_hours is None else int(person.desired_weekly_hours * 2)


def least_half_hours(programme: WaveProgramme, policy: AllocationPolicy) -> int:
    """Half hours a week without which the pair is closed, rounded up."""
    return -int(-programme.weekly_hours * 2 * policy.hours_percent_min // 100)


def stretches_by_day(free: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """Runs of half hours as (first, one past the last); a run belongs to the day on which it begins.

    One that passes Sunday midnight goes on past the week's end.

    >>> stretches_by_day({16, 17, 18, 47, 48, 49})
    {0: [(16, 19), (47, 50)]}
    """
    found: dict[int, list[tuple[int, int]]] = {}
    if len(free) == A_WEEK:
        return {day: [(day * A_DAY, (day + 1) * A_DAY)] for day in range(7)}
    for first in sorted(slot for slot in free if (slot - 1) % A_WEEK not in free):
        last = first
        while last % A_WEEK in free:
            last += 1
        found.setdefault(first // A_DAY, []).append((first, last))
    return found


def most_half_hours(free: Collection[int], week: WeekRules, *, blocks: int) -> int:
    """The most that can be worked in a week inside the free half hours (rest between days is not looked at).

    >>> week = WeekRules(block_min=2, day_min=6, day_max=16, days_max=6, blocks_max=1, blocks_max_split=2,
    ...                  pause_after=12, pause=2, rest=22)
    >>> most_half_hours(range(16, 32), week, blocks=1)  # 8 to 16 h, of which one hour is the pause
    14
    """
    days: list[int] = []
    for stretches in stretches_by_day(free).values():
        lengths = sorted(
            (last - first for first, last in stretches if last - first >= week.block_min), reverse=True
        )
        worked = sum(_with_pause(length, week) for length in lengths[:blocks])
        days.append(min(worked, week.day_max) if worked >= week.day_min else 0)
    return sum(sorted(days, reverse=True)[: week.days_max])


def _with_pause(length: int, week: WeekRules) -> int:
    if length <= week.pause_after:
        return length
    return min(max(length - week.pause, week.pause_after), 2 * week.pause_after)
