"""One person for another: a placing made better for half hours by exchanges, each looked at with its best week."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from assessments.allocation.needs import Needs, reworked
from assessments.allocation.solution import Solution
from assessments.allocation.weeks import Worth

_ROUNDS = 20


def exchanged(needs: Needs, found: Solution) -> Solution:
    """The placing after every exchange that covers more half hours: somebody left comes, somebody placed goes.

    As many are placed as before in each programme, so seats and the number of people stay. Fixed people stay, and
    nobody may come to be passed over by more points than the policy allows. In each programme the exchange that helps
    most is taken, people in their turn, so that the outcome is the same each time.
    """
    for _ in range(_ROUNDS):
        before = found
        for programme, curve in enumerate(needs.board.curves):
            if curve:
                found = _with_the_best(needs, found, programme)
        if found is before:
            break
    return found


def _with_the_best(needs: Needs, found: Solution, programme: int) -> Solution:
    best = max(_exchanges(needs, found, programme), key=lambda one: one[0], default=None)
    if best is None or best[0] < 1 - 1e-6:
        return found
    _, comes, goes = best
    home = {person: at for person, at in found.home.items() if person != goes} | {comes: programme}
    rosters = {person: week for person, week in found.rosters.items() if person != goes}
    return replace(found, home=home, rosters=reworked(needs, home, rosters))


def _exchanges(needs: Needs, found: Solution, programme: int) -> Iterator[tuple[float, int, int]]:
    """Half hours gained, who comes, who goes."""
    wanted = lacking_of(needs, found)[programme]
    if not (wanted > 0).any():
        return
    fixed = needs.board.fixed
    waiting = [pair for pair in needs.asked if pair[1] == programme and pair[0] not in found.home]
    for goes in sorted(one for one, at in found.home.items() if at == programme and one not in fixed):
        slots = list(found.rosters[goes])
        freed = wanted.copy()
        freed[slots] += 1
        worth = (freed > 0).astype(float)
        lost = float(worth[slots].sum())
        known: dict[object, float] = {}
        for comes, _ in waiting:
            asked = needs.asked[comes, programme]
            if asked not in known:
                known[asked] = needs.weeks[asked].best(worth)[0]
            if known[asked] > lost + 1e-6 and may_stand_in(needs, found.home, programme, comes, goes):
                yield known[asked] - lost, comes, goes


def lacking_of(needs: Needs, found: Solution) -> list[Worth]:
    """People lacking in each half hour, below 0 where there are more than needed; programme by programme."""
    lacking: list[Worth] = [np.array(wanted) for wanted in needs.wanted]
    for person, slots in found.rosters.items():
        lacking[found.home[person]][list(slots)] -= 1
    return lacking


def may_stand_in(needs: Needs, home: Mapping[int, int], programme: int, comes: int, goes: int) -> bool:
    """Whether nobody is passed over by too many points once `comes` is there and `goes` is left."""
    fits = needs.board.fits
    most = round(needs.board.policy.fairness.passed_over_points_max * 100)
    rivals = [person for person in range(len(fits)) if person not in home and person != comes]
    if any(fits[rival].get(programme, 0) - fits[comes][programme] > most for rival in rivals
           if (rival, programme) in needs.asked):  # fmt: skip
        return False
    return all(
        fits[goes].get(at, 0) - fits[person].get(at, 0) <= most
        for person, at in [*home.items(), (comes, programme)]
        if person != goes and person not in needs.board.fixed and (goes, at) in needs.asked
    )
