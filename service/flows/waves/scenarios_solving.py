"""The core's answer for one wave, asked for in a thread: a solver's libraries are read when first needed."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from assessments.allocation.allocations import Allocation, Counterfactual, Infeasible
from assessments.allocation.policy import AllocationPolicy
from assessments.allocation.waves import Wave, WaveError, faults_of
from assessments.editions import Fault as CoreFault
from service.flows.waves.scenarios_posing import ScenarioAsked
from service.runtime.errors import Fault, RuleBroken, Unavailable

Found = TypeVar("Found")

AT_ONCE = 2
_solving = threading.BoundedSemaphore(AT_ONCE)


def solve(wave: Wave, asked: ScenarioAsked, policy: AllocationPolicy) -> Allocation | Infeasible:
    """Blocking, for the seconds asked and a little; Unavailable while others are solved, RuleBroken for nonsense."""
    # The solver's libraries take long to load and most installations start many times a day without a wave.
    from assessments.allocation.allocation import allocate

    return _in_turn(wave, lambda: allocate(wave, policy, goals=asked.goals, seconds=asked.seconds))


def solve_changes(
    wave: Wave, asked: ScenarioAsked, policy: AllocationPolicy, programmes: Sequence[str]
) -> tuple[Counterfactual, ...]:
    """What more seats or other hours of these programmes would bring, each solved again; refusals as of `solve`."""
    from assessments.allocation.scenarios import counterfactuals

    return _in_turn(wave, lambda: counterfactuals(wave, policy, programmes=programmes, goals=asked.goals))


def _in_turn(wave: Wave, work: Callable[[], Found]) -> Found:
    if faults := tuple(faults_of(wave)):
        raise _told(faults)
    if not _solving.acquire(blocking=False):
        raise Unavailable("Other scenarios are being computed just now. Try again in a minute.")
    try:
        return work()
    except WaveError as error:
        raise _told(error.faults) from None
    finally:
        _solving.release()


def _told(faults: Sequence[CoreFault]) -> RuleBroken:
    return RuleBroken(
        "The wave asks for something that cannot be: put it right, then ask again.",
        code="wave-broken",
        faults=[Fault(f"/{one.path}", "wave", "%(what)s", {"what": one.message}) for one in faults[:50]],
    )
