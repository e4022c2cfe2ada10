"""The cheapest set that closes every gap, found to the proven optimum by an integer programme."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_IDS_AT_ONCE = 15
"""Ids settled by one solution: a larger power of two would come near the solver's tolerance."""


@dataclass(frozen=True)
class Offer:
    """One thing that can be had; `closes` counts gaps from 0. Those `in_turn` take their days one after another."""

    id: str
    cost_cents: int
    delay_days: int
    closes: tuple[int, ...]
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    in_turn: bool = False


@dataclass(frozen=True)
class Choice:
    """What was chosen, sorted by id, and the gaps that nothing closes; `delay_days` until all of it is there."""

    ids: tuple[str, ...]
    open_gaps: tuple[int, ...]
    cost_cents: int
    delay_days: int


@lru_cache(maxsize=8192)
def cheapest(gaps: int, offers: tuple[Offer, ...]) -> Choice:
    """The set that leaves the fewest gaps open, then costs least; ties go by delay, by number, by the first ids.

    Costs are whole cents and every step of the order is solved for itself, so the answer is exact and the same
    each time. Solver: HiGHS through `scipy.optimize.milp`.

    >>> cheapest(2, (Offer("a", 500, 1, (0,)), Offer("b", 400, 1, (1,)), Offer("both", 800, 3, (0, 1)))).ids
    ('both',)
    """
    if not offers:
        return Choice((), tuple(range(gaps)), 0, 0)
    programme = _Programme(gaps, tuple(sorted(offers, key=lambda offer: offer.id)))
    programme.least(programme.open_gaps)
    programme.least(programme.cost)
    programme.least(programme.delay)
    programme.least(programme.count)
    for names in programme.first_ids():
        programme.least(names)
    return programme.choice()


class _Programme:
    """Columns: one for each offer (0 or 1), one for each gap left open (0 or 1), and the delay in days."""

    def __init__(self, gaps: int, offers: tuple[Offer, ...]) -> None:
        self.offers, self.gaps = offers, gaps
        self.width = len(offers) + gaps + 1
        self.place = {offer.id: at for at, offer in enumerate(offers)}
        self.rows: list[NDArray[np.float64]] = []
        self.least_of: list[float] = []
        self.solution = np.zeros(self.width)
        self._close_gaps()
        self._hold_together()
        self._wait()

    def _row(self, entries: dict[int, float], least: float) -> None:
        row = np.zeros(self.width)
        for column, value in entries.items():
            row[column] = value
        self.rows.append(row)
        self.least_of.append(least)

    def _close_gaps(self) -> None:
        for gap in range(self.gaps):
            closers = {at: 1.0 for at, offer in enumerate(self.offers) if gap in offer.closes}
            self._row({**closers, len(self.offers) + gap: 1.0}, 1)

    def _hold_together(self) -> None:
        for at, offer in enumerate(self.offers):
            for name in offer.needs:
                needed = {self.place[name]: 1.0} if name in self.place else {}
                self._row({**needed, at: -1.0}, 0)
            for name in offer.excludes:
                if name in self.place:
                    self._row({self.place[name]: -1.0, at: -1.0}, -1)

    def _wait(self) -> None:
        last = self.width - 1
        for at, offer in enumerate(self.offers):
            self._row({last: 1.0, at: -float(offer.delay_days)}, 0)
        turns = {at: -float(one.delay_days) for at, one in enumerate(self.offers) if one.in_turn}
        self._row({last: 1.0, **turns}, 0)

    def _of_offers(self, values: Sequence[float]) -> NDArray[np.float64]:
        return np.array([*values, *[0.0] * (self.gaps + 1)])

    @property
    def open_gaps(self) -> NDArray[np.float64]:
        return np.array([0.0] * len(self.offers) + [1.0] * self.gaps + [0.0])

    @property
    def cost(self) -> NDArray[np.float64]:
        return self._of_offers([offer.cost_cents for offer in self.offers])

    @property
    def delay(self) -> NDArray[np.float64]:
        return np.array([0.0] * (self.width - 1) + [1.0])

    @property
    def count(self) -> NDArray[np.float64]:
        return self._of_offers([1.0] * len(self.offers))

    def first_ids(self) -> Iterator[NDArray[np.float64]]:
        """What prefers an earlier id over all later ones together."""
        for start in range(0, len(self.offers), _IDS_AT_ONCE):
            values = [0.0] * len(self.offers)
            for at in range(start, min(start + _IDS_AT_ONCE, len(self.offers))):
                values[at] = -float(2 ** (start + _IDS_AT_ONCE - 1 - at))
            yield self._of_offers(values)

    def least(self, objective: NDArray[np.float64]) -> None:
        """Make `objective`, whole in every solution, as small as can be, and keep it there from now on."""
        # SciPy takes a third of a second to import, which a command that plans nothing need not wait for.
        from scipy.optimize import Bounds, LinearConstraint, milp

        high = np.append(np.ones(self.width - 1), np.inf)
        found = milp(
            objective,
            integrality=np.append(np.ones(self.width - 1), 0),
            bounds=Bounds(np.zeros(self.width), high),
            constraints=LinearConstraint(np.array(self.rows), lb=np.array(self.least_of)),
            options={"mip_rel_gap": 0.0},
        )
        if not found.success:  # every gap may stay open, so a solution always exists
            raise RuntimeError(found.message)
        self.solution = np.round(found.x)
        self.rows.append(-objective)
        self.least_of.append(-float(round(found.fun)) - 0.25)

    def choice(self) -> Choice:
        taken = [offer for at, offer in enumerate(self.offers) if self.solution[at] > 0.5]
        closed = {gap for offer in taken for gap in offer.closes}
        in_turn = sum(offer.delay_days for offer in taken if offer.in_turn)
        return Choice(
            ids=tuple(offer.id for offer in taken),
            open_gaps=tuple(gap for gap in range(self.gaps) if gap not in closed),
            cost_cents=sum(offer.cost_cents for offer in taken),
            delay_days=max([in_turn, *(offer.delay_days for offer in taken)], default=0),
        )
