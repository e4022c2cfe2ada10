"""Who may go where as arrays, and what each pair is worth once goals stand in an order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.allocation.waves import Goal

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Edges:
    """Pairs that may be: `person[e]` at `programme[e]` is worth `value[e]`, all whole numbers, values at least 0.

    Pairs stand person by person. A programme takes at most `seats`, at least `seats_min` people.
    """

    people: int
    person: Whole
    programme: Whole
    value: Whole
    seats: Whole
    seats_min: Whole

    @property
    def programmes(self) -> int:
        return len(self.seats)

    def worth(self, chosen: Whole) -> int:
        """What the chosen pairs (their places in the arrays) are worth together."""
        return int(self.value[chosen].sum())


def weights_in_order(goals: Sequence[Goal], most: Mapping[Goal, int], *, programmes: int) -> dict[Goal, int]:
    """A weight for each goal, so that the smallest gain in an earlier one outweighs any loss in the later ones.

    `most` is what one pair can give a goal at most. Two placings differ by exchanges; a simplest one passes each
    programme once, so it moves at most `programmes` + 1 people. That many times the most that later goals can lose
    is a bound, and far smaller than one that counts everybody, which keeps the numbers small for the solver.

    >>> weights_in_order([Goal.FILL, Goal.FIT], {Goal.FILL: 1, Goal.FIT: 10_000}, programmes=3)
    {<Goal.FILL: 'fill'>: 40001, <Goal.FIT: 'fit'>: 1}
    """
    weights: dict[Goal, int] = {}
    lower = 0
    for goal in reversed(goals):
        weights[goal] = lower * (programmes + 1) + 1
        lower += weights[goal] * most[goal]
    return dict(reversed(weights.items()))
