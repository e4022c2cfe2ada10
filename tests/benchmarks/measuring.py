"""How things are measured: turn by turn in one run, the median of each, and the ratio of the two."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

Work = Callable[[], object]


@dataclass(frozen=True)
class Measure:
    """One line of the table; `instead_s` is None where there is nothing to compare with.

    `n` is how many turns each side took, `note` what the seconds do not say (results that differ, work left out).
    """

    subject: str
    what: str
    ours_s: float
    instead: str = ""
    instead_s: float | None = None
    n: int = 1
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times longer the other way takes: under 1 the other way is the faster one.

        >>> Measure("s", "w", ours_s=2.0, instead="i", instead_s=1.0).ratio
        0.5
        """
        return None if self.instead_s is None else self.instead_s / self.ours_s

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio}


def seconds_of(work: Work) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(*works: Work, turns: int, warm: bool = True) -> list[float]:
    """The median seconds of each, called in turn, and in the other order every second turn.

    A machine that is busy for a moment then slows both sides, not one. `warm` calls each once before, unmeasured.
    """
    if warm:
        for work in works:
            work()
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(turns):
        order = range(len(works)) if turn % 2 == 0 else reversed(range(len(works)))
        for at in order:
            taken[at].append(seconds_of(works[at]))
    return [statistics.median(each) for each in taken]
