"""A whole wave placed over all its programmes at once: to the proven optimum, or the best found and its gap."""

from collections.abc import Mapping, Sequence

import numpy as np

from assessments.allocation.allocations import Allocation, Certificate, GoalReached, Infeasible, Price
from assessments.allocation.board import Board, lay_out
from assessments.allocation.conflicts import collisions_of
from assessments.allocation.edges import Edges, Whole
from assessments.allocation.flow import most_valuable
from assessments.allocation.policy import AllocationPolicy
from assessments.allocation.prices import bound_by, prices_of
from assessments.allocation.proof import proves
from assessments.allocation.rosters import plan_rosters
from assessments.allocation.solution import Solution, amounts_of
from assessments.allocation.telling import tell
from assessments.allocation.turns import in_turn
from assessments.allocation.waves import Goal, Wave, WaveError, faults_of


def allocate(
    wave: Wave,
    policy: AllocationPolicy,
    *,
    goals: Sequence[Goal] | None = None,
    seconds: float | None = None,
) -> Allocation | Infeasible:
    """Who goes where, who is left and why. A proposal: a person applies it or does not.

    Without needs by half hour the answer is proved by prices. With them people and half hours are searched for
    together, for `seconds` (the policy's otherwise) of the solver's own reckoning, so that the same wave gives the same
    answer; what is not proved then says its gap. Raises WaveError for a wave that makes no sense (`faults_of`).
    """
    board = _sound_board(wave, policy, goals)
    if collisions := collisions_of(board):
        return collisions
    solution = _by_seats(board)
    if any(board.curves) and Goal.COVERAGE in board.goals:
        solution = plan_rosters(board, solution, seconds=seconds or policy.effort.seconds)
    return tell(board, solution)


def by_seats(
    wave: Wave, policy: AllocationPolicy, *, goals: Sequence[Goal] | None = None
) -> Allocation | Infeasible:
    """The same without anybody's week: needs by half hour count for nothing but the hours in common."""
    board = _sound_board(wave, policy, goals)
    return collisions_of(board) or tell(board, _by_seats(board))


def _sound_board(wave: Wave, policy: AllocationPolicy, goals: Sequence[Goal] | None) -> Board:
    if faults := tuple(faults_of(wave)):
        raise WaveError(faults)
    return lay_out(wave, policy, goals)


def is_proved(wave: Wave, allocation: Allocation, policy: AllocationPolicy) -> bool:
    """Whether the certificate proves the placing to be the best, checked from wave and prices alone, without a solver.

    False where there is no certificate, because half hours bind.
    """
    certificate = allocation.certificate
    if certificate is None:
        return False
    board = lay_out(wave, policy, tuple(certificate.weights))
    edges = board.edges
    people, programmes = [one.id for one in board.people], [one.id for one in board.programmes]
    wish, fill = certificate.weights.get(Goal.WISHES, 0), certificate.weights.get(Goal.FILL, 0)
    worth = fill + certificate.weights.get(Goal.FIT, 0) * board.fit + wish * board.wish
    rows = zip(edges.person.tolist(), edges.programme.tolist(), worth.tolist(), strict=True)
    placed = [(one.person, one.programme) for one in allocation.placed if not one.is_locked]
    return proves(
        {(people[person], programmes[programme]): value for person, programme, value in rows},
        placed,
        {one.programme: one.price for one in certificate.prices},
        dict(zip(programmes, edges.seats.tolist(), strict=True)),
        dict(zip(programmes, edges.seats_min.tolist(), strict=True)),
    )


def _by_seats(board: Board) -> Solution:
    chosen = most_valuable(board.edges)
    assert chosen is not None  # what cannot hold was told before
    prices = prices_of(board.edges, chosen)
    if prices is None:
        raise RuntimeError("the flow is not the best placing")
    chosen, drawn = in_turn(board.edges, chosen, prices)
    home = {**board.fixed, **_home(board.edges, chosen)}
    goals = tuple(board.weights)
    reached = amounts_of(board, home, {}, goals)
    return Solution(
        home=home,
        goals=tuple(GoalReached(goal=goal, value=reached[goal], bound=reached[goal]) for goal in goals),
        certificate=_certificate(board, chosen, prices),
        drawn=drawn,
    )


def _home(edges: Edges, chosen: Whole) -> Mapping[int, int]:
    return dict(zip(edges.person[chosen].tolist(), edges.programme[chosen].tolist(), strict=True))


def _certificate(board: Board, chosen: Whole, prices: Whole) -> Certificate:
    total, bound = board.edges.worth(chosen), bound_by(board.edges, prices)
    named = zip(board.programmes, np.asarray(prices).tolist(), strict=True)
    return Certificate(
        weights=dict(board.weights),
        prices=tuple(Price(programme=programme.id, price=price) for programme, price in named),
        total=total,
        bound=bound,
        is_proved=total == bound,
    )
