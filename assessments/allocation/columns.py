"""Weeks put forward by prices of half hours (column generation), and what no placing can pass."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assessments.allocation.coverage import A_WEEK
from assessments.allocation.needs import Needs, Pair
from assessments.allocation.solution import wish_points
from assessments.allocation.waves import Goal
from assessments.allocation.weeks import Worth

Entries = tuple[Any, ...]
"""Rows and values of one column of a matrix."""


@dataclass(frozen=True)
class Column:
    """One person at one programme in one week; no half hours where the programme says no needs."""

    pair: Pair
    slots: frozenset[int]


@dataclass(frozen=True)
class Aim:
    """The goal that is sought now, and what earlier goals must keep."""

    goal: Goal
    keep: Mapping[Goal, int]


class Columns:
    """All columns known so far. Columns are only added, so that what was found once stays choosable."""

    def __init__(self, needs: Needs, columns: Iterable[Column]) -> None:
        self.needs, self.board = needs, needs.board
        plain = [Column(pair, frozenset()) for pair in needs.pairs if pair not in needs.asked]
        self.known: dict[Column, None] = dict.fromkeys([*plain, *columns])
        self.slots = [(at, slot) for at, curve in enumerate(self.board.curves) for slot in sorted(curve)]
        self.laid_out: dict[Column, Entries] = {}
        self.place = {one: at for at, one in enumerate(self.slots)}

    def rows_of(self, column: Column, entries: Callable[[Column], Iterable[tuple[int, float]]]) -> Entries:
        """Rows and values of one column, laid out when first asked for: they are the same in every round."""
        if column not in self.laid_out:
            self.laid_out[column] = tuple(np.array(one) for one in zip(*entries(column), strict=True))
        return self.laid_out[column]

    def worth(self, goal: Goal, pair: Pair) -> int:
        """What the pair itself gives to a goal; half hours are counted apart."""
        if goal is Goal.FILL:
            return 1
        if goal is Goal.FIT:
            return self.board.fits[pair[0]].get(pair[1], 0)
        return wish_points(self.board, *pair) if goal is Goal.WISHES else 0

    def bound(self, aim: Aim, *, value: int, rounds: int) -> int:
        """What no placing can pass; columns are added on the way until `value` is proved or nothing new helps.

        Prices of half hours (the dual of the linear relaxation) say which week each person would best bring; where no
        week brings more than the relaxation has, that is the bound. Before that, the relaxation plus all that single
        weeks could bring is one as well (Lagrange), so every round leaves a bound that holds.
        """
        least = np.inf
        for _ in range(rounds):
            relaxed = _Relaxed(self, aim)
            gains, better = relaxed.better_columns()
            least = min(least, relaxed.value + gains)
            new = [column for column in better if column not in self.known]
            self.known.update(dict.fromkeys(new))
            if not new or int(least + 1e-6) <= value:
                break
        return max(value, int(least + 1e-6))


class _Relaxed:
    """The linear relaxation over the columns known: shares of weeks instead of weeks."""

    def __init__(self, columns: Columns, aim: Aim) -> None:
        # SciPy takes a third of a second to import, which a wave without needs by half hour need not wait for.
        from scipy.optimize import linprog

        self.columns, self.aim, self.board = columns, aim, columns.board
        self.kept = sorted(aim.keep, key=list(Goal).index)
        known = list(columns.known)
        matrix, limits = self._rows(known)
        costs = [-columns.worth(aim.goal, column.pair) for column in known]
        costs += [-1 if aim.goal is Goal.COVERAGE else 0] * len(columns.slots)
        people = [(0.0, float(self.board.curves[at][slot])) for at, slot in columns.slots]
        found = linprog(
            np.array(costs, dtype=float), A_ub=matrix, b_ub=limits, bounds=[(0, None)] * len(known) + people,
            method="highs",
        )  # fmt: skip
        if not found.success:
            raise RuntimeError(found.message)
        self.value = -float(found.fun)
        self.duals: Worth = found.ineqlin.marginals

    def _rows(self, known: Sequence[Column]) -> tuple[Any, Worth]:
        """People at most once, seats, least seats, fixed people at least once, half hours, goals kept."""
        board, entries = self.board, _Entries()
        people, programmes, fixed = len(board.people), len(board.programmes), sorted(board.fixed)
        self.seats_at, self.least_at = people, people + programmes
        self.fixed_at = self.least_at + programmes
        self.slots_at = self.fixed_at + len(fixed)
        self.goals_at = self.slots_at + len(self.columns.slots)
        self.fixed_place = {person: self.fixed_at + at for at, person in enumerate(fixed)}
        for at, column in enumerate(known):
            entries.add_all(self.columns.rows_of(column, self._entries_of), at)
            for goal in self.kept:
                entries.add(self.goals_at + self.kept.index(goal), at, -self.columns.worth(goal, column.pair))
        for at in range(len(self.columns.slots)):
            entries.add(self.slots_at + at, len(known) + at, 1)
            if Goal.COVERAGE in self.kept:
                entries.add(self.goals_at + self.kept.index(Goal.COVERAGE), len(known) + at, -1)
        limits = np.concatenate([
            np.ones(people), [one.seats for one in board.programmes], [-one.seats_min for one in board.programmes],
            -np.ones(len(fixed)), np.zeros(len(self.columns.slots)), [-self.aim.keep[goal] for goal in self.kept],
        ])  # fmt: skip
        shape = (len(limits), len(known) + len(self.columns.slots))
        return entries.matrix(shape), limits

    def _entries_of(self, column: Column) -> Iterable[tuple[int, float]]:
        person, programme = column.pair
        yield person, 1
        yield self.seats_at + programme, 1
        yield self.least_at + programme, -1
        if person in self.fixed_place:
            yield self.fixed_place[person], -1
        for slot in column.slots:
            if (programme, slot) in self.columns.place:
                yield self.slots_at + self.columns.place[programme, slot], -1

    def better_columns(self) -> tuple[float, list[Column]]:
        """For each person the weeks worth more than their price, and the most that all people could gain so."""
        worths = self._worth_of_half_hours()
        weeks: dict[Any, tuple[float, frozenset[int]]] = {}
        most: dict[int, float] = {}
        found = []
        for pair in self.columns.needs.pairs:
            asked = self.columns.needs.asked.get(pair)
            value, slots = 0.0, frozenset[int]()
            if asked is not None:
                key = asked, pair[1]
                if key not in weeks:
                    weeks[key] = self.columns.needs.best_week(pair, worths[pair[1]])
                value, slots = weeks[key]
            gain = value + self._worth_of_pair(pair)
            if gain > 1e-6:
                most[pair[0]] = max(most.get(pair[0], 0.0), gain)
                found.append(Column(pair, slots))
        return sum(most.values()), found

    def _worth_of_half_hours(self) -> Sequence[Worth]:
        worths = [np.zeros(A_WEEK) for _ in self.board.programmes]
        for at, (programme, slot) in enumerate(self.columns.slots):
            worths[programme][slot] = max(0.0, -self.duals[self.slots_at + at])
        return worths

    def _worth_of_pair(self, pair: Pair) -> float:
        own = self.columns.worth(self.aim.goal, pair)
        column = Column(pair, frozenset())
        kept = sum(
            -self.columns.worth(goal, pair) * self.duals[self.goals_at + at]
            for at, goal in enumerate(self.kept)
        )
        return own + float(kept + sum(value * self.duals[row] for row, value in self._entries_of(column)))


class _Entries:
    """A sparse matrix as it is gathered."""

    def __init__(self) -> None:
        self.parts: list[tuple[Any, Any, Any]] = []

    def add(self, row: int, place: int, value: float) -> None:
        self.parts.append(((row,), (place,), (value,)))

    def add_all(self, rows: Entries, place: int) -> None:
        self.parts.append((rows[0], np.full(len(rows[0]), place), rows[1]))

    def matrix(self, shape: tuple[int, int]) -> Any:
        from scipy.sparse import coo_array

        rows, places, values = (np.concatenate(one) for one in zip(*self.parts, strict=True))
        return coo_array((values, (rows, places)), shape=shape).tocsr()
