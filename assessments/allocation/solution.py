"""What a solver hands over to be told: who is where, which half hours, and how far each goal is proved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assessments.allocation.allocations import Certificate, GoalReached, Status
from assessments.allocation.board import Board
from assessments.allocation.waves import Goal

Rosters = Mapping[int, frozenset[int]]


@dataclass(frozen=True)
class Solution:
    """`home` is the programme of each person placed, fixed ones too; `drawn` are left while an equal is placed."""

    home: Mapping[int, int]
    goals: tuple[GoalReached, ...]
    rosters: Rosters = field(default_factory=dict)
    certificate: Certificate | None = None
    drawn: frozenset[int] = frozenset()

    @property
    def status(self) -> Status:
        is_best = all(one.value == one.bound for one in self.goals)
        return Status.PROVED if is_best else Status.BEST_FOUND


def amounts_of(
    board: Board, home: Mapping[int, int], rosters: Rosters, goals: Sequence[Goal]
) -> dict[Goal, int]:
    """What a placing reaches of each goal, counted anew from who is where."""
    amounts = {
        Goal.FILL: len(home),
        Goal.FIT: sum(board.fits[person].get(programme, 0) for person, programme in home.items()),
        Goal.WISHES: sum(wish_points(board, person, programme) for person, programme in home.items()),
        Goal.COVERAGE: covered(board, home, rosters),
    }
    return {goal: amounts[goal] for goal in goals}


def wish_points(board: Board, person: int, programme: int) -> int:
    """Points of the policy for this programme among the person's wishes."""
    place = wish_of(board, person, programme)
    points = board.policy.wish_points
    return points[place - 1] if place is not None and place <= len(points) else 0


def wish_of(board: Board, person: int, programme: int) -> int | None:
    """Which wish it is, 1 the best."""
    wishes, name = board.people[person].wishes, board.programmes[programme].id
    return wishes.index(name) + 1 if name in wishes else None


def covered(board: Board, home: Mapping[int, int], rosters: Rosters) -> int:
    """Half hours needed at which somebody is, over all programmes."""
    there: dict[tuple[int, int], int] = {}
    for person, slots in rosters.items():
        for slot in slots:
            there[home[person], slot] = there.get((home[person], slot), 0) + 1
    return sum(
        min(people, board.curves[programme].get(slot, 0)) for (programme, slot), people in there.items()
    )
