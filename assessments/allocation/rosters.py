"""Who works which half hours, sought together with who goes where, so that needs are covered as well as can be."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from assessments.allocation.allocations import GoalReached
from assessments.allocation.board import Board
from assessments.allocation.columns import Aim, Column, Columns
from assessments.allocation.exchanges import exchanged
from assessments.allocation.needs import Needs, Pair, reworked
from assessments.allocation.solution import Solution, amounts_of
from assessments.allocation.waves import Goal


def plan_rosters(board: Board, start: Solution, *, seconds: float) -> Solution:
    """The placing by seats alone made better for half hours, with everybody's week; the same answer each time.

    Goals before `coverage` are reached by seats alone and kept. For coverage and each goal after it: weeks are put
    forward by prices, which leaves a bound; CP-SAT chooses among them, people and weeks together; everybody's week is
    then sought anew. On waves too large for that, people are exchanged and weeks sought anew, with a plain bound.
    """
    needs = Needs(board)
    rosters = reworked(needs, start.home, {})
    best = replace(start, rosters=rosters, certificate=None, drawn=frozenset())
    search = _Search(needs, best)
    if len(needs.pairs) > board.policy.effort.pairs_max:
        return search.shortened()
    return search.run(seconds)


class _Search:
    """Goal after goal, each kept before the next is sought."""

    def __init__(self, needs: Needs, best: Solution) -> None:
        self.needs, self.board, self.best = needs, needs.board, best
        self.columns = Columns(needs, _columns_of(best))

    def run(self, seconds: float) -> Solution:
        goals = self.board.goals
        first = goals.index(Goal.COVERAGE)
        keep = {one.goal: one.value for one in self.best.goals if one.goal in goals[:first]}
        bounds: dict[Goal, int] = {}
        for goal in goals[first:]:
            aim = Aim(goal, dict(keep))
            share = seconds * 2 / 3 if goal is Goal.COVERAGE else seconds / 3 / (len(goals) - first - 1)
            bounds[goal] = self._seek(aim, share)
            keep[goal] = self._reached(goal)
        return replace(self.best, goals=_told(self.board, self.best, bounds))

    def shortened(self) -> Solution:
        """Exchanges alone; nothing is known then but that no more can be covered than is needed."""
        self.best = self._polished()
        return replace(self.best, goals=_told(self.board, self.best, {}))

    def _reached(self, goal: Goal) -> int:
        return amounts_of(self.board, self.best.home, self.best.rosters, [goal])[goal]

    def _seek(self, aim: Aim, seconds: float) -> int:
        """The best found for one goal is kept; its bound comes back."""
        if aim.goal is Goal.COVERAGE:
            self._take(self._polished())
        effort = self.board.policy.effort
        rounds = effort.rounds if aim.goal is Goal.COVERAGE else effort.rounds_later
        bound = self.columns.bound(aim, value=self._reached(aim.goal), rounds=rounds)
        if self._reached(aim.goal) < bound:
            self._choose(aim, seconds)
            if aim.goal is Goal.COVERAGE:
                self._take(self._polished())
        return max(bound, self._reached(aim.goal))

    def _polished(self) -> Solution:
        """Everybody's week sought anew; people exchanged where no later goal was sought before."""
        rosters = reworked(self.needs, self.best.home, self.best.rosters)
        found = replace(self.best, rosters=rosters)
        is_free = set(self.board.goals[: self.board.goals.index(Goal.COVERAGE)]) <= {Goal.FILL}
        return exchanged(self.needs, found) if is_free else found

    def _take(self, found: Solution) -> None:
        self.best = found
        self.columns.known.update(dict.fromkeys(_columns_of(found)))

    def _choose(self, aim: Aim, seconds: float) -> None:
        """One column for each person at most, by CP-SAT: one worker, a seed, its own reckoning of time."""
        # OR-Tools takes two seconds to import, which a service that plans no half hours need not wait for.
        from ortools.sat.python import cp_model

        model = _Choice(cp_model.CpModel(), self.columns, self.best)
        model.limit()
        model.be_fair(round(self.board.policy.fairness.passed_over_points_max * 100))
        for goal, value in aim.keep.items():
            model.model.add(model.amount(goal) >= value)
        model.model.maximize(model.amount(aim.goal))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_deterministic_time = seconds
        solver.parameters.max_time_in_seconds = 4 * seconds + 10
        if solver.solve(model.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            found = model.chosen(solver)
            before = self._reached(aim.goal)
            if amounts_of(self.board, found.home, found.rosters, [aim.goal])[aim.goal] >= before:
                self._take(found)


class _Choice:
    """Which columns are taken, as a model."""

    def __init__(self, model: Any, columns: Columns, best: Solution) -> None:
        self.model, self.columns, self.best, self.board = model, columns, best, columns.board
        self.taken = {column: model.new_bool_var("") for column in columns.known}
        self.of_pair: dict[Pair, list[Any]] = {}
        for column, literal in self.taken.items():
            self.of_pair.setdefault(column.pair, []).append(literal)
        at_start = set(_columns_of(best))
        self.counts = self._count(at_start)
        for column, literal in self.taken.items():
            model.add_hint(literal, column in at_start)

    def _count(self, at_start: Collection[Column]) -> list[Any]:
        there: dict[tuple[int, int], list[Any]] = {}
        before: dict[tuple[int, int], int] = {}
        for column, literal in self.taken.items():
            for slot in column.slots:
                there.setdefault((column.pair[1], slot), []).append(literal)
                before[column.pair[1], slot] = before.get((column.pair[1], slot), 0) + (column in at_start)
        counts = []
        for at, curve in enumerate(self.board.curves):
            for slot, people in sorted(curve.items()):
                if present := there.get((at, slot)):
                    count = self.model.new_int_var(0, min(people, len(present)), "")
                    self.model.add(count <= sum(present))
                    self.model.add_hint(count, min(people, before[at, slot]))
                    counts.append(count)
        return counts

    def limit(self) -> None:
        for person in {pair[0] for pair in self.of_pair}:
            mine = [
                literal
                for pair, literals in self.of_pair.items()
                if pair[0] == person
                for literal in literals
            ]
            if person in self.board.fixed:
                self.model.add_exactly_one(mine)
            else:
                self.model.add_at_most_one(mine)
        for at, programme in enumerate(self.board.programmes):
            there = [
                literal for pair, literals in self.of_pair.items() if pair[1] == at for literal in literals
            ]
            self.model.add(sum(there) <= programme.seats)
            self.model.add(sum(there) >= programme.seats_min)

    def be_fair(self, most: int) -> None:
        """Nobody is left while somebody who fits a programme by more points less is placed there."""
        fits = self.board.fits
        placed: dict[int, Any] = {}
        for pair, literals in self.of_pair.items():
            placed[pair[0]] = placed.get(pair[0], 0) + sum(literals)
        free = [pair for pair in self.of_pair if pair[0] not in self.board.fixed]
        for other, at in free:
            passed = [
                person for person, there in free if there == at and fits[person][at] - fits[other][at] > most
            ]
            for person in passed:
                self.model.add(sum(self.of_pair[other, at]) <= placed[person])

    def amount(self, goal: Goal) -> Any:
        if goal is Goal.COVERAGE:
            return sum(self.counts)
        worth = {column: self.columns.worth(goal, column.pair) for column in self.taken}
        return sum(worth[column] * literal for column, literal in self.taken.items() if worth[column])

    def chosen(self, solver: Any) -> Solution:
        taken = [column for column, literal in self.taken.items() if solver.value(literal)]
        home = dict(sorted(column.pair for column in taken))
        rosters = {
            column.pair[0]: column.slots for column in taken if column.pair in self.columns.needs.asked
        }
        return replace(self.best, home=home, rosters=rosters)


def _columns_of(solution: Solution) -> Iterable[Column]:
    return [
        Column((person, programme), solution.rosters.get(person, frozenset()))
        for person, programme in sorted(solution.home.items())
    ]


def _told(board: Board, solution: Solution, bounds: Mapping[Goal, int]) -> tuple[GoalReached, ...]:
    """Each goal with its bound: what was proved, or what no placing can pass for a simple reason."""
    reached = amounts_of(board, solution.home, solution.rosters, board.goals)
    before = {one.goal: one.bound for one in solution.goals}
    before[Goal.COVERAGE] = sum(sum(curve.values()) for curve in board.curves)
    return tuple(
        GoalReached(goal=goal, value=reached[goal], bound=max(bounds.get(goal, before[goal]), reached[goal]))
        for goal in board.goals
    )
